#include "baseline_profiles.hpp"

#include <set>

#include "area/perturbation/presets.hpp"
#include "area/perturbation/splits.hpp"
#include "data/profiles.hpp"
#include "io/h5ad_write.hpp"
#include "io/write.hpp"

namespace cupel::cli {
namespace {

/// Rows of the file: predictions, then the control of every context that has some.
struct FileRows {
  std::vector<std::string> perturbation;
  std::vector<std::string> context;
  std::vector<std::string> role;  ///< test or control
  Matrix<double> values;
};

FileRows file_rows(const PredictedProfiles& profiles) {
  const Dataset& data = profiles.data;
  const auto labels = perturbation::labels_as_written(data);
  const Entity& context = data.entity("context");
  const auto& perturbation = data.entity("perturbation").code_of_sample;
  FileRows out;
  std::set<std::uint32_t> contexts;
  for (const auto row : profiles.rows) {
    out.perturbation.push_back(labels[perturbation[row]]);
    out.context.push_back(context.ids[context.code_of_sample[row]]);
    out.role.emplace_back("test");
    contexts.insert(context.code_of_sample[row]);
  }
  out.values.cols = data.n_outputs();
  out.values.values = profiles.values;
  for (const auto code : contexts) {
    out.perturbation.push_back(data.profiles->control);
    out.context.push_back(context.ids[code]);
    out.role.emplace_back("control");
    const auto control = data.profiles->controls.row(code);
    out.values.values.insert(out.values.values.end(), control.begin(), control.end());
  }
  out.values.rows = out.perturbation.size();
  return out;
}

Column text_column(const std::string& name, const std::vector<std::string>& values) {
  Column column{.name = name};
  for (const auto& value : values) column.push_text(value);
  return column;
}

}  // namespace

void PredictedProfiles::add(const std::vector<std::uint32_t>& test,
                            const std::vector<double>& predicted) {
  rows.insert(rows.end(), test.begin(), test.end());
  values.insert(values.end(), predicted.begin(), predicted.end());
}

std::string PredictedProfiles::csv() const {
  CsvWriter csv;
  csv.text("perturbation").text("context");
  for (const auto& gene : data.output_names) csv.text(gene);
  csv.end_row();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& entity : data.entities) csv.text(entity.ids[entity.code_of_sample[rows[i]]]);
    for (std::size_t j = 0; j < data.n_outputs(); ++j) {
      csv.number(values[i * data.n_outputs() + j]);
    }
    csv.end_row();
  }
  return csv.take();
}

void PredictedProfiles::save(const std::filesystem::path& path, const Context& context) const {
  if (path.extension() != ".h5ad") {
    write_file_atomic(path, csv());
    return;
  }
  const FileRows all = file_rows(*this);
  const auto columns = flags.columns.empty() ? std::map<std::string, std::string>{}
                                             : parse_pairs(flags.columns, "--columns");
  const auto name_of = [&](const std::string& role) {
    const auto found = columns.find(role);
    return found == columns.end() ? role : found->second;
  };
  H5adContent content;
  content.gene_ids = data.output_names;
  for (std::size_t i = 0; i < all.perturbation.size(); ++i) {
    content.cell_ids.push_back(all.context[i] + ":" + all.perturbation[i]);
  }
  content.obs.n_rows = all.perturbation.size();
  content.obs.columns.push_back(text_column(name_of("perturbation"), all.perturbation));
  if (columns.contains("context")) {
    content.obs.columns.push_back(text_column(name_of("context"), all.context));
  }
  content.obs.columns.push_back(text_column(std::string(perturbation::kRoleColumn), all.role));
  content.var.n_rows = content.gene_ids.size();
  content.uns = {{"cupel_baseline", baseline},
                 {"cupel_parameters", parameters},
                 {"cupel_profile", data.profiles->pseudobulk}};
  write_h5ad(path, content, all.values, {.float32 = false}, context);
}

}  // namespace cupel::cli

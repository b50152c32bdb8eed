#include "baseline_profiles.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "area/perturbation/presets.hpp"
#include "area/perturbation/splits.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "data/profiles.hpp"
#include "io/cells.hpp"
#include "io/h5ad_write.hpp"
#include "io/matrix_facts.hpp"
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

constexpr std::size_t kMostValues = std::size_t{1} << 29;  // 4 GiB

/// Values of the control cells of every context, transformed as the profiles were.
std::vector<std::vector<std::vector<double>>> control_cells(const PredictedProfiles& profiles,
                                                            const CellFile& file,
                                                            const Context& context) {
  const Dataset& data = profiles.data;
  const ProfileSpec& spec = profiles.flags.profiles;
  const auto columns = profiles.flags.columns.empty()
                           ? std::map<std::string, std::string>{}
                           : parse_pairs(profiles.flags.columns, "--columns");
  const auto label = columns.find("perturbation");
  const auto labels = file.obs_categories(label == columns.end() ? "perturbation" : label->second);
  const auto context_column = columns.find("context");
  Categories contexts;
  if (context_column != columns.end()) contexts = file.obs_categories(context_column->second);
  const auto& ids = data.entity("context").ids;
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t j = 0; j < data.n_outputs(); ++j) place.emplace(data.output_names[j], j);
  std::vector<std::size_t> gene(file.gene_ids().size(), data.n_outputs());
  for (std::size_t j = 0; j < gene.size(); ++j) {
    const auto found = place.find(file.gene_ids()[j]);
    if (found != place.end()) gene[j] = found->second;
  }
  const CellMatrix& matrix = file.matrix(spec.matrix);
  const CellTransform transform = parse_transform(spec.normalize, spec.log1p);
  const double median = transform.median_target ? median_sum(matrix, context) : 0.0;
  std::vector<std::vector<std::vector<double>>> cells(ids.size());
  const std::function<void(CellBlock<double>&)> take = [&](CellBlock<double>& block) {
    apply(transform, median, block, context);
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      const std::size_t cell = block.first_row + i;
      const auto code = labels.code[cell];
      if (code == Categories::kMissing || labels.levels[code] != data.profiles->control) continue;
      std::size_t c = 0;
      if (!contexts.code.empty()) {
        if (contexts.code[cell] == Categories::kMissing) continue;
        const auto found = std::ranges::find(ids, contexts.levels[contexts.code[cell]]);
        if (found == ids.end()) continue;
        c = static_cast<std::size_t>(found - ids.begin());
      }
      auto& values = cells[c].emplace_back(data.n_outputs(), 0.0);
      const auto put = [&](std::size_t j, double value) {
        if (gene[j] < values.size()) values[gene[j]] = value;
      };
      if (block.is_sparse) {
        for (auto k = block.row_begin[i]; k < block.row_begin[i + 1]; ++k) {
          put(block.columns[k], block.values[k]);
        }
      } else {
        for (std::size_t j = 0; j < block.n_cols; ++j) put(j, block.values[i * block.n_cols + j]);
      }
    }
  };
  matrix.stream({}, context, take);
  return cells;
}

/// Predicted cells, as many as the truth has, and the control cells of the data. tile: the profile
/// in every cell. dispersed: control cells drawn with replacement, every gene times profile /
/// control mean. Values below zero become zero, as cells have none.
FileRows cell_rows(const PredictedProfiles& profiles, const Context& context) {
  const Dataset& data = profiles.data;
  if (profiles.flags.profiles.pseudobulk != "mean") {
    fail(ErrorKind::usage,
         "--cells-as " + profiles.cells + " needs profiles that are means of cells", {},
         "--pseudobulk mean");
  }
  const auto file = open_cells(profiles.flags.data, context);
  const auto controls = control_cells(profiles, *file, context);
  const auto labels = perturbation::labels_as_written(data);
  const Entity& contexts = data.entity("context");
  const auto& perturbation = data.entity("perturbation").code_of_sample;
  const std::size_t n_genes = data.n_outputs();
  FileRows out;
  std::set<std::uint32_t> used;
  std::size_t n_cells = 0;
  for (const auto row : profiles.rows) {
    n_cells += data.profiles->n_cells[row];
    used.insert(contexts.code_of_sample[row]);
  }
  for (const auto code : used) n_cells += controls[code].size();
  if (n_cells * n_genes > kMostValues) {
    fail(ErrorKind::usage,
         "--cells-as " + profiles.cells + " would hold " + std::to_string(n_cells) + " x " +
             std::to_string(n_genes) + " values, more than 4 GiB",
         {}, "fewer --genes, or one fold at a time");
  }
  out.values.cols = n_genes;
  out.values.values.reserve(n_cells * n_genes);
  std::size_t n_negative = 0;
  for (std::size_t i = 0; i < profiles.rows.size(); ++i) {
    const auto row = profiles.rows[i];
    const auto code = contexts.code_of_sample[row];
    const auto mean = data.profiles->controls.row(code);
    std::vector<double> profile(
        profiles.values.begin() + static_cast<std::ptrdiff_t>(i * n_genes),
        profiles.values.begin() + static_cast<std::ptrdiff_t>((i + 1) * n_genes));
    for (double& value : profile) {
      n_negative += value < 0.0 ? 1 : 0;
      value = std::max(value, 0.0);
    }
    Rng rng(context.seed, "baseline_cells", row);
    const bool is_tile = profiles.cells == "tile" || controls[code].empty();
    for (std::uint64_t cell = 0; cell < data.profiles->n_cells[row]; ++cell) {
      out.perturbation.push_back(labels[perturbation[row]]);
      out.context.push_back(contexts.ids[code]);
      out.role.emplace_back("test");
      if (is_tile) {
        out.values.values.insert(out.values.values.end(), profile.begin(), profile.end());
        continue;
      }
      const auto& drawn =
          controls[code][rng.below(static_cast<std::uint32_t>(controls[code].size()))];
      for (std::size_t j = 0; j < n_genes; ++j) {
        out.values.values.push_back(mean[j] > 0.0 ? drawn[j] * (profile[j] / mean[j]) : 0.0);
      }
    }
  }
  for (const auto code : used) {
    for (const auto& values : controls[code]) {
      out.perturbation.push_back(data.profiles->control);
      out.context.push_back(contexts.ids[code]);
      out.role.emplace_back("control");
      out.values.values.insert(out.values.values.end(), values.begin(), values.end());
    }
  }
  out.values.rows = out.perturbation.size();
  if (n_negative > 0) {
    context.say(LogLevel::warning, std::to_string(n_negative) +
                                       " predicted values are below zero; in cells they are zero");
  }
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
    if (cells != "profile") {
      fail(ErrorKind::usage, "--cells-as " + cells + " needs a file of cells", {},
           "--out NAME.h5ad");
    }
    write_file_atomic(path, csv());
    return;
  }
  const FileRows all = cells == "profile" ? file_rows(*this) : cell_rows(*this, context);
  const auto columns = flags.columns.empty() ? std::map<std::string, std::string>{}
                                             : parse_pairs(flags.columns, "--columns");
  const auto name_of = [&](const std::string& role) {
    const auto found = columns.find(role);
    return found == columns.end() ? role : found->second;
  };
  H5adContent content;
  content.gene_ids = data.output_names;
  for (std::size_t i = 0; i < all.perturbation.size(); ++i) {
    content.cell_ids.push_back(all.context[i] + ":" + all.perturbation[i] +
                               (cells == "profile" ? "" : ":" + std::to_string(i)));
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
                 {"cupel_profile", data.profiles->pseudobulk},
                 {"cupel_cells", cells}};
  write_h5ad(path, content, all.values, {.float32 = false}, context);
}

}  // namespace cupel::cli

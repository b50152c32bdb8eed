#include "report/predicted_profiles.hpp"

#include <algorithm>
#include <vector>

#include "io/h5ad_write.hpp"

namespace cupel {
namespace {

constexpr std::size_t kMostValues = 40'000'000;

Column text_column(std::string name) {
  Column column;
  column.name = std::move(name);
  column.type = ColumnType::text;
  return column;
}

}  // namespace

void write_predicted_profiles(const StudyRun& run, const SplitResult& split,
                              const std::filesystem::path& path, const Context& context) {
  const std::size_t n_genes = run.data.n_outputs();
  const bool models_only = split.entries.size() * split.rows.size() * n_genes > kMostValues;
  std::vector<const Entry*> entries;
  for (const auto& entry : split.entries) {
    if (!models_only || run.predictors[entry.predictor]->info().is_model) entries.push_back(&entry);
  }
  H5adContent content;
  content.gene_ids = run.data.output_names;
  std::vector<Column> columns{text_column("predictor"), text_column("is_model"),
                              text_column("seed"), text_column("fold")};
  for (const auto& entity : run.data.entities) columns.push_back(text_column(entity.name));
  for (const Entry* entry : entries) {
    const PredictorInfo& info = run.predictors[entry->predictor]->info();
    for (std::size_t i = 0; i < split.rows.size(); ++i) {
      content.cell_ids.push_back(std::to_string(content.cell_ids.size()));
      std::size_t c = 0;
      const auto add = [&](const std::string& value) { columns[c++].push_text(value); };
      add(info.name);
      add(info.is_model ? "true" : "false");
      add(std::to_string(entry->seed));
      add(std::to_string(split.fold[i]));
      for (const auto& entity : run.data.entities) {
        add(entity.ids[entity.code_of_sample[split.rows[i]]]);
      }
    }
  }
  content.obs.n_rows = content.cell_ids.size();
  content.obs.columns = std::move(columns);
  content.uns = {
      {"cupel_split", split.name},
      {"cupel_baselines", models_only ? "left out: the file would be large" : "included"}};
  std::filesystem::create_directories(path.parent_path());
  std::size_t next = 0;
  write_h5ad(
      path, content,
      [&](CellBlock<double>& block) {
        if (next == entries.size()) return false;
        block = {.first_row = next * split.rows.size(),
                 .n_rows = split.rows.size(),
                 .n_cols = n_genes,
                 .is_sparse = false,
                 .row_begin = {},
                 .columns = {},
                 .values = entries[next]->values};
        ++next;
        return true;
      },
      {}, context);
}

}  // namespace cupel

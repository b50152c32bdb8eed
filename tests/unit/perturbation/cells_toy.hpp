#pragma once
// Small files of cells in memory.
#include <string>
#include <utility>
#include <vector>

#include "area/perturbation/load.hpp"
#include "data/catalogue.hpp"
#include "io/cells.hpp"

namespace cupel::perturbation {

struct ToyCell {
  std::string label;
  std::string context;
  std::vector<double> values;
};

inline CellBlock<double> block_of(const std::vector<ToyCell>& cells, bool sparse) {
  CellBlock<double> x;
  x.n_rows = cells.size();
  x.n_cols = cells.front().values.size();
  x.is_sparse = sparse;
  if (sparse) x.row_begin.push_back(0);
  for (const auto& cell : cells) {
    for (std::uint32_t j = 0; j < cell.values.size(); ++j) {
      if (sparse && cell.values[j] == 0.0) continue;
      x.values.push_back(cell.values[j]);
      if (sparse) x.columns.push_back(j);
    }
    if (sparse) x.row_begin.push_back(x.values.size());
  }
  return x;
}

inline std::unique_ptr<CellFile> toy_file(const std::vector<ToyCell>& cells,
                                          std::vector<std::string> genes, bool sparse = true) {
  CellsInMemory memory;
  memory.gene_ids = std::move(genes);
  Column label{.name = "condition"};
  Column context{.name = "line"};
  for (const auto& cell : cells) {
    label.push_text(cell.label);
    context.push_text(cell.context);
  }
  label.missing.resize(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) label.missing[i] = cells[i].label == "?" ? 1 : 0;
  memory.obs = {.n_rows = cells.size(), .columns = {label, context}};
  memory.var.n_rows = memory.gene_ids.size();
  memory.x = block_of(cells, sparse);
  return cells_in_memory(std::move(memory));
}

inline DataSpec toy_spec() {
  DataSpec spec;
  spec.columns = {{"perturbation", "condition"}, {"context", "line"}};
  spec.profiles.control = "ctrl";
  spec.profiles.scale = "log1p";
  spec.profiles.min_cells = 1;
  spec.profiles.halves = 1;
  return spec;
}

inline LoadedData load_toy(const std::vector<ToyCell>& cells, std::vector<std::string> genes,
                           const DataSpec& spec = toy_spec(), unsigned threads = 1) {
  const auto file = toy_file(cells, std::move(genes));
  Context context;
  context.n_threads = threads;
  return load_profiles(*file, spec, ".", CatalogueOptions{}, context);
}

/// Sample of a perturbation in a context.
inline std::uint32_t row_of(const Dataset& data, const std::string& perturbation,
                            const std::string& context) {
  for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
    if (data.entities[0].ids[data.entities[0].code_of_sample[row]] == perturbation &&
        data.entities[1].ids[data.entities[1].code_of_sample[row]] == context) {
      return row;
    }
  }
  return LabelBlock::kUnknown;
}

}  // namespace cupel::perturbation

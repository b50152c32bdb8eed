#pragma once
// A small data set in memory, shared by the tests of splits.
#include <string>
#include <vector>

#include "cupel/dataset.hpp"

namespace cupel::test {

struct ToyOptions {
  std::uint32_t n_drugs = 6;
  std::uint32_t n_cells = 10;
  std::uint32_t n_tissues = 3;
  std::uint32_t replicate_every = 7;  ///< every n-th pair is measured twice; 0 = never
  std::uint32_t skip_every = 0;       ///< every n-th pair is not measured; 0 = all are
};

inline std::string padded(const std::string& prefix, std::uint32_t i) {
  std::string number = std::to_string(i);
  return prefix + std::string(4 - number.size(), '0') + number;
}

inline Dataset toy_dataset(const ToyOptions& options = {}) {
  Dataset data;
  data.area = "drug_response";
  data.sha256 = "toy";
  Entity drug{.name = "drug"};
  Entity cell{.name = "cell"};
  for (std::uint32_t i = 0; i < options.n_drugs; ++i) drug.ids.push_back(padded("D", i));
  LabelBlock tissue{.name = "tissue"};
  for (std::uint32_t i = 0; i < options.n_tissues; ++i) tissue.levels.push_back(padded("T", i));
  for (std::uint32_t i = 0; i < options.n_cells; ++i) {
    cell.ids.push_back(padded("C", i));
    tissue.code.push_back(i % options.n_tissues);
  }
  cell.labels.push_back(tissue);
  std::uint32_t pair = 0;
  for (std::uint32_t d = 0; d < options.n_drugs; ++d) {
    for (std::uint32_t c = 0; c < options.n_cells; ++c) {
      ++pair;
      const bool skipped = options.skip_every != 0 && pair % options.skip_every == 0;
      const bool doubled = options.replicate_every != 0 && pair % options.replicate_every == 0;
      for (int copy = 0; copy < (skipped ? 0 : doubled ? 2 : 1); ++copy) {
        drug.code_of_sample.push_back(d);
        cell.code_of_sample.push_back(c);
        data.source_row.push_back(data.targets.values.size());
        data.targets.values.push_back(d + 0.1 * c + 0.01 * copy);
      }
    }
  }
  data.targets.rows = data.targets.values.size();
  data.targets.cols = 1;
  data.n_source_rows = data.targets.rows;
  data.entities = {drug, cell};
  return data;
}

}  // namespace cupel::test

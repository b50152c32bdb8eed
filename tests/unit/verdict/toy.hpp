#pragma once
// A small crossed data set with known effects, replicates and noise, for tests of the verdict.
#include <string>

#include "base/random.hpp"
#include "cupel/dataset.hpp"

namespace cupel::toy {

/// 12 drugs x 30 lines, each pair measured `n_replicates` times with noise of standard deviation
/// `noise`.
inline Dataset crossed(double noise, std::size_t n_replicates, std::uint64_t seed = 1) {
  constexpr std::size_t kDrugs = 12;
  constexpr std::size_t kCells = 30;
  Dataset data;
  data.area = "drug_response";
  data.name = "toy";
  data.entities.resize(2);
  data.entities[0].name = "drug";
  data.entities[1].name = "cell";
  for (std::size_t d = 0; d < kDrugs; ++d)
    data.entities[0].ids.push_back("d" + std::to_string(100 + d));
  for (std::size_t c = 0; c < kCells; ++c)
    data.entities[1].ids.push_back("c" + std::to_string(100 + c));
  Rng rng(seed, "toy");
  data.targets = Matrix<double>(kDrugs * kCells * n_replicates, 1);
  std::size_t row = 0;
  for (std::size_t d = 0; d < kDrugs; ++d) {
    for (std::size_t c = 0; c < kCells; ++c) {
      const double mean = 2.0 * static_cast<double>(d) / 12.0 + static_cast<double>(c % 5) * 0.3;
      for (std::size_t r = 0; r < n_replicates; ++r, ++row) {
        data.entities[0].code_of_sample.push_back(static_cast<std::uint32_t>(d));
        data.entities[1].code_of_sample.push_back(static_cast<std::uint32_t>(c));
        data.targets(row, 0) = mean + noise * rng.normal();
        data.source_row.push_back(row);
      }
    }
  }
  data.n_source_rows = row;
  return data;
}

}  // namespace cupel::toy

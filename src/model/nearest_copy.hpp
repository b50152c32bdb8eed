#pragma once
/// Copying the nearest training example in a two-way table: the prediction for (i, j) is what was
/// measured with i for the training entity that is most similar to j.
///
///   y(i, j) = mean over n in N(j) of y(i, n),   N(j) = argmax over training n != j of s(j, n)
///
/// Nothing is averaged but ties: this is what memorising gives at this distance, the line that a
/// model has to pass to show more than that. O(n_second^2) a fit, O(ties) a prediction.
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/matrix.hpp"
#include "model/level_means.hpp"
#include "model/pair_table.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

class NearestCopy {
 public:
  /// `similarity` is symmetric, among the entities of `code_of_item` (codes of `pairs.second`); the
  /// other entities have no features and no nearest one.
  NearestCopy(const PairTable& pairs, const Similarity& similarity,
              std::span<const std::uint32_t> code_of_item);

  /// What the answer is: measured with i; the nearest's own mean, where it was not measured with i;
  /// i's mean where j has no features; the mean of everything.
  enum class Source { copy, nearest_mean, own_mean, global_mean };
  struct Answer {
    double value = 0.0;
    Source source = Source::copy;
  };
  [[nodiscard]] Answer at(std::uint32_t i, std::uint32_t j) const;
  /// The nearest training entities of j (several on ties), by code.
  [[nodiscard]] std::span<const std::uint32_t> nearest(std::uint32_t j) const noexcept {
    return nearest_[j];
  }

 private:
  LevelMeans of_first_;
  LevelMeans of_second_;
  Matrix<double> value_;  ///< n_first x n_second: mean over replicates; NaN = not measured
  std::vector<std::vector<std::uint32_t>> nearest_;  ///< per second code
};

}  // namespace cupel

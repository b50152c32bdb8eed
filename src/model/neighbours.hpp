#pragma once
/// k nearest neighbours among entities by the similarity of their features, and the prediction that
/// a two-way table gets from them:
///
///   y(i, j) = m_i + sum_n s(j, n) (y(i, n) - m_i) / sum_n s(j, n)
///
/// over the k entities n most similar to j that were measured with i; m_i is the mean of i.
/// Similarity: Pearson for numbers (Eisen et al. 1998, doi:10.1073/pnas.95.25.14863), Tanimoto for
/// bits (Rogers & Tanimoto 1960, doi:10.1126/science.132.3434.1115). Only positive similarities
/// count. O(entities^2 * features) in sgemm for the similarities, O(k) a prediction after a sort
/// per entity.
#include <cstdint>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"
#include "model/level_means.hpp"
#include "model/pair_table.hpp"

namespace cupel {

/// n_ids x n_ids; Tanimoto for a binary block, Pearson otherwise; 0 where an entity has no
/// features.
Matrix<float> similarity_matrix(const FeatureBlock& block);

/// A two-way table whose side `second` has neighbours.
class NeighbourModel {
 public:
  /// `similarity` is n_second x n_second.
  NeighbourModel(const PairTable& pairs, const Matrix<float>& similarity);

  enum class Source { neighbours, own_mean, global_mean };
  struct Answer {
    double value = 0.0;
    Source source = Source::neighbours;
  };
  /// Falls back to the mean of i where no similar entity was measured with it, and to the
  /// similarity-weighted mean of the neighbours' own means where i is unseen.
  [[nodiscard]] Answer at(std::uint32_t i, std::uint32_t j, std::uint32_t k) const;
  /// Sum of squared errors on pairs, for every k.
  [[nodiscard]] std::vector<double> squared_errors(const PairTable& pairs,
                                                   const std::vector<std::uint32_t>& ks) const;

 private:
  struct Neighbour {
    std::uint32_t code;
    float similarity;
  };
  LevelMeans of_first_;
  LevelMeans of_second_;
  Matrix<float> deviation_;  ///< n_first x n_second: y - m_i, averaged over replicates; NaN = none
  std::vector<std::vector<Neighbour>> neighbours_;  ///< per second code: training codes, best first
};

}  // namespace cupel

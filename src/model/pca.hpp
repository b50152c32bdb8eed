#pragma once
/// Principal components by randomised subspace iteration (Halko, Martinsson & Tropp 2011,
/// doi:10.1137/090771806): O(rows * features * components) in sgemm, deterministic by seed.
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/matrix.hpp"

namespace cupel {

struct Pca {
  std::vector<float> mean;       ///< per feature, over the fitting rows
  Matrix<float> axes;            ///< components x features, orthonormal rows
  std::vector<float> deviation;  ///< per component: standard deviation over the fitting rows

  /// Scores of `rows` of `x` divided by the first component's standard deviation, so that the first
  /// component has variance 1 and the others less, as they weigh.
  [[nodiscard]] Matrix<float> scores(const Matrix<float>& x,
                                     std::span<const std::uint32_t> rows) const;
};

/// Fitted on `rows` of `x`; at most rows - 1 and features components; those without variance are
/// left out.
Pca fit_pca(const Matrix<float>& x, std::span<const std::uint32_t> rows, std::size_t n_components,
            std::uint64_t seed);

}  // namespace cupel

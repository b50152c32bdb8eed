#pragma once
/// What repeated measurements say of the noise: no predictor can be expected to do better.
#include <cstddef>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/finding.hpp"

namespace cupel {

/// Samples about the same entities (one drug on one cell line) are replicates. With y = m + e the
/// pooled variance within replicate groups estimates var(e); the best expected RMSE on single
/// measurements is sd(e), the best R2 is 1 - var(e) / var(y).
struct Noise {
  std::size_t n_groups = 0;  ///< groups of at least two
  std::size_t n_rows = 0;    ///< rows in them
  double sd = kUndefined;    ///< NaN below 10 degrees of freedom
  double ceiling_r2 = kUndefined;
  /// |difference| / sqrt(2) of the first two of every group: the empirical law of a single error.
  std::vector<double> errors;
};
Noise estimate_noise(const Dataset& data);

/// Share of the target's variance between the levels of each entity (one-way, weighted by rows),
/// and what is left after both, in the order of the entities.
struct VarianceShare {
  std::string component;
  double share = kUndefined;
};
std::vector<VarianceShare> variance_shares(const Dataset& data);

}  // namespace cupel

#pragma once
/// Random forest for regression (Breiman 2001, doi:10.1023/A:1010933404324) with scikit-learn's
/// conventions: bootstrap of n rows, squared error, trees grown until leaves are pure or smaller
/// than `min_split`, mean of the trees.
///
/// Bits are never unpacked: a node walks the set bits of its rows, so a split costs the ones of the
/// fingerprints and not their width.
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {

struct RandomForestOptions {
  std::uint32_t trees = 500;
  double feature_share = 1.0;   ///< features looked at per node; scikit-learn's max_features: at
                                ///< least one, rounded down
  std::uint32_t max_depth = 0;  ///< 0 = no limit
  std::uint32_t min_split = 2;  ///< rows that a node must have to be split
  std::uint32_t min_leaf = 1;   ///< rows of each side
  bool bootstrap = true;
  std::uint64_t seed = 0;
};

class RandomForest {
 public:
  /// Row i of the training set is row rows[i] of the features; y[i] its target. The trees are grown
  /// on all threads of the context; the same forest for any number of them.
  static RandomForest fit(const PackedBits& x, std::span<const std::uint32_t> rows,
                          std::span<const double> y, const RandomForestOptions& options,
                          const Context& context);
  /// Numbers; NaN is not allowed (Error{input}).
  static RandomForest fit(const Matrix<float>& x, std::span<const std::uint32_t> rows,
                          std::span<const double> y, const RandomForestOptions& options,
                          const Context& context);
  [[nodiscard]] std::vector<double> predict(const PackedBits& x,
                                            std::span<const std::uint32_t> rows,
                                            const Context& context) const;
  [[nodiscard]] std::vector<double> predict(const Matrix<float>& x,
                                            std::span<const std::uint32_t> rows,
                                            const Context& context) const;
  /// Mean decrease of squared error by feature, summing to 1 (0 where no split was made).
  [[nodiscard]] std::vector<double> importances() const;

 private:
  struct Trees;
  std::shared_ptr<const Trees> trees_;
};

}  // namespace cupel

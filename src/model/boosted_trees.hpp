#pragma once
/// Gradient-boosted regression trees by XGBoost (Chen & Guestrin 2016,
/// doi:10.1145/2939672.2939785): histogram method, squared error, one thread, deterministic by
/// seed.
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {

struct BoostedTreesOptions {
  std::uint32_t trees = 200;
  std::uint32_t depth = 6;
  double learning_rate = 0.1;
  double penalty = 1.0;           ///< L2 on leaf values
  double min_child_weight = 1.0;  ///< rows a leaf must have
  double row_share = 1.0;         ///< rows drawn for each tree
  double column_share = 1.0;      ///< features drawn for each tree
  std::uint32_t bins = 256;
  bool categorical = false;  ///< every feature holds category codes, split as sets of categories
  std::uint64_t seed = 0;
};

class BoostedTrees {
 public:
  /// `x` has a row per value of `y`. Missing features are NaN.
  static BoostedTrees fit(const Matrix<float>& x, std::span<const float> y,
                          const BoostedTreesOptions& options, const Context& context);
  [[nodiscard]] std::vector<float> predict(const Matrix<float>& x) const;
  /// Bits, row rows[i] of `x` for y[i]: only ones are stored, and a 0 is a value that is missing,
  /// so that a tree costs the ones.
  static BoostedTrees fit(const PackedBits& x, std::span<const std::uint32_t> rows,
                          std::span<const float> y, const BoostedTreesOptions& options,
                          const Context& context);
  [[nodiscard]] std::vector<float> predict(const PackedBits& x,
                                           std::span<const std::uint32_t> rows) const;

 private:
  struct Booster;
  void train(void* data, std::span<const float> y, const BoostedTreesOptions& options,
             const Context& context);
  [[nodiscard]] std::vector<float> predict_data(void* data, std::size_t n_rows) const;
  std::shared_ptr<const Booster> booster_;
  float base_ = 0.0F;  ///< mean of the training targets, added to what the trees say
  bool categorical_ = false;
};

}  // namespace cupel

#pragma once
/// Resampled values of every predictor on every split of a spectrum.
///
/// A draw gives each test *unit* a multinomial count that all splits, predictors and controls
/// share, and picks, for every level, as many of its repeats as there are, with replacement. So
/// differences between predictors, and between levels, are paired.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "stat/resample.hpp"
#include "verdict/spectrum.hpp"

namespace cupel::detail {

/// The splits of one level.
struct LevelSplits {
  double parameter = 0.0;
  std::vector<std::size_t> splits;    ///< indices into input.splits, by repeat
  std::vector<std::size_t> controls;  ///< the same for the random controls
};
/// From most to least overlap. Throws Error{input} if there are no splits.
std::vector<LevelSplits> group_levels(const SpectrumInput& input);

class SpectrumDraws {
 public:
  SpectrumDraws(const SpectrumInput& input, const std::vector<LevelSplits>& levels,
                const SpectrumOptions& options, const Context& context);

  /// Metric on a split; NaN = no predictions, or undefined.
  [[nodiscard]] double point(std::size_t predictor, std::size_t split) const {
    return point_(predictor, split);
  }
  /// Mean over those of the splits on which all of `among` have a value; `level` names the draws
  /// of repeats. Point NaN if there is no such split.
  [[nodiscard]] Sample mean(std::size_t predictor, std::span<const std::size_t> splits,
                            std::size_t level, std::span<const std::size_t> among) const;
  [[nodiscard]] std::size_t n_rows_dropped() const noexcept { return n_rows_dropped_; }

 private:
  void draw(const SpectrumInput& input, const SpectrumOptions& options, const Context& context);

  std::size_t n_draws_ = 0;
  std::size_t n_rows_dropped_ = 0;
  Matrix<double> point_;                      ///< predictors x splits
  std::vector<Matrix<double>> draws_;         ///< per split: predictors x draws
  std::vector<Matrix<double>> repeat_draws_;  ///< per level: draws x repeats, uniform in [0, 1)
};

}  // namespace cupel::detail

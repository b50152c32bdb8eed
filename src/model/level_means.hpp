#pragma once
/// Mean target of each level of a category: the simplest predictor that knows an identity.
#include <cstdint>
#include <span>
#include <vector>

namespace cupel {

struct LevelMeans {
  double overall = 0.0;              ///< mean of all values
  std::vector<double> mean;          ///< per level; NaN where no value was seen
  std::vector<std::uint32_t> count;  ///< per level

  [[nodiscard]] bool knows(std::uint32_t level) const noexcept {
    return level < count.size() && count[level] > 0;
  }
  [[nodiscard]] double of(std::uint32_t level, double fallback) const noexcept {
    return knows(level) ? mean[level] : fallback;
  }
};

/// One code per value; codes at or above `n_levels` (unknown labels) count for `overall` only.
/// Sums are of differences from the first value: a constant target gives exactly that constant,
/// and the order of the rows moves no mean by more than rounding. O(n + levels).
LevelMeans level_means(std::span<const std::uint32_t> codes, std::span<const double> values,
                       std::size_t n_levels);

}  // namespace cupel

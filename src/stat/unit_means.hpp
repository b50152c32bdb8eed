#pragma once
/// Means over items under the bootstrap of the units that the items are about.
///
/// A draw gives every unit a multinomial count; an item weighs as much as its unit was drawn, and
/// an item about two units (a pair of compounds) the product of both counts: the pigeonhole
/// bootstrap of Owen 2007, doi:10.1214/07-AOAS122. The counts are drawn once (`draw_units`) and
/// given to everything that is to be compared, so that every difference is paired. They are the
/// counts of stat/resample.hpp for unit a, the same seed and the same number of units.
///
/// Cost: O(items x predictors x draws), without the items whose weight is 0. The result is the
/// same bits for any number of threads.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "stat/resample.hpp"

namespace cupel {

/// How often each unit was drawn. Shape: draws x units.
struct UnitDraws {
  std::size_t n_units = 0;
  Matrix<std::uint16_t> counts;
  [[nodiscard]] std::size_t n_draws() const noexcept { return counts.rows; }
};
UnitDraws draw_units(std::size_t n_units, std::size_t n_draws, std::uint64_t seed,
                     std::string_view purpose, const Context& context);

/// Codes from 0 in the order of the values, and how many there are.
struct CompactCodes {
  std::vector<std::uint32_t> code;
  std::vector<std::uint32_t> level;  ///< per code: the value
};
CompactCodes compact_codes(std::span<const std::uint32_t> values);

/// What is averaged: items in segments (folds, bins), each about one unit or two.
struct UnitItems {
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> segment;  ///< ascending
  std::vector<std::uint32_t> unit;
  std::vector<std::uint32_t> partner;  ///< the second unit, or kNone; empty = none anywhere
  Matrix<double> values;               ///< items x predictors, finite

  [[nodiscard]] std::size_t size() const noexcept { return unit.size(); }
};

enum class MeanKind : std::uint8_t {
  mean,
  root_mean,  ///< square root of the mean: RMSE from squared errors
};

/// Per predictor: the mean within each segment, then the mean over the segments that have weight.
/// With leave-one-unit-out values, which `bca_interval` needs. NaN without items.
std::vector<Sample> resample_means(const UnitItems& items, const UnitDraws& draws, MeanKind kind,
                                   const Context& context);

}  // namespace cupel

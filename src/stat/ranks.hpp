#pragma once
/// Ranks with ties.
#include <cstdint>
#include <span>
#include <vector>

namespace cupel {

/// Row numbers by ascending value, equal values by row. O(n log n). Values must not be NaN.
std::vector<std::uint32_t> ascending_order(std::span<const double> values);

/// Ranks from 1, ties share the mean rank (SciPy's rankdata "average"). O(n log n).
std::vector<double> mid_ranks(std::span<const double> values);

}  // namespace cupel

#pragma once
/// Optimal alignments of many queries with many targets, by the kernels of simd/align_kernels.hpp.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simd/align_kernels.hpp"
#include "similarity/alignment.hpp"
#include "similarity/alignment_items.hpp"

namespace cupel {

/// All pairs of some queries with some targets.
struct AlignmentTile {
  const AlignedItems& queries;
  const AlignedItems& targets;
  std::span<const std::uint32_t> query_list;   ///< by length
  std::span<const std::uint32_t> target_list;  ///< by length; none of the lists has empty items
  /// Pairs that surely have a lower identity may be left out: lengths and the longest common
  /// subsequence bound it (exactly). Absent: every pair.
  std::optional<double> at_least;
};

using TakeAlignment =
    std::function<void(std::uint32_t query, std::uint32_t target, const AlignmentSums&)>;

/// Calls `take` in no particular order. Throws Error{numeric} for sequences whose sums do not fit
/// into 64 bits (about a million letters).
void align_tile(const AlignmentTile& tile, const AlignmentScoring& scoring,
                const AlignKernels& kernels, const TakeAlignment& take);

}  // namespace cupel

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

namespace cupel {

/// Sequences of letters A-Z as the kernels want them.
class AlignedItems {
 public:
  AlignedItems(const std::vector<std::string>& texts, const AlignmentScoring& scoring);
  [[nodiscard]] std::size_t size() const noexcept { return begin_.size() - 1; }
  [[nodiscard]] std::size_t length(std::size_t i) const noexcept {
    return begin_[i + 1] - begin_[i];
  }
  [[nodiscard]] const std::uint8_t* letters(std::size_t i) const noexcept {
    return letters_.data() + begin_[i];
  }
  /// No alignment of the item scores more.
  [[nodiscard]] std::int64_t top_score(std::size_t i) const noexcept { return top_score_[i]; }

 private:
  std::vector<std::uint8_t> letters_;
  std::vector<std::size_t> begin_{0};
  std::vector<std::int64_t> top_score_;
};

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

#pragma once
/// (score, identities, extra) of an alignment in one whole number that is compared like the three:
/// score * unit_score + identities * unit_identity + extra.
#include <cstdint>

#include "similarity/alignment.hpp"

namespace cupel {

class PackedSums {
 public:
  /// For queries and targets of at most these lengths; `top_score` bounds the score of any pair.
  PackedSums(const AlignmentScoring& scoring, std::size_t longest_query, std::size_t longest_target,
             std::int64_t top_score) noexcept;

  /// Every value that a kernel may meet fits into 32 bits, or 64.
  [[nodiscard]] bool fits32() const noexcept { return largest_ < 2147483647.0; }
  [[nodiscard]] bool fits64() const noexcept { return largest_ < 9.2e18; }

  [[nodiscard]] std::int64_t pair(std::int32_t score, bool identical) const noexcept {
    return score * unit_score_ + (identical ? unit_identity_ : 0) + pair_extra_;
  }
  [[nodiscard]] std::int64_t gap_open() const noexcept { return gap_open_; }
  [[nodiscard]] std::int64_t gap_extend() const noexcept { return gap_extend_; }
  [[nodiscard]] AlignmentSums unpacked(std::int64_t packed) const noexcept;

 private:
  std::int64_t unit_identity_ = 1;
  std::int64_t unit_score_ = 1;
  std::int64_t pair_extra_ = 0;
  std::int64_t gap_open_ = 0;
  std::int64_t gap_extend_ = 0;
  bool extra_is_negative_ = false;
  double largest_ = 0.0;
};

}  // namespace cupel

#include "similarity/packed_sums.hpp"

#include <algorithm>
#include <cstdlib>

namespace cupel {
namespace {

/// The remainder in [0, divisor).
std::int64_t modulo(std::int64_t value, std::int64_t divisor) noexcept {
  const std::int64_t rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

}  // namespace

PackedSums::PackedSums(const AlignmentScoring& scoring, std::size_t longest_query,
                       std::size_t longest_target, std::int64_t top_score) noexcept {
  const auto pairs = static_cast<std::int64_t>(std::min(longest_query, longest_target));
  const auto letters = static_cast<std::int64_t>(longest_query + longest_target);
  const ExtraSum extra = extra_sum(scoring);
  if (extra == ExtraSum::plus_pairs || extra == ExtraSum::minus_pairs) unit_identity_ = pairs + 1;
  if (extra == ExtraSum::minus_columns) unit_identity_ = letters + 1;
  unit_score_ = unit_identity_ * (pairs + 1);
  extra_is_negative_ = extra != ExtraSum::plus_pairs;
  if (extra != ExtraSum::none) pair_extra_ = extra == ExtraSum::plus_pairs ? 1 : -1;
  const std::int64_t gap_extra = extra == ExtraSum::minus_columns ? 1 : 0;
  gap_open_ = scoring.gap_open * unit_score_ + gap_extra;
  gap_extend_ = scoring.gap_extend * unit_score_ + gap_extra;

  std::int64_t steepest = 0;
  for (const auto score : scoring.substitution) {
    steepest = std::max<std::int64_t>(steepest, std::abs(score));
  }
  // The global kernels add extend per letter; no path is worse than three gaps and a mismatch.
  const std::int64_t above = top_score + scoring.gap_extend * (letters + 2);
  const std::int64_t below = 3 * std::int64_t{scoring.gap_open} + 2 * scoring.gap_extend + steepest;
  largest_ = static_cast<double>(std::max(above, below) + 2) * static_cast<double>(unit_identity_) *
             static_cast<double>(pairs + 1);
}

AlignmentSums PackedSums::unpacked(std::int64_t packed) const noexcept {
  AlignmentSums sums;
  sums.extra =
      extra_is_negative_ ? -modulo(-packed, unit_identity_) : modulo(packed, unit_identity_);
  const std::int64_t rest = (packed - sums.extra) / unit_identity_;
  const std::int64_t n_identities = unit_score_ / unit_identity_;
  sums.identities = modulo(rest, n_identities);
  sums.score = (rest - sums.identities) / n_identities;
  return sums;
}

}  // namespace cupel

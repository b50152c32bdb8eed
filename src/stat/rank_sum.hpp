#pragma once
/// Wilcoxon's rank-sum test (Mann-Whitney U) of many groups at once on values of which most are
/// zero, and Welch's t-test from moments.
///
/// One walk over the sorted values that are not zero gives U and the ties of every group: a value
/// of a group adds the references below it and half of those equal to it. The zeros are one block
/// of equal values whose sizes are known without looking, put between the negative and the positive
/// values. All sums are whole numbers, so the order of cells and the threads change nothing.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "stat/radix_sort.hpp"
#include "stat/tests.hpp"

namespace cupel {

/// 128 bits: n^3 of millions of cells does not fit into 64.
__extension__ using WideCount = unsigned __int128;

/// Sum over groups of equal values of (t^3 - t) / 6, whole and exact.
constexpr WideCount tie_sixth(std::uint64_t t) noexcept {
  if (t < 2) return 0;
  if (t < (std::uint64_t{1} << 21)) return (t - 1) * t * (t + 1) / 6;  // fits, and is faster
  return WideCount{t} * (t - 1) * (t + 1) / 6;
}

struct RankSum {
  std::uint64_t n_group = 0;
  std::uint64_t n_reference = 0;
  std::uint64_t twice_u = 0;  ///< 2 U of the group
  WideCount tie_sixths = 0;   ///< over the values of both: tie_sixth of each run
  bool has_nan = false;       ///< a value of one of both is NaN: statistic and p-value are NaN
};

/// U of the group and the two-sided p-value of the normal approximation, equal to
/// scipy.stats.mannwhitneyu(group, reference, method="asymptotic", use_continuity=continuity).
/// Without tie correction the variance is that of distinct values (scanpy's default). Where all
/// values are equal, p is 1 with continuity and NaN without, as in SciPy; p below 5e-309 is 0.
TestResult rank_sum_test(const RankSum& counts, bool tie_correction, bool continuity) noexcept;

struct SampleMoments {
  std::uint64_t n = 0;
  double mean = 0.0;
  double squares = 0.0;  ///< sum of (x - mean)^2
};

/// Moments of two samples together (Chan, Golub and LeVeque 1983): sums of positive terms only.
SampleMoments merged(const SampleMoments& a, const SampleMoments& b) noexcept;

/// t and the two-sided p-value, equal to scipy.stats.ttest_ind(a, b, equal_var=False): degrees of
/// freedom after Welch and Satterthwaite. NaN where a sample has fewer than two values or both
/// variances and the difference are zero.
TestResult welch_test(const SampleMoments& a, const SampleMoments& b);

/// What one walk gathers, per group; `run` and `touched` are its scratch.
struct RankSumWalk {
  std::vector<std::uint64_t> twice;  ///< 2 U, or 2 x the sum of the ranks
  std::vector<WideCount> ties;
  std::vector<std::uint32_t> run;
  std::vector<std::uint32_t> touched;
};

/// Groups of the cells of one gene.
struct GroupSizes {
  std::span<const std::uint64_t> n_cells;   ///< per group
  std::span<const std::uint64_t> n_stored;  ///< per group: values that are in `keys`
  /// Group that the others are held against; `kRest`: every group against all others.
  static constexpr std::size_t kRest = std::numeric_limits<std::size_t>::max();
  std::size_t reference = kRest;
};

/// `keys` ascending, without zeros and NaN, each with its group; `zero_key` is where the zeros
/// belong. Writes a RankSum per group into `out` (that of the reference itself means nothing).
/// O(n + groups).
template <typename K, typename C>
void rank_sums(std::span<const K> keys, std::span<const C> labels, K zero_key,
               const GroupSizes& sizes, RankSumWalk& walk, std::span<RankSum> out);

extern template void rank_sums(std::span<const std::uint32_t>, std::span<const std::uint16_t>,
                               std::uint32_t, const GroupSizes&, RankSumWalk&, std::span<RankSum>);
extern template void rank_sums(std::span<const std::uint32_t>, std::span<const std::uint32_t>,
                               std::uint32_t, const GroupSizes&, RankSumWalk&, std::span<RankSum>);
extern template void rank_sums(std::span<const std::uint64_t>, std::span<const std::uint16_t>,
                               std::uint64_t, const GroupSizes&, RankSumWalk&, std::span<RankSum>);
extern template void rank_sums(std::span<const std::uint64_t>, std::span<const std::uint32_t>,
                               std::uint64_t, const GroupSizes&, RankSumWalk&, std::span<RankSum>);

}  // namespace cupel

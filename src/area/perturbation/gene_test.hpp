#pragma once
/// The test of one gene in all groups, from its values that are not zero.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "area/perturbation/differential.hpp"
#include "stat/radix_sort.hpp"
#include "stat/rank_sum.hpp"

namespace cupel::perturbation {

/// One gene of one group.
struct GeneOutcome {
  double statistic = 0.0;
  double p_value = 0.0;
  double log2_fold_change = 0.0;
  double mean_group = 0.0;
  double mean_reference = 0.0;
};

/// V: float or double; C: unsigned integer that holds a group. One thread at a time.
template <typename V, typename C>
class GeneTest {
 public:
  /// `n_cells` per group; `reference` a group or GroupSizes::kRest. All of them outlive this.
  GeneTest(const DifferentialOptions& options, std::span<const std::uint64_t> n_cells,
           std::size_t reference);

  /// Values (as keys) with their groups, without zeros, in any order that is always the same; they
  /// are sorted in the process. One outcome per group.
  void run(LabelledKeys<OrderKey<V>, C>& entries, std::span<GeneOutcome> out);

  [[nodiscard]] const TestedValues& values() const noexcept { return values_; }

 private:
  enum class Fold : std::uint8_t { none, plain, of_mean, summed_expm1, summed_log1p };

  void sum_up(const LabelledKeys<OrderKey<V>, C>& entries);
  void look_at(const LabelledKeys<OrderKey<V>, C>& entries);
  void centre(const LabelledKeys<OrderKey<V>, C>& entries);
  void rank(LabelledKeys<OrderKey<V>, C>& entries, std::span<GeneOutcome> out);
  void compare_means(std::span<GeneOutcome> out);
  [[nodiscard]] double fold_mean(const SampleMoments& sample, double fold_sum) const noexcept;

  const DifferentialOptions& options_;
  std::span<const std::uint64_t> n_cells_;
  std::size_t reference_;
  Fold fold_ = Fold::none;
  TestedValues values_;
  std::vector<std::uint64_t> n_stored_;  // all per group
  std::vector<double> sum_;
  std::vector<double> fold_sum_;
  std::vector<SampleMoments> moments_;
  std::vector<std::uint8_t> has_nan_;
  std::vector<RankSum> rank_sums_;
  std::vector<SampleMoments> rest_moments_;
  std::vector<double> rest_fold_sum_;
  RankSumWalk walk_;
  bool all_whole_ = true;  // this gene
  bool any_nan_ = false;
};

extern template class GeneTest<float, std::uint16_t>;
extern template class GeneTest<float, std::uint32_t>;
extern template class GeneTest<double, std::uint16_t>;
extern template class GeneTest<double, std::uint32_t>;

}  // namespace cupel::perturbation

#include "stat/rank_sum.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// 2 P(Z >= z). SciPy's normal tail (Cephes) is 0 where exp(-z^2/2) would be no normal number.
double two_sided_normal(double z) noexcept {
  if (std::isnan(z)) return kNaN;
  if (z > 0.0 && 0.5 * z * z > 7.09782712893383996732e2) return 0.0;
  return std::min(1.0, std::erfc(z / std::numbers::sqrt2));
}

/// Against one reference group: U counts the references below.
struct AgainstReference {
  std::size_t reference;
  std::uint64_t below = 0;  // references seen so far
  WideCount base = 0;       // ties of the references among themselves

  void single(std::size_t label, RankSumWalk& walk) noexcept {
    if (label == reference) {
      ++below;
    } else {
      walk.twice[label] += 2 * below;
    }
  }
  // A run of equal values; count(label) of each label that has any.
  template <typename Labels, typename Count>
  void run(const Labels& labels, const Count& count, RankSumWalk& walk) {
    const std::uint64_t equal = count(reference);
    const WideCount own = tie_sixth(equal);
    base += own;
    for (const auto label : labels) {
      if (label == reference) continue;
      const std::uint64_t t = count(label);
      walk.twice[label] += t * (2 * below + equal);
      walk.ties[label] += tie_sixth(equal + t) - own;
    }
    below += equal;
  }
};

/// Every group against all others: ranks among all, whose ties are the same for every group.
struct AgainstRest {
  std::uint64_t below = 0;  // values seen so far
  WideCount base = 0;

  void single(std::size_t label, RankSumWalk& walk) noexcept {
    walk.twice[label] += 2 * (below + 1);
    ++below;
  }
  template <typename Labels, typename Count>
  void run(const Labels& labels, const Count& count, RankSumWalk& walk) {
    std::uint64_t equal = 0;
    for (const auto label : labels) equal += count(label);
    for (const auto label : labels) {
      walk.twice[label] += count(label) * (2 * below + equal + 1);
    }
    base += tie_sixth(equal);
    below += equal;
  }
};

template <typename K, typename C, typename Against>
void walk_keys(std::span<const K> keys, std::span<const C> labels, RankSumWalk& walk,
               Against& against) {
  const std::size_t n = keys.size();
  for (std::size_t first = 0; first < n;) {
    std::size_t last = first + 1;
    if (last == n || keys[last] != keys[first]) {
      against.single(labels[first], walk);
      first = last;
      continue;
    }
    while (last < n && keys[last] == keys[first]) ++last;
    walk.touched.clear();
    for (std::size_t i = first; i < last; ++i) {
      if (walk.run[labels[i]]++ == 0) walk.touched.push_back(labels[i]);
    }
    against.run(
        walk.touched, [&](std::size_t label) { return std::uint64_t{walk.run[label]}; }, walk);
    for (const auto label : walk.touched) walk.run[label] = 0;
    first = last;
  }
}

template <typename K, typename C, typename Against>
void walk_all(std::span<const K> keys, std::span<const C> labels, K zero_key,
              const GroupSizes& sizes, RankSumWalk& walk, Against& against) {
  const auto n_negative =
      static_cast<std::size_t>(std::ranges::lower_bound(keys, zero_key) - keys.begin());
  walk_keys(keys.first(n_negative), labels.first(n_negative), walk, against);
  walk.touched.resize(sizes.n_cells.size());
  std::iota(walk.touched.begin(), walk.touched.end(), 0U);
  against.run(
      walk.touched, [&](std::size_t label) { return sizes.n_cells[label] - sizes.n_stored[label]; },
      walk);
  walk_keys(keys.subspan(n_negative), labels.subspan(n_negative), walk, against);
}

}  // namespace

TestResult rank_sum_test(const RankSum& counts, bool tie_correction, bool continuity) noexcept {
  if (counts.has_nan || counts.n_group == 0 || counts.n_reference == 0) return {kNaN, kNaN};
  const auto n1 = static_cast<double>(counts.n_group);
  const auto n2 = static_cast<double>(counts.n_reference);
  const std::uint64_t total = counts.n_group + counts.n_reference;
  const auto n = static_cast<double>(total);
  // (n + 1) - ties / (n (n - 1)) with the difference taken in whole numbers
  const WideCount untied = tie_sixth(total) - (tie_correction ? counts.tie_sixths : WideCount{0});
  const double variance = n1 * n2 / 12.0 * (6.0 * static_cast<double>(untied) / (n * (n - 1.0)));
  const double twice_u = static_cast<double>(counts.twice_u);
  const double above = std::abs(twice_u - n1 * n2) / 2.0 - (continuity ? 0.5 : 0.0);
  return {twice_u / 2.0, two_sided_normal(above / std::sqrt(variance))};
}

SampleMoments merged(const SampleMoments& a, const SampleMoments& b) noexcept {
  if (a.n == 0) return b;
  if (b.n == 0) return a;
  const auto na = static_cast<double>(a.n);
  const auto nb = static_cast<double>(b.n);
  const double n = na + nb;
  const double difference = b.mean - a.mean;
  return {a.n + b.n, (na * a.mean + nb * b.mean) / n,
          a.squares + b.squares + difference * difference * (na * nb / n)};
}

TestResult welch_test(const SampleMoments& a, const SampleMoments& b) {
  if (a.n < 2 || b.n < 2) return {kNaN, kNaN};
  const auto na = static_cast<double>(a.n);
  const auto nb = static_cast<double>(b.n);
  const double va = a.squares / (na - 1.0) / na;
  const double vb = b.squares / (nb - 1.0) / nb;
  const double t = (a.mean - b.mean) / std::sqrt(va + vb);
  if (std::isnan(t)) return {kNaN, kNaN};
  if (std::isinf(t)) return {t, 0.0};
  double df = (va + vb) * (va + vb) / (va * va / (na - 1.0) + vb * vb / (nb - 1.0));
  if (std::isnan(df)) df = 1.0;  // as SciPy
  // SciPy's policy: no long double, and what underflows is 0.
  using namespace boost::math::policies;
  using ScipyPolicy = policy<promote_double<false>, underflow_error<ignore_error>,
                             overflow_error<ignore_error>, evaluation_error<ignore_error>>;
  const boost::math::students_t_distribution<double, ScipyPolicy> distribution(df);
  return {t, std::min(1.0, 2.0 * boost::math::cdf(distribution, -std::abs(t)))};
}

template <typename K, typename C>
void rank_sums(std::span<const K> keys, std::span<const C> labels, K zero_key,
               const GroupSizes& sizes, RankSumWalk& walk, std::span<RankSum> out) {
  const std::size_t n_groups = sizes.n_cells.size();
  walk.twice.assign(n_groups, 0);
  walk.ties.assign(n_groups, 0);
  walk.run.assign(n_groups, 0);
  if (sizes.reference != GroupSizes::kRest) {
    AgainstReference against{.reference = sizes.reference};
    walk_all(keys, labels, zero_key, sizes, walk, against);
    for (std::size_t g = 0; g < n_groups; ++g) {
      out[g] = {.n_group = sizes.n_cells[g],
                .n_reference = sizes.n_cells[sizes.reference],
                .twice_u = walk.twice[g],
                .tie_sixths = against.base + walk.ties[g]};
    }
    return;
  }
  AgainstRest against;
  walk_all(keys, labels, zero_key, sizes, walk, against);
  for (std::size_t g = 0; g < n_groups; ++g) {
    const std::uint64_t n = sizes.n_cells[g];
    out[g] = {.n_group = n,
              .n_reference = against.below - n,
              .twice_u = walk.twice[g] - n * (n + 1),
              .tie_sixths = against.base};
  }
}

template void rank_sums(std::span<const std::uint32_t>, std::span<const std::uint16_t>,
                        std::uint32_t, const GroupSizes&, RankSumWalk&, std::span<RankSum>);
template void rank_sums(std::span<const std::uint32_t>, std::span<const std::uint32_t>,
                        std::uint32_t, const GroupSizes&, RankSumWalk&, std::span<RankSum>);
template void rank_sums(std::span<const std::uint64_t>, std::span<const std::uint16_t>,
                        std::uint64_t, const GroupSizes&, RankSumWalk&, std::span<RankSum>);
template void rank_sums(std::span<const std::uint64_t>, std::span<const std::uint32_t>,
                        std::uint64_t, const GroupSizes&, RankSumWalk&, std::span<RankSum>);

}  // namespace cupel

#include "stat/tests.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "stat/radix_sort.hpp"
#include "stat/ranks.hpp"

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Indices of the p-values that are numbers, by ascending p.
std::vector<std::uint32_t> order_of_p(std::span<const double> p_values) {
  LabelledKeys<std::uint64_t, std::uint32_t> order;
  for (std::uint32_t i = 0; i < p_values.size(); ++i) {
    if (std::isnan(p_values[i])) continue;
    order.keys.push_back(order_key(p_values[i]));
    order.labels.push_back(i);
  }
  radix_sort(order);
  return std::move(order.labels);
}

/// Smallest of p(j) m factor / j over the j that are not smaller, at most 1.
std::vector<double> step_up(std::span<const double> p_values, double factor) {
  std::vector<double> adjusted(p_values.begin(), p_values.end());
  const std::vector<std::uint32_t> order = order_of_p(p_values);
  const auto m = static_cast<double>(order.size()) * factor;
  double smallest = 1.0;
  for (std::size_t i = order.size(); i-- > 0;) {
    smallest = std::min(smallest, p_values[order[i]] * m / static_cast<double>(i + 1));
    adjusted[order[i]] = smallest;
  }
  return adjusted;
}

double two_sided_t(double statistic, double degrees_of_freedom) {
  if (std::isnan(statistic)) return kNaN;
  if (std::isinf(statistic)) return 0.0;
  const boost::math::students_t t(degrees_of_freedom);
  return 2.0 * boost::math::cdf(boost::math::complement(t, std::abs(statistic)));
}

/// t-test of a mean whose variance is `variance_factor` times the variance of one difference.
TTest t_test(std::span<const double> differences, double variance_factor, double confidence) {
  const auto n = static_cast<double>(differences.size());
  TTest out{.mean = kNaN,
            .low = kNaN,
            .high = kNaN,
            .statistic = kNaN,
            .p_value = kNaN,
            .degrees_of_freedom = n - 1.0};
  if (differences.empty()) return out;
  out.mean = std::accumulate(differences.begin(), differences.end(), 0.0) / n;
  if (differences.size() < 2) return out;
  double squares = 0.0;
  for (const double value : differences) squares += (value - out.mean) * (value - out.mean);
  const double error = std::sqrt(variance_factor * squares / (n - 1.0));
  if (std::isnan(error)) return out;
  out.statistic = out.mean / error;  // 0/0 is NaN on purpose
  out.p_value = two_sided_t(out.statistic, n - 1.0);
  const boost::math::students_t t(n - 1.0);
  const double reach = error * boost::math::quantile(t, 0.5 * (1.0 + confidence));
  out.low = out.mean - reach;
  out.high = out.mean + reach;
  return out;
}

/// Exact two-sided p-value of the sum of the ranks with positive sign, each sign equally likely.
double exact_signed_rank(std::span<const double> ranks, double positive_sum) {
  std::size_t total = 0;  // in half ranks, so that mid-ranks are whole
  for (const double rank : ranks) total += static_cast<std::size_t>(std::lround(2.0 * rank));
  std::vector<double> probability(total + 1, 0.0);
  probability[0] = 1.0;
  std::size_t reached = 0;
  for (const double rank : ranks) {
    const auto step = static_cast<std::size_t>(std::lround(2.0 * rank));
    reached += step;
    for (std::size_t s = reached + 1; s-- > 0;) {
      probability[s] = 0.5 * probability[s] + (s >= step ? 0.5 * probability[s - step] : 0.0);
    }
  }
  const auto observed = static_cast<std::size_t>(std::lround(2.0 * positive_sum));
  double at_most = 0.0;
  double at_least = 0.0;
  for (std::size_t s = 0; s <= observed; ++s) at_most += probability[s];
  for (std::size_t s = total + 1; s-- > observed;) at_least += probability[s];
  return std::min(1.0, 2.0 * std::min(at_most, at_least));
}

/// Sum over groups of ties of t^3 - t, from mid-ranks.
double tie_term(std::span<const double> ranks) {
  std::vector<double> sorted(ranks.begin(), ranks.end());
  std::ranges::sort(sorted);
  double sum = 0.0;
  for (std::size_t first = 0, last = 0; first < sorted.size(); first = last) {
    while (last < sorted.size() && sorted[last] == sorted[first]) ++last;
    const auto t = static_cast<double>(last - first);
    sum += t * t * t - t;
  }
  return sum;
}

}  // namespace

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<double> adjusted(p_values.begin(), p_values.end());
  const std::vector<std::uint32_t> order = order_of_p(p_values);
  double largest = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, static_cast<double>(order.size() - i) * p_values[order[i]]);
    adjusted[order[i]] = std::min(1.0, largest);
  }
  return adjusted;
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
  return step_up(p_values, 1.0);
}

std::vector<double> benjamini_yekutieli(std::span<const double> p_values) {
  double harmonic = 0.0;
  double i = 0.0;
  for (const double p : p_values) {
    if (!std::isnan(p)) harmonic += 1.0 / (i += 1.0);
  }
  return step_up(p_values, harmonic);
}

TTest paired_t_test(std::span<const double> differences, double confidence) {
  return t_test(differences, 1.0 / static_cast<double>(differences.size()), confidence);
}

TTest corrected_cv_t_test(std::span<const double> differences, double test_over_train,
                          double confidence) {
  return t_test(differences, 1.0 / static_cast<double>(differences.size()) + test_over_train,
                confidence);
}

TestResult wilcoxon_signed_rank(std::span<const double> differences) {
  constexpr std::size_t kExact = 50;
  constexpr std::size_t kExactWithTies = 13;
  std::vector<double> sizes;
  std::vector<bool> is_positive;
  for (const double value : differences) {
    if (std::isnan(value)) return {kNaN, kNaN};
    if (value == 0.0) continue;
    sizes.push_back(std::abs(value));
    is_positive.push_back(value > 0.0);
  }
  if (sizes.empty()) return {kNaN, kNaN};
  const std::vector<double> ranks = mid_ranks(sizes);
  double positive_sum = 0.0;
  for (std::size_t i = 0; i < ranks.size(); ++i) positive_sum += is_positive[i] ? ranks[i] : 0.0;
  const auto n = static_cast<double>(ranks.size());
  const double statistic = std::min(positive_sum, 0.5 * n * (n + 1.0) - positive_sum);
  const double ties = tie_term(ranks);
  const bool is_plain = ties == 0.0 && sizes.size() == differences.size();
  if (differences.size() <= (is_plain ? kExact : kExactWithTies)) {
    return {statistic, exact_signed_rank(ranks, positive_sum)};
  }
  const double variance = (n * (n + 1.0) * (2.0 * n + 1.0) - 0.5 * ties) / 24.0;
  const double z = (positive_sum - 0.25 * n * (n + 1.0)) / std::sqrt(variance);
  const boost::math::normal normal;
  return {statistic, 2.0 * boost::math::cdf(boost::math::complement(normal, std::abs(z)))};
}

double permutation_p_value(double observed, std::span<const double> null_values) {
  if (std::isnan(observed)) return kNaN;
  double at_least = 1.0;
  for (const double value : null_values) {
    if (std::isnan(value)) return kNaN;
    if (value >= observed) at_least += 1.0;
  }
  return at_least / (static_cast<double>(null_values.size()) + 1.0);
}

Equivalence equivalence(double low, double high, double margin) {
  if (low > -margin && high < margin) return Equivalence::equivalent;
  if (low >= margin || high <= -margin) return Equivalence::not_equivalent;
  return Equivalence::cannot_tell;
}

}  // namespace cupel

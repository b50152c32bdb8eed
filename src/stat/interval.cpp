#include "stat/interval.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMaxUndefinedShare = 0.1;

struct Defined {
  std::vector<double> sorted;
  std::size_t n_dropped = 0;
  bool is_usable = false;
};

Defined defined_draws(std::span<const double> draws) {
  Defined out;
  for (const double draw : draws) {
    if (std::isnan(draw)) {
      ++out.n_dropped;
    } else {
      out.sorted.push_back(draw);
    }
  }
  std::ranges::sort(out.sorted);
  const double share = static_cast<double>(out.n_dropped) / static_cast<double>(draws.size());
  out.is_usable = out.sorted.size() >= 2 && share <= kMaxUndefinedShare;
  return out;
}

double quantile(std::span<const double> sorted, double probability) {
  const double position =
      std::clamp(probability, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double share = position - static_cast<double>(below);
  return sorted[below] + share * (sorted[above] - sorted[below]);
}

Interval no_interval(const Defined& draws, double confidence) {
  return {.low = kNaN,
          .high = kNaN,
          .confidence = confidence,
          .n_draws = draws.sorted.size(),
          .n_dropped = draws.n_dropped,
          .is_reliable = false};
}

struct Moments {
  double squares = 0.0;
  double cubes = 0.0;
};

/// Sums of squared and cubed influences of one kind of unit.
Moments influence(std::span<const double> leave_one_out) {
  std::vector<double> values;
  for (const double value : leave_one_out) {
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.size() < 2) return {};
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  Moments moments;
  for (const double value : values) {
    const double distance = (n - 1.0) / n * (mean - value);
    moments.squares += distance * distance;
    moments.cubes += distance * distance * distance;
  }
  return moments;
}

double acceleration(std::span<const double> jackknife_a, std::span<const double> jackknife_b) {
  const Moments a = influence(jackknife_a);
  const Moments b = influence(jackknife_b);
  const double squares = a.squares + b.squares;
  return squares > 0.0 ? (a.cubes + b.cubes) / (6.0 * squares * std::sqrt(squares)) : 0.0;
}

}  // namespace

Interval percentile_interval(std::span<const double> draws, double confidence) {
  const Defined defined = defined_draws(draws);
  if (!defined.is_usable) return no_interval(defined, confidence);
  return {.low = quantile(defined.sorted, 0.5 * (1.0 - confidence)),
          .high = quantile(defined.sorted, 0.5 * (1.0 + confidence)),
          .confidence = confidence,
          .n_draws = defined.sorted.size(),
          .n_dropped = defined.n_dropped};
}

Interval bca_interval(double point, std::span<const double> draws,
                      std::span<const double> jackknife_a, std::span<const double> jackknife_b,
                      double confidence) {
  const Defined defined = defined_draws(draws);
  if (!defined.is_usable || std::isnan(point)) return no_interval(defined, confidence);
  const std::vector<double>& sorted = defined.sorted;
  const auto n = static_cast<double>(sorted.size());
  const auto equal = std::ranges::equal_range(sorted, point);
  const double below = static_cast<double>(equal.begin() - sorted.begin());
  const double share = (below + 0.5 * static_cast<double>(equal.size())) / n;
  const boost::math::normal normal;
  const double bias = boost::math::quantile(normal, std::clamp(share, 0.5 / n, 1.0 - 0.5 / n));
  const double accelerate = acceleration(jackknife_a, jackknife_b);
  Interval interval{.confidence = confidence,
                    .n_draws = sorted.size(),
                    .n_dropped = defined.n_dropped,
                    .is_reliable = share > 0.0 && share < 1.0};
  const auto end = [&](double probability) {
    const double shifted = bias + boost::math::quantile(normal, probability);
    const double scale = 1.0 - accelerate * shifted;
    if (scale <= 0.0) interval.is_reliable = false;  // beyond what the acceleration can correct
    const double corrected =
        scale > 0.0 ? boost::math::cdf(normal, bias + shifted / scale) : probability;
    if (corrected * n < 1.0 || (1.0 - corrected) * n < 1.0) interval.is_reliable = false;
    return quantile(sorted, corrected);
  };
  interval.low = end(0.5 * (1.0 - confidence));
  interval.high = end(0.5 * (1.0 + confidence));
  if (sorted.front() == sorted.back()) interval.is_reliable = true;  // no spread to correct
  return interval;
}

Interval bca_interval(const Sample& sample, double confidence) {
  return bca_interval(sample.point, sample.draws, sample.jackknife_a, sample.jackknife_b,
                      confidence);
}

double bootstrap_p_value(std::span<const double> draws, double null) {
  const Defined defined = defined_draws(draws);
  if (!defined.is_usable) return kNaN;
  const std::vector<double>& sorted = defined.sorted;
  const auto equal = std::ranges::equal_range(sorted, null);
  const double at_most = static_cast<double>(equal.end() - sorted.begin());
  const double at_least = static_cast<double>(sorted.end() - equal.begin());
  const double tail = 1.0 + std::min(at_most, at_least);
  return std::min(1.0, 2.0 * tail / (static_cast<double>(sorted.size()) + 1.0));
}

double standard_error(std::span<const double> draws) {
  const Defined defined = defined_draws(draws);
  if (!defined.is_usable) return kNaN;
  const std::vector<double>& values = defined.sorted;
  const auto n = static_cast<double>(values.size());
  if (values.front() == values.back()) return 0.0;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n - 1.0));
}

double minimum_detectable_difference(double standard_error, double alpha, double power) {
  const boost::math::normal normal;
  return (boost::math::quantile(normal, 1.0 - 0.5 * alpha) + boost::math::quantile(normal, power)) *
         standard_error;
}

}  // namespace cupel

#include "stat/power_law.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kSmallestExponent = 0.01;
constexpr double kLargestExponent = 10.0;
constexpr std::size_t kGrid = 60;
constexpr std::size_t kFewestRepeats = 3;

struct Points {
  std::vector<double> sizes;  ///< relative to the smallest
  std::vector<double> values;
  std::vector<double> weights;
  double smallest = 0.0;
};

Points usable_points(std::span<const double> sizes, std::span<const double> values,
                     std::span<const double> weights) {
  if (sizes.size() != values.size() || (!weights.empty() && weights.size() != sizes.size())) {
    fail(ErrorKind::internal, "power law: sizes, values and weights differ in length");
  }
  Points points;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double weight = weights.empty() ? 1.0 : weights[i];
    if (!std::isfinite(values[i]) || !(sizes[i] > 0.0) || !(weight > 0.0)) continue;
    points.sizes.push_back(sizes[i]);
    points.values.push_back(values[i]);
    points.weights.push_back(weight);
  }
  if (points.sizes.empty()) return points;
  points.smallest = *std::ranges::min_element(points.sizes);
  for (double& size : points.sizes) size /= points.smallest;
  return points;
}

/// The best a and c for a given b, and what is left.
struct Line {
  double slope = 0.0;
  double intercept = 0.0;
  double residual_sum = 0.0;
};

Line fit_line(const Points& points, double exponent) {
  const std::size_t n = points.sizes.size();
  std::vector<double> x(n);
  double weight = 0.0;
  double mean_x = 0.0;
  double mean_y = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = std::pow(points.sizes[i], -exponent);
    weight += points.weights[i];
    mean_x += points.weights[i] * x[i];
    mean_y += points.weights[i] * points.values[i];
  }
  mean_x /= weight;
  mean_y /= weight;
  double xx = 0.0;
  double xy = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    xx += points.weights[i] * (x[i] - mean_x) * (x[i] - mean_x);
    xy += points.weights[i] * (x[i] - mean_x) * (points.values[i] - mean_y);
  }
  Line line{.slope = xx > 0.0 ? xy / xx : 0.0};
  line.intercept = mean_y - line.slope * mean_x;
  for (std::size_t i = 0; i < n; ++i) {
    const double residual = points.values[i] - line.intercept - line.slope * x[i];
    line.residual_sum += points.weights[i] * residual * residual;
  }
  return line;
}

double best_exponent(const Points& points) {
  const auto exponent = [](double step) {
    const double share = step / static_cast<double>(kGrid - 1);
    return kSmallestExponent * std::pow(kLargestExponent / kSmallestExponent, share);
  };
  const auto loss = [&](double step) { return fit_line(points, exponent(step)).residual_sum; };
  double best = 0.0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < kGrid; ++i) {
    const double value = loss(static_cast<double>(i));
    if (value < least) {
      least = value;
      best = static_cast<double>(i);
    }
  }
  const double low = std::max(0.0, best - 1.0);
  const double high = std::min(static_cast<double>(kGrid - 1), best + 1.0);
  const auto refined = boost::math::tools::brent_find_minima(loss, low, high, 40);
  return exponent(refined.second < least ? refined.first : best);
}

std::vector<double> mean_of_rows(const Matrix<double>& values,
                                 std::span<const std::uint32_t> rows) {
  std::vector<double> mean(values.cols, kNaN);
  for (std::size_t j = 0; j < values.cols; ++j) {
    double sum = 0.0;
    double n = 0.0;
    for (const std::uint32_t row : rows) {
      if (std::isnan(values(row, j))) continue;
      sum += values(row, j);
      n += 1.0;
    }
    if (n > 0.0) mean[j] = sum / n;
  }
  return mean;
}

std::vector<std::uint32_t> all_rows(std::size_t n) {
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

std::vector<std::uint32_t> draw_rows(std::size_t n, const CurveOptions& options, std::size_t draw) {
  Rng rng(options.seed, "learning curve repeats", draw);
  std::vector<std::uint32_t> rows(n);
  for (std::uint32_t& row : rows) row = rng.below(static_cast<std::uint32_t>(n));
  return rows;
}

/// A curve around the fit with residuals drawn anew, inflated for the three fitted parameters.
std::vector<double> draw_residuals(const LearningCurve& curve, std::span<const double> mean,
                                   const PowerLaw& law, const CurveOptions& options,
                                   std::size_t draw) {
  std::vector<double> residuals;
  for (std::size_t j = 0; j < mean.size(); ++j) {
    if (!std::isnan(mean[j])) residuals.push_back(mean[j] - law(curve.sizes[j]));
  }
  const auto n = static_cast<double>(residuals.size());
  const double inflation = n > 3.0 ? std::sqrt(n / (n - 3.0)) : kNaN;  // 3 points: no residuals
  Rng rng(options.seed, "learning curve residuals", draw);
  std::vector<double> values(mean.size(), kNaN);
  for (std::size_t j = 0; j < mean.size(); ++j) {
    if (std::isnan(mean[j])) continue;
    const std::uint32_t pick = rng.below(static_cast<std::uint32_t>(residuals.size()));
    values[j] = law(curve.sizes[j]) + inflation * residuals[pick];
  }
  return values;
}

Plateau judge_plateau(const Interval& gap, double limit) {
  if (std::isnan(gap.low)) return Plateau::cannot_tell;
  if (gap.low > -limit && gap.high < limit) return Plateau::reached;
  if (gap.low >= limit || gap.high <= -limit) return Plateau::not_reached;
  return Plateau::cannot_tell;
}

void check_curve(const LearningCurve& curve) {
  if (curve.sizes.size() != curve.values.cols || !std::ranges::is_sorted(curve.sizes)) {
    fail(ErrorKind::internal, "learning curve: sizes must ascend, one per column of values");
  }
}

/// Where the gain turns positive for good; `gain` > 0 = the model is better.
double last_crossing(std::span<const double> sizes, std::span<const double> gain) {
  double size = kNaN;
  double previous_gain = kNaN;
  double previous_size = kNaN;
  bool is_better = false;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (std::isnan(gain[i])) continue;
    if (gain[i] > 0.0 && !is_better) {
      const double share = previous_gain / (previous_gain - gain[i]);
      size = std::isnan(previous_gain) ? sizes[i]
                                       : previous_size * std::pow(sizes[i] / previous_size, share);
    }
    is_better = gain[i] > 0.0;
    previous_gain = gain[i];
    previous_size = sizes[i];
  }
  return is_better ? size : kNaN;
}

}  // namespace

double PowerLaw::operator()(double n) const { return a * std::pow(n, -b) + c; }

PowerLaw fit_power_law(std::span<const double> sizes, std::span<const double> values,
                       std::span<const double> weights) {
  const Points points = usable_points(sizes, values, weights);
  PowerLaw law{
      .a = kNaN, .b = kNaN, .c = kNaN, .residual_sum = kNaN, .n_points = points.sizes.size()};
  if (std::set<double>(points.sizes.begin(), points.sizes.end()).size() < 3) return law;
  const auto [low, high] = std::ranges::minmax(points.values);
  if (low == high) {  // no bend to fit: any b does
    return {.a = 0.0, .b = 1.0, .c = low, .n_points = points.sizes.size()};
  }
  law.b = best_exponent(points);
  const Line line = fit_line(points, law.b);
  law.a = line.slope * std::pow(points.smallest, law.b);
  law.c = line.intercept;
  law.residual_sum = line.residual_sum;
  law.at_bound = law.b < 1.001 * kSmallestExponent || law.b > 0.999 * kLargestExponent;
  return law;
}

std::vector<double> LearningCurve::mean() const {
  return mean_of_rows(values, all_rows(values.rows));
}

CurveFit fit_learning_curve(const LearningCurve& curve, const CurveOptions& options,
                            const Context& context) {
  check_curve(curve);
  const std::vector<double> mean = curve.mean();
  CurveFit fit{.law = fit_power_law(curve.sizes, mean),
               .from_residuals = curve.values.rows < kFewestRepeats};
  const double largest = curve.sizes.empty() ? kNaN : curve.sizes.back();
  fit.gap = fit.law(largest) - fit.law.c;
  std::vector<double> plateaus(options.n_draws, kNaN);
  std::vector<double> gaps(options.n_draws, kNaN);
  if (!std::isnan(fit.law.c)) {
    parallel_for(context, options.n_draws, [&](std::size_t draw) {
      const std::vector<double> values =
          fit.from_residuals
              ? draw_residuals(curve, mean, fit.law, options, draw)
              : mean_of_rows(curve.values, draw_rows(curve.values.rows, options, draw));
      const PowerLaw law = fit_power_law(curve.sizes, values);
      plateaus[draw] = law.c;
      gaps[draw] = law(largest) - law.c;
    });
  }
  fit.plateau_interval = percentile_interval(plateaus, options.confidence);
  fit.gap_interval = percentile_interval(gaps, options.confidence);
  fit.plateau = judge_plateau(fit.gap_interval, options.plateau_tolerance * std::abs(fit.law.c));
  return fit;
}

Crossing crossing_size(const LearningCurve& model, const LearningCurve& baseline,
                       bool higher_is_better, const CurveOptions& options, const Context& context) {
  check_curve(model);
  check_curve(baseline);
  if (model.sizes != baseline.sizes || model.values.rows != baseline.values.rows) {
    fail(ErrorKind::internal, "crossing of learning curves: sizes and repeats must be the same");
  }
  Matrix<double> gain(model.values.rows, model.values.cols);
  for (std::size_t i = 0; i < gain.values.size(); ++i) {
    const double difference = model.values.values[i] - baseline.values.values[i];
    gain.values[i] = higher_is_better ? difference : -difference;
  }
  const auto crossing_of = [&](std::span<const std::uint32_t> rows) {
    return last_crossing(model.sizes, mean_of_rows(gain, rows));
  };
  Crossing out{.size = crossing_of(all_rows(gain.rows))};
  out.always = !model.sizes.empty() && out.size == model.sizes.front();
  std::vector<double> draws(options.n_draws, kNaN);
  if (gain.rows >= 2) {
    parallel_for(context, options.n_draws, [&](std::size_t draw) {
      draws[draw] = crossing_of(draw_rows(gain.rows, options, draw));
    });
  }
  const auto n_crossed = std::ranges::count_if(draws, [](double x) { return !std::isnan(x); });
  out.share_crossed = gain.rows >= 2 && !draws.empty()
                          ? static_cast<double>(n_crossed) / static_cast<double>(draws.size())
                          : kNaN;
  out.interval = percentile_interval(draws, options.confidence);
  return out;
}

}  // namespace cupel

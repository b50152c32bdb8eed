#include "area/perturbation/calibration.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numbers>

#include "base/parallel.hpp"
#include "stat/tests.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kFewestRows = 10;     // rows below which a dynamic range says nothing
constexpr double kNormalFrom = 200.0;  // degrees of freedom from which t is taken as normal

double two_sided_p(double t, double degrees) {
  if (!std::isfinite(t) || !(degrees > 0.0)) return kUndefined;  // a half of one cell
  if (degrees >= kNormalFrom) return std::erfc(std::abs(t) / std::numbers::sqrt2);
  const boost::math::students_t_distribution<double> law(degrees);
  return 2.0 * boost::math::cdf(boost::math::complement(law, std::abs(t)));
}

double beats(bool higher_is_better, double positive, double negative) {
  if (std::isnan(positive) || std::isnan(negative)) return kUndefined;
  if (positive == negative) return 0.5;
  return (positive > negative) == higher_is_better ? 1.0 : 0.0;
}

struct Sums {
  std::vector<double> sum;
  std::vector<double> n;
  explicit Sums(std::size_t size) : sum(size, 0.0), n(size, 0.0) {}
  void add(std::size_t i, double value) {
    if (std::isnan(value)) return;
    sum[i] += value;
    n[i] += 1.0;
  }
  [[nodiscard]] std::vector<double> means() const {
    std::vector<double> out(sum.size(), kUndefined);
    for (std::size_t i = 0; i < sum.size(); ++i) {
      if (n[i] > 0.0) out[i] = sum[i] / n[i];
    }
    return out;
  }
};

double median_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return kUndefined;
  std::ranges::sort(values);
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2.0;
}

/// One view: the positive, the interpolated positive and the negative of every metric.
struct ViewScores {
  Matrix<double> duplicate;
  Matrix<double> interpolated;
  Matrix<double> mean;
  Matrix<double> control;
};

/// Changes from the mean perturbation: the mean baseline is what they are measured from.
bool is_from_mean_perturbation(std::string_view metric) {
  return metric.find("shift") != std::string_view::npos ||
         metric.find("perturbed") != std::string_view::npos;
}

}  // namespace

double dynamic_range_fraction(const SampleMetric& metric, double positive,
                              double negative) noexcept {
  constexpr double kTiny = 1e-6;
  const double value = metric.higher_is_better
                           ? (positive - negative) / (metric.perfect - negative + kTiny)
                           : (negative - positive) / (negative + kTiny);
  return std::isnan(value) ? kUndefined : std::clamp(value, -1.0, 1.0);
}

std::vector<double> interpolated_duplicate(const Dataset& data, const HalfView& view,
                                           const TestRows& test, std::span<const double> duplicate,
                                           std::span<const double> mean) {
  const std::size_t n_genes = data.n_outputs();
  const ProfileData& half = profiles_of(view.truth);
  const auto context = contexts_of(data);
  const auto controls = controls_of_rows(data, *view.repeat_controls, test.rows);
  std::vector<double> out(duplicate.size(), kUndefined);
  for (std::size_t i = 0; i < test.size(); ++i) {
    const auto row = test.rows[i];
    const auto n = static_cast<double>(half.n_cells[row]);
    const auto n_control = static_cast<double>(half.n_control_cells[context[row]]);
    std::vector<double> p(n_genes);
    for (std::size_t g = 0; g < n_genes; ++g) {
      const double a = half.variance(row, g) / n;
      const double b = half.control_variance(context[row], g) / n_control;
      const std::size_t at = i * n_genes + g;
      const double t = (duplicate[at] - controls[at]) / std::sqrt(a + b);
      const double degrees = (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (n_control - 1.0));
      p[g] = two_sided_p(t, degrees);
    }
    const auto adjusted = benjamini_hochberg(p);
    for (std::size_t g = 0; g < n_genes; ++g) {
      const std::size_t at = i * n_genes + g;
      const double alpha = std::isnan(adjusted[g]) ? 0.0 : 1.0 - adjusted[g];
      out[at] = alpha * duplicate[at] + (1.0 - alpha) * mean[at];
    }
  }
  return out;
}

std::vector<MetricCalibration> calibrate(const Scorer& scorer, const Dataset& data,
                                         const TestRows& test, const PerturbationDraws& draws,
                                         std::size_t max_views, const Context& context) {
  const std::size_t n_metrics = scorer.metrics.size();
  const std::size_t n_rows = test.size();
  std::vector<MetricCalibration> out(n_metrics);
  std::vector<Sums> drf(n_metrics, Sums(n_rows));
  std::vector<Sums> wins(n_metrics, Sums(n_rows));
  std::vector<Sums> interpolated_drf(n_metrics, Sums(n_rows));
  std::vector<Sums> interpolated_wins(n_metrics, Sums(n_rows));
  const std::size_t n_views = std::min(max_views, n_half_views(data));
  std::vector<std::uint8_t> uses_control;
  if (n_views > 0) uses_control = metrics_using_control(scorer, data, test);
  std::vector<ViewScores> views(n_views);
  parallel_for(context, n_views, [&](std::size_t v) {
    const HalfView view = half_view(data, v);
    const auto controls = controls_of_rows(data, *view.repeat_controls, test.rows);
    const auto score = [&](std::span<const double> prediction) {
      return score_in_view(scorer, view, test, prediction, controls, uses_control);
    };
    const auto duplicate = gather(*view.repeat, test.rows);
    auto mean = training_shift(data, *view.repeat, *view.repeat_controls, test);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += controls[i];
    views[v] = {.duplicate = score(duplicate),
                .interpolated = score(interpolated_duplicate(data, view, test, duplicate, mean)),
                .mean = score(mean),
                .control = score(controls)};
  });
  for (const ViewScores& scores : views) {
    for (std::size_t m = 0; m < n_metrics; ++m) {
      const SampleMetric& metric = scorer.metrics[m];
      out[m].negative_is_control = is_from_mean_perturbation(metric.name);
      const Matrix<double>& negative = out[m].negative_is_control ? scores.control : scores.mean;
      for (std::size_t i = 0; i < n_rows; ++i) {
        const auto add = [&](const Matrix<double>& positive, Sums& range, Sums& won) {
          range.add(i, dynamic_range_fraction(metric, positive(i, m), negative(i, m)));
          won.add(i, beats(metric.higher_is_better, positive(i, m), negative(i, m)));
        };
        add(scores.duplicate, drf[m], wins[m]);
        add(scores.interpolated, interpolated_drf[m], interpolated_wins[m]);
      }
    }
  }
  for (std::size_t m = 0; m < n_metrics; ++m) {
    MetricCalibration& metric = out[m];
    metric.drf = drf[m].means();
    metric.wins = wins[m].means();
    metric.interpolated_drf = interpolated_drf[m].means();
    metric.drf_mean = estimate_mean(draws, metric.drf);
    metric.bds = estimate_mean(draws, metric.wins);
    metric.interpolated_drf_mean = estimate_mean(draws, metric.interpolated_drf);
    metric.interpolated_bds = estimate_mean(draws, interpolated_wins[m].means());
    metric.drf_median = median_of(metric.drf);
    for (Estimate* value :
         {&metric.drf_mean, &metric.bds, &metric.interpolated_drf_mean, &metric.interpolated_bds}) {
      if (static_cast<double>(value->n) < kFewestRows) *value = Estimate{.n = value->n};
    }
    if (static_cast<double>(metric.drf_mean.n) < kFewestRows) metric.drf_median = kUndefined;
    metric.tells = metric.drf_mean.low > 0.0 && metric.bds.low > 0.5;
  }
  return out;
}

}  // namespace cupel::perturbation

#include "area/perturbation/ceiling.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"

namespace cupel::perturbation {
namespace {

/// Mean over views of what is defined, per row and metric.
class MeanOfViews {
 public:
  MeanOfViews(std::size_t rows, std::size_t metrics) : sum_(rows, metrics), n_(rows, metrics) {}
  void add(const Matrix<double>& scores) {
    for (std::size_t i = 0; i < scores.values.size(); ++i) {
      if (std::isnan(scores.values[i])) continue;
      sum_.values[i] += scores.values[i];
      n_.values[i] += 1.0;
    }
  }
  [[nodiscard]] std::vector<double> column_mean(std::size_t metric) const {
    std::vector<double> out(sum_.rows, kUndefined);
    for (std::size_t i = 0; i < sum_.rows; ++i) {
      if (n_(i, metric) > 0.0) out[i] = sum_(i, metric) / n_(i, metric);
    }
    return out;
  }

 private:
  Matrix<double> sum_;
  Matrix<double> n_;
};

/// Every replicate as the prediction of every other one.
void add_replicates(const Scorer& scorer, const Dataset& data, const TestRows& test,
                    const PerturbationDraws& draws, std::span<const std::uint8_t> uses_control,
                    NoiseCeiling& out, const Context& context) {
  const std::size_t n = profiles_of(data).replicates.size();
  if (n < 2 || out.n_views == 0) return;
  std::vector<Matrix<double>> scores(n * n);
  parallel_for(context, n * n, [&](std::size_t pair) {
    if (pair / n == pair % n) return;
    const HalfView view = replicate_view(data, pair / n, pair % n);
    scores[pair] =
        score_in_view(scorer, view, test, gather(*view.repeat, test.rows),
                      controls_of_rows(data, *view.repeat_controls, test.rows), uses_control);
  });
  MeanOfViews mean(test.size(), scorer.metrics.size());
  for (const auto& values : scores) mean.add(values);
  const auto context_of = contexts_of(data);
  std::vector<double> times;
  for (const auto row : test.rows) {
    double count = 0.0;
    for (const auto& replicate : profiles_of(data).replicates) {
      const bool is_there = !std::isnan(replicate.profiles(row, 0)) &&
                            !std::isnan(replicate.controls(context_of[row], 0));
      count += is_there ? 1.0 : 0.0;
    }
    times.push_back(count);
  }
  for (std::size_t m = 0; m < scorer.metrics.size(); ++m) {
    MetricCeiling& metric = out.metrics[m];
    metric.replicates = mean.column_mean(m);
    for (std::size_t i = 0; i < test.size(); ++i) {
      metric.replicates[i] = project(metric.projection, metric.replicates[i], times[i]);
    }
    metric.replicates_mean = estimate_mean(draws, metric.replicates);
  }
}

double sum_of_errors(std::span<const double> variance, std::uint64_t n_cells) noexcept {
  double sum = 0.0;
  for (const double value : variance) sum += value;
  return sum / static_cast<double>(n_cells);
}

}  // namespace

Projection projection_of(std::string_view metric) noexcept {
  const auto has = [metric](std::string_view word) {
    return metric.find(word) != std::string_view::npos;
  };
  if (has("norm") || has("rank")) return Projection::none;
  if (metric.starts_with("pearson") || metric.starts_with("spearman") ||
      metric.starts_with("cosine")) {
    return Projection::spearman_brown;
  }
  if (metric.starts_with("mse") || metric.starts_with("wmse")) return Projection::half;
  if (metric.starts_with("rmse") || metric.starts_with("l2") || metric.starts_with("mae")) {
    return Projection::root_half;
  }
  return Projection::none;
}

double project(Projection projection, double value, double times) noexcept {
  switch (projection) {
    case Projection::spearman_brown:
      return value > 0.0 ? times * value / (1.0 + (times - 1.0) * value) : value;
    case Projection::half:
      return value / times;
    case Projection::root_half:
      return value / std::sqrt(times);
    case Projection::none:
      break;
  }
  return value;
}

double noise_of_sample(const ProfileData& profiles, std::size_t sample) noexcept {
  return sum_of_errors(profiles.variance.row(sample), profiles.n_cells[sample]);
}
double noise_of_control(const ProfileData& profiles, std::size_t context) noexcept {
  return sum_of_errors(profiles.control_variance.row(context), profiles.n_control_cells[context]);
}

NoiseCeiling noise_ceiling(const Scorer& scorer, const Dataset& data, const TestRows& test,
                           const PerturbationDraws& draws, std::size_t max_views,
                           const Context& context) {
  const ProfileData& profiles = profiles_of(data);
  NoiseCeiling out{.n_views = std::min(max_views, n_half_views(data)),
                   .metrics = std::vector<MetricCeiling>(scorer.metrics.size())};
  std::vector<std::uint8_t> uses_control(scorer.metrics.size(), 0);
  if (out.n_views > 0) uses_control = metrics_using_control(scorer, data, test);
  out.views.resize(out.n_views);
  std::vector<Matrix<double>> with_own(out.n_views);
  parallel_for(context, out.n_views, [&](std::size_t v) {
    HalfView view = half_view(data, v);
    const auto repeat = gather(*view.repeat, test.rows);
    with_own[v] =
        score_in_view(scorer, view, test, repeat,
                      controls_of_rows(data, *view.repeat_controls, test.rows), uses_control);
    use_all_controls(data, view);
    out.views[v] = score_test_rows(scorer, view.truth, test, repeat);
  });
  MeanOfViews own(test.size(), scorer.metrics.size());
  MeanOfViews shared(test.size(), scorer.metrics.size());
  for (const auto& scores : with_own) own.add(scores);
  for (const auto& scores : out.views) shared.add(scores);
  for (std::size_t m = 0; m < scorer.metrics.size(); ++m) {
    MetricCeiling& metric = out.metrics[m];
    metric.uses_control = uses_control[m] != 0;
    metric.projection = projection_of(scorer.metrics[m].name);
    metric.half = own.column_mean(m);
    metric.shared = shared.column_mean(m);
    for (const double value : metric.half) metric.full.push_back(project(metric.projection, value));
    for (const double value : metric.shared) {
      metric.matched.push_back(project(metric.projection, value));
    }
    metric.matched_mean = estimate_mean(draws, metric.matched);
    metric.half_mean = estimate_mean(draws, metric.half);
    metric.full_mean = estimate_mean(draws, metric.full);
    const double sign = scorer.metrics[m].higher_is_better ? 1.0 : -1.0;
    std::vector<double> difference(test.size());
    for (std::size_t i = 0; i < test.size(); ++i) {
      difference[i] = sign * (metric.shared[i] - metric.half[i]);
    }
    metric.inflation = estimate_mean(draws, difference);
  }
  add_replicates(scorer, data, test, draws, uses_control, out, context);
  const double n_genes = static_cast<double>(data.n_outputs());
  for (const auto row : test.rows) {
    out.measurement_mse.push_back(noise_of_sample(profiles, row) / n_genes);
  }
  out.measurement_mse_mean = estimate_mean(draws, out.measurement_mse);
  return out;
}

}  // namespace cupel::perturbation

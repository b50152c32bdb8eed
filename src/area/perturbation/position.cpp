#include "area/perturbation/position.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"

namespace cupel::perturbation {
namespace {

double sign_of(const SampleMetric& metric) { return metric.higher_is_better ? 1.0 : -1.0; }

bool is_blind_baseline(const TestPredictions& predictor) {
  return !predictor.info->is_model && !predictor.info->is_oracle;
}

/// sqrt of the mean squared deviation from the mean, of what is defined; NaN below two.
double spread(std::span<const double> values) {
  double sum = 0.0;
  double n = 0.0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    n += 1.0;
  }
  if (n < 2.0) return kUndefined;
  double squares = 0.0;
  for (const double value : values) {
    if (std::isfinite(value)) squares += (value - sum / n) * (value - sum / n);
  }
  return std::sqrt(squares / n);
}

}  // namespace

std::vector<std::size_t> best_blind_baselines(std::span<const SampleMetric> metrics,
                                              std::span<const TestPredictions> predictors,
                                              const PredictorScores& scores) {
  std::vector<std::size_t> out(metrics.size(), kNoPredictor);
  const auto n_defined = [&](std::size_t p, std::size_t m) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < scores[p].rows; ++i) n += std::isfinite(scores[p](i, m)) ? 1 : 0;
    return n;
  };
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    double best = kUndefined;
    std::size_t most = 0;
    for (std::size_t p = 0; p < predictors.size(); ++p) most = std::max(most, n_defined(p, m));
    for (std::size_t p = 0; p < predictors.size(); ++p) {
      if (!is_blind_baseline(predictors[p])) continue;
      double sum = 0.0;
      const std::size_t n = n_defined(p, m);
      for (std::size_t i = 0; i < scores[p].rows; ++i) {
        if (std::isfinite(scores[p](i, m))) sum += scores[p](i, m);
      }
      if (n == 0 || 2 * n < most) continue;
      const double value = sign_of(metrics[m]) * sum / static_cast<double>(n);
      if (!std::isnan(best) && value <= best) continue;
      best = value;
      out[m] = p;
    }
  }
  return out;
}

std::vector<Position> positions(std::span<const SampleMetric> metrics,
                                std::span<const TestPredictions> predictors,
                                const PredictorScores& scores, const NoiseCeiling& ceiling,
                                const PerturbationDraws& draws) {
  const auto baselines = best_blind_baselines(metrics, predictors, scores);
  std::vector<Position> out;
  for (std::size_t p = 0; p < predictors.size(); ++p) {
    if (!predictors[p].info->is_model) continue;
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      Position position{.metric = m, .predictor = p, .baseline = baselines[m]};
      if (baselines[m] != kNoPredictor) {
        const auto of_model = column(scores[p], m);
        const auto of_baseline = column(scores[baselines[m]], m);
        const std::span<const double> columns[] = {of_model, of_baseline,
                                                   ceiling.metrics[m].matched};
        const auto of = [&](const std::function<double(std::span<const double>)>& function) {
          return estimate(draws, columns, function);
        };
        const double sign = sign_of(metrics[m]);
        position.model = of([](std::span<const double> v) { return v[0]; });
        position.floor = of([](std::span<const double> v) { return v[1]; });
        position.ceiling = of([](std::span<const double> v) { return v[2]; });
        position.room = of([sign](std::span<const double> v) { return sign * (v[2] - v[1]); });
        if (position.has_room()) {
          position.position =
              of([](std::span<const double> v) { return (v[0] - v[1]) / (v[2] - v[1]); });
        }
      }
      out.push_back(position);
    }
  }
  return out;
}

std::vector<std::vector<RowPosition>> row_positions(
    const Scorer& scorer, const Dataset& data, const TestRows& test,
    std::span<const TestPredictions> predictors, std::span<const std::size_t> models,
    std::size_t baseline, std::size_t metric, const PredictorScores& scores,
    const NoiseCeiling& ceiling, const Context& context) {
  std::vector<std::vector<RowPosition>> out(models.size(), std::vector<RowPosition>(test.size()));
  if (baseline == kNoPredictor) return out;
  std::vector<std::size_t> wanted(models.begin(), models.end());
  wanted.push_back(baseline);
  // Per view: predictors x rows of the one metric.
  std::vector<Matrix<double>> in_view(ceiling.n_views, Matrix<double>(wanted.size(), test.size()));

  parallel_for(context, ceiling.n_views, [&](std::size_t v) {
    HalfView view = half_view(data, v);
    use_all_controls(data, view);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const auto values = score_test_rows(scorer, view.truth, test, predictors[wanted[k]].values);
      for (std::size_t i = 0; i < test.size(); ++i) in_view[v](k, i) = values(i, metric);
    }
  });
  const double sign = sign_of(scorer.metrics[metric]);
  for (std::size_t k = 0; k < models.size(); ++k) {
    for (std::size_t i = 0; i < test.size(); ++i) {
      const double floor = scores[baseline](i, metric);
      const double gain = scores[models[k]](i, metric) - floor;
      const double room = ceiling.metrics[metric].matched[i] - floor;
      if (!(sign * room > 0.0) || std::isnan(gain)) continue;
      RowPosition& position = out[k][i];
      position.value = gain / room;
      // Delta method on gain / room, both as seen by every half.
      std::vector<double> deviations;
      for (std::size_t v = 0; v < ceiling.n_views; ++v) {
        const double floor_here = in_view[v](models.size(), i);
        const double top = project(ceiling.metrics[metric].projection, ceiling.views[v](i, metric));
        deviations.push_back((in_view[v](k, i) - floor_here) - position.value * (top - floor_here));
      }
      const double reach = 1.96 * spread(deviations) / std::abs(room);
      position.low = position.value - reach;
      position.high = position.value + reach;
    }
  }
  return out;
}

}  // namespace cupel::perturbation

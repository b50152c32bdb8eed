#include "verdict/spectrum_draws.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "metric/metric.hpp"
#include "metric/weighted.hpp"
#include "stat/moments.hpp"
#include "stat/segment_sums.hpp"

namespace cupel::detail {
namespace {

constexpr std::size_t kBlockDraws = 64;
/// A predictor with predictions for fewer of a split's rows has none for that split.
constexpr double kLeastShare = 0.5;

/// The rows of one split that count, and who takes part.
struct SplitRows {
  std::vector<std::size_t> predictors;
  std::vector<std::uint32_t> rows;
};

bool takes_part(const std::vector<double>& predictions, const SpectrumSplit& split) {
  if (predictions.empty()) return false;
  if (predictions.size() != split.truth.size()) {
    fail(ErrorKind::internal, "spectrum: " + std::to_string(predictions.size()) +
                                  " predictions for " + std::to_string(split.truth.size()) +
                                  " test rows");
  }
  std::size_t n = 0;
  std::size_t n_predicted = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    if (!std::isfinite(split.truth[i])) continue;
    ++n;
    n_predicted += std::isfinite(predictions[i]) ? 1 : 0;
  }
  return n_predicted > 0 &&
         static_cast<double>(n_predicted) >= kLeastShare * static_cast<double>(n);
}

SplitRows rows_of(const SpectrumInput& input, std::size_t split) {
  SplitRows out;
  for (std::size_t p = 0; p < input.predictors.size(); ++p) {
    if (takes_part(input.predictions[p][split], input.splits[split])) out.predictors.push_back(p);
  }
  const auto& truth = input.splits[split].truth;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const bool is_complete =
        std::isfinite(truth[i]) && std::ranges::all_of(out.predictors, [&](std::size_t p) {
          return std::isfinite(input.predictions[p][split][i]);
        });
    if (is_complete) out.rows.push_back(static_cast<std::uint32_t>(i));
  }
  return out;
}

void check_labels(const SpectrumInput& input) {
  for (const auto& split : input.splits) {
    for (const double truth : split.truth) {
      if (truth == 0.0 || truth == 1.0 || std::isnan(truth)) continue;
      fail_input("the metric wants labels 0 and 1, but a target is " + std::to_string(truth), {},
                 "choose a metric of numbers (rmse, spearman, ...), or label the targets");
    }
  }
}

/// The mean over rows of values that stand for themselves.
class RowMean : public WeightedMetric {
 public:
  explicit RowMean(const WeightedRows& rows)
      : sums_(rows.predictions.size(), rows.n_units, 0.0), n_(rows.n_units, 0.0) {
    for (std::size_t i = 0; i < rows.unit.size(); ++i) {
      n_[rows.unit[i]] += 1.0;
      for (std::size_t p = 0; p < rows.predictions.size(); ++p) {
        sums_(p, rows.unit[i]) += rows.predictions[p][i];
      }
    }
  }

  [[nodiscard]] Matrix<double> evaluate(const Matrix<std::uint16_t>& counts) const override {
    Matrix<double> out(sums_.rows, counts.cols, 0.0);
    std::vector<double> total(counts.cols, 0.0);
    for (std::size_t u = 0; u < counts.rows; ++u) {
      for (std::size_t d = 0; d < counts.cols; ++d) {
        total[d] += counts(u, d) * n_[u];
        for (std::size_t p = 0; p < out.rows; ++p) out(p, d) += counts(u, d) * sums_(p, u);
      }
    }
    for (std::size_t p = 0; p < out.rows; ++p) {
      for (std::size_t d = 0; d < counts.cols; ++d) {
        out(p, d) = total[d] > 0.0 ? out(p, d) / total[d] : kUndefined;
      }
    }
    return out;
  }

 private:
  Matrix<double> sums_;  // predictors x units
  std::vector<double> n_;
};

/// One split, ready for draws.
struct Prepared {
  std::unique_ptr<WeightedMetric> metric;
  std::vector<std::uint32_t> units;  ///< global codes of the units that have rows here
  std::vector<std::size_t> predictors;
};

Prepared prepare(const SpectrumInput& input, std::size_t split, const SplitRows& rows,
                 const SpectrumOptions& options, std::span<double> points) {
  Prepared out{.predictors = rows.predictors};
  if (rows.rows.empty() || rows.predictors.empty()) return out;
  const auto& source = input.splits[split];
  const double cut = options.metric == "mcc" ? options.call_above : 0.0;
  const std::vector<double> truth = gather(source.truth, rows.rows);
  std::vector<std::vector<double>> predictions;
  for (const std::size_t p : rows.predictors) {
    predictions.push_back(gather(input.predictions[p][split], rows.rows));
    for (double& value : predictions.back()) value -= cut;
    points[p] = options.of_rows ? mean(predictions.back())
                                : evaluate(metric(options.metric), truth, predictions.back());
  }
  for (const std::uint32_t row : rows.rows) out.units.push_back(source.unit[row]);
  std::ranges::sort(out.units);
  out.units.erase(std::ranges::unique(out.units).begin(), out.units.end());
  std::vector<std::uint32_t> local;
  for (const std::uint32_t row : rows.rows) {
    const auto place = std::ranges::lower_bound(out.units, source.unit[row]);
    local.push_back(static_cast<std::uint32_t>(place - out.units.begin()));
  }
  const std::vector<std::span<const double>> views(predictions.begin(), predictions.end());
  const WeightedRows weighted{
      .truth = truth, .unit = local, .n_units = out.units.size(), .predictions = views};
  out.metric = options.of_rows ? std::make_unique<RowMean>(weighted)
                               : make_weighted_metric(metric(options.metric).name, weighted);
  return out;
}

}  // namespace

std::vector<LevelSplits> group_levels(const SpectrumInput& input) {
  std::map<double, LevelSplits> by_parameter;
  for (std::size_t s = 0; s < input.splits.size(); ++s) {
    const auto& split = input.splits[s];
    LevelSplits& level = by_parameter[split.parameter];
    level.parameter = split.parameter;
    (split.is_control ? level.controls : level.splits).push_back(s);
  }
  std::vector<LevelSplits> levels;
  for (auto& [parameter, level] : by_parameter) {
    const auto by_repeat = [&](std::size_t a, std::size_t b) {
      return input.splits[a].repeat < input.splits[b].repeat;
    };
    std::ranges::stable_sort(level.splits, by_repeat);
    std::ranges::stable_sort(level.controls, by_repeat);
    if (!level.splits.empty()) levels.push_back(std::move(level));
  }
  if (levels.empty()) {
    fail_input("the spectrum \"" + input.name + "\" has no splits", {},
               "a spectrum needs splits at several levels of overlap");
  }
  if (!input.falls_with_parameter) std::ranges::reverse(levels);
  return levels;
}

SpectrumDraws::SpectrumDraws(const SpectrumInput& input, const std::vector<LevelSplits>& levels,
                             const SpectrumOptions& options, const Context& context)
    : n_draws_(options.n_draws), point_(input.predictors.size(), input.splits.size(), kUndefined) {
  if (!options.of_rows && metric(options.metric).needs_labels) check_labels(input);
  for (const auto& level : levels) {
    // The draws of a level are named by its parameter, not by its place: adding a level changes
    // nothing at the others.
    Matrix<double> uniform(n_draws_, std::max(level.splits.size(), level.controls.size()));
    for (std::size_t d = 0; d < n_draws_; ++d) {
      Rng rng(options.seed, "spectrum repeats of " + std::to_string(level.parameter), d);
      for (double& value : uniform.row(d)) value = rng.uniform();
    }
    repeat_draws_.push_back(std::move(uniform));
  }
  draw(input, options, context);
}

void SpectrumDraws::draw(const SpectrumInput& input, const SpectrumOptions& options,
                         const Context& context) {
  const std::size_t n_splits = input.splits.size();
  std::vector<Prepared> prepared(n_splits);
  std::vector<std::size_t> dropped(n_splits, 0);
  Matrix<double> points(n_splits, input.predictors.size(), kUndefined);
  parallel_for(context, n_splits, [&](std::size_t s) {
    const SplitRows rows = rows_of(input, s);
    dropped[s] = input.splits[s].truth.size() - rows.rows.size();
    prepared[s] = prepare(input, s, rows, options, points.row(s));
  });
  std::uint32_t n_units = 0;
  for (std::size_t s = 0; s < n_splits; ++s) {
    n_rows_dropped_ += dropped[s];
    draws_.emplace_back(input.predictors.size(), n_draws_, kUndefined);
    for (std::size_t p = 0; p < input.predictors.size(); ++p) point_(p, s) = points(s, p);
    if (!prepared[s].units.empty()) n_units = std::max(n_units, prepared[s].units.back() + 1);
  }
  std::vector<std::uint32_t> compact(n_units, 0);
  for (const auto& one : prepared) {
    for (const std::uint32_t unit : one.units) compact[unit] = 1;
  }
  std::uint32_t n_used = 0;
  for (std::uint32_t& unit : compact) unit = unit == 1 ? n_used++ : 0;
  for (auto& one : prepared) {
    for (std::uint32_t& unit : one.units) unit = compact[unit];
  }

  use_one_blas_thread();
  const std::size_t n_blocks = n_used == 0 ? 0 : (n_draws_ + kBlockDraws - 1) / kBlockDraws;
  parallel_for(context, n_blocks, [&](std::size_t block) {
    const std::size_t first = block * kBlockDraws;
    const std::size_t count = std::min(kBlockDraws, n_draws_ - first);
    Matrix<std::uint16_t> counts(n_used, count, 0);
    for (std::size_t d = 0; d < count; ++d) {
      Rng rng(options.seed, "spectrum units", first + d);
      for (std::uint32_t i = 0; i < n_used; ++i) ++counts(rng.below(n_used), d);
    }
    for (std::size_t s = 0; s < n_splits; ++s) {
      if (!prepared[s].metric) continue;
      Matrix<std::uint16_t> weights(prepared[s].units.size(), count);
      for (std::size_t u = 0; u < weights.rows; ++u) {
        std::ranges::copy(counts.row(prepared[s].units[u]), weights.row(u).begin());
      }
      const Matrix<double> values = prepared[s].metric->evaluate(weights);
      for (std::size_t k = 0; k < values.rows; ++k) {
        std::ranges::copy(values.row(k), draws_[s].row(prepared[s].predictors[k]).begin() +
                                             static_cast<std::ptrdiff_t>(first));
      }
    }
  });
}

Sample SpectrumDraws::mean(std::size_t predictor, std::span<const std::size_t> splits,
                           std::size_t level, std::span<const std::size_t> among) const {
  std::vector<std::size_t> used;
  for (const std::size_t split : splits) {
    const auto has_value = [&](std::size_t p) { return std::isfinite(point_(p, split)); };
    if (has_value(predictor) && std::ranges::all_of(among, has_value)) used.push_back(split);
  }
  if (used.empty()) return {.point = kUndefined};
  const auto n = static_cast<double>(used.size());
  Sample out{.point = 0.0, .draws = std::vector<double>(n_draws_, 0.0)};
  for (const std::size_t split : used) out.point += point_(predictor, split) / n;
  for (std::size_t d = 0; d < n_draws_; ++d) {
    const auto uniform = repeat_draws_[level].row(d);
    for (std::size_t k = 0; k < used.size(); ++k) {
      const auto pick = static_cast<std::size_t>(uniform[k] * n);
      out.draws[d] += draws_[used[pick]](predictor, d) / n;
    }
  }
  return out;
}

}  // namespace cupel::detail

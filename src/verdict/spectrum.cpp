#include "verdict/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/random.hpp"
#include "metric/metric.hpp"
#include "stat/auspc.hpp"
#include "stat/interval.hpp"
#include "stat/ranks.hpp"
#include "stat/tests.hpp"
#include "verdict/evidence.hpp"
#include "verdict/judge.hpp"
#include "verdict/spectrum_draws.hpp"
#include "verdict/spectrum_words.hpp"

namespace cupel {
namespace {

using detail::LevelSplits;
using detail::SpectrumDraws;

Estimate estimate(const Sample& sample, double confidence) {
  if (std::isnan(sample.point)) return {};
  const auto range = interval(sample, confidence);
  return {.value = sample.point, .low = range.low, .high = range.high};
}

OverlapProfile mean_overlap(const SpectrumInput& input, std::span<const std::size_t> splits) {
  OverlapProfile out{};
  const auto n = static_cast<double>(splits.size());
  const auto average = [&](double OverlapProfile::* member) {
    double sum = 0.0;
    for (const std::size_t s : splits) sum += input.splits[s].overlap.*member;
    return sum / n;
  };
  if (splits.empty()) return out;
  for (double OverlapProfile::* member :
       {&OverlapProfile::threshold, &OverlapProfile::share_with_neighbour,
        &OverlapProfile::nearest_mean, &OverlapProfile::nearest_median,
        &OverlapProfile::nearest_p90, &OverlapProfile::nearest_max, &OverlapProfile::mean_pair}) {
    out.*member = average(member);
  }
  double n_train = 0.0;
  double n_test = 0.0;
  for (const std::size_t s : splits) {
    const auto& one = input.splits[s].overlap;
    n_train += static_cast<double>(one.n_train) / n;
    n_test += static_cast<double>(one.n_test) / n;
    out.nearest_histogram.resize(
        std::max(out.nearest_histogram.size(), one.nearest_histogram.size()), 0);
    for (std::size_t b = 0; b < one.nearest_histogram.size(); ++b) {
      out.nearest_histogram[b] += one.nearest_histogram[b];
    }
  }
  out.n_train = static_cast<std::size_t>(std::llround(n_train));
  out.n_test = static_cast<std::size_t>(std::llround(n_test));
  return out;
}

double measured_overlap(const SpectrumInput& input, const OverlapProfile& overlap) {
  if (input.moves_nearest_mean && std::isfinite(overlap.nearest_mean)) return overlap.nearest_mean;
  if (std::isfinite(overlap.share_with_neighbour)) return overlap.share_with_neighbour;
  return std::isfinite(overlap.nearest_mean) ? overlap.nearest_mean : overlap.mean_pair;
}

double place(const SpectrumInput& input, const SpectrumLevel& level, SpectrumAxis axis) {
  if (axis == SpectrumAxis::parameter) return level.parameter;
  if (axis == SpectrumAxis::overlap) return measured_overlap(input, level.overlap);
  return 1.0 - level.overlap.nearest_mean;
}

SpectrumLevel describe(const SpectrumInput& input, const LevelSplits& splits, SpectrumAxis axis) {
  SpectrumLevel level{.parameter = splits.parameter,
                      .n_repeats = splits.splits.size(),
                      .overlap = mean_overlap(input, splits.splits),
                      .control_overlap = mean_overlap(input, splits.controls)};
  const auto n = static_cast<double>(splits.splits.size());
  for (const std::size_t s : splits.splits) {
    const auto& one = input.splits[s];
    level.n_train += static_cast<double>(one.overlap.n_train) / n;
    // In the unit of n_train: rows may be several per item.
    const std::size_t n_items = one.overlap.n_test > 0 ? one.overlap.n_test : one.truth.size();
    level.n_test += static_cast<double>(n_items) / n;
    level.n_left_out += static_cast<double>(one.n_left_out) / n;
  }
  level.overlap.n_test = static_cast<std::size_t>(std::llround(level.n_test));
  level.x = place(input, level, axis);
  return level;
}

/// Weights of the levels in the normalised area; levels at the same x share one place. Empty if
/// there are fewer than two places.
std::vector<double> area_weights(const std::vector<SpectrumLevel>& levels,
                                 const std::vector<std::size_t>& used) {
  std::map<double, std::vector<std::size_t>> at;
  for (std::size_t k = 0; k < used.size(); ++k) at[levels[used[k]].x].push_back(k);
  if (at.size() < 2) return {};
  std::vector<double> x;
  for (const auto& [place, members] : at) x.push_back(place);
  const std::vector<double> per_place = trapezoid_weights(x);
  std::vector<double> weights(used.size());
  std::size_t i = 0;
  for (const auto& [place, members] : at) {
    for (const std::size_t k : members) {
      weights[k] = per_place[i] / static_cast<double>(members.size()) / (x.back() - x.front());
    }
    ++i;
  }
  return weights;
}

Sample weighted_sum(const std::vector<Sample>& values, const std::vector<std::size_t>& used,
                    const std::vector<double>& weights) {
  if (weights.empty()) return {.point = kUndefined};
  Sample out{.point = 0.0, .draws = std::vector<double>(values[used[0]].draws.size(), 0.0)};
  for (std::size_t k = 0; k < used.size(); ++k) {
    const Sample& one = values[used[k]];
    out.point += weights[k] * one.point;
    for (std::size_t d = 0; d < out.draws.size(); ++d) out.draws[d] += weights[k] * one.draws[d];
  }
  return out;
}

std::vector<std::size_t> with_value(const std::vector<Sample>& values,
                                    const std::vector<SpectrumLevel>& levels) {
  std::vector<std::size_t> used;
  for (std::size_t l = 0; l < levels.size(); ++l) {
    if (std::isfinite(values[l].point) && std::isfinite(levels[l].x)) used.push_back(l);
  }
  return used;
}

Sample area(const std::vector<Sample>& values, const std::vector<SpectrumLevel>& levels) {
  const auto used = with_value(values, levels);
  return weighted_sum(values, used, area_weights(levels, used));
}

/// All that the parts below share.
struct Work {
  Spectrum& spectrum;
  const std::vector<LevelSplits>& groups;
  const SpectrumDraws& draws;
  std::vector<std::vector<Sample>> values;    ///< [predictor][level]
  std::vector<std::vector<Sample>> controls;  ///< [predictor][level]

  [[nodiscard]] double sign() const { return spectrum.higher_is_better ? 1.0 : -1.0; }
  [[nodiscard]] double confidence() const { return spectrum.options.confidence; }
  [[nodiscard]] std::size_t n_levels() const { return groups.size(); }
  [[nodiscard]] double height(std::size_t predictor) const {
    return spectrum.curves[predictor].auspc.value;
  }
  [[nodiscard]] bool may_be_bar(std::size_t p) const {
    const auto& predictor = spectrum.input.predictors[p];
    return !predictor.is_model && predictor.may_be_bar && predictor.rung != Rung::ceiling;
  }
};

double area_se(const Work& work, std::size_t predictor) {
  const auto& levels = work.spectrum.levels;
  std::vector<double> x;
  std::vector<double> value;
  for (std::size_t l = 0; l < levels.size(); ++l) {
    for (const std::size_t split : work.groups[l].splits) {
      x.push_back(levels[l].x);
      value.push_back(work.draws.point(predictor, split));
    }
  }
  const Auspc whole = auspc(mean_points(x, value));
  return whole.standard_error / (whole.x_high - whole.x_low);
}

SpectrumCurve curve_of(Work& work, std::size_t p) {
  SpectrumCurve curve{.predictor = p};
  bool has_control = false;
  for (std::size_t l = 0; l < work.n_levels(); ++l) {
    const std::vector<std::size_t> self{p};
    work.values[p].push_back(work.draws.mean(p, work.groups[l].splits, l, self));
    work.controls[p].push_back(work.draws.mean(p, work.groups[l].controls, l, self));
    curve.points.push_back(estimate(work.values[p][l], work.confidence()));
    curve.control.push_back(estimate(work.controls[p][l], work.confidence()));
    curve.is_complete = curve.is_complete && std::isfinite(work.values[p][l].point);
    has_control = has_control || std::isfinite(work.controls[p][l].point);
  }
  if (!has_control) curve.control.clear();
  curve.auspc = estimate(area(work.values[p], work.spectrum.levels), work.confidence());
  curve.auspc_se = area_se(work, p);
  curve.auspc_control = estimate(area(work.controls[p], work.spectrum.levels), work.confidence());
  return curve;
}

/// The best blind baseline by a value per predictor; nothing if none has one.
template <typename Value>
std::optional<std::size_t> best_baseline(const Work& work, Value value) {
  std::optional<std::size_t> best;
  for (std::size_t p = 0; p < work.values.size(); ++p) {
    if (!work.may_be_bar(p) || std::isnan(value(p))) continue;
    if (!best || work.sign() * value(p) > work.sign() * value(*best)) best = p;
  }
  return best;
}

/// The bar of a model: the best area on the levels that the model has.
std::optional<std::size_t> find_bar(const Work& work, std::size_t model) {
  const auto has = with_value(work.values[model], work.spectrum.levels);
  const auto on_models_levels = [&](std::size_t p) {
    const auto weights = area_weights(work.spectrum.levels, has);
    double sum = weights.empty() ? kUndefined : 0.0;
    for (std::size_t k = 0; k < weights.size(); ++k)
      sum += weights[k] * work.values[p][has[k]].point;
    return sum;  // NaN if the baseline lacks one of the levels
  };
  return best_baseline(work, on_models_levels);
}

/// Differences per level, oriented, and of the area; `against` names one predictor per level.
void fill_difference(const Work& work, SpectrumContrast& contrast,
                     const std::vector<std::size_t>& against) {
  const auto& levels = work.spectrum.levels;
  std::vector<Sample> gains(levels.size());
  std::vector<Sample> bars(levels.size());
  for (std::size_t l = 0; l < levels.size(); ++l) {
    const std::vector<std::size_t> both{contrast.model, against[l]};
    const auto& splits = work.groups[l].splits;
    bars[l] = work.draws.mean(against[l], splits, l, both);
    const Sample mine = work.draws.mean(contrast.model, splits, l, both);
    if (std::isnan(mine.point)) {
      gains[l] = mine;
    } else {
      gains[l] = combine(mine, bars[l], [&](double a, double b) { return work.sign() * (a - b); });
    }
    contrast.levels.push_back(estimate(gains[l], work.confidence()));
  }
  const Sample whole = area(gains, levels);
  contrast.difference = estimate(whole, work.confidence());
  if (std::isnan(whole.point)) return;
  contrast.p_value = p_value_zero(whole);
  const double bar = area(bars, levels).point;
  const auto& options = work.spectrum.options;
  contrast.margin = options.margin;
  if (options.margin_is_relative) {
    contrast.margin *= work.spectrum.higher_is_better ? std::max(0.0, 1.0 - bar) : std::abs(bar);
  }
}

std::vector<SpectrumContrast> contrasts_of(const Work& work, std::size_t model) {
  std::vector<SpectrumContrast> out;
  const auto bar = find_bar(work, model);
  if (bar) {
    out.push_back({.model = model,
                   .against = *bar,
                   .is_bar = true,
                   .is_nearest = work.spectrum.input.predictors[*bar].copies_nearest});
    fill_difference(work, out.back(), std::vector<std::size_t>(work.n_levels(), *bar));
    std::vector<std::size_t> best;
    for (std::size_t l = 0; l < work.n_levels(); ++l) {
      best.push_back(best_baseline(work, [&](std::size_t p) {
                       return work.values[p][l].point;
                     }).value_or(*bar));
    }
    if (std::ranges::any_of(best, [&](std::size_t p) { return p != *bar; })) {
      out.push_back({.model = model, .against = *bar, .is_pointwise = true});
      fill_difference(work, out.back(), best);
    }
  }
  for (std::size_t p = 0; p < work.values.size(); ++p) {
    if (!work.spectrum.input.predictors[p].copies_nearest || p == model || (bar && p == *bar)) {
      continue;
    }
    out.push_back({.model = model, .against = p, .is_nearest = true});
    fill_difference(work, out.back(), std::vector<std::size_t>(work.n_levels(), p));
  }
  return out;
}

void judge_contrasts(Work& work) {
  auto& all = work.spectrum.contrasts;
  std::vector<double> p_values;
  for (const auto& contrast : all) p_values.push_back(contrast.p_value);
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].p_adjusted = adjusted[i];
    all[i].verdict = decide(all[i].difference.value, all[i].difference.low, all[i].difference.high,
                            adjusted[i], all[i].margin, work.confidence());
  }
}

/// NaN-safe: an undefined sample stays undefined.
Sample minus(const Sample& a, const Sample& b, double sign) {
  if (std::isnan(a.point) || std::isnan(b.point)) return {.point = kUndefined};
  return combine(a, b, [sign](double x, double y) { return sign * (x - y); });
}

std::optional<SpectrumFall> fall_of(const Work& work, std::size_t p) {
  const auto has = with_value(work.values[p], work.spectrum.levels);
  if (has.size() < 2) return std::nullopt;
  const std::size_t first = has.front();
  const std::size_t last = has.back();
  const auto& value = work.values[p];
  const auto& control = work.controls[p];
  const double sign = work.sign();
  SpectrumFall fall{.predictor = p, .from_level = first, .to_level = last};
  fall.total = estimate(minus(value[first], value[last], sign), work.confidence());
  fall.by_size = estimate(minus(control[first], control[last], sign), work.confidence());
  fall.by_overlap = estimate(minus(minus(control[last], value[last], sign),
                                   minus(control[first], value[first], sign), 1.0),
                             work.confidence());
  return fall;
}

double spearman_of(std::span<const double> a, std::span<const double> b) {
  return evaluate("spearman", a, b);
}

Monotonicity check_falling(const Work& work) {
  const auto& input = work.spectrum.input;
  std::vector<double> order;
  std::vector<double> overlap;
  for (std::size_t l = 0; l < work.n_levels(); ++l) {
    for (const std::size_t split : work.groups[l].splits) {
      const double measured = measured_overlap(input, input.splits[split].overlap);
      if (std::isnan(measured)) continue;
      order.push_back(static_cast<double>(l));
      overlap.push_back(measured);
    }
  }
  Monotonicity out;
  const auto differs = [](const std::vector<double>& values) {
    return std::ranges::adjacent_find(values, std::not_equal_to<>()) != values.end();
  };
  if (!differs(order)) return out;
  if (!differs(overlap)) return {.spearman = 0.0, .low = 0.0, .high = 0.0};
  out.spearman = spearman_of(order, overlap);
  std::vector<double> draws;
  for (std::size_t d = 0; d < work.spectrum.options.n_draws; ++d) {
    Rng rng(work.spectrum.options.seed, "spectrum monotonicity", d);
    std::vector<double> a;
    std::vector<double> b;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto pick = rng.below(static_cast<std::uint32_t>(order.size()));
      a.push_back(order[pick]);
      b.push_back(overlap[pick]);
    }
    const double value = spearman_of(a, b);
    if (!std::isnan(value)) draws.push_back(value);  // all of one level: says nothing
  }
  const Interval range = percentile_interval(draws, work.confidence());
  out.low = range.low;
  out.high = range.high;
  out.is_falling = out.spearman < 0.0 && out.high < 0.0;
  return out;
}

/// The ends that the area is to reach; see SpectrumOptions.
void check_range(Work& work) {
  Spectrum& spectrum = work.spectrum;
  const bool has_models =
      std::ranges::any_of(spectrum.input.predictors, [](const auto& p) { return p.is_model; });
  double low = spectrum.options.x_low_wanted;
  double high = spectrum.options.x_high_wanted;
  const bool is_lambda =
      spectrum.options.axis == SpectrumAxis::parameter && spectrum.input.falls_with_parameter;
  for (const auto& level : spectrum.levels) {
    if (std::isnan(level.x)) continue;
    if (std::isnan(low)) low = is_lambda ? 0.0 : level.x;
    if (std::isnan(high)) high = is_lambda ? 1.0 : level.x;
    if (std::isnan(spectrum.options.x_low_wanted) && !is_lambda) low = std::min(low, level.x);
    if (std::isnan(spectrum.options.x_high_wanted) && !is_lambda) high = std::max(high, level.x);
  }
  // With models all of them have to reach the ends; without, one baseline is enough.
  bool reaches = has_models;
  for (std::size_t p = 0; p < work.values.size(); ++p) {
    if (has_models && !spectrum.input.predictors[p].is_model) continue;
    double least = kUndefined;
    double most = kUndefined;
    for (const std::size_t l : with_value(work.values[p], spectrum.levels)) {
      least = std::fmin(least, spectrum.levels[l].x);  // fmin and fmax pass over NaN
      most = std::fmax(most, spectrum.levels[l].x);
    }
    const bool is_whole = least <= low + 1e-9 && most >= high - 1e-9;
    reaches = has_models ? reaches && is_whole : reaches || is_whole;
    spectrum.x_low =
        has_models ? std::fmax(spectrum.x_low, least) : std::fmin(spectrum.x_low, least);
    spectrum.x_high =
        has_models ? std::fmin(spectrum.x_high, most) : std::fmax(spectrum.x_high, most);
  }
  spectrum.is_partial = !reaches;
}

void empty_rows(SpectrumInput& input) {
  for (auto& split : input.splits) {
    split.truth = {};
    split.unit = {};
  }
  input.predictions = {};
}

}  // namespace

std::string_view to_string(SpectrumAxis axis) noexcept {
  switch (axis) {
    case SpectrumAxis::parameter:
      return "parameter";
    case SpectrumAxis::overlap:
      return "overlap";
    case SpectrumAxis::novelty:
      return "novelty";
  }
  return "parameter";
}

std::string metric_title(const SpectrumOptions& options) {
  return options.of_rows ? options.of_rows->title : metric(options.metric).title;
}

Spectrum summarise_spectrum(SpectrumInput input, const SpectrumOptions& options,
                            const Context& context) {
  const std::vector<LevelSplits> groups = detail::group_levels(input);
  const SpectrumDraws draws(input, groups, options, context);
  Spectrum spectrum{.input = std::move(input),
                    .options = options,
                    .higher_is_better = options.of_rows ? options.of_rows->higher_is_better
                                                        : metric(options.metric).higher_is_better,
                    .n_rows_dropped = draws.n_rows_dropped()};
  for (const auto& level : groups) {
    spectrum.levels.push_back(describe(spectrum.input, level, options.axis));
  }
  const std::size_t n = spectrum.input.predictors.size();
  Work work{.spectrum = spectrum,
            .groups = groups,
            .draws = draws,
            .values = std::vector<std::vector<Sample>>(n),
            .controls = std::vector<std::vector<Sample>>(n)};
  for (std::size_t p = 0; p < n; ++p) spectrum.curves.push_back(curve_of(work, p));
  for (std::size_t p = 0; p < n; ++p) {
    if (!spectrum.input.predictors[p].is_model) continue;
    for (auto& one : contrasts_of(work, p)) spectrum.contrasts.push_back(std::move(one));
  }
  judge_contrasts(work);
  for (std::size_t p = 0; p < n; ++p) {
    if (const auto fall = fall_of(work, p)) spectrum.falls.push_back(*fall);
  }
  spectrum.monotonicity = check_falling(work);
  check_range(work);
  empty_rows(spectrum.input);
  detail::write_sentences(spectrum);
  return spectrum;
}

}  // namespace cupel

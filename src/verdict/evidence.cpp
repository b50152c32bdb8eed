#include "verdict/evidence.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <functional>
#include <map>

#include "cupel/error.hpp"
#include "stat/interval.hpp"
#include "study/sample_scores.hpp"
#include "verdict/sample_evidence.hpp"

namespace cupel {
namespace {

constexpr std::array kStatistics{Statistic::rmse,
                                 Statistic::mse,
                                 Statistic::mae,
                                 Statistic::r2,
                                 Statistic::pearson,
                                 Statistic::macro_a_pearson,
                                 Statistic::macro_b_pearson,
                                 Statistic::macro_a_r2,
                                 Statistic::macro_b_r2};

std::string statistic_name(Statistic statistic, const Dataset& data) {
  std::string name(to_string(statistic));
  if (name.starts_with("macro_a")) name.replace(6, 1, data.entities.front().name);
  if (name.starts_with("macro_b")) name.replace(6, 1, data.entities.back().name);
  return name;
}

// Rows of the split on which an entry has a prediction; of a model with vectors the rows for which
// its primary metric is defined, unless it is so nowhere.
std::vector<std::uint8_t> mask_of(const StudyRun& run, const SplitResult& split,
                                  const Entry& entry) {
  if (has_vector_targets(run)) return sample_mask(run, split, entry);
  std::vector<std::uint8_t> mask;
  for (const double value : entry.values) mask.push_back(std::isnan(value) ? 0 : 1);
  return mask;
}

// Resamples the given entries on the rows of `mask`, then averages the seeds of each predictor.
Evidence sample(const StudyRun& run, const SplitResult& split,
                const std::vector<std::uint8_t>& mask, const std::vector<const Entry*>& entries,
                const Context& context) {
  const auto& entities = run.data.entities;
  const Entity& a = entities.front();
  const Entity& b = entities.back();
  std::vector<double> truth;
  std::vector<std::uint32_t> fold;
  std::vector<std::uint32_t> unit_a;
  std::vector<std::uint32_t> unit_b;
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    if (mask[i] == 0) continue;
    truth.push_back(split.truth[i]);
    fold.push_back(split.fold[i]);
    unit_a.push_back(a.code_of_sample[split.rows[i]]);
    unit_b.push_back(b.code_of_sample[split.rows[i]]);
  }
  std::vector<std::vector<double>> kept;
  for (const Entry* entry : entries) {
    auto& values = kept.emplace_back();
    values.reserve(truth.size());
    for (std::size_t i = 0; i < split.rows.size(); ++i) {
      if (mask[i] != 0) values.push_back(entry->values[i]);
    }
  }
  const std::vector<std::span<const double>> predictions(kept.begin(), kept.end());
  const ResampleUnit unit = choose_unit(run, split);
  const Resampled resampled = resample({.truth = truth,
                                        .fold = fold,
                                        .unit_a = unit_a,
                                        .unit_b = unit_b,
                                        .predictions = predictions},
                                       {.statistics = {kStatistics.begin(), kStatistics.end()},
                                        .unit = unit,
                                        .n_draws = run.study.statistics.draws,
                                        .seed = run.study.seed},
                                       context);

  Evidence evidence{.split = &split};
  evidence.n_rows = truth.size();
  evidence.n_units = unit == ResampleUnit::a   ? resampled.n_units_a
                     : unit == ResampleUnit::b ? resampled.n_units_b
                                               : std::min(resampled.n_units_a, resampled.n_units_b);
  evidence.unit = unit == ResampleUnit::a   ? a.name
                  : unit == ResampleUnit::b ? b.name
                                            : a.name + " and " + b.name;
  evidence.measures = measures_of(run);
  std::map<std::size_t, std::vector<std::size_t>> seeds;  // predictor -> positions in `entries`
  for (std::size_t e = 0; e < entries.size(); ++e) seeds[entries[e]->predictor].push_back(e);
  for (const auto& [predictor, positions] : seeds) evidence.predictors.push_back(predictor);
  for (const Statistic statistic : kStatistics) {
    auto& row = evidence.values.emplace_back();
    for (const auto& [predictor, positions] : seeds) {
      std::vector<const Sample*> of_seeds;
      for (const std::size_t i : positions) of_seeds.push_back(&resampled.sample(statistic, i));
      row.push_back(mean_sample(of_seeds));
    }
  }
  return evidence;
}

}  // namespace

Bounds interval(const Sample& sample, double confidence) {
  const Interval found = bca_interval(sample, confidence);
  if (found.is_reliable) return {found.low, found.high};
  // Resampling shifts some statistics (R2 and correlations within small groups, whose rows then
  // repeat) so far that the point lies outside the draws: their spread can be used, not their
  // place.
  const boost::math::normal normal;
  const double reach =
      boost::math::quantile(normal, 0.5 + confidence / 2.0) * standard_error(sample.draws);
  return {sample.point - reach, sample.point + reach};
}

double p_value_zero(const Sample& sample) {
  const double error = standard_error(sample.draws);
  if (std::isnan(error) || std::isnan(sample.point)) return kUndefined;
  if (error == 0.0) return sample.point == 0.0 ? 1.0 : 0.0;
  const boost::math::normal normal;
  return 2.0 * boost::math::cdf(boost::math::complement(normal, std::abs(sample.point) / error));
}

const Sample* Evidence::find(std::string_view measure, std::size_t predictor) const {
  const auto m = std::ranges::find(measures, measure, &Measure::name);
  const auto p = std::ranges::find(predictors, predictor);
  if (m == measures.end() || p == predictors.end()) return nullptr;
  return &values[static_cast<std::size_t>(m - measures.begin())]
                [static_cast<std::size_t>(p - predictors.begin())];
}

bool Evidence::holds(std::size_t predictor) const {
  return std::ranges::find(predictors, predictor) != predictors.end();
}

std::vector<Measure> measures_of(const StudyRun& run) {
  std::vector<Measure> measures;
  if (has_vector_targets(run)) {
    for (const auto& metric : run.area->sample_metrics()) {
      measures.push_back({metric.name, metric.higher_is_better});
    }
    return measures;
  }
  for (const Statistic statistic : kStatistics) {
    measures.push_back({statistic_name(statistic, run.data), higher_is_better(statistic)});
  }
  return measures;
}

std::optional<Measure> find_measure(std::string_view name, const StudyRun& run) {
  for (auto& measure : measures_of(run)) {
    if (measure.name == name) return std::move(measure);
  }
  return std::nullopt;
}

ResampleUnit choose_unit(const StudyRun& run, const SplitResult& split) {
  const auto& wanted = run.study.statistics.unit;
  const auto& entities = run.data.entities;
  if (entities.size() < 2 || wanted == entities[0].name) return ResampleUnit::a;
  // Where folds are tasks the tasks are given; over tasks there is verdict/tasks.hpp.
  if (wanted == "auto" &&
      std::ranges::all_of(split.folds, [](const Split& fold) { return !fold.task.empty(); })) {
    return ResampleUnit::a;
  }
  if (wanted == "both") return ResampleUnit::both;
  if (wanted == entities[1].name) return ResampleUnit::b;
  // Folds that are tasks hold rows of one of them each: only what they are about can be resampled.
  if (!split.folds.front().task.empty()) return ResampleUnit::a;
  const bool a = split.is_blind_to(entities[0].name);
  const bool b = split.is_blind_to(entities[1].name);
  if (a == b) return ResampleUnit::both;
  return a ? ResampleUnit::a : ResampleUnit::b;
}

std::vector<EntryGroup> group_entries(const StudyRun& run, const SplitResult& split) {
  // Rows by mask; the mask of the baselines (every row, unless a baseline is undefined) first.
  std::vector<const Entry*> baselines;
  std::map<std::vector<std::uint8_t>, std::vector<const Entry*>> models;
  std::vector<std::uint8_t> common(split.rows.size(), 1);
  for (const auto& entry : split.entries) {
    if (run.predictors[entry.predictor]->info().is_model) {
      models[mask_of(run, split, entry)].push_back(&entry);
      continue;
    }
    baselines.push_back(&entry);
    // A duplicate of a single cell is undefined: the others are judged there all the same.
    if (has_vector_targets(run) && run.predictors[entry.predictor]->info().is_oracle) continue;
    const auto mask = mask_of(run, split, entry);
    for (std::size_t i = 0; i < mask.size(); ++i) common[i] &= mask[i];
  }
  std::map<std::vector<std::uint8_t>, std::vector<const Entry*>> by_rows;
  by_rows[common];
  for (const auto& [mask, entries] : models) {
    auto rows = mask;
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] &= common[i];
    auto& group = by_rows[rows];
    group.insert(group.end(), entries.begin(), entries.end());
  }
  std::vector<EntryGroup> groups;
  const auto add = [&](const std::vector<std::uint8_t>& mask,
                       const std::vector<const Entry*>& entries) {
    if (std::find(mask.begin(), mask.end(), 1) == mask.end()) return;
    auto all = baselines;
    all.insert(all.end(), entries.begin(), entries.end());
    groups.push_back({mask, std::move(all)});
  };
  add(common, by_rows[common]);
  for (const auto& [mask, entries] : by_rows) {
    if (mask != common) add(mask, entries);
  }
  return groups;
}

Sample mean_sample(std::span<const Sample* const> samples) {
  Sample mean = *samples.front();
  for (const Sample* sample : samples.subspan(1)) mean = combine(mean, *sample, std::plus<>());
  const auto n = static_cast<double>(samples.size());
  if (samples.size() > 1) {
    mean = combine(mean, mean, [n](double sum, double) { return sum / n; });
  }
  return mean;
}

std::vector<Evidence> gather_evidence(const StudyRun& run, const Context& context) {
  std::vector<Evidence> all;
  for (const auto& split : run.splits) {
    for (const EntryGroup& group : group_entries(run, split)) {
      all.push_back(has_vector_targets(run)
                        ? sample_evidence(run, split, group.mask, group.entries, context)
                        : sample(run, split, group.mask, group.entries, context));
    }
    context.check_cancelled();
  }
  return all;
}

}  // namespace cupel

#include "verdict/series_spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "similarity/entity_similarity.hpp"
#include "split/overlap_profile.hpp"
#include "stat/tests.hpp"
#include "study/sample_scores.hpp"
#include "verdict/judge.hpp"

namespace cupel {
namespace {

constexpr std::size_t kPairsPerLevel = 3;

// The hypothesis that needs unseen members of the entity; nullptr if the area has none.
const Hypothesis* hypothesis_of(const StudyRun& run, const std::string& entity) {
  for (const auto& hypothesis : run.area->hypotheses()) {
    if (contains(hypothesis.needs_blind, entity)) return &hypothesis;
  }
  return nullptr;
}

std::vector<SpectrumPredictor> describe_members(const StudyRun& run, const SeriesResult& series) {
  const Hypothesis* hypothesis = hypothesis_of(run, series.spec.entity);
  std::vector<SpectrumPredictor> all;
  for (const auto& member : series.members) {
    const PredictorInfo& info = run.predictors[member.predictor]->info();
    all.push_back({.name = info.name,
                   .title = info.title,
                   .rung = info.rung,
                   .is_model = info.is_model,
                   .may_be_bar = hypothesis == nullptr || is_blind(info, *hypothesis),
                   .copies_nearest = member.predictor == series.nearest});
  }
  return all;
}

SpectrumSplit describe_split(const Dataset& data, const Entity& entity, const Split& split) {
  SpectrumSplit out{.parameter = split.level,
                    .repeat = split.repeat,
                    .is_control = split.is_control,
                    .overlap = split.overlap};
  std::set<std::uint32_t> left_out;
  for (std::uint32_t row = 0; row < split.role.size(); ++row) {
    const auto code = entity.code_of_sample[row];
    if (split.role[row] == Role::left_out) left_out.insert(code);
    if (split.role[row] != Role::test) continue;
    out.truth.push_back(data.n_outputs() == 1 ? data.target(row) : 0.0);
    out.unit.push_back(code);
  }
  out.n_left_out = left_out.size();
  return out;
}

// Mean response per id of the entity: what makes a leaked pair worth a look.
std::vector<double> mean_targets(const Dataset& data, const Entity& entity) {
  if (data.n_outputs() > 1) return std::vector<double>(entity.ids.size(), kUndefined);
  std::vector<double> sum(entity.ids.size(), 0.0);
  std::vector<double> n(entity.ids.size(), 0.0);
  for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
    sum[entity.code_of_sample[row]] += data.target(row);
    n[entity.code_of_sample[row]] += 1.0;
  }
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = n[i] > 0.0 ? sum[i] / n[i] : kUndefined;
  return sum;
}

// The id, and the name where the data have one: "45 (Vorinostat)".
std::string shown_id(const Entity& entity, std::uint32_t code) {
  const LabelBlock* names = entity.find_label("name");
  if (names == nullptr || names->code[code] == LabelBlock::kUnknown) return entity.ids[code];
  const std::string& name = names->levels[names->code[code]];
  return name == entity.ids[code] ? name : entity.ids[code] + " (" + name + ")";
}

// Test ids of a split with their most similar training ids, the closest pairs first.
std::vector<WorstPair> closest_pairs(const Entity& entity, const EntitySimilarity& by,
                                     const std::vector<double>& target, const Split& split,
                                     const Context& context) {
  std::vector<Role> role(entity.ids.size(), Role::left_out);
  for (std::size_t row = 0; row < split.role.size(); ++row) {
    role[entity.code_of_sample[row]] = split.role[row];
  }
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
  for (std::uint32_t i = 0; i < by.code_of_item.size(); ++i) {
    if (role[by.code_of_item[i]] == Role::train) train.push_back(i);
    if (role[by.code_of_item[i]] == Role::test) test.push_back(i);
  }
  const TestOverlap nearest = measure_test_items(*by.similarity, train, test, context);
  std::vector<std::size_t> order(test.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return nearest.nearest[a] > nearest.nearest[b];
  });
  order.resize(std::min(order.size(), kPairsPerLevel));
  std::vector<WorstPair> pairs;
  for (const std::size_t i : order) {
    const auto tested = by.code_of_item[test[i]];
    const auto known = by.code_of_item[nearest.nearest_item[i]];
    pairs.push_back({.parameter = split.level,
                     .test = shown_id(entity, tested),
                     .train = shown_id(entity, known),
                     .similarity = nearest.nearest[i],
                     .test_target = target[tested],
                     .train_target = target[known]});
  }
  return pairs;
}

void describe_similarity(const StudyRun& run, const SeriesResult& series, SpectrumInput& input,
                         const Context& context) {
  const Entity& entity = run.data.entity(series.spec.entity);
  if (is_by_response(series.spec)) {
    input.similarity = series.spec.similarity.empty() ? "cosine" : series.spec.similarity;
    input.similarity_parameters = "features=profile (mean log2 fold change over contexts)";
    return;
  }
  const auto by = entity_similarity(entity, series.spec.similarity, series.spec.features, context);
  input.similarity = by.similarity->kind();
  input.similarity_parameters = "features=" + by.features;
  if (const auto more = by.similarity->parameters(); !more.empty()) {
    input.similarity_parameters += ";" + more;
  }
  const NullModel null =
      entity_null_model(entity, series.spec.similarity, series.spec.features, context);
  input.null_p99 = null.p99;
  const double threshold = series.spec.threshold.value_or(by.default_threshold);
  const auto n_train = series.splits.front().overlap.n_train;
  if (const auto chance = chance_level(null, threshold, n_train); chance.is_inside_noise) {
    input.null_note = chance.sentence;
  }
  const auto target = mean_targets(run.data, entity);
  for (const auto& split : series.splits) {
    if (split.is_control || split.repeat > 0) continue;
    const auto pairs = closest_pairs(entity, by, target, split, context);
    input.worst_pairs.insert(input.worst_pairs.end(), pairs.begin(), pairs.end());
  }
}

SpectrumInput make_input(const StudyRun& run, SeriesResult& series, const Context& context) {
  const Entity& entity = run.data.entity(series.spec.entity);
  const bool by_mean = series.spec.measure == "nearest_mean";
  SpectrumInput input{
      .name = series.name,
      .title = "Falling overlap of " + entity.name + "s",
      .mode = "retrain",
      .entity = entity.name,
      .parameter_title = by_mean ? "mean similarity to the nearest training " + entity.name
                                 : "share of " + entity.name + "s with a training neighbour"};
  input.moves_nearest_mean = by_mean;
  describe_similarity(run, series, input, context);
  input.predictors = describe_members(run, series);
  for (const auto& split : series.splits) {
    input.splits.push_back(describe_split(run.data, entity, split));
  }
  for (auto& member : series.members) input.predictions.push_back(std::move(member.predictions));
  return input;
}

std::string recommendation_of(const Finding& finding, const std::string& entity,
                              const std::string& bar) {
  switch (finding.verdict) {
    case Verdict::learned:
      return fmt::format(
          "Report the curve over the similarity of {}s and its area beside that of {}: the gain is "
          "what the features add at every distance.",
          entity, bar);
    case Verdict::worse:
      return fmt::format(
          "Use {} instead for new {}s, or find out where along the curve the model "
          "loses to it.",
          bar, entity);
    case Verdict::not_shown:
      return fmt::format(
          "Do not claim predictions for new {}s, near or far: {} does as well "
          "without their features.",
          entity, bar);
    case Verdict::cannot_tell:
      return fmt::format(
          "Add {}s or repeats: this series cannot tell a gain that matters from "
          "none.",
          entity);
  }
  return {};
}

std::size_t count_units(const SeriesResult& series, const Entity& entity) {
  std::set<std::uint32_t> units;
  for (const auto& split : series.splits) {
    for (const auto row : split.rows(Role::test)) units.insert(entity.code_of_sample[row]);
  }
  return units.size();
}

std::size_t count_rows(const SeriesResult& series) {
  std::size_t n = 0;
  for (const auto& split : series.splits) n += split.is_control ? 0 : split.count(Role::test);
  return n;
}

Finding finding_of(const StudyRun& run, const SeriesResult& series, const Spectrum& spectrum,
                   const SpectrumContrast& contrast) {
  const Entity& entity = run.data.entity(series.spec.entity);
  const Hypothesis* hypothesis = hypothesis_of(run, entity.name);
  const auto& predictors = spectrum.input.predictors;
  Finding finding{.hypothesis = hypothesis == nullptr ? spectrum.input.name : hypothesis->id,
                  .predictor = predictors[contrast.model].name,
                  .against = predictors[contrast.against].name,
                  .split = series.name,
                  .metric = "auspc_" + spectrum.options.metric,
                  .unit = entity.name,
                  .estimate = contrast.difference.value,
                  .low = contrast.difference.low,
                  .high = contrast.difference.high,
                  .margin = contrast.margin,
                  .p_value = contrast.p_value,
                  .p_adjusted = contrast.p_adjusted,
                  .n_rows = count_rows(series),
                  .n_units = count_units(series, entity),
                  .verdict = contrast.verdict,
                  .sentence = contrast.sentence};
  finding.recommendation =
      recommendation_of(finding, entity.name, predictors[contrast.against].title);
  return finding;
}

}  // namespace

std::vector<Spectrum> summarise_series(StudyRun& run, const Context& context) {
  const Study& study = run.study;
  std::optional<RowMetric> of_rows;
  if (has_vector_targets(run)) {
    const auto primary = find_sample_metric(*run.area, study.primary_metric);
    if (!primary) return {};  // judge says so
    const SampleMetric& metric = run.area->sample_metrics()[*primary];
    of_rows = {.title = metric.title, .higher_is_better = metric.higher_is_better};
  }
  std::vector<Spectrum> spectra;
  for (auto& series : run.series) {
    spectra.push_back(summarise_spectrum(make_input(run, series, context),
                                         {.metric = study.primary_metric,
                                          .of_rows = of_rows,
                                          .n_draws = study.statistics.draws,
                                          .confidence = study.statistics.confidence,
                                          .margin = study.margin.value,
                                          .margin_is_relative = study.margin.relative,
                                          .seed = study.seed},
                                         context));
  }
  return spectra;
}

std::vector<Finding> series_findings(const StudyRun& run, const std::vector<Spectrum>& spectra) {
  std::vector<Finding> findings;
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    for (const auto& contrast : spectra[s].contrasts) {
      if (contrast.is_bar) {
        findings.push_back(finding_of(run, run.series[s], spectra[s], contrast));
      }
    }
  }
  return findings;
}

void add_series_findings(std::vector<Finding> of_series, const std::string& primary_metric,
                         std::vector<Finding>& findings) {
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.split.empty() &&
           std::any_of(of_series.begin(), of_series.end(), [&](const Finding& tested) {
             return tested.hypothesis == finding.hypothesis &&
                    tested.predictor == finding.predictor;
           });
  });
  const auto end_of_primary =
      std::find_if(findings.begin(), findings.end(),
                   [&](const Finding& finding) { return finding.metric != primary_metric; });
  findings.insert(end_of_primary, std::make_move_iterator(of_series.begin()),
                  std::make_move_iterator(of_series.end()));
}

std::vector<ProtocolNote> series_notes(const std::vector<Spectrum>& spectra) {
  std::vector<ProtocolNote> notes;
  for (const auto& spectrum : spectra) {
    if (spectrum.monotonicity.is_falling) continue;
    notes.push_back({.code = "series_does_not_fall",
                     .severity = Severity::warning,
                     .title = "The overlap of the series does not fall",
                     .sentence = spectrum.monotonicity.sentence,
                     .evidence = {{"series", spectrum.input.name},
                                  {"Spearman of order and overlap",
                                   fmt::format("{:.3g}", spectrum.monotonicity.spearman)}},
                     .recommendation =
                         "Do not read its curve as a spectrum: ask for fewer levels, a smaller "
                         "test or training share, or another similarity."});
  }
  return notes;
}

}  // namespace cupel

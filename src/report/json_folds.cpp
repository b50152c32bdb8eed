// Repeated cross-validation of one task as one experiment: repeated-measures analysis of variance
// over all folds and Tukey's honestly significant differences (Ash et al. 2025).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "report/json_sections.hpp"
#include "stat/repeated_measures.hpp"

namespace cupel::detail {
namespace {

constexpr std::size_t kMinimumFolds = 10;
constexpr double kLargestVarianceRatio = 3.0;
constexpr double kSphere = 0.75;  // below it, corrections of the degrees of freedom are advised

struct Comparison {
  const SplitResult* split = nullptr;
  std::vector<std::string> names;  // best mean first
  Matrix<double> scores;           // folds x names
  RepeatedMeasures anova;
  VarianceCheck variances;
  std::vector<PairDifference> pairs;      // Tukey
  std::vector<PairDifference> corrected;  // Nadeau and Bengio, the same pairs
};

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::size_t count_repeats(const SplitResult& split) {
  std::set<std::uint32_t> repeats;
  for (const auto& fold : split.folds) repeats.insert(fold.repeat);
  return repeats.size();
}

/// Folds of one cross-validation, repeated; tasks and few folds are compared elsewhere.
bool is_repeated(const SplitResult& split) {
  return split.folds.size() >= kMinimumFolds && count_repeats(split) > 1 && !has_tasks(split);
}

double test_over_train(const SplitResult& split) {
  double sum = 0.0;
  for (const auto& fold : split.folds) {
    sum += static_cast<double>(fold.count(Role::test)) /
           static_cast<double>(std::max<std::size_t>(fold.count(Role::train), 1));
  }
  return sum / static_cast<double>(split.folds.size());
}

Comparison compare(const AuditResults& results, const SplitResult& split) {
  const FoldValues values = fold_values(results, split);
  Comparison out{.split = &split, .names = contestants(results, values)};
  const std::string neighbour = results.run.area->neighbour_baseline();
  const auto found = values.find(neighbour);
  const bool has_neighbour =
      found != values.end() &&
      std::ranges::none_of(found->second, [](double value) { return std::isnan(value); });
  if (has_neighbour && !contains(out.names, neighbour)) out.names.push_back(neighbour);
  const double sign =
      higher_is_better_of(results.run, results.run.study.primary_metric) ? 1.0 : -1.0;
  std::ranges::stable_sort(out.names, [&](const std::string& a, const std::string& b) {
    return sign * mean_of(values.at(a)) > sign * mean_of(values.at(b));
  });
  out.scores = Matrix<double>(split.folds.size(), out.names.size());
  for (std::size_t k = 0; k < out.names.size(); ++k) {
    for (std::size_t f = 0; f < split.folds.size(); ++f) {
      out.scores(f, k) = values.at(out.names[k])[f];
    }
  }
  if (out.names.size() < 2) return out;
  const double confidence = results.run.study.statistics.confidence;
  out.anova = repeated_measures_anova(out.scores);
  out.variances = check_variances(out.scores);
  if (std::isnan(out.anova.f)) return out;
  out.pairs = tukey_hsd(out.scores, out.anova, confidence);
  out.corrected = corrected_t_pairs(out.scores, test_over_train(split), confidence);
  return out;
}

Json predictors_json(const AuditResults& results, const Comparison& comparison) {
  Json all = Json::array();
  for (std::size_t k = 0; k < comparison.names.size(); ++k) {
    std::vector<double> values;
    for (std::size_t f = 0; f < comparison.scores.rows; ++f) {
      values.push_back(comparison.scores(f, k));
    }
    const double mean = mean_of(values);
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const PredictorInfo& info = *find_info(results.run, comparison.names[k]);
    all.push_back({{"predictor", info.name},
                   {"title", info.title},
                   {"is_model", info.is_model},
                   {"mean", mean},
                   {"sd", std::sqrt(squares / static_cast<double>(values.size() - 1))}});
  }
  return all;
}

/// Every predictor against one; positive = better than it.
Json differences_json(const AuditResults& results, const Comparison& comparison,
                      std::size_t reference) {
  const double sign =
      higher_is_better_of(results.run, results.run.study.primary_metric) ? 1.0 : -1.0;
  Json all = Json::array();
  for (std::size_t i = 0; i < comparison.pairs.size(); ++i) {
    const PairDifference& pair = comparison.pairs[i];
    if (pair.first != reference && pair.second != reference) continue;
    const std::size_t other = pair.first == reference ? pair.second : pair.first;
    const double direction = pair.first == other ? sign : -sign;
    const double low = direction * pair.low;
    const double high = direction * pair.high;
    all.push_back({{"predictor", comparison.names[other]},
                   {"against", comparison.names[reference]},
                   {"difference", direction * pair.difference},
                   {"low", std::min(low, high)},
                   {"high", std::max(low, high)},
                   {"p_adjusted", pair.p_value},
                   {"p_corrected", comparison.corrected[i].p_value},
                   {"effect_size", direction * pair.effect_size}});
  }
  return all;
}

std::string title_of(const AuditResults& results, const std::string& name) {
  return find_info(results.run, name)->title;
}

std::string sentence_of(const AuditResults& results, const Comparison& comparison) {
  const double alpha = 1.0 - results.run.study.statistics.confidence;
  std::vector<std::string> as_good;
  for (const auto& pair : comparison.pairs) {
    if (pair.first == 0 && !(pair.p_value < alpha)) {
      as_good.push_back(title_of(results, comparison.names[pair.second]));
    }
  }
  const std::string best = title_of(results, comparison.names.front());
  const std::string start =
      fmt::format("Over {} folds ({} repeats), {} has the best mean {}", comparison.scores.rows,
                  count_repeats(*comparison.split), best, results.run.study.primary_metric);
  if (as_good.empty()) return start + "; Tukey's test tells all others from it.";
  return start + "; Tukey's test does not tell " + join(as_good, ", ") + " from it.";
}

Json cautions_of(const Comparison& comparison) {
  Json out = Json::array();
  if (comparison.variances.ratio > kLargestVarianceRatio) {
    out.push_back(fmt::format(
        "The largest variance over folds is {:.2g} times the smallest (above 3; Levene's p = "
        "{:.2g}): Tukey's intervals, which share one variance, are too narrow for some pairs and "
        "too wide for others. Read the corrected p values and the ranks.",
        comparison.variances.ratio, comparison.variances.levene.p_value));
  }
  if (comparison.anova.epsilon < kSphere) {
    out.push_back(fmt::format(
        "Differences between predictors are not equally variable (sphericity epsilon {:.2g} of 1): "
        "take the p value of the analysis of variance that is corrected for it ({:.2g}).",
        comparison.anova.epsilon, comparison.anova.p_value_greenhouse_geisser));
  }
  out.push_back(
      "Folds of a cross-validation share training rows, so these tests are too sure of themselves; "
      "p_corrected (Nadeau and Bengio, Holm over the pairs) takes that into account.");
  return out;
}

Json comparison_json(const AuditResults& results, const Comparison& comparison) {
  const std::string neighbour = results.run.area->neighbour_baseline();
  const auto place = std::ranges::find(comparison.names, neighbour);
  const bool has_neighbour = place != comparison.names.end();
  return {
      {"split", comparison.split->name},
      {"metric", results.run.study.primary_metric},
      {"higher_is_better", higher_is_better_of(results.run, results.run.study.primary_metric)},
      {"confidence", results.run.study.statistics.confidence},
      {"n_folds", comparison.scores.rows},
      {"n_repeats", count_repeats(*comparison.split)},
      {"f", comparison.anova.f},
      {"degrees_of_freedom", comparison.anova.degrees_of_freedom},
      {"degrees_of_freedom_error", comparison.anova.degrees_of_freedom_error},
      {"p_value", comparison.anova.p_value},
      {"epsilon", comparison.anova.epsilon},
      {"p_value_corrected", comparison.anova.p_value_greenhouse_geisser},
      {"variance_ratio", comparison.variances.ratio},
      {"levene_p_value", comparison.variances.levene.p_value},
      {"best", comparison.names.front()},
      {"neighbour", has_neighbour ? Json(neighbour) : Json()},
      {"predictors", predictors_json(results, comparison)},
      {"against_best", differences_json(results, comparison, 0)},
      {"against_neighbour",
       has_neighbour ? differences_json(results, comparison,
                                        static_cast<std::size_t>(place - comparison.names.begin()))
                     : Json::array()},
      {"sentence", sentence_of(results, comparison)},
      {"cautions", cautions_of(comparison)}};
}

}  // namespace

Json multiple_comparison_section(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& split : results.run.splits) {
    if (!is_repeated(split)) continue;
    const Comparison comparison = compare(results, split);
    if (!comparison.pairs.empty()) all.push_back(comparison_json(results, comparison));
  }
  return all;
}

}  // namespace cupel::detail

// Preset vcc2025: the profile vcc of cell-eval and the total of the Virtual Cell Challenge 2025.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "area/perturbation/cell_eval_run.hpp"
#include "area/perturbation/preset_list.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"

namespace cupel::perturbation {
namespace {

std::vector<PresetMetric> vcc_metrics() {
  std::vector<PresetMetric> out;
  for (auto& metric : cell_eval_metrics()) {
    if (metric.name == "mae" || metric.name == "discrimination_score_l1" ||
        metric.name == "overlap_at_N") {
      out.push_back(std::move(metric));
    }
  }
  return out;
}

/// Means of the baseline by metric: results of `cupel score`, or cell-eval's agg_results.csv.
std::map<std::string, double> read_baseline(const std::string& path, const std::string& where,
                                            const Context& context) {
  const Table table = read_csv(path, {}, context);
  std::map<std::string, double> means;
  if (const Column* statistic = table.find("statistic")) {
    for (std::size_t i = 0; i < table.n_rows; ++i) {
      if (statistic->as_text(i) != "mean") continue;
      for (const auto& column : table.columns) {
        if (column.type != ColumnType::text) means[column.name] = column.as_number(i);
      }
    }
    return means;
  }
  const Column& metric = table.at("metric");
  const Column& value = table.at("value");
  const Column& perturbation = table.at("perturbation");
  const Column* of = table.find("context");
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    if (!perturbation.is_missing(i) && !perturbation.as_text(i).empty()) continue;
    if (of != nullptr && !of->is_missing(i) && of->as_text(i) != where) continue;
    means[metric.as_text(i)] = value.as_number(i);
  }
  return means;
}

ScoreResult score_vcc2025(const ScoreRequest& request, const Context& context) {
  Options options(request.options, "preset vcc2025");
  const std::string baseline = options.text("baseline", "");
  ScoreResult result = score_cell_eval_profile(request, vcc_metrics(), options, context);
  std::vector<ProfileScore> means;
  std::ranges::copy_if(result.scores, std::back_inserter(means), [](const auto& score) {
    return score.perturbation.empty() && !score.metric.starts_with("ceiling:");
  });
  if (baseline.empty()) {
    result.conventions.emplace_back(
        "no total: give the scores of the baseline (--options baseline=FILE, a results.csv of "
        "cupel "
        "score or cell-eval's agg_results.csv; baseline=official: the challenge's own cell-mean "
        "baseline on its final test set, MAE 0.027, PDS 0.514, DES 0.106)");
    return result;
  }
  std::map<std::string, std::pair<double, std::size_t>> total;
  for (const auto& score : means) {
    const auto of = baseline == "official"
                        ? std::map<std::string, double>{{"mae", 0.027},
                                                        {"discrimination_score_l1", 0.514},
                                                        {"overlap_at_N", 0.106}}
                        : read_baseline(baseline, score.context, context);
    const auto found = of.find(score.metric);
    if (found == of.end()) {
      fail_input("the baseline has no mean of " + score.metric, {.file = baseline});
    }
    const double b = found->second;
    const double scaled =
        score.metric == "mae" ? 1.0 - score.value / b : (score.value - b) / (1.0 - b);
    const double floored = std::isnan(scaled) ? 0.0 : std::max(0.0, scaled);
    result.scores.push_back({.perturbation = "",
                             .context = score.context,
                             .metric = "scaled:" + score.metric,
                             .value = floored});
    total[score.context].first += floored;
    ++total[score.context].second;
  }
  for (const auto& [name, sum] : total) {
    result.scores.push_back({.perturbation = "",
                             .context = name,
                             .metric = "total",
                             .value = sum.first / static_cast<double>(sum.second)});
  }
  result.conventions.emplace_back(
      "total: mean of (x - b) / (1 - b) of PDS and DES and of (b - x) / b of MAE, each at least 0 "
      "(a "
      "terrible metric costs nothing: the rule of the challenge), undefined = 0");
  return result;
}

}  // namespace

Preset vcc2025_preset() {
  auto help = cell_eval_option_help();
  help.insert(
      help.begin(),
      "baseline: scores of the baseline, a results.csv of this command or agg_results.csv of "
      "cell-eval, or official; default none, and no total");
  return {.name = "vcc2025",
          .title = "Virtual Cell Challenge 2025",
          .source = "cell-eval 0.8.2, profile vcc (Arc Institute)",
          .summary = "MAE, PDS and DES, and the total of the challenge against a baseline",
          .metrics = vcc_metrics(),
          .option_help = help,
          .function = score_vcc2025};
}

}  // namespace cupel::perturbation

// Preset ahlmann: the prediction errors of Ahlmann-Eltze, Huber and Anders 2025.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "cupel/error.hpp"
#include "metric/profile_metrics.hpp"
#include "stat/ratio.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kTopGenes = 1000;
constexpr std::size_t kDraws = 10000;

/// The k genes of highest mean in the control, the first of equal ones; k = 0: all of them.
std::vector<std::uint32_t> highest_genes(std::span<const double> control, std::size_t k) {
  std::vector<std::uint32_t> genes(control.size());
  std::iota(genes.begin(), genes.end(), 0U);
  if (k == 0 || k >= genes.size()) return genes;
  std::ranges::stable_sort(genes, [&](auto a, auto b) { return control[a] > control[b]; });
  genes.resize(k);
  std::ranges::sort(genes);
  return genes;
}

std::size_t n_genes_of(const ScoreRequest& request) {
  const std::string text = option_of(request, "genes", fmt::format("top_control:{}", kTopGenes));
  if (text == "all") return 0;
  if (text.starts_with("top_control:")) {
    std::size_t n = 0;
    const std::string digits = text.substr(12);
    if (!digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos) {
      n = std::stoul(digits.substr(0, 9));
    }
    if (n > 0) return n;
  }
  fail(ErrorKind::usage, "genes=" + text + " is no choice of genes", {},
       "genes=top_control:1000 or genes=all");
}

void add_context(const ScoreRequest& request, const ProfileSides& sides, ScoreResult& result,
                 const Context& context) {
  const auto genes = highest_genes(sides.control, n_genes_of(request));
  const auto truth = columns_of(sides.truth, genes);
  const auto predicted = columns_of(sides.predicted, genes);
  const auto control = select(sides.control, genes);
  const auto truth_change = changes_from(truth, control);
  const auto predicted_change = changes_from(predicted, control);
  std::vector<double> l2(sides.names.size());
  for (std::size_t p = 0; p < l2.size(); ++p) l2[p] = profile::l2(truth.row(p), predicted.row(p));
  add_scores(sides, "l2", l2, false, result);
  add_scores(
      sides, "r2_delta",
      [&](std::size_t p) { return profile::pearson(truth_change.row(p), predicted_change.row(p)); },
      true, result);
  add_scores(
      sides, "r2", [&](std::size_t p) { return profile::pearson(truth.row(p), predicted.row(p)); },
      true, result);
  // The mean baseline of the paper: every training perturbation and the control have one weight.
  const auto n_train = static_cast<double>(sides.train.rows);
  std::vector<double> mean = select(sides.train_mean, genes);
  for (std::size_t g = 0; g < mean.size(); ++g) {
    mean[g] = (n_train * mean[g] + control[g]) / (n_train + 1.0);
  }
  std::vector<double> of_mean;
  std::vector<double> of_control;
  for (std::size_t p = 0; p < l2.size(); ++p) {
    of_mean.push_back(profile::l2(truth.row(p), mean));
    of_control.push_back(profile::l2(truth.row(p), control));
  }
  const auto add_relative = [&](const std::string& name, const std::vector<double>& baseline) {
    const RatioOfSums ratio = ratio_of_sums(l2, baseline, kDraws, context.seed);
    add_overall(sides, name, ratio.value, result);
    add_overall(sides, name + "_low", ratio.interval.low, result);
    add_overall(sides, name + "_high", ratio.interval.high, result);
  };
  add_relative("relative_l2_to_mean", of_mean);
  add_relative("relative_l2_to_no_change", of_control);
  result.conventions.push_back(fmt::format("genes: the {} of highest mean in the control{}",
                                           genes.size(),
                                           sides.context.empty() ? "" : " of " + sides.context));
}

ScoreResult score(const ScoreRequest& request, const Context& context) {
  check_options(request, {"genes"});
  ScoreResult result;
  const ProfileViews views = read_views(request, result, context);
  for (const auto& sides : read_sides(request, views, result, context)) {
    add_context(request, sides, result, context);
  }
  result.conventions.push_back(
      "relative_l2_to_mean: baseline is the mean of the training perturbations and the control, "
      "one "
      "weight each (the control is in the paper's training list); " +
      train_text(request));
  result.conventions.push_back(fmt::format(
      "_low and _high: 95 % percentile interval of {} draws of perturbations; better than the "
      "baseline where _high is below 1",
      kDraws));
  result.conventions.emplace_back(
      "r2_delta and r2 are Pearson correlations (the paper's files call them r2); undefined where "
      "a "
      "side is constant (no change), and then left out of the mean");
  return result;
}

std::vector<PresetMetric> metrics() {
  std::vector<PresetMetric> out{
      {.name = "l2",
       .higher_is_better = false,
       .perfect = 0.0,
       .description = "Euclidean distance of predicted and true profile"},
      {.name = "r2_delta",
       .perfect = 1.0,
       .description = "Pearson of the changes from the control"},
      {.name = "r2", .perfect = 1.0, .description = "Pearson of the profiles"}};
  for (const char* baseline : {"mean", "no_change"}) {
    const std::string of = std::string(baseline) == "mean"
                               ? "the mean of training perturbations and control"
                               : "predicting the control";
    for (const char* end : {"", "_low", "_high"}) {
      out.push_back({.name = fmt::format("relative_l2_to_{}{}", baseline, end),
                     .higher_is_better = false,
                     .per_perturbation = false,
                     .perfect = 0.0,
                     .description = *end == '\0' ? "sum of L2 over that of " + of
                                                 : "end of its 95 % interval"});
    }
  }
  return out;
}

}  // namespace

Preset ahlmann_preset() {
  return {.name = "ahlmann",
          .title = "Ahlmann-Eltze et al.",
          .source = "Ahlmann-Eltze, Huber and Anders 2025, doi:10.1038/s41592-025-02772-6",
          .summary = "L2 and Pearson of changes on the 1,000 genes of highest mean in the control",
          .metrics = metrics(),
          .option_help = {"genes: top_control:N or all, default top_control:1000"},
          .function = score};
}

}  // namespace cupel::perturbation

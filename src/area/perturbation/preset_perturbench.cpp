// Preset perturbench: the default metrics of PerturBench and the others of its two aggregations of
// means, by its rules.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "metric/discrimination.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kPseudocount = 0.1;

/// log2(mean + 0.1) - log2(mean of control + 0.1); undefined and infinite values are 0.
Matrix<double> log_changes(const Matrix<double>& means, std::span<const double> control) {
  Matrix<double> out = means;
  for (std::size_t p = 0; p < out.rows; ++p) {
    for (std::size_t j = 0; j < out.cols; ++j) {
      const double value =
          std::log2(means(p, j) + kPseudocount) - std::log2(control[j] + kPseudocount);
      out(p, j) = std::isfinite(value) ? value : 0.0;
    }
  }
  return out;
}

/// Of every true profile: where its own prediction stands among all predictions, nearest first,
/// over their number.
std::vector<double> ranks(const Matrix<double>& truth, const Matrix<double>& predicted,
                          ProfileDistance distance, const Context& context) {
  std::vector<double> out;
  for (const auto& row : discriminate(truth, predicted, {.distance = distance}, context)) {
    out.push_back(row.mid_rank() / (row.n_others + 1.0));
  }
  return out;
}

void add_context(const ProfileSides& sides, ScoreResult& result, const Context& context) {
  const auto truth = log_changes(sides.truth, sides.control);
  const auto predicted = log_changes(sides.predicted, sides.control);
  using Metric = double (*)(Profile, Profile);
  const auto add = [&](const char* name, Metric metric, const Matrix<double>& a,
                       const Matrix<double>& b) {
    add_scores(
        sides, name, [&](std::size_t p) { return metric(a.row(p), b.row(p)); }, true, result);
  };
  add("rmse_average", profile::rmse, sides.truth, sides.predicted);
  add_scores(sides, "rmse_rank_average",
             ranks(sides.truth, sides.predicted, ProfileDistance::l2, context), true, result);
  add("cosine_logfc", profile::cosine, truth, predicted);
  add_scores(sides, "cosine_rank_logfc", ranks(truth, predicted, ProfileDistance::cosine, context),
             true, result);
  add("mse_average", profile::mse, sides.truth, sides.predicted);
  add("mae_average", profile::mae, sides.truth, sides.predicted);
  add("pearson_average", profile::pearson, sides.truth, sides.predicted);
  add("r2_score_average", profile::r2, sides.predicted, sides.truth);
  add("rmse_logfc", profile::rmse, truth, predicted);
  add("pearson_logfc", profile::pearson, truth, predicted);
}

ScoreResult score(const ScoreRequest& request, const Context& context) {
  check_options(request, {});
  ScoreResult result;
  const ProfileViews views = read_views(request, result, context);
  for (const auto& sides : read_sides(request, views, result, context)) {
    add_context(sides, result, context);
  }
  result.conventions.emplace_back(
      "logfc: log2(mean + 0.1) - log2(mean of control + 0.1) of the log1p values; undefined is 0");
  result.conventions.emplace_back(
      "ranks: place of the own prediction among all predictions around a true profile, over their "
      "number: 0 best, (n - 1) / 2n by chance; ties share the mean rank (PerturBench shuffles)");
  result.conventions.emplace_back(
      "r2_score takes the prediction for the truth, as PerturBench passes them");
  return result;
}

PresetMetric metric(const char* name, bool higher, double perfect, const char* text) {
  return {.name = name, .higher_is_better = higher, .perfect = perfect, .description = text};
}

}  // namespace

Preset perturbench_preset() {
  return {.name = "perturbench",
          .title = "PerturBench",
          .source = "Wu et al. 2024, arXiv:2408.10609; repository at 4dd6a03",
          .summary = "RMSE of means, cosine of log fold changes, and the ranks of both",
          .metrics = {metric("rmse_average", false, 0.0, "root mean squared error of the means"),
                      metric("rmse_rank_average", false, 0.0, "rank by it"),
                      metric("cosine_logfc", true, 1.0, "cosine of log2 fold changes"),
                      metric("cosine_rank_logfc", false, 0.0, "rank by it"),
                      metric("mse_average", false, 0.0, "mean squared error of the means"),
                      metric("mae_average", false, 0.0, "mean absolute error of the means"),
                      metric("pearson_average", true, 1.0, "Pearson of the means"),
                      metric("r2_score_average", true, 1.0,
                             "1 - squared error / variance of the prediction"),
                      metric("rmse_logfc", false, 0.0, "root mean squared error of log2 changes"),
                      metric("pearson_logfc", true, 1.0, "Pearson of log2 fold changes")},
          .option_help = {},
          .function = score};
}

}  // namespace cupel::perturbation

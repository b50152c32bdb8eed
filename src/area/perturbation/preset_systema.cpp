// Preset systema: metrics of Systema (Vinas Torne et al. 2025), by their definitions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "metric/discrimination.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kTop = 20;

/// Mean cosine of the true changes with the change of the mean profile.
double systematic_variation(const ProfileSides& sides) {
  const auto shift = change(sides.train_mean, sides.control);
  const auto changes = changes_from(sides.train, sides.control);
  double sum = 0.0;
  for (std::size_t t = 0; t < changes.rows; ++t) sum += profile::cosine(changes.row(t), shift);
  return sum / static_cast<double>(changes.rows);
}

void add_context(const ProfileSides& sides, ScoreResult& result, const Context& context) {
  const auto truth = changes_from(sides.truth, sides.control);
  const auto predicted = changes_from(sides.predicted, sides.control);
  const auto truth_mean = changes_from(sides.truth, sides.train_mean);
  const auto predicted_mean = changes_from(sides.predicted, sides.train_mean);
  std::vector<std::vector<std::uint32_t>> top(sides.names.size());
  for (std::size_t p = 0; p < top.size(); ++p) top[p] = non_dropout_genes(sides, p, kTop);
  const auto on_top = [&](const Matrix<double>& a, const Matrix<double>& b, std::size_t p) {
    return profile::pearson(select(a.row(p), top[p]), select(b.row(p), top[p]));
  };
  const auto add = [&](const char* name, const RowMetric& metric) {
    add_scores(sides, name, metric, true, result);
  };
  add("pearson_delta",
      [&](std::size_t p) { return profile::pearson(truth.row(p), predicted.row(p)); });
  add("pearson_delta_de20", [&](std::size_t p) { return on_top(truth, predicted, p); });
  add("pearson_delta_pertref",
      [&](std::size_t p) { return profile::pearson(truth_mean.row(p), predicted_mean.row(p)); });
  add("pearson_delta_pertref_de20",
      [&](std::size_t p) { return on_top(truth_mean, predicted_mean, p); });
  add("rmse",
      [&](std::size_t p) { return profile::rmse(sides.truth.row(p), sides.predicted.row(p)); });
  add("rmse_de20", [&](std::size_t p) {
    return profile::rmse(select(sides.truth.row(p), top[p]),
                         select(sides.predicted.row(p), top[p]));
  });
  add("jaccard_top20",
      [&](std::size_t p) { return profile::top_jaccard(truth.row(p), predicted.row(p), kTop); });
  const auto ranks = discriminate(sides.predicted, sides.truth, {}, context);
  add("centroid_accuracy", [&](std::size_t p) { return ranks[p].share_farther(); });
  add_overall(sides, "systematic_variation", systematic_variation(sides), result);
}

ScoreResult score(const ScoreRequest& request, const Context& context) {
  check_options(request, {});
  ScoreResult result;
  const ProfileViews views = read_views(request, result, context);
  for (const auto& sides : read_sides(request, views, result, context)) {
    add_context(sides, result, context);
  }
  result.conventions.push_back(
      "perturbed reference: mean of the training perturbations' centroids, one weight each, "
      "without "
      "the control; " +
      train_text(request));
  result.conventions.emplace_back(
      "top 20: largest |t| of Welch's test against the control (scanpy t-test) among genes that "
      "are "
      "expressed in the perturbed cells or in neither (GEARS' top_non_dropout_de_20)");
  result.conventions.emplace_back(
      "centroid accuracy: share of the other scored perturbations whose true centroid is strictly "
      "farther (Euclidean); ties count as lost");
  result.conventions.emplace_back(
      "undefined correlations (no change) stay undefined and are left out of the mean");
  return result;
}

PresetMetric metric(const char* name, bool higher, double perfect, const char* text,
                    bool each = true) {
  return {.name = name,
          .higher_is_better = higher,
          .per_perturbation = each,
          .perfect = perfect,
          .description = text};
}

}  // namespace

Preset systema_preset() {
  return {
      .name = "systema",
      .title = "Systema",
      .source = "Vinas Torne et al. 2025, doi:10.1038/s41587-025-02777-8 (definitions, no code)",
      .summary =
          "Changes against the control and against the mean of perturbed profiles; centroid "
          "accuracy; systematic variation",
      .metrics =
          {metric("pearson_delta", true, 1.0, "Pearson of changes from the control"),
           metric("pearson_delta_de20", true, 1.0, "the same on the top 20 genes"),
           metric("pearson_delta_pertref", true, 1.0,
                  "Pearson of changes from the mean of the training perturbations"),
           metric("pearson_delta_pertref_de20", true, 1.0, "the same on the top 20 genes"),
           metric("rmse", false, 0.0, "root mean squared error of the profiles"),
           metric("rmse_de20", false, 0.0, "the same on the top 20 genes"),
           metric("jaccard_top20", true, 1.0, "overlap of the 20 largest changes of both sides"),
           metric("centroid_accuracy", true, 1.0,
                  "share of other true centroids that are farther than the own one"),
           metric("systematic_variation", true, kUndefined,
                  "mean cosine of true changes with their mean: a property of the data, no score",
                  false)},
      .option_help = {},
      .function = score};
}

}  // namespace cupel::perturbation

// Preset cupel: what cupel itself reports of two files, with what every other convention hides:
// ties by their expectation, errors without the noise of the means, several references side by
// side.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "metric/discrimination.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

/// What noise adds to the squared distance of a mean of cells: sum of variances / n; 0 for a
/// profile of one cell, whose noise is not known.
double noise_of(std::span<const double> variance, std::uint64_t n) {
  if (n < 2) return 0.0;
  return std::accumulate(variance.begin(), variance.end(), 0.0) / static_cast<double>(n);
}

void add_context(const ProfileSides& sides, ScoreResult& result, const Context& context) {
  const auto truth = changes_from(sides.truth, sides.control);
  const auto predicted = changes_from(sides.predicted, sides.control);
  const auto truth_mean = changes_from(sides.truth, sides.train_mean);
  const auto predicted_mean = changes_from(sides.predicted, sides.train_mean);
  const auto add = [&](const std::string& name, const RowMetric& metric) {
    add_scores(sides, name, metric, true, result);
  };
  add("pearson_delta",
      [&](std::size_t p) { return profile::pearson(truth.row(p), predicted.row(p)); });
  add("pearson_delta_mean_shift",
      [&](std::size_t p) { return profile::pearson(truth_mean.row(p), predicted_mean.row(p)); });
  add("cosine_delta",
      [&](std::size_t p) { return profile::cosine(truth.row(p), predicted.row(p)); });
  add("mse",
      [&](std::size_t p) { return profile::mse(sides.truth.row(p), sides.predicted.row(p)); });
  add("mse_unbiased", [&](std::size_t p) {
    return profile::unbiased_mse(sides.truth.row(p), sides.predicted.row(p),
                                 noise_of(sides.variance.row(p), sides.n_cells[p]),
                                 noise_of(sides.predicted_variance.row(p), sides.n_predicted[p]));
  });
  add("r2_delta", [&](std::size_t p) { return profile::r2(truth.row(p), predicted.row(p)); });
  add("direction_match",
      [&](std::size_t p) { return profile::direction_match(truth.row(p), predicted.row(p)); });
  const std::vector<ProfileDistance> distances{ProfileDistance::l1, ProfileDistance::l2,
                                               ProfileDistance::cosine};
  const auto ranks = discriminate(predicted, truth, distances, {}, context);
  for (std::size_t d = 0; d < distances.size(); ++d) {
    add(fmt::format("discrimination_{}", to_string(distances[d])),
        [&](std::size_t p) { return ranks[d][p].score(); });
  }
}

ScoreResult score(const ScoreRequest& request, const Context& context) {
  check_options(request, {});
  ScoreResult result;
  const ProfileViews views = read_views(request, result, context);
  for (const auto& sides : read_sides(request, views, result, context)) {
    add_context(sides, result, context);
  }
  result.conventions.push_back(
      "mean shift: against the mean of the training perturbations, one weight each; " +
      train_text(request));
  result.conventions.emplace_back(
      "mse_unbiased: less the sampling variance of both means (of the truth alone where a "
      "prediction is one profile); may be negative");
  result.conventions.emplace_back(
      "discrimination: 1 - mid-rank / (n - 1) of the own true change among all; ties count half, "
      "so "
      "that one prediction for all scores .5");
  result.conventions.emplace_back(
      "undefined values stay undefined; means are over the defined ones, which are counted");
  return result;
}

std::vector<PresetMetric> metrics() {
  const auto metric = [](const std::string& name, bool higher, double perfect,
                         const std::string& text) {
    return PresetMetric{
        .name = name, .higher_is_better = higher, .perfect = perfect, .description = text};
  };
  std::vector<PresetMetric> out{
      metric("pearson_delta", true, 1.0, "Pearson of changes from the control"),
      metric("pearson_delta_mean_shift", true, 1.0,
             "Pearson of changes from the mean of the training perturbations"),
      metric("cosine_delta", true, 1.0, "cosine of changes from the control"),
      metric("mse", false, 0.0, "mean squared error of the profiles"),
      metric("mse_unbiased", false, 0.0, "the same less the noise of the means"),
      metric("r2_delta", true, 1.0, "R2 of changes from the control"),
      metric("direction_match", true, 1.0, "share of genes whose change has the right sign")};
  for (const char* distance : {"l1", "l2", "cosine"}) {
    out.push_back(
        metric(fmt::format("discrimination_{}", distance), true, 1.0,
               fmt::format("how near the own true change is, by {}: .5 by chance", distance)));
  }
  return out;
}

}  // namespace

Preset cupel_preset() {
  return {.name = "cupel",
          .title = "cupel",
          .source = "cupel",
          .summary =
              "Changes against two references, errors without noise, discrimination with "
              "ties at their expectation",
          .metrics = metrics(),
          .option_help = {},
          .function = score};
}

}  // namespace cupel::perturbation

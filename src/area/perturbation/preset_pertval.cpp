// Preset pertval: the error of PertEval-scFM on single cells.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

/// Mean over the cells and genes of (x - profile)^2: the error of the mean, and the cells'
/// variance.
double cell_error(const ProfileSides& sides, std::size_t p, std::span<const double> profile) {
  const auto n = static_cast<double>(sides.n_cells[p]);
  const auto variance = sides.variance.row(p);
  double spread = 0.0;
  if (n > 1.0) spread = std::accumulate(variance.begin(), variance.end(), 0.0) * (n - 1.0) / n;
  return profile::mse(sides.truth.row(p), profile) +
         spread / static_cast<double>(sides.genes.size());
}

void add_context(const ProfileSides& sides, ScoreResult& result) {
  std::vector<double> of_model;
  std::vector<double> of_control;
  std::vector<double> of_best;
  for (std::size_t p = 0; p < sides.names.size(); ++p) {
    of_model.push_back(cell_error(sides, p, sides.predicted.row(p)));
    of_control.push_back(cell_error(sides, p, sides.control));
    of_best.push_back(cell_error(sides, p, sides.truth.row(p)));
  }
  add_scores(sides, "mse", of_model, false, result);
  add_scores(sides, "mse_of_control_mean", of_control, false, result);
  add_scores(sides, "mse_of_best_profile", of_best, false, result);
}

ScoreResult score(const ScoreRequest& request, const Context& context) {
  check_options(request, {});
  ScoreResult result;
  const ProfileViews views = read_views(request, result, context);
  for (const auto& sides : read_sides(request, views, result, context)) add_context(sides, result);
  result.conventions.emplace_back(
      "mse: over the true cells of a perturbation and all genes, against the mean of its predicted "
      "cells. PertEval pairs every true cell with one prediction; cells of two files cannot be "
      "paired, and a prediction that is one profile per perturbation gives the same number");
  result.conventions.emplace_back(
      "mse_of_best_profile is what no profile can go below: the variance of the true cells");
  result.conventions.emplace_back(
      "genes: all of the file (the authors take 2,000 highly variable ones); the area under the "
      "curve over splits is `cupel auspc`, the E-test `cupel edistance --permutations 1000`");
  return result;
}

}  // namespace

Preset pertval_preset() {
  return {.name = "pertval",
          .title = "PertEval-scFM",
          .source = "Wenteler et al. 2025, bioRxiv 2024.10.02.616248 (definitions)",
          .summary = "Mean squared error on single cells, beside the control mean's",
          .metrics = {{.name = "mse",
                       .higher_is_better = false,
                       .description = "mean squared error over the true cells"},
                      {.name = "mse_of_control_mean",
                       .higher_is_better = false,
                       .description = "the same of the mean of the control cells"},
                      {.name = "mse_of_best_profile",
                       .higher_is_better = false,
                       .description = "the same of the true mean: the floor"}},
          .option_help = {},
          .function = score};
}

}  // namespace cupel::perturbation

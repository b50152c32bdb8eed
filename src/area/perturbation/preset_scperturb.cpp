// Preset scperturb: E-distances of true and predicted cells to the control and to each other.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "area/perturbation/cell_space.hpp"
#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "cupel/error.hpp"
#include "metric/energy_distance.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kComponents = 50;

/// Components asked for; 0 = the genes themselves.
std::size_t components_of(const ScoreRequest& request, std::size_t n_genes, std::size_t n_cells) {
  const std::string space = option_of(request, "space", "");
  if (space.empty()) return std::min({kComponents, n_genes, n_cells - 1});
  if (space == "X") return 0;
  std::size_t n = 0;
  if (space.starts_with("pca:") && space.size() < 12 &&
      space.find_first_not_of("0123456789", 4) == std::string::npos && space.size() > 4) {
    n = std::stoul(space.substr(4));
  }
  if (n == 0 || n > std::min(n_genes, n_cells - 1)) {
    fail(ErrorKind::usage, "space=" + space + " is no space of this data", {},
         "space=X or space=pca:50");
  }
  return n;
}

/// Cells of the truth, then those of the prediction.
struct BothSides {
  Points points;
  std::size_t n_truth = 0;
};

BothSides cells_of(const ProfileViews& views, std::size_t n_components, const Context& context) {
  BothSides both{.points = points_of(*views.truth, context)};
  both.n_truth = both.points.size();
  if (n_components == 0) {
    append(both.points, points_of(*views.predicted, context));
    return both;
  }
  // Axes of the truth for both: a prediction must not choose the space that it is judged in.
  const PrincipalAxes axes = principal_axes(both.points, n_components, context);
  both.points = project(axes, both.points, context);
  append(both.points, project(axes, points_of(*views.predicted, context), context));
  return both;
}

void add_context(const ProfileSides& sides, const PairContext& of, const BothSides& both,
                 EnergyVariant variant, ScoreResult& result, const Context& context) {
  std::vector<PointSet> truth(sides.names.size());
  std::vector<PointSet> predicted(sides.names.size());
  PointSet control;
  const auto place = [&](std::uint32_t code) {
    const auto found = std::ranges::lower_bound(sides.names, of.labels[code]);
    return found != sides.names.end() && *found == of.labels[code]
               ? static_cast<std::size_t>(found - sides.names.begin())
               : sides.names.size();
  };
  const auto n_truth = static_cast<std::uint32_t>(both.n_truth);
  for (std::uint32_t i = 0; i < of.truth.size(); ++i) {
    if (of.truth[i] == Categories::kMissing) continue;
    if (of.truth[i] == of.control) control.push_back(i);
    if (const auto p = place(of.truth[i]); p < truth.size()) truth[p].push_back(i);
  }
  for (std::uint32_t i = 0; i < of.predicted.size(); ++i) {
    if (of.predicted[i] == Categories::kMissing) continue;
    if (const auto p = place(of.predicted[i]); p < truth.size())
      predicted[p].push_back(n_truth + i);
  }
  const auto real = energy_distances(both.points, truth, control, variant, context);
  const auto made = energy_distances(both.points, predicted, control, variant, context);
  std::vector<double> between(truth.size());
  for (std::size_t p = 0; p < truth.size(); ++p) {
    between[p] = energy_distances(both.points, {&predicted[p], 1}, truth[p], variant, context)[0];
  }
  add_scores(sides, "edistance_to_truth", between, true, result);
  add_scores(sides, "edistance_real", real, true, result);
  add_scores(sides, "edistance_pred", made, true, result);
  add_overall(sides, "pearson_edistance", profile::pearson(real, made), result);
  add_overall(sides, "spearman_edistance", profile::spearman(real, made), result);
}

ScoreResult score(const ScoreRequest& request, const Context& context) {
  check_options(request, {"space", "variant"});
  ScoreResult result;
  const ProfileViews views = read_views(request, result, context);
  const EnergyVariant variant = parse_energy_variant(option_of(request, "variant", "squared-u"));
  const std::size_t n_components =
      components_of(request, views.pair.genes.size(), views.truth->info().rows);
  const BothSides both = cells_of(views, n_components, context);
  const auto all = read_sides(request, views, result, context);
  for (std::size_t c = 0; c < all.size(); ++c) {
    add_context(all[c], views.pair.contexts[c], both, variant, result, context);
  }
  result.conventions.push_back(fmt::format(
      "{} E-distance in {}", to_string(variant),
      n_components == 0 ? "the space of the genes"
                        : fmt::format("{} principal components of the truth's cells (all genes, "
                                      "centred, not scaled); the prediction is projected on them",
                                      n_components)));
  result.conventions.emplace_back(
      "undefined where a side has one cell only and the variant is unbiased (u): a profile has no "
      "spread; variant=squared-v gives 2 |difference of means|^2");
  return result;
}

PresetMetric metric(const char* name, bool higher, double perfect, const char* text, bool each) {
  return {.name = name,
          .higher_is_better = higher,
          .per_perturbation = each,
          .perfect = perfect,
          .description = text};
}

}  // namespace

Preset scperturb_preset() {
  return {
      .name = "scperturb",
      .title = "scPerturb E-distance",
      .source = "Peidli et al. 2024, doi:10.1038/s41592-023-02144-y; scperturb 0.1.0",
      .summary = "Energy distances of true and predicted cells to the control and to each other",
      .metrics = {metric("edistance_to_truth", false, 0.0, "E-distance of predicted and true cells",
                         true),
                  metric("edistance_real", true, kUndefined,
                         "E-distance of the true cells to the control (no score)", true),
                  metric("edistance_pred", true, kUndefined,
                         "E-distance of the predicted cells to the true control", true),
                  metric("pearson_edistance", true, 1.0, "Pearson over perturbations of the two",
                         false),
                  metric("spearman_edistance", true, 1.0, "Spearman over perturbations of the two",
                         false)},
      .option_help = {"space: pca:N or X, default pca:50",
                      "variant: squared-u, squared-v, euclid-u, euclid-v, default squared-u"},
      .function = score};
}

}  // namespace cupel::perturbation

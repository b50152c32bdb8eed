// Preset miller: the 13 metrics of Miller et al. 2025 with the weights of Mejia et al. 2025, by
// their definitions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "cupel/error.hpp"
#include "metric/discrimination.hpp"
#include "metric/profile_metrics.hpp"
#include "stat/tests.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kAlpha = 0.05;
constexpr std::size_t kFewGenes = 2;

struct GeneTests {
  std::vector<double> weights;
  std::vector<std::uint32_t> significant;
};

/// scanpy's t-test_overestim_var of the perturbed cells against the rest.
GeneTests tests_of(const ProfileSides& sides, std::size_t p, bool rest_has_control) {
  const Moments group{sides.truth.row(p), sides.variance.row(p),
                      static_cast<double>(sides.n_cells[p])};
  Moments total{sides.total_mean, sides.total_variance, static_cast<double>(sides.n_total)};
  RestMoments without_control;
  if (!rest_has_control) {
    without_control = rest_of(
        total, {sides.control, sides.control_variance, static_cast<double>(sides.n_control)});
    total = {without_control.mean, without_control.variance, without_control.n};
  }
  GeneTests out;
  if (total.n <= group.n) {
    out.weights.assign(sides.genes.size(), 0.0);
    return out;
  }
  const RestMoments rest = rest_of(total, group);
  const MomentTest test = welch_from_moments(group, {rest.mean, rest.variance, group.n});
  out.weights = profile::score_weights(test.statistic);
  const auto adjusted = benjamini_hochberg(test.p_value);
  for (std::uint32_t j = 0; j < adjusted.size(); ++j) {
    if (adjusted[j] < kAlpha) out.significant.push_back(j);
  }
  return out;
}

bool rest_has_control(const ScoreRequest& request) {
  const std::string text = option_of(request, "rest", "with_control");
  if (text == "with_control" || text == "without_control") return text == "with_control";
  fail(ErrorKind::usage, "rest=" + text + " is no choice of the rest", {},
       "rest=with_control (Miller) or rest=without_control (Mejia)");
}

void add_reference(const ProfileSides& sides, const std::vector<GeneTests>& tests,
                   std::span<const double> reference, const std::string& name,
                   ScoreResult& result) {
  const auto truth = changes_from(sides.truth, reference);
  const auto predicted = changes_from(sides.predicted, reference);
  using Metric = double (*)(Profile, Profile);
  for (const auto& [word, metric] :
       {std::pair<const char*, Metric>{"pearson", profile::pearson}, {"r2", profile::r2}}) {
    const Metric measure = metric;
    add_scores(
        sides, fmt::format("{}_{}", word, name),
        [&](std::size_t p) { return measure(truth.row(p), predicted.row(p)); }, true, result);
    add_scores(
        sides, fmt::format("{}_{}_degs", word, name),
        [&](std::size_t p) {
          const auto& genes = tests[p].significant;
          if (genes.size() <= kFewGenes) return kUndefined;
          return measure(select(truth.row(p), genes), select(predicted.row(p), genes));
        },
        true, result);
  }
  add_scores(
      sides, fmt::format("weighted_r2_{}", name),
      [&](std::size_t p) {
        return profile::weighted_r2(truth.row(p), predicted.row(p), tests[p].weights);
      },
      true, result);
}

void add_context(const ScoreRequest& request, const ProfileSides& sides, ScoreResult& result,
                 const Context& context) {
  std::vector<GeneTests> tests;
  for (std::size_t p = 0; p < sides.names.size(); ++p) {
    tests.push_back(tests_of(sides, p, rest_has_control(request)));
  }
  add_scores(
      sides, "mse",
      [&](std::size_t p) { return profile::mse(sides.truth.row(p), sides.predicted.row(p)); }, true,
      result);
  add_scores(
      sides, "wmse",
      [&](std::size_t p) {
        return profile::weighted_mse(sides.truth.row(p), sides.predicted.row(p), tests[p].weights);
      },
      true, result);
  add_reference(sides, tests, sides.control, "deltactrl", result);
  add_reference(sides, tests, sides.train_mean, "deltapert", result);
  const auto ranks = discriminate(sides.predicted, sides.truth, {}, context);
  add_scores(sides, "nir", [&](std::size_t p) { return ranks[p].share_farther(); }, true, result);
}

ScoreResult score(const ScoreRequest& request, const Context& context) {
  check_options(request, {"rest"});
  ScoreResult result;
  const ProfileViews views = read_views(request, result, context);
  for (const auto& sides : read_sides(request, views, result, context)) {
    add_context(request, sides, result, context);
  }
  result.conventions.push_back(fmt::format(
      "weights: |t| of t-test_overestim_var of the perturbed cells against the rest ({} the "
      "control), scaled to 0..1 over genes and squared; on all cells of the truth, where the "
      "authors take the second half",
      rest_has_control(request) ? "with" : "without"));
  result.conventions.emplace_back(
      "degs: genes with adjusted p < 0.05 of that test (Benjamini-Hochberg), more than 2 of them, "
      "else undefined");
  result.conventions.push_back("deltapert: against the mean of the perturbations' means; " +
                               train_text(request));
  result.conventions.emplace_back(
      "nir: share of the other scored perturbations whose true profile is strictly farther "
      "(Euclidean), within a context");
  result.conventions.emplace_back("undefined values stay undefined and are left out of the mean");
  return result;
}

std::vector<PresetMetric> metrics() {
  std::vector<PresetMetric> out{
      {.name = "mse",
       .higher_is_better = false,
       .perfect = 0.0,
       .description = "mean squared error of the profiles"},
      {.name = "wmse",
       .higher_is_better = false,
       .perfect = 0.0,
       .description = "weighted mean squared error: sum w (x^ - x)^2 / sum w"}};
  for (const char* reference : {"deltactrl", "deltapert"}) {
    const std::string of = std::string(reference) == "deltactrl"
                               ? "changes from the control"
                               : "changes from the mean of perturbations";
    for (const char* word : {"pearson", "r2"}) {
      out.push_back({.name = fmt::format("{}_{}", word, reference),
                     .perfect = 1.0,
                     .description = fmt::format("{} of {}", word, of)});
      out.push_back({.name = fmt::format("{}_{}_degs", word, reference),
                     .perfect = 1.0,
                     .description = fmt::format("{} of {} on significant genes", word, of)});
    }
    out.push_back({.name = fmt::format("weighted_r2_{}", reference),
                   .perfect = 1.0,
                   .description = fmt::format("weighted R2 of {}", of)});
  }
  out.push_back({.name = "nir",
                 .perfect = 1.0,
                 .description = "normalised inverse rank: share of other true profiles that are "
                                "farther than the own one"});
  return out;
}

}  // namespace

Preset miller_preset() {
  return {.name = "miller",
          .title = "Miller et al. and Mejia et al.",
          .source = "Mejia et al. 2025, arXiv:2506.22641, and Miller et al. 2025 (definitions)",
          .summary =
              "Errors and R2 weighted by differential expression, against the control and "
              "against the mean of perturbations",
          .metrics = metrics(),
          .option_help = {"rest: with_control (Miller) or without_control (Mejia), default "
                          "with_control"},
          .function = score};
}

}  // namespace cupel::perturbation

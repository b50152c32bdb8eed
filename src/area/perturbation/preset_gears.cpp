// Preset gears: the metrics of GEARS (cell-gears 0.1.2), by its rules.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kTop = 20;

/// An undefined correlation counts as none.
double or_zero(double value) { return std::isnan(value) ? 0.0 : value; }

void add_context(const ProfileSides& sides, ScoreResult& result) {
  const auto truth = changes_from(sides.truth, sides.control);
  const auto predicted = changes_from(sides.predicted, sides.control);
  std::vector<std::vector<std::uint32_t>> ranked(sides.names.size());
  for (std::size_t p = 0; p < ranked.size(); ++p) ranked[p] = ranked_genes(sides, p);
  const auto top = [&](std::size_t p, std::size_t k) {
    return std::span<const std::uint32_t>(ranked[p]).first(std::min(k, ranked[p].size()));
  };
  const auto add = [&](const std::string& name, const RowMetric& metric) {
    add_scores(sides, name, metric, false, result);
  };
  add("mse",
      [&](std::size_t p) { return profile::mse(sides.truth.row(p), sides.predicted.row(p)); });
  add("pearson", [&](std::size_t p) {
    return or_zero(profile::pearson(sides.truth.row(p), sides.predicted.row(p)));
  });
  add("mse_de", [&](std::size_t p) {
    return profile::mse(select(sides.truth.row(p), top(p, kTop)),
                        select(sides.predicted.row(p), top(p, kTop)));
  });
  add("pearson_de", [&](std::size_t p) {
    return or_zero(profile::pearson(select(sides.truth.row(p), top(p, kTop)),
                                    select(sides.predicted.row(p), top(p, kTop))));
  });
  add("pearson_delta",
      [&](std::size_t p) { return or_zero(profile::pearson(truth.row(p), predicted.row(p))); });
  add("pearson_delta_de", [&](std::size_t p) {
    return or_zero(profile::pearson(select(truth.row(p), top(p, kTop)),
                                    select(predicted.row(p), top(p, kTop))));
  });
  add("frac_correct_direction_all",
      [&](std::size_t p) { return profile::direction_match(truth.row(p), predicted.row(p)); });
  for (const std::size_t k : {20, 50, 100, 200}) {
    add(fmt::format("frac_correct_direction_{}", k), [&](std::size_t p) {
      return profile::direction_match(select(truth.row(p), top(p, k)),
                                      select(predicted.row(p), top(p, k)));
    });
  }
}

ScoreResult score(const ScoreRequest& request, const Context& context) {
  check_options(request, {});
  ScoreResult result;
  const ProfileViews views = read_views(request, result, context);
  for (const auto& sides : read_sides(request, views, result, context)) add_context(sides, result);
  result.conventions.emplace_back(
      "de: the 20 genes of largest |t| of the true cells against the control of the same context "
      "(scanpy rank_genes_groups, t-test, rankby_abs)");
  result.conventions.emplace_back("undefined correlations count as 0, as in GEARS");
  return result;
}

std::vector<PresetMetric> metrics() {
  const auto error = [](const char* name, const char* text) {
    return PresetMetric{
        .name = name, .higher_is_better = false, .perfect = 0.0, .description = text};
  };
  const auto gain = [](const std::string& name, const std::string& text) {
    return PresetMetric{.name = name, .perfect = 1.0, .description = text};
  };
  std::vector<PresetMetric> out{
      error("mse", "mean squared error of the profiles"),
      gain("pearson", "Pearson of the profiles (near 1 for anything like an expression profile)"),
      error("mse_de", "mean squared error on the top 20 genes"),
      gain("pearson_de", "Pearson of the profiles on the top 20 genes"),
      gain("pearson_delta", "Pearson of changes from the control"),
      gain("pearson_delta_de", "Pearson of changes from the control on the top 20 genes"),
      gain("frac_correct_direction_all", "share of genes whose change has the right sign")};
  for (const int k : {20, 50, 100, 200}) {
    out.push_back(gain(fmt::format("frac_correct_direction_{}", k),
                       fmt::format("the same on the top {} genes", k)));
  }
  return out;
}

}  // namespace

Preset gears_preset() {
  return {.name = "gears",
          .title = "GEARS",
          .source = "Roohani et al. 2024, doi:10.1038/s41587-023-01905-6; cell-gears 0.1.2",
          .summary =
              "Errors and correlations of profiles and changes, on all genes and on the top "
              "20 of differential expression",
          .metrics = metrics(),
          .option_help = {},
          .function = score};
}

}  // namespace cupel::perturbation

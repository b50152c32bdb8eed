// Ceiling, calibration and position as sections of the report.
#include "area/perturbation/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "area/perturbation/section_parts.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kMostWork = 4e10;       // multiplications that half views may cost, roughly
constexpr std::size_t kFewestViews = 2;  // one seed, both directions

/// Fewer seeds where a scoring of the test rows is expensive (ranks compare all pairs of rows).
std::size_t affordable_views(const Dataset& data, const TestRows& test, std::size_t n_models) {
  const auto rows = static_cast<double>(test.size());
  const double per_fold = rows / static_cast<double>(std::max<std::size_t>(test.folds.size(), 1));
  const double one = rows * (per_fold + 20.0) * static_cast<double>(data.n_outputs());
  const double views = kMostWork / (one * (14.0 + static_cast<double>(n_models)));
  const std::size_t all = n_half_views(data);
  if (views >= static_cast<double>(all)) return all;
  const auto even = static_cast<std::size_t>(std::max(views, 0.0)) / 2 * 2;
  return std::min(all, std::max(kFewestViews, even));
}

std::string titles_of(const Measured& measured, const std::vector<std::size_t>& metrics) {
  std::vector<std::string> names;
  for (const auto m : metrics) names.push_back(measured.scorer.metrics[m].title);
  return listed(names);
}

std::string_view rule_text(Projection projection) {
  switch (projection) {
    case Projection::spearman_brown:
      return "Spearman-Brown";
    case Projection::half:
      return "halved";
    case Projection::root_half:
      return "by the root of 2";
    case Projection::none:
      break;
  }
  return "none: as measured on halves";
}

const char* no_halves() {
  return "The cells were not split into halves (halves: 0), so nothing can be said of the noise of "
         "the metrics.";
}

Measured measure(const Scorer& scorer, const SectionRequest& request, const Context& context) {
  const auto& statistics = request.study.statistics;
  const TestRows test{.folds = request.folds, .rows = request.rows, .fold = request.fold};
  Measured out{.scorer = scorer,
               .request = request,
               .test = test,
               .draws = draw_perturbations(request.data, request.rows, statistics.draws,
                                           statistics.confidence, request.study.seed, context)};
  for (std::size_t m = 0; m < scorer.metrics.size(); ++m) {
    if (scorer.metrics[m].name == request.study.primary_metric) out.primary = m;
  }
  for (std::size_t p = 0; p < request.predictors.size(); ++p) {
    if (request.predictors[p].info->is_model) out.models.push_back(p);
    out.scores.push_back(score_test_rows(scorer, request.data, test, request.predictors[p].values));
  }
  const std::size_t views = affordable_views(request.data, test, out.models.size());
  out.ceiling = noise_ceiling(scorer, request.data, test, out.draws, views, context);
  out.calibration = calibrate(scorer, request.data, test, out.draws, views, context);
  out.best_blind = best_blind_baselines(scorer.metrics, request.predictors, out.scores);
  out.positions = positions(scorer.metrics, request.predictors, out.scores, out.ceiling, out.draws);
  auto probed = out.models;
  if (out.best_blind[out.primary] != kNoPredictor) probed.push_back(out.best_blind[out.primary]);
  out.probed.resize(probed.size());
  for (std::size_t k = 0; k < probed.size(); ++k) {
    const auto& predictor = request.predictors[probed[k]];
    context.check_cancelled();
    out.probed[k] = probe_predictor(scorer, request.data, test, predictor.values, out.primary,
                                    out.draws, request.study.seed);
    out.probed[k].predictor = predictor.info->name;
    out.probed[k].title = predictor.info->title;
  }
  out.correlation = noise_correlation(request.data);
  out.effects = effect_sizes(request.data, out.correlation);
  out.systematic = systematic_variation(request.data, statistics.draws, statistics.confidence,
                                        request.study.seed, context);
  out.interactions = interactions(request.data, out.correlation);
  out.row_positions =
      row_positions(scorer, request.data, test, request.predictors, out.models,
                    out.best_blind[out.primary], out.primary, out.scores, out.ceiling, context);
  return out;
}

}  // namespace

AreaSection calibration_section(const Measured& measured) {
  AreaSection section =
      named_section("what_metrics_can_tell", "Which metrics can tell anything here");
  if (measured.ceiling.n_views == 0) {
    section.sentences.emplace_back(no_halves());
    return section;
  }
  std::vector<std::size_t> tells;
  std::vector<std::size_t> mute;
  std::vector<std::size_t> unknown;
  SectionTable table{
      .title = "Calibration of every metric on this data set",
      .columns = {{"metric", "Metric", false, 3, ""},
                  {"tells", "Tells anything", false, 3, ""},
                  {"drf", "Dynamic range fraction", true, 3, "0 = repeat no better than the mean"},
                  {"drf_interval", "Interval", false, 3, ""},
                  {"drf_median", "Median", true, 3, ""},
                  {"bds", "Repeat beats mean", true, 3, "share of perturbations, 0.5 = chance"},
                  {"bds_interval", "Interval", false, 3, ""},
                  {"interpolated_drf", "Interpolated repeat: range", true, 3, ""},
                  {"interpolated_bds", "Interpolated repeat: beats mean", true, 3, ""},
                  {"against", "Must beat", false, 3, ""}},
      .rows = {}};
  SectionSeries series{.name = "dynamic range fraction", .x = {}, .y = {}, .low = {}, .high = {}};
  SectionPlot plot{.title = "How much of each metric's range an independent repeat wins",
                   .x_label = "dynamic range fraction",
                   .y_label = {},
                   .categories = {},
                   .series = {},
                   .reference = 0.0};
  for (std::size_t m = 0; m < measured.calibration.size(); ++m) {
    const auto& metric = measured.calibration[m];
    const bool is_known = std::isfinite(metric.drf_mean.low) && std::isfinite(metric.bds.low);
    (!is_known ? unknown : metric.tells ? tells : mute).push_back(m);
    table.rows.push_back(
        {measured.scorer.metrics[m].title,
         !is_known      ? "not known"
         : metric.tells ? "yes"
                        : "not shown",
         cell(metric.drf_mean.value), interval_text(metric.drf_mean), cell(metric.drf_median),
         cell(metric.bds.value), interval_text(metric.bds),
         cell(metric.interpolated_drf_mean.value), cell(metric.interpolated_bds.value),
         metric.negative_is_control ? "control" : "mean of training perturbations"});
    plot.categories.push_back(measured.scorer.metrics[m].title);
    series.y.push_back(metric.drf_mean.value);
    series.low.push_back(metric.drf_mean.low);
    series.high.push_back(metric.drf_mean.high);
  }
  const std::size_t n = measured.calibration.size();
  section.sentences.push_back(
      tells.empty()
          ? "No metric was shown to tell an independent repeat of the experiment from a prediction "
            "that knows only the mean of other perturbations."
          : fmt::format("{} of {} can tell an independent repeat of the experiment from a "
                        "prediction that knows only the mean of other perturbations: {}.",
                        tells.size(), counted(n, "metric", "metrics"), titles_of(measured, tells)));
  if (!mute.empty()) {
    section.sentences.push_back(
        fmt::format("Not shown to do so: {}. What a model scores there says little about what it "
                    "has learned, on this data set.",
                    titles_of(measured, mute)));
  }
  if (!unknown.empty()) {
    section.sentences.push_back(fmt::format(
        "Too few perturbations to say (ten are needed, each with cells enough for halves): {}.",
        titles_of(measured, unknown)));
  }
  plot.series.push_back(std::move(series));
  section.tables.push_back(std::move(table));
  section.plots.push_back(std::move(plot));
  section.explanation = fmt::format(
      "The cells of every sample and of its controls are split into halves. One half is the truth; "
      "the other half is shown as the prediction that must win, and the mean of its training "
      "perturbations (for metrics of changes from the mean perturbation: its control) as the one "
      "that must lose. Dynamic range fraction: the share of the way from that mean to a perfect "
      "score, per perturbation, clipped to -1 and 1, averaged over {} half views. The interpolated "
      "repeat takes each gene from the repeat as far as it clearly responds, and else from the "
      "mean. Intervals resample perturbations. Halves have half of the cells: with all of them, a "
      "metric can tell more.",
      measured.ceiling.n_views);
  return section;
}

AreaSection ceiling_section(const Measured& measured) {
  AreaSection section =
      named_section("noise_ceiling", "What a repeat of the experiment would score");
  const auto& metrics = measured.scorer.metrics;
  if (measured.ceiling.n_views == 0) {
    section.sentences.emplace_back(no_halves());
    return section;
  }
  SectionTable table{
      .title = "Noise ceiling",
      .columns = {{"metric", "Metric", false, 3, ""},
                  {"half", "Half against half", true, 4, "own controls"},
                  {"half_interval", "Interval", false, 3, ""},
                  {"full", "All cells", true, 4, "own controls"},
                  {"full_interval", "Interval", false, 3, ""},
                  {"matched", "All cells, shared controls", true, 4, "to hold models to"},
                  {"rule", "Carried to all cells by", false, 3, ""},
                  {"replicates", "Across replicates", true, 4, "all of them"},
                  {"replicates_interval", "Interval", false, 3, ""},
                  {"inflation", "Shared controls: looks better by", true, 4, ""},
                  {"inflation_interval", "Interval", false, 3, ""}},
      .rows = {}};
  std::vector<std::string> inflated;
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    const auto& metric = measured.ceiling.metrics[m];
    const bool has_control = metric.uses_control;
    table.rows.push_back({metrics[m].title, cell(metric.half_mean.value),
                          interval_text(metric.half_mean), cell(metric.full_mean.value),
                          interval_text(metric.full_mean), cell(metric.matched_mean.value),
                          std::string(rule_text(metric.projection)),
                          cell(metric.replicates_mean.value), interval_text(metric.replicates_mean),
                          has_control ? cell(metric.inflation.value) : "",
                          has_control ? interval_text(metric.inflation) : ""});
    if (has_control && metric.inflation.low > 0.0) {
      inflated.push_back(
          fmt::format("{} by {}", metrics[m].title, number(metric.inflation.value, 2)));
    }
  }
  section.tables.push_back(std::move(table));
  const auto& primary = measured.ceiling.metrics[measured.primary];
  section.sentences.push_back(
      fmt::format("An independent repeat of this experiment with as many cells and its own "
                  "controls would score "
                  "{} on {}.",
                  with_interval(primary.full_mean), metrics[measured.primary].title));
  if (!inflated.empty()) {
    section.sentences.push_back(fmt::format(
        "Taking both changes from the same control cells, as is common, makes any prediction look "
        "better than it is, a repeat by this much: {}. Models and baselines are scored that way "
        "too, and are therefore held to the repeat with shared controls ({} on {}).",
        listed(inflated), number(primary.matched_mean.value), metrics[measured.primary].title));
  }
  section.sentences.push_back(fmt::format(
      "A prediction that knew the true mean profiles exactly would still have a mean squared error "
      "of {} per gene against these measurements.",
      with_interval(measured.ceiling.measurement_mse_mean)));
  const auto& replicates = profiles_of(measured.request.data).replicates;
  if (replicates.empty()) {
    section.sentences.emplace_back(
        "The halves share wells and days, and no column of replicates is named: differences "
        "between biological replicates are not in this ceiling, which is on the high side.");
  } else {
    section.sentences.push_back(fmt::format(
        "Across the {} biological replicates, each with its own controls, a repeat would score {} "
        "by the same measure. Where replicates do worse than random halves, they differ by more "
        "than their cells.",
        replicates.size(), with_interval(primary.replicates_mean)));
  }
  section.explanation = fmt::format(
      "Cells of every sample and of its controls are split at random into disjoint halves, each "
      "half has its own controls, and each is scored as the prediction of the other ({} views). "
      "Correlations above 0 are carried over to all cells by 2r / (1 + r) (Spearman-Brown), "
      "squared "
      "errors by 1/2, distances and absolute errors by 1 over the root of 2; ranks, overlaps and "
      "other metrics stay as measured on halves, where they are too low. The mean training "
      "perturbation, where a metric starts from it, is that of the half that is the truth. "
      "Intervals resample "
      "perturbations. The error of a perfectly known mean is the sum over genes of variance over "
      "number of cells.",
      measured.ceiling.n_views);
  return section;
}

AreaSection position_section(const Measured& measured) {
  AreaSection section =
      named_section("between_floor_and_ceiling", "Between the best blind baseline and the ceiling");
  if (measured.ceiling.n_views == 0 || measured.models.empty()) return section;
  const auto& metrics = measured.scorer.metrics;
  const auto& predictors = measured.request.predictors;
  SectionTable table{.title = "Where each model stands: 0 = best blind baseline, 1 = ceiling",
                     .columns = {{"model", "Model", false, 3, ""},
                                 {"metric", "Metric", false, 3, ""},
                                 {"position", "Position", true, 3, ""},
                                 {"interval", "Interval", false, 3, ""},
                                 {"score", "Model", true, 4, ""},
                                 {"baseline", "Best blind baseline", false, 3, ""},
                                 {"floor", "Its score", true, 4, ""},
                                 {"ceiling", "Ceiling", true, 4, ""},
                                 {"n", "Samples", true, 0, ""}},
                     .rows = {}};
  SectionPlot plot{.title = "0 = best blind baseline, 1 = a repeat of the experiment",
                   .x_label = "position",
                   .y_label = {},
                   .categories = {},
                   .series = {},
                   .reference = 0.0};
  for (const auto& metric : metrics) plot.categories.push_back(metric.title);
  std::vector<std::string> no_room;
  for (const auto& position : measured.positions) {
    const auto& info = *predictors[position.predictor].info;
    const auto& metric = metrics[position.metric];
    if (plot.series.empty() || plot.series.back().name != info.title) {
      plot.series.push_back({.name = info.title, .x = {}, .y = {}, .low = {}, .high = {}});
    }
    plot.series.back().y.push_back(position.position.value);
    plot.series.back().low.push_back(position.position.low);
    plot.series.back().high.push_back(position.position.high);
    const bool has_floor = position.baseline != kNoPredictor;
    const std::string floor = has_floor ? predictors[position.baseline].info->title : "";
    table.rows.push_back({info.title, metric.title, cell(position.position.value),
                          position.has_room() ? interval_text(position.position) : "no room",
                          cell(position.model.value), floor, cell(position.floor.value),
                          cell(position.ceiling.value), std::to_string(position.model.n)});
    if (has_floor && !position.has_room() && position.predictor == measured.models.front()) {
      no_room.push_back(metric.title);
    }
    if (position.metric != measured.primary || !has_floor) continue;
    if (!position.has_room()) {
      section.sentences.push_back(
          fmt::format("On {} the ceiling ({}) is not shown to lie above the best blind baseline "
                      "({}, {}): there "
                      "is no room in which {} could show anything.",
                      metric.title, number(position.ceiling.value), floor,
                      number(position.floor.value), info.title));
      continue;
    }
    section.sentences.push_back(
        fmt::format("On {}, {} stands at {} of the way from the best blind baseline ({}, {}) to a "
                    "repeat of the "
                    "experiment ({}).",
                    metric.title, info.title, with_interval(position.position, 2), floor,
                    number(position.floor.value), number(position.ceiling.value)));
  }
  if (!no_room.empty()) {
    section.sentences.push_back(fmt::format(
        "No room between baseline and ceiling on: {}. These metrics cannot rank models here.",
        listed(no_room)));
  }
  std::vector<std::string> oracles;
  for (const auto& predictor : predictors) {
    if (predictor.info->is_oracle) oracles.push_back(predictor.info->title);
  }
  if (!oracles.empty()) {
    section.sentences.push_back(fmt::format(
        "Not counted among the baselines, because they are made with the tested profiles: {}.",
        listed(oracles)));
  }
  section.tables.push_back(std::move(table));
  section.plots.push_back(std::move(plot));
  section.explanation =
      "All are scored with the control cells of the data set, the repeat as well. (model - "
      "baseline) / (ceiling - baseline) of the means over the test samples on which all "
      "three are defined. The baseline is the best one on that metric that does not see the "
      "answer; "
      "being chosen as the best makes the position slightly low. Below 0: worse than the baseline. "
      "Above 1 can happen: a prediction without noise can come nearer to the truth than a noisy "
      "repeat. Intervals resample perturbations, the same draws for all three.";
  return section;
}

std::vector<AreaSection> make_sections(const Scorer& scorer, const SectionRequest& request,
                                       const Context& context) {
  if (request.data.profiles == nullptr || request.rows.empty() || scorer.metrics.empty()) return {};
  // Of a series every level tests other samples: what these data can show stands with the splits.
  if (!std::isnan(request.folds.front().level)) return {};
  const Measured measured = measure(scorer, request, context);
  std::vector<AreaSection> out;
  for (auto* make : {calibration_section, ceiling_section, position_section, learnable_section,
                     systematic_section, combination_section, probe_section}) {
    AreaSection section = make(measured);
    if (!section.sentences.empty()) out.push_back(std::move(section));
  }
  return out;
}

}  // namespace cupel::perturbation

#include "report/spectra.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "metric/metric.hpp"
#include "similarity/null_model.hpp"
#include "split/overlap_profile.hpp"
#include "stat/auspc.hpp"
#include "study/spectrum_run.hpp"
#include "verdict/spectrum_words.hpp"

namespace cupel {
namespace {

constexpr std::size_t kWorstPairs = 5;  // per level

SpectrumAxis parse_axis(const std::string& text) {
  if (text == "overlap") return SpectrumAxis::overlap;
  return text == "novelty" ? SpectrumAxis::novelty : SpectrumAxis::parameter;
}

/// The test items of the first repeat of every level that have the most similar training items.
std::vector<WorstPair> worst_pairs(const SpectrumSeries& series, const Context& context) {
  std::vector<WorstPair> out;
  const ItemSet& set = series.set;
  for (const Split& split : series.splits) {
    if (split.is_control || split.repeat != 0) continue;
    const auto test = split.rows(Role::test);
    const auto train = split.rows(Role::train);
    const auto found = measure_test_items(*set.between(test, train, context), context);
    std::vector<std::size_t> order(test.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const std::size_t n = std::min(kWorstPairs, order.size());
    std::ranges::partial_sort(
        order, order.begin() + static_cast<std::ptrdiff_t>(n), [&](std::size_t a, std::size_t b) {
          return found.nearest[a] != found.nearest[b] ? found.nearest[a] > found.nearest[b] : a < b;
        });
    for (std::size_t k = 0; k < n; ++k) {
      const std::uint32_t i = test[order[k]];
      const std::uint32_t j = train[found.nearest_item[order[k]]];
      out.push_back({.parameter = split.level,
                     .test = set.items.ids[i],
                     .train = set.items.ids[j],
                     .similarity = found.nearest[order[k]],
                     .test_target = set.targets[i],
                     .train_target = set.targets[j]});
    }
  }
  return out;
}

SpectrumInput input_of(SpectrumRun& run, const SpectrumStudy& study, const Context& context) {
  const SpectrumSeries& series = run.series;
  const ItemSet& set = series.set;
  SpectrumInput input{.name = "spectrum",
                      .title = study.title,
                      .mode = study.series.folder.empty() ? "retrain" : "import",
                      .entity = "item",
                      .parameter_title = series.parameter_title,
                      .falls_with_parameter = series.falls_with_parameter,
                      .similarity = set.kind->name,
                      .similarity_parameters = set.parameters};
  std::size_t n_train = 0;
  for (const Split& split : series.splits) {
    SpectrumSplit one{.parameter = split.level,
                      .repeat = split.repeat,
                      .is_control = split.is_control,
                      .n_left_out = split.count(Role::left_out),
                      .overlap = split.overlap};
    for (const std::uint32_t item : split.rows(Role::test)) {
      one.truth.push_back(set.targets[item]);
      one.unit.push_back(set.unit[item]);
    }
    n_train = std::max(n_train, split.count(Role::train));
    input.splits.push_back(std::move(one));
  }
  for (const auto& one : run.predictors) {
    input.predictors.push_back({.name = one.info.name,
                                .title = one.info.title,
                                .rung = one.info.rung,
                                .is_model = one.info.is_model,
                                .may_be_bar = one.may_be_bar,
                                .copies_nearest = one.copies_nearest});
  }
  input.predictions = std::move(run.predictions);
  input.worst_pairs = worst_pairs(series, context);
  const NullModel null = set.whole
                             ? null_of_random_pairs(*set.whole, 100'000, context)
                             : null_model(*set.kind, set.items, nullptr, set.options, {}, context);
  input.null_p99 = null.p99;
  const ChanceLevel chance = chance_level(null, set.threshold, n_train);
  if (chance.is_inside_noise) input.null_note = chance.sentence;
  return input;
}

std::vector<SpectraOutcome::SplitRow> split_rows(const SpectrumSeries& series) {
  std::vector<SpectraOutcome::SplitRow> out;
  for (const Split& split : series.splits) {
    out.push_back(
        {.parameter = split.level,
         .repeat = split.repeat,
         .is_control = split.is_control,
         .overlap = split.overlap,
         .set_jaccard = series.set.set_jaccard(split.rows(Role::test), split.rows(Role::train))});
  }
  return out;
}

std::vector<double> jaccard_per_level(const std::vector<SpectraOutcome::SplitRow>& splits,
                                      const Spectrum& spectrum) {
  std::vector<double> out;
  for (const auto& level : spectrum.levels) {
    double sum = 0.0;
    double n = 0.0;
    for (const auto& split : splits) {
      if (split.is_control || split.parameter != level.parameter) continue;
      sum += split.set_jaccard;
      n += 1.0;
    }
    if (!std::isfinite(sum)) return {};
    out.push_back(sum / n);
  }
  return out;
}

std::vector<PublishedArea> published_areas(const SpectrumStudy& study, const Spectrum& spectrum,
                                           const CatalogueOptions& catalogue,
                                           const Context& context) {
  std::vector<PublishedArea> out;
  if (study.published.file.empty()) return out;
  const Table table =
      read_csv(resolve_file(study.published.file, study.base_folder, catalogue), {}, context);
  const Column& x = table.at(study.published.x);
  const Column& value = table.at(study.published.value);
  const Column& model = table.at(study.published.model);
  struct Points {
    std::vector<double> x, y, shared_x, shared_y;
  };
  std::map<std::string, Points> all;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    Points& points = all[model.as_text(row)];
    points.x.push_back(x.as_number(row));
    points.y.push_back(value.as_number(row));
    for (const auto& level : spectrum.levels) {
      if (std::abs(level.parameter - points.x.back()) > 1e-9) continue;
      points.shared_x.push_back(level.x);
      points.shared_y.push_back(points.y.back());
    }
  }
  for (const auto& [name, points] : all) {
    const Auspc whole = auspc(mean_points(points.x, points.y));
    const Auspc shared = auspc(mean_points(points.shared_x, points.shared_y));
    out.push_back({.model = name,
                   .whole = whole.area,
                   .n_points = whole.n_points,
                   .shared = shared.normalised,
                   .n_shared = shared.n_points});
  }
  return out;
}

void say_published(SpectraOutcome& outcome) {
  const SpectrumCurve* best = detail::best_baseline(outcome.spectrum);
  if (best == nullptr) return;
  const std::string& title = outcome.spectrum.input.predictors[best->predictor].title;
  const double sign = outcome.spectrum.higher_is_better ? 1.0 : -1.0;
  for (const auto& area : outcome.published) {
    if (std::isnan(area.shared)) continue;
    const double gain = sign * (area.shared - best->auspc.value);
    const bool inside = area.shared >= best->auspc.low && area.shared <= best->auspc.high;
    outcome.spectrum.sentences.push_back(fmt::format(
        "Published {}: AUSPC {:.4g} over its {} points, {:.4g} at the {} levels run here; the best "
        "baseline, {}, has {:.4g} [{:.4g}, {:.4g}]: {}. (Not paired: the published curve has no "
        "predictions.)",
        area.model, area.whole, area.n_points, area.shared, area.n_shared, title, best->auspc.value,
        best->auspc.low, best->auspc.high,
        inside     ? "the published value lies within its interval"
        : gain > 0 ? "the published model is ahead"
                   : "the published model is behind it"));
  }
}

void say_gap(SpectraOutcome& outcome) {
  const auto& levels = outcome.spectrum.levels;
  std::string text;
  for (std::size_t l = 0; l < outcome.set_jaccard.size(); ++l) {
    if (outcome.set_jaccard[l] > 0.5 * levels[l].overlap.share_with_neighbour) continue;
    if (!(levels[l].overlap.share_with_neighbour > 0.0)) continue;
    text += fmt::format(
        "{}{} {:.4g}: {:.3g} of mutations shared, but {:.3g} of test items have a "
        "neighbour in training",
        text.empty() ? "" : "; ", outcome.spectrum.input.parameter_title, levels[l].parameter,
        outcome.set_jaccard[l], levels[l].overlap.share_with_neighbour);
  }
  if (text.empty()) return;
  outcome.spectrum.sentences.push_back(
      "The set measure of overlap (Jaccard of the mutations of both sides) hides what single items "
      "share: " +
      text + ".");
}

}  // namespace

SpectraOutcome run_spectra(const SpectrumStudy& study, const SpectraOptions& options,
                           const Context& context) {
  metric(study.metric);  // a wrong name is said before the work
  SpectrumRun run =
      run_spectrum_study(study,
                         {.store = options.store.empty() ? options.out / "store" : options.store,
                          .work = options.out / "work",
                          .catalogue = options.catalogue},
                         context);
  SpectraOutcome outcome;
  SpectrumInput input = input_of(run, study, context);
  outcome.spectrum = summarise_spectrum(std::move(input),
                                        {.metric = study.metric,
                                         .axis = parse_axis(study.axis),
                                         .n_draws = study.draws,
                                         .confidence = study.confidence,
                                         .margin = study.margin,
                                         .margin_is_relative = study.margin_is_relative,
                                         .seed = study.seed},
                                        context);
  outcome.splits = split_rows(run.series);
  outcome.set_jaccard = jaccard_per_level(outcome.splits, outcome.spectrum);
  outcome.published = published_areas(study, outcome.spectrum, options.catalogue, context);
  say_gap(outcome);
  say_published(outcome);
  const ItemSet& set = run.series.set;
  std::size_t n_left_out = 0;
  for (const auto& one : set.items.left_out) n_left_out += one.source_rows.size();
  outcome.data_lines.push_back(fmt::format("{} items of {} with a target; {} rows left out",
                                           set.size(), set.items.source, n_left_out));
  outcome.data_lines.push_back(fmt::format("similarity {} ({}), neighbour from {:.4g}",
                                           set.kind->name, set.parameters, set.threshold));
  for (const auto& file : run.series.inputs) {
    outcome.data_lines.push_back(
        fmt::format("{}: {} (SHA-256 {})", file.role, file.file, file.sha256));
  }
  outcome.diagnostics = run.series.diagnostics;
  outcome.diagnostics.merge(run.diagnostics);
  outcome.n_trials_run = run.counts.n_run;
  outcome.n_trials_reused = run.counts.n_reused;
  return outcome;
}

}  // namespace cupel

// Effects, shared shift, combinations and probes as sections of the report.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "area/perturbation/leaks.hpp"
#include "area/perturbation/section_parts.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kMostRows = 500;

bool has_several_contexts(const Measured& measured) {
  return measured.request.data.entity("context").ids.size() > 1;
}
const std::string& perturbation_name(const Measured& measured, std::uint32_t sample) {
  const Entity& entity = measured.request.data.entity("perturbation");
  return entity.ids[entity.code_of_sample[sample]];
}
const std::string& context_name(const Measured& measured, std::uint32_t sample) {
  const Entity& entity = measured.request.data.entity("context");
  return entity.ids[entity.code_of_sample[sample]];
}
std::string sample_name(const Measured& measured, std::uint32_t sample) {
  return has_several_contexts(measured)
             ? perturbation_name(measured, sample) + " in " + context_name(measured, sample)
             : perturbation_name(measured, sample);
}

/// Of every test row: members of a combination seen in training, "" for singles.
std::vector<std::string> seen_texts(const Measured& measured) {
  std::vector<std::string> out(measured.test.size());
  for (std::size_t f = 0; f < measured.test.folds.size(); ++f) {
    std::vector<std::uint32_t> rows;
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < measured.test.size(); ++i) {
      if (measured.test.fold[i] != f) continue;
      rows.push_back(measured.test.rows[i]);
      at.push_back(i);
    }
    const auto seen = seen_members(measured.request.data, measured.test.folds[f], rows);
    for (std::size_t k = 0; k < at.size(); ++k) {
      if (seen[k]) out[at[k]] = fmt::format("{} of {}", seen[k]->n_seen, seen[k]->n_members);
    }
  }
  return out;
}

SectionPlot effect_plot(const Measured& measured) {
  const auto& metric = measured.scorer.metrics[measured.primary];
  SectionPlot plot{.title = "Score against the size of the effect",
                   .kind = "scatter",
                   .x_label = "effect / noise (1 = as large as the noise)",
                   .y_label = metric.title,
                   .categories = {},
                   .series = {}};
  const auto add = [&](const std::string& name, const std::vector<double>& y) {
    SectionSeries series{.name = name, .x = {}, .y = {}, .low = {}, .high = {}};
    for (std::size_t i = 0; i < measured.test.size(); ++i) {
      const EffectSize& effect = measured.effects[measured.test.rows[i]];
      if (!std::isfinite(effect.squared) || !(effect.noise > 0.0) || std::isnan(y[i])) continue;
      series.x.push_back(std::max(effect.squared, 0.0) / effect.noise);
      series.y.push_back(y[i]);
    }
    if (!series.x.empty()) plot.series.push_back(std::move(series));
  };
  add("repeat of the experiment", measured.ceiling.metrics[measured.primary].matched);
  const std::size_t baseline = measured.best_blind[measured.primary];
  const auto& predictors = measured.request.predictors;
  if (baseline != kNoPredictor) {
    add(predictors[baseline].info->title, column(measured.scores[baseline], measured.primary));
  }
  for (const auto model : measured.models) {
    add(predictors[model].info->title, column(measured.scores[model], measured.primary));
  }
  return plot;
}

}  // namespace

AreaSection learnable_section(const Measured& measured) {
  AreaSection section =
      named_section("learnable_perturbations", "On which perturbations anything can be learned");
  const auto& predictors = measured.request.predictors;
  const std::size_t baseline = measured.best_blind[measured.primary];
  const auto& metric = measured.scorer.metrics[measured.primary];
  SectionTable table{.title = "Test samples, by size of the effect",
                     .columns = {{"perturbation", "Perturbation", false, 3, ""},
                                 {"context", "Context", false, 3, ""},
                                 {"members_seen", "Members seen", false, 3, "combinations"},
                                 {"cells", "Cells", true, 0, ""},
                                 {"effect", "Effect", true, 3, "squared length, noise taken off"},
                                 {"effect_interval", "Interval", false, 3, ""},
                                 {"noise", "Noise", true, 3, "expected squared length"},
                                 {"responding", "Responding genes", true, 0, ""},
                                 {"learnable", "Beyond noise", false, 3, ""},
                                 {"ceiling", "Ceiling", true, 3, metric.title},
                                 {"baseline", "Best blind baseline", true, 3, metric.title}},
                     .rows = {}};
  if (baseline != kNoPredictor) {
    table.columns.back().title = predictors[baseline].info->title;
  }
  for (const auto model : measured.models) {
    const auto& info = *predictors[model].info;
    table.columns.push_back({info.name, info.title, true, 3, metric.title});
    table.columns.push_back(
        {info.name + "_position", "Position", true, 2, "0 = baseline, 1 = ceiling"});
    table.columns.push_back({info.name + "_interval", "Interval", false, 3, ""});
  }
  const auto seen = seen_texts(measured);
  const ProfileData& profiles = profiles_of(measured.request.data);
  std::vector<std::size_t> order(measured.test.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto size_of = [&](std::size_t i) {
    const double value = measured.effects[measured.test.rows[i]].squared;
    return std::isnan(value) ? -1e300 : value;
  };
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return size_of(a) > size_of(b); });
  std::set<std::string> unlearnable;
  std::set<std::string> all;
  for (const auto i : order) {
    const auto row = measured.test.rows[i];
    const EffectSize& effect = measured.effects[row];
    const std::string name = sample_name(measured, row);
    const bool is_first = all.insert(name).second;
    if (!effect.is_learnable) unlearnable.insert(name);
    if (!is_first || table.rows.size() == kMostRows) continue;
    std::vector<std::string> cells{
        perturbation_name(measured, row),
        context_name(measured, row),
        seen[i],
        std::to_string(profiles.n_cells[row]),
        cell(effect.squared),
        interval_text({.value = effect.squared, .low = effect.low, .high = effect.high}),
        cell(effect.noise),
        std::to_string(effect.n_responding),
        effect.is_learnable ? "yes" : "no",
        cell(measured.ceiling.metrics[measured.primary].matched[i]),
        baseline == kNoPredictor ? "" : cell(measured.scores[baseline](i, measured.primary))};
    for (std::size_t k = 0; k < measured.models.size(); ++k) {
      const RowPosition& position = measured.row_positions[k][i];
      cells.push_back(cell(measured.scores[measured.models[k]](i, measured.primary)));
      cells.push_back(cell(position.value));
      cells.push_back(
          interval_text({.value = position.value, .low = position.low, .high = position.high}, 2));
    }
    table.rows.push_back(std::move(cells));
  }
  section.sentences.push_back(
      fmt::format("Of {}, {} an effect that is larger than the noise of "
                  "its measurement.",
                  counted(all.size(), "tested sample", "tested samples"),
                  all.size() - unlearnable.size() == 1
                      ? "1 has"
                      : fmt::format("{} have", all.size() - unlearnable.size())));
  if (!unlearnable.empty()) {
    const std::vector<std::string> names(unlearnable.begin(), unlearnable.end());
    section.sentences.push_back(fmt::format(
        "No effect is shown for {}: what a model scores there says nothing about what it knows.",
        listed(names, 8)));
  }
  section.tables.push_back(std::move(table));
  section.plots.push_back(effect_plot(measured));
  section.explanation = fmt::format(
      "Effect: squared length of the change from the control over all genes, less the squared "
      "length that noise alone has (sum over genes of variance over number of cells, of the "
      "perturbed and of the control cells). {} Beyond noise: the 95 % interval lies above 0 and "
      "the "
      "measured length above what noise reaches in 39 of 40 cases; of many samples without effect "
      "one in forty still passes. Responding genes: Welch's |t| above {:.2f}, which noise alone "
      "reaches anywhere among the {} genes in one sample of twenty. Intervals of positions are the "
      "spread of the same position on halves of the cells; there is no position where the ceiling "
      "is not better than the baseline. A sample that is tested several times is shown for "
      "the first time only.{}",
      measured.correlation.is_measured
          ? fmt::format("Genes vary together: the halves show the noise to be {:.1f} times as "
                        "uneven as that of independent genes, and intervals are widened for it.",
                        measured.correlation.squares)
          : "Intervals take genes as independent, as there are no halves to tell otherwise: they "
            "are too short.",
      responding_t(measured.request.data.n_outputs()), measured.request.data.n_outputs(),
      all.size() > kMostRows
          ? fmt::format(" The table shows the {} samples with the largest effects.", kMostRows)
          : "");
  return section;
}

AreaSection systematic_section(const Measured& measured) {
  AreaSection section = named_section("systematic_variation", "How much is one shared shift");
  if (measured.systematic.empty()) return section;
  const Entity& context = measured.request.data.entity("context");
  SectionTable table{
      .title = "Systematic variation",
      .columns = {{"context", "Context", false, 3, ""},
                  {"n", "Perturbations", true, 0, ""},
                  {"cosine", "Mean cosine with the mean shift", true, 3, "Systema's measure"},
                  {"cosine_interval", "Interval", false, 3, ""},
                  {"halves", "Between halves", true, 3, "nothing shared but the shift"},
                  {"halves_interval", "Interval", false, 3, ""},
                  {"share", "Share of squared change", true, 3, "as measured"},
                  {"share_true", "Share, noise taken off", true, 3, ""}},
      .rows = {}};
  const SystematicVariation* largest = &measured.systematic.front();
  for (const auto& one : measured.systematic) {
    table.rows.push_back({context.ids[one.context], std::to_string(one.n_perturbations),
                          cell(one.cosine.value), interval_text(one.cosine),
                          cell(one.cosine_of_halves.value), interval_text(one.cosine_of_halves),
                          cell(one.share), cell(one.share_beyond_noise)});
    if (one.n_perturbations > largest->n_perturbations) largest = &one;
  }
  const auto share = [](double value) { return fmt::format("{:.0f} %", 100.0 * value); };
  const std::string where = has_several_contexts(measured)
                                ? fmt::format(" in {} (the context with the most perturbations)",
                                              context.ids[largest->context])
                                : "";
  if (std::isfinite(largest->share_beyond_noise)) {
    section.sentences.push_back(
        fmt::format("{} of the responses{} is one shift that all perturbations share (noise taken "
                    "off): so much "
                    "can be predicted without knowing what was perturbed.",
                    share(largest->share_beyond_noise), where));
  } else {
    section.sentences.push_back(
        fmt::format("The responses{} are not larger than their noise: no shared shift can be "
                    "told apart.",
                    where));
  }
  section.sentences.push_back(
      fmt::format("The mean cosine of a response with the mean of all is {}{}.",
                  with_interval(largest->cosine, 2),
                  std::isfinite(largest->cosine_of_halves.value)
                      ? fmt::format("; with the mean of the others, measured on other cells, {}",
                                    with_interval(largest->cosine_of_halves, 2))
                      : ""));
  section.tables.push_back(std::move(table));
  section.explanation =
      "All samples of a context, tested or not. The cosine with the mean of all (Systema, Vinas "
      "Torne et al. 2025) contains the perturbation itself and the noise of the shared control; "
      "between halves, the response comes from one half of the cells and controls and the mean of "
      "the other perturbations from the other half, which noise can only make smaller. The share "
      "is the squared length of the mean change over the mean squared length of the changes.";
  return section;
}

AreaSection combination_section(const Measured& measured) {
  AreaSection section = named_section("combinations", "Combinations");
  const auto seen = seen_texts(measured);
  std::map<std::string, std::vector<std::size_t>> by_seen;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i].empty()) by_seen[seen[i]].push_back(i);
  }
  if (by_seen.empty() && measured.interactions.empty()) return section;
  const auto& predictors = measured.request.predictors;
  if (!by_seen.empty()) {
    SectionTable table{.title = "Mean " + measured.scorer.metrics[measured.primary].title +
                                " by number of members known from training",
                       .columns = {{"seen", "Members seen", false, 3, ""},
                                   {"n", "Samples", true, 0, ""},
                                   {"ceiling", "Ceiling", true, 3, ""}},
                       .rows = {}};
    for (const auto& predictor : predictors) {
      table.columns.push_back({predictor.info->name, predictor.info->title, true, 3, ""});
    }
    const auto mean_over = [](const std::vector<std::size_t>& rows,
                              const std::function<double(std::size_t)>& value) {
      double sum = 0.0;
      double n = 0.0;
      for (const auto i : rows) {
        if (std::isnan(value(i))) continue;
        sum += value(i);
        n += 1.0;
      }
      return n > 0.0 ? sum / n : kUndefined;
    };
    std::vector<std::string> counts;
    for (const auto& [text, rows] : by_seen) {
      counts.push_back(fmt::format("{} with {} members seen", rows.size(), text));
      const auto& top = measured.ceiling.metrics[measured.primary].matched;
      std::vector<std::string> cells{text, std::to_string(rows.size()),
                                     cell(mean_over(rows, [&](std::size_t i) { return top[i]; }))};
      for (std::size_t p = 0; p < predictors.size(); ++p) {
        cells.push_back(cell(mean_over(
            rows, [&](std::size_t i) { return measured.scores[p](i, measured.primary); })));
      }
      table.rows.push_back(std::move(cells));
    }
    section.sentences.push_back(fmt::format("Tested combinations: {}.", listed(counts)));
    section.tables.push_back(std::move(table));
  }
  if (!measured.interactions.empty()) {
    SectionTable table{.title = "How far combinations are from the sum of their members",
                       .columns = {{"combination", "Combination", false, 3, ""},
                                   {"context", "Context", false, 3, ""},
                                   {"interaction", "Interaction", true, 3,
                                    "squared length of the deviation, noise taken off"},
                                   {"interval", "Interval", false, 3, ""},
                                   {"relative", "Share of the effect", true, 3, ""},
                                   {"beyond", "Beyond noise", false, 3, ""}},
                       .rows = {}};
    std::size_t n_beyond = 0;
    for (const auto& one : measured.interactions) {
      n_beyond += one.is_beyond_noise ? 1 : 0;
      table.rows.push_back({perturbation_name(measured, one.sample),
                            context_name(measured, one.sample), cell(one.squared),
                            interval_text({.value = one.squared, .low = one.low, .high = one.high}),
                            cell(one.relative), one.is_beyond_noise ? "yes" : "no"});
    }
    const std::size_t n = measured.interactions.size();
    const std::string measured_alone =
        counted(n, "combination whose members were", "combinations whose members were") +
        " all measured alone";
    section.sentences.push_back(
        n_beyond == 0
            ? fmt::format("Of {}, none deviates from the sum of the single responses beyond the "
                          "noise: adding up is as good as these data can show.",
                          measured_alone)
            : fmt::format("Of {}, {} from the sum of the single responses beyond the noise{}.",
                          measured_alone,
                          n_beyond == 1 ? "1 deviates" : fmt::format("{} deviate", n_beyond),
                          n_beyond == n
                              ? ""
                              : "; for the others, adding up is as good as these data can show"));
    section.tables.push_back(std::move(table));
  }
  section.explanation =
      "A member counts as seen where the training set of the fold holds it as a single "
      "perturbation, in any context. Interaction: the change of the combination less the changes "
      "of its members in the same context (all samples of the data set, whatever their role), as a "
      "squared length less what noise alone gives.";
  return section;
}

AreaSection probe_section(const Measured& measured) {
  AreaSection section = named_section("gaming_probes", "Which metrics can be gamed");
  const auto& metrics = measured.scorer.metrics;
  if (measured.probed.empty()) return section;
  std::set<std::size_t> rewarding;
  for (std::size_t k = 0; k < probes().size(); ++k) {
    const Probe& probe = probes()[k];
    // Predictor -> metrics that pay.
    std::map<std::string, std::vector<std::string>> paid;
    std::size_t n_changed = 0;
    for (const auto& predictor : measured.probed) {
      const ProbeResponse& response = predictor.responses[k];
      n_changed = std::max(n_changed, response.n_changed);
      for (std::size_t m = 0; m < metrics.size(); ++m) {
        const bool pays = probe.kind == ProbeKind::leave_out_worst ? response.gain[m].value > 0.0
                                                                   : response.gain[m].low > 0.0;
        if (!pays) continue;
        if (probe.kind != ProbeKind::leave_out_worst) rewarding.insert(m);
        paid[predictor.title].push_back(metrics[m].title);
      }
    }
    if (probe.kind == ProbeKind::leave_out_worst) continue;
    std::string words = probe.in_words;
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
    for (const auto& [title, names] : paid) {
      section.sentences.push_back(fmt::format("{} improves {} of {}, though it adds no knowledge.",
                                              words, listed(names, 6), title));
    }
    if (probe.kind != ProbeKind::shuffle || n_changed == 0) continue;
    for (std::size_t p = 0; p < measured.models.size(); ++p) {
      const ProbedPredictor& predictor = measured.probed[p];  // models come first
      std::vector<std::string> blind;
      for (std::size_t m = 0; m < metrics.size(); ++m) {
        const Estimate& gain = predictor.responses[k].gain[m];
        if (std::isfinite(gain.high) && gain.high >= 0.0) blind.push_back(metrics[m].title);
      }
      if (blind.empty() || predictor.responses[k].n_changed == 0) continue;
      section.sentences.push_back(fmt::format(
          "{} does not clearly lower {} of {}: nothing there shows that its predictions belong to "
          "their perturbations.",
          words, listed(blind, 6), predictor.title));
    }
  }
  std::vector<std::string> firm;
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (!rewarding.contains(m)) firm.push_back(metrics[m].title);
  }
  section.sentences.insert(
      section.sentences.begin(),
      rewarding.empty()
          ? std::string("No metric was shown to reward any of the manipulations tried.")
          : fmt::format("{} of {} reward at least one manipulation that adds no knowledge{}.",
                        rewarding.size(), counted(metrics.size(), "metric", "metrics"),
                        firm.empty() ? "" : "; not shown to reward any: " + listed(firm)));
  for (const auto& predictor : measured.probed) {
    SectionTable table{.title = "Change of the mean score of " + predictor.title +
                                " (positive = scores better; * = beyond chance)",
                       .columns = {{"probe", "Manipulation", false, 3, ""},
                                   {"changed", "Samples changed", true, 0, ""}},
                       .rows = {}};
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      table.columns.push_back({metrics[m].name, metrics[m].title, false, 3,
                               "as predicted: " + number(predictor.value[m].value)});
    }
    for (std::size_t k = 0; k < probes().size(); ++k) {
      const ProbeResponse& response = predictor.responses[k];
      std::vector<std::string> cells{probes()[k].title, std::to_string(response.n_changed)};
      for (const auto& gain : response.gain) {
        const bool is_clear = gain.low > 0.0 || gain.high < 0.0;
        cells.push_back(std::isfinite(gain.value)
                            ? fmt::format("{:+.3g}{}",
                                          std::abs(gain.value) < 1e-12 ? 0.0 : gain.value,
                                          is_clear ? " *" : "")
                            : "");
      }
      table.rows.push_back(std::move(cells));
    }
    section.tables.push_back(std::move(table));
  }
  section.explanation =
      "Every prediction is manipulated and scored again on the same test samples: changes from the "
      "control multiplied; changes exchanged between the perturbations of a fold and context; "
      "normal noise added, with the standard error of the measured profile or as long as the "
      "predicted change; the control instead; the targeted genes set to the mean change that "
      "targeted genes show in training; the worst fifth (by the primary metric) left out and the "
      "rest averaged, which is what dropping missing predictions does (cupel reports them "
      "instead). Beyond chance: the 95 % interval of the paired difference over perturbations does "
      "not contain 0. Whether a manipulation pays depends on the prediction: shrinking helps where "
      "predicted changes are too large.";
  return section;
}

}  // namespace cupel::perturbation

#include "verdict/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "stat/interval.hpp"
#include "stat/tests.hpp"
#include "study/sample_scores.hpp"

namespace cupel {
namespace {

const std::string& title(const StudyRun& run, std::size_t predictor) {
  return run.predictors[predictor]->info().title;
}

// Below this skill over the null predictor a share of it means nothing ...
constexpr double kLeastSkill = 0.01;
// ... and a share beyond this says only that the skill is next to nothing.
constexpr double kLargestShare = 2.0;

// The strongest blind baseline by the measure; nothing if none has a value.
std::optional<std::size_t> find_bar(const StudyRun& run, const Evidence& evidence,
                                    const Hypothesis& hypothesis, const Measure& measure) {
  std::optional<std::size_t> best;
  double best_value = 0.0;
  for (const std::size_t p : evidence.predictors) {
    if (!is_blind(run.predictors[p]->info(), hypothesis)) continue;
    const Sample* sample = evidence.find(measure.name, p);
    if (sample == nullptr || std::isnan(sample->point)) continue;
    const double value = measure.higher_is_better ? sample->point : -sample->point;
    if (!best || value > best_value) {
      best = p;
      best_value = value;
    }
  }
  return best;
}

// Share of the model's skill over the null predictor that the bar reaches already. Of profiles it
// is that of the primary metric where that is an error, and the model's skill has to be beyond
// chance.
void add_share(const StudyRun& run, const Evidence& evidence, std::size_t bar, Finding& finding,
               std::size_t model) {
  const std::string null_name = run.area->null_baseline();
  const auto null =
      std::find_if(evidence.predictors.begin(), evidence.predictors.end(),
                   [&](std::size_t p) { return run.predictors[p]->info().name == null_name; });
  if (null == evidence.predictors.end()) return;
  const bool of_profiles = has_vector_targets(run);
  const auto& primary = run.study.primary_metric;
  if (of_profiles && finding.metric != primary) return;
  const auto measure = find_measure(primary, run);
  const std::string measured_error =
      of_profiles && measure && !measure->higher_is_better ? measure->name : "mse";
  const Sample* error_null = evidence.find(measured_error, *null);
  const Sample* error_bar = evidence.find(measured_error, bar);
  const Sample* error_model = evidence.find(measured_error, model);
  if (error_null == nullptr || error_bar == nullptr || error_model == nullptr) return;
  const auto skill = [](double error, double zero) { return 1.0 - error / zero; };
  const Sample skill_bar = combine(*error_bar, *error_null, skill);
  const Sample skill_model = combine(*error_model, *error_null, skill);
  if (!(skill_model.point > kLeastSkill)) return;
  const double confidence = run.study.statistics.confidence;
  if (of_profiles && !(interval(skill_model, confidence).low > 0.0)) return;
  const Sample share = combine(skill_bar, skill_model,
                               [](double u, double v) { return v > 0.0 ? u / v : kUndefined; });
  // A bar of profiles with more skill than the model explains no share of it.
  if (of_profiles && share.point > 1.0) return;
  if (share.point > kLargestShare || (of_profiles && share.point < -kLargestShare)) return;
  finding.share_explained = share.point;
  const Bounds range = interval(share, confidence);
  finding.share_low = range.low;
  finding.share_high = range.high;
}

std::optional<Finding> contrast(const StudyRun& run, const Evidence& evidence,
                                const Hypothesis& hypothesis, const Measure& measure,
                                std::size_t model) {
  const auto bar = find_bar(run, evidence, hypothesis, measure);
  const Sample* value = evidence.find(measure.name, model);
  if (!bar || value == nullptr || std::isnan(value->point)) return std::nullopt;
  const Sample& reference = *evidence.find(measure.name, *bar);
  const double sign = measure.higher_is_better ? 1.0 : -1.0;
  const Sample gain =
      combine(*value, reference, [sign](double x, double y) { return sign * (x - y); });
  const double confidence = run.study.statistics.confidence;
  const Bounds range = interval(gain, confidence);
  Finding finding{.hypothesis = hypothesis.id,
                  .predictor = run.predictors[model]->info().name,
                  .against = run.predictors[*bar]->info().name,
                  .split = evidence.split->name,
                  .metric = measure.name,
                  .unit = evidence.unit,
                  .estimate = gain.point,
                  .low = range.low,
                  .high = range.high,
                  .margin = margin_of(run.study.margin, measure.higher_is_better, reference.point),
                  .p_value = p_value_zero(gain),
                  .minimum_detectable =
                      minimum_detectable_difference(standard_error(gain.draws), 1.0 - confidence),
                  .n_rows = evidence.n_rows,
                  .n_units = evidence.n_units};
  add_share(run, evidence, *bar, finding, model);
  return finding;
}

std::string percent(double share) { return fmt::format("{:.0f} %", 100.0 * share); }

const Hypothesis& find_hypothesis(const StudyRun& run, const std::string& id) {
  const auto all = run.area->hypotheses();
  return *std::find_if(all.begin(), all.end(), [&](const Hypothesis& h) { return h.id == id; });
}

std::string title_of(const StudyRun& run, const std::string& name) {
  for (std::size_t p = 0; p < run.predictors.size(); ++p) {
    if (run.predictors[p]->info().name == name) return title(run, p);
  }
  return name;
}

std::string sentence_of(const StudyRun& run, const Finding& finding) {
  const std::string model = title_of(run, finding.predictor);
  const std::string bar = title_of(run, finding.against);
  const auto sample_metric = find_sample_metric(*run.area, finding.metric);
  const std::string metric =
      sample_metric ? run.area->sample_metrics()[*sample_metric].title : finding.metric;
  const std::string numbers =
      fmt::format("{} gain {:+.3g} [{:.3g}, {:.3g}], margin {:.2g}", metric, finding.estimate,
                  finding.low, finding.high, finding.margin);
  std::string text;
  switch (finding.verdict) {
    case Verdict::learned:
      text = fmt::format("{} beats {}, the strongest baseline without this information ({}).",
                         model, bar, numbers);
      break;
    case Verdict::not_shown:
      text =
          fmt::format("{} does not beat {} by an amount that matters ({}).", model, bar, numbers);
      break;
    case Verdict::worse:
      text = fmt::format("{} is worse than {}, which cannot use this information ({}).", model, bar,
                         numbers);
      break;
    case Verdict::cannot_tell:
      text = finding.low > 0.0
                 ? fmt::format(
                       "{} is ahead of {} ({}), but not beyond doubt once all contrasts are "
                       "counted.",
                       model, bar, numbers)
                 : fmt::format(
                       "{} cannot be told from {} with this much data ({}; the smallest gain "
                       "this study would find is {:.2g}).",
                       model, bar, numbers, finding.minimum_detectable);
      break;
  }
  if (finding.share_explained > 0.0 && std::isfinite(finding.share_explained)) {
    text +=
        fmt::format(" {} alone reaches {} of its skill.", bar, percent(finding.share_explained));
  }
  return text;
}

std::string recommendation_of(const Hypothesis& hypothesis, const Finding& finding,
                              const std::string& bar) {
  const bool bar_is_near = finding.share_explained > 0.9;
  switch (finding.verdict) {
    case Verdict::learned:
      if (!bar_is_near) return fmt::format("Report the gain over {} beside the score.", bar);
      return fmt::format(
          "Report the gain over {}, not the raw score: most of the score is the baseline's.{}{}",
          bar, hypothesis.if_bar_is_near.empty() ? "" : " ", hypothesis.if_bar_is_near);
    case Verdict::worse:
      return fmt::format(
          "Use {} instead, or find out what the model loses to it: check training, "
          "scale of the targets and the join of rows.",
          bar);
    case Verdict::not_shown:
      return advice_if_not_shown(hypothesis, bar);
    case Verdict::cannot_tell:
      return fmt::format(
          "Add test {}s (there are {}), or accept that only gains above {:.2g} can be "
          "seen.",
          finding.unit == "drug and cell" ? "drugs and cell line" : finding.unit, finding.n_units,
          finding.minimum_detectable);
  }
  return {};
}

// The note that voids a model's scores: one on the same split, else one on any.
const ProtocolNote* disqualifying(std::span<const ProtocolNote> protocol, const Finding& finding) {
  const ProtocolNote* found = nullptr;
  for (const auto& note : protocol) {
    if (note.model != finding.predictor) continue;
    if (note.code != "better_than_noise" && note.code != "copied_test_rows") continue;
    if (note.evidence.front().second == finding.split) return &note;
    if (found == nullptr) found = &note;
  }
  return found;
}

void finish(const StudyRun& run, std::span<const Evidence> evidence,
            std::span<const ProtocolNote> protocol, std::vector<Finding>& findings) {
  std::vector<double> p_values;
  for (const auto& finding : findings) p_values.push_back(finding.p_value);
  const auto adjusted = holm(p_values);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Finding& finding = findings[i];
    if (finding.split.empty()) continue;
    const Hypothesis& hypothesis = find_hypothesis(run, finding.hypothesis);
    finding.p_adjusted = adjusted[i];
    finding.verdict = decide(finding.estimate, finding.low, finding.high, finding.p_adjusted,
                             finding.margin, run.study.statistics.confidence);
    finding.sentence = sentence_of(run, finding);
    if (is_equivalent(run, evidence, finding)) {
      finding.sentence += " The two are equivalent within the margin.";
    }
    finding.recommendation = recommendation_of(hypothesis, finding, title_of(run, finding.against));
    if (const ProtocolNote* note = disqualifying(protocol, finding)) {
      finding.verdict = Verdict::cannot_tell;
      finding.sentence = "The score proves nothing: " + note->sentence;
      finding.recommendation = note->recommendation;
    }
  }
}

Finding untested(const StudyRun& run, const Hypothesis& hypothesis, std::size_t model) {
  return {.hypothesis = hypothesis.id,
          .predictor = run.predictors[model]->info().name,
          .metric = run.study.primary_metric,
          .sentence =
              "No split of this study on which " + title(run, model) + " has predictions tests it.",
          .recommendation = "To test it, " + hypothesis.remedy + "."};
}

/// What a model does not look at it cannot have learned, however well it scores.
Finding beyond_its_sight(const StudyRun& run, const Hypothesis& hypothesis, std::size_t model) {
  const PredictorInfo& info = run.predictors[model]->info();
  const std::vector<std::string> sees(info.sees.begin(), info.sees.end());
  const std::vector<std::string> hidden(hypothesis.hidden.begin(), hypothesis.hidden.end());
  return {.hypothesis = hypothesis.id,
          .predictor = info.name,
          .metric = run.study.primary_metric,
          .sentence = info.title + " sees " + join(sees, ", ") +
                      "; this would take one of: " + join(hidden, ", ") + ".",
          .recommendation = "If it sees more than that, declare it (`sees`)."};
}

}  // namespace

std::string advice_if_not_shown(const Hypothesis& hypothesis, std::string_view bar) {
  std::string text = hypothesis.if_not_shown.empty()
                         ? "Do not attribute the score to more than {bar} knows: it scores as well."
                         : hypothesis.if_not_shown;
  constexpr std::string_view kBar = "{bar}";
  for (std::size_t at = text.find(kBar); at != text.npos; at = text.find(kBar, at + bar.size())) {
    text.replace(at, kBar.size(), bar);
  }
  return text;
}

bool may_learn(const PredictorInfo& model, const Hypothesis& hypothesis) {
  return model.sees.empty() || hypothesis.hidden.empty() ||
         std::any_of(model.sees.begin(), model.sees.end(),
                     [&](const std::string& what) { return hypothesis.hidden.contains(what); });
}

bool is_blind(const PredictorInfo& info, const Hypothesis& hypothesis) {
  if (info.is_model || info.is_oracle || info.rung > hypothesis.highest_rung) return false;
  return std::none_of(info.sees.begin(), info.sees.end(),
                      [&](const std::string& what) { return hypothesis.hidden.contains(what); });
}

bool tests(const Hypothesis& hypothesis, const SplitResult& split) {
  if (hypothesis.needs_mixed) return split.blind_to.empty();
  if (hypothesis.needs_blind.empty()) return true;
  return std::any_of(split.blind_to.begin(), split.blind_to.end(), [&](const std::string& what) {
    return std::find(hypothesis.needs_blind.begin(), hypothesis.needs_blind.end(), what) !=
           hypothesis.needs_blind.end();
  });
}

double margin_of(const MarginSpec& margin, bool higher_is_better, double bar) {
  if (!margin.relative) return margin.value;
  return margin.value * std::max(0.0, higher_is_better ? 1.0 - bar : bar);
}

Verdict decide(double estimate, double low, double high, double p_adjusted, double margin,
               double confidence) {
  if (std::isnan(estimate) || std::isnan(low) || std::isnan(high) || std::isnan(p_adjusted) ||
      std::isnan(margin)) {
    return Verdict::cannot_tell;
  }
  const bool beyond_doubt = p_adjusted <= 1.0 - confidence;
  if (beyond_doubt && high < 0.0 && estimate < -margin) return Verdict::worse;
  if (beyond_doubt && low > 0.0 && estimate > margin) return Verdict::learned;
  if (high <= margin || (low > 0.0 && estimate <= margin)) return Verdict::not_shown;
  return Verdict::cannot_tell;
}

bool is_equivalent(const StudyRun& run, std::span<const Evidence> evidence,
                   const Finding& finding) {
  const auto measure = find_measure(finding.metric, run);
  const auto index = [&](const std::string& name) {
    const auto found = std::ranges::find_if(
        run.predictors, [&](const auto& predictor) { return predictor->info().name == name; });
    return static_cast<std::size_t>(found - run.predictors.begin());
  };
  for (const auto& item : evidence) {
    if (!measure || item.split->name != finding.split) continue;
    const Sample* model = item.find(measure->name, index(finding.predictor));
    const Sample* bar = item.find(measure->name, index(finding.against));
    if (model == nullptr || bar == nullptr) continue;
    const Sample gain = combine(*model, *bar, [](double x, double y) { return x - y; });
    const Bounds range = interval(gain, 2.0 * run.study.statistics.confidence - 1.0);
    return equivalence(range.low, range.high, finding.margin) == Equivalence::equivalent;
  }
  return false;
}

std::vector<Finding> judge(const StudyRun& run, const std::vector<Evidence>& evidence,
                           std::span<const ProtocolNote> protocol) {
  const auto primary = find_measure(run.study.primary_metric, run);
  if (!primary) {
    std::vector<std::string> names;
    for (const auto& measure : measures_of(run)) names.push_back(measure.name);
    fail(ErrorKind::usage,
         "primary_metric \"" + run.study.primary_metric + "\" has no interval by resampling", {},
         "use one of: " + join(names, ", "));
  }
  std::vector<Finding> findings;
  std::vector<Finding> second_looks;
  for (std::size_t model = 0; model < run.predictors.size(); ++model) {
    if (!run.predictors[model]->info().is_model) continue;
    for (const auto& hypothesis : run.area->hypotheses()) {
      if (hypothesis.about_pairs) continue;
      if (!may_learn(run.predictors[model]->info(), hypothesis)) {
        findings.push_back(beyond_its_sight(run, hypothesis, model));
        continue;
      }
      bool is_tested = false;
      for (const auto& item : evidence) {
        if (!tests(hypothesis, *item.split)) continue;
        if (auto finding = contrast(run, item, hypothesis, *primary, model)) {
          is_tested = true;
          findings.push_back(std::move(*finding));
        }
        const auto second = find_measure(hypothesis.secondary_statistic, run);
        if (!second || second->name == primary->name) continue;
        if (auto finding = contrast(run, item, hypothesis, *second, model)) {
          second_looks.push_back(std::move(*finding));
        }
      }
      if (!is_tested) findings.push_back(untested(run, hypothesis, model));
    }
  }
  // The second looks are a family of their own: they illustrate, they do not decide.
  finish(run, evidence, protocol, findings);
  finish(run, evidence, protocol, second_looks);
  findings.insert(findings.end(), std::make_move_iterator(second_looks.begin()),
                  std::make_move_iterator(second_looks.end()));
  return findings;
}

}  // namespace cupel

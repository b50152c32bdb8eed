#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "area/potency/cliffs.hpp"
#include "base/text.hpp"

namespace cupel {
namespace {

std::string hypothesis_title(const AuditResults& results, const std::string& id) {
  for (const auto& hypothesis : results.run.area->hypotheses()) {
    if (hypothesis.id == id) return hypothesis.title;
  }
  return id;
}

std::string lower_first(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string join_phrases(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

// "learned more than means (mixed); not shown: features of the line (cancer_blind)".
std::string model_sentence(const AuditResults& results, const ModelWords& model) {
  std::map<Verdict, std::vector<std::string>> phrases;
  for (const Finding* finding : model.findings) {
    if (finding->split.empty()) continue;
    phrases[finding->verdict].push_back(fmt::format(
        "{} ({})", lower_first(hypothesis_title(results, finding->hypothesis)), finding->split));
  }
  std::string text;
  const auto add = [&](Verdict verdict, std::string_view lead) {
    const auto found = phrases.find(verdict);
    if (found == phrases.end()) return;
    if (!text.empty()) text += "; ";
    text += fmt::format("{}: {}", lead, join_phrases(found->second));
  };
  add(Verdict::learned, "learned");
  add(Verdict::not_shown, "not shown");
  add(Verdict::worse, "worse than a blind baseline");
  add(Verdict::cannot_tell, "cannot tell");
  return text.empty() ? "No split of this study tests it." : capitalised(text) + ".";
}

ModelWords describe(const AuditResults& results, const std::string& name) {
  ModelWords words{.name = name, .title = title_of(results.run, name)};
  for (const auto& finding : results.findings) {
    if (finding.predictor == name && is_primary(results, finding))
      words.findings.push_back(&finding);
  }
  for (const Finding* finding : words.findings) {
    const auto& text = finding->recommendation;
    if (!text.empty() && std::find(words.recommendations.begin(), words.recommendations.end(),
                                   text) == words.recommendations.end()) {
      words.recommendations.push_back(text);
    }
  }
  for (const auto& note : results.protocol) {
    if (note.model != name || note.severity != Severity::serious) continue;
    if (std::find(words.flags.begin(), words.flags.end(), note.code) == words.flags.end()) {
      words.flags.push_back(note.code);
      words.recommendations.push_back(note.recommendation);
    }
  }
  words.sentence = model_sentence(results, words);
  return words;
}

// For one hypothesis and split: how many models were tested, how many of them learned.
struct Count {
  std::string hypothesis;
  std::string split;
  std::string bar;
  std::size_t n_tested = 0;
  std::size_t n_learned = 0;
};

std::vector<Count> count_verdicts(const AuditResults& results) {
  std::vector<Count> counts;
  for (const auto& finding : results.findings) {
    if (!is_primary(results, finding) || finding.split.empty()) continue;
    auto found = std::find_if(counts.begin(), counts.end(), [&](const Count& count) {
      return count.hypothesis == finding.hypothesis && count.split == finding.split;
    });
    if (found == counts.end()) {
      counts.push_back({finding.hypothesis, finding.split, finding.against});
      found = counts.end() - 1;
    }
    ++found->n_tested;
    if (finding.verdict == Verdict::learned) ++found->n_learned;
  }
  return counts;
}

std::string count_sentence(const AuditResults& results, const Count& count) {
  const std::string bar = title_of(results.run, count.bar);
  const std::string what = lower_first(hypothesis_title(results, count.hypothesis));
  if (count.n_tested == 1) {
    return fmt::format("{} ({}): {}, against {}.", capitalised(what), count.split,
                       count.n_learned == 1 ? "shown" : "not shown", bar);
  }
  const std::string how_many = count.n_learned == 0 ? "none"
                               : count.n_learned == count.n_tested
                                   ? "all"
                                   : std::to_string(count.n_learned);
  return fmt::format("{} ({}): shown for {} of {} models, against {}.", capitalised(what),
                     count.split, how_many, count.n_tested, bar);
}

std::string headline(const AuditResults& results, const std::vector<ModelWords>& models) {
  if (models.empty()) return "No model was audited: the report compares the baselines.";
  // The most telling test is the one that the fewest models pass.
  const auto counts = count_verdicts(results);
  if (counts.empty()) return "No split of this study tests any hypothesis.";
  const auto hardest =
      std::min_element(counts.begin(), counts.end(), [](const Count& a, const Count& b) {
        return static_cast<double>(a.n_learned) / static_cast<double>(a.n_tested) <
               static_cast<double>(b.n_learned) / static_cast<double>(b.n_tested);
      });
  const std::string what = lower_first(hypothesis_title(results, hardest->hypothesis));
  if (models.size() == 1) return models.front().title + ": " + lower_first(models.front().sentence);
  if (hardest->n_learned == hardest->n_tested) {
    return fmt::format("All {} models pass every test of this study.", models.size());
  }
  return fmt::format(
      "{} {} models {} been shown to have learned {} ({} split).",
      hardest->n_learned == 0 ? "None of the" : std::to_string(hardest->n_learned) + " of",
      hardest->n_tested, hardest->n_learned <= 1 ? "has" : "have", what, hardest->split);
}

// The section has them all; what matters most comes first. A long list after a colon stays there.
constexpr std::size_t kLongSentence = 260;

void add_first(const std::vector<std::string>& from, std::size_t n, std::vector<std::string>& to) {
  for (std::size_t i = 0; i < from.size() && i < n; ++i) {
    const std::size_t list = from[i].size() > kLongSentence ? from[i].find(": ") : from[i].npos;
    to.push_back(list == from[i].npos ? from[i] : from[i].substr(0, list) + ".");
  }
}

}  // namespace

const PredictorInfo* find_info(const StudyRun& run, const std::string& name) {
  for (const auto& predictor : run.predictors) {
    if (predictor->info().name == name) return &predictor->info();
  }
  for (const auto& published : run.published) {
    if (published.info.name == name) return &published.info;
  }
  return nullptr;
}

std::string title_of(const StudyRun& run, const std::string& name) {
  const PredictorInfo* info = find_info(run, name);
  return info == nullptr || info->title.empty() ? name : info->title;
}

std::vector<std::string> model_names(const StudyRun& run) {
  std::vector<std::string> names;
  for (const auto& predictor : run.predictors) {
    if (predictor->info().is_model) names.push_back(predictor->info().name);
  }
  for (const auto& published : run.published) {
    const std::string& name = published.info.name;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string plural_of(const std::string& entity) {
  return entity == "cell" ? "cell lines" : entity + "s";
}

std::string task_word(const Dataset& data) {
  return data.find_entity("assay") != nullptr ? "assay" : "task";
}

std::string pair_rule_words(const StudyRun& run) {
  const CliffSpec& cliffs = run.study.data.cliffs;
  std::string words;
  for (const auto& rule : potency::cliff_rules()) {
    if (rule.name == cliffs.rule) words = fmt::format("{}: {}", rule.name, rule.description);
  }
  while (words.ends_with('.')) words.pop_back();
  if (!cliffs.column.empty()) {
    words += fmt::format("{}compounds as flagged by the column {}", words.empty() ? "" : "; ",
                         cliffs.column);
  }
  return words;
}

std::vector<Finding> published_findings(const AuditResults& results) {
  std::vector<Finding> findings;
  for (const auto& contrast : results.tasks.contrasts) {
    if (!contrast.is_published || contrast.hypothesis.empty() ||
        contrast.metric != results.run.study.primary_metric) {
      continue;
    }
    findings.push_back({.hypothesis = contrast.hypothesis,
                        .predictor = contrast.model,
                        .against = contrast.against,
                        .split = contrast.split,
                        .metric = contrast.metric,
                        .unit = task_word(results.run.data),
                        .estimate = contrast.difference,
                        .low = contrast.low,
                        .high = contrast.high,
                        .margin = contrast.margin,
                        .p_value = contrast.p_value,
                        .p_adjusted = contrast.p_adjusted,
                        .n_units = contrast.n_tasks,
                        .verdict = contrast.verdict,
                        .sentence = contrast.sentence,
                        .recommendation = contrast.recommendation});
  }
  return findings;
}

std::string published_brief(const AuditResults& results, const ModelWords& model) {
  const auto& published = results.run.published;
  if (std::none_of(published.begin(), published.end(),
                   [&](const PublishedScores& scores) { return scores.info.name == model.name; })) {
    return {};
  }
  std::vector<std::string> parts;
  const std::string neighbour = results.run.area->neighbour_baseline();
  for (const auto& contrast : results.tasks.contrasts) {
    if (contrast.model != model.name || contrast.against != neighbour ||
        contrast.metric != results.run.study.primary_metric) {
      continue;
    }
    const bool is_worse = contrast.n_worse >= contrast.n_better;
    parts.push_back(fmt::format("{} than {} on {} of {} {}s", is_worse ? "worse" : "better",
                                title_of(results.run, neighbour),
                                is_worse ? contrast.n_worse : contrast.n_better, contrast.n_tasks,
                                task_word(results.run.data)));
    break;
  }
  for (const Verdict verdict :
       {Verdict::learned, Verdict::not_shown, Verdict::worse, Verdict::cannot_tell}) {
    std::vector<std::string> ids;
    for (const Finding* finding : model.findings) {
      if (finding->verdict == verdict) ids.push_back(finding->hypothesis);
    }
    if (!ids.empty()) parts.push_back(fmt::format("{} {}", to_string(verdict), join(ids, ", ")));
  }
  const bool is_said = model.title.find("published") != std::string::npos;
  return fmt::format("{}{}: {}", model.title, is_said ? "" : " (published)",
                     parts.empty() ? std::string("not compared") : join(parts, "; "));
}

bool is_primary(const AuditResults& results, const Finding& finding) {
  const std::string& metric = results.run.study.primary_metric;
  if (finding.metric == metric || finding.metric == "auspc_" + metric) return true;
  return std::any_of(
      results.pairs.findings.begin(), results.pairs.findings.end(), [&](const Finding& of_pairs) {
        return of_pairs.hypothesis == finding.hypothesis && of_pairs.metric == finding.metric;
      });
}

Summary summarise(const AuditResults& results) {
  Summary summary;
  for (const auto& name : model_names(results.run))
    summary.models.push_back(describe(results, name));
  summary.headline = headline(results, summary.models);
  for (const auto& count : count_verdicts(results)) {
    summary.sentences.push_back(count_sentence(results, count));
  }
  for (const auto& spectrum : results.spectra) {
    if (!spectrum.monotonicity.is_falling) {
      summary.sentences.push_back(spectrum.input.title + ": " + spectrum.monotonicity.sentence);
      continue;
    }
    for (const auto& contrast : spectrum.contrasts) {
      if (!contrast.is_bar) continue;
      summary.sentences.push_back(spectrum.input.title + ": " + contrast.sentence);
    }
  }
  add_first(results.tasks.sentences, 3, summary.sentences);
  add_first(results.pairs.sentences, 2, summary.sentences);
  for (const auto& profile : results.distances) add_first(profile.sentences, 1, summary.sentences);
  std::size_t n_flagged = 0;
  for (const auto& model : summary.models) n_flagged += model.flags.empty() ? 0 : 1;
  if (n_flagged > 0) {
    summary.sentences.push_back(fmt::format(
        "{} of {} models broke a rule of evaluation that makes their score an upper limit or void; "
        "see the protocol checks.",
        n_flagged, summary.models.size()));
  }
  if (!(results.noise.sd > 0.0)) {
    summary.sentences.emplace_back(
        "The data hold too few repeated measurements to estimate the noise: there is no ceiling in "
        "the ladder, and copied test values cannot be seen.");
  }
  return summary;
}

}  // namespace cupel

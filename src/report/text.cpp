#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "area/potency/cliffs.hpp"
#include "base/text.hpp"
#include "study/sample_scores.hpp"

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

// "perturbations not seen in training", where the area has words for it; else the name.
std::string split_words(const AuditResults& results, const std::string& split) {
  const std::string words = results.run.area->scheme_in_words(split);
  return words.empty() ? split : words;
}

// The same as a place: "on perturbations not seen in training", "cancer_blind split".
std::string split_place(const AuditResults& results, const std::string& split) {
  const std::string words = results.run.area->scheme_in_words(split);
  return words.empty() ? split + " split" : "on " + words;
}

std::size_t count_splits(const AuditResults& results) {
  std::set<std::string> splits;
  for (const auto& finding : results.findings) splits.insert(finding.split);
  return splits.size() - splits.count("");
}

// "Learned: more than means; not shown: features of the line (cancer_blind)". A split is named
// where the verdict holds on some of several only.
std::string model_sentence(const AuditResults& results, const ModelWords& model) {
  const std::size_t n_splits = count_splits(results);
  const auto phrases_of = [&](Verdict verdict) {
    std::vector<std::string> phrases;
    for (const auto& hypothesis : results.run.area->hypotheses()) {
      std::vector<std::string> splits;
      for (const Finding* finding : model.findings) {
        if (finding->split.empty() || finding->verdict != verdict) continue;
        if (finding->hypothesis == hypothesis.id) {
          splits.push_back(split_words(results, finding->split));
        }
      }
      if (splits.empty()) continue;
      phrases.push_back(lower_first(hypothesis.title));
      if (splits.size() < n_splits) phrases.back() += " (" + join(splits, ", ") + ")";
    }
    return phrases;
  };
  std::string text;
  const auto add = [&](Verdict verdict, std::string_view lead) {
    const auto phrases = phrases_of(verdict);
    if (phrases.empty()) return;
    if (!text.empty()) text += "; ";
    text += fmt::format("{}: {}", lead, join_phrases(phrases));
  };
  add(Verdict::learned, "learned");
  add(Verdict::not_shown, "not shown");
  add(Verdict::worse, "worse than a blind baseline");
  add(Verdict::cannot_tell, "cannot tell");
  return text.empty() ? "No split of this study tests it." : capitalised(text) + ".";
}

// Of what was learned on a split, the smallest gain is the one to report.
bool is_smallest_gain(const ModelWords& words, const Finding& finding) {
  return std::ranges::none_of(words.findings, [&](const Finding* other) {
    return other->verdict == Verdict::learned && other->split == finding.split &&
           other->metric == finding.metric && other->estimate < finding.estimate;
  });
}

ModelWords describe(const AuditResults& results, const std::string& name) {
  ModelWords words{.name = name, .title = title_of(results.run, name)};
  for (const auto& finding : results.findings) {
    if (finding.predictor == name && is_primary(results, finding))
      words.findings.push_back(&finding);
  }
  for (const Finding* finding : words.findings) {
    if (finding->verdict == Verdict::learned && !is_smallest_gain(words, *finding)) continue;
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

// For one hypothesis and split: which models were tested, and which of them learned.
struct Count {
  std::string hypothesis;
  std::string split;
  std::vector<std::string> bars;
  std::vector<const Finding*> tested;
  std::vector<const Finding*> learned;  ///< the largest gain first

  [[nodiscard]] double share() const {
    return static_cast<double>(learned.size()) / static_cast<double>(tested.size());
  }
};

std::vector<Count> count_verdicts(const AuditResults& results) {
  std::vector<Count> counts;
  for (const auto& finding : results.findings) {
    if (!is_primary(results, finding) || finding.split.empty()) continue;
    auto found = std::find_if(counts.begin(), counts.end(), [&](const Count& count) {
      return count.hypothesis == finding.hypothesis && count.split == finding.split;
    });
    if (found == counts.end()) {
      counts.push_back({.hypothesis = finding.hypothesis, .split = finding.split});
      found = counts.end() - 1;
    }
    if (std::ranges::find(found->bars, finding.against) == found->bars.end()) {
      found->bars.push_back(finding.against);
    }
    found->tested.push_back(&finding);
    if (finding.verdict == Verdict::learned) found->learned.push_back(&finding);
  }
  for (auto& count : counts) {
    std::ranges::stable_sort(count.learned, std::greater<>(), &Finding::estimate);
  }
  return counts;
}

// "3 of 25 models", "none of 2 models", "shown" of one.
std::string count_phrase(const Count& count) {
  if (count.tested.size() == 1) return count.learned.empty() ? "not shown" : "shown";
  return fmt::format("shown for {} of {} models",
                     count.learned.empty() ? "none"
                     : count.learned.size() == count.tested.size()
                         ? "all"
                         : std::to_string(count.learned.size()),
                     count.tested.size());
}

// Where the bar differs between models, the first two are named.
std::string bar_phrase(const AuditResults& results, const Count& count) {
  std::string text = title_of(results.run, count.bars.front());
  if (count.bars.size() > 1) text += " or " + title_of(results.run, count.bars[1]);
  if (count.bars.size() > 2) text += " and others";
  return text;
}

// One sentence per hypothesis, over all splits that test it.
std::vector<std::string> count_sentences(const AuditResults& results,
                                         const std::vector<Count>& counts) {
  std::vector<std::string> sentences;
  std::vector<std::string> done;
  for (const auto& first : counts) {
    if (std::ranges::find(done, first.hypothesis) != done.end()) continue;
    done.push_back(first.hypothesis);
    std::vector<std::string> parts;
    for (const auto& count : counts) {
      if (count.hypothesis != first.hypothesis) continue;
      parts.push_back(fmt::format("{} ({}, against {})", count_phrase(count),
                                  split_words(results, count.split), bar_phrase(results, count)));
    }
    sentences.push_back(
        fmt::format("{}: {}.", hypothesis_title(results, first.hypothesis), join(parts, "; ")));
  }
  return sentences;
}

bool is_main(const AuditResults& results, const std::string& id) {
  return std::ranges::any_of(results.run.area->hypotheses(), [&](const Hypothesis& hypothesis) {
    return hypothesis.is_main && hypothesis.id == id;
  });
}

// The area's main question where a split tests it; else the test that the fewest models pass.
const Count& deciding(const AuditResults& results, const std::vector<Count>& counts) {
  const auto rank = [&](const Count& count) {
    return std::pair(is_main(results, count.hypothesis) ? 0 : 1, count.share());
  };
  return *std::ranges::min_element(counts, std::less<>(), rank);
}

std::string models_headline(const AuditResults& results, const Count& count) {
  const std::string what = lower_first(hypothesis_title(results, count.hypothesis));
  const std::size_t n = count.learned.size();
  if (count.tested.size() == 1) {
    return fmt::format("{} has {}been shown to have learned {} ({}).",
                       title_of(results.run, count.tested.front()->predictor), n == 0 ? "not " : "",
                       what, split_place(results, count.split));
  }
  const auto n_published = std::ranges::count_if(count.tested, [&](const Finding* finding) {
    return std::ranges::any_of(results.run.published, [&](const PublishedScores& published) {
      return published.info.name == finding->predictor;
    });
  });
  std::string who = fmt::format("{} of {}{} models", n == 0 ? "None" : std::to_string(n),
                                n == 0 ? "the " : "", count.tested.size());
  if (n_published > 0) who += fmt::format(" ({} by their published scores)", n_published);
  std::string text = fmt::format("{} {} been shown to have learned {} ({})", who,
                                 n <= 1 ? "has" : "have", what, split_place(results, count.split));
  constexpr std::size_t kMostNamed = 4;
  if (n > 0 && n <= kMostNamed) {
    std::vector<std::string> names;
    for (const Finding* finding : count.learned) {
      names.push_back(title_of(results.run, finding->predictor));
    }
    text += ": " + join(names, ", ");
  }
  return text + ".";
}

std::string headline(const AuditResults& results, const std::vector<ModelWords>& models,
                     const std::vector<Count>& counts) {
  if (models.empty()) return "No model was audited: the report compares the baselines.";
  if (counts.empty()) return "No split of this study tests any hypothesis.";
  if (models.size() == 1) return models.front().title + ". " + models.front().sentence;
  const bool all_pass = std::ranges::all_of(counts, [&](const Count& count) {
    return count.share() == 1.0 && count.tested.size() == models.size();
  });
  if (all_pass) {
    return fmt::format("All {} models pass every test of this study.", models.size());
  }
  return models_headline(results, deciding(results, counts));
}

// The main question of a study in which one split tests it.
auto is_said_by_headline(const AuditResults& results, const std::vector<Count>& counts) {
  std::string said;
  if (counts.size() > 1) {
    const Count& main = deciding(results, counts);
    const auto n = std::ranges::count(counts, main.hypothesis, &Count::hypothesis);
    if (n == 1 && is_main(results, main.hypothesis)) said = main.hypothesis;
  }
  return [said](const Count& count) { return count.hypothesis == said; };
}

void add_spectrum(const Spectrum& spectrum, std::vector<std::string>& to) {
  if (!spectrum.monotonicity.is_falling) {
    to.push_back(spectrum.input.title + ": " + spectrum.monotonicity.sentence);
    return;
  }
  for (const auto& contrast : spectrum.contrasts) {
    if (contrast.is_bar) to.push_back(spectrum.input.title + ": " + contrast.sentence);
  }
}

// The sections say the rest; what matters most comes first.
constexpr std::size_t kMostSentences = 8;

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
  auto counts = count_verdicts(results);
  summary.headline = headline(results, summary.models, counts);
  // What the headline says in full is not said again.
  if (summary.models.size() > 1) std::erase_if(counts, is_said_by_headline(results, counts));
  auto& sentences = summary.sentences;
  sentences = count_sentences(results, counts);
  std::size_t n_flagged = 0;
  for (const auto& model : summary.models) n_flagged += model.flags.empty() ? 0 : 1;
  if (n_flagged > 0) {
    sentences.push_back(fmt::format(
        "{} of {} models broke a rule of evaluation that makes their score an upper limit or void; "
        "see the protocol checks.",
        n_flagged, summary.models.size()));
  }
  for (const auto& spectrum : results.spectra) add_spectrum(spectrum, sentences);
  add_first(results.tasks.sentences, 2, sentences);
  for (const auto& profile : results.distances) add_first(profile.sentences, 1, sentences);
  add_first(results.pairs.sentences, 1, sentences);
  const bool has_noise = results.noise.sd > 0.0 || has_vector_targets(results.run);
  const std::size_t n_most = kMostSentences - (has_noise ? 0 : 1);
  if (sentences.size() > n_most) sentences.resize(n_most);
  if (!has_noise) {
    sentences.emplace_back(
        "The data hold too few repeated measurements to estimate the noise: there is no ceiling in "
        "the ladder, and copied test values cannot be seen.");
  }
  return summary;
}

}  // namespace cupel

// What a reader of scores over many assays, of cliffs and of published tables is likely to get
// wrong.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/explain_parts.hpp"

namespace cupel::detail {
namespace {

// Above it a test molecule has an analogue in training: the usual cut for ECFP4 at 2048 bits.
constexpr double kAnalogue = 0.4;

double share_from(const std::vector<double>& nearest, double threshold) {
  std::size_t n = 0;
  std::size_t n_near = 0;
  for (const double value : nearest) {
    if (std::isnan(value)) continue;
    ++n;
    if (value >= threshold) ++n_near;
  }
  return n > 0 ? static_cast<double>(n_near) / static_cast<double>(n) : kUndefined;
}

// Share of the target's variance that lies between the levels of the entity.
double variance_between(const Dataset& data, const std::string& entity) {
  const auto shares = variance_shares(data);
  for (std::size_t e = 0; e < data.entities.size(); ++e) {
    if (data.entities[e].name == entity) return shares[e].share;
  }
  return kUndefined;
}

std::size_t count_pairs(const Dataset& data, const std::string& block) {
  for (const auto& pairs : data.pairs) {
    if (pairs.name == block) return pairs.size();
  }
  return 0;
}

const PairScore* score_of(const PairComparison& pairs, const std::string& split,
                          const std::string& predictor) {
  for (const auto& score : pairs.scores) {
    if (score.split == split && score.predictor == predictor) return &score;
  }
  return nullptr;
}

// Where folds are tasks a pooled score would reward knowing which task a row is of.
std::string pooled_words(const AuditResults& results, const std::string& task) {
  const double between = variance_between(results.run.data, task);
  if (std::isnan(between)) return {};
  return fmt::format(
      " Pooled over all rows, {:.0f} % of the variance lies between {}s: telling one {} from "
      "another would pass for skill.",
      100.0 * between, task, task);
}

}  // namespace

void explain_tasks(const AuditResults& results, std::vector<Explanation>& all) {
  const std::string task = task_word(results.run.data);
  std::set<std::string> done;
  for (const auto& table : results.tasks.tables) {
    if (table.tasks.size() < 2 || !done.insert(table.split).second) continue;
    const auto [low, high] = std::minmax_element(table.n_test.begin(), table.n_test.end());
    all.push_back(
        {.id = "task_mean_" + table.split,
         .title = fmt::format("Why the error is a mean over {}s ({})", task, table.split),
         .text = fmt::format(
             "Every predictor is trained and scored within one {0}; its error is the mean of the "
             "{1} errors. Each {0} counts once, whether it has {2} or {3} test rows, and the {0} "
             "is the unit of the intervals: they say what to expect of another {0}, not of "
             "another row.{4}",
             task, table.tasks.size(), *low, *high, pooled_words(results, task))});
  }
}

bool is_by_scaffold(const AuditResults& results, const std::string& name) {
  return std::ranges::any_of(results.run.splits, [&](const SplitResult& split) {
    return split.name == name && !split.folds.empty() &&
           split.folds.front().scheme.find("scaffold") != std::string::npos;
  });
}

void explain_distances(const AuditResults& results, std::vector<Explanation>& all) {
  for (const auto& profile : results.distances) {
    if (std::isnan(profile.median)) continue;
    const double share = share_from(profile.nearest, kAnalogue);
    const std::string known =
        std::isnan(share)
            ? std::string()
            : fmt::format("; {:.0f} % have one at {:.1f} or above", 100.0 * share, kAnalogue);
    const std::string facts = fmt::format(
        "Half of the test {} have a training neighbour with a similarity of at least {:.2f} "
        "({}){}.",
        plural_of(profile.entity), profile.median, profile.similarity, known);
    const bool interpolates = profile.median >= kAnalogue;
    all.push_back(
        {.id = "interpolation_" + profile.split,
         .title = fmt::format("{} ({})",
                              interpolates ? "Why this split asks for interpolation"
                                           : "How far this split asks to go",
                              profile.split),
         .text = facts +
                 (interpolates && is_by_scaffold(results, profile.split)
                      ? " The test scaffolds are not in training, yet scaffolds are close to one "
                        "another, so that many a test compound still has an analogue there: read "
                        "the error at low similarity, or add an overlap series."
                  : interpolates
                      ? " Random and cluster-stratified splits deal every series to both sides, so "
                        "that a test compound is answered by its analogues. A low error here says "
                        "how well a predictor fills gaps between known analogues, and nothing of "
                        "new chemistry: read the error at low similarity, and add a scaffold split "
                        "or an overlap series."
                      : " Most test compounds have no close analogue in training: copying "
                        "neighbours has little to copy, and an error here is about new "
                        "chemistry.")});
  }
}

void explain_pairs(const AuditResults& results, std::vector<Explanation>& all) {
  const PairComparison& pairs = results.pairs;
  if (pairs.block.empty()) return;
  const std::size_t n_pairs = count_pairs(results.run.data, pairs.block);
  std::string text =
      "A cliff is a pair of similar molecules with very different potency, the place where similar "
      "molecules do not behave alike.";
  if (n_pairs > 0) {
    text +=
        fmt::format(" These data hold {} such pairs ({}).", n_pairs, pair_rule_words(results.run));
  }
  const std::string neighbour = results.run.area->neighbour_baseline();
  for (const auto& split : results.run.splits) {
    const PairScore* score = score_of(pairs, split.name, neighbour);
    if (score == nullptr || std::isnan(score->gap.value)) continue;
    text += fmt::format(
        " On {} {} has an RMSE of {:.2f} on their compounds and of {:.2f} on the others, without "
        "having learned what makes a cliff.",
        split.name, title_of(results.run, neighbour), score->rmse_cliff.value,
        score->rmse_noncliff.value);
  }
  text +=
      " Compounds are flagged over training and test together, so an error on \"cliff compounds\" "
      "is mostly an error on compounds whose partner was trained on. A model is aware of cliffs "
      "only if it does better there than copying neighbours, in the error or in the order of the "
      "two compounds.";
  all.push_back({.id = "cliffs", .title = "What an activity cliff is", .text = text});
}

void explain_published(const AuditResults& results, std::vector<Explanation>& all) {
  std::set<std::string> names;
  std::set<std::string> splits;
  std::set<std::string> metrics;
  for (const auto& published : results.run.published) {
    names.insert(published.info.name);
    splits.insert(published.split);
    for (const auto& [metric, values] : published.values) metrics.insert(metric);
  }
  if (names.empty()) return;
  const std::string task = task_word(results.run.data);
  all.push_back(
      {.id = "published",
       .title = "What published scores can and cannot show",
       .text = fmt::format(
           "{} models take part with the scores that their authors printed ({}), one per {} and "
           "metric. That is enough to compare means over {}s, with the {} as the unit. Without "
           "predictions nothing can be paired within a{} {}: no interval from rows, no order on "
           "cliff pairs, no error against similarity, no other metric. They stand on the {} split "
           "only, and rest on its being the same split.",
           names.size(), fmt::join(metrics, ", "), task, task, task, task == "assay" ? "n" : "",
           task, fmt::join(splits, ", "))});
}

}  // namespace cupel::detail

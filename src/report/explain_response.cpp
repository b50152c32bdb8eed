// What a reader of drug-response scores is likely to get wrong: means of drugs and lines.
#include <fmt/format.h>

#include <cmath>

#include "report/explain_parts.hpp"

namespace cupel::detail {
namespace {

// Mean over folds of a score; NaN if it is not there or undefined.
double mean_score(const AuditResults& results, const std::string& split,
                  const std::string& predictor, const std::string& metric,
                  const std::string& kind) {
  double sum = 0.0;
  std::size_t n = 0;
  for (const auto& score : results.scores) {
    if (score.split != split || score.predictor != predictor || score.metric != metric ||
        score.group_kind != kind || std::isnan(score.value)) {
      continue;
    }
    sum += score.value;
    ++n;
  }
  return n > 0 ? sum / static_cast<double>(n) : kUndefined;
}

void explain_drug_mean(const AuditResults& results, std::vector<Explanation>& all) {
  const auto shares = variance_shares(results.run.data);
  for (const auto& split : results.run.splits) {
    const double global = mean_score(results, split.name, "drug_mean", "r2", "all");
    const double within = mean_score(results, split.name, "drug_mean", "r2", "macro_drug");
    if (std::isnan(global) || std::isnan(within) || split.is_blind_to("drug")) continue;
    all.push_back({.id = "drug_mean_" + split.name,
                   .title = "Why a high R2 over all rows proves little (" + split.name + ")",
                   .text = fmt::format("On {} the drug mean alone has R2 {:.3f} over all rows but "
                                       "{:.3f} within drugs: {:.0f} % "
                                       "of the variance lies between drugs, so knowing which drug "
                                       "it is looks like skill, while "
                                       "no line is told from another.",
                                       split.name, global, within, 100.0 * shares.front().share)});
    const double per_cell = mean_score(results, split.name, "drug_mean", "pearson", "macro_cell");
    if (!std::isnan(per_cell)) {
      all.push_back({.id = "per_cell_" + split.name,
                     .title = "Ranking drugs within a line (" + split.name + ")",
                     .text = fmt::format("Within a cell line the drug mean correlates {:.2f} with "
                                         "the response: a correlation "
                                         "per line is no evidence of learning wherever the drugs "
                                         "are known from training. Read "
                                         "the values per drug.",
                                         per_cell)});
    }
  }
}

void explain_cell_mean(const AuditResults& results, std::vector<Explanation>& all) {
  for (const auto& split : results.run.splits) {
    if (!split.is_blind_to("drug") || split.is_blind_to("cell")) continue;
    const double per_drug = mean_score(results, split.name, "cell_mean", "pearson", "macro_drug");
    const double global = mean_score(results, split.name, "cell_mean", "r2", "all");
    if (std::isnan(per_drug)) continue;
    all.push_back(
        {.id = "cell_mean_" + split.name,
         .title = "What a new drug's ranking of lines owes to the lines (" + split.name + ")",
         .text = fmt::format(
             "Lines differ in their sensitivity to everything: the line mean over the known drugs "
             "ranks the lines of an unseen drug with a mean correlation of {:.2f} (R2 over all "
             "rows "
             "{:.2f}) without any chemistry.",
             per_drug, global)});
  }
}

}  // namespace

void explain_response(const AuditResults& results, std::vector<Explanation>& all) {
  explain_drug_mean(results, all);
  explain_cell_mean(results, all);
}

}  // namespace cupel::detail

// What a reader of the scores is likely to get wrong, and the methods text.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "report/text.hpp"

namespace cupel {
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

void explain_missing(const AuditResults& results, std::vector<Explanation>& all) {
  std::set<std::string> tested;
  for (const auto& finding : results.findings) {
    if (!finding.split.empty()) tested.insert(finding.hypothesis);
  }
  std::vector<std::string> remedies;
  for (const auto& hypothesis : results.run.area->hypotheses()) {
    if (!tested.contains(hypothesis.id)) {
      remedies.push_back(hypothesis.title + ": " + hypothesis.remedy);
    }
  }
  if (remedies.empty()) return;
  all.push_back({.id = "untested",
                 .title = "What this study cannot show",
                 .text = "No split here tests the following, whatever the scores. " +
                         join(remedies, "; ") + "."});
}

void explain_series(const AuditResults& results, std::vector<Explanation>& all) {
  for (const auto& spectrum : results.spectra) {
    const std::string& entity = spectrum.input.entity;
    all.push_back(
        {.id = "series_" + spectrum.input.name,
         .title = fmt::format("How to read the curve over {}s ({})", entity, spectrum.input.name),
         .text = fmt::format(
             "Every split of the series tests {0}s that training has not seen, with as many of "
             "them "
             "in training at every level; only their similarity to the nearest training {0} falls. "
             "The control tests the same {0}s after training on as many random ones: where curve "
             "and control part, similarity alone is the reason. A model that only copies the "
             "nearest {0} falls with the curve; one that has learned what the features mean stays "
             "above {1} to its end.",
             entity, "the baselines that cannot see them")});
  }
}

std::string split_words(const AuditResults& results) {
  std::vector<std::string> items;
  for (const auto& split : results.run.splits) {
    std::size_t low = split.folds.front().count(Role::test);
    std::size_t high = low;
    for (const auto& fold : split.folds) {
      low = std::min(low, fold.count(Role::test));
      high = std::max(high, fold.count(Role::test));
    }
    items.push_back(
        fmt::format("{} ({}, {} folds, {} to {} test rows{})", split.name,
                    split.folds.front().scheme, split.folds.size(), low, high,
                    split.blind_to.empty() ? "" : ", blind to " + join(split.blind_to, ", ")));
  }
  return join(items, "; ");
}

std::string baseline_words(const AuditResults& results) {
  std::vector<std::string> items;
  for (const auto& predictor : results.run.predictors) {
    if (!predictor->info().is_model) items.push_back(predictor->info().title);
  }
  return join(items, ", ");
}

}  // namespace

std::vector<Explanation> explain(const AuditResults& results) {
  std::vector<Explanation> all;
  explain_drug_mean(results, all);
  explain_cell_mean(results, all);
  explain_series(results, all);
  explain_missing(results, all);
  return all;
}

namespace {

std::string series_words(const AuditResults& results) {
  std::vector<std::string> items;
  for (const auto& spectrum : results.spectra) {
    const auto& levels = spectrum.levels;
    items.push_back(fmt::format(
        "{} ({} levels of {} from {:.3g} to {:.3g}, {} by {}; {:.0f} {}s in training and {:.0f} in "
        "test at every level, {} repeats)",
        spectrum.input.name, levels.size(), spectrum.input.parameter_title,
        levels.front().parameter, levels.back().parameter, spectrum.input.similarity,
        spectrum.input.similarity_parameters, levels.front().n_train, spectrum.input.entity,
        levels.front().n_test, levels.front().n_repeats));
  }
  return fmt::format(
      "Overlap series: {}. Each repeat has one test set for all its levels; the training items "
      "most "
      "similar to it are exchanged for random others, so that overlap falls while sizes stay. The "
      "control trains on as many random items and tests the same rows. All predictors of a series "
      "were fitted anew on every split, with the study's first seed. The area under the curve "
      "(AUSPC [ektefaie2024]) is the trapezoid rule over the levels, divided by their range; its "
      "differences are paired on the same rows and draws, with Holm's correction within the "
      "series.",
      join(items, "; "));
}

}  // namespace

Methods methods(const AuditResults& results) {
  const Study& study = results.run.study;
  const Dataset& data = results.run.data;
  Methods words;
  words.paragraphs.push_back(fmt::format(
      "Models were audited with cupel {} [cupel] against misaligned baselines, predictors that are "
      "blind to what the models are hoped to learn. The data set {} holds {} responses of {} drugs "
      "and "
      "{} cell lines; {} of {} input rows were left out, each with a reason.",
      version(), data.name, data.n_samples(), data.entities.front().ids.size(),
      data.entities.back().ids.size(), data.n_source_rows - data.n_samples(), data.n_source_rows));
  words.paragraphs.push_back(fmt::format(
      "Splits: {}. Every baseline was fitted on the training rows of each fold only, with settings "
      "tuned on an inner split drawn by the same unit as the test set. Baselines: {}. What each "
      "does "
      "for levels unseen in training is stated in the table of predictors.",
      split_words(results), baseline_words(results)));
  words.paragraphs.push_back(fmt::format(
      "Metrics are computed per fold and averaged over folds; metrics within groups are averaged "
      "over "
      "the groups in which they are defined, with the number of the others reported. Ties have "
      "mid-ranks; "
      "Kendall's is tau-b. Metrics without a value are undefined, not zero. After removing a mean, "
      "truth and "
      "prediction are both reduced by the training mean (unseen level: the global mean). For "
      "classification a response is sensitive below a cut-off per drug learned from training rows "
      "(rule: {}).",
      study.binarise.rule));
  words.paragraphs.push_back(fmt::format(
      "Contrasts are paired: {} bootstrap draws of the exchangeable unit (the entity to which the "
      "split is blind; drugs and lines together, by products of multinomial weights [owen2007], "
      "where it is blind to "
      "neither or both) are shared by all predictors; intervals are bias-corrected and accelerated "
      "[efron1987] at {:.0f} %. The bar of each hypothesis is the strongest baseline that is blind "
      "to "
      "it, on the same rows. P-values (normal, bootstrap standard error) are adjusted by Holm's "
      "method over all {} primary contrasts [holm1979]. A gain counts as learned if it is "
      "significant and exceeds the margin of {}{} in {}. Folds share training data, so tests over "
      "folds use the "
      "corrected t-test [nadeau2003]; ranks are compared by Friedman's test and Nemenyi's critical "
      "difference [demsar2006].",
      study.statistics.draws, 100.0 * study.statistics.confidence,
      std::count_if(
          results.findings.begin(), results.findings.end(),
          [&](const Finding& f) { return f.metric == study.primary_metric && !f.split.empty(); }),
      study.margin.relative ? 100.0 * study.margin.value : study.margin.value,
      study.margin.relative ? " % of the bar's error" : "", study.primary_metric));
  if (!results.spectra.empty()) words.paragraphs.push_back(series_words(results));
  words.citations = {
      {"cupel", fmt::format("cupel {}: what did a molecular AI model really learn?", version()),
       ""},
      {"owen2007", "Owen AB. The pigeonhole bootstrap. Ann Appl Stat 2007;1:386-411.",
       "10.1214/07-AOAS122"},
      {"efron1987",
       "Efron B. Better bootstrap confidence intervals. J Am Stat Assoc 1987;82:171-185.",
       "10.1080/01621459.1987.10478410"},
      {"holm1979",
       "Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat "
       "1979;6:65-70.",
       ""},
      {"nadeau2003",
       "Nadeau C, Bengio Y. Inference for the generalization error. Mach Learn 2003;52:239-281.",
       "10.1023/A:1024068626366"},
      {"demsar2006",
       "Demsar J. Statistical comparisons of classifiers over multiple data sets. J Mach Learn Res "
       "2006;7:1-30.",
       ""},
      {"branson2023",
       "Branson N et al. Comparison of multiple modalities for drug response prediction with "
       "learning curves "
       "using neural networks and XGBoost. Bioinform Adv 2023.",
       "10.1093/bioadv/vbad190"}};
  if (!results.spectra.empty()) {
    words.citations.push_back(
        {"ektefaie2024",
         "Ektefaie Y et al. Evaluating generalizability of artificial intelligence models for "
         "molecular datasets. Nat Mach Intell 2024.",
         "10.1038/s42256-024-00931-6"});
  }
  return words;
}

}  // namespace cupel

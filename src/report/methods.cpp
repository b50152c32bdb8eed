// The methods text: ready for a paper, every convention that changes a number is stated.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "data/profiles.hpp"
#include "report/text.hpp"
#include "study/sample_scores.hpp"

namespace cupel {
namespace {

bool is_about_drugs(const Dataset& data) {
  return data.find_entity("drug") != nullptr && data.find_entity("cell") != nullptr;
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
    items.push_back(fmt::format(
        "{} ({}, {} {}, {} to {} test rows{})", split.name, split.folds.front().scheme,
        split.folds.size(),
        split.folds.front().task.empty() ? "folds"
                                         : "folds, each within one " + task_word(results.run.data),
        low, high, split.blind_to.empty() ? "" : ", blind to " + join(split.blind_to, ", ")));
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

// "141,222 responses of 233 drugs and 688 cell lines".
std::string data_words(const Dataset& data) {
  std::vector<std::string> items;
  for (const auto& entity : data.entities) {
    items.push_back(fmt::format("{} {}", entity.ids.size(), plural_of(entity.name)));
  }
  const std::string_view between = data.find_entity("assay") != nullptr ? " in " : " and ";
  return fmt::format("{} {} of {}", data.n_samples(),
                     is_about_drugs(data)   ? "responses"
                     : data.n_outputs() > 1 ? "expression profiles"
                                            : "values",
                     join(items, between));
}

bool has_metric(const AuditResults& results, std::string_view metric) {
  return std::any_of(results.scores.begin(), results.scores.end(),
                     [&](const ScoreRow& score) { return score.metric == metric; });
}

// How profiles were made and scored, where targets are vectors.
std::string profile_words(const AuditResults& results) {
  const Dataset& data = results.run.data;
  std::string words;
  if (data.profiles) {
    words = fmt::format(
        "A sample is a perturbation in a context; its target is the profile of its cells over {} "
        "genes ({}); samples with fewer than {} cells are left out. Changes are taken from the "
        "control cells of the sample's own context, which every predictor may use. ",
        data.n_outputs(), data.profiles->pseudobulk, results.run.study.data.profiles.min_cells);
  }
  std::vector<std::string> items;
  for (const auto& metric : results.run.area->sample_metrics()) {
    items.push_back(fmt::format("{}: {}", metric.title, metric.description));
    while (items.back().ends_with('.')) items.back().pop_back();
  }
  return words +
         fmt::format(
             "Every sample is scored by itself, and metrics are averaged over the samples of "
             "a fold, then over folds. A metric counts on the samples for which a predictor "
             "has a value; a predictor without a value for one of them has no mean, and is "
             "no bar. {}.",
             join(items, ". "));
}

std::string metric_words(const AuditResults& results) {
  if (has_vector_targets(results.run)) return profile_words(results);
  std::string words =
      "Metrics are computed per fold and averaged over folds; metrics within groups are averaged "
      "over the groups in which they are defined, with the number of the others reported. Ties "
      "have mid-ranks; Kendall's is tau-b. Metrics without a value are undefined, not zero. After "
      "removing a mean, truth and prediction are both reduced by the training mean (unseen level: "
      "the global mean).";
  if (has_metric(results, "auroc")) {
    words += fmt::format(
        " For classification a response is sensitive below a cut-off per {} learned from training "
        "rows (rule: {}).",
        results.run.data.entities.front().name, results.run.study.binarise.rule);
  }
  return words;
}

// Which unit was resampled: for two entities it depends on the split.
std::string unit_words(const AuditResults& results) {
  if (is_about_drugs(results.run.data)) {
    return "the entity to which the split is blind; drugs and lines together, by products of "
           "multinomial weights [owen2007], where it is blind to neither or both";
  }
  std::set<std::string> units;
  for (const auto& evidence : results.evidence) units.insert(evidence.unit);
  return units.empty() ? std::string("the row") : fmt::format("{}", fmt::join(units, ", "));
}

std::string contrast_words(const AuditResults& results) {
  const Study& study = results.run.study;
  const bool all_in_tasks =
      std::all_of(results.run.splits.begin(), results.run.splits.end(),
                  [](const SplitResult& split) { return !split.folds.front().task.empty(); });
  const auto n_primary =
      std::count_if(results.findings.begin(), results.findings.end(), [&](const Finding& f) {
        return f.metric == study.primary_metric && !f.split.empty() && f.n_rows > 0;
      });
  return fmt::format(
      "Contrasts are paired: {} bootstrap draws of the exchangeable unit ({}) are shared by all "
      "predictors; intervals are bias-corrected and accelerated [efron1987] at {:.0f} %. The bar "
      "of each hypothesis is the strongest baseline that is blind to it, on the same rows. "
      "P-values (normal, bootstrap standard error) are adjusted by Holm's method over all {} "
      "primary contrasts [holm1979]. A gain counts as learned if it is significant and exceeds the "
      "margin of {}{} in {}. {} are compared by Friedman's test and Nemenyi's critical "
      "difference [demsar2006].",
      study.statistics.draws, unit_words(results), 100.0 * study.statistics.confidence, n_primary,
      study.margin.relative ? 100.0 * study.margin.value : study.margin.value,
      study.margin.relative ? " % of the bar's error" : "", study.primary_metric,
      all_in_tasks ? "Ranks"
                   : "Folds share training data, so tests over folds use the corrected t-test "
                     "[nadeau2003]; ranks");
}

std::string over_tasks_words(const AuditResults& results) {
  const std::string task = task_word(results.run.data);
  std::string words = fmt::format(
      "Every predictor was fitted and scored within each {0} alone. Over {0}s, differences of the "
      "{0}s' scores are averaged, with bias-corrected and accelerated intervals from draws of "
      "{0}s and Wilcoxon's signed-rank test [wilcoxon1945], corrected by Holm's method over all "
      "contrasts that test a hypothesis.",
      task);
  if (!results.run.published.empty()) {
    words += fmt::format(
        " Models that are marked as published take part by printed scores per {}, and in these "
        "contrasts only.",
        task);
  }
  return words;
}

std::string pair_words(const AuditResults& results) {
  return fmt::format(
      "Activity cliffs: {}. RMSE is taken on the compounds of cliff pairs and on the others within "
      "each fold; sign accuracy is the share of pairs whose order is predicted (equal predictions "
      "count half), for pairs within the test set and for pairs of a test and a training compound.",
      pair_rule_words(results.run));
}

std::string distance_words(const AuditResults& results) {
  const DistanceProfile& profile = results.distances.front();
  return fmt::format(
      "Error against distance: the similarity ({}) of every test {} to the nearest training one of "
      "its fold, in bins and as the square root of a local-linear mean of squared errors; "
      "intervals resample the unit.",
      profile.similarity, profile.entity);
}

std::vector<Citation> citations(const AuditResults& results) {
  const bool is_response = is_about_drugs(results.run.data);
  std::vector<Citation> all{
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
       ""}};
  if (is_response) {
    all.push_back({"branson2023",
                   "Branson N et al. Comparison of multiple modalities for drug response "
                   "prediction with learning curves using neural networks and XGBoost. Bioinform "
                   "Adv 2023.",
                   "10.1093/bioadv/vbad190"});
  } else if (!has_vector_targets(results.run)) {
    std::erase_if(all, [](const Citation& item) { return item.key == "owen2007"; });
  }
  if (!results.tasks.tables.empty()) {
    all.push_back({"wilcoxon1945",
                   "Wilcoxon F. Individual comparisons by ranking methods. Biometrics Bull "
                   "1945;1:80-83.",
                   "10.2307/3001968"});
  }
  if (results.run.study.area == "perturbation") {
    all.push_back(
        {"ahlmann2025",
         "Ahlmann-Eltze C, Huber W, Anders S. Deep-learning-based gene perturbation effect "
         "prediction does not yet outperform simple linear baselines. Nat Methods 2025.",
         "10.1038/s41592-025-02772-6"});
    all.push_back({"vinas2025",
                   "Vinas Torne R et al. Systema: a framework for evaluating genetic perturbation "
                   "response prediction beyond systematic variation. Nat Biotechnol 2025.",
                   "10.1038/s41587-025-02777-8"});
  }
  if (results.run.study.area == "potency") {
    all.push_back({"janela2022",
                   "Janela T, Bajorath J. Simple nearest-neighbour analysis meets the accuracy of "
                   "compound potency predictions using complex machine learning models. Nat Mach "
                   "Intell 2022;4:1246-1255.",
                   "10.1038/s42256-022-00581-6"});
  }
  if (!results.pairs.block.empty()) {
    all.push_back({"vantilborg2022",
                   "van Tilborg D, Alenicheva A, Grisoni F. Exposing the limitations of molecular "
                   "machine learning with activity cliffs. J Chem Inf Model 2022;62:5938-5951.",
                   "10.1021/acs.jcim.2c01073"});
  }
  if (!results.spectra.empty()) {
    all.push_back({"ektefaie2024",
                   "Ektefaie Y et al. Evaluating generalizability of artificial intelligence "
                   "models for molecular datasets. Nat Mach Intell 2024.",
                   "10.1038/s42256-024-00931-6"});
  }
  return all;
}

}  // namespace

Methods methods(const AuditResults& results) {
  const Dataset& data = results.run.data;
  Methods words;
  words.paragraphs.push_back(fmt::format(
      "Models were audited with cupel {} [cupel] against misaligned baselines, predictors that are "
      "blind to what the models are hoped to learn. The data set {} holds {}; {} of {} input rows "
      "were left out, each with a reason.",
      version(), data.name, data_words(data), data.n_source_rows - data.n_samples(),
      data.n_source_rows));
  words.paragraphs.push_back(fmt::format(
      "Splits: {}. Every baseline was fitted on the training rows of each fold only, with settings "
      "tuned on an inner split drawn by the same unit as the test set. Baselines: {}. What each "
      "does "
      "for levels unseen in training is stated in the table of predictors.",
      split_words(results), baseline_words(results)));
  words.paragraphs.push_back(metric_words(results));
  words.paragraphs.push_back(contrast_words(results));
  if (!results.tasks.tables.empty()) words.paragraphs.push_back(over_tasks_words(results));
  if (!results.pairs.block.empty()) words.paragraphs.push_back(pair_words(results));
  if (!results.distances.empty()) words.paragraphs.push_back(distance_words(results));
  if (!results.spectra.empty()) words.paragraphs.push_back(series_words(results));
  words.citations = citations(results);
  return words;
}

}  // namespace cupel

#include "compare_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "json_out.hpp"
#include "metric/metric.hpp"
#include "score_table.hpp"
#include "stat/ranks.hpp"
#include "stat/repeated_measures.hpp"
#include "stat/tests.hpp"

namespace cupel::cli {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool is_higher_better(const ScoreTableFlags& flags) {
  if (!flags.better.empty()) return flags.better == "higher";
  if (const MetricInfo* info = find_metric(flags.metric)) return info->higher_is_better;
  // "rmse_cliff" is an RMSE.
  if (const MetricInfo* info = find_metric(flags.metric.substr(0, flags.metric.find('_')))) {
    return info->higher_is_better;
  }
  fail(ErrorKind::usage, "is a higher or a lower \"" + flags.metric + "\" better?", {},
       "give --better higher or --better lower");
}

// What a test says of all pairs.
struct Tested {
  std::vector<PairDifference> pairs;
  bool has_intervals = false;
};

Matrix<double> rank_p_values(const ScoreTable& table, const std::string& test, bool higher) {
  if (test == "conover-holm") return compare_ranks(table.scores, higher).conover_holm;
  const std::size_t k = table.models.size();
  std::vector<double> p_values;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = i + 1; j < k; ++j) {
      std::vector<double> differences;
      for (std::size_t b = 0; b < table.blocks.size(); ++b) {
        differences.push_back(table.scores(b, i) - table.scores(b, j));
      }
      p_values.push_back(wilcoxon_signed_rank(differences).p_value);
    }
  }
  p_values = holm(p_values);
  Matrix<double> out(k, k, 1.0);
  std::size_t pair = 0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = i + 1; j < k; ++j) out(i, j) = out(j, i) = p_values[pair++];
  }
  return out;
}

Tested run_test(const ScoreTable& table, const ScoreTableFlags& flags, double confidence,
                bool higher) {
  if (flags.test == "tukey-hsd") {
    return {tukey_hsd(table.scores, repeated_measures_anova(table.scores), confidence), true};
  }
  const double test_over_train = 1.0 / (static_cast<double>(flags.cv_folds) - 1.0);
  Tested out{corrected_t_pairs(table.scores, test_over_train, confidence), true};
  if (flags.test == "nadeau-bengio") return out;
  // Tests of ranks have no interval of the mean difference.
  const Matrix<double> p_values = rank_p_values(table, flags.test, higher);
  for (PairDifference& pair : out.pairs) {
    pair.p_value = p_values(pair.first, pair.second);
    pair.low = pair.high = pair.statistic = kNaN;
  }
  out.has_intervals = false;
  return out;
}

struct Row {
  std::string model;
  double mean = 0.0;
  double sd = 0.0;
  double rank = 0.0;
};

std::vector<Row> rows_of(const ScoreTable& table, bool higher) {
  const RankComparison ranks = compare_ranks(table.scores, higher);
  std::vector<Row> rows;
  const auto n = static_cast<double>(table.blocks.size());
  for (std::size_t m = 0; m < table.models.size(); ++m) {
    double sum = 0.0;
    for (std::size_t b = 0; b < table.blocks.size(); ++b) sum += table.scores(b, m);
    double squares = 0.0;
    for (std::size_t b = 0; b < table.blocks.size(); ++b) {
      squares += (table.scores(b, m) - sum / n) * (table.scores(b, m) - sum / n);
    }
    rows.push_back(
        {table.models[m], sum / n, std::sqrt(squares / (n - 1.0)), ranks.average_rank[m]});
  }
  return rows;
}

// Groups of which no two members differ, best first.
std::vector<std::vector<std::size_t>> groups_of(const std::vector<Row>& rows, const Tested& tested,
                                                const std::string& test, bool higher,
                                                double alpha) {
  std::vector<double> place;
  for (const Row& row : rows) {
    place.push_back(test == "conover-holm" ? row.rank : higher ? -row.mean : row.mean);
  }
  Matrix<double> p_values(rows.size(), rows.size(), 1.0);
  for (const PairDifference& pair : tested.pairs) {
    p_values(pair.first, pair.second) = p_values(pair.second, pair.first) = pair.p_value;
  }
  return rank_cliques(place, p_values, alpha);
}

std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.4g}", value); }

const char* equivalence_word(const PairDifference& pair, double margin) {
  switch (equivalence(pair.low, pair.high, margin)) {
    case Equivalence::equivalent:
      return "equivalent";
    case Equivalence::not_equivalent:
      return "not equivalent";
    case Equivalence::cannot_tell:
      return "cannot tell";
  }
  return "";
}

/// All that is printed.
struct Outcome {
  ScoreTable table;
  std::vector<Row> rows;
  RepeatedMeasures anova;
  VarianceCheck variances;
  TestResult friedman;
  Tested tested;
  std::vector<PairDifference> for_margin;  ///< at 1 - 2 alpha; empty without a margin
  std::vector<std::vector<std::size_t>> groups;
};

std::string overall_line(const Outcome& outcome, const ScoreTableFlags& flags) {
  if (flags.test == "conover-holm") {
    return fmt::format("Friedman: chi2({}) = {}, p = {}\n", outcome.rows.size() - 1,
                       number(outcome.friedman.statistic), number(outcome.friedman.p_value));
  }
  if (flags.test != "tukey-hsd") return "";
  const RepeatedMeasures& anova = outcome.anova;
  return fmt::format(
      "repeated-measures ANOVA: F({:.0f}, {:.0f}) = {}, p = {} (Greenhouse-Geisser epsilon {}: p = "
      "{})\nvariances: Levene p = {}, largest / smallest = {}{}\n",
      anova.degrees_of_freedom, anova.degrees_of_freedom_error, number(anova.f),
      number(anova.p_value), number(anova.epsilon), number(anova.p_value_greenhouse_geisser),
      number(outcome.variances.levene.p_value), number(outcome.variances.ratio),
      outcome.variances.ratio > 9.0 ? "  TOO UNEQUAL for these intervals: use conover-holm" : "");
}

std::string as_text(const Outcome& outcome, const ScoreTableFlags& flags, double confidence,
                    bool higher) {
  std::size_t width = 8;
  for (const Row& row : outcome.rows) width = std::max(width, row.model.size());
  std::string text =
      fmt::format("{} folds, {} predictors, {} ({} is better)\n\n", outcome.table.blocks.size(),
                  outcome.rows.size(), flags.metric, higher ? "higher" : "lower");
  text += fmt::format("{:<{}}  {:>10}  {:>10}  {:>9}\n", "", width, "mean", "sd", "mean rank");
  std::vector<double> place;
  for (const Row& row : outcome.rows) place.push_back(higher ? -row.mean : row.mean);
  for (const std::uint32_t i : ascending_order(place)) {
    const Row& row = outcome.rows[i];
    text += fmt::format("{:<{}}  {:>10}  {:>10}  {:>9}\n", row.model, width, number(row.mean),
                        number(row.sd), number(row.rank));
  }
  const std::string overall = overall_line(outcome, flags);
  if (!overall.empty()) text += "\n" + overall;
  text += fmt::format(
      "\n{}, first - second, p adjusted for {} pairs{}\n", flags.test, outcome.tested.pairs.size(),
      outcome.tested.has_intervals ? fmt::format(", intervals at {:g} %", 100.0 * confidence) : "");
  for (std::size_t i = 0; i < outcome.tested.pairs.size(); ++i) {
    const PairDifference& pair = outcome.tested.pairs[i];
    text += fmt::format("{:<{}}  {:<{}}  {:>+10.4g}", outcome.rows[pair.first].model, width,
                        outcome.rows[pair.second].model, width, pair.difference);
    if (outcome.tested.has_intervals) {
      text += fmt::format("  {:<24}", fmt::format("[{:.4g}, {:.4g}]", pair.low, pair.high));
    }
    text += fmt::format("  d {:>+7.3f}  p {:<9}", pair.effect_size, number(pair.p_value));
    if (!outcome.for_margin.empty()) {
      text += std::string("  ") + equivalence_word(outcome.for_margin[i], *flags.margin);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  text += "\n";
  for (const auto& group : outcome.groups) {
    std::vector<std::string> names;
    for (const std::size_t member : group) names.push_back(outcome.rows[member].model);
    text += "cannot be told apart: " + join(names, ", ") + "\n";
  }
  if (outcome.groups.empty()) text += "all can be told apart\n";
  if (!outcome.table.dropped.empty()) {
    text += fmt::format("left out: {} folds without a score of some predictor, first: {}\n",
                        outcome.table.dropped.size(), outcome.table.dropped.front());
  }
  if (flags.test != "nadeau-bengio") {
    text +=
        "folds of one cross-validation share training rows: these p-values are optimistic "
        "(--test nadeau-bengio corrects for it)\n";
  }
  return text;
}

std::string as_json(const Outcome& outcome, const ScoreTableFlags& flags, double confidence,
                    bool higher) {
  JsonOut out;
  out.text("test", flags.test).text("metric", flags.metric).boolean("higher_is_better", higher);
  out.number("n_folds", static_cast<double>(outcome.table.blocks.size()));
  out.texts("left_out", outcome.table.dropped).number("confidence", confidence);
  std::vector<JsonOut> models;
  for (const Row& row : outcome.rows) {
    models.push_back(JsonOut::part());
    models.back().text("predictor", row.model).number("mean", row.mean).number("sd", row.sd);
    models.back().number("mean_rank", row.rank);
  }
  out.objects("predictors", models);
  const RepeatedMeasures& anova = outcome.anova;
  JsonOut overall = JsonOut::part();
  overall.number("f", anova.f).number("df", anova.degrees_of_freedom);
  overall.number("df_error", anova.degrees_of_freedom_error).number("p_value", anova.p_value);
  overall.number("mean_square_error", anova.mean_square_error).number("epsilon", anova.epsilon);
  overall.number("p_value_greenhouse_geisser", anova.p_value_greenhouse_geisser);
  overall.number("levene_p_value", outcome.variances.levene.p_value);
  overall.number("variance_ratio", outcome.variances.ratio);
  overall.number("friedman", outcome.friedman.statistic);
  overall.number("friedman_p_value", outcome.friedman.p_value);
  out.object("overall", overall);
  std::vector<JsonOut> pairs;
  for (std::size_t i = 0; i < outcome.tested.pairs.size(); ++i) {
    const PairDifference& pair = outcome.tested.pairs[i];
    pairs.push_back(JsonOut::part());
    JsonOut& one = pairs.back();
    one.text("first", outcome.rows[pair.first].model);
    one.text("second", outcome.rows[pair.second].model);
    one.number("difference", pair.difference).number("low", pair.low).number("high", pair.high);
    one.number("statistic", pair.statistic).number("effect_size", pair.effect_size);
    one.number("p_adjusted", pair.p_value);
    if (!outcome.for_margin.empty()) {
      one.text("equivalence", equivalence_word(outcome.for_margin[i], *flags.margin));
    }
  }
  out.objects("pairs", pairs);
  std::vector<JsonOut> groups;
  for (const auto& group : outcome.groups) {
    std::vector<std::string> names;
    for (const std::size_t member : group) names.push_back(outcome.rows[member].model);
    groups.push_back(JsonOut::part());
    groups.back().texts("predictors", names);
  }
  return out.objects("cannot_be_told_apart", groups).dump();
}

void check(const ScoreTableFlags& flags, double confidence) {
  if (!(confidence > 0.5 && confidence < 1.0)) {
    fail(ErrorKind::usage, "--confidence has to be above 0.5 and below 1", {},
         "for example --confidence 0.95");
  }
  if (flags.cv_folds < 2) {
    fail(ErrorKind::usage, "--cv-folds has to be 2 or more", {},
         "5 for 5 x 5 cross-validation: a test set is a quarter of its training set");
  }
  if (!flags.margin) return;
  if (!(*flags.margin > 0.0)) fail(ErrorKind::usage, "--margin has to be above 0");
  if (flags.test != "tukey-hsd" && flags.test != "nadeau-bengio") {
    fail(ErrorKind::usage, "--margin needs a test with intervals, and " + flags.test + " has none",
         {}, "use --test tukey-hsd or --test nadeau-bengio");
  }
}

}  // namespace

void add_score_table_flags(Arguments& arguments, ScoreTableFlags& flags) {
  arguments.option("--test", flags.test,
                   "Compare the columns of a table of scores per fold instead of predictions",
                   {.allowed = {"tukey-hsd", "conover-holm", "nadeau-bengio", "wilcoxon-holm"}});
  arguments.option("--metric", flags.metric, "With --test: metric of the scores (default: rmse)",
                   {.placeholder = "NAME"});
  arguments.option("--better", flags.better, "With --test: which scores of the metric are better",
                   {.allowed = {"higher", "lower"}});
  arguments.option("--of-split", flags.split, "With --test: split of a scores.csv of several",
                   {.placeholder = "NAME"});
  arguments.option("--model", flags.model,
                   "With --test: column with the predictor (default: predictor, model, method; "
                   "without one, a column per predictor)",
                   {.placeholder = "COLUMN"});
  arguments.option("--value", flags.value,
                   "With --test: column with the score (default: the metric's, value, score)",
                   {.placeholder = "COLUMN"});
  arguments.option("--blocks", flags.blocks,
                   "With --test: columns that name a fold together (default: repeat, fold, task, "
                   "..)",
                   {.placeholder = "COLUMN"});
  arguments.option("--cv-folds", flags.cv_folds,
                   "With --test nadeau-bengio: folds of one cross-validation (default: 5)",
                   {.placeholder = "K"});
  arguments.option("--margin", flags.margin,
                   "With --test: smaller differences do not matter; says which pairs are "
                   "equivalent",
                   {.placeholder = "DIFFERENCE"});
}

int compare_score_table(const std::string& file, const ScoreTableFlags& flags, double confidence,
                        Session& session) {
  check(flags, confidence);
  const bool higher = is_higher_better(flags);
  Outcome outcome{.table = read_score_table(file, flags, session)};
  outcome.rows = rows_of(outcome.table, higher);
  outcome.anova = repeated_measures_anova(outcome.table.scores);
  outcome.variances = check_variances(outcome.table.scores);
  outcome.friedman = compare_ranks(outcome.table.scores, higher).friedman;
  outcome.tested = run_test(outcome.table, flags, confidence, higher);
  const double alpha = 1.0 - confidence;
  if (flags.margin) {
    outcome.for_margin = run_test(outcome.table, flags, 1.0 - 2.0 * alpha, higher).pairs;
  }
  outcome.groups = groups_of(outcome.rows, outcome.tested, flags.test, higher, alpha);
  session.print(session.json ? as_json(outcome, flags, confidence, higher)
                             : as_text(outcome, flags, confidence, higher));
  return 0;
}

}  // namespace cupel::cli

// cupel compare: prediction files against the first of them, paired on the same rows; or the
// predictors of a table of scores per fold (compare_scores.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/text.hpp"
#include "commands.hpp"
#include "compare_scores.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "json_out.hpp"
#include "prediction_inputs.hpp"
#include "stat/interval.hpp"
#include "stat/resample.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  DataFlags data;
  PredictionFlags predictions;
  ScoreTableFlags scores;
  std::vector<std::string> files;
  std::string unit = "both";
  std::uint32_t draws = 2000;
  double confidence = 0.95;
};

const std::vector<Statistic> kStatistics{Statistic::rmse,
                                         Statistic::mae,
                                         Statistic::r2,
                                         Statistic::pearson,
                                         Statistic::macro_a_pearson,
                                         Statistic::macro_b_pearson};

std::string label(Statistic statistic) {
  if (statistic == Statistic::macro_a_pearson) return "pearson_per_drug";
  if (statistic == Statistic::macro_b_pearson) return "pearson_per_cell";
  return std::string(to_string(statistic));
}

/// Values of all files on the rows that all of them predict.
struct Paired {
  std::vector<double> truth;
  std::vector<std::uint32_t> fold, drug, cell;
  std::vector<std::vector<double>> predictions;
};

Paired pair_up(const Dataset& data, const std::vector<ScoredPredictions>& all) {
  Paired out;
  out.predictions.resize(all.size());
  const Entity& drug = data.entity("drug");
  const Entity& cell = data.entity("cell");
  for (std::size_t i = 0; i < all.front().rows.size(); ++i) {
    const bool complete = std::all_of(all.begin(), all.end(), [&](const ScoredPredictions& one) {
      return !std::isnan(one.values[i]);
    });
    if (!complete) continue;
    const std::uint32_t row = all.front().rows[i];
    out.truth.push_back(data.target(row));
    out.fold.push_back(0);
    out.drug.push_back(drug.code_of_sample[row]);
    out.cell.push_back(cell.code_of_sample[row]);
    for (std::size_t p = 0; p < all.size(); ++p) out.predictions[p].push_back(all[p].values[i]);
  }
  return out;
}

Resampled draw(const Paired& rows, const Flags& flags, const Session& session) {
  const std::vector<std::span<const double>> predictions(rows.predictions.begin(),
                                                         rows.predictions.end());
  return resample({.truth = rows.truth,
                   .fold = rows.fold,
                   .unit_a = rows.drug,
                   .unit_b = rows.cell,
                   .predictions = predictions},
                  {.statistics = kStatistics,
                   .unit = flags.unit == "drug"   ? ResampleUnit::a
                           : flags.unit == "cell" ? ResampleUnit::b
                                                  : ResampleUnit::both,
                   .n_draws = flags.draws,
                   .seed = session.context.seed},
                  session.context);
}

int run(const Flags& flags, Session& session) {
  if (!flags.scores.test.empty()) {
    if (flags.files.size() != 1) {
      fail(ErrorKind::usage, "compare --test needs one table of scores", {},
           "a scores.csv, a line per fold and predictor, or a column per predictor");
    }
    return compare_score_table(flags.files.front(), flags.scores, flags.confidence, session);
  }
  if (flags.data.data.empty() || flags.predictions.split.empty()) {
    fail(ErrorKind::usage, "compare needs --data and --split", {},
         "or, for a table of scores per fold, --test tukey-hsd");
  }
  if (flags.files.size() < 2) {
    fail(ErrorKind::usage, "compare needs two or more prediction files", {},
         "the first one is what the others are compared with");
  }
  const DrugResponse loaded = load_data(flags.data, session);
  const Split split = load_split(flags.predictions.split, flags.predictions.fold, loaded, session);
  std::vector<ScoredPredictions> all;
  for (const auto& file : flags.files) {
    all.push_back(read_scored(file, flags.predictions, flags.data, loaded.data, split, session));
  }
  const Paired rows = pair_up(loaded.data, all);
  if (rows.truth.empty()) fail_input("no test row is predicted by all files");
  const Resampled drawn = draw(rows, flags, session);
  std::vector<JsonOut> items;
  std::string text = std::to_string(rows.truth.size()) + " rows with all predictions, " +
                     std::to_string(drawn.n_units_a) + " drugs, " +
                     std::to_string(drawn.n_units_b) + " cell lines; compared with " +
                     flags.files.front() + "; positive = better\n";
  for (std::size_t p = 1; p < all.size(); ++p) {
    text += "\n" + flags.files[p] + "\n";
    for (const Statistic statistic : kStatistics) {
      const Sample& mine = drawn.sample(statistic, p);
      const Sample& bar = drawn.sample(statistic, 0);
      const Sample gain =
          higher_is_better(statistic) ? difference(mine, bar) : difference(bar, mine);
      const Interval interval = bca_interval(gain, flags.confidence);
      const double p_value = bootstrap_p_value(gain.draws);
      JsonOut one = JsonOut::part();
      one.text("predictions", flags.files[p]).text("against", flags.files.front());
      one.text("metric", label(statistic)).number("value", mine.point);
      one.number("value_against", bar.point).number("gain", gain.point);
      one.number("low", interval.low).number("high", interval.high).number("p_value", p_value);
      items.push_back(std::move(one));
      text += fmt::format("  {:<18}{:>12.6g}  against {:>12.6g}   gain {:.4g} [{:.4g}, {:.4g}]\n",
                          label(statistic), mine.point, bar.point, gain.point, interval.low,
                          interval.high);
    }
  }
  JsonOut out;
  out.number("n_rows", static_cast<double>(rows.truth.size())).text("unit", flags.unit);
  out.number("n_drugs", static_cast<double>(drawn.n_units_a));
  out.number("n_cells", static_cast<double>(drawn.n_units_b));
  out.number("draws", flags.draws).number("confidence", flags.confidence);
  session.print(session.json ? out.objects("comparisons", items).dump() : text);
  return 0;
}

}  // namespace

Run define_compare(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel compare baseline.csv mine.csv --data responses.csv --split split.csv \\\n"
      "      --columns drug=DRUG,cell=CELL,target=LN_IC50 --resample drug");
  arguments.example("cupel compare scores.csv --test tukey-hsd --metric rmse");
  arguments.description(
      "Paired on the rows that all files predict; the bootstrap resamples the unit, not the rows. "
      "With --test the predictors of one table of scores per fold (25 of a 5 x 5 cross-validation) "
      "are compared with each other: repeated-measures ANOVA with Tukey's HSD, Friedman with "
      "Conover and Holm, the corrected t-test of Nadeau and Bengio, or Wilcoxon with Holm.");
  arguments.positional("FILES", flags->files,
                       "Prediction files, the first is the bar; with --test one table of scores");
  add_data_flags(arguments, flags->data, false);
  add_prediction_flags(arguments, flags->predictions, false);
  add_score_table_flags(arguments, flags->scores);
  arguments.option("--resample", flags->unit, "What is resampled (default: both)",
                   {.allowed = {"drug", "cell", "both"}});
  arguments.option("--draws", flags->draws, "Bootstrap draws (default: 2000)",
                   {.placeholder = "N"});
  arguments.option("--confidence", flags->confidence, "Level of the intervals (default: 0.95)",
                   {.placeholder = "SHARE"});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli

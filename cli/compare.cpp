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
  std::string unit;  ///< "" = by the data
  std::uint32_t draws = 2000;
  double confidence = 0.95;
};

const std::vector<Statistic> kStatistics{Statistic::rmse,
                                         Statistic::mae,
                                         Statistic::r2,
                                         Statistic::pearson,
                                         Statistic::macro_a_pearson,
                                         Statistic::macro_b_pearson};

/// "macro_a_pearson" is "pearson_per_drug"; "" for an entity that is not resampled with the first.
std::string label(Statistic statistic, const Dataset& data) {
  const bool is_crossed = data.entities.size() > 1 && data.entities.front().name != "ligand";
  if (statistic == Statistic::macro_a_pearson || statistic == Statistic::macro_b_pearson) {
    if (!is_crossed) return {};
    return "pearson_per_" + (statistic == Statistic::macro_a_pearson ? data.entities.front().name
                                                                     : data.entities.back().name);
  }
  return std::string(to_string(statistic));
}

/// Values of all files on the rows that all of them predict.
struct Paired {
  std::vector<double> truth;
  std::vector<std::uint32_t> fold, unit_a, unit_b;
  std::vector<std::vector<double>> predictions;
};

Paired pair_up(const Dataset& data, const std::vector<ScoredPredictions>& all) {
  Paired out;
  out.predictions.resize(all.size());
  const auto& rows = all.front().rows;
  const auto& begin = all.front().begin;
  std::uint32_t fold = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    while (i >= begin[fold + 1]) ++fold;
    const bool complete = std::all_of(all.begin(), all.end(), [&](const ScoredPredictions& one) {
      return !std::isnan(one.values[i]);
    });
    if (!complete) continue;
    out.truth.push_back(data.target(rows[i]));
    out.fold.push_back(fold);
    out.unit_a.push_back(data.entities.front().code_of_sample[rows[i]]);
    out.unit_b.push_back(data.entities.back().code_of_sample[rows[i]]);
    for (std::size_t p = 0; p < all.size(); ++p) out.predictions[p].push_back(all[p].values[i]);
  }
  return out;
}

/// What is resampled: the flag, or both of two crossed entities, or the only one.
std::string resampled_unit(const Flags& flags, const Dataset& data) {
  const std::string first = data.entities.front().name;
  const bool is_crossed = data.entities.size() > 1 && first != "ligand";
  if (flags.unit.empty()) return is_crossed ? "both" : first;
  if (flags.unit == first ||
      (is_crossed && (flags.unit == "both" || flags.unit == data.entities.back().name))) {
    return flags.unit;
  }
  fail(
      ErrorKind::usage, "these data cannot be resampled by " + flags.unit, {},
      is_crossed ? "use " + first + ", " + data.entities.back().name + " or both" : "use " + first);
}

Resampled draw(const Paired& rows, const Flags& flags, const std::string& unit, const Dataset& data,
               const Session& session) {
  const std::vector<std::span<const double>> predictions(rows.predictions.begin(),
                                                         rows.predictions.end());
  return resample({.truth = rows.truth,
                   .fold = rows.fold,
                   .unit_a = rows.unit_a,
                   .unit_b = rows.unit_b,
                   .predictions = predictions},
                  {.statistics = kStatistics,
                   .unit = unit == data.entities.front().name ? ResampleUnit::a
                           : unit == "both"                   ? ResampleUnit::both
                                                              : ResampleUnit::b,
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
  const LoadedData loaded = load_data(flags.data, session);
  const auto splits = load_splits(flags.predictions.split, flags.predictions.fold, loaded, session);
  std::vector<ScoredPredictions> all;
  for (const auto& file : flags.files) {
    all.push_back(read_scored(file, flags.predictions, flags.data, loaded.data, splits, session));
  }
  const Paired rows = pair_up(loaded.data, all);
  if (rows.truth.empty()) fail_input("no test row is predicted by all files");
  const std::string unit = resampled_unit(flags, loaded.data);
  const Resampled drawn = draw(rows, flags, unit, loaded.data, session);
  const bool is_crossed = !label(Statistic::macro_a_pearson, loaded.data).empty();
  std::vector<JsonOut> items;
  std::string text = std::to_string(rows.truth.size()) + " rows with all predictions, " +
                     std::to_string(drawn.n_units_a) +
                     (is_crossed ? " drugs, " + std::to_string(drawn.n_units_b) + " cell lines"
                                 : " " + loaded.data.entities.front().name + "s") +
                     "; compared with " + flags.files.front() + "; positive = better\n";
  for (std::size_t p = 1; p < all.size(); ++p) {
    text += "\n" + flags.files[p] + "\n";
    for (const Statistic statistic : kStatistics) {
      const std::string metric = label(statistic, loaded.data);
      if (metric.empty()) continue;
      const Sample& mine = drawn.sample(statistic, p);
      const Sample& bar = drawn.sample(statistic, 0);
      const Sample gain =
          higher_is_better(statistic) ? difference(mine, bar) : difference(bar, mine);
      const Interval interval = bca_interval(gain, flags.confidence);
      const double p_value = bootstrap_p_value(gain.draws);
      JsonOut one = JsonOut::part();
      one.text("predictions", flags.files[p]).text("against", flags.files.front());
      one.text("metric", metric).number("value", mine.point);
      one.number("value_against", bar.point).number("gain", gain.point);
      one.number("low", interval.low).number("high", interval.high).number("p_value", p_value);
      items.push_back(std::move(one));
      const auto shown = [](double value) {
        return std::isfinite(value) ? fmt::format("{:.6g}", value) : std::string("undefined");
      };
      text += fmt::format("  {:<18}{:>12}  against {:>12}   gain ", metric, shown(mine.point),
                          shown(bar.point));
      text += std::isfinite(gain.point) ? fmt::format("{:.4g} [{:.4g}, {:.4g}]\n", gain.point,
                                                      interval.low, interval.high)
                                        : std::string("undefined\n");
    }
  }
  JsonOut out;
  out.number("n_rows", static_cast<double>(rows.truth.size())).text("unit", unit);
  out.number("n_" + loaded.data.entities.front().name + "s", static_cast<double>(drawn.n_units_a));
  if (is_crossed) {
    out.number("n_" + loaded.data.entities.back().name + "s", static_cast<double>(drawn.n_units_b));
  }
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
  add_profile_flags(arguments, flags->data);
  add_prediction_flags(arguments, flags->predictions, false);
  add_score_table_flags(arguments, flags->scores);
  arguments.option("--resample", flags->unit, "What is resampled (default: both; potency: ligand)",
                   {.allowed = {"drug", "cell", "both", "ligand"}});
  arguments.option("--draws", flags->draws, "Bootstrap draws (default: 2000)",
                   {.placeholder = "N"});
  arguments.option("--confidence", flags->confidence, "Level of the intervals (default: 0.95)",
                   {.placeholder = "SHARE"});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli

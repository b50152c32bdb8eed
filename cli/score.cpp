// cupel score: every metric of one prediction file on the test rows of a split.
#include "study/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <tuple>

#include "area/area.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "json_out.hpp"
#include "prediction_inputs.hpp"
#include "score_profiles.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  DataFlags data;
  PredictionFlags predictions;
  ProfileScoreFlags profiles;
  std::string file;
  std::string binarise;  ///< "" = the area's own
  bool groups = false;
};

JsonOut row_json(const ScoreRow& row) {
  JsonOut one = JsonOut::part();
  one.text("metric", row.metric).text("group_kind", row.group_kind).text("group", row.group);
  one.number("value", row.value).number("n", static_cast<double>(row.n));
  return one;
}

std::string as_json(const std::vector<ScoreRow>& scores, const ScoredPredictions& scored,
                    bool groups) {
  JsonOut out;
  JsonOut metrics = JsonOut::part();
  std::vector<JsonOut> rows;
  for (const auto& row : scores) {
    if (row.group_kind == "all") metrics.number(row.metric, row.value);
    if (groups || row.group.empty()) rows.push_back(row_json(row));
  }
  out.number("n_train", static_cast<double>(scored.n_train));
  out.number("n_test", static_cast<double>(scored.rows.size()));
  out.number("n_scored", static_cast<double>(scored.n_predicted));
  out.object("metrics", metrics).objects("scores", rows);
  return out.diagnostics("diagnostics", scored.diagnostics).dump();
}

std::string shown(const ScoreRow* row) {
  return row == nullptr           ? ""
         : std::isnan(row->value) ? "undefined"
                                  : fmt::format("{:.6g}", row->value);
}

/// Scores of several assays, fold after fold, to their means over those that have one.
std::vector<ScoreRow> mean_over_folds(const std::vector<ScoreRow>& scores) {
  std::vector<ScoreRow> means;
  std::vector<std::size_t> n_defined;
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> place;
  for (const auto& row : scores) {
    const auto [known, is_new] =
        place.try_emplace({row.metric, row.group_kind, row.group}, means.size());
    if (is_new) {
      means.push_back(row);
      n_defined.push_back(std::isnan(row.value) ? 0 : 1);
      continue;
    }
    ScoreRow& mean = means[known->second];
    mean.n += row.n;
    if (std::isnan(row.value)) continue;
    auto& n = n_defined[known->second];
    mean.value = n == 0 ? row.value : mean.value + row.value;
    ++n;
  }
  for (std::size_t i = 0; i < means.size(); ++i) {
    if (n_defined[i] > 1) means[i].value /= static_cast<double>(n_defined[i]);
  }
  return means;
}

/// A line per metric: all rows, and the mean over the members of every entity that has groups.
std::string as_text(const std::vector<ScoreRow>& scores, const ScoredPredictions& scored,
                    const Dataset& data, std::size_t n_folds, bool groups) {
  std::string out =
      fmt::format("{} of {} test rows have a prediction", scored.n_predicted, scored.rows.size());
  if (n_folds > 1) out += fmt::format("; means over {} assays", n_folds);
  std::vector<std::string> names;
  std::map<std::pair<std::string, std::string>, const ScoreRow*> value;
  std::string single;
  for (const auto& row : scores) {
    if (row.group.empty()) {
      if (!contains(names, row.metric)) names.push_back(row.metric);
      value[{row.metric, row.group_kind}] = &row;
    } else if (groups) {
      single += fmt::format("{:<6}{:<30}{:<28}{:>12}  n {}\n", row.group_kind, row.group,
                            row.metric, shown(&row), row.n);
    }
  }
  std::vector<std::string> entities;
  for (const auto& entity : data.entities) {
    if (value.contains({"rmse", "macro_" + entity.name})) entities.push_back(entity.name);
  }
  out += fmt::format("\n\n{:<28}{:>12}", "metric", "all rows");
  for (const auto& entity : entities) out += fmt::format("{:>12}", "per " + entity);
  out += "\n";
  for (const auto& name : names) {
    out += fmt::format("{:<28}{:>12}", name, shown(value[{name, "all"}]));
    for (const auto& entity : entities) {
      out += fmt::format("{:>12}", shown(value[{name, "macro_" + entity}]));
    }
    out += "\n";
  }
  return single.empty() ? out : out + "\n" + single;
}

int run(const Flags& flags, Session& session) {
  if (flags.profiles.asked()) {
    return score_profiles(flags.profiles, flags.file,
                          {flags.predictions.split, flags.predictions.fold}, session);
  }
  if (flags.data.data.empty() || flags.predictions.split.empty()) {
    fail(ErrorKind::usage, flags.data.data.empty() ? "--data is required" : "--split is required",
         {}, "for perturbation response: --truth real.h5ad --preset NAME");
  }
  DataFlags data = flags.data;
  data.profiles.control = flags.profiles.reference;
  data.profiles.matrix = flags.profiles.matrix;
  data.profiles.scale = flags.profiles.scale;
  data.profiles.normalize = flags.profiles.normalize;
  data.profiles.log1p = flags.profiles.log1p;
  LoadedData loaded = load_data(data, session);
  const auto splits = load_splits(flags.predictions.split, flags.predictions.fold, loaded, session);
  const ScoredPredictions scored =
      read_scored(flags.file, flags.predictions, flags.data, loaded.data, splits, session);
  StudyRun run;
  run.area = &find_area(flags.data.area);
  run.study.binarise.rule = !flags.binarise.empty()               ? flags.binarise
                            : run.area->name() == "drug_response" ? "drug_median"
                                                                  : "none";
  run.data = std::move(loaded.data);
  run.predictors.push_back(scored.make_predictor());
  SplitResult result{.name = splits.front().name,
                     .folds = splits,
                     .rows = scored.rows,
                     .fold_begin = scored.begin};
  for (std::uint32_t f = 0; f < splits.size(); ++f) {
    result.fold.insert(result.fold.end(), scored.begin[f + 1] - scored.begin[f], f);
  }
  for (const auto row : scored.rows) result.truth.push_back(run.data.target(row));
  result.entries.push_back({.predictor = 0, .seed = 0, .values = scored.values});
  run.splits.push_back(std::move(result));
  const auto scores = mean_over_folds(score_run(run, session.context));
  session.print(session.json ? as_json(scores, scored, flags.groups)
                             : as_text(scores, scored, run.data, splits.size(), flags.groups));
  return 0;
}

}  // namespace

Run define_score(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel score --data responses.csv --columns drug=DRUG,cell=CELL,target=LN_IC50 \\\n"
      "      --split split.csv --predictions predictions.csv");
  arguments.example(
      "cupel score --area potency --data molecules.csv --columns smiles=SMILES,target=pIC50 \\\n"
      "      --split split.csv --predictions predictions.csv");
  arguments.example(
      "cupel score --area perturbation --truth real.h5ad --predictions pred.h5ad \\\n"
      "      --group-by condition --reference control --preset cell-eval --out results.csv");
  arguments.description(
      "Overall, per drug and cell line (macro averages), after removing training means, and on "
      "the\n"
      "binarised response. Undefined stays undefined: null in JSON, never 0.");
  add_data_flags(arguments, flags->data, false);
  add_prediction_flags(arguments, flags->predictions, false);
  add_profile_score_flags(arguments, flags->profiles);
  arguments.option("--predictions", flags->file, "Predictions, by row or by the samples' ids",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  arguments.option("--binarise", flags->binarise,
                   "Rule of the binarised response (default: drug_median; potency: none)",
                   {.allowed = {"drug_median", "waterfall", "none"}});
  arguments.flag("--groups", flags->groups,
                 "Also every single drug and cell line (those of the area)");
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli

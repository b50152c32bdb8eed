// cupel score: every metric of one prediction file on the test rows of a split.
#include "study/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "area/area.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "json_out.hpp"
#include "prediction_inputs.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  DataFlags data;
  PredictionFlags predictions;
  std::string file;
  std::string binarise = "drug_median";
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

/// A line per metric: all rows, mean over drugs, mean over cell lines.
std::string as_text(const std::vector<ScoreRow>& scores, const ScoredPredictions& scored,
                    bool groups) {
  std::string out = fmt::format(
      "{} of {} test rows have a prediction\n\n{:<28}{:>12}{:>12}{:>12}\n", scored.n_predicted,
      scored.rows.size(), "metric", "all rows", "per drug", "per cell");
  std::vector<std::string> names;
  std::map<std::pair<std::string, std::string>, const ScoreRow*> value;
  std::string single;
  for (const auto& row : scores) {
    if (row.group.empty()) {
      if (std::find(names.begin(), names.end(), row.metric) == names.end())
        names.push_back(row.metric);
      value[{row.metric, row.group_kind}] = &row;
    } else if (groups) {
      single += fmt::format("{:<6}{:<30}{:<28}{:>12}  n {}\n", row.group_kind, row.group,
                            row.metric, shown(&row), row.n);
    }
  }
  for (const auto& name : names) {
    out += fmt::format("{:<28}{:>12}{:>12}{:>12}\n", name, shown(value[{name, "all"}]),
                       shown(value[{name, "macro_drug"}]), shown(value[{name, "macro_cell"}]));
  }
  return single.empty() ? out : out + "\n" + single;
}

int run(const Flags& flags, Session& session) {
  DrugResponse loaded = load_data(flags.data, session);
  const Split split = load_split(flags.predictions.split, flags.predictions.fold, loaded, session);
  const ScoredPredictions scored =
      read_scored(flags.file, flags.predictions, flags.data, loaded.data, split, session);
  StudyRun run;
  run.study.binarise.rule = flags.binarise;
  run.area = &find_area(flags.data.area);
  run.data = std::move(loaded.data);
  run.predictors.push_back(scored.make_predictor());
  SplitResult result{.name = split.name, .folds = {split}, .rows = scored.rows};
  result.fold.assign(scored.rows.size(), 0);
  result.fold_begin = {0, scored.rows.size()};
  for (const auto row : scored.rows) result.truth.push_back(run.data.target(row));
  result.entries.push_back({.predictor = 0, .seed = 0, .values = scored.values});
  run.splits.push_back(std::move(result));
  const auto scores = score_run(run, session.context);
  session.print(session.json ? as_json(scores, scored, flags.groups)
                             : as_text(scores, scored, flags.groups));
  return 0;
}

}  // namespace

Run define_score(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel score --data responses.csv --columns drug=DRUG,cell=CELL,target=LN_IC50 \\\n"
      "      --split split.csv --predictions predictions.csv");
  arguments.description(
      "Overall, per drug and cell line (macro averages), after removing training means, and on "
      "the\n"
      "binarised response. Undefined stays undefined: null in JSON, never 0.");
  add_data_flags(arguments, flags->data, true);
  add_prediction_flags(arguments, flags->predictions);
  arguments.option("--predictions", flags->file, "Predictions, by row or drug and cell",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  arguments.option("--binarise", flags->binarise, "Rule of the binarised response",
                   {.allowed = {"drug_median", "waterfall", "none"}});
  arguments.flag("--groups", flags->groups, "Also every single drug and cell line");
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli

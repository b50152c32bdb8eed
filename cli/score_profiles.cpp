#include "score_profiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "area/perturbation/presets.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "io/cells.hpp"
#include "io/csv.hpp"
#include "io/write.hpp"
#include "json_out.hpp"

namespace cupel::cli {
namespace {

using perturbation::Preset;
using perturbation::ScoreResult;

void require(const std::string& value, const char* flag) {
  if (value.empty()) {
    fail(ErrorKind::usage, std::string(flag) + " is needed to score files of cells", {},
         "cupel score --area perturbation --truth real.h5ad --predictions pred.h5ad --group-by "
         "COLUMN --reference LABEL --preset NAME --out results.csv");
  }
}

/// Labels of the training perturbations: one per line, or those of a split with role train.
std::vector<std::string> training_labels(const ProfileScoreFlags& flags, const std::string& split,
                                         const Context& context) {
  std::set<std::string> labels;
  if (!flags.train_labels.empty()) {
    const Table table = read_csv(flags.train_labels, {}, context);
    const Column& column = table.columns.front();
    labels.insert(column.name);  // a list has no header
    for (std::size_t i = 0; i < table.n_rows; ++i) labels.insert(column.as_text(i));
  } else if (!split.empty()) {
    const Table table = read_csv(split, {}, context);
    const Column& role = table.at("role");
    const Column* label = table.find("perturbation");
    if (label == nullptr) label = &table.at(flags.group_by);
    for (std::size_t i = 0; i < table.n_rows; ++i) {
      if (role.as_text(i) == "train") labels.insert(label->as_text(i));
    }
  }
  labels.erase(flags.reference);
  return {labels.begin(), labels.end()};
}

std::string as_csv(const ScoreResult& result) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"perturbation", "context", "metric", "value"});
  for (const auto& score : result.scores) {
    csv.text(score.perturbation).text(score.context).text(score.metric).number(score.value);
    csv.end_row();
  }
  return std::string(csv.bytes());
}

/// Values over all perturbations, in the order of the result.
std::vector<const perturbation::ProfileScore*> means_of(const ScoreResult& result) {
  std::vector<const perturbation::ProfileScore*> means;
  for (const auto& score : result.scores) {
    if (score.perturbation.empty()) means.push_back(&score);
  }
  return means;
}

/// How many perturbations have a value, and how many of them are undefined.
struct Counts {
  std::size_t n = 0;
  std::size_t n_undefined = 0;
};

std::map<std::pair<std::string, std::string>, Counts> counts_of(const ScoreResult& result) {
  std::map<std::pair<std::string, std::string>, Counts> counts;
  for (const auto& score : result.scores) {
    if (score.perturbation.empty()) continue;
    Counts& of = counts[{score.context, score.metric}];
    ++of.n;
    if (std::isnan(score.value)) ++of.n_undefined;
  }
  return counts;
}

std::string as_json(const Preset& preset, const ScoreResult& result) {
  JsonOut out;
  out.text("preset", preset.name).text("source", preset.source);
  auto counts = counts_of(result);
  std::vector<JsonOut> means;
  for (const auto* score : means_of(result)) {
    const Counts of = counts[{score->context, score->metric}];
    JsonOut one = JsonOut::part();
    one.text("metric", score->metric).text("context", score->context);
    one.number("mean", score->value);
    one.number("n", static_cast<double>(of.n));
    one.number("n_undefined", static_cast<double>(of.n_undefined));
    const auto known =
        std::ranges::find(preset.metrics, score->metric, &perturbation::PresetMetric::name);
    if (known != preset.metrics.end()) {
      one.boolean("higher_is_better", known->higher_is_better);
      one.number("perfect", known->perfect);
    }
    means.push_back(std::move(one));
  }
  out.objects("means", means);
  std::vector<JsonOut> rows;
  for (const auto& score : result.scores) {
    if (score.perturbation.empty()) continue;
    JsonOut one = JsonOut::part();
    one.text("perturbation", score.perturbation).text("context", score.context);
    one.text("metric", score.metric).number("value", score.value);
    rows.push_back(std::move(one));
  }
  out.objects("scores", rows).texts("conventions", result.conventions);
  return out.diagnostics("diagnostics", result.diagnostics).dump();
}

std::string as_text(const Preset& preset, const ScoreResult& result) {
  std::string out = fmt::format("{} ({})\n\n{:<44}{:>12}{:>6}{:>11}\n", preset.title, preset.source,
                                "mean over perturbations", "value", "n", "undefined");
  auto counts = counts_of(result);
  std::string context;
  for (const auto* score : means_of(result)) {
    if (score->context != context) {
      context = score->context;
      out += context + "\n";
    }
    const Counts of = counts[{score->context, score->metric}];
    out +=
        fmt::format("{:<44}{:>12}", score->metric,
                    std::isnan(score->value) ? "undefined" : fmt::format("{:.6g}", score->value));
    out += of.n == 0 ? "\n" : fmt::format("{:>6}{:>11}\n", of.n, of.n_undefined);
  }
  out += "\nconventions\n";
  for (const auto& line : result.conventions) out += "  " + line + "\n";
  return out;
}

}  // namespace

void add_profile_score_flags(Arguments& arguments, ProfileScoreFlags& flags) {
  arguments.option("--truth", flags.truth, "perturbation: real cells (h5ad, mtx, gct, gctx, npz)",
                   {.placeholder = "FILE", .is_file = true});
  std::vector<std::string> names;
  for (const auto& preset : perturbation::presets()) names.push_back(preset.name);
  arguments.option("--preset", flags.preset, "perturbation: metrics of which tool",
                   {.allowed = names});
  arguments.option("--group-by", flags.group_by, "perturbation: column of the perturbations",
                   {.placeholder = "COLUMN"});
  arguments.option("--reference", flags.reference, "perturbation: label of the control cells",
                   {.placeholder = "LABEL"});
  arguments.option("--context", flags.context,
                   "perturbation: column of cell types or donors, scored one by one",
                   {.placeholder = "COLUMN"});
  arguments.option("--matrix", flags.matrix, "perturbation: X, layers/NAME, raw/X, obsm/NAME",
                   {.placeholder = "PATH"});
  arguments.option("--scale", flags.scale, "perturbation: what the values are",
                   {.allowed = {"counts", "normalized", "log1p"}});
  arguments.option("--normalize", flags.normalize,
                   "perturbation: scale every cell first: TARGET, median or none",
                   {.placeholder = "TARGET"});
  arguments.flag("--log1p", flags.log1p, "perturbation: take log1p first");
  arguments.option("--options", flags.options, "perturbation: of the preset",
                   {.placeholder = "KEY=VALUE,.."});
  add_memory_flag(arguments, flags.memory);
  arguments.option("--train-labels", flags.train_labels,
                   "perturbation: training perturbations, one per line (else those of --split)",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--out", flags.out, "perturbation: perturbation, context, metric, value",
                   {.placeholder = "FILE", .is_file = true});
}

int score_profiles(const ProfileScoreFlags& flags, const std::string& predictions,
                   const std::string& split, Session& session) {
  require(flags.truth, "--truth");
  require(flags.preset, "--preset");
  require(flags.group_by, "--group-by");
  require(flags.reference, "--reference");
  require(predictions, "--predictions");
  const Preset& preset = perturbation::preset(flags.preset);
  const auto truth = open_cells(flags.truth, session.context);
  const auto predicted = open_cells(predictions, session.context);
  perturbation::ScoreRequest request{
      .truth = truth.get(),
      .predicted = predicted.get(),
      .group_by = flags.group_by,
      .reference = flags.reference,
      .context = flags.context,
      .matrix = flags.matrix,
      .scale = flags.scale.empty() ? Scale::unknown : parse_scale(flags.scale),
      .transform = parse_transform(flags.normalize, flags.log1p),
      .train = training_labels(flags, split, session.context),
      .options = flags.options.empty() ? std::map<std::string, std::string>{}
                                       : parse_pairs(flags.options, "--options"),
      .memory_bytes = parse_bytes(flags.memory)};
  const ScoreResult result = preset.function(request, session.context);
  show(result.diagnostics, session);
  if (flags.out == "-") {
    session.print(as_csv(result));
    return 0;
  }
  if (!flags.out.empty()) write_file_atomic(flags.out, as_csv(result));
  session.print(session.json ? as_json(preset, result) : as_text(preset, result));
  return 0;
}

}  // namespace cupel::cli

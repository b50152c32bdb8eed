#include "score_profiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "area/perturbation/presets.hpp"
#include "area/perturbation/splits.hpp"
#include "base/text.hpp"
#include "cell_scale.hpp"
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

/// Labels of the training perturbations: one per line.
std::vector<std::string> listed_labels(const std::string& path, const Context& context) {
  std::set<std::string> labels;
  const Table table = read_csv(path, {}, context);
  const Column& column = table.columns.front();
  labels.insert(column.name);  // a list has no header
  for (std::size_t i = 0; i < table.n_rows; ++i) labels.insert(column.as_text(i));
  return {labels.begin(), labels.end()};
}

/// Whether a line of the split file is about this fold. Throws Error{usage} if one has to be named.
bool is_of_fold(const Table& table, const Column* folds, std::size_t line,
                std::optional<std::uint32_t> fold) {
  if (folds == nullptr) return true;
  if (fold) return folds->as_number(line) == static_cast<double>(*fold);
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    if (folds->as_text(i) != folds->as_text(0)) {
      fail(ErrorKind::usage, "the split file has several folds: which one?", {.file = table.source},
           "add --fold K");
    }
  }
  return true;
}

/// What the split says: who is trained on, and which (label, context) are scored.
void read_split(const ProfileScoreFlags& flags, const SplitFile& split,
                perturbation::ScoreRequest& request, const Context& context) {
  const Table table = perturbation::read_split_table(split.path, context);
  const Column* label = table.find("perturbation");
  if (label == nullptr) label = &table.at(flags.group_by);
  const Column* contexts = table.find("context");
  const Column* roles = table.find("role");
  const Column* folds = table.find("fold");
  if (roles == nullptr && folds == nullptr) {
    fail_input("a split over perturbations needs a column role or fold", {.file = table.source});
  }
  if (roles == nullptr && !split.fold) {
    fail(ErrorKind::usage, "the split file has folds: which one?", {.file = table.source},
         "add --fold K");
  }
  std::set<std::string> train;
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    if (label->as_text(i) == flags.reference) continue;
    const bool here = is_of_fold(table, folds, i, split.fold);
    if (roles != nullptr && !here) continue;
    const std::string role = roles != nullptr ? lower(roles->as_text(i)) : here ? "test" : "train";
    const bool is_one = contexts == nullptr || flags.context.empty();
    if (role == "train") train.insert(label->as_text(i));
    if (role == "test") {
      request.scored.emplace(label->as_text(i), is_one ? "" : contexts->as_text(i));
    }
  }
  if (request.scored.empty()) {
    fail_input("the split has no test perturbations", {.file = table.source},
               split.fold ? "is there a fold " + std::to_string(*split.fold) + "?" : "");
  }
  for (const auto& [name, in] : request.scored) {
    if (!in.empty() || contexts == nullptr || !train.contains(name)) continue;
    fail(ErrorKind::usage, "\"" + name + "\" is trained on in one context and tested in another",
         {.file = table.source}, "name the column of contexts: --context COLUMN");
  }
  if (request.train.empty()) request.train = {train.begin(), train.end()};
}

/// What the files hold, measured on the truth where --scale does not say it. Predicted counts may
/// be on another scale than true ones: the preset then goes by the rule of its tool, and says so.
Scale scale_of(const ProfileScoreFlags& flags, const CellTransform& transform,
               const CellFile& truth, const CellFile& predicted, const Session& session) {
  const MatrixFacts facts = measure(truth.matrix(flags.matrix), kRowsMeasured, session.context);
  const Scale scale =
      scale_of_file(flags.scale, transform, facts, truth.source(),
                    {.for_counts = "the preset treats counts as its tool does"}, session);
  if (!flags.scale.empty() || scale != Scale::counts) return scale;
  const auto of_predicted =
      looks_like(measure(predicted.matrix(flags.matrix), kRowsMeasured, session.context));
  return of_predicted.scale == scale ? scale : Scale::unknown;
}

/// Tests and distances between cells need cells: one per perturbation is a profile.
void warn_of_profiles(const ProfileScoreFlags& flags, const CellFile& predicted,
                      const Session& session) {
  static const std::vector<std::string> kOfCells{"cell-eval", "vcc2025", "cell-eval2", "vcc2026",
                                                 "scperturb"};
  if (!contains(kOfCells, flags.preset)) return;
  const Categories labels = predicted.obs_categories(flags.group_by);
  Categories contexts;
  if (!flags.context.empty()) contexts = predicted.obs_categories(flags.context);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (std::size_t i = 0; i < labels.code.size(); ++i) {
    const auto context = contexts.code.empty() ? 0 : contexts.code[i];
    if (!seen.emplace(labels.code[i], context).second) return;
  }
  session.context.say(LogLevel::warning,
                      "the prediction has one cell per perturbation: what tests or compares cells "
                      "(differential expression, energy distances) says nothing of it; `cupel "
                      "baseline --cells-as tile` or dispersed writes cells");
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
                   const SplitFile& split, Session& session) {
  require(flags.truth, "--truth");
  require(flags.preset, "--preset");
  require(flags.group_by, "--group-by");
  require(flags.reference, "--reference");
  require(predictions, "--predictions");
  const Preset& preset = perturbation::preset(flags.preset);
  const auto truth = open_cells(flags.truth, session.context);
  const auto predicted = open_cells(predictions, session.context);
  const CellTransform transform = parse_transform(flags.normalize, flags.log1p);
  perturbation::ScoreRequest request{
      .truth = truth.get(),
      .predicted = predicted.get(),
      .group_by = flags.group_by,
      .reference = flags.reference,
      .context = flags.context,
      .matrix = flags.matrix,
      .scale = scale_of(flags, transform, *truth, *predicted, session),
      .transform = transform,
      .train = {},
      .scored = {},
      .options = flags.options.empty() ? std::map<std::string, std::string>{}
                                       : parse_pairs(flags.options, "--options"),
      .memory_bytes = parse_bytes(flags.memory)};
  if (!flags.train_labels.empty()) {
    request.train = listed_labels(flags.train_labels, session.context);
    std::erase(request.train, flags.reference);
  }
  if (!split.path.empty()) read_split(flags, split, request, session.context);
  warn_of_profiles(flags, *predicted, session);
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

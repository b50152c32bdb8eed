// cupel de: differential expression of every perturbation, gene by gene.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "area/perturbation/differential.hpp"
#include "area/perturbation/differential_csv.hpp"
#include "base/text.hpp"
#include "cell_scale.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"
#include "item_inputs.hpp"
#include "json_out.hpp"

namespace cupel::cli {
namespace {

using namespace perturbation;  // NOLINT: the command is of this area alone

constexpr std::size_t kGroupsShown = 10;
constexpr double kUsualLevel = 0.05;

struct Flags {
  std::string input;
  std::string group_by;
  std::string reference;
  bool rest = false;
  std::string context;
  std::vector<std::string> groups;
  std::string matrix = "X";
  std::string layer;
  std::string scale;
  std::string normalize = "none";
  std::string log1p = "off";
  std::string test = "mann-whitney";
  std::string tie_correction = "on";
  std::string continuity = "on";
  std::string fold_change = "arithmetic";
  double epsilon = 0.0;
  std::string adjust = "bh";
  std::string memory = "4GiB";
  std::optional<double> significant;
  std::string out;
};

/// Groups with the number of their significant genes.
struct Row {
  std::string context;
  std::string group;
  std::uint64_t n_cells = 0;
  std::size_t n_significant = 0;
};

DifferentialOptions options_of(const Flags& flags) {
  DifferentialOptions options;
  options.test = flags.test == "welch" ? DifferentialTest::welch : DifferentialTest::mann_whitney;
  options.tie_correction = flags.tie_correction == "on";
  options.continuity = flags.continuity == "on";
  options.fold_change =
      flags.fold_change == "geometric" ? FoldChange::geometric : FoldChange::arithmetic;
  options.epsilon = flags.epsilon;
  if (!(options.epsilon >= 0.0) || std::isinf(options.epsilon)) {
    fail(ErrorKind::usage, "--epsilon has to be zero or positive");
  }
  options.transform = parse_transform(flags.normalize, flags.log1p == "on");
  options.adjustment = flags.adjust == "by"     ? Adjustment::benjamini_yekutieli
                       : flags.adjust == "none" ? Adjustment::none
                                                : Adjustment::benjamini_hochberg;
  options.against_rest = flags.rest;
  options.memory_bytes = parse_bytes(flags.memory);
  return options;
}

ScaleAdvice advice() {
  return {.for_counts = "--normalize 10000 --log1p on makes log1p of counts",
          .for_unclear =
              "--scale counts, normalized or log1p says it; --scale none tests any values, without "
              "fold changes"};
}

/// What the tested values are: what the transform makes of the file's.
Scale scale_of(const Flags& flags, const CellTransform& transform, const MatrixFacts& facts,
               const std::string& source, const Session& session) {
  if (flags.scale == "none") return Scale::unknown;
  const Scale of_file = scale_of_file(flags.scale, transform, facts, source, advice(), session);
  if (transform.log1p) return Scale::log1p;
  return transform.is_identity() ? of_file : Scale::normalized;
}

/// Warns of what is unlikely; what cannot be (negative counts) is refused by the test itself.
void check_scale(Scale scale, const CellTransform& transform, const MatrixFacts& facts,
                 const ScaleGuess& guess, const Session& session) {
  if (facts.n_nonzero == 0 || scale == Scale::unknown) return;
  const std::string first = "the first " + grouped(facts.n_rows) + " cells: " + guess.because;
  if (transform.is_identity() && scale == Scale::log1p && facts.n_fractional == 0) {
    session.context.say(LogLevel::warning,
                        "--scale log1p, but all values are whole numbers, as counts are; "
                        "--normalize 10000 --log1p on makes log1p of counts");
  }
  if (transform.is_identity() && scale == Scale::counts && facts.n_fractional > 0) {
    session.context.say(LogLevel::warning, "--scale counts, but " + grouped(facts.n_fractional) +
                                               " of the " + grouped(facts.n_nonzero) +
                                               " values that are not zero are fractional; " +
                                               first);
  }
  if (!transform.is_identity() && facts.n_fractional > 0) {
    session.context.say(LogLevel::warning, "\"" + transform.text() +
                                               "\" is meant for counts, but the values do not look "
                                               "like counts; " +
                                               first);
  }
}

/// Cells of groups that were not asked for take no part; in --rest they are part of the rest.
void keep_groups(Categories& cells, const Flags& flags) {
  if (flags.groups.empty()) return;
  for (const auto& name : flags.groups) {
    if (contains(cells.levels, name)) continue;
    const std::string near = nearest_word(name, cells.levels);
    fail(ErrorKind::usage, "--groups: no cell has \"" + name + "\" in " + cells.name, {},
         near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
  if (flags.rest) return;
  for (auto& code : cells.code) {
    if (code == Categories::kMissing) continue;
    const auto& level = cells.levels[code];
    if (level != flags.reference && !contains(flags.groups, level)) code = Categories::kMissing;
  }
}

void keep_rows(DifferentialResult& result, const std::vector<std::string>& groups) {
  std::vector<std::size_t> kept;
  for (std::size_t g = 0; g < result.groups.size(); ++g) {
    if (contains(groups, result.groups[g])) kept.push_back(g);
  }
  for (auto* values : {&result.statistic, &result.p_value, &result.p_adjusted,
                       &result.log2_fold_change, &result.mean_group, &result.mean_reference}) {
    Matrix<double> rows(kept.size(), values->cols);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      std::ranges::copy(values->row(kept[i]), rows.row(i).begin());
    }
    *values = std::move(rows);
  }
  for (std::size_t i = 0; i < kept.size(); ++i) {
    result.groups[i] = result.groups[kept[i]];
    result.n_cells[i] = result.n_cells[kept[i]];
  }
  result.groups.resize(kept.size());
  result.n_cells.resize(kept.size());
}

std::vector<Row> rows_of(const std::vector<ContextResult>& results, double level) {
  std::vector<Row> rows;
  for (const auto& [context, result] : results) {
    for (std::size_t g = 0; g < result.groups.size(); ++g) {
      const auto n =
          std::ranges::count_if(result.p_adjusted.row(g), [level](double p) { return p < level; });
      rows.push_back({context, result.groups[g], result.n_cells[g], static_cast<std::size_t>(n)});
    }
  }
  std::ranges::stable_sort(rows, std::greater{}, &Row::n_significant);
  return rows;
}

struct Summary {
  std::vector<Row> rows;
  std::vector<std::string> conventions;
  std::vector<std::string> left_out;
  double level = kUsualLevel;
  std::uint64_t n_written = 0;
  std::uint64_t n_cells = 0;
  std::size_t n_genes = 0;
};

std::string text_of(const Summary& summary, const Flags& flags) {
  std::string text;
  for (const auto& line : summary.conventions) text += line + "\n";
  text += fmt::format("{}: {} rows, {} perturbations x {} genes\n", flags.out,
                      grouped(summary.n_written), grouped(summary.rows.size()),
                      grouped(summary.n_genes));
  text += fmt::format("genes with p_adjusted < {}, of the perturbations with the most:\n",
                      format_double(summary.level));
  for (std::size_t i = 0; i < std::min(kGroupsShown, summary.rows.size()); ++i) {
    const Row& row = summary.rows[i];
    text += fmt::format("  {:<20} {:>7} of {} cells{}\n", row.group, row.n_significant,
                        grouped(row.n_cells), row.context.empty() ? "" : " in " + row.context);
  }
  return text;
}

std::string json_of(const Summary& summary, const Flags& flags, const std::string& matrix) {
  JsonOut json;
  json.text("file", flags.input).text("matrix", matrix).text("group_by", flags.group_by);
  json.text("reference", flags.rest ? "" : flags.reference).boolean("rest", flags.rest);
  json.text("out", flags.out).number("n_rows", static_cast<double>(summary.n_written));
  json.number("n_groups", static_cast<double>(summary.rows.size()));
  json.number("n_genes", static_cast<double>(summary.n_genes));
  json.number("n_reference", static_cast<double>(summary.n_cells));
  json.number("level", summary.level);
  std::size_t n_significant = 0;
  std::vector<JsonOut> groups;
  for (const auto& row : summary.rows) {
    n_significant += row.n_significant;
    JsonOut one = JsonOut::part();
    if (!flags.context.empty()) one.text("context", row.context);
    one.text("perturbation", row.group).number("n_cells", static_cast<double>(row.n_cells));
    one.number("n_significant", static_cast<double>(row.n_significant));
    groups.push_back(std::move(one));
  }
  json.number("n_significant", static_cast<double>(n_significant)).objects("groups", groups);
  json.texts("contexts_left_out", summary.left_out).texts("conventions", summary.conventions);
  return json.dump();
}

/// What `compute` refuses is said of the file that holds it.
template <typename Compute>
auto in_file(const std::string& source, const Compute& compute) {
  try {
    return compute();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input || !error.where().file.empty()) throw;
    Where where = error.where();
    where.file = source;
    fail_input(error.message(), where, error.hint());
  }
}

int run(const Flags& flags, Session& session) {
  if (flags.rest == !flags.reference.empty()) {
    fail(ErrorKind::usage, "against what? Give either --reference LABEL or --rest");
  }
  DifferentialOptions options = options_of(flags);
  const auto file = open_cells(found_file(flags.input, session), session.context);
  const std::string path = flags.layer.empty() ? flags.matrix : "layers/" + flags.layer;
  const CellMatrix& matrix = file->matrix(path);
  const std::string stored = matrix.info().path;
  const auto& genes = stored == "raw/X" ? file->raw_gene_ids() : file->gene_ids();
  if (genes.size() != matrix.info().cols) {
    fail_input("the columns of " + stored + " are no genes", {.file = file->source()},
               "X, raw or a layer");
  }
  Categories cells = file->obs_categories(flags.group_by);
  keep_groups(cells, flags);
  const MatrixFacts facts = measure(matrix, kRowsMeasured, session.context);
  const ScaleGuess guess = looks_like(facts);
  options.scale = scale_of(flags, options.transform, facts, file->source(), session);
  check_scale(options.scale, options.transform, facts, guess, session);

  Summary summary;
  std::vector<ContextResult> results;
  if (flags.context.empty()) {
    results.push_back({"", in_file(file->source(), [&] {
                         return differential_expression(matrix, genes, cells, flags.reference,
                                                        options, session.context);
                       })});
    if (results.front().result.groups.empty()) {
      fail_input("there is nothing to compare: no group of cells beside the reference",
                 {.file = file->source(), .column_name = flags.group_by},
                 "check --group-by: its column holds one label only");
    }
  } else {
    results = in_file(file->source(), [&] {
      return differential_expression_by_context(
          matrix, genes, cells, file->obs_categories(flags.context), flags.reference, options,
          summary.left_out, session.context);
    });
    for (const auto& name : summary.left_out) {
      session.context.say(LogLevel::warning, flags.context + " \"" + name +
                                                 "\" is left out: it lacks the reference or any "
                                                 "other group");
    }
  }
  for (auto& [name, result] : results) {
    if (flags.rest && !flags.groups.empty()) keep_rows(result, flags.groups);
    summary.n_cells += result.n_reference;
    if (result.values.n_nan > 0) {
      session.context.say(LogLevel::warning, grouped(result.values.n_nan) +
                                                 " values are NaN; what they touch is empty");
    }
  }
  summary.level = flags.significant.value_or(kUsualLevel);
  summary.rows = rows_of(results, summary.level);
  summary.conventions = conventions(options);
  summary.n_genes = genes.size();
  summary.n_written = write_differential_csv(
      flags.out, results,
      {.with_context = !flags.context.empty(), .significant = flags.significant.value_or(2.0)},
      session.context);
  if (flags.out == "-") return 0;
  session.print(session.json ? json_of(summary, flags, stored) : text_of(summary, flags));
  return 0;
}

void add_test_flags(Arguments& arguments, Flags& flags) {
  arguments.option("--test", flags.test, "Test of a gene",
                   {.allowed = {"mann-whitney", "welch"}, .placeholder = "TEST"});
  arguments.option("--tie-correction", flags.tie_correction, "Variance of U with ties",
                   {.allowed = {"on", "off"}, .placeholder = "on|off"});
  arguments.option("--continuity", flags.continuity, "Continuity correction of U",
                   {.allowed = {"on", "off"}, .placeholder = "on|off"});
  arguments.option("--fold-change", flags.fold_change, "Means whose ratio is the fold change",
                   {.allowed = {"arithmetic", "geometric"}, .placeholder = "MEAN"});
  arguments.option("--epsilon", flags.epsilon, "Added to both means of a fold change",
                   {.placeholder = "E"});
  arguments.option("--adjust", flags.adjust, "Adjustment of p over the genes of a perturbation",
                   {.allowed = {"bh", "by", "none"}, .placeholder = "METHOD"});
}

}  // namespace

Run define_de(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel de screen.h5ad --group-by gene --reference non-targeting \\\n"
      "      --normalize 10000 --log1p on --out de.csv");
  arguments.example(
      "cupel de screen.h5ad --group-by gene --reference control --scale log1p --context cell_type "
      "\\\n      --significant 0.05 --out significant.csv.gz");
  arguments.description(
      "Tests every gene of every perturbation against the reference cells (or all others) and "
      "writes\nperturbation, gene, statistic, p_value, p_adjusted, log2_fold_change, "
      "mean_perturbed and\nmean_reference. Equal to SciPy's mannwhitneyu and ttest_ind; the cells "
      "are streamed.");
  arguments.positional("FILE", flags->input, "Cells: .h5ad, MatrixMarket, .gct, .gctx, .npz");
  arguments.option("--group-by", flags->group_by, "Column of obs with the perturbations",
                   {.required = true, .placeholder = "COLUMN"});
  arguments.option("--reference", flags->reference, "Label of the control cells",
                   {.placeholder = "LABEL"});
  arguments.flag("--rest", flags->rest, "Against all other cells instead");
  arguments.option("--context", flags->context, "Column of obs: each of its values on its own",
                   {.placeholder = "COLUMN"});
  arguments.option("--groups", flags->groups, "Only these perturbations",
                   {.placeholder = "LABEL,.."});
  arguments.option("--matrix", flags->matrix, "Matrix of the file: X, raw, layers/NAME",
                   {.placeholder = "PATH"});
  arguments.option("--layer", flags->layer, "Layer, as --matrix layers/NAME",
                   {.placeholder = "NAME"});
  arguments.option("--normalize", flags->normalize,
                   "Scale the sum of each cell to this: a number, median or none",
                   {.placeholder = "TARGET"});
  arguments.option("--log1p", flags->log1p, "Then take log(1 + x)",
                   {.allowed = {"on", "off"}, .placeholder = "on|off"});
  arguments.option("--scale", flags->scale,
                   "What the values of the file are (default: as they measure, and it is said)",
                   {.allowed = {"counts", "normalized", "log1p", "none"}, .placeholder = "SCALE"});
  add_test_flags(arguments, *flags);
  add_memory_flag(arguments, flags->memory);
  arguments.option("--significant", flags->significant, "Only rows with p_adjusted below this",
                   {.placeholder = "Q"});
  arguments.option("--out", flags->out, "Table; gzipped if it ends in .gz",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli

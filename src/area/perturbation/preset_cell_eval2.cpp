// Presets cell-eval2 and vcc2026: the metrics of cell-eval2 0.20 under its v2 conventions, and the
// competition's score between a baseline and replicates of the truth.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "area/perturbation/cell_eval2_run.hpp"
#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/pseudobulk.hpp"
#include "area/perturbation/score_pair.hpp"
#include "base/options.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"

namespace cupel::perturbation {
namespace {

using cell_eval2::members;
using cell_eval2::RunInput;
using cell_eval2::RunOptions;
using cell_eval2::Wanted;

constexpr double kCellLimit = 1e6;
const char* const kCappedMse = "expr_mse_unbiased_capped_norm";
const char* const kNmae = "de_wilcoxon_lfc_nmae";

struct Settings {
  RunOptions run;
  std::string baseline;
  std::uint32_t replicates = 0;
  std::uint32_t seed = 0;
};

Settings settings_of(const ScoreRequest& request, const std::string& preset, Wanted& wanted) {
  Options options(request.options, "preset " + preset);
  Settings out;
  out.run.continuity = options.choice("engine", "scanpy", {"scanpy", "gpudge", "pdex"}) != "scanpy";
  out.run.target_genes = options.choice("target_genes", "named", {"named", "none"}) == "named";
  out.run.bulk_target = options.number("bulk_target", 5e4, 1.0, 1e9);
  out.run.gate_cpm = options.number("gate_cpm", 5.0, -1.0, 1e6);
  out.baseline = options.text("baseline", "");
  out.replicates = options.count("replicates", out.baseline.empty() ? 0 : 5, 0, 100);
  out.seed = options.count("seed", 0, 0, 1U << 30);
  const std::string skip = options.text("skip", "");
  options.finish();
  wanted = [skip, inner = wanted](std::string_view name) {
    return inner(name) && !(skip == "de" && name.starts_with("de_")) &&
           ("+" + skip + "+").find("+" + std::string(name) + "+") == std::string::npos;
  };
  return out;
}

/// Cells of the file as they are, or as the user's transform makes them.
CellView raw_view(const ScoreRequest& request, const CellFile& file,
                  const std::vector<std::uint32_t>& gene_map,
                  const std::vector<std::uint32_t>& code, const Context& context) {
  const CellMatrix& matrix = file.matrix(request.matrix);
  CellPart part{.matrix = &matrix, .gene_map = gene_map, .divisor = {}, .log1p = false};
  if (!request.transform.is_identity()) {
    part.divisor = divisors_of(request.transform, row_sums(matrix, context), code, false);
    part.log1p = request.transform.log1p;
  }
  CellView view({std::move(part)});
  view.keep_in_memory(request.memory_bytes, context);
  return view;
}

/// Counts on both sides, or log values on both.
bool both_counts(const ScoreRequest& request, bool counts_only, ScoreResult& result,
                 const Context& context) {
  const auto truth = side_scale(request, *request.truth, "truth", result, context);
  const auto predicted = side_scale(request, *request.predicted, "prediction", result, context);
  if (truth.scale != predicted.scale) {
    fail_input(
        fmt::format("the truth holds {} and the prediction {}: their profiles have no common "
                    "scale",
                    to_string(truth.scale), to_string(predicted.scale)),
        {.file = request.predicted->source()}, "give both on one scale, best as counts");
  }
  const bool counts = truth.scale == Scale::counts;
  if (counts_only && !counts) {
    fail_input(fmt::format("vcc2026 scores raw counts, and these are {}", to_string(truth.scale)),
               {.file = request.truth->source()}, "--preset cell-eval2 takes log1p values");
  }
  for (const auto& [side, file] :
       {std::pair{&truth, request.truth}, std::pair{&predicted, request.predicted}}) {
    const double largest =
        counts ? side->facts.largest_row_sum : side->facts.largest_expm1_sum / (1.0 + 1e-5);
    if (largest > kCellLimit) {
      fail_input(
          fmt::format("a cell holds {:.6g} counts, more than the {:g} that cell-eval2 allows",
                      largest, kCellLimit),
          {.file = file->source()}, "is it counts, or log1p of at most a million?");
    }
  }
  return counts;
}

std::vector<MetricColumn> evaluate(const RunInput& input, const RunOptions& options,
                                   const std::vector<std::optional<std::uint32_t>>& own,
                                   const Wanted& wanted, std::optional<cell_eval2::DePair>& de,
                                   const Context& context) {
  bool any_de = false;
  bool any_expression = false;
  for (const auto& member : members()) {
    if (!wanted(member.metric.name)) continue;
    (member.is_de ? any_de : any_expression) = true;
  }
  std::optional<cell_eval2::Expression> expression;
  if (any_expression) expression = cell_eval2::expression(input, options, own, context);
  if (any_de) de = cell_eval2::differential(input, options, own, context);
  return cell_eval2::columns(expression ? &*expression : nullptr, de ? &*de : nullptr, wanted,
                             context);
}

/// Mean of every metric over several splits of the truth's cells into halves, each half with its
/// own control; lfc_nmae over the significant genes of all cells.
std::map<std::string, double> replicates_of(const RunInput& input, const Settings& settings,
                                            const std::vector<std::optional<std::uint32_t>>& own,
                                            const std::optional<cell_eval2::DePair>& all,
                                            const Wanted& wanted, const Context& context) {
  std::map<std::string, double> mean;
  RunOptions options = settings.run;
  options.own_control = true;
  for (std::uint32_t s = 0; s < settings.replicates; ++s) {
    PairContext halves = *input.context;
    halves.predicted = halves.truth;
    const auto half = halves_of_cells({.count = halves.labels.size(), .code = input.context->truth},
                                      settings.seed + s);
    for (std::size_t i = 0; i < half.size(); ++i) {
      if (half[i] != 0) halves.truth[i] = Categories::kMissing;
      if (half[i] != 1) halves.predicted[i] = Categories::kMissing;
    }
    for (std::uint32_t g = 0; g < halves.labels.size(); ++g) {
      if (std::ranges::find(halves.truth, g) == halves.truth.end()) {
        fail_input("replicates need two cells of every label, and " + halves.labels[g] + " has one",
                   {.file = "", .value = halves.labels[g]}, "--options replicates=0");
      }
    }
    RunInput split = input;
    split.predicted = input.truth;
    split.context = &halves;
    std::optional<cell_eval2::DePair> de;
    for (auto& column : evaluate(split, options, own, wanted, de, context)) {
      if (column.metric == kNmae && all && de) {
        column.values = cell_eval2::lfc_nmae_of_halves(*all, *de);
        column.absent.clear();
      }
      ScoreResult rows;
      add_column(column, halves, true, rows);
      mean[column.metric] += rows.scores.back().value / settings.replicates;
    }
  }
  return mean;
}

std::map<std::string, double> means_in(const std::string& path, const std::string& of_context,
                                       const Context& context) {
  const Table table = read_csv(path, {}, context);
  std::map<std::string, double> means;
  const Column& metric = table.at("metric");
  const Column* value = table.find("value");
  if (value == nullptr) value = &table.at("mean");
  const Column* perturbation = table.find("perturbation");
  const Column* where = table.find("context");
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    const auto has_text = [&](const Column* column) {
      return column != nullptr && !column->is_missing(i) && !column->as_text(i).empty();
    };
    if (has_text(perturbation) || (has_text(where) && where->as_text(i) != of_context)) continue;
    means[metric.as_text(i)] = value->as_number(i);
  }
  return means;
}

/// (u - b) / (r - b): 0 = as the baseline, 1 = as a replicate. The capped error stays in [0, 1],
/// lfc_nmae above -6; an undefined value of a metric in [0, 1] counts as 0.
double scaled(const std::string& name, double value, double base, double replicate) {
  const bool bounded = name != kCappedMse && name != kNmae;
  if (!std::isfinite(value)) {
    if (!bounded) return name == kNmae ? -6.0 : 0.0;
    value = 0.0;
  }
  const double score = (value - base) / (replicate - base);
  if (name == kCappedMse) return std::clamp(score, 0.0, 1.0);
  return name == kNmae ? std::max(score, -6.0) : score;
}

void add_scores(const Settings& settings, const std::map<std::string, double>& replicate,
                const PairContext& of, ScoreResult& result, const Context& context) {
  const auto base = means_in(settings.baseline, of.name, context);
  double sum = 0.0;
  std::size_t n = 0;
  std::vector<ProfileScore> scores;
  for (const auto& score : result.scores) {
    if (!score.perturbation.empty() || score.context != of.name) continue;
    const auto member = std::ranges::find_if(
        members(), [&](const auto& m) { return m.metric.name == score.metric; });
    if (member == members().end() || !member->in_vcc2026 || !member->is_scored) continue;
    const auto b = base.find(score.metric);
    const auto r = replicate.find(score.metric);
    if (b == base.end() || r == replicate.end()) {
      fail_input("the baseline or the replicates have no mean of " + score.metric,
                 {.file = settings.baseline});
    }
    const double room =
        member->metric.higher_is_better ? r->second - b->second : b->second - r->second;
    if (!(room > 0.0)) {
      fail_input(fmt::format("{}: the replicates ({:g}) are no better than the baseline ({:g}), so "
                             "there is no scale to score on",
                             score.metric, r->second, b->second),
                 {.file = settings.baseline},
                 "the truth has too few cells, or the baseline saw it");
    }
    const double value = scaled(score.metric, score.value, b->second, r->second);
    scores.push_back({.perturbation = "",
                      .context = of.name,
                      .metric = "score:" + score.metric,
                      .value = value});
    sum += value;
    ++n;
  }
  scores.push_back({.perturbation = "",
                    .context = of.name,
                    .metric = "score",
                    .value = n == 0 ? kUndefined : sum / static_cast<double>(n)});
  result.scores.insert(result.scores.end(), scores.begin(), scores.end());
}

void say_conventions(const Settings& settings, bool counts, ScoreResult& result) {
  auto& out = result.conventions;
  if (counts) {
    out.push_back(fmt::format(
        "profiles: ln(1 + {:g} * counts of the gene / counts, summed over the cells of a "
        "perturbation); noise by the delete-one jackknife",
        settings.run.bulk_target));
    out.push_back(fmt::format(
        "differential expression: counts per million and log1p per cell; genes with more than {:g} "
        "counts per million in the truth's control cells, on both sides",
        settings.run.gate_cpm));
  } else {
    out.emplace_back("profiles: mean of the log values; noise tr(Sigma) / n; all genes are tested");
  }
  out.emplace_back(
      "the control cells are the truth's on both sides; the prediction's are not used");
  out.push_back(fmt::format(
      "Mann-Whitney, normal approximation with ties, {} continuity ({}); Benjamini-Hochberg per "
      "perturbation, adjusted p < 0.05; log2 of the ratio of mean expm1 values + 1e-9",
      settings.run.continuity ? "with" : "without",
      settings.run.continuity ? "engines gpudge and pdex"
                              : "engine scanpy, what the package runs without a GPU; the "
                                "competition's servers run gpudge: --options engine=gpudge"));
  out.emplace_back(
      "perturbations that the truth cannot judge (fewer than 10 significant genes, by metric) are "
      "NaN for everybody; what the prediction leaves undefined there takes the worst value");
  out.emplace_back("mean over perturbations (perturbation \"\"): of the defined values");
}

ScoreResult score(const ScoreRequest& request, const std::string& preset, bool vcc,
                  const Context& context) {
  Wanted wanted = [vcc](std::string_view name) {
    return std::ranges::any_of(
        members(), [&](const auto& m) { return m.metric.name == name && (!vcc || m.in_vcc2026); });
  };
  Settings settings = settings_of(request, preset, wanted);
  ScoreResult result;
  const ScorePair pair = read_pair(request, true, result);
  settings.run.is_counts = both_counts(request, vcc, result, context);
  say_conventions(settings, settings.run.is_counts, result);
  for (const auto& one : pair.contexts) {
    context.check_cancelled();
    const CellView truth = raw_view(request, *request.truth, {}, one.truth, context);
    const CellView predicted =
        raw_view(request, *request.predicted, pair.gene_map, one.predicted, context);
    const RunInput input{
        .truth = &truth,
        .predicted = &predicted,
        .genes = &pair.genes,
        .context = &one,
        .memory_bytes = request.memory_bytes - truth.kept_bytes() - predicted.kept_bytes()};
    const auto own = cell_eval2::own_genes(input, settings.run, result);
    std::optional<cell_eval2::DePair> de;
    for (const auto& column : evaluate(input, settings.run, own, wanted, de, context)) {
      add_column(column, one, true, result);
    }
    if (settings.replicates == 0) continue;
    const auto replicate = replicates_of(input, settings, own, de, wanted, context);
    for (const auto& [name, value] : replicate) {
      result.scores.push_back(
          {.perturbation = "", .context = one.name, .metric = "replicate:" + name, .value = value});
    }
    if (!settings.baseline.empty()) add_scores(settings, replicate, one, result, context);
  }
  if (settings.replicates > 0) {
    result.conventions.push_back(fmt::format(
        "replicates: mean over {} splits of the truth's cells into halves, each with its own "
        "control "
        "(seeds {} and on; not the random numbers of numpy, so not the halves of cell-eval2)",
        settings.replicates, settings.seed));
  }
  if (!settings.baseline.empty()) {
    result.conventions.emplace_back(
        "score: (u - b) / (r - b) with b of the baseline and r of the replicates; "
        "expr_mse_unbiased_capped_norm in [0, 1], lfc_nmae at least -6, the others not clipped; "
        "their mean");
  }
  return result;
}

ScoreResult score_cell_eval2(const ScoreRequest& request, const Context& context) {
  return score(request, "cell-eval2", false, context);
}

ScoreResult score_vcc2026(const ScoreRequest& request, const Context& context) {
  return score(request, "vcc2026", true, context);
}

std::vector<PresetMetric> metrics_of(bool vcc) {
  std::vector<PresetMetric> out;
  for (const auto& member : members()) {
    if (!vcc || member.in_vcc2026) out.push_back(member.metric);
  }
  return out;
}

std::vector<std::string> help() {
  return {
      "engine: scanpy (no continuity correction: the package on a CPU) or gpudge, pdex (with it: "
      "the competition); default scanpy",
      "target_genes: named = a perturbation named like a gene targets it, none; default named",
      "baseline: results.csv of this command for the baseline, for the score; default none",
      "replicates: splits of the truth into halves, default 5 with a baseline, else 0",
      "seed: of the first split, default 0",
      "bulk_target: counts of a profile, default 50000",
      "gate_cpm: genes below are not tested, default 5; -1 = all genes",
      "skip: metrics that are not computed, joined by +, or de; default none"};
}

}  // namespace

Preset cell_eval2_preset() {
  return {.name = "cell-eval2",
          .title = "cell-eval2, profile full, conventions v2",
          .source = "cell-eval2 0.20.0 (Arc Institute)",
          .summary = "The 54 metrics of cell-eval2 for counts or log values",
          .metrics = metrics_of(false),
          .option_help = help(),
          .function = score_cell_eval2};
}

Preset vcc2026_preset() {
  return {.name = "vcc2026",
          .title = "Virtual Cell Challenge 2026",
          .source = "cell-eval2 0.20.0, profile vcc2026 (Arc Institute)",
          .summary =
              "The six scored members, their diagnostics, and the score between baseline and "
              "replicates",
          .metrics = metrics_of(true),
          .option_help = help(),
          .function = score_vcc2026};
}

}  // namespace cupel::perturbation

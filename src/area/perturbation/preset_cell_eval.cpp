// Preset cell-eval: the metrics of cell-eval 0.8.2 with pdex 0.3.0, by their rules.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "area/perturbation/cell_eval_metrics.hpp"
#include "area/perturbation/cell_eval_run.hpp"
#include "area/perturbation/preset_list.hpp"
#include "area/perturbation/pseudobulk.hpp"
#include "area/perturbation/score_pair.hpp"
#include "base/options.hpp"
#include "cupel/error.hpp"
#include "metric/discrimination.hpp"
#include "metric/energy_distance.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

/// Two sets of cells that are compared: files, or halves of one file.
struct Sides {
  const CellView* truth = nullptr;
  const CellView* predicted = nullptr;
  std::vector<std::string> genes;
  PairContext context;
  bool is_log1p = true;          ///< else counts as they are
  std::size_t memory_bytes = 0;  ///< for the values of a test
};

using Wanted = std::function<bool(std::string_view)>;

/// Groups of the cells for the differential expression.
Categories categories(const PairContext& context, const std::vector<std::uint32_t>& code) {
  return {.name = "group", .levels = context.labels, .code = code};
}

cell_eval::DeTable table_of(const CellView& view, const Sides& sides,
                            const std::vector<std::uint32_t>& code, const Context& context) {
  const DifferentialOptions options{.fold_change = FoldChange::geometric,
                                    .epsilon = 0.0,
                                    .scale = sides.is_log1p ? Scale::log1p : Scale::counts,
                                    .memory_bytes = sides.memory_bytes};
  const auto result =
      differential_expression(view, sides.genes, categories(sides.context, code),
                              sides.context.labels[sides.context.control], options, context);
  return cell_eval::de_table(result, sides.context.perturbations());
}

/// Rows of the perturbations, without the control's.
Matrix<double> perturbed(const Matrix<double>& means, std::size_t control) {
  Matrix<double> rows(means.rows - 1, means.cols);
  for (std::size_t g = 0, p = 0; g < means.rows; ++g) {
    if (g != control) std::ranges::copy(means.row(g), rows.row(p++).begin());
  }
  return rows;
}

Matrix<double> changes(const Matrix<double>& rows, std::span<const double> control, bool single) {
  Matrix<double> out = rows;
  for (std::size_t p = 0; p < rows.rows; ++p) {
    for (std::size_t j = 0; j < rows.cols; ++j) {
      out(p, j) -= control[j];
      if (single) out(p, j) = static_cast<double>(static_cast<float>(out(p, j)));
    }
  }
  return out;
}

using ProfileMetric = double (*)(Profile, Profile);

MetricColumn row_by_row(const std::string& name, ProfileMetric metric, const Matrix<double>& truth,
                        const Matrix<double>& predicted) {
  MetricColumn column{.metric = name};
  for (std::size_t p = 0; p < truth.rows; ++p) {
    column.values.push_back(metric(truth.row(p), predicted.row(p)));
  }
  return column;
}

void add_profile_metrics(const Sides& sides, const Wanted& wanted, const Context& context,
                         std::vector<MetricColumn>& out) {
  const auto& of = sides.context;
  const auto truth_means = group_means(*sides.truth, of.labels.size(), of.truth, context);
  const auto predicted_means =
      group_means(*sides.predicted, of.labels.size(), of.predicted, context);
  const auto truth = perturbed(truth_means, of.control);
  const auto predicted = perturbed(predicted_means, of.control);
  const bool single = !sides.truth->is_wide();
  const auto truth_change = changes(truth, truth_means.row(of.control), single);
  const auto predicted_change =
      changes(predicted, predicted_means.row(of.control), !sides.predicted->is_wide());
  const auto add = [&](const char* name, ProfileMetric metric, const auto& a, const auto& b) {
    if (wanted(name)) out.push_back(row_by_row(name, metric, a, b));
  };
  add("pearson_delta", profile::pearson, truth_change, predicted_change);
  add("mse", profile::mse, truth, predicted);
  add("mae", profile::mae, truth, predicted);
  add("mse_delta", profile::mse, truth_change, predicted_change);
  add("mae_delta", profile::mae, truth_change, predicted_change);
  const auto names = of.perturbations();
  std::vector<std::vector<std::uint32_t>> own_gene(names.size());
  for (std::uint32_t j = 0; j < sides.genes.size(); ++j) {
    const auto found = std::ranges::lower_bound(names, sides.genes[j]);
    if (found != names.end() && *found == sides.genes[j]) {
      own_gene[static_cast<std::size_t>(found - names.begin())].push_back(j);
    }
  }
  for (const auto distance : {ProfileDistance::l1, ProfileDistance::l2, ProfileDistance::cosine}) {
    const std::string name = fmt::format("discrimination_score_{}", to_string(distance));
    if (!wanted(name)) continue;
    const auto rows =
        discriminate(predicted_change, truth_change,
                     {.distance = distance, .panel = {}, .excluded = own_gene, .own = {}}, context);
    MetricColumn column{.metric = name};
    for (const auto& row : rows) column.values.push_back(row.position_score());
    out.push_back(std::move(column));
  }
}

/// Cells with a label, and which belong to each.
struct LabelledPoints {
  Points points;
  std::vector<PointSet> sets;
};

LabelledPoints points_of(const CellView& view, std::size_t n_labels,
                         const std::vector<std::uint32_t>& code, const Context& context) {
  LabelledPoints out{.points = {.n_dimensions = view.info().cols}, .sets = {}};
  out.sets.resize(n_labels);
  view.stream({}, context, std::function<void(CellBlock<double>&)>([&](CellBlock<double>& block) {
                for (std::size_t i = 0; i < block.n_rows; ++i) {
                  const auto label = code[block.first_row + i];
                  if (label == Categories::kMissing) continue;
                  out.sets[label].push_back(static_cast<std::uint32_t>(out.points.size()));
                  const std::size_t begin = block.is_sparse ? block.row_begin[i] : i * block.n_cols;
                  const std::size_t end =
                      block.is_sparse ? block.row_begin[i + 1] : (i + 1) * block.n_cols;
                  for (std::size_t k = begin; k < end; ++k) {
                    if (block.values[k] == 0.0) continue;
                    out.points.values.push_back(block.values[k]);
                    out.points.columns.push_back(
                        block.is_sparse ? block.columns[k] : static_cast<std::uint32_t>(k - begin));
                  }
                  out.points.begin.push_back(out.points.values.size());
                }
              }));
  return out;
}

/// Of every perturbation to the control of its side.
std::vector<double> energies(const CellView& view, const PairContext& of,
                             const std::vector<std::uint32_t>& code, const Context& context) {
  LabelledPoints cells = points_of(view, of.labels.size(), code, context);
  const auto at = cells.sets.begin() + static_cast<std::ptrdiff_t>(of.control);
  const PointSet control = std::move(*at);
  cells.sets.erase(at);
  if (cells.points.columns.empty()) return std::vector<double>(cells.sets.size(), 0.0);
  return energy_distances(cells.points, cells.sets, control, EnergyVariant::euclid_v, context);
}

void add_energy(const Sides& sides, const Context& context, std::vector<MetricColumn>& out) {
  const auto& of = sides.context;
  const auto truth = energies(*sides.truth, of, of.truth, context);
  const auto predicted = energies(*sides.predicted, of, of.predicted, context);
  out.push_back({.metric = "pearson_edistance",
                 .values = {profile::pearson(truth, predicted)},
                 .absent = {},
                 .is_panel = true});
}

void add_de_metrics(const Sides& sides, const Wanted& wanted, const Context& context,
                    std::vector<MetricColumn>& out) {
  using namespace cell_eval;
  const DeTable truth = table_of(*sides.truth, sides, sides.context.truth, context);
  const DeTable predicted = table_of(*sides.predicted, sides, sides.context.predicted, context);
  const auto add = [&](const std::string& name, const auto& make) {
    if (!wanted(name)) return;
    PerPerturbation result = make();
    out.push_back(
        {.metric = name, .values = std::move(result.values), .absent = std::move(result.absent)});
  };
  for (const auto& [word, kind] :
       {std::pair{"overlap", OverlapOf::overlap}, std::pair{"precision", OverlapOf::precision}}) {
    for (const std::size_t k : {0, 50, 100, 200, 500}) {
      add(fmt::format("{}_at_{}", word, k == 0 ? "N" : std::to_string(k)),
          [&] { return overlap(truth, predicted, kind, k); });
    }
  }
  if (wanted("de_spearman_sig")) {
    out.push_back({.metric = "de_spearman_sig",
                   .values = {spearman_of_counts(truth, predicted)},
                   .absent = {},
                   .is_panel = true});
  }
  add("de_direction_match", [&] { return direction_match(truth, predicted); });
  add("de_spearman_lfc_sig", [&] { return spearman_of_changes(truth, predicted); });
  add("de_sig_genes_recall", [&] { return recall(truth, predicted); });
  add("de_nsig_counts_real", [&] { return PerPerturbation{significant_counts(truth), {}}; });
  add("de_nsig_counts_pred", [&] { return PerPerturbation{significant_counts(predicted), {}}; });
  add("pr_auc", [&] { return pr_auc(truth, predicted); });
  add("roc_auc", [&] { return roc_auc(truth, predicted); });
}

bool is_de_metric(std::string_view name) {
  return name.starts_with("overlap") || name.starts_with("precision") || name.starts_with("de_") ||
         name.ends_with("_auc");
}

std::vector<MetricColumn> all_metrics(const Sides& sides, const Wanted& wanted,
                                      std::span<const PresetMetric> metrics,
                                      const Context& context) {
  std::vector<MetricColumn> out;
  const bool any_de = std::ranges::any_of(
      metrics, [&](const auto& m) { return is_de_metric(m.name) && wanted(m.name); });
  if (any_de) add_de_metrics(sides, wanted, context, out);
  add_profile_metrics(sides, wanted, context, out);
  if (wanted("pearson_edistance")) add_energy(sides, context, out);
  return out;
}

/// Counts: normalised to the median of the cells of this context (of all of them, those without
/// counts included, where the matrix is sparse: scanpy 1.11), then log1p, in the file's precision.
CellView make_view(const ScoreRequest& request, const CellFile& file,
                   const std::vector<std::uint32_t>& gene_map,
                   const std::vector<std::uint32_t>& code, Scale scale, const Context& context) {
  const CellMatrix& matrix = file.matrix(request.matrix);
  CellPart part{.matrix = &matrix, .gene_map = gene_map, .divisor = {}, .log1p = false};
  CellTransform transform = request.transform;
  if (transform.is_identity() && scale == Scale::counts) {
    transform = {.target_sum = 0.0, .median_target = true, .log1p = true};
  } else if (transform.is_identity() && scale == Scale::normalized) {
    transform.log1p = true;
  }
  if (transform.median_target || transform.target_sum > 0.0) {
    part.divisor = divisors_of(transform, row_sums(matrix, context), code,
                               matrix.info().layout != MatrixLayout::dense);
  }
  part.log1p = transform.log1p;
  CellView view({std::move(part)});
  view.keep_in_memory(request.memory_bytes, context);
  return view;
}

/// Distances between cells need all cells of a side at once.
void check_points(const ScoreRequest& request) {
  for (const CellFile* file : {request.truth, request.predicted}) {
    const auto bytes = file->matrix(request.matrix).info().n_stored * sizeof(double) * 3 / 2;
    if (bytes <= request.memory_bytes) continue;
    fail_input(fmt::format("pearson_edistance needs the cells in memory at once: {:.1f} GiB",
                           static_cast<double>(bytes) / 1073741824.0),
               {.file = file->source()}, "--options skip=pearson_edistance, or a larger --memory");
  }
}

/// Disjoint halves of the truth against each other, then 2 r / (1 + r): what a perfect model could
/// reach on data of this noise.
void add_ceiling(const Sides& sides, const Wanted& wanted, std::span<const PresetMetric> metrics,
                 std::uint64_t seed, ScoreResult& result, const Context& context) {
  Sides halves = sides;
  halves.predicted = sides.truth;
  const auto half =
      halves_of_cells({.count = sides.context.labels.size(), .code = sides.context.truth}, seed);
  halves.context.predicted = sides.context.truth;
  std::vector<std::size_t> n(sides.context.labels.size(), 0);
  for (std::size_t i = 0; i < half.size(); ++i) {
    auto& a = halves.context.truth[i];
    auto& b = halves.context.predicted[i];
    if (a == Categories::kMissing) continue;
    if (half[i] == 0) ++n[a];
    if (half[i] != 0) a = Categories::kMissing;
    if (half[i] != 1) b = Categories::kMissing;
  }
  if (n[sides.context.control] == 0) {
    fail_input("the ceiling needs two control cells", {}, "without --options ceiling=on");
  }
  // Labels of one cell cannot be split; they leave both halves.
  PairContext kept = halves.context;
  kept.labels.clear();
  std::vector<std::uint32_t> to(n.size(), Categories::kMissing);
  for (std::size_t g = 0; g < n.size(); ++g) {
    if (n[g] == 0) continue;
    if (g == sides.context.control) kept.control = kept.labels.size();
    to[g] = static_cast<std::uint32_t>(kept.labels.size());
    kept.labels.push_back(sides.context.labels[g]);
  }
  for (auto* code : {&kept.truth, &kept.predicted}) {
    for (auto& c : *code) {
      if (c != Categories::kMissing) c = to[c];
    }
  }
  halves.context = std::move(kept);
  for (const auto& column : all_metrics(halves, wanted, metrics, context)) {
    const bool has_ceiling = column.metric != "pearson_edistance" &&
                             !column.metric.starts_with("m") &&
                             !column.metric.starts_with("de_nsig");
    ScoreResult rows;
    add_column(column, halves.context, false, rows);
    const double r = rows.scores.back().value;
    result.scores.push_back({.perturbation = "",
                             .context = sides.context.name,
                             .metric = "ceiling:" + column.metric,
                             .value = has_ceiling && r > 0.0 ? 2.0 * r / (1.0 + r) : kUndefined});
  }
  result.conventions.push_back(fmt::format(
      "ceiling: disjoint halves of the truth's cells (seed {}; not the random numbers of numpy, so "
      "not the halves of cell-eval), mean over perturbations, 2 r / (1 + r); undefined for errors, "
      "counts, pearson_edistance and r <= 0",
      seed));
}

void say_conventions(ScoreResult& result) {
  for (const char* text :
       {"counts are normalised to the median of each file's own cells and log1p is taken, in the "
        "precision of the file (scanpy.pp.normalize_total as cell-eval calls it)",
        "differential expression: Mann-Whitney, normal approximation with ties and continuity, "
        "Benjamini-Hochberg per perturbation over all genes, FDR < 0.05 in single precision; log2 "
        "fold change of expm1 of mean log1p, infinite where one mean is 0",
        "mean over perturbations (perturbation \"\"): undefined values make it undefined, "
        "perturbations without a row do not count"}) {
    result.conventions.emplace_back(text);
  }
}

}  // namespace

std::vector<PresetMetric> cell_eval_metrics() {
  std::vector<PresetMetric> out;
  const auto add = [&](const char* name, bool higher, bool each, double perfect, const char* text) {
    out.push_back({.name = name,
                   .higher_is_better = higher,
                   .per_perturbation = each,
                   .perfect = perfect,
                   .description = text});
  };
  add("pearson_delta", true, true, 1.0,
      "Pearson over genes of the changes of mean log1p expression, each side against its own "
      "control");
  add("mse", false, true, 0.0, "mean squared error of the means (no control is subtracted)");
  add("mae", false, true, 0.0, "mean absolute error of the means");
  add("mse_delta", false, true, 0.0, "mean squared error of the changes, each side's own control");
  add("mae_delta", false, true, 0.0, "mean absolute error of the changes, each side's own control");
  for (const char* distance : {"l1", "l2", "cosine"}) {
    out.push_back(
        {.name = fmt::format("discrimination_score_{}", distance),
         .description = "1 - rank / n of the own true change by " + std::string(distance) +
                        " distance among all true changes; the gene named like the perturbation is "
                        "left out; ties by order of the labels"});
    out.back().perfect = 1.0;
  }
  add("pearson_edistance", true, false, 1.0,
      "Pearson over perturbations of true and predicted energy distance to the own control "
      "(Euclidean, V-statistic)");
  for (const char* word : {"overlap", "precision"}) {
    for (const char* k : {"N", "50", "100", "200", "500"}) {
      out.push_back({.name = fmt::format("{}_at_{}", word, k),
                     .perfect = 1.0,
                     .description = fmt::format(
                         "genes in common among the first k significant ones by |log2 fold "
                         "change|, over k; k "
                         "= {}, at most the number of significant {} genes; 0 without any",
                         k, std::string_view(word) == "overlap" ? "true" : "predicted")});
    }
  }
  add("de_spearman_sig", true, false, 1.0,
      "Spearman over perturbations of the number of significant genes");
  add("de_direction_match", true, true, 1.0,
      "share of the truly significant genes whose predicted fold change has the same sign");
  add("de_spearman_lfc_sig", true, true, 1.0,
      "Spearman of the log2 fold changes of the truly significant genes");
  add("de_sig_genes_recall", true, true, 1.0,
      "share of the truly significant genes that are predicted significant");
  add("de_nsig_counts_real", true, true, kUndefined, "truly significant genes (a count, no score)");
  add("de_nsig_counts_pred", true, true, kUndefined, "predicted significant genes (a count)");
  add("pr_auc", true, true, 1.0,
      "average precision of -log10 predicted FDR for truly significant genes; undefined for one "
      "class");
  add("roc_auc", true, true, 1.0, "ROC AUC of the same");
  return out;
}

ScoreResult score_cell_eval_profile(const ScoreRequest& request,
                                    std::span<const PresetMetric> metrics, Options& options,
                                    const Context& context) {
  const std::string skip = options.text("skip", "");
  const bool ceiling = options.choice("ceiling", "off", {"off", "on"}) == "on";
  const auto seed = options.count("ceiling_seed", 0, 0, 1U << 31);
  options.finish();
  const Wanted wanted = [&](std::string_view name) {
    if (std::ranges::find(metrics, name, &PresetMetric::name) == metrics.end()) return false;
    return !(skip == "de" && is_de_metric(name)) &&
           ("+" + skip + "+").find("+" + std::string(name) + "+") == std::string::npos;
  };
  ScoreResult result;
  say_conventions(result);
  const ScorePair pair = read_pair(request, false, result);
  const Scale truth_scale = side_scale(request, *request.truth, "truth", result, context).scale;
  const Scale predicted_scale =
      side_scale(request, *request.predicted, "prediction", result, context).scale;
  for (const auto& one : pair.contexts) {
    context.check_cancelled();
    if (wanted("pearson_edistance")) check_points(request);
    const CellView truth = make_view(request, *request.truth, {}, one.truth, truth_scale, context);
    const CellView predicted = make_view(request, *request.predicted, pair.gene_map, one.predicted,
                                         predicted_scale, context);
    const Sides sides{
        .truth = &truth,
        .predicted = &predicted,
        .genes = pair.genes,
        .context = one,
        .memory_bytes = request.memory_bytes - truth.kept_bytes() - predicted.kept_bytes()};
    for (const auto& column : all_metrics(sides, wanted, metrics, context)) {
      add_column(column, one, false, result);
    }
    if (ceiling) add_ceiling(sides, wanted, metrics, seed, result, context);
  }
  return result;
}

const std::vector<std::string>& cell_eval_option_help() {
  static const std::vector<std::string> help = {
      "skip: metrics that are not computed, joined by +, or de for all that need differential "
      "expression; default none",
      "ceiling: on = also what halves of the truth reach (Spearman-Brown); default off",
      "ceiling_seed: of the halves, default 0"};
  return help;
}

namespace {

ScoreResult score_cell_eval(const ScoreRequest& request, const Context& context) {
  Options options(request.options, "preset cell-eval");
  ScoreResult result = score_cell_eval_profile(request, cell_eval_metrics(), options, context);
  result.conventions.emplace_back(
      "clustering_agreement is left out: Leiden clusters depend on scanpy's neighbour graph and "
      "igraph's random numbers");
  return result;
}

}  // namespace

Preset cell_eval_preset() {
  return {.name = "cell-eval",
          .title = "cell-eval, profile full",
          .source = "cell-eval 0.8.2 with pdex 0.3.0 (Arc Institute)",
          .summary = "All metrics of cell-eval but clustering_agreement, under its own conventions",
          .metrics = cell_eval_metrics(),
          .option_help = cell_eval_option_help(),
          .function = score_cell_eval};
}

}  // namespace cupel::perturbation

#include "area/perturbation/cell_eval2_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "area/perturbation/differential.hpp"
#include "area/perturbation/pseudobulk.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation::cell_eval2 {
namespace {

/// Profiles of all labels with their noise.
Profiles profiles(const CellView& view, const std::vector<std::uint32_t>& code,
                  std::size_t n_labels, const RunOptions& options, const Context& context) {
  const CellGroups groups{.count = n_labels, .code = code};
  const Pseudobulk bulk = accumulate(view, groups, {.variance = !options.is_counts}, context);
  Profiles out;
  out.noise.assign(n_labels, 0.0);
  if (options.is_counts) {
    out.mean = profiles_of(bulk.all, PseudobulkKind::group_sum, options.bulk_target);
    const auto noise = jackknife_variance(view, groups, bulk.all, {}, options.bulk_target, context);
    for (std::size_t g = 0; g < n_labels; ++g) {
      for (double& value : out.mean.row(g)) value = std::isnan(value) ? 0.0 : value;
      const auto row = noise.row(g);
      const double sum = std::accumulate(row.begin(), row.end(), 0.0);
      out.noise[g] = std::isnan(sum) ? 0.0 : std::max(0.0, sum);
    }
    return out;
  }
  out.mean = profiles_of(bulk.all, PseudobulkKind::mean, 0.0);
  for (std::size_t g = 0; g < n_labels; ++g) {
    if (bulk.all.n_cells[g] < 2) continue;
    const auto row = bulk.variance.row(g);
    out.noise[g] =
        std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(bulk.all.n_cells[g]);
  }
  return out;
}

std::vector<double> take_control(Profiles& rows, std::size_t control) {
  const auto row = rows.mean.row(control);
  std::vector<double> mean(row.begin(), row.end());
  Matrix<double> rest(rows.mean.rows - 1, rows.mean.cols);
  for (std::size_t g = 0, p = 0; g < rows.mean.rows; ++g) {
    if (g != control) std::ranges::copy(rows.mean.row(g), rest.row(p++).begin());
  }
  rows.mean = std::move(rest);
  rows.noise.erase(rows.noise.begin() + static_cast<std::ptrdiff_t>(control));
  return mean;
}

/// A side as differential expression sees it: counts per million and log1p, in double; log values
/// as they are.
CellPart tested_part(const CellView& view, const RunOptions& options, bool log1p,
                     const Context& context) {
  CellPart part{.matrix = &view, .gene_map = {}, .divisor = {}, .log1p = false};
  if (!options.is_counts) return part;
  part.divisor = view.sums(context);
  for (double& sum : part.divisor) sum /= options.cell_target;
  part.log1p = log1p;
  return part;
}

/// Codes without the control (`keep_control`: nothing but it).
std::vector<std::uint32_t> only(std::vector<std::uint32_t> code, std::size_t control,
                                bool keep_control) {
  for (auto& c : code) {
    if (c != Categories::kMissing && (c == control) != keep_control) c = Categories::kMissing;
  }
  return code;
}

DifferentialResult test(const CellView& view, const RunInput& input,
                        std::vector<std::uint32_t> code, const RunOptions& options,
                        const Context& context) {
  const DifferentialOptions de{.continuity = options.continuity,
                               .fold_change = FoldChange::arithmetic,
                               .epsilon = 1e-9,
                               .scale = Scale::log1p,
                               .memory_bytes = input.memory_bytes};
  const PairContext& of = *input.context;
  return differential_expression(view, *input.genes,
                                 {.name = "group", .levels = of.labels, .code = std::move(code)},
                                 of.labels[of.control], de, context);
}

/// Genes whose mean counts per million in the truth's control cells exceed the gate.
std::vector<std::uint32_t> tested_genes(const RunInput& input, const RunOptions& options,
                                        const Context& context) {
  std::vector<std::uint32_t> genes(input.genes->size());
  std::iota(genes.begin(), genes.end(), 0U);
  if (!options.is_counts || options.gate_cpm < 0.0) return genes;
  CellView linear({tested_part(*input.truth, options, false, context)}, true);
  const auto code = only(input.context->truth, input.context->control, true);
  const auto means = group_means(linear, input.context->labels.size(), code, context);
  const double factor = 1e6 / options.cell_target;
  std::erase_if(genes, [&](std::uint32_t j) {
    return !(means(input.context->control, j) * factor > options.gate_cpm);
  });
  return genes;
}

DeSide side_of(const DifferentialResult& result, const std::vector<std::string>& perturbations,
               const std::vector<std::uint32_t>& genes) {
  const std::size_t n = perturbations.size();
  DeSide side{.change = Matrix<double>(n, genes.size()),
              .p_value = Matrix<double>(n, genes.size()),
              .p_adjusted = Matrix<double>(n, genes.size())};
  for (std::size_t p = 0; p < n; ++p) {
    const auto found = std::ranges::find(result.groups, perturbations[p]);
    if (found == result.groups.end()) {
      fail(ErrorKind::internal, "no differential expression of " + perturbations[p]);
    }
    const auto g = static_cast<std::size_t>(found - result.groups.begin());
    for (std::size_t j = 0; j < genes.size(); ++j) {
      const double value = result.p_value(g, genes[j]);
      side.p_value(p, j) = std::isnan(value) ? 1.0 : value;
      side.change(p, j) = result.log2_fold_change(g, genes[j]);
    }
    const auto adjusted = adjust(side.p_value.row(p), Adjustment::benjamini_hochberg);
    for (std::size_t j = 0; j < genes.size(); ++j) {
      side.p_adjusted(p, j) = std::isnan(side.change(p, j)) ? 1.0 : adjusted[j];
    }
  }
  return side;
}

}  // namespace

std::vector<std::optional<std::uint32_t>> own_genes(const RunInput& input,
                                                    const RunOptions& options,
                                                    ScoreResult& result) {
  const auto names = input.context->perturbations();
  std::vector<std::optional<std::uint32_t>> own(names.size());
  if (!options.target_genes) return own;
  for (std::uint32_t j = 0; j < input.genes->size(); ++j) {
    const auto found = std::ranges::lower_bound(names, (*input.genes)[j]);
    if (found != names.end() && *found == (*input.genes)[j]) {
      own[static_cast<std::size_t>(found - names.begin())] = j;
    }
  }
  const auto n = std::ranges::count_if(own, [](const auto& gene) { return gene.has_value(); });
  if (n == 0) {
    fail_input(
        fmt::format("none of the {} perturbations is named like a gene, so no target can be left "
                    "out of its own score (first: {})",
                    names.size(), names.front()),
        {.file = "", .value = names.front()},
        "--options target_genes=none where there are no target genes (drugs); for guides name the "
        "column of targets in --group-by");
  }
  if (static_cast<std::size_t>(n) < names.size()) {
    result.diagnostics.add("targets_without_gene", Severity::warning,
                           "perturbations that are not named like a gene keep all genes in their "
                           "score, their own target included",
                           {}, names.size() - static_cast<std::size_t>(n));
  }
  return own;
}

Expression expression(const RunInput& input, const RunOptions& options,
                      const std::vector<std::optional<std::uint32_t>>& own,
                      const Context& context) {
  const PairContext& of = *input.context;
  Expression e;
  e.truth = profiles(*input.truth, of.truth, of.labels.size(), options, context);
  e.predicted = profiles(*input.predicted,
                         options.own_control ? of.predicted : only(of.predicted, of.control, false),
                         of.labels.size(), options, context);
  e.control_noise = e.truth.noise[of.control];
  e.control = take_control(e.truth, of.control);
  auto predicted_control = take_control(e.predicted, of.control);
  if (options.own_control) e.predicted_control = std::move(predicted_control);
  e.own_gene = own;
  e.mass_target = options.is_counts ? options.bulk_target : options.cell_target;
  return e;
}

DePair differential(const RunInput& input, const RunOptions& options,
                    const std::vector<std::optional<std::uint32_t>>& own, const Context& context) {
  const PairContext& of = *input.context;
  const auto genes = tested_genes(input, options, context);
  if (genes.empty()) {
    fail_input(fmt::format("no gene has more than {:g} counts per million in the control cells",
                           options.gate_cpm),
               {}, "nothing can be tested; --options gate_cpm=-1 tests all genes");
  }
  const bool in_double = options.is_counts;
  CellView truth({tested_part(*input.truth, options, true, context)}, in_double);
  std::vector<CellPart> parts = {tested_part(*input.predicted, options, true, context)};
  std::vector<std::uint32_t> code = of.predicted;
  if (!options.own_control) {
    parts.push_back(tested_part(*input.truth, options, true, context));
    code = only(of.predicted, of.control, false);
    const auto controls = only(of.truth, of.control, true);
    code.insert(code.end(), controls.begin(), controls.end());
  }
  CellView predicted(std::move(parts), in_double);
  const auto names = of.perturbations();
  DePair de;
  for (const auto j : genes) de.genes.push_back((*input.genes)[j]);
  de.truth = side_of(test(truth, input, of.truth, options, context), names, genes);
  de.predicted = side_of(test(predicted, input, std::move(code), options, context), names, genes);
  de.own_gene.resize(own.size());
  for (std::size_t p = 0; p < own.size(); ++p) {
    if (!own[p]) continue;
    const auto found = std::ranges::lower_bound(genes, *own[p]);
    if (found != genes.end() && *found == *own[p]) {
      de.own_gene[p] = static_cast<std::uint32_t>(found - genes.begin());
    }
  }
  return de;
}

}  // namespace cupel::perturbation::cell_eval2

#pragma once
/// From two sets of cells to what cell-eval2's metrics are computed from, and the metrics by name.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "area/perturbation/cell_eval2_de.hpp"
#include "area/perturbation/cell_eval2_expression.hpp"
#include "area/perturbation/cell_view.hpp"
#include "area/perturbation/presets.hpp"
#include "area/perturbation/score_pair.hpp"
#include "cupel/context.hpp"

namespace cupel::perturbation::cell_eval2 {

struct RunOptions {
  bool is_counts = true;     ///< else log1p of normalised counts
  bool continuity = false;   ///< of Mann-Whitney's z: scanpy has none, gpudge and pdex do
  bool own_control = false;  ///< of the prediction (replicates); else the truth's on both sides
  double bulk_target = 5e4;  ///< of a group-sum profile
  double cell_target = 1e6;  ///< of a cell before differential expression
  double gate_cpm = 5.0;     ///< genes below, in the truth's control cells, are not tested
  bool target_genes = true;  ///< a perturbation named like a gene targets it
};

/// Values as they are in the files; codes are those of `context`.
struct RunInput {
  const CellView* truth = nullptr;
  const CellView* predicted = nullptr;
  const std::vector<std::string>* genes = nullptr;
  const PairContext* context = nullptr;
  std::size_t memory_bytes = 0;  ///< for the values of a test
};

/// Gene of the same name per perturbation. Throws Error{input} if no perturbation has one and
/// `target_genes` is set: names of guides would keep every target in its own score.
std::vector<std::optional<std::uint32_t>> own_genes(const RunInput& input,
                                                    const RunOptions& options, ScoreResult& result);
Expression expression(const RunInput& input, const RunOptions& options,
                      const std::vector<std::optional<std::uint32_t>>& own, const Context& context);
DePair differential(const RunInput& input, const RunOptions& options,
                    const std::vector<std::optional<std::uint32_t>>& own, const Context& context);

/// How a mean over perturbations becomes a score against a baseline b and a perfect or replicate
/// value r: (u - b) / (r - b), clamped.
struct Member {
  PresetMetric metric;
  bool is_de = true;
  bool is_scored = true;
  bool in_vcc2026 = false;
};
/// All metrics of the profile `full`, in cell-eval2's order.
const std::vector<Member>& members();

using Wanted = std::function<bool(std::string_view)>;
/// Columns of the wanted metrics; expr_mse_unbiased_capped_norm is a panel column that has no rows.
std::vector<MetricColumn> columns(const Expression* expression, const DePair* de,
                                  const Wanted& wanted, const Context& context);

}  // namespace cupel::perturbation::cell_eval2

#pragma once
/// What every preset that compares two files of cells does first: the genes of the prediction in
/// the order of the truth, the same perturbations on both sides, the control present, the scale of
/// the values known. What was done is said in the result.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "area/perturbation/cell_view.hpp"
#include "area/perturbation/presets.hpp"
#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"

namespace cupel::perturbation {

/// Cells of one context; codes are into `labels`, kMissing for cells that take no part.
struct PairContext {
  std::string name;                 ///< "" where there is no column of contexts
  std::vector<std::string> labels;  ///< sorted as text, the control among them
  std::size_t control = 0;          ///< its place in labels
  std::vector<std::uint32_t> truth;
  std::vector<std::uint32_t> predicted;
  std::vector<std::uint8_t> is_scored;  ///< per label; the others are control or reference
  /// Labels without the control, in order.
  [[nodiscard]] std::vector<std::string> perturbations() const;
};

struct ScorePair {
  std::vector<std::string> genes;
  /// Column of the truth for every column of the prediction; empty where the order is the same.
  std::vector<std::uint32_t> gene_map;
  std::vector<PairContext> contexts;
};

/// Throws Error{input} where genes differ, where a perturbation of the truth has no predicted cells
/// (what is left out must not help, so it has to be predicted), or where a side has no control
/// cells; `control_of_truth`: the prediction needs none. Perturbations that only the prediction has
/// are left out and counted. `train_is_reference`: perturbations of request.train need no
/// prediction (they stay among the labels). Where the request or the prediction says which ones are
/// scored, the other perturbations take no part, and contexts without any are left out.
ScorePair read_pair(const ScoreRequest& request, bool control_of_truth, ScoreResult& result,
                    bool train_is_reference = false);

/// Scale of one side and what was measured: what the user said, else by the rule of cell-eval
/// (anything further than 1e-3 from a whole number: log1p, else counts). Throws Error{input} for
/// values that do not fit: negative ones, log1p of 15 and more.
struct SideScale {
  Scale scale = Scale::unknown;
  MatrixFacts facts;
};
SideScale side_scale(const ScoreRequest& request, const CellFile& file, std::string_view side,
                     ScoreResult& result, const Context& context);

/// What scales the rows to the transform's target (empty = none). The median is over the cells with
/// a code; `with_empty`: also over those without counts (scanpy's normalize_total on CSR).
std::vector<double> divisors_of(const CellTransform& transform, const std::vector<double>& sums,
                                std::span<const std::uint32_t> code, bool with_empty);

/// Mean of every group (rows as `n_labels`), rounded to float where the view is single.
Matrix<double> group_means(const CellView& view, std::size_t n_labels,
                           std::span<const std::uint32_t> code, const Context& context);

/// Scores of one metric to rows and to the mean over perturbations: NaN makes a NaN mean where
/// `skip_undefined` is not set; perturbations that are absent from `values` never count.
struct MetricColumn {
  std::string metric;
  std::vector<double> values;        ///< per perturbation
  std::vector<std::uint8_t> absent;  ///< empty = all are there
  bool is_panel = false;             ///< one value over all perturbations: values[0]
  bool has_rows = true;              ///< false: a panel value that no perturbation shows
};
void add_column(const MetricColumn& column, const PairContext& context, bool skip_undefined,
                ScoreResult& result);

}  // namespace cupel::perturbation

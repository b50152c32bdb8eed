#pragma once
/// Differential expression of every perturbation against a reference, gene by gene, on cells that
/// are streamed from a file: Mann-Whitney (normal approximation) or Welch's t.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"

namespace cupel::perturbation {

enum class DifferentialTest : std::uint8_t { mann_whitney, welch };
enum class FoldChange : std::uint8_t { geometric, arithmetic };
enum class Adjustment : std::uint8_t { benjamini_hochberg, benjamini_yekutieli, none };

struct DifferentialOptions {
  DifferentialTest test = DifferentialTest::mann_whitney;
  bool tie_correction = true;
  bool continuity = true;
  FoldChange fold_change = FoldChange::arithmetic;
  double epsilon = 0.0;  ///< added to both means before their ratio
  /// What the values are after the transform: means are taken on the counts' scale. log1p:
  /// geometric = expm1(mean), arithmetic = mean(expm1). counts: means as they are.
  Scale scale = Scale::log1p;
  CellTransform transform;
  Adjustment adjustment = Adjustment::benjamini_hochberg;
  /// false: against the cells of the reference group; true: against all other cells.
  bool against_rest = false;
  std::size_t memory_bytes = std::size_t{4} << 30;
};

/// Rows of the matrices are groups in the order of `groups`; columns are genes.
struct DifferentialResult {
  std::vector<std::string> groups;
  std::vector<std::uint64_t> n_cells;
  std::uint64_t n_reference = 0;
  std::vector<std::string> genes;
  Matrix<double> statistic;   ///< U of the group (scipy's statistic), or t
  Matrix<double> p_value;     ///< two-sided; NaN where undefined
  Matrix<double> p_adjusted;  ///< per group over all genes
  Matrix<double> log2_fold_change;
  Matrix<double> mean_group;      ///< on the scale of the values that are tested
  Matrix<double> mean_reference;  ///< n_groups rows with against_rest, else one row
};

/// `code` holds the group of every cell (kMissing = cell takes no part); `reference` is a level.
/// Groups without cells are left out. Equal for any number of threads and any memory limit.
/// Throws Error{input} where the reference has no cells or the values do not fit `scale`.
DifferentialResult differential_expression(const CellMatrix& matrix,
                                           const std::vector<std::string>& genes,
                                           const Categories& groups, const std::string& reference,
                                           const DifferentialOptions& options,
                                           const Context& context);

/// Adjusted p-values over the values that are not NaN.
std::vector<double> adjust(std::span<const double> p_values, Adjustment adjustment);

}  // namespace cupel::perturbation

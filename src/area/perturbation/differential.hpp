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
  /// What the values are after the transform, for fold changes: ratios of means on the counts'
  /// scale. log1p: geometric = expm1(mean), arithmetic = mean(expm1). counts, normalized:
  /// geometric = expm1(mean(log1p)), arithmetic = mean. unknown: no fold changes (NaN); any values.
  Scale scale = Scale::log1p;
  CellTransform transform;
  Adjustment adjustment = Adjustment::benjamini_hochberg;
  /// false: against the cells of the reference group; true: every group against all other cells.
  bool against_rest = false;
  /// For the values of the genes at hand and a block of cells; what does not fit is read again in
  /// another pass. The result (five matrices of doubles) comes on top.
  std::size_t memory_bytes = std::size_t{4} << 30;
};

/// What the tested values (after the transform, of cells that take part) turned out to be.
struct TestedValues {
  double min = 0.0;  ///< zeros included
  double max = 0.0;
  bool all_whole = true;
  std::uint64_t n_nan = 0;
  std::uint64_t n_nonzero = 0;
};

/// Rows of the matrices are groups in the order of `groups`; columns are genes.
struct DifferentialResult {
  std::vector<std::string> groups;
  std::vector<std::uint64_t> n_cells;
  std::uint64_t n_reference = 0;  ///< with against_rest: all cells that take part
  std::vector<std::string> genes;
  Matrix<double> statistic;   ///< U of the group (scipy's statistic), or t
  Matrix<double> p_value;     ///< two-sided; NaN where undefined
  Matrix<double> p_adjusted;  ///< per group over all genes
  Matrix<double> log2_fold_change;
  Matrix<double> mean_group;      ///< on the scale of the values that are tested
  Matrix<double> mean_reference;  ///< n_groups rows with against_rest, else one row
  TestedValues values;
  std::size_t n_passes = 0;  ///< how often the file was read
};

/// `code` holds the group of every cell (kMissing = cell takes no part); `reference` is a level.
/// Groups without cells are left out; with against_rest the reference is a group like the others,
/// else it has no row.
///
/// Equal to scipy.stats.mannwhitneyu(method="asymptotic") and ttest_ind(equal_var=False) of the
/// values as doubles. A matrix that float holds exactly and that is tested as it is is sorted as
/// float, any other, and what a transform makes, as double. A gene with a NaN value is NaN in
/// the groups that it touches (in all, if a reference has it). A fold change of 0/0 is 0, of x/0
/// infinite, as in pdex 0.3.0. Equal for any number of threads and any memory limit.
///
/// Throws Error{input} where the reference has no cells, or the values do not fit `scale`
/// (negative, or too large to be logarithms).
DifferentialResult differential_expression(const CellMatrix& matrix,
                                           const std::vector<std::string>& genes,
                                           const Categories& groups, const std::string& reference,
                                           const DifferentialOptions& options,
                                           const Context& context);

/// The same within each level of `contexts`: cells of other contexts take no part.
struct ContextResult {
  std::string context;
  DifferentialResult result;
};
/// Contexts without cells of the reference, or without any other group, are left out and named in
/// `left_out`. Reads the file once per context.
std::vector<ContextResult> differential_expression_by_context(
    const CellMatrix& matrix, const std::vector<std::string>& genes, const Categories& groups,
    const Categories& contexts, const std::string& reference, const DifferentialOptions& options,
    std::vector<std::string>& left_out, const Context& context);

/// What is computed, in words, for people who compare it with another tool.
std::vector<std::string> conventions(const DifferentialOptions& options);

/// Adjusted p-values over the values that are not NaN.
std::vector<double> adjust(std::span<const double> p_values, Adjustment adjustment);

}  // namespace cupel::perturbation

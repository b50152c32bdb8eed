#pragma once
/// Pseudobulks: what the cells of a group have in common, in one pass over a file of cells.
///
/// For every group and gene: number of cells, sum, mean, variance, and the same sums over seeded
/// disjoint halves of the group. Groups are any codes (perturbations, perturbation x context,
/// replicates). Sparse blocks cost O(stored values); zeros enter the variance analytically.
/// Sums are taken in double in the order of the cells, so they are exact for counts, and equal for
/// any number of threads and any size of block.
///
/// The variance is taken around the first stored value of the group's gene (shifted data, Chan,
/// Golub & LeVeque 1983, doi:10.1080/00031305.1983.10483115): no cancellation where a mean is large
/// beside its spread, exactly 0 for equal values.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"

namespace cupel::perturbation {

/// Codes of the cells; cells with kNoGroup take no part.
struct CellGroups {
  static constexpr std::uint32_t kNoGroup = Categories::kMissing;
  std::size_t count = 0;
  std::span<const std::uint32_t> code;  ///< per cell
};
inline CellGroups groups_of(const Categories& categories) {
  return {categories.levels.size(), categories.code};
}

struct PseudobulkOptions {
  CellTransform transform;  ///< of every cell, before anything else, in double
  bool variance = true;
  std::vector<std::uint64_t> half_seeds;              ///< one pair of halves each
  std::size_t memory_bytes = std::size_t{256} << 20;  ///< of a block of cells
};

struct GroupSums {
  std::vector<std::uint64_t> n_cells;  ///< per group
  Matrix<double> sum;                  ///< n_groups x n_genes, of the transformed values
  std::vector<double> total;           ///< per group: over all genes of the matrix
};

struct Pseudobulk {
  GroupSums all;
  /// Of a cell around the group's mean (n - 1); NaN for groups of fewer than two cells.
  Matrix<double> variance;
  std::vector<std::array<GroupSums, 2>> halves;  ///< per seed
};

Pseudobulk accumulate(const CellMatrix& matrix, const CellGroups& groups,
                      const PseudobulkOptions& options, const Context& context);

/// Half (0, 1) of every cell, 2 = in none: within a group, cells are ranked by a random number that
/// depends on (seed, index of the cell) only; the first floor(n/2) are half 0, the next half 1, the
/// odd cell is dropped.
std::vector<std::uint8_t> halves_of_cells(const CellGroups& groups, std::uint64_t seed);

enum class PseudobulkKind : std::uint8_t {
  mean,         ///< of the values
  log_of_mean,  ///< ln(1 + mean)
  group_sum     ///< ln(1 + target * sum / total)
};
/// Throws Error{usage} for a word that is none.
PseudobulkKind parse_pseudobulk(std::string_view text);

/// n_groups x n_genes; NaN rows for groups without cells (group_sum: without counts).
Matrix<double> profiles_of(const GroupSums& sums, PseudobulkKind kind, double bulk_target);

/// Delete-one jackknife variance of a group_sum profile, gene by gene (n_groups x n_genes):
///
///   C_g = (n-1)/n sum_i (v_ig - mean_i v_ig)^2,  v_ig = ln(1 + T (P_g - y_ig) / (S - l_i))
///
/// with P the group's sums, S its total, y the cell's values and l its sum; 0 for n < 2. A second
/// pass over the cells: one logarithm per stored value; what the zeros of a gene give is a power
/// series in the cells' shares l_i / S, whose moments are the same for all genes (rel. error below
/// 1e-12 of the sum of squares; groups with a cell of more than a tenth of all counts are computed
/// value by value). Summed over genes it is cell-eval2's C.
Matrix<double> jackknife_variance(const CellMatrix& matrix, const CellGroups& groups,
                                  const GroupSums& sums, const CellTransform& transform,
                                  double bulk_target, const Context& context);

}  // namespace cupel::perturbation

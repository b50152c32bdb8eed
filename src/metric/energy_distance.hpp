#pragma once
/// Energy distances between sets of cells (Szekely and Rizzo 2013, doi:10.1016/j.jspi.2013.03.018;
/// E-distance of scPerturb, Peidli et al. 2024, doi:10.1038/s41592-023-02144-y):
///
///   E(X, Y) = 2 d(X, Y) - d(X, X) - d(Y, Y)
///
/// with d the mean distance of pairs. Four conventions are in use and give different numbers:
/// euclid or squared distance, and within a set the mean over all n^2 ordered pairs, a cell with
/// itself included (v), or over the n (n - 1) pairs of different cells (u, unbiased, may be
/// negative). scPerturb is squared-u, cell-eval euclid-v. squared-v is 2 |mean X - mean Y|^2:
/// only means enter; squared-u takes the noise of the two means out of it.
///
/// squared: closed form in means and variances, O(n d). euclid: blocked matrix products, O(n^2 d);
/// pairs whose distance is small beside their norms are computed term by term. Sums in double in a
/// fixed order: equal for any number of threads.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"

namespace cupel {

enum class EnergyVariant : std::uint8_t { euclid_v, euclid_u, squared_v, squared_u };
std::string_view to_string(EnergyVariant variant) noexcept;
/// "euclid-v", ... Throws Error{usage} for a word that is none.
EnergyVariant parse_energy_variant(std::string_view text);

/// Cells as points: rows of stored values.
struct Points {
  std::size_t n_dimensions = 0;
  std::vector<std::uint64_t> begin = {0};  ///< n + 1
  std::vector<std::uint32_t> columns;      ///< ascending within a row; empty = dense rows
  std::vector<double> values;
  [[nodiscard]] std::size_t size() const noexcept { return begin.size() - 1; }
  [[nodiscard]] bool is_dense() const noexcept { return columns.empty(); }
  /// Adds stored values to `out` (n_dimensions).
  void add_row(std::size_t i, std::span<double> out) const noexcept;
};

/// A set of points: their numbers.
using PointSet = std::vector<std::uint32_t>;

/// Distance of every set to the reference. NaN where a set (or the reference) has no points, and
/// for u where one has only one.
std::vector<double> energy_distances(const Points& points, std::span<const PointSet> sets,
                                     const PointSet& reference, EnergyVariant variant,
                                     const Context& context);

struct EnergyTest {
  std::vector<double> p_value;     ///< per set; NaN where the distance is undefined
  std::vector<double> p_adjusted;  ///< Holm-Sidak over the defined ones
};

inline constexpr std::size_t kMaxTestReference = 20000;

/// Permutation test of scPerturb: the labels of a set and of the reference are shuffled
/// n_permutations times; p = max(1, #(E_permuted >= E)) / n_permutations. Memory: distances of the
/// reference's cells (float would not do: 8 bytes per ordered pair), and per thread those of a set
/// to all. Permutations depend on (seed, set, run) only. Throws Error{input} for more than
/// kMaxTestReference points in the reference.
EnergyTest energy_test(const Points& points, std::span<const PointSet> sets,
                       const PointSet& reference, EnergyVariant variant, std::size_t n_permutations,
                       std::uint64_t seed, const Context& context);

/// Holm's step-down with Sidak's 1 - (1 - p)^k (statsmodels' "holm-sidak"); NaN stays NaN.
std::vector<double> holm_sidak(std::span<const double> p_values);

}  // namespace cupel

#pragma once
/// k nearest neighbours among rows, with ties defined: all rows that are as near as the k-th are
/// neighbours, so the answer depends on neither the order of the rows nor a library's sort. A third
/// of the compounds of a typical QSAR test set has a tie at rank k.
///
/// Ties are exact. For bits, c / (a + b - c) of integers below 2^26 is rounded correctly, and two
/// such fractions that differ do so by more than the rounding: the quotients are equal exactly if
/// c1 (a + b2 - c2) == c2 (a + b1 - c1). For numbers, squared differences are added in the order of
/// the features in double.
///
/// Bits: rows and queries are ordered by their number of ones. A block of queries starts at the
/// base rows with as many ones and moves outwards, each query with the similarity of its k-th best
/// so far as the threshold of the screen (similarity/fingerprint.hpp); it stops where the numbers
/// of ones alone exclude the rest: Tanimoto <= min(a, b) / max(a, b), distance^2 >= |a - b|
/// (BitBound: Swamidass & Baldi 2007, doi:10.1021/ci600358f). Numbers: all pairs.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "simd/bit_kernels.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {

enum class Nearness {
  tanimoto,  ///< bits: largest c / (a + b - c); exact in integers
  euclid,    ///< bits: smallest a + b - 2 c; numbers: smallest squared distance
};

struct NearestOptions {
  std::uint32_t k = 5;
  Nearness nearness = Nearness::tanimoto;
  const BitKernels* kernels = nullptr;  ///< null: bit_kernels()
};

/// Neighbours of query q are [begin[q], begin[q + 1]), nearest first, ties by position in base.
struct NearestRows {
  std::vector<std::size_t> begin;        ///< n_queries + 1
  std::vector<std::uint32_t> neighbour;  ///< position in `base`
  std::vector<double> similarity;        ///< Tanimoto, or -distance for euclid
  [[nodiscard]] std::size_t n_queries() const noexcept { return begin.size() - 1; }
  /// Share of the queries that more than k rows are at least as near to as the k-th.
  [[nodiscard]] double tie_share(std::uint32_t k) const;
  Nearness nearness = Nearness::tanimoto;
};

/// `base` and `queries` are rows of `x`; a query that is in `base` is its own neighbour. If `base`
/// has fewer than k rows, all of them are neighbours. Throws Error{usage} for k = 0.
NearestRows nearest(const PackedBits& x, std::span<const std::uint32_t> base,
                    std::span<const std::uint32_t> queries, const NearestOptions& options,
                    const Context& context);
/// Numbers: Euclid, whatever the options say; NaN is not allowed (Error{input}).
NearestRows nearest(const Matrix<float>& x, std::span<const std::uint32_t> base,
                    std::span<const std::uint32_t> queries, const NearestOptions& options,
                    const Context& context);

enum class NeighbourWeight { uniform, similarity, distance };
/// Mean of the neighbours' values: uniform; weighted by Tanimoto similarity (uniform if all are 0;
/// Error{usage} for Euclid, which has none); weighted by 1 / distance, the Euclidean one or
/// 1 - Tanimoto (those at distance 0 alone if there are any, as scikit-learn does).
/// `y` per position in base. NaN for a query without neighbours.
std::vector<double> neighbour_means(const NearestRows& nearest, std::span<const double> y,
                                    NeighbourWeight weight);
/// The same with fewer neighbours than were looked up: k' <= k, ties at rank k' included.
std::vector<double> neighbour_means(const NearestRows& nearest, std::span<const double> y,
                                    NeighbourWeight weight, std::uint32_t k);

}  // namespace cupel

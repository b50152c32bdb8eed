#pragma once
/// k nearest neighbours among rows, with ties defined: all rows that are as near as the k-th are
/// neighbours, so the answer depends on neither the order of the rows nor a library's sort. A third
/// of the compounds of a typical QSAR test set has a tie at rank k.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {

enum class Nearness {
  tanimoto,  ///< bits: largest c / (a + b - c); exact in integers
  euclid,    ///< bits: smallest a + b - 2 c; numbers: smallest squared distance
};

struct NearestOptions {
  std::uint32_t k = 5;
  Nearness nearness = Nearness::tanimoto;
};

/// Neighbours of query q are [begin[q], begin[q + 1]), nearest first, ties by row.
struct Nearest {
  std::vector<std::size_t> begin;        ///< n_queries + 1
  std::vector<std::uint32_t> neighbour;  ///< position in `base`
  std::vector<double> similarity;        ///< Tanimoto, or -distance for euclid
  [[nodiscard]] std::size_t n_queries() const noexcept { return begin.size() - 1; }
  /// More than k rows are as near as the k-th.
  [[nodiscard]] double tie_share(std::uint32_t k) const;
};

/// Both index rows of `x`; k is at most the number of base rows.
Nearest nearest(const PackedBits& x, std::span<const std::uint32_t> base,
                std::span<const std::uint32_t> queries, const NearestOptions& options,
                const Context& context);
Nearest nearest(const Matrix<float>& x, std::span<const std::uint32_t> base,
                std::span<const std::uint32_t> queries, const NearestOptions& options,
                const Context& context);

enum class NeighbourWeight { uniform, similarity, distance };
/// Mean of the neighbours' values: uniform; weighted by similarity (uniform if all are 0); weighted
/// by 1 / distance (those at distance 0 alone if there are any, as scikit-learn does).
/// `y` per position in base. NaN for a query without neighbours.
std::vector<double> neighbour_means(const Nearest& nearest, std::span<const double> y,
                                    NeighbourWeight weight);
/// The same with fewer neighbours than were looked up: k' <= k, ties at rank k' included.
std::vector<double> neighbour_means(const Nearest& nearest, std::span<const double> y,
                                    NeighbourWeight weight, std::uint32_t k);

}  // namespace cupel

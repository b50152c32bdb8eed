#pragma once
/// All items kept, as little similarity between the parts as possible.
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/similarity.hpp"
#include "split/item_parts.hpp"

namespace cupel {

struct LeastLeakageOptions {
  std::size_t n_clusters = 50;  ///< items are first joined to about so many clusters
  std::uint32_t starts = 8;     ///< annealing runs, the best wins
};

/// Most items whose clusters are computed (8 n^2 bytes, three times).
inline constexpr std::size_t kMostLinkedItems = 12'000;

/// DataSAIL's leakage (Joeres et al. 2025, doi:10.1038/s41467-025-58606-8): the sum of
/// w_i w_j s_ij over ordered pairs of different parts, over that of all pairs including i = j.
double scaled_leakage(const Similarity& similarity, std::span<const std::int32_t> part,
                      const ItemTraits& traits, const Context& context);

/// After DataSAIL: clusters of average linkage, then the assignment of clusters to parts of least
/// scaled leakage under the size bounds. DataSAIL solves the second step as an integer program;
/// here it is simulated annealing over moves and swaps of clusters, from several starts, so that
/// the optimum is not proven. Deterministic by seed. Left-out items (kNoPart) do not occur. The
/// fact `leakage` is that of the items, `random_leakage`, 1 - sum of squared
/// shares, what parts of these sizes have when all similarities are equal. Throws Error{input} if
/// no assignment of the clusters meets the sizes.
ItemParts split_least_leakage(const Similarity& similarity, const PartRequest& request,
                              const ItemTraits& traits, const LeastLeakageOptions& options,
                              std::uint64_t seed, const Context& context);

/// One side of pairs: a ligand and a protein, a drug and a cell line.
struct PairSide {
  const Similarity* similarity = nullptr;
  std::vector<std::uint32_t> item_of_row;
  std::vector<double> weight;  ///< of the items in the leakage; empty = 1 each
};

struct PairParts {
  std::vector<std::int32_t> first;   ///< per item of the first side
  std::vector<std::int32_t> second;  ///< per item of the second side
  ItemParts rows;                    ///< rows whose sides are in different parts are left out
};

/// DataSAIL's two-dimensional case (C2): both sides are split at once; the sum of both leakages and
/// of the share of rows left out ("sides_in_different_parts") is made small, while the rows kept
/// meet the shares. `row_weight`: empty = 1 each.
PairParts split_pairs_least_leakage(const PairSide& first, const PairSide& second,
                                    std::span<const double> row_weight, const PartRequest& request,
                                    const LeastLeakageOptions& options, std::uint64_t seed,
                                    const Context& context);

/// Rows of several entities: the part that all sides agree on; else left out. `part_of_item` and
/// `item_of_row`: one list per entity.
ItemParts combine_parts(std::span<const std::vector<std::int32_t>> part_of_item,
                        std::span<const std::vector<std::uint32_t>> item_of_row);

}  // namespace cupel

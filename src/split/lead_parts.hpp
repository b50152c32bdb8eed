#pragma once
/// Two splits that are about using a model: ranking the variants of a known lead (Lo), and the
/// hardest separated test set that still lies near the training set (focused).
#include <cstdint>
#include <limits>
#include <span>

#include "cupel/context.hpp"
#include "similarity/graph.hpp"
#include "similarity/similarity.hpp"
#include "split/item_parts.hpp"

namespace cupel {

struct LoOptions {
  std::size_t min_members = 5;  ///< test items of a cluster
  /// Least standard deviation of a cluster's targets; unset (NaN): that of all targets / 2.
  double min_spread = std::numeric_limits<double>::quiet_NaN();
};

/// After Lo-Hi's Lo (Steshin 2023, doi:10.48550/arXiv.2310.06399). A test cluster is all free
/// neighbours (>= threshold) of a centre, at least `min_members` with targets that spread by
/// `min_spread`; centres with most free neighbours first. The centre is trained on; free items
/// similar to a member are left out ("similar_to_a_test_cluster"). Guarantee: every test item has
/// exactly one training item >= threshold, the centre of its cluster. `ItemParts::group`: the
/// cluster of test items and centres. Score within clusters. Two parts only; items without target
/// are never tested on.
ItemParts split_lo(const NeighbourGraph& graph, double threshold, std::span<const double> targets,
                   const PartRequest& request, const ItemTraits& traits, const LoOptions& options);

/// After the focused splits of SPECTRA's successor (spectra-agent 2026): connected components at
/// the threshold, by (falling highest similarity to an item outside, falling mean similarity to
/// the items outside, rising size, lowest item), go to test while they fit. Guarantee: no pair
/// across with similarity >= threshold, yet as near to training as that allows. Two parts only.
/// O(n^2) similarities.
ItemParts split_focused(const Similarity& similarity, const NeighbourGraph& graph, double threshold,
                        const PartRequest& request, const ItemTraits& traits,
                        const Context& context);

}  // namespace cupel

#pragma once
/// Parts with no similar pair between them, at the price of few items left out.
#include <cstdint>

#include "cupel/context.hpp"
#include "similarity/graph.hpp"
#include "split/item_parts.hpp"

namespace cupel {

struct SeparatorOptions {
  double max_left_out = 0.5;  ///< of the weight; more is refused
  std::uint32_t starts = 32;  ///< split_hi: tries, the one that leaves out least wins
};

/// After GraphPart (Teufel et al. 2023, doi:10.1093/nargab/lqad088): (1) single linkage in order of
/// falling similarity, where a join that would outgrow the largest part is not made; (2) the groups
/// are dealt to the parts, labels evenly; (3) items move to the part that most of their similar
/// items are in; (4) items are left out, those with most similar items in other parts first, until
/// no two items of different parts have a similarity >= threshold; (5) left-out items come back
/// where that is possible, also in exchange for others that weigh no more. GraphPart has no step
/// 5. Of eight deals the one that leaves out least wins. Guarantee: no pair across parts with
/// similarity >= threshold. O(edges log edges) per pass.
ItemParts split_guaranteed(const NeighbourGraph& graph, double threshold,
                           const PartRequest& request, const ItemTraits& traits,
                           const SeparatorOptions& options, std::uint64_t seed,
                           const Context& context);

/// After Lo-Hi's Hi (Steshin 2023, doi:10.48550/arXiv.2310.06399): the least weight of items whose
/// removal separates the parts, a minimum vertex k-cut. Lo-Hi solves it as an integer program to a
/// gap of 10 %; here parts are grown breadth-first from random items and improved by step 5 above,
/// from several starts beside that of split_guaranteed. The same guarantee, no optimality.
ItemParts split_hi(const NeighbourGraph& graph, double threshold, const PartRequest& request,
                   const ItemTraits& traits, const SeparatorOptions& options, std::uint64_t seed,
                   const Context& context);

}  // namespace cupel

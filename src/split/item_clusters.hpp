#pragma once
/// Groups of similar items, to be dealt to parts as wholes.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "similarity/graph.hpp"
#include "similarity/similarity.hpp"
#include "split/item_parts.hpp"
#include "split/similarity_table.hpp"

namespace cupel {

struct ItemClusters {
  std::vector<std::uint32_t> of_item;  ///< numbered from 0 in the order in which they are found
  std::size_t count = 0;
};

/// Groups of any numbers, renumbered in the order in which they are first met.
ItemClusters first_met(std::span<const std::uint32_t> group_of_item);

/// Connected components over edges >= threshold (single linkage): no two items of different groups
/// are as similar as the threshold. Numbered by their lowest item.
ItemClusters component_clusters(const NeighbourGraph& graph, double threshold);

/// Taylor-Butina (doi:10.1021/ci9803381): the item with the most neighbours (>= threshold, ties:
/// the lowest number) and its free neighbours are a cluster, and so on. Every member is within the
/// threshold of the cluster's first item; items of different clusters may be similar. Counts are
/// those of the whole graph, not of what is left (RDKit: reordering = false, other tie order).
ItemClusters butina_clusters(const NeighbourGraph& graph, double threshold);

/// k-means (Lloyd) on rows, started by k-means++ (Arthur and Vassilvitskii 2007). Ends when nothing
/// moves or after 100 rounds; clusters that lose all their rows are gone.
ItemClusters kmeans_clusters(const Matrix<double>& vectors, std::size_t k, std::uint64_t seed,
                             const Context& context);

/// Average linkage by weighted mean similarity (nearest-neighbour chain, O(n^2) time, 8 n^2 bytes)
/// down to about `wanted` clusters; joins that would exceed `cap` of weight are not made. Keeps
/// the summed similarity between clusters, w_i w_j s_ij, which leakage is made of.
struct LinkedClusters {
  ItemClusters clusters;
  Matrix<double> sum;          ///< clusters x clusters; the diagonal counts ordered pairs and i = j
  std::vector<double> weight;  ///< per cluster
};
LinkedClusters average_linkage(const SimilarityTable& similarity, const ItemTraits& traits,
                               std::size_t wanted, double cap);

/// Deals components; the explanation of an infeasible request names the largest component, the
/// density, and from which threshold on it would be feasible.
ItemParts split_components(const NeighbourGraph& graph, double threshold,
                           const PartRequest& request, const ItemTraits& traits,
                           std::uint64_t seed);

/// "components: 12, the largest with 61 of 100 items (...); density ...; feasible from 0.45 on".
std::string explain_components(const NeighbourGraph& graph, double threshold,
                               const PartRequest& request, const ItemTraits& traits);

}  // namespace cupel

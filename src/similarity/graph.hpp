#pragma once
/// The neighbour graph of a similarity in CSR form, built once at the lowest threshold and reused
/// for every higher one.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

struct NeighbourGraph {
  std::vector<std::uint64_t> begin{0};   ///< n_nodes + 1
  std::vector<std::uint32_t> neighbour;  ///< ascending within a node; both directions are stored
  std::vector<double> weight;            ///< similarity, beside `neighbour`; empty = all 1
  double threshold = 0.0;                ///< every pair with similarity >= this is an edge
  std::string kind;                      ///< of the similarity
  std::string parameters;

  [[nodiscard]] std::size_t n_nodes() const noexcept { return begin.size() - 1; }
  [[nodiscard]] std::uint64_t n_edges() const noexcept { return neighbour.size() / 2; }
  /// Edges over all pairs; 0 for fewer than two nodes.
  [[nodiscard]] double density() const noexcept;
  [[nodiscard]] std::size_t degree(std::size_t node) const noexcept {
    return static_cast<std::size_t>(begin[node + 1] - begin[node]);
  }
  [[nodiscard]] std::span<const std::uint32_t> neighbours(std::size_t node) const noexcept {
    return {neighbour.data() + begin[node], degree(node)};
  }
  [[nodiscard]] std::span<const double> weights(std::size_t node) const noexcept {
    if (weight.empty()) return {};
    return {weight.data() + begin[node], degree(node)};
  }
};

/// `hits`: each undirected edge once, in any order, no loops. Throws Error{input} for a node out of
/// range, a loop, or an edge given twice.
NeighbourGraph make_graph(std::size_t n_nodes, std::span<const Hit> hits);

/// All pairs of a symmetric similarity with value >= threshold.
NeighbourGraph build_graph(const Similarity& similarity, double threshold, const Context& context);

/// A component number per node, numbered by their lowest node, over edges with weight >= threshold.
struct Components {
  std::vector<std::uint32_t> of_node;
  std::vector<std::uint32_t> size;  ///< per component
};
Components connected_components(const NeighbourGraph& graph, double threshold);

}  // namespace cupel

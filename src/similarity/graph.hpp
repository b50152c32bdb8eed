#pragma once
/// The neighbour graph of a similarity in CSR form, built once at the lowest threshold and reused
/// for every higher one.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/memory.hpp"
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

/// `hits`: each undirected edge once, in any order, no loops; linear time. Throws Error{input} for
/// a node out of range, a loop, or an edge given twice.
NeighbourGraph make_graph(std::size_t n_nodes, std::span<const Hit> hits);

/// All pairs of a symmetric similarity with value >= threshold. Needs up to 36 bytes an edge and 32
/// a node: 12 while edges come in, 24 for the graph. Throws Error{input} before it starts if the
/// expected edges do not fit; write_graph (graph_file.hpp) needs no memory for edges.
NeighbourGraph build_graph(const Similarity& similarity, double threshold, const Context& context,
                           const MemoryLimit& memory = {});

/// The edges with weight >= threshold. Precondition: threshold >= graph.threshold.
NeighbourGraph at_threshold(const NeighbourGraph& graph, double threshold);

/// Neighbours per node over edges with weight >= threshold.
std::vector<std::uint32_t> degrees(const NeighbourGraph& graph, double threshold);

/// A component number per node, numbered by their lowest node, over edges with weight >= threshold.
struct Components {
  std::vector<std::uint32_t> of_node;
  std::vector<std::uint32_t> size;  ///< per component
};
Components connected_components(const NeighbourGraph& graph, double threshold);

/// The same without a graph, by union-find while pairs are compared: 4 bytes a node, none an edge.
Components components_at_least(const Similarity& similarity, double threshold,
                               const Context& context);

/// Communities by label propagation (Raghavan et al. 2007, doi:10.1103/PhysRevE.76.036106): nodes
/// in an order drawn by `seed` take the label with the largest weight among their neighbours, the
/// lowest on ties but their own where it is among them, until nothing changes or for `max_rounds`.
/// Numbered by their lowest node. A community lies within a component.
Components communities(const NeighbourGraph& graph, double threshold, std::uint64_t seed,
                       std::size_t max_rounds = 100);

}  // namespace cupel

#pragma once
/// Each edge once, at its lower node, in order: the form in which edges come from the engine and
/// stand in files. Builds the two-way graph from it.
#include <cstdint>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/graph.hpp"

namespace cupel {

/// Edges in pieces, so that a piece can be given back as soon as it was taken over.
struct UpperEdges {
  static constexpr std::size_t kPieceEdges = std::size_t{1} << 22;
  struct Piece {
    std::vector<std::uint32_t> higher;
    std::vector<double> weight;
  };
  std::vector<std::uint64_t> n_of_node;  ///< edges to higher nodes
  std::vector<Piece> pieces;

  explicit UpperEdges(std::size_t n_nodes) : n_of_node(n_nodes, 0) {}
  /// Precondition: lower nodes ascend, and higher ones within a node; lower < higher < n_nodes.
  void add(std::uint32_t lower, std::uint32_t higher, double weight);
};

/// Linear: going through the edges in order, every node's neighbours arrive in order.
NeighbourGraph two_way_graph(UpperEdges&& edges);

}  // namespace cupel

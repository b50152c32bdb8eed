#include "similarity/graph.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "cupel/error.hpp"
#include "similarity/engine.hpp"
#include "similarity/upper_edges.hpp"

namespace cupel {
namespace {

std::pair<std::uint32_t, std::uint32_t> ends(const Hit& hit) noexcept {
  return std::minmax(hit.row, hit.col);
}

void check_edge(const Hit& hit, std::size_t n_nodes) {
  if (hit.row < n_nodes && hit.col < n_nodes && hit.row != hit.col) return;
  fail_input("the pair (" + std::to_string(hit.row) + ", " + std::to_string(hit.col) +
                 ") is no edge of a graph of " + std::to_string(n_nodes) + " nodes",
             {}, "number the items from 0, and leave out pairs of an item with itself");
}

/// Positions of the hits by one of their ends, stable: a counting sort.
template <typename EndOf>
std::vector<std::uint64_t> sorted_by(std::span<const Hit> hits, std::size_t n_nodes,
                                     const std::vector<std::uint64_t>* order, EndOf end_of) {
  std::vector<std::uint64_t> next(n_nodes + 1, 0);
  for (const Hit& hit : hits) ++next[end_of(hit) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::uint64_t> sorted(hits.size());
  for (std::uint64_t k = 0; k < hits.size(); ++k) {
    const std::uint64_t place = order != nullptr ? (*order)[k] : k;
    sorted[next[end_of(hits[place])]++] = place;
  }
  return sorted;
}

}  // namespace

double NeighbourGraph::density() const noexcept {
  const auto n = static_cast<double>(n_nodes());
  return n < 2.0 ? 0.0 : static_cast<double>(n_edges()) / (n * (n - 1.0) / 2.0);
}

void UpperEdges::add(std::uint32_t lower, std::uint32_t higher, double weight) {
  if (pieces.empty() || pieces.back().higher.size() == kPieceEdges) {
    Piece& piece = pieces.emplace_back();
    if (pieces.size() > 1) {
      piece.higher.reserve(kPieceEdges);
      piece.weight.reserve(kPieceEdges);
    }
  }
  pieces.back().higher.push_back(higher);
  pieces.back().weight.push_back(weight);
  ++n_of_node[lower];
}

NeighbourGraph two_way_graph(UpperEdges&& edges) {
  const std::size_t n_nodes = edges.n_of_node.size();
  NeighbourGraph graph;
  graph.begin.assign(n_nodes + 1, 0);
  for (std::size_t node = 0; node < n_nodes; ++node) graph.begin[node + 1] = edges.n_of_node[node];
  for (const auto& piece : edges.pieces) {
    for (const std::uint32_t higher : piece.higher) ++graph.begin[higher + 1];
  }
  std::partial_sum(graph.begin.begin(), graph.begin.end(), graph.begin.begin());
  std::vector<std::uint64_t> next(graph.begin.begin(), graph.begin.end() - 1);
  graph.neighbour.resize(graph.begin.back());
  graph.weight.resize(graph.begin.back());
  const auto put = [&](std::uint32_t from, std::uint32_t to, double weight) {
    const std::uint64_t place = next[from]++;
    graph.neighbour[place] = to;
    graph.weight[place] = weight;
  };
  std::size_t lower = 0;
  std::uint64_t left = n_nodes > 0 ? edges.n_of_node[0] : 0;
  for (auto& piece : edges.pieces) {
    for (std::size_t k = 0; k < piece.higher.size(); ++k, --left) {
      while (left == 0) left = edges.n_of_node[++lower];
      put(static_cast<std::uint32_t>(lower), piece.higher[k], piece.weight[k]);
      put(piece.higher[k], static_cast<std::uint32_t>(lower), piece.weight[k]);
    }
    piece = {};
  }
  return graph;
}

NeighbourGraph make_graph(std::size_t n_nodes, std::span<const Hit> hits) {
  bool in_order = true;
  for (std::size_t k = 0; k < hits.size(); ++k) {
    check_edge(hits[k], n_nodes);
    in_order =
        in_order && hits[k].row < hits[k].col && (k == 0 || ends(hits[k - 1]) < ends(hits[k]));
  }
  std::vector<std::uint64_t> order;
  if (!in_order) {
    const auto by_higher =
        sorted_by(hits, n_nodes, nullptr, [](const Hit& hit) { return ends(hit).second; });
    order = sorted_by(hits, n_nodes, &by_higher, [](const Hit& hit) { return ends(hit).first; });
  }
  UpperEdges edges(n_nodes);
  for (std::size_t k = 0; k < hits.size(); ++k) {
    const Hit& hit = in_order ? hits[k] : hits[order[k]];
    const auto [lower, higher] = ends(hit);
    if (!in_order && k > 0 && ends(hits[order[k - 1]]) == ends(hit)) {
      fail_input(
          "the pair (" + std::to_string(lower) + ", " + std::to_string(higher) + ") is given twice",
          {}, "give each pair once");
    }
    edges.add(lower, higher, hit.value);
  }
  return two_way_graph(std::move(edges));
}

NeighbourGraph build_graph(const Similarity& similarity, double threshold, const Context& context,
                           const MemoryLimit& memory) {
  constexpr double kBytesPerEdge = 36.0;
  if (!similarity.is_symmetric()) {
    fail(ErrorKind::internal, "a neighbour graph needs a similarity among one set of items");
  }
  check_fits(similarity, threshold, kBytesPerEdge, memory, context);
  UpperEdges edges(similarity.n_rows());
  std::uint64_t n_edges = 0;
  for_pairs_at_least(similarity, threshold, context, [&](const std::vector<Hit>& hits) {
    n_edges += hits.size();
    check_still_fits(n_edges, kBytesPerEdge, memory, threshold);
    for (const Hit& hit : hits) edges.add(hit.row, hit.col, hit.value);
  });
  NeighbourGraph graph = two_way_graph(std::move(edges));
  graph.threshold = threshold;
  graph.kind = similarity.kind();
  graph.parameters = similarity.parameters();
  return graph;
}

NeighbourGraph at_threshold(const NeighbourGraph& graph, double threshold) {
  NeighbourGraph part;
  part.threshold = threshold;
  part.kind = graph.kind;
  part.parameters = graph.parameters;
  part.begin.reserve(graph.n_nodes() + 1);
  for (std::size_t node = 0; node < graph.n_nodes(); ++node) {
    const auto neighbours = graph.neighbours(node);
    const auto weights = graph.weights(node);
    for (std::size_t k = 0; k < neighbours.size(); ++k) {
      if (!weights.empty() && weights[k] < threshold) continue;
      part.neighbour.push_back(neighbours[k]);
      if (!weights.empty()) part.weight.push_back(weights[k]);
    }
    part.begin.push_back(part.neighbour.size());
  }
  return part;
}

std::vector<std::uint32_t> degrees(const NeighbourGraph& graph, double threshold) {
  std::vector<std::uint32_t> counts(graph.n_nodes());
  for (std::size_t node = 0; node < graph.n_nodes(); ++node) {
    const auto weights = graph.weights(node);
    counts[node] = static_cast<std::uint32_t>(
        weights.empty() ? graph.degree(node)
                        : static_cast<std::size_t>(
                              std::count_if(weights.begin(), weights.end(),
                                            [&](double weight) { return weight >= threshold; })));
  }
  return counts;
}

}  // namespace cupel

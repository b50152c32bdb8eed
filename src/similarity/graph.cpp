#include "similarity/graph.hpp"

#include <algorithm>
#include <numeric>

#include "cupel/error.hpp"
#include "similarity/engine.hpp"

namespace cupel {

double NeighbourGraph::density() const noexcept {
  const auto n = static_cast<double>(n_nodes());
  return n < 2.0 ? 0.0 : static_cast<double>(n_edges()) / (n * (n - 1.0) / 2.0);
}

NeighbourGraph make_graph(std::size_t n_nodes, std::span<const Hit> hits) {
  NeighbourGraph graph;
  graph.begin.assign(n_nodes + 1, 0);
  for (const Hit& hit : hits) {
    if (hit.row >= n_nodes || hit.col >= n_nodes || hit.row == hit.col) {
      fail_input("the pair (" + std::to_string(hit.row) + ", " + std::to_string(hit.col) +
                     ") is no edge of a graph of " + std::to_string(n_nodes) + " nodes",
                 {}, "number the items from 0, and leave out pairs of an item with itself");
    }
    ++graph.begin[hit.row + 1];
    ++graph.begin[hit.col + 1];
  }
  std::partial_sum(graph.begin.begin(), graph.begin.end(), graph.begin.begin());
  std::vector<std::uint64_t> next(graph.begin.begin(), graph.begin.end() - 1);
  std::vector<std::pair<std::uint32_t, double>> cells(graph.begin.back());
  for (const Hit& hit : hits) {
    cells[next[hit.row]++] = {hit.col, hit.value};
    cells[next[hit.col]++] = {hit.row, hit.value};
  }
  graph.neighbour.resize(cells.size());
  graph.weight.resize(cells.size());
  for (std::size_t node = 0; node < n_nodes; ++node) {
    const auto first = cells.begin() + static_cast<std::ptrdiff_t>(graph.begin[node]);
    const auto last = cells.begin() + static_cast<std::ptrdiff_t>(graph.begin[node + 1]);
    std::sort(first, last);
    for (auto cell = first; cell != last; ++cell) {
      if (cell != first && cell->first == (cell - 1)->first) {
        fail_input("the pair (" + std::to_string(node) + ", " + std::to_string(cell->first) +
                       ") is given twice",
                   {}, "give each pair once");
      }
      const auto place = static_cast<std::size_t>(cell - cells.begin());
      graph.neighbour[place] = cell->first;
      graph.weight[place] = cell->second;
    }
  }
  return graph;
}

NeighbourGraph build_graph(const Similarity& similarity, double threshold, const Context& context) {
  if (!similarity.is_symmetric()) {
    fail(ErrorKind::internal, "a neighbour graph needs a similarity among one set of items");
  }
  const auto hits = pairs_at_least(similarity, threshold, context);
  NeighbourGraph graph = make_graph(similarity.n_rows(), hits);
  graph.threshold = threshold;
  graph.kind = similarity.kind();
  graph.parameters = similarity.parameters();
  return graph;
}

Components connected_components(const NeighbourGraph& graph, double threshold) {
  constexpr std::uint32_t kUnseen = 0xFFFFFFFFU;
  Components components;
  components.of_node.assign(graph.n_nodes(), kUnseen);
  std::vector<std::uint32_t> stack;
  for (std::size_t start = 0; start < graph.n_nodes(); ++start) {
    if (components.of_node[start] != kUnseen) continue;
    const auto number = static_cast<std::uint32_t>(components.size.size());
    components.size.push_back(0);
    stack.push_back(static_cast<std::uint32_t>(start));
    components.of_node[start] = number;
    while (!stack.empty()) {
      const std::uint32_t node = stack.back();
      stack.pop_back();
      ++components.size[number];
      const auto weights = graph.weights(node);
      const auto neighbours = graph.neighbours(node);
      for (std::size_t k = 0; k < neighbours.size(); ++k) {
        if (!weights.empty() && weights[k] < threshold) continue;
        if (components.of_node[neighbours[k]] != kUnseen) continue;
        components.of_node[neighbours[k]] = number;
        stack.push_back(neighbours[k]);
      }
    }
  }
  return components;
}

}  // namespace cupel

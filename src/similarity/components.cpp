// Parts of a graph: connected components, with or without the graph, and communities.
#include <algorithm>
#include <numeric>
#include <utility>

#include "base/random.hpp"
#include "cupel/error.hpp"
#include "similarity/engine.hpp"
#include "similarity/graph.hpp"

namespace cupel {
namespace {

constexpr std::uint32_t kUnseen = 0xFFFFFFFFU;

/// Any labels below the number of nodes, renumbered by their lowest node.
Components numbered(std::span<const std::uint32_t> label) {
  Components parts;
  parts.of_node.resize(label.size());
  std::vector<std::uint32_t> number(label.size(), kUnseen);
  for (std::size_t node = 0; node < label.size(); ++node) {
    std::uint32_t& found = number[label[node]];
    if (found == kUnseen) {
      found = static_cast<std::uint32_t>(parts.size.size());
      parts.size.push_back(0);
    }
    parts.of_node[node] = found;
    ++parts.size[found];
  }
  return parts;
}

/// Union by lower root with path halving: the root of a set is its lowest node.
class UnionFind {
 public:
  explicit UnionFind(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t root(std::uint32_t node) noexcept {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }
  void join(std::uint32_t a, std::uint32_t b) noexcept {
    const std::uint32_t root_a = root(a);
    const std::uint32_t root_b = root(b);
    parent_[std::max(root_a, root_b)] = std::min(root_a, root_b);
  }
  Components components() {
    std::vector<std::uint32_t> label(parent_.size());
    for (std::uint32_t node = 0; node < label.size(); ++node) label[node] = root(node);
    return numbered(label);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace

Components connected_components(const NeighbourGraph& graph, double threshold) {
  UnionFind sets(graph.n_nodes());
  for (std::uint32_t node = 0; node < graph.n_nodes(); ++node) {
    const auto neighbours = graph.neighbours(node);
    const auto weights = graph.weights(node);
    for (std::size_t k = 0; k < neighbours.size() && neighbours[k] < node; ++k) {
      if (weights.empty() || weights[k] >= threshold) sets.join(node, neighbours[k]);
    }
  }
  return sets.components();
}

Components components_at_least(const Similarity& similarity, double threshold,
                               const Context& context) {
  if (!similarity.is_symmetric()) {
    fail(ErrorKind::internal, "components need a similarity among one set of items");
  }
  UnionFind sets(similarity.n_rows());
  for_pairs_at_least(similarity, threshold, context, [&](const std::vector<Hit>& hits) {
    for (const Hit& hit : hits) sets.join(hit.row, hit.col);
  });
  return sets.components();
}

Components communities(const NeighbourGraph& graph, double threshold, std::uint64_t seed,
                       std::size_t max_rounds) {
  const std::size_t n_nodes = graph.n_nodes();
  std::vector<std::uint32_t> label(n_nodes);
  std::iota(label.begin(), label.end(), 0U);
  std::vector<std::uint32_t> order(label);
  Rng rng(seed, "communities");
  rng.shuffle(std::span(order));
  std::vector<double> weight_of(n_nodes, 0.0);
  std::vector<std::uint32_t> seen;
  bool changed = true;
  for (std::size_t round = 0; changed && round < max_rounds; ++round) {
    changed = false;
    for (const std::uint32_t node : order) {
      const auto neighbours = graph.neighbours(node);
      const auto weights = graph.weights(node);
      seen.clear();
      for (std::size_t k = 0; k < neighbours.size(); ++k) {
        const double weight = weights.empty() ? 1.0 : weights[k];
        if (!weights.empty() && weight < threshold) continue;
        const std::uint32_t other = label[neighbours[k]];
        if (weight_of[other] == 0.0) seen.push_back(other);
        weight_of[other] += weight;
      }
      std::uint32_t best = label[node];
      for (const std::uint32_t other : seen) {
        const double gain = weight_of[other] - weight_of[best];
        if (gain > 0.0 || (gain == 0.0 && best != label[node] && other < best)) best = other;
      }
      for (const std::uint32_t other : seen) weight_of[other] = 0.0;
      changed = changed || best != label[node];
      label[node] = best;
    }
  }
  return numbered(label);
}

}  // namespace cupel

#include "split/item_clusters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::uint32_t kFree = 0xFFFFFFFFU;

bool is_edge(const NeighbourGraph& graph, std::size_t node, std::size_t k, double threshold) {
  return graph.weight.empty() || graph.weights(node)[k] >= threshold;
}

class UnionFind {
 public:
  UnionFind(std::size_t n, std::vector<double> weight) : parent_(n), weight_(std::move(weight)) {
    std::iota(parent_.begin(), parent_.end(), 0U);
  }
  std::uint32_t find(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  [[nodiscard]] double weight(std::uint32_t root) const { return weight_[root]; }
  /// Both are roots; the lower number stays.
  std::uint32_t join(std::uint32_t a, std::uint32_t b) {
    if (b < a) std::swap(a, b);
    parent_[b] = a;
    weight_[a] += weight_[b];
    return a;
  }

 private:
  std::vector<std::uint32_t> parent_;
  std::vector<double> weight_;
};

std::vector<double> weights_of(std::size_t n, const ItemTraits& traits) {
  return traits.weight.empty() ? std::vector<double>(n, 1.0) : traits.weight;
}

ItemClusters number_roots(UnionFind& sets, std::size_t n) {
  ItemClusters clusters;
  std::vector<std::uint32_t> number(n, kFree);
  for (std::uint32_t i = 0; i < n; ++i) {
    auto& one = number[sets.find(i)];
    if (one == kFree) one = static_cast<std::uint32_t>(clusters.count++);
    clusters.of_item.push_back(one);
  }
  return clusters;
}

double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}

/// First centres: each the next row drawn with probability ~ squared distance to the nearest so
/// far.
Matrix<double> first_centres(const Matrix<double>& vectors, std::size_t k, Rng& rng) {
  Matrix<double> centres(0, vectors.cols);
  std::vector<double> far(vectors.rows, std::numeric_limits<double>::infinity());
  std::size_t next = rng.below(static_cast<std::uint32_t>(vectors.rows));
  while (centres.rows < k) {
    const auto row = vectors.row(next);
    centres.values.insert(centres.values.end(), row.begin(), row.end());
    ++centres.rows;
    double all = 0.0;
    for (std::size_t i = 0; i < vectors.rows; ++i) {
      far[i] = std::min(far[i], squared_distance(vectors.row(i), row));
      all += far[i];
    }
    if (all <= 0.0) break;  // fewer distinct rows than clusters
    double left = rng.uniform() * all;
    next = 0;
    while (next + 1 < vectors.rows && (left -= far[next]) >= 0.0) ++next;
    while (far[next] <= 0.0) next = (next + 1) % vectors.rows;
  }
  return centres;
}

/// Nearest centre per row (the lowest number on ties).
std::vector<std::uint32_t> nearest_centres(const Matrix<double>& vectors,
                                           const Matrix<double>& centres, const Context& context) {
  std::vector<std::uint32_t> of_row(vectors.rows, 0);
  constexpr std::size_t kBlock = 64;
  parallel_for(context, (vectors.rows + kBlock - 1) / kBlock, [&](std::size_t block) {
    for (std::size_t i = block * kBlock; i < std::min((block + 1) * kBlock, vectors.rows); ++i) {
      double best = std::numeric_limits<double>::infinity();
      for (std::size_t c = 0; c < centres.rows; ++c) {
        const double distance = squared_distance(vectors.row(i), centres.row(c));
        if (distance >= best) continue;
        best = distance;
        of_row[i] = static_cast<std::uint32_t>(c);
      }
    }
  });
  return of_row;
}

/// Means of the rows of each centre; a centre without rows stays where it is.
void move_centres(const Matrix<double>& vectors, std::span<const std::uint32_t> of_row,
                  Matrix<double>& centres) {
  std::vector<std::size_t> count(centres.rows, 0);
  Matrix<double> sum(centres.rows, centres.cols);
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    ++count[of_row[i]];
    for (std::size_t j = 0; j < vectors.cols; ++j) sum(of_row[i], j) += vectors(i, j);
  }
  for (std::size_t c = 0; c < centres.rows; ++c) {
    for (std::size_t j = 0; j < centres.cols && count[c] > 0; ++j) {
      centres(c, j) = sum(c, j) / static_cast<double>(count[c]);
    }
  }
}

struct Join {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  double mean = 0.0;  ///< similarity at which they join
};

/// The dendrogram of weighted average linkage; `sum` is used up. Joins in the order found.
std::vector<Join> chain_joins(Matrix<double>& sum, std::vector<double> weight) {
  const std::size_t n = weight.size();
  std::vector<std::uint8_t> alive(n, 1);
  const auto mean = [&](std::size_t a, std::size_t b) {
    return sum(a, b) / (weight[a] * weight[b]);
  };
  std::vector<std::size_t> chain;
  std::vector<Join> joins;
  std::size_t start = 0;
  while (joins.size() + 1 < n) {
    if (chain.empty()) {
      while (alive[start] == 0) ++start;
      chain.push_back(start);
    }
    const std::size_t top = chain.back();
    // The one before in the chain wins ties, so that the chain ends.
    std::size_t best = chain.size() > 1 ? chain[chain.size() - 2] : n;
    for (std::size_t j = 0; j < n; ++j) {
      if (alive[j] == 0 || j == top) continue;
      if (best == n || mean(top, j) > mean(top, best)) best = j;
    }
    if (chain.size() < 2 || best != chain[chain.size() - 2]) {
      chain.push_back(best);
      continue;
    }
    chain.resize(chain.size() - 2);
    const std::size_t kept = std::min(top, best);
    const std::size_t gone = std::max(top, best);
    joins.push_back(
        {static_cast<std::uint32_t>(kept), static_cast<std::uint32_t>(gone), mean(kept, gone)});
    for (std::size_t j = 0; j < n; ++j) {
      if (alive[j] == 0 || j == kept || j == gone) continue;
      sum(kept, j) += sum(gone, j);
      sum(j, kept) = sum(kept, j);
    }
    weight[kept] += weight[gone];
    alive[gone] = 0;
  }
  return joins;
}

}  // namespace

ItemClusters first_met(std::span<const std::uint32_t> group_of_item) {
  ItemClusters clusters;
  std::unordered_map<std::uint32_t, std::uint32_t> number;
  for (const auto group : group_of_item) {
    const auto place = number.try_emplace(group, static_cast<std::uint32_t>(number.size()));
    clusters.of_item.push_back(place.first->second);
  }
  clusters.count = number.size();
  return clusters;
}

ItemClusters component_clusters(const NeighbourGraph& graph, double threshold) {
  Components components = connected_components(graph, threshold);
  return {std::move(components.of_node), components.size.size()};
}

ItemClusters butina_clusters(const NeighbourGraph& graph, double threshold) {
  const std::size_t n = graph.n_nodes();
  std::vector<std::size_t> count(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < graph.degree(i); ++k) count[i] += is_edge(graph, i, k, threshold);
  }
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return count[a] > count[b]; });
  ItemClusters clusters{.of_item = std::vector<std::uint32_t>(n, kFree)};
  for (const auto centre : order) {
    if (clusters.of_item[centre] != kFree) continue;
    const auto number = static_cast<std::uint32_t>(clusters.count++);
    clusters.of_item[centre] = number;
    for (std::size_t k = 0; k < graph.degree(centre); ++k) {
      auto& other = clusters.of_item[graph.neighbours(centre)[k]];
      if (other == kFree && is_edge(graph, centre, k, threshold)) other = number;
    }
  }
  return clusters;
}

ItemClusters kmeans_clusters(const Matrix<double>& vectors, std::size_t k, std::uint64_t seed,
                             const Context& context) {
  if (vectors.rows == 0 || k == 0) return {};
  Rng rng(seed, "k-means");
  Matrix<double> centres = first_centres(vectors, std::min(k, vectors.rows), rng);
  auto of_row = nearest_centres(vectors, centres, context);
  for (int round = 0; round < 100; ++round) {
    context.check_cancelled();
    move_centres(vectors, of_row, centres);
    auto next = nearest_centres(vectors, centres, context);
    if (next == of_row) break;
    of_row = std::move(next);
  }
  ItemClusters clusters;
  std::vector<std::uint32_t> number(centres.rows, kFree);
  for (const auto centre : of_row) {
    if (number[centre] == kFree) number[centre] = static_cast<std::uint32_t>(clusters.count++);
    clusters.of_item.push_back(number[centre]);
  }
  return clusters;
}

LinkedClusters average_linkage(const SimilarityTable& similarity, const ItemTraits& traits,
                               std::size_t wanted, double cap) {
  const std::size_t n = similarity.n_rows();
  const auto weight = weights_of(n, traits);
  Matrix<double> sum(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) sum(i, j) = weight[i] * weight[j] * similarity.at(i, j);
  }
  auto joins = chain_joins(sum, weight);
  std::stable_sort(joins.begin(), joins.end(),
                   [](const Join& a, const Join& b) { return a.mean > b.mean; });
  UnionFind sets(n, weight);
  std::size_t left = n;
  for (const auto& join : joins) {
    if (left <= wanted) break;
    const auto a = sets.find(join.a);
    const auto b = sets.find(join.b);
    if (a == b || sets.weight(a) + sets.weight(b) > cap) continue;
    sets.join(a, b);
    --left;
  }
  LinkedClusters linked{.clusters = number_roots(sets, n)};
  const auto& of_item = linked.clusters.of_item;
  linked.sum = Matrix<double>(linked.clusters.count, linked.clusters.count);
  linked.weight.assign(linked.clusters.count, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    linked.weight[of_item[i]] += weight[i];
    for (std::size_t j = 0; j < n; ++j) {
      linked.sum(of_item[i], of_item[j]) += weight[i] * weight[j] * similarity.at(i, j);
    }
  }
  return linked;
}

std::string explain_components(const NeighbourGraph& graph, double threshold,
                               const PartRequest& request, const ItemTraits& traits) {
  const std::size_t n = graph.n_nodes();
  struct Edge {
    double weight = 0.0;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
  };
  std::vector<Edge> edges;
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < graph.degree(i); ++k) {
      const auto j = graph.neighbours(i)[k];
      const double weight = graph.weight.empty() ? 1.0 : graph.weights(i)[k];
      if (i < j && weight >= threshold) edges.push_back({weight, i, j});
    }
  }
  std::stable_sort(edges.begin(), edges.end(),
                   [](const Edge& a, const Edge& b) { return a.weight > b.weight; });
  const auto weight = weights_of(n, traits);
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  const double cap =
      (*std::max_element(request.share.begin(), request.share.end()) + request.tolerance) * all;
  UnionFind sets(n, weight);
  double heaviest = n == 0 ? 0.0 : *std::max_element(weight.begin(), weight.end());
  double feasible_above = -std::numeric_limits<double>::infinity();
  for (const auto& edge : edges) {
    const auto a = sets.find(edge.a);
    const auto b = sets.find(edge.b);
    if (a == b) continue;
    heaviest = std::max(heaviest, sets.weight(sets.join(a, b)));
    if (heaviest > cap && std::isinf(feasible_above)) feasible_above = edge.weight;
  }
  const double pairs = 0.5 * static_cast<double>(n) * static_cast<double>(n - (n > 0 ? 1 : 0));
  std::string text = fmt::format(
      "at similarity {} the {} items have {} similar pairs (density {:.3g}); the largest group of "
      "items that hang together holds {:.3g} % of the weight",
      threshold, n, edges.size(), pairs > 0.0 ? static_cast<double>(edges.size()) / pairs : 0.0,
      100.0 * heaviest / all);
  if (!std::isinf(feasible_above)) {
    text += fmt::format("; it fits the largest part at thresholds above {:.4g}", feasible_above);
  }
  return text;
}

ItemParts split_components(const NeighbourGraph& graph, double threshold,
                           const PartRequest& request, const ItemTraits& traits,
                           std::uint64_t seed) {
  const ItemClusters groups = component_clusters(graph, threshold);
  auto part = deal_groups_roughly(groups.of_item, groups.count, request, traits, seed);
  check_shares(part, request, traits, explain_components(graph, threshold, request, traits),
               "raise the threshold, or use the method `guaranteed` (leaves the items between the "
               "parts out) or `datasail` (keeps all, makes the leak small)");
  ItemParts parts = all_in_parts(std::move(part));
  parts.group.assign(groups.of_item.begin(), groups.of_item.end());
  parts.facts = {{"groups", static_cast<double>(groups.count)}};
  return parts;
}

}  // namespace cupel

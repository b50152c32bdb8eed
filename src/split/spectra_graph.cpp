#include "split/spectra_graph.hpp"

#include <algorithm>
#include <numeric>

#include "cupel/error.hpp"
#include "split/python_random.hpp"

namespace cupel {
namespace {

std::string pair_text(const SpectraPair& pair) {
  return std::to_string(pair.i) + ", " + std::to_string(pair.j);
}

void check_pairs(std::size_t n_samples, std::span<const SpectraPair> pairs) {
  const std::uint64_t possible =
      static_cast<std::uint64_t>(n_samples) * (n_samples > 0 ? n_samples - 1 : 0) / 2;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const SpectraPair& pair = pairs[k];
    if (pair.i >= n_samples || pair.j >= n_samples) {
      fail_input("pair " + std::to_string(k + 1) + " is of samples " + pair_text(pair) +
                     ", but there are " + std::to_string(n_samples) + " samples",
                 {}, "number the samples from 0, or give the right --n");
    }
    if (pair.i == pair.j) {
      fail_input("pair " + std::to_string(k + 1) + " is of sample " + std::to_string(pair.i) +
                     " with itself",
                 {}, "leave out pairs of a sample with itself");
    }
  }
  if (pairs.size() > possible) {
    fail_input("there are " + std::to_string(pairs.size()) + " pairs, but " +
                   std::to_string(n_samples) + " samples have only " + std::to_string(possible) +
                   ": some are given twice",
               {}, "give each pair once");
  }
}

/// Nodes in order of appearance.
void number_nodes(SpectraGraph& graph, std::span<const SpectraPair> pairs) {
  graph.node.assign(graph.n_samples, SpectraGraph::kNoNode);
  const auto appear = [&graph](std::uint32_t sample) {
    if (graph.node[sample] != SpectraGraph::kNoNode) return;
    graph.node[sample] = static_cast<std::uint32_t>(graph.sample.size());
    graph.sample.push_back(sample);
  };
  for (const SpectraPair& pair : pairs) {
    if (pair.value == 0.0) continue;
    appear(pair.i);
    appear(pair.j);
  }
}

/// Neighbours with a later node, per node, in the order of the pairs: place 2 of each list; the
/// neighbours with an earlier node come before them.
void link_nodes(SpectraGraph& graph, std::span<const SpectraPair> pairs, bool weighted) {
  const std::size_t n = graph.n_nodes();
  graph.begin.assign(n + 1, 0);
  std::vector<std::uint64_t> n_earlier(n, 0);
  for (const SpectraPair& pair : pairs) {
    if (pair.value == 0.0) continue;
    const auto [a, b] = std::minmax(graph.node[pair.i], graph.node[pair.j]);
    ++graph.begin[a + 1];
    ++graph.begin[b + 1];
    ++n_earlier[b];
  }
  std::partial_sum(graph.begin.begin(), graph.begin.end(), graph.begin.begin());
  graph.neighbour.resize(graph.begin[n]);
  if (weighted) graph.weight.resize(graph.begin[n]);
  std::vector<std::uint64_t> next(n);
  for (std::size_t u = 0; u < n; ++u) next[u] = graph.begin[u] + n_earlier[u];
  for (const SpectraPair& pair : pairs) {
    if (pair.value == 0.0) continue;
    const auto [a, b] = std::minmax(graph.node[pair.i], graph.node[pair.j]);
    graph.neighbour[next[a]] = b;
    if (weighted) graph.weight[next[a]] = pair.value;
    ++next[a];
  }
  std::copy_n(graph.begin.begin(), n, next.begin());
  for (std::size_t u = 0; u < n; ++u) {
    for (std::uint64_t k = graph.begin[u] + n_earlier[u]; k < graph.begin[u + 1]; ++k) {
      const std::uint64_t place = next[graph.neighbour[k]]++;
      graph.neighbour[place] = static_cast<std::uint32_t>(u);
      if (weighted) graph.weight[place] = graph.weight[k];
    }
  }
}

void check_twice(const SpectraGraph& graph) {
  std::vector<std::uint32_t> seen_from(graph.n_nodes(), SpectraGraph::kNoNode);
  for (std::uint32_t u = 0; u < graph.n_nodes(); ++u) {
    for (const std::uint32_t v : graph.neighbours(u)) {
      if (seen_from[v] == u) {
        fail_input("the pair of samples " + std::to_string(graph.sample[u]) + " and " +
                       std::to_string(graph.sample[v]) + " is given twice",
                   {}, "give each pair once");
      }
      seen_from[v] = u;
    }
  }
}

}  // namespace

double SpectraGraph::density() const noexcept {
  const auto n = static_cast<double>(n_nodes());
  return n < 2 ? 0.0 : static_cast<double>(n_edges()) / (n * (n - 1)) * 2;
}

SpectraGraph make_spectra_graph(std::size_t n_samples, std::span<const SpectraPair> pairs,
                                bool weighted) {
  check_pairs(n_samples, pairs);
  SpectraGraph graph;
  graph.n_samples = n_samples;
  graph.n_pairs = pairs.size();
  number_nodes(graph, pairs);
  link_nodes(graph, pairs, weighted);
  check_twice(graph);
  if (weighted) {
    for (const SpectraPair& pair : pairs) {
      if (pair.value != 0.0) graph.sorted_values.push_back(pair.value);
    }
    std::sort(graph.sorted_values.begin(), graph.sorted_values.end());
  }
  return graph;
}

SpectraGraph make_spectra_graph(const NeighbourGraph& graph, bool weighted) {
  std::vector<SpectraPair> pairs;
  pairs.reserve(graph.n_edges());
  for (std::uint32_t i = 0; i < graph.n_nodes(); ++i) {
    const auto neighbours = graph.neighbours(i);
    const auto weights = graph.weights(i);
    for (std::size_t k = 0; k < neighbours.size(); ++k) {
      if (neighbours[k] < i) continue;
      const double value = weighted && !weights.empty() ? weights[k] : 1.0;
      pairs.push_back({.i = i, .j = neighbours[k], .value = value});
    }
  }
  SpectraGraph made = make_spectra_graph(graph.n_nodes(), pairs, weighted);
  const std::uint64_t n = graph.n_nodes();
  made.n_pairs = n < 2 ? 0 : n * (n - 1) / 2;
  return made;
}

namespace {

/// The order of `list(graph.subgraph(component).nodes())`: a set filled from a set.
std::vector<std::uint32_t> in_set_order(const SpectraGraph& graph,
                                        std::span<const std::uint32_t> members) {
  PythonIntSet component;
  for (const std::uint32_t node : members) component.add(graph.sample[node]);
  PythonIntSet shown;
  for (const std::uint32_t sample : component.values()) shown.add(sample);
  auto nodes = shown.values();
  for (std::uint32_t& node : nodes) node = graph.node[node];
  return nodes;
}

}  // namespace

SpectraComponents find_spectra_components(const SpectraGraph& graph) {
  SpectraComponents found;
  std::vector<std::uint8_t> seen(graph.n_nodes(), 0);
  std::vector<std::uint32_t> members;
  std::size_t n_left = graph.n_nodes();
  for (std::uint32_t start = 0; start < graph.n_nodes(); ++start) {
    if (seen[start] != 0) continue;
    members.assign(1, start);
    seen[start] = 1;
    std::uint64_t n_links = 0;
    for (std::size_t k = 0; k < members.size(); ++k) {
      n_links += graph.degree(members[k]);
      for (const std::uint32_t v : graph.neighbours(members[k])) {
        if (seen[v] != 0) continue;
        seen[v] = 1;
        members.push_back(v);
      }
    }
    ++found.n_components;
    found.largest = std::max(found.largest, members.size());
    if (n_links == static_cast<std::uint64_t>(members.size()) * (members.size() - 1)) {
      if (members.size() * 2 >= n_left && found.deadly_clique == 0) {
        found.deadly_clique = members.size();
      }
      found.cliques.push_back(in_set_order(graph, members));
      n_left -= members.size();
      continue;
    }
    for (const std::uint32_t node : members) {
      if (graph.degree(node) != members.size() - 1) continue;
      found.universal.push_back(node);
      --n_left;
    }
  }
  return found;
}

}  // namespace cupel

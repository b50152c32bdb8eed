#pragma once
/// The property graph of SPECTRA, with nodes and neighbours in the order in which networkx has
/// them.
///
/// spectrae reads its pairs line by line; a pair whose value is not zero becomes an edge, and a
/// sample becomes a node when the first of its edges does. So samples without any similar partner
/// are no nodes (spectrae loses them; cupel reports them). Every split works on `G.copy()`, whose
/// neighbour lists are in another order than the original's: first the neighbours that are earlier
/// nodes, by their node order; then the others, in the order of the pairs. That order decides which
/// random number belongs to which neighbour.
///
/// Built once, O(V + E); all parameters and repeats share it.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "similarity/graph.hpp"

namespace cupel {

struct SpectraPair {
  std::uint32_t i = 0;
  std::uint32_t j = 0;
  double value = 0.0;
};

struct SpectraGraph {
  static constexpr std::uint32_t kNoNode = 0xFFFFFFFFU;
  std::size_t n_samples = 0;
  std::vector<std::uint32_t> sample;     ///< of each node
  std::vector<std::uint32_t> node;       ///< of each sample, or kNoNode
  std::vector<std::uint64_t> begin{0};   ///< n_nodes + 1
  std::vector<std::uint32_t> neighbour;  ///< nodes, in the order of networkx's copy
  std::vector<double> weight;            ///< beside `neighbour`; empty for a binary graph
  std::vector<double> sorted_values;     ///< of all pairs but zeros, ascending; empty if binary
  std::uint64_t n_pairs = 0;             ///< with zeros: the distribution that percentiles refer to

  [[nodiscard]] std::size_t n_nodes() const noexcept { return sample.size(); }
  [[nodiscard]] std::uint64_t n_edges() const noexcept { return neighbour.size() / 2; }
  [[nodiscard]] bool is_weighted() const noexcept { return !weight.empty(); }
  [[nodiscard]] std::size_t degree(std::size_t n) const noexcept {
    return static_cast<std::size_t>(begin[n + 1] - begin[n]);
  }
  [[nodiscard]] std::span<const std::uint32_t> neighbours(std::size_t n) const noexcept {
    return {neighbour.data() + begin[n], degree(n)};
  }
  /// networkx.density, to the bit: of the nodes, so without the samples that have no edge.
  [[nodiscard]] double density() const noexcept;
};

/// Throws Error{input} with the number of the pair for an index out of range, a pair of a sample
/// with itself, an edge given twice, more pairs than there can be.
/// `weighted`: keep values; else an edge is an edge.
SpectraGraph make_spectra_graph(std::size_t n_samples, std::span<const SpectraPair> pairs,
                                bool weighted);

/// From a neighbour graph, as if its pairs had been written with i < j, by i, then j, and all other
/// pairs were zero.
SpectraGraph make_spectra_graph(const NeighbourGraph& graph, bool weighted);

/// The components of a property graph, in networkx's order, and what spectrae does with them before
/// it starts.
struct SpectraComponents {
  std::size_t n_components = 0;
  std::size_t largest = 0;
  /// Components in which everybody is linked to everybody: one unit each, always trained on. Nodes
  /// in the order in which CPython iterates over a set of the sample numbers.
  std::vector<std::vector<std::uint32_t>> cliques;
  std::vector<std::uint32_t> universal;  ///< linked to all others of their component: deleted
  /// Size of the first clique that holds at least half of the nodes left when it is met: there
  /// spectrae dies of "dictionary changed size during iteration"; 0 = none.
  std::size_t deadly_clique = 0;
};
SpectraComponents find_spectra_components(const SpectraGraph& graph);

}  // namespace cupel

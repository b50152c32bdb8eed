#pragma once
/// Reads undirected graphs in GEXF as networkx writes them: nodes, edges, weights; all else in the
/// file is passed over. The XML reader knows elements, attributes, comments and the five entities
/// plus character references; a document type (with which entities are defined) is refused.
/// O(bytes).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

struct GexfGraph {
  std::vector<std::string> ids;  ///< in file order
  struct Edge {
    std::uint32_t a = 0;  ///< place in ids
    std::uint32_t b = 0;
    double weight = 1.0;
  };
  std::vector<Edge> edges;  ///< in file order
};

/// Throws Error{input} with the line for XML that is not well-formed in what is read, a directed
/// graph, an id twice, an edge of an unknown node, a weight that is not a finite number.
GexfGraph parse_gexf(std::string_view text, const std::string& source);

}  // namespace cupel

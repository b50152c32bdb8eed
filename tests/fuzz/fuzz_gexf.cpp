// Any text: the GEXF reader gives a graph whose edges join its nodes, or an Error.
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "cupel/error.hpp"
#include "io/gexf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace cupel;
  try {
    const auto graph = parse_gexf({reinterpret_cast<const char*>(data), size}, "fuzz");
    for (const auto& edge : graph.edges) {
      if (edge.a >= graph.ids.size() || edge.b >= graph.ids.size()) std::abort();
      if (!std::isfinite(edge.weight)) std::abort();
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) std::abort();
  }
  return 0;
}

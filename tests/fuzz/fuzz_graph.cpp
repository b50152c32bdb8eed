// libFuzzer target: whatever the bytes, parse_graph gives a graph that holds together or an
// Error{input}. (load_graph checks a SHA-256 first, which no random bytes have.)
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "cupel/error.hpp"
#include "similarity/graph_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::istringstream file(std::string(reinterpret_cast<const char*>(bytes), size));
  try {
    const auto graph = cupel::parse_graph(file, size, "fuzz", {.bytes = std::uint64_t{1} << 28});
    for (std::size_t node = 0; node < graph.n_nodes(); ++node) {
      for (const std::uint32_t other : graph.neighbours(node)) {
        if (other >= graph.n_nodes() || other == node) std::abort();
      }
    }
    if (graph.neighbour.size() % 2 != 0) std::abort();
  } catch (const cupel::Error& error) {
    if (error.kind() != cupel::ErrorKind::input) std::abort();
  }
  return 0;
}

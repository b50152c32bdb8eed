#pragma once
/// Neighbour graphs on disk. All numbers are little-endian.
///
///   8 bytes   "CUPELGRF"
///   u32       version, 1
///   u32       flags: bit 0 = edges have weights; the other bits are 0
///   u64       number of nodes
///   f64       threshold: every pair with similarity >= this is an edge
///   u32, n    length and bytes of the kind of similarity ("ecfp-tanimoto")
///   u32, n    length and bytes of its parameters ("bits=2048;radius=2")
///   per node, in order:
///     u32       number of edges to higher nodes
///     u32 each  the higher nodes, ascending
///     f64 each  their weights, if edges have weights
///   u64       number of edges
///   64 bytes  SHA-256 of all bytes before it, in hexadecimal digits
///
/// Every edge stands once, so that a file can be written while pairs are compared and is half as
/// large as the graph in memory.
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cupel/context.hpp"
#include "similarity/graph.hpp"

namespace cupel {

/// Throws Error{io}. The file is whole or not there.
void save_graph(const NeighbourGraph& graph, const std::filesystem::path& path);

/// Throws Error{io} if the file cannot be read, Error{input} if it is no graph file, damaged (its
/// SHA-256 differs), of a later version, or does not fit into `memory` (36 bytes an edge).
NeighbourGraph load_graph(const std::filesystem::path& path, const MemoryLimit& memory = {});

/// build_graph and save_graph in one, without keeping edges: what does not fit into memory can
/// still be written. Returns the number of edges.
std::uint64_t write_graph(const Similarity& similarity, double threshold,
                          const std::filesystem::path& path, const Context& context);

/// What load_graph does after it has checked the SHA-256: every other check. `size` is that of the
/// whole file.
NeighbourGraph parse_graph(std::istream& file, std::uint64_t size, const std::string& name,
                           const MemoryLimit& memory = {});

}  // namespace cupel

#pragma once
/// Scaffolds and matched molecular pairs, by RDKit.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"

namespace cupel {

/// murcko          Bemis-Murcko framework with its atom types (doi:10.1021/jm9602928)
/// generic         the Murcko framework with every atom C and every bond single
/// generic_whole   the *whole molecule* with every atom C and every bond single: what MoleculeACE
///                 calls its scaffold (MakeScaffoldGeneric of the molecule, Murcko on failure)
enum class ScaffoldKind { murcko, generic, generic_whole };
ScaffoldKind find_scaffold_kind(std::string_view name);

struct Scaffolds {
  std::vector<std::string> smiles;   ///< canonical; "" = acyclic (murcko, generic) or unreadable
  std::vector<std::string> problem;  ///< why it is unreadable, else ""
};
Scaffolds scaffolds(std::span<const std::string> smiles, ScaffoldKind kind, const Context& context);

/// A single-cut matched molecular pair: two molecules that differ in one substituent
/// (Hussain & Rea 2010, doi:10.1021/ci900450m).
struct MatchedPair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::string core;  ///< the part that both have, with its attachment point
  std::string substituent_first;
  std::string substituent_second;
};
struct MatchedPairOptions {
  std::uint32_t max_substituent_atoms =
      13;                            ///< heavy atoms (Hu et al. 2012, doi:10.1021/ci3001138)
  std::uint32_t max_difference = 8;  ///< heavy atoms by which the substituents may differ
  double min_core_ratio = 2.0;       ///< core heavy atoms / substituent heavy atoms
};
/// All pairs, each once (first < second) with its largest core, ordered by first, then second.
std::vector<MatchedPair> matched_pairs(std::span<const std::string> smiles,
                                       const MatchedPairOptions& options, const Context& context);

}  // namespace cupel

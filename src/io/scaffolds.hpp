#pragma once
/// Scaffolds and matched molecular pairs, by RDKit. All of it runs on all threads and gives the
/// same for any number of them.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "io/rdkit_fingerprint.hpp"

namespace cupel {

/// murcko          Bemis-Murcko framework with its atom types (doi:10.1021/jm9602928), as RDKit's
///                 MurckoScaffold.GetScaffoldForMol: rings, what links them, and atoms bound to
///                 either by a double bond
/// generic         the Murcko framework with every atom C and every bond single
///                 (MakeScaffoldGeneric of it: a ring =O has become a methyl group)
/// generic_whole   the *whole molecule* with every atom C and every bond single: what MoleculeACE
///                 calls its scaffold (MakeScaffoldGeneric of the molecule, Murcko on failure)
enum class ScaffoldKind { murcko, generic, generic_whole };
std::string_view to_string(ScaffoldKind kind) noexcept;
/// Throws Error{usage} with the nearest name.
ScaffoldKind find_scaffold_kind(std::string_view name);

struct Scaffolds {
  std::vector<std::string> smiles;      ///< canonical, without stereo (as MurckoScaffoldSmiles); ""
                                        ///< = acyclic (murcko, generic) or unreadable
  std::vector<std::string> problem;     ///< why there is none, else ""
  std::vector<std::uint8_t> fell_back;  ///< 1: not generic, because a valence does not allow it
};
Scaffolds scaffolds(std::span<const std::string> smiles, ScaffoldKind kind, const Context& context);

/// Morgan fingerprints of the scaffolds (of the graph, not of its SMILES read again). Rows of
/// acyclic molecules (murcko, generic) and of unreadable ones have no bit.
PackedFingerprints scaffold_ecfp(std::span<const std::string> smiles, ScaffoldKind kind,
                                 const EcfpOptions& options, const Context& context);

/// `ecfp` and `scaffold_ecfp` of molecules that are read once for both.
struct EcfpWithScaffold {
  PackedFingerprints whole;
  PackedFingerprints scaffold;
};
EcfpWithScaffold ecfp_with_scaffold(std::span<const std::string> smiles, ScaffoldKind kind,
                                    const EcfpOptions& options, const EcfpOptions& of_scaffold,
                                    const Context& context);

/// Which bonds are cut. Both: not in a ring, and (acyclic) single and between two atoms that are
/// not H; (rdkit) neither double nor triple and with an uncharged carbon at one end that has no
/// double or triple bond to another element, the default of RDKit's rdMMPA.FragmentMol: an amide is
/// not cut between C and N.
enum class CutRule { acyclic, rdkit };
CutRule find_cut_rule(std::string_view name);

/// A molecule cut in two at one bond. Attachment points are [*:1], as in rdMMPA.FragmentMol.
struct SingleCut {
  std::string core;  ///< canonical SMILES; other components of the molecule stand with it
  std::string substituent;
  std::uint32_t core_atoms = 0;  ///< heavy atoms, of the molecule's component that is cut
  std::uint32_t substituent_atoms = 0;
};

/// A single-cut matched molecular pair: two molecules that differ in one substituent
/// (Hussain & Rea 2010, doi:10.1021/ci900450m).
struct MatchedPair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::string core;  ///< the part that both have, with its attachment point
  std::string substituent_first;
  std::string substituent_second;
  std::uint32_t core_atoms = 0;  ///< heavy atoms, here and below
  std::uint32_t atoms_first = 0;
  std::uint32_t atoms_second = 0;
};
struct MatchedPairOptions {
  std::uint32_t max_substituent_atoms =
      13;                            ///< heavy atoms (Hu et al. 2012, doi:10.1021/ci3001138)
  std::uint32_t max_difference = 8;  ///< heavy atoms by which the substituents may differ
  double min_core_ratio = 2.0;       ///< core heavy atoms / substituent heavy atoms, of both
  CutRule cuts = CutRule::acyclic;
};

/// Every cut of every molecule that the options allow, in the order of the molecule's bonds; both
/// ways round where both are allowed. Unreadable molecules have none.
std::vector<std::vector<SingleCut>> single_cuts(std::span<const std::string> smiles,
                                                const MatchedPairOptions& options,
                                                const Context& context);

/// All pairs, each once (first < second) with its largest core (ties: the lowest SMILES), ordered
/// by first, then second. Molecules of one structure are no pair. `wanted`, if given, is asked of
/// every pair from any thread; the others are not kept. O(cuts) to cut, O(pairs sharing a core) to
/// pair; memory: the cuts, the pairs, and 4 bytes a molecule and thread.
std::vector<MatchedPair> matched_pairs(
    std::span<const std::string> smiles, const MatchedPairOptions& options, const Context& context,
    const std::function<bool(std::uint32_t, std::uint32_t)>& wanted = {});

}  // namespace cupel

#include "io/rdkit_molecule.hpp"

#include <GraphMol/ChemTransforms/ChemTransforms.h>
#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/GraphMol.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/Invariant.h>
#include <RDGeneral/RDLog.h>

#include <algorithm>
#include <mutex>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::detail {
namespace {

/// Longer SMILES are refused unread: RDKit's parser holds all of it on a stack.
constexpr std::size_t kMaxSmilesBytes = 100'000;
/// Ring perception and fingerprints of paths explode with the rings, not with the atoms.
constexpr std::uint64_t kMaxRingClosures = 200;

std::string too_many(std::uint64_t n, std::string_view what, std::uint64_t allowed) {
  return std::to_string(n) + " " + std::string(what) + ", more than " + std::to_string(allowed);
}

std::string size_problem(std::string_view smiles, std::uint64_t max_atoms) {
  if (smiles.size() > kMaxSmilesBytes) {
    return "the SMILES has " + too_many(smiles.size(), "characters", kMaxSmilesBytes);
  }
  if (smiles.size() <= max_atoms && smiles.size() <= kMaxRingClosures) return "";
  const SmilesSize size = size_of_smiles(smiles);
  if (size.atoms > max_atoms) return "too large: " + too_many(size.atoms, "atoms", max_atoms);
  if (size.ring_closures > kMaxRingClosures) {
    return "too large: " + too_many(size.ring_closures, "ring closures", kMaxRingClosures);
  }
  return "";
}

/// RDKit stops reading at these bytes without a word: "C\u2013O" with an en dash would be methane.
/// After a blank it knows only extensions ("CCO |..|"); other text is a name, or the rest of a
/// broken SMILES.
std::string byte_problem(std::string_view smiles) {
  const auto at = std::ranges::find_if(smiles, [](char c) { return c <= ' ' || c > '~'; });
  if (at == smiles.end()) return "";
  const std::string place =
      " at character " + std::to_string(static_cast<std::size_t>(at - smiles.begin()) + 1);
  if (*at != ' ' && *at != '\t') return "a byte that no SMILES has" + place;
  const std::string_view rest = trimmed(std::string_view(at, smiles.end()));
  return rest.starts_with('|') ? "" : "a blank" + place;
}

/// `read` gives the molecule or null.
template <typename Read>
ParsedMolecule guarded(const Read& read, std::uint64_t max_atoms) {
  quiet_rdkit();
  ParsedMolecule parsed;
  try {
    parsed.molecule.reset(read());
    if (parsed.molecule && parsed.molecule->getNumAtoms() == 0) parsed.problem = "no atoms";
    if (parsed.molecule && parsed.molecule->getNumAtoms() > max_atoms) {
      parsed.problem = "too large: " + too_many(parsed.molecule->getNumAtoms(), "atoms", max_atoms);
    }
  } catch (const Invar::Invariant& error) {
    parsed.problem = "RDKit gave up: " + short_message(error.what());
  } catch (const std::bad_alloc&) {
    parsed.problem = "RDKit needs more memory than there is";
  } catch (const std::exception& error) {
    parsed.problem = short_message(error.what());
  }
  if (!parsed.problem.empty()) parsed.molecule.reset();
  return parsed;
}

}  // namespace

void MoleculeDeleter::operator()(RDKit::RWMol* molecule) const noexcept { delete molecule; }

void quiet_rdkit() {
  static std::once_flag once;
  std::call_once(once, [] { boost::logging::disable_logs("rdApp.*"); });
}

std::string short_message(std::string_view what) {
  std::string text;
  for (const char c : trimmed(what)) text += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  constexpr std::size_t kLongest = 160;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text.empty() ? "RDKit gives no reason" : text;
}

ParsedMolecule parse_smiles(const std::string& smiles, std::uint64_t max_atoms) {
  if (trimmed(smiles).empty()) return {nullptr, "no atoms"};
  if (auto problem = size_problem(smiles, max_atoms); !problem.empty()) {
    return {nullptr, std::move(problem)};
  }
  if (const auto problem = byte_problem(trimmed(smiles)); !problem.empty()) {
    return {nullptr, "not a valid SMILES: " + problem};
  }
  ParsedMolecule parsed = guarded([&] { return RDKit::SmilesToMol(smiles); }, max_atoms);
  if (!parsed.molecule && parsed.problem.empty()) {
    const std::string reason = smiles_syntax_problem(smiles);
    parsed.problem = "not a valid SMILES" + (reason.empty() ? "" : ": " + reason);
  }
  return parsed;
}

ParsedMolecule parse_mol_block(const std::string& block, std::uint64_t max_atoms) {
  ParsedMolecule parsed = guarded([&] { return RDKit::MolBlockToMol(block); }, max_atoms);
  if (!parsed.molecule && parsed.problem.empty()) parsed.problem = "not a valid mol block";
  return parsed;
}

std::string canonical_text(const RDKit::ROMol& molecule) { return RDKit::MolToSmiles(molecule); }

std::unique_ptr<RDKit::ROMol> murcko_framework(const RDKit::ROMol& molecule) {
  std::unique_ptr<RDKit::ROMol> framework(RDKit::MurckoDecompose(molecule));
  framework->clearComputedProps();
  framework->updatePropertyCache();
  RDKit::MolOps::symmetrizeSSSR(*framework);
  return framework;
}

std::string murcko_text(const RDKit::ROMol& molecule) {
  if (molecule.getRingInfo()->numRings() == 0) return "";
  // As MurckoScaffoldSmiles of RDKit's Python: without stereo, which the cut leaves half undefined.
  return RDKit::MolToSmiles(*murcko_framework(molecule), false);
}

}  // namespace cupel::detail

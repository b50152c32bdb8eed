#pragma once
/// One molecule at a time, for the files rdkit_*.cpp and those that read molecules: everything that
/// RDKit may do to a process (exceptions, null, log lines, deep recursion) ends here as a sentence.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/molecules.hpp"
#include "io/rdkit_crippen.hpp"

namespace RDKit {
class ROMol;
class RWMol;
}  // namespace RDKit

namespace cupel::detail {

struct MoleculeDeleter {
  void operator()(RDKit::RWMol* molecule) const noexcept;
};
using MoleculePointer = std::unique_ptr<RDKit::RWMol, MoleculeDeleter>;

struct ParsedMolecule {
  MoleculePointer molecule;  ///< null if there is a problem
  std::string problem;
};

/// Switches RDKit's log off for the process; what it would say comes back as `problem`.
void quiet_rdkit();

ParsedMolecule parse_smiles(const std::string& smiles, std::uint64_t max_atoms);
/// A block of an SD file up to "M  END" (V2000 or V3000).
ParsedMolecule parse_mol_block(const std::string& block, std::uint64_t max_atoms);

/// Why the text cannot be a SMILES, with the place ("ring 1 is not closed"); "" if it looks well.
/// Only words for what RDKit refuses: what it accepts is never looked at.
std::string smiles_syntax_problem(std::string_view smiles);
/// Atoms that a SMILES text has at least (letters outside brackets, and brackets).
struct SmilesSize {
  std::uint64_t atoms = 0;
  std::uint64_t ring_closures = 0;
};
SmilesSize size_of_smiles(std::string_view smiles) noexcept;

/// What an exception of RDKit says, in one line without its file names.
std::string short_message(std::string_view what);

enum class Scheme { none, largest, neutral, parent };
/// Throws Error{usage} with the nearest name.
Scheme find_scheme(const std::string& name);
std::string canonical_text(const RDKit::ROMol& molecule);
/// Canonical SMILES after the scheme. May throw what RDKit throws.
std::string standard_text(const RDKit::RWMol& molecule, Scheme scheme);
/// False if the scheme leaves the molecule as it is.
bool scheme_changes(const RDKit::RWMol& molecule, Scheme scheme);
/// The molecule after the scheme.
ParsedMolecule standardised(ParsedMolecule parsed, Scheme scheme, std::uint64_t max_atoms);

/// Throws Error{usage} for options that the kind does not have.
void check_fingerprint(const MoleculeFingerprintOptions& options, bool counts);
std::size_t fingerprint_width(const MoleculeFingerprintOptions& options) noexcept;
void set_fingerprint(const RDKit::ROMol& molecule, const MoleculeFingerprintOptions& options,
                     std::span<std::uint64_t> words);
void set_counts(const RDKit::ROMol& molecule, const MoleculeFingerprintOptions& options,
                std::span<std::uint16_t> counts);

/// What several sets of descriptors of one molecule share, computed when first asked for.
struct SharedDescriptors {
  std::optional<Crippen> crippen;
};
/// Fills the columns of the set in the order of descriptor_names; NaN where RDKit has no value.
/// `shared` is of this molecule.
void fill_descriptors(const RDKit::ROMol& molecule, const std::string& set,
                      SharedDescriptors& shared, std::span<float> values);

/// The Bemis-Murcko framework, as GetScaffoldForMol of RDKit's Python; no atoms for acyclic ones.
std::unique_ptr<RDKit::ROMol> murcko_framework(const RDKit::ROMol& molecule);
/// Canonical SMILES of the Bemis-Murcko framework; "" for acyclic molecules.
std::string murcko_text(const RDKit::ROMol& molecule);

}  // namespace cupel::detail

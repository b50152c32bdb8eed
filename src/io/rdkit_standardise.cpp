// Fragments, charges, stereo: what two forms of one compound share.
#include <GraphMol/GraphMol.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/PeriodicTable.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_molecule.hpp"

namespace cupel::detail {
namespace {

bool has_neighbour_with_charge(const RDKit::ROMol& molecule, const RDKit::Atom& atom, int sign) {
  for (const auto* neighbour : molecule.atomNeighbors(&atom)) {
    if (neighbour->getFormalCharge() * sign > 0) return true;
  }
  return false;
}

/// N, O, P, S, As, Se, Te: what is protonated in water. (A proton less on C+ would be a carbene.)
bool is_base(const RDKit::Atom& atom) {
  constexpr std::array<int, 7> kElements{7, 8, 15, 16, 33, 34, 52};
  return std::find(kElements.begin(), kElements.end(), atom.getAtomicNum()) != kElements.end();
}

/// Whether one hydrogen more makes a neutral atom of ordinary valence.
bool can_take_proton(const RDKit::Atom& atom) {
  constexpr std::array<int, 5> kHalogens{9, 17, 35, 53, 85};
  const int element = atom.getAtomicNum();
  const bool halogen = std::find(kHalogens.begin(), kHalogens.end(), element) != kHalogens.end();
  if (element != 6 && !halogen && !is_base(atom)) return false;
  if (atom.getIsAromatic() && element != 7) return false;
  const int valence = static_cast<int>(atom.getTotalValence()) + 1;
  const int usual = RDKit::PeriodicTable::getTable()->getValenceList(element).front();
  return valence <= std::max(usual, 1);
}

/// True if a charge was taken away.
bool neutralise(RDKit::RWMol& molecule) {
  bool changed = false;
  for (auto* atom : molecule.atoms()) {
    const int charge = atom->getFormalCharge();
    const auto hydrogens = static_cast<unsigned>(atom->getTotalNumHs());
    if (charge == 1 && hydrogens > 0 && is_base(*atom) &&
        !has_neighbour_with_charge(molecule, *atom, -1)) {
      atom->setNumExplicitHs(hydrogens - 1);
    } else if (charge == -1 && can_take_proton(*atom) &&
               !has_neighbour_with_charge(molecule, *atom, 1)) {
      atom->setNumExplicitHs(hydrogens + 1);
    } else {
      continue;
    }
    atom->setFormalCharge(0);
    atom->setNoImplicit(false);
    atom->updatePropertyCache(false);
    changed = true;
  }
  return changed;
}

bool has_charge(const RDKit::ROMol& molecule) {
  for (const auto* atom : molecule.atoms()) {
    if (atom->getFormalCharge() != 0) return true;
  }
  return false;
}

bool has_stereo_or_isotope(const RDKit::ROMol& molecule) {
  for (const auto* atom : molecule.atoms()) {
    if (atom->getIsotope() != 0 || atom->getChiralTag() != RDKit::Atom::CHI_UNSPECIFIED)
      return true;
  }
  for (const auto* bond : molecule.bonds()) {
    if (bond->getStereo() != RDKit::Bond::STEREONONE || bond->getBondDir() != RDKit::Bond::NONE) {
      return true;
    }
  }
  return false;
}

/// A SMILES of an edited molecule, as that of the molecule it names: stereo that the edit made
/// meaningless goes, aromaticity is perceived anew.
std::string text_again(const std::string& smiles) {
  const ParsedMolecule parsed = parse_smiles(smiles, kMaxMoleculeAtoms);
  if (!parsed.molecule) fail(ErrorKind::internal, parsed.problem);
  return canonical_text(*parsed.molecule);
}

std::string text_of_fragment(const RDKit::ROMol& fragment, Scheme scheme) {
  if (scheme == Scheme::largest) return canonical_text(fragment);
  RDKit::RWMol molecule(fragment);
  bool changed = has_charge(molecule) && neutralise(molecule);
  if (scheme == Scheme::parent && has_stereo_or_isotope(molecule)) {
    for (auto* atom : molecule.atoms()) atom->setIsotope(0);
    RDKit::MolOps::removeStereochemistry(molecule);
    changed = true;
  }
  const std::string text = canonical_text(molecule);
  return changed ? text_again(text) : text;
}

bool has_one_fragment(const RDKit::ROMol& molecule) {
  std::vector<int> fragment_of_atom;
  return RDKit::MolOps::getMolFrags(molecule, fragment_of_atom) == 1;
}

}  // namespace

Scheme find_scheme(const std::string& name) {
  const auto names = standardise_schemes();
  const auto place = std::find(names.begin(), names.end(), name);
  if (place == names.end()) {
    const std::string near = nearest_word(name, names);
    fail(ErrorKind::usage, "there is no way to standardise \"" + name + "\"", {},
         (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
             "there are: " + join(names, ", "));
  }
  return static_cast<Scheme>(place - names.begin());
}

bool scheme_changes(const RDKit::RWMol& molecule, Scheme scheme) {
  if (scheme == Scheme::none) return false;
  if (!has_one_fragment(molecule)) return true;
  if (scheme == Scheme::largest) return false;
  return has_charge(molecule) || (scheme == Scheme::parent && has_stereo_or_isotope(molecule));
}

std::string standard_text(const RDKit::RWMol& molecule, Scheme scheme) {
  if (!scheme_changes(molecule, scheme)) return canonical_text(molecule);
  if (has_one_fragment(molecule)) return text_of_fragment(molecule, scheme);
  std::string best;
  unsigned best_atoms = 0;
  for (const auto& fragment : RDKit::MolOps::getMolFrags(molecule)) {
    const unsigned atoms = fragment->getNumHeavyAtoms();
    if (!best.empty() && atoms < best_atoms) continue;
    const std::string text = text_of_fragment(*fragment, scheme);
    if (best.empty() || atoms > best_atoms || text < best) {
      best = text;
      best_atoms = atoms;
    }
  }
  return best;
}

ParsedMolecule standardised(ParsedMolecule parsed, Scheme scheme, std::uint64_t max_atoms) {
  if (!parsed.molecule) return parsed;
  try {
    if (!scheme_changes(*parsed.molecule, scheme)) return parsed;
    return parse_smiles(standard_text(*parsed.molecule, scheme), max_atoms);
  } catch (const std::exception& error) {
    return {nullptr, "cannot be standardised: " + short_message(error.what())};
  }
}

}  // namespace cupel::detail

namespace cupel {

std::span<const std::string> standardise_schemes() noexcept {
  static const std::vector<std::string> kSchemes{"none", "largest", "neutral", "parent"};
  return kSchemes;
}

}  // namespace cupel

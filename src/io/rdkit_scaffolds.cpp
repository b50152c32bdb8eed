#include <GraphMol/GraphMol.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_molecule.hpp"
#include "io/scaffolds.hpp"

namespace cupel {
namespace {

using Molecule = std::unique_ptr<RDKit::ROMol>;

/// Calls body(i) for every molecule, some at a time.
void for_molecules(const Context& context, std::size_t n,
                   const std::function<void(std::size_t)>& body) {
  constexpr std::size_t kChunk = 32;
  parallel_for(context, (n + kChunk - 1) / kChunk, [&](std::size_t chunk) {
    context.check_cancelled();
    const std::size_t end = std::min((chunk + 1) * kChunk, n);
    for (std::size_t i = chunk * kChunk; i < end; ++i) body(i);
  });
}

std::string no_scaffold(const std::exception& error) {
  return "no scaffold: " + detail::short_message(error.what());
}

// MakeScaffoldGeneric; throws where an atom has more bonds than carbon can have.
Molecule generic(const RDKit::ROMol& molecule) {
  RDKit::ROMol graph(molecule);
  for (auto* atom : graph.atoms()) {
    if (atom->getAtomicNum() != 1) atom->setAtomicNum(6);
    atom->setIsAromatic(false);
    atom->setFormalCharge(0);
    atom->setChiralTag(RDKit::Atom::CHI_UNSPECIFIED);
    atom->setNoImplicit(false);
    atom->setNumExplicitHs(0);
  }
  for (auto* bond : graph.bonds()) {
    bond->setBondType(RDKit::Bond::SINGLE);
    bond->setIsAromatic(false);
  }
  return Molecule(RDKit::MolOps::removeHs(graph));
}

struct Scaffold {
  Molecule molecule;
  bool fell_back = false;
};

Scaffold make_scaffold(const RDKit::ROMol& molecule, ScaffoldKind kind) {
  if (kind == ScaffoldKind::murcko) return {detail::murcko_framework(molecule)};
  if (kind == ScaffoldKind::generic) return {generic(*detail::murcko_framework(molecule))};
  try {
    return {generic(molecule)};
  } catch (const std::exception&) {
    return {detail::murcko_framework(molecule), true};
  }
}

constexpr std::array kKinds{ScaffoldKind::murcko, ScaffoldKind::generic,
                            ScaffoldKind::generic_whole};

bool is_cut(const RDKit::ROMol& molecule, const RDKit::Bond& bond, CutRule rule) {
  if (molecule.getRingInfo()->numBondRings(bond.getIdx()) > 0) return false;
  const auto* begin = bond.getBeginAtom();
  const auto* end = bond.getEndAtom();
  if (rule == CutRule::acyclic) {
    return bond.getBondType() == RDKit::Bond::SINGLE && begin->getAtomicNum() != 1 &&
           end->getAtomicNum() != 1;
  }
  if (bond.getBondType() == RDKit::Bond::DOUBLE || bond.getBondType() == RDKit::Bond::TRIPLE)
    return false;
  const auto is_plain_carbon = [&](const RDKit::Atom* atom) {
    if (atom->getAtomicNum() != 6 || atom->getFormalCharge() != 0) return false;
    for (const auto* other : molecule.atomBonds(atom)) {
      const bool is_multiple = other->getBondType() == RDKit::Bond::DOUBLE ||
                               other->getBondType() == RDKit::Bond::TRIPLE;
      if (is_multiple && other->getOtherAtom(atom)->getAtomicNum() != 6) return false;
    }
    return true;
  };
  return is_plain_carbon(begin) || is_plain_carbon(end);
}

/// Atoms on the side of `from` when its bond to `to` is cut; `from` stands first.
std::vector<int> side_of(const RDKit::ROMol& molecule, unsigned from, unsigned to) {
  std::vector<std::uint8_t> seen(molecule.getNumAtoms(), 0);
  std::vector<int> atoms{static_cast<int>(from)};
  seen[from] = seen[to] = 1;
  for (std::size_t k = 0; k < atoms.size(); ++k) {
    const auto* atom = molecule.getAtomWithIdx(static_cast<unsigned>(atoms[k]));
    for (const auto* neighbour : molecule.atomNeighbors(atom)) {
      if (seen[neighbour->getIdx()] != 0) continue;
      seen[neighbour->getIdx()] = 1;
      atoms.push_back(static_cast<int>(neighbour->getIdx()));
    }
  }
  return atoms;
}

std::uint32_t count_heavy(const RDKit::ROMol& molecule, const std::vector<int>& atoms) {
  return static_cast<std::uint32_t>(std::count_if(atoms.begin(), atoms.end(), [&](int atom) {
    return molecule.getAtomWithIdx(static_cast<unsigned>(atom))->getAtomicNum() > 1;
  }));
}

/// Makes an atom an attachment point as long as this lives. Atoms and bonds keep their order, so
/// that stereo centres keep their meaning without building the fragment as a molecule of its own.
class AttachmentPoint {
 public:
  explicit AttachmentPoint(RDKit::Atom& atom)
      : atom_(atom),
        number_(atom.getAtomicNum()),
        charge_(atom.getFormalCharge()),
        isotope_(atom.getIsotope()),
        hydrogens_(atom.getNumExplicitHs()),
        radicals_(atom.getNumRadicalElectrons()),
        map_(atom.getAtomMapNum()),
        no_implicit_(atom.getNoImplicit()),
        aromatic_(atom.getIsAromatic()),
        tag_(atom.getChiralTag()) {
    atom_.setAtomicNum(0);
    atom_.setFormalCharge(0);
    atom_.setIsotope(0);
    atom_.setNumExplicitHs(0);
    atom_.setNumRadicalElectrons(0);
    atom_.setAtomMapNum(1);
    atom_.setNoImplicit(true);
    atom_.setIsAromatic(false);
    atom_.setChiralTag(RDKit::Atom::CHI_UNSPECIFIED);
    atom_.updatePropertyCache(false);
  }
  ~AttachmentPoint() {
    atom_.setAtomicNum(number_);
    atom_.setFormalCharge(charge_);
    atom_.setIsotope(isotope_);
    atom_.setNumExplicitHs(hydrogens_);
    atom_.setNumRadicalElectrons(radicals_);
    atom_.setAtomMapNum(map_);
    atom_.setNoImplicit(no_implicit_);
    atom_.setIsAromatic(aromatic_);
    atom_.setChiralTag(tag_);
    atom_.updatePropertyCache(false);
  }
  AttachmentPoint(const AttachmentPoint&) = delete;
  AttachmentPoint& operator=(const AttachmentPoint&) = delete;

 private:
  RDKit::Atom& atom_;
  int number_;
  int charge_;
  unsigned isotope_;
  unsigned hydrogens_;
  unsigned radicals_;
  int map_;
  bool no_implicit_;
  bool aromatic_;
  RDKit::Atom::ChiralType tag_;
};

/// The atoms of one side, `attachment` being the atom beyond the cut, as canonical SMILES.
std::string fragment_smiles(RDKit::RWMol& molecule, std::vector<int> atoms, unsigned attachment) {
  const AttachmentPoint point(*molecule.getAtomWithIdx(attachment));
  atoms.push_back(static_cast<int>(attachment));
  return RDKit::MolFragmentToSmiles(molecule, atoms);
}

std::vector<SingleCut> cut(RDKit::RWMol& molecule, const MatchedPairOptions& options) {
  std::vector<SingleCut> cuts;
  for (unsigned index = 0; index < molecule.getNumBonds(); ++index) {
    const auto& bond = *molecule.getBondWithIdx(index);
    if (!is_cut(molecule, bond, options.cuts)) continue;
    const std::array<unsigned, 2> ends{bond.getBeginAtomIdx(), bond.getEndAtomIdx()};
    const std::array sides{side_of(molecule, ends[0], ends[1]),
                           side_of(molecule, ends[1], ends[0])};
    const std::array sizes{count_heavy(molecule, sides[0]), count_heavy(molecule, sides[1])};
    for (const std::size_t core : {0U, 1U}) {
      const std::size_t rest = 1 - core;
      if (sizes[rest] > options.max_substituent_atoms ||
          static_cast<double>(sizes[core]) < options.min_core_ratio * sizes[rest])
        continue;
      std::vector<int> core_atoms = sides[core];
      if (sides[0].size() + sides[1].size() < molecule.getNumAtoms()) {
        std::vector<std::uint8_t> cut_off(molecule.getNumAtoms(), 0);
        for (const int atom : sides[rest]) cut_off[static_cast<std::size_t>(atom)] = 1;
        core_atoms.clear();
        for (unsigned atom = 0; atom < molecule.getNumAtoms(); ++atom) {
          if (cut_off[atom] == 0) core_atoms.push_back(static_cast<int>(atom));
        }
      }
      cuts.push_back({.core = fragment_smiles(molecule, std::move(core_atoms), ends[rest]),
                      .substituent = fragment_smiles(molecule, sides[rest], ends[core]),
                      .core_atoms = sizes[core],
                      .substituent_atoms = sizes[rest]});
    }
  }
  return cuts;
}

}  // namespace

std::string_view to_string(ScaffoldKind kind) noexcept {
  switch (kind) {
    case ScaffoldKind::murcko:
      return "murcko";
    case ScaffoldKind::generic:
      return "generic";
    case ScaffoldKind::generic_whole:
      return "generic_whole";
  }
  return "";
}

ScaffoldKind find_scaffold_kind(std::string_view name) {
  std::vector<std::string> names;
  for (const ScaffoldKind kind : kKinds) {
    if (to_string(kind) == name) return kind;
    names.emplace_back(to_string(kind));
  }
  const std::string nearest = nearest_word(name, names);
  fail(ErrorKind::usage, "there is no scaffold \"" + std::string(name) + "\"", {},
       nearest.empty() ? "choose one of " + join(names, ", ") : "did you mean " + nearest + "?");
}

CutRule find_cut_rule(std::string_view name) {
  if (name == "acyclic") return CutRule::acyclic;
  if (name == "rdkit") return CutRule::rdkit;
  fail(ErrorKind::usage, "there is no rule \"" + std::string(name) + "\" of bonds to cut", {},
       "choose acyclic or rdkit");
}

Scaffolds scaffolds(std::span<const std::string> smiles, ScaffoldKind kind,
                    const Context& context) {
  Scaffolds result{.smiles = std::vector<std::string>(smiles.size()),
                   .problem = std::vector<std::string>(smiles.size()),
                   .fell_back = std::vector<std::uint8_t>(smiles.size(), 0)};
  for_molecules(context, smiles.size(), [&](std::size_t i) {
    detail::ParsedMolecule parsed = detail::parse_smiles(smiles[i], kMaxMoleculeAtoms);
    result.problem[i] = std::move(parsed.problem);
    if (!parsed.molecule) return;
    try {
      const Scaffold scaffold = make_scaffold(*parsed.molecule, kind);
      result.smiles[i] = RDKit::MolToSmiles(*scaffold.molecule, false);
      result.fell_back[i] = scaffold.fell_back ? 1 : 0;
    } catch (const std::exception& error) {
      result.problem[i] = no_scaffold(error);
    }
  });
  return result;
}

EcfpWithScaffold ecfp_with_scaffold(std::span<const std::string> smiles, ScaffoldKind kind,
                                    const EcfpOptions& options, const EcfpOptions& of_scaffold,
                                    const Context& context) {
  const auto morgan = [](const EcfpOptions& ecfp) {
    return MoleculeFingerprintOptions{
        .radius = ecfp.radius, .n_bits = ecfp.n_bits, .chirality = ecfp.chirality};
  };
  const auto none = [&](const EcfpOptions& ecfp) {
    detail::check_fingerprint(morgan(ecfp), false);
    return PackedFingerprints{.bits = PackedBits(smiles.size(), ecfp.n_bits),
                              .problem = std::vector<std::string>(smiles.size())};
  };
  EcfpWithScaffold result{.whole = none(options), .scaffold = none(of_scaffold)};
  for_molecules(context, smiles.size(), [&](std::size_t i) {
    const auto parsed = detail::parse_smiles(smiles[i], kMaxMoleculeAtoms);
    result.whole.problem[i] = result.scaffold.problem[i] = parsed.problem;
    if (!parsed.molecule) return;
    try {
      detail::set_fingerprint(*parsed.molecule, morgan(options), result.whole.bits.row(i));
    } catch (const std::exception& error) {
      result.whole.problem[i] = "RDKit gave up: " + detail::short_message(error.what());
    }
    try {
      const Scaffold scaffold = make_scaffold(*parsed.molecule, kind);
      detail::set_fingerprint(*scaffold.molecule, morgan(of_scaffold), result.scaffold.bits.row(i));
    } catch (const std::exception& error) {
      result.scaffold.problem[i] = no_scaffold(error);
    }
  });
  return result;
}

PackedFingerprints scaffold_ecfp(std::span<const std::string> smiles, ScaffoldKind kind,
                                 const EcfpOptions& options, const Context& context) {
  const EcfpOptions least{.radius = 0, .n_bits = 64};
  return ecfp_with_scaffold(smiles, kind, least, options, context).scaffold;
}

std::vector<std::vector<SingleCut>> single_cuts(std::span<const std::string> smiles,
                                                const MatchedPairOptions& options,
                                                const Context& context) {
  std::vector<std::vector<SingleCut>> cuts(smiles.size());
  for_molecules(context, smiles.size(), [&](std::size_t i) {
    const auto parsed = detail::parse_smiles(smiles[i], kMaxMoleculeAtoms);
    if (!parsed.molecule) return;
    try {
      cuts[i] = cut(*parsed.molecule, options);
    } catch (const std::exception& error) {
      context.say(LogLevel::warning, "molecule " + std::to_string(i) +
                                         " cannot be cut: " + detail::short_message(error.what()));
    }
  });
  return cuts;
}

}  // namespace cupel

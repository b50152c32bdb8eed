#include "io/rdkit_fingerprint.hpp"

#include <DataStructs/ExplicitBitVect.h>
#include <GraphMol/Fingerprints/MorganFingerprints.h>
#include <GraphMol/GraphMol.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/RDLog.h>
#include <RDGeneral/versions.h>

#include <algorithm>
#include <memory>

#include "base/parallel.hpp"

namespace cupel {
namespace {

struct Parsed {
  std::unique_ptr<RDKit::RWMol> molecule;
  std::string problem;
};

/// RDKit reports by exception, by null, and in its log; all become one sentence. The caller keeps
/// the log quiet: its state is the process's, so that threads must not switch it.
Parsed parse_quietly(const std::string& smiles) {
  Parsed parsed;
  try {
    parsed.molecule.reset(RDKit::SmilesToMol(smiles));
    if (!parsed.molecule)
      parsed.problem = "not a valid SMILES";
    else if (parsed.molecule->getNumAtoms() == 0)
      parsed.problem = "no atoms";
  } catch (const std::exception& error) {
    parsed.problem = error.what();
  }
  if (!parsed.problem.empty()) parsed.molecule.reset();
  return parsed;
}

Parsed parse(const std::string& smiles) {
  const RDLog::LogStateSetter quiet;
  return parse_quietly(smiles);
}

bool has_neighbour_with_charge(const RDKit::ROMol& molecule, const RDKit::Atom& atom, int sign) {
  for (const auto* neighbour : molecule.atomNeighbors(&atom)) {
    if (neighbour->getFormalCharge() * sign > 0) return true;
  }
  return false;
}

/// Takes or gives the proton of every +1 or -1 atom that is not balanced by a neighbour (a nitro
/// group keeps its charges).
void neutralise(RDKit::RWMol& molecule) {
  for (auto* atom : molecule.atoms()) {
    const int charge = atom->getFormalCharge();
    const auto hydrogens = static_cast<unsigned>(atom->getTotalNumHs());
    if (charge == 1 && hydrogens > 0 && !has_neighbour_with_charge(molecule, *atom, -1)) {
      atom->setFormalCharge(0);
      atom->setNumExplicitHs(hydrogens - 1);
    } else if (charge == -1 && !has_neighbour_with_charge(molecule, *atom, 1)) {
      atom->setFormalCharge(0);
      atom->setNumExplicitHs(hydrogens + 1);
    } else {
      continue;
    }
    atom->setNoImplicit(false);
    atom->updatePropertyCache(false);
  }
}

}  // namespace

Fingerprints ecfp4(std::span<const std::string> smiles, std::size_t n_bits) {
  Fingerprints result{.bits = Matrix<float>(smiles.size(), n_bits),
                      .present = std::vector<std::uint8_t>(smiles.size(), 0),
                      .problem = std::vector<std::string>(smiles.size())};
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    if (smiles[i].empty()) continue;
    const Parsed parsed = parse(smiles[i]);
    result.problem[i] = parsed.problem;
    if (!parsed.molecule) continue;
    const std::unique_ptr<ExplicitBitVect> bits(RDKit::MorganFingerprints::getFingerprintAsBitVect(
        *parsed.molecule, 2, static_cast<unsigned>(n_bits)));
    IntVect on;
    bits->getOnBits(on);
    for (const int bit : on) result.bits(i, static_cast<std::size_t>(bit)) = 1.0F;
    result.present[i] = 1;
  }
  return result;
}

PackedFingerprints ecfp(std::span<const std::string> smiles, const EcfpOptions& options,
                        const Context& context) {
  constexpr std::size_t kChunk = 64;
  const RDLog::LogStateSetter quiet;
  PackedFingerprints result{.bits = PackedBits(smiles.size(), options.n_bits),
                            .problem = std::vector<std::string>(smiles.size())};
  parallel_for(context, (smiles.size() + kChunk - 1) / kChunk, [&](std::size_t chunk) {
    const std::size_t end = std::min((chunk + 1) * kChunk, smiles.size());
    IntVect on;
    for (std::size_t i = chunk * kChunk; i < end; ++i) {
      const Parsed parsed = parse_quietly(smiles[i]);
      result.problem[i] = parsed.problem;
      if (!parsed.molecule) continue;
      const std::unique_ptr<ExplicitBitVect> bits(
          RDKit::MorganFingerprints::getFingerprintAsBitVect(*parsed.molecule, options.radius,
                                                             static_cast<unsigned>(options.n_bits),
                                                             nullptr, nullptr, options.chirality));
      bits->getOnBits(on);
      for (const int bit : on) result.bits.set(i, static_cast<std::size_t>(bit));
    }
  });
  return result;
}

std::string parent_smiles(const std::string& smiles) {
  const Parsed parsed = parse(smiles);
  if (!parsed.molecule) return "";
  const RDLog::LogStateSetter quiet;
  try {
    const auto fragments = RDKit::MolOps::getMolFrags(*parsed.molecule);
    std::string best;
    unsigned best_atoms = 0;
    for (const auto& fragment : fragments) {
      RDKit::RWMol molecule(*fragment);
      neutralise(molecule);
      RDKit::MolOps::removeStereochemistry(molecule);
      const std::string text = RDKit::MolToSmiles(molecule, false);
      const unsigned atoms = molecule.getNumHeavyAtoms();
      if (atoms > best_atoms || (atoms == best_atoms && text < best)) {
        best = text;
        best_atoms = atoms;
      }
    }
    return best;
  } catch (const std::exception&) {
    return "";
  }
}

std::string canonical_smiles(const std::string& smiles) {
  const Parsed parsed = parse(smiles);
  if (!parsed.molecule) return "";
  const RDLog::LogStateSetter quiet;
  return RDKit::MolToSmiles(*parsed.molecule);
}

std::string smiles_problem(const std::string& smiles) { return parse(smiles).problem; }

std::string rdkit_version() { return RDKit::rdkitVersion; }

}  // namespace cupel

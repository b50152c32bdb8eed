// Descriptors of one molecule. Names are those of rdkit.Chem.Descriptors where it has them.
#include <string>
#include <vector>

#define RDK_HAS_EIGEN3  // as Debian's library was built; its header asks
#include <GraphMol/Descriptors/AUTOCORR2D.h>
#include <GraphMol/Descriptors/BCUT.h>
#include <GraphMol/Descriptors/MQN.h>
#include <GraphMol/Descriptors/MolDescriptors.h>
#include <GraphMol/GraphMol.h>
#include <GraphMol/MolOps.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_molecule.hpp"

namespace cupel {
namespace {

namespace D = RDKit::Descriptors;
using RDKit::ROMol;

constexpr std::size_t kMqn = 42;
constexpr std::size_t kAutocorrelations = 192;

/// Descriptors of one number each.
struct Scalar {
  const char* name;
  double (*value)(const ROMol&);
};

constexpr Scalar kScalars[] = {
    {"MolWt", [](const ROMol& m) { return D::calcAMW(m); }},
    {"HeavyAtomMolWt", [](const ROMol& m) { return D::calcAMW(m, true); }},
    {"ExactMolWt", [](const ROMol& m) { return D::calcExactMW(m); }},
    {"Chi0n", [](const ROMol& m) { return D::calcChi0n(m); }},
    {"Chi0v", [](const ROMol& m) { return D::calcChi0v(m); }},
    {"Chi1n", [](const ROMol& m) { return D::calcChi1n(m); }},
    {"Chi1v", [](const ROMol& m) { return D::calcChi1v(m); }},
    {"Chi2n", [](const ROMol& m) { return D::calcChi2n(m); }},
    {"Chi2v", [](const ROMol& m) { return D::calcChi2v(m); }},
    {"Chi3n", [](const ROMol& m) { return D::calcChi3n(m); }},
    {"Chi3v", [](const ROMol& m) { return D::calcChi3v(m); }},
    {"Chi4n", [](const ROMol& m) { return D::calcChi4n(m); }},
    {"Chi4v", [](const ROMol& m) { return D::calcChi4v(m); }},
    {"HallKierAlpha", [](const ROMol& m) { return D::calcHallKierAlpha(m); }},
    {"Kappa1", [](const ROMol& m) { return D::calcKappa1(m); }},
    {"Kappa2", [](const ROMol& m) { return D::calcKappa2(m); }},
    {"Kappa3", [](const ROMol& m) { return D::calcKappa3(m); }},
    {"Phi", [](const ROMol& m) { return D::calcPhi(m); }},
    {"LabuteASA", [](const ROMol& m) { return D::calcLabuteASA(m); }},
    {"TPSA", [](const ROMol& m) { return D::calcTPSA(m); }},
    {"FractionCSP3", [](const ROMol& m) { return D::calcFractionCSP3(m); }},
    {"HeavyAtomCount", [](const ROMol& m) { return double(m.getNumHeavyAtoms()); }},
    {"NHOHCount", [](const ROMol& m) { return double(D::calcLipinskiHBD(m)); }},
    {"NOCount", [](const ROMol& m) { return double(D::calcLipinskiHBA(m)); }},
    {"NumAliphaticCarbocycles",
     [](const ROMol& m) { return double(D::calcNumAliphaticCarbocycles(m)); }},
    {"NumAliphaticHeterocycles",
     [](const ROMol& m) { return double(D::calcNumAliphaticHeterocycles(m)); }},
    {"NumAliphaticRings", [](const ROMol& m) { return double(D::calcNumAliphaticRings(m)); }},
    {"NumAromaticCarbocycles",
     [](const ROMol& m) { return double(D::calcNumAromaticCarbocycles(m)); }},
    {"NumAromaticHeterocycles",
     [](const ROMol& m) { return double(D::calcNumAromaticHeterocycles(m)); }},
    {"NumAromaticRings", [](const ROMol& m) { return double(D::calcNumAromaticRings(m)); }},
    {"NumHAcceptors", [](const ROMol& m) { return double(D::calcNumHBA(m)); }},
    {"NumHDonors", [](const ROMol& m) { return double(D::calcNumHBD(m)); }},
    {"NumHeteroatoms", [](const ROMol& m) { return double(D::calcNumHeteroatoms(m)); }},
    {"NumRotatableBonds", [](const ROMol& m) { return double(D::calcNumRotatableBonds(m)); }},
    {"NumSaturatedCarbocycles",
     [](const ROMol& m) { return double(D::calcNumSaturatedCarbocycles(m)); }},
    {"NumSaturatedHeterocycles",
     [](const ROMol& m) { return double(D::calcNumSaturatedHeterocycles(m)); }},
    {"NumSaturatedRings", [](const ROMol& m) { return double(D::calcNumSaturatedRings(m)); }},
    {"NumHeterocycles", [](const ROMol& m) { return double(D::calcNumHeterocycles(m)); }},
    {"NumAmideBonds", [](const ROMol& m) { return double(D::calcNumAmideBonds(m)); }},
    {"NumSpiroAtoms", [](const ROMol& m) { return double(D::calcNumSpiroAtoms(m)); }},
    {"NumBridgeheadAtoms", [](const ROMol& m) { return double(D::calcNumBridgeheadAtoms(m)); }},
    {"NumAtomStereoCenters", [](const ROMol& m) { return double(D::numAtomStereoCenters(m)); }},
    {"NumUnspecifiedAtomStereoCenters",
     [](const ROMol& m) { return double(D::numUnspecifiedAtomStereoCenters(m)); }},
    {"RingCount", [](const ROMol& m) { return double(D::calcNumRings(m)); }},
    {"MolLogP", [](const ROMol& m) { return D::calcClogP(m); }},
    {"MolMR", [](const ROMol& m) { return D::calcMR(m); }},
};

/// Descriptors of many numbers at once.
struct Vector {
  const char* prefix;
  std::size_t size;
  std::vector<double> (*values)(const ROMol&);
};

std::vector<double> mqn(const ROMol& molecule) {
  const auto values = D::calcMQNs(molecule);
  return {values.begin(), values.end()};
}

std::vector<double> autocorrelations(const ROMol& molecule) {
  std::vector<double> values;
  D::AUTOCORR2D(molecule, values);
  return values;
}

const Vector kVectors[] = {
    {"PEOE_VSA", 14, [](const ROMol& m) { return D::calcPEOE_VSA(m); }},
    {"SMR_VSA", 10, [](const ROMol& m) { return D::calcSMR_VSA(m); }},
    {"SlogP_VSA", 12, [](const ROMol& m) { return D::calcSlogP_VSA(m); }},
    {"MQN", kMqn, mqn},
    {"AUTOCORR2D_", kAutocorrelations, autocorrelations},
};

constexpr std::array<const char*, 8> kBcut{"BCUT2D_MWHI",  "BCUT2D_MWLOW",  "BCUT2D_CHGHI",
                                           "BCUT2D_CHGLO", "BCUT2D_LOGPHI", "BCUT2D_LOGPLOW",
                                           "BCUT2D_MRHI",  "BCUT2D_MRLOW"};

constexpr std::array<const char*, 11> kPhyschem{"exact_molecular_weight",
                                                "logp",
                                                "hbond_donors",
                                                "hbond_acceptors",
                                                "rotatable_bonds",
                                                "atoms",
                                                "heavy_atoms",
                                                "molar_refractivity",
                                                "tpsa",
                                                "formal_charge",
                                                "rings"};
constexpr std::array<const char*, 4> kSize{"heavy_atoms", "molecular_weight", "logp", "tpsa"};

std::vector<std::string> rdkit2d_names() {
  std::vector<std::string> names;
  for (const auto& scalar : kScalars) names.emplace_back(scalar.name);
  for (const auto& vector : kVectors) {
    for (std::size_t k = 1; k <= vector.size; ++k) {
      names.push_back(vector.prefix + std::to_string(k));
    }
  }
  names.insert(names.end(), kBcut.begin(), kBcut.end());
  return names;
}

void fill_physchem(const ROMol& molecule, const detail::Crippen& crippen, std::span<float> values) {
  const std::array<double, 11> all{D::calcExactMW(molecule),
                                   crippen.logp,
                                   double(D::calcNumHBD(molecule)),
                                   double(D::calcNumHBA(molecule)),
                                   double(D::calcNumRotatableBonds(molecule)),
                                   double(molecule.getNumAtoms()),
                                   double(molecule.getNumHeavyAtoms()),
                                   crippen.refractivity,
                                   D::calcTPSA(molecule),
                                   double(RDKit::MolOps::getFormalCharge(molecule)),
                                   double(D::calcNumRings(molecule))};
  std::ranges::transform(all, values.begin(), [](double v) { return static_cast<float>(v); });
}

void fill_size(const ROMol& molecule, const detail::Crippen& crippen, std::span<float> values) {
  values[0] = static_cast<float>(molecule.getNumHeavyAtoms());
  values[1] = static_cast<float>(D::calcAMW(molecule));
  values[2] = static_cast<float>(crippen.logp);
  values[3] = static_cast<float>(D::calcTPSA(molecule));
}

/// NaN for what RDKit refuses (charges of metals) or what is not finite.
void fill_rdkit2d(const ROMol& molecule, std::span<float> values) {
  std::ranges::fill(values, std::numeric_limits<float>::quiet_NaN());
  std::size_t at = 0;
  const auto guarded = [&](std::size_t n, const auto& compute) {
    try {
      const std::vector<double> found = compute();
      for (std::size_t k = 0; k < std::min(n, found.size()); ++k) {
        if (std::isfinite(found[k])) values[at + k] = static_cast<float>(found[k]);
      }
    } catch (const std::exception&) {
      // stays NaN
    }
    at += n;
  };
  for (const auto& scalar : kScalars) {
    guarded(1, [&] { return std::vector<double>{scalar.value(molecule)}; });
  }
  for (const auto& vector : kVectors) {
    guarded(vector.size, [&] { return vector.values(molecule); });
  }
  guarded(kBcut.size(), [&] { return D::BCUT2D(molecule); });
}

}  // namespace

std::span<const std::string> descriptor_sets() noexcept {
  static const std::vector<std::string> kSets{"physchem", "size", "rdkit2d"};
  return kSets;
}

std::vector<std::string> descriptor_names(const std::string& set) {
  if (set == "physchem") return {kPhyschem.begin(), kPhyschem.end()};
  if (set == "size") return {kSize.begin(), kSize.end()};
  if (set == "rdkit2d") return rdkit2d_names();
  const auto sets = descriptor_sets();
  const std::string near = nearest_word(set, sets);
  fail(ErrorKind::usage, "there is no set of descriptors \"" + set + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "there are: " + join(sets, ", "));
}

void detail::fill_descriptors(const RDKit::ROMol& molecule, const std::string& set,
                              SharedDescriptors& shared, std::span<float> values) {
  if (set == "rdkit2d") return fill_rdkit2d(molecule, values);
  if (!shared.crippen) shared.crippen = crippen(molecule);
  if (set == "physchem") return fill_physchem(molecule, *shared.crippen, values);
  fill_size(molecule, *shared.crippen, values);
}

}  // namespace cupel

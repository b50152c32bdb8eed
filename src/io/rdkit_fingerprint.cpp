#include "io/rdkit_fingerprint.hpp"

#include <DataStructs/ExplicitBitVect.h>
#include <DataStructs/SparseIntVect.h>
#include <GraphMol/Fingerprints/AtomPairs.h>
#include <GraphMol/Fingerprints/Fingerprints.h>
#include <GraphMol/Fingerprints/MACCS.h>
#include <GraphMol/Fingerprints/MorganFingerprints.h>
#include <GraphMol/GraphMol.h>
#include <RDGeneral/versions.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_molecule.hpp"

namespace cupel {
namespace {

constexpr std::size_t kMaccsBits = 167;
constexpr std::size_t kMaxBits = std::size_t{1} << 20;
constexpr unsigned kMaxRadius = 10;
constexpr unsigned kMaxPairDistance = RDKit::AtomPairs::maxPathLen - 1;
constexpr std::array<std::string_view, 6> kNames{
    "ecfp", "fcfp", "maccs", "atom_pair", "topological_torsion", "rdkit"};

using Bits = std::unique_ptr<ExplicitBitVect>;

unsigned width_of(const MoleculeFingerprintOptions& options) {
  return static_cast<unsigned>(options.n_bits);
}

/// Invariants of the features of atoms for FCFP; empty (RDKit takes its own) for ECFP.
std::vector<std::uint32_t> invariants_of(const RDKit::ROMol& molecule, FingerprintKind kind) {
  std::vector<std::uint32_t> invariants;
  if (kind == FingerprintKind::fcfp) {
    invariants.resize(molecule.getNumAtoms());
    RDKit::MorganFingerprints::getFeatureInvariants(molecule, invariants);
  }
  return invariants;
}

Bits morgan_bits(const RDKit::ROMol& molecule, const MoleculeFingerprintOptions& options) {
  auto invariants = invariants_of(molecule, options.kind);
  return Bits(RDKit::MorganFingerprints::getFingerprintAsBitVect(
      molecule, options.radius, width_of(options), invariants.empty() ? nullptr : &invariants,
      nullptr, options.chirality));
}

Bits bits_of(const RDKit::ROMol& molecule, const MoleculeFingerprintOptions& options) {
  switch (options.kind) {
    case FingerprintKind::ecfp:
    case FingerprintKind::fcfp:
      return morgan_bits(molecule, options);
    case FingerprintKind::maccs:
      return Bits(RDKit::MACCSFingerprints::getFingerprintAsBitVect(molecule));
    case FingerprintKind::atom_pair:
      return Bits(RDKit::AtomPairs::getHashedAtomPairFingerprintAsBitVect(
          molecule, width_of(options), 1, kMaxPairDistance, nullptr, nullptr, nullptr, 4,
          options.chirality));
    case FingerprintKind::topological_torsion:
      return Bits(RDKit::AtomPairs::getHashedTopologicalTorsionFingerprintAsBitVect(
          molecule, width_of(options), 4, nullptr, nullptr, nullptr, 4, options.chirality));
    case FingerprintKind::rdkit:
      return Bits(RDKit::RDKFingerprintMol(molecule, 1, 7, width_of(options)));
  }
  return nullptr;
}

template <typename Index>
void copy_counts(const std::unique_ptr<RDKit::SparseIntVect<Index>>& from,
                 std::span<std::uint16_t> counts) {
  constexpr int kLargest = std::numeric_limits<std::uint16_t>::max();
  for (const auto& [bit, count] : from->getNonzeroElements()) {
    counts[static_cast<std::size_t>(bit)] =
        static_cast<std::uint16_t>(std::clamp(count, 0, kLargest));
  }
}

}  // namespace

namespace detail {

void check_fingerprint(const MoleculeFingerprintOptions& options, bool counts) {
  const std::string name(to_string(options.kind));
  if (counts &&
      (options.kind == FingerprintKind::maccs || options.kind == FingerprintKind::rdkit)) {
    fail(ErrorKind::usage, "there are no counts of the fingerprint " + name, {},
         "take the bits, or another kind: ecfp, fcfp, atom_pair, topological_torsion");
  }
  if (options.chirality &&
      (options.kind == FingerprintKind::maccs || options.kind == FingerprintKind::rdkit)) {
    fail(ErrorKind::usage, "the fingerprint " + name + " does not know chirality", {},
         "leave chirality out, or take another kind: ecfp, fcfp, atom_pair, topological_torsion");
  }
  if (options.kind != FingerprintKind::maccs && (options.n_bits < 8 || options.n_bits > kMaxBits)) {
    fail(ErrorKind::usage,
         "a fingerprint has 8 to 1048576 bits, not " + std::to_string(options.n_bits), {},
         "2048 and 1024 are usual");
  }
  if (options.radius > kMaxRadius) {
    fail(ErrorKind::usage, "the radius is 0 to 10 bonds, not " + std::to_string(options.radius), {},
         "2 makes ECFP4, 3 makes ECFP6");
  }
}

std::size_t fingerprint_width(const MoleculeFingerprintOptions& options) noexcept {
  return options.kind == FingerprintKind::maccs ? kMaccsBits : options.n_bits;
}

void set_fingerprint(const RDKit::ROMol& molecule, const MoleculeFingerprintOptions& options,
                     std::span<std::uint64_t> words) {
  const Bits bits = bits_of(molecule, options);
  const auto& set = *bits->dp_bits;
  for (auto bit = set.find_first(); bit != boost::dynamic_bitset<>::npos;
       bit = set.find_next(bit)) {
    words[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
}

void set_counts(const RDKit::ROMol& molecule, const MoleculeFingerprintOptions& options,
                std::span<std::uint16_t> counts) {
  using RDKit::SparseIntVect;
  const unsigned width = width_of(options);
  if (options.kind == FingerprintKind::atom_pair) {
    copy_counts(
        std::unique_ptr<SparseIntVect<std::int32_t>>(RDKit::AtomPairs::getHashedAtomPairFingerprint(
            molecule, width, 1, kMaxPairDistance, nullptr, nullptr, nullptr, options.chirality)),
        counts);
  } else if (options.kind == FingerprintKind::topological_torsion) {
    copy_counts(std::unique_ptr<SparseIntVect<boost::int64_t>>(
                    RDKit::AtomPairs::getHashedTopologicalTorsionFingerprint(
                        molecule, width, 4, nullptr, nullptr, nullptr, options.chirality)),
                counts);
  } else {
    auto invariants = invariants_of(molecule, options.kind);
    copy_counts(std::unique_ptr<SparseIntVect<std::uint32_t>>(
                    RDKit::MorganFingerprints::getHashedFingerprint(
                        molecule, options.radius, width, invariants.empty() ? nullptr : &invariants,
                        nullptr, options.chirality)),
                counts);
  }
}

}  // namespace detail

std::string_view to_string(FingerprintKind kind) noexcept {
  return kNames[static_cast<std::size_t>(kind)];
}

FingerprintKind find_fingerprint_kind(std::string_view name) {
  std::string wanted = lower(name);
  std::ranges::replace(wanted, '-', '_');
  for (std::size_t k = 0; k < kNames.size(); ++k) {
    if (kNames[k] == wanted) return static_cast<FingerprintKind>(k);
  }
  const std::vector<std::string> names(kNames.begin(), kNames.end());
  const std::string near = nearest_word(wanted, names);
  fail(ErrorKind::usage, "there is no kind of fingerprint \"" + std::string(name) + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "there are: " + join(names, ", "));
}

Fingerprints ecfp4(std::span<const std::string> smiles, std::size_t n_bits) {
  BitFingerprints made = bit_fingerprints(smiles, {.n_bits = n_bits}, {});
  Fingerprints result{.bits = Matrix<float>(smiles.size(), n_bits),
                      .present = std::vector<std::uint8_t>(smiles.size(), 0),
                      .problem = std::move(made.problem)};
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    if (smiles[i].empty()) result.problem[i].clear();
    result.present[i] = result.problem[i].empty() && !smiles[i].empty() ? 1 : 0;
    for (std::size_t bit = 0; bit < n_bits; ++bit) {
      if (made.bits.test(i, bit)) result.bits(i, bit) = 1.0F;
    }
  }
  return result;
}

PackedFingerprints ecfp(std::span<const std::string> smiles, const EcfpOptions& options,
                        const Context& context) {
  return bit_fingerprints(
      smiles, {.radius = options.radius, .n_bits = options.n_bits, .chirality = options.chirality},
      context);
}

std::string parent_smiles(const std::string& smiles) {
  return standardise({&smiles, 1}, "parent", {}).smiles.front();
}

std::string canonical_smiles(const std::string& smiles) {
  return standardise({&smiles, 1}, "none", {}).smiles.front();
}

std::string smiles_problem(const std::string& smiles) {
  return compute_features({&smiles, 1}, {}, {}).problem.front();
}

std::string rdkit_version() { return RDKit::rdkitVersion; }

}  // namespace cupel

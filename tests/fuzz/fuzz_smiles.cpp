// Any text as SMILES: every feature, or a problem and nothing; the same again of what comes out.
// Scaffolds and cuts read what the features read.
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "io/molecules.hpp"
#include "io/scaffolds.hpp"

namespace {

using namespace cupel;

void require(bool condition) {
  if (!condition) std::abort();
}

FeatureRequest request_of(unsigned char choice) {
  const auto schemes = standardise_schemes();
  FeatureRequest request{.standardise = schemes[choice % schemes.size()],
                         .canonical = true,
                         .parent = true,
                         .murcko = true};
  const auto kind = static_cast<FingerprintKind>(choice / 4 % 6);
  const bool plain = kind == FingerprintKind::maccs || kind == FingerprintKind::rdkit;
  request.fingerprints = {{.kind = kind, .n_bits = 512, .chirality = !plain && choice >= 128}};
  if (!plain) request.counts = request.fingerprints;
  request.descriptors = {choice % 8 == 7 ? "rdkit2d" : "physchem"};
  return request;
}

void check_scaffolds(const std::vector<std::string>& smiles, unsigned char choice, bool read) {
  const auto kind = static_cast<ScaffoldKind>(choice % 3);
  const auto made = ecfp_with_scaffold(smiles, kind, {.n_bits = 512}, {.n_bits = 512}, {});
  if (read) require(made.whole.problem[0].empty());
  if (!made.whole.problem[0].empty()) require(!made.scaffold.problem[0].empty());
  const auto cuts = single_cuts(smiles, {}, {});
  for (const auto& cut : cuts[0]) {
    require(!cut.core.empty() && !cut.substituent.empty());
  }
}

bool has_bit(const PackedBits& bits) {
  for (const auto word : bits.words) {
    if (word != 0) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::vector<std::string> smiles{{reinterpret_cast<const char*>(data) + 1, size - 1}};
  const FeatureRequest request = request_of(data[0]);
  const MoleculeFeatures features = compute_features(smiles, request, {});
  check_scaffolds(smiles, data[0], features.problem[0].empty());
  if (!features.problem[0].empty()) {
    require(features.canonical[0].empty() && features.parent[0].empty());
    require(!has_bit(features.fingerprints[0]));
    for (const float value : features.descriptors[0].values) require(std::isnan(value));
    require(!problem_code(features.problem[0]).empty());
    require(features.problem[0].size() < 400);
    require(depict_svg(smiles[0], 100, 100).empty() || request.standardise != "none");
    return 0;
  }
  require(!features.canonical[0].empty() && !features.parent[0].empty());
  if (features.canonical[0].size() < 60) depict_svg(smiles[0], 100, 100);
  compute_features(features.canonical, request, {});
  return 0;
}

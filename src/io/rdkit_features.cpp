// All features of molecules, each molecule read once, on all threads.
#include <GraphMol/GraphMol.h>

#include <algorithm>
#include <limits>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_molecule.hpp"

namespace cupel {
namespace {

/// Molecules that one thread takes at a time.
constexpr std::size_t kChunk = 64;

MoleculeFeatures empty_features(std::size_t n, const FeatureRequest& request) {
  MoleculeFeatures features;
  features.problem.resize(n);
  for (const auto& options : request.fingerprints) {
    detail::check_fingerprint(options, false);
    features.fingerprints.emplace_back(n, detail::fingerprint_width(options));
  }
  for (const auto& options : request.counts) {
    detail::check_fingerprint(options, true);
    features.counts.emplace_back(n, detail::fingerprint_width(options));
  }
  for (const auto& set : request.descriptors) {
    features.descriptors.emplace_back(n, descriptor_names(set).size(),
                                      std::numeric_limits<float>::quiet_NaN());
  }
  if (request.canonical) features.canonical.resize(n);
  if (request.parent) features.parent.resize(n);
  if (request.murcko) features.murcko.resize(n);
  return features;
}

void fill_texts(const RDKit::RWMol& molecule, const FeatureRequest& request, std::size_t i,
                MoleculeFeatures& features) {
  using detail::Scheme;
  if (request.canonical) features.canonical[i] = detail::canonical_text(molecule);
  if (request.parent) {
    const bool same = request.canonical && !detail::scheme_changes(molecule, Scheme::parent);
    features.parent[i] =
        same ? features.canonical[i] : detail::standard_text(molecule, Scheme::parent);
  }
  if (request.murcko) features.murcko[i] = detail::murcko_text(molecule);
}

void clear_row(std::size_t i, MoleculeFeatures& features) {
  for (auto& bits : features.fingerprints) std::ranges::fill(bits.row(i), 0);
  for (auto& counts : features.counts) std::ranges::fill(counts.row(i), 0);
  for (auto& values : features.descriptors) {
    std::ranges::fill(values.row(i), std::numeric_limits<float>::quiet_NaN());
  }
  for (auto* texts : {&features.canonical, &features.parent, &features.murcko}) {
    if (!texts->empty()) (*texts)[i].clear();
  }
}

void fill_row(const std::string& smiles, const FeatureRequest& request, detail::Scheme scheme,
              std::size_t i, MoleculeFeatures& features) {
  detail::ParsedMolecule parsed = detail::parse_smiles(smiles, request.max_atoms);
  parsed = detail::standardised(std::move(parsed), scheme, request.max_atoms);
  if (!parsed.molecule) {
    features.problem[i] = std::move(parsed.problem);
    return;
  }
  try {
    const RDKit::RWMol& molecule = *parsed.molecule;
    for (std::size_t k = 0; k < request.fingerprints.size(); ++k) {
      detail::set_fingerprint(molecule, request.fingerprints[k], features.fingerprints[k].row(i));
    }
    for (std::size_t k = 0; k < request.counts.size(); ++k) {
      detail::set_counts(molecule, request.counts[k], features.counts[k].row(i));
    }
    detail::SharedDescriptors shared;
    for (std::size_t k = 0; k < request.descriptors.size(); ++k) {
      detail::fill_descriptors(molecule, request.descriptors[k], shared,
                               features.descriptors[k].row(i));
    }
    fill_texts(molecule, request, i, features);
  } catch (const std::exception& error) {
    clear_row(i, features);
    features.problem[i] = "RDKit gave up: " + detail::short_message(error.what());
  }
}

}  // namespace

MoleculeFeatures compute_features(std::span<const std::string> smiles,
                                  const FeatureRequest& request, const Context& context) {
  const detail::Scheme scheme = detail::find_scheme(request.standardise);
  MoleculeFeatures features = empty_features(smiles.size(), request);
  parallel_for(context, (smiles.size() + kChunk - 1) / kChunk, [&](std::size_t chunk) {
    const std::size_t end = std::min((chunk + 1) * kChunk, smiles.size());
    for (std::size_t i = chunk * kChunk; i < end; ++i) {
      fill_row(smiles[i], request, scheme, i, features);
    }
  });
  return features;
}

Standardised standardise(std::span<const std::string> smiles, const std::string& scheme,
                         const Context& context) {
  MoleculeFeatures made =
      compute_features(smiles, {.standardise = scheme, .canonical = true}, context);
  return {.smiles = std::move(made.canonical), .problem = std::move(made.problem)};
}

BitFingerprints bit_fingerprints(std::span<const std::string> smiles,
                                 const MoleculeFingerprintOptions& options,
                                 const Context& context) {
  MoleculeFeatures made = compute_features(smiles, {.fingerprints = {options}}, context);
  return {.bits = std::move(made.fingerprints.front()), .problem = std::move(made.problem)};
}

CountFingerprints count_fingerprints(std::span<const std::string> smiles,
                                     const MoleculeFingerprintOptions& options,
                                     const Context& context) {
  MoleculeFeatures made = compute_features(smiles, {.counts = {options}}, context);
  return {.counts = std::move(made.counts.front()), .problem = std::move(made.problem)};
}

Descriptors descriptors(std::span<const std::string> smiles, const std::string& set,
                        const Context& context) {
  MoleculeFeatures made = compute_features(smiles, {.descriptors = {set}}, context);
  return {.names = descriptor_names(set),
          .values = std::move(made.descriptors.front()),
          .problem = std::move(made.problem)};
}

}  // namespace cupel

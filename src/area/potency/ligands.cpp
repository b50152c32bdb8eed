#include "area/potency/ligands.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "area/tables.hpp"
#include "io/molecules.hpp"
#include "io/scaffolds.hpp"

namespace cupel::potency {
namespace {

PackedBits gather(const PackedBits& from, std::span<const std::uint32_t> rows) {
  PackedBits out(rows.size(), from.n_bits);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = from.row(rows[i]);
    std::copy(row.begin(), row.end(), out.row(i).begin());
  }
  return out;
}

Matrix<float> gather(const Matrix<float>& from, std::span<const std::uint32_t> rows) {
  Matrix<float> out(rows.size(), from.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = from.row(rows[i]);
    std::copy(row.begin(), row.end(), out.row(i).begin());
  }
  return out;
}

void add_bits(Entity& ligand, const std::string& name, const PackedBits& from,
              std::span<const std::uint32_t> rows) {
  if (from.n_bits == 0) return;
  FeatureBlock block;
  block.name = name;
  block.present.assign(rows.size(), 1);
  block.binary = true;
  block.bits = std::make_shared<const PackedBits>(gather(from, rows));
  ligand.features.push_back(std::move(block));
}

void add_numbers(Entity& ligand, const std::string& name, const Matrix<float>& from,
                 const std::vector<std::string>& names, std::span<const std::uint32_t> rows) {
  if (from.cols == 0) return;
  FeatureBlock block;
  block.name = name;
  block.values = gather(from, rows);
  block.feature_names = names;
  block.present.assign(rows.size(), 1);
  ligand.features.push_back(std::move(block));
}

}  // namespace

Molecules describe_molecules(std::span<const std::string> smiles, const MoleculeSpec& spec,
                             const Context& context) {
  FeatureRequest request{.standardise = spec.standardise, .canonical = true, .parent = true};
  request.fingerprints = {
      {.kind = FingerprintKind::ecfp, .radius = spec.radius, .n_bits = spec.bits},
      {.kind = FingerprintKind::maccs}};
  request.descriptors = {"physchem", "size"};
  request.murcko = true;
  MoleculeFeatures made = compute_features(smiles, request, context);
  Molecules out{.problem = std::move(made.problem),
                .canonical = std::move(made.canonical),
                .parent = std::move(made.parent),
                .scaffold = std::move(made.murcko),
                .generic_scaffold = {},
                .fingerprint = std::move(made.fingerprints[0]),
                .maccs = std::move(made.fingerprints[1]),
                .physchem = std::move(made.descriptors[0]),
                .size = std::move(made.descriptors[1]),
                .physchem_names = descriptor_names("physchem"),
                .size_names = descriptor_names("size")};
  // Scaffolds repeat: each of them is made generic once.
  const LabelBlock murcko = detail::make_label("scaffold", out.scaffold);
  const Scaffolds generic = scaffolds(murcko.levels, ScaffoldKind::generic, context);
  for (const auto code : murcko.code) {
    out.generic_scaffold.push_back(code == LabelBlock::kUnknown ? "" : generic.smiles[code]);
  }
  return out;
}

void add_molecules(Entity& ligand, const Molecules& molecules,
                   std::span<const std::uint32_t> molecule_of_id) {
  const auto add_label = [&](const std::string& name, const std::vector<std::string>& values) {
    if (values.empty()) return;
    std::vector<std::string> own;
    own.reserve(molecule_of_id.size());
    for (const auto molecule : molecule_of_id) own.push_back(values[molecule]);
    ligand.labels.push_back(detail::make_label(name, own));
  };
  add_label("canonical", molecules.canonical);
  add_label("parent", molecules.parent);
  add_label("scaffold", molecules.scaffold);
  add_label("generic_scaffold", molecules.generic_scaffold);
  add_bits(ligand, "fingerprint", molecules.fingerprint, molecule_of_id);
  add_bits(ligand, "maccs", molecules.maccs, molecule_of_id);
  add_numbers(ligand, "physchem", molecules.physchem, molecules.physchem_names, molecule_of_id);
  add_numbers(ligand, "size", molecules.size, molecules.size_names, molecule_of_id);
}

}  // namespace cupel::potency

#pragma once
// Ligands of a known formula: bits, descriptors, scaffolds, and a potency made of them.
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "cupel/dataset.hpp"
#include "cupel/split.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::toy {

/// Ligand i is sample i. Bits 0 and 1 add 1 each to the potency, heavy atoms 0.05 each.
inline Dataset ligands(std::size_t n, double noise = 0.1, std::uint64_t seed = 1) {
  Rng rng(seed, "ligands");
  auto prints = std::make_shared<PackedBits>(n, 128);
  auto keys = std::make_shared<PackedBits>(n, 60);
  FeatureBlock size{.name = "size",
                    .values = Matrix<float>(n, 4),
                    .feature_names = {"heavy_atoms", "molecular_weight", "logp", "tpsa"}};
  FeatureBlock physchem{.name = "physchem", .values = Matrix<float>(n, 3)};
  LabelBlock scaffold{.name = "scaffold", .levels = {"a", "b", "c"}, .code = {}};
  Entity ligand{.name = "ligand"};
  Dataset data;
  data.area = "potency";
  data.targets = Matrix<double>(n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t bit = 0; bit < 128; ++bit) {
      if (rng.below(bit < 2 ? 2 : 8) == 0) prints->set(i, bit);
      if (bit < 60 && (bit == 0 ? prints->test(i, 0) : rng.below(4) == 0)) keys->set(i, bit);
    }
    const double atoms = 10.0 + rng.below(30);
    size.values(i, 0) = static_cast<float>(atoms);
    for (std::size_t f = 1; f < 4; ++f) size.values(i, f) = static_cast<float>(rng.normal());
    physchem.values(i, 0) = static_cast<float>(100.0 * atoms);
    for (std::size_t f = 1; f < 3; ++f) physchem.values(i, f) = static_cast<float>(rng.normal());
    scaffold.code.push_back(rng.below(3));
    data.targets(i, 0) = 5.0 + (prints->test(i, 0) ? 1.0 : 0.0) + (prints->test(i, 1) ? 1.0 : 0.0) +
                         0.05 * atoms + 0.5 * scaffold.code.back() + noise * rng.normal();
    ligand.ids.push_back("m" + std::to_string(1000 + i));
    ligand.code_of_sample.push_back(static_cast<std::uint32_t>(i));
    data.source_row.push_back(i);
  }
  FeatureBlock fingerprint{.name = "fingerprint", .binary = true, .bits = prints};
  FeatureBlock maccs{.name = "maccs", .binary = true, .bits = keys};
  for (auto* block : {&fingerprint, &maccs, &physchem, &size}) {
    block->present.assign(n, 1);
    ligand.features.push_back(std::move(*block));
  }
  ligand.labels.push_back(std::move(scaffold));
  data.entities.push_back(std::move(ligand));
  return data;
}

inline std::vector<std::uint32_t> range(std::uint32_t begin, std::uint32_t end) {
  std::vector<std::uint32_t> rows(end - begin);
  std::iota(rows.begin(), rows.end(), begin);
  return rows;
}

}  // namespace cupel::toy

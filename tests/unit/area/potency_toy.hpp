#pragma once
// Molecules in memory for the tests of splits: families with a scaffold and similar fingerprints.
#include <memory>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "base/random.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::test {

struct MoleculeToy {
  std::uint32_t n_ligands = 120;  ///< per assay; assays share no ligand
  std::uint32_t n_assays = 0;     ///< 0 = no entity `assay`
  std::uint32_t family = 8;       ///< ligands of a scaffold; the last family has none (acyclic)
  std::uint32_t salt_every = 0;   ///< every n-th ligand is a salt of the one before
  std::uint32_t twice_every = 0;  ///< every n-th ligand has two rows
};

namespace detail_toy {

inline std::string id_of(std::uint32_t i) {
  const std::string number = std::to_string(i);
  return "L" + std::string(5 - number.size(), '0') + number;
}

inline void push(LabelBlock& label, const std::string& level) {
  if (label.levels.empty() || label.levels.back() != level) label.levels.push_back(level);
  label.code.push_back(static_cast<std::uint32_t>(label.levels.size() - 1));
}

}  // namespace detail_toy

/// Columns of the table: year, split (train, test), fold (0, 1, 2 by turns), series.
inline LoadedData toy_molecules(const MoleculeToy& toy = {}) {
  constexpr std::size_t kBits = 256;
  LoadedData loaded;
  Dataset& data = loaded.data;
  data.area = "potency";
  data.sha256 = "toy";
  const std::uint32_t n_assays = std::max(toy.n_assays, 1U);
  const std::uint32_t n = toy.n_ligands * n_assays;
  Entity ligand{.name = "ligand"};
  Entity assay{.name = "assay"};
  LabelBlock scaffold{.name = "scaffold"};
  LabelBlock parent{.name = "parent"};
  auto bits = std::make_shared<PackedBits>(n, kBits);
  LabelBlock cliff{.name = "cliff", .levels = {"cliff", "noncliff"}};
  Column year{.name = "year", .type = ColumnType::integer};
  Column split{.name = "split"};
  Column fold{.name = "fold", .type = ColumnType::integer};
  Column series{.name = "series"};
  for (std::uint32_t a = 0; a < n_assays; ++a) assay.ids.push_back("A" + std::to_string(a));
  for (std::uint32_t i = 0; i < n; ++i) {
    const bool salt = toy.salt_every > 0 && i % toy.salt_every == toy.salt_every - 1;
    const std::uint32_t family = i / toy.family;
    ligand.ids.push_back(detail_toy::id_of(i));
    const bool acyclic = i % toy.n_ligands + toy.family >= toy.n_ligands;
    if (acyclic) {
      scaffold.code.push_back(LabelBlock::kUnknown);
    } else {
      detail_toy::push(scaffold, "S" + detail_toy::id_of(family));
    }
    detail_toy::push(parent, "P" + detail_toy::id_of(salt ? i - 1 : i));
    Rng common(1, "toy family", family);
    Rng own(1, "toy ligand", salt ? i - 1 : i);
    for (int k = 0; k < 40; ++k) bits->set(i, common.below(kBits));
    for (int k = 0; k < 12; ++k) bits->set(i, own.below(kBits));
    const bool twice = toy.twice_every > 0 && i % toy.twice_every == 0;
    for (int copy = 0; copy < (twice ? 2 : 1); ++copy) {
      const auto row = static_cast<std::uint32_t>(data.targets.values.size());
      ligand.code_of_sample.push_back(i);
      assay.code_of_sample.push_back(i / toy.n_ligands);
      cliff.code.push_back(own.below(4) == 0 ? 0 : 1);
      data.source_row.push_back(row);
      data.targets.values.push_back(5.0 + 0.3 * (family % 7) + own.normal());
      year.integers.push_back(2000 + static_cast<std::int64_t>(own.below(20)));
      split.push_text(row % 5 == 0 ? "test" : "train");
      fold.integers.push_back(row % 3);
      series.push_text("series" + std::to_string(i % 11 % 7));
    }
  }
  data.targets.rows = data.targets.values.size();
  data.targets.cols = 1;
  data.n_source_rows = data.targets.rows;
  ligand.labels = {parent, scaffold};
  ligand.features = {{.name = "fingerprint",
                      .present = std::vector<std::uint8_t>(n, 1),
                      .binary = true,
                      .bits = bits}};
  data.entities = {ligand};
  if (toy.n_assays > 0) data.entities.push_back(assay);
  data.sample_labels = {cliff};
  loaded.samples = {
      .source = "toy.csv", .n_rows = data.targets.rows, .columns = {year, split, fold, series}};
  return loaded;
}

}  // namespace cupel::test

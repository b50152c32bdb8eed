// The released flags of MoleculeACE and RDKit's scaffolds of all its molecules, with CUPEL_MIRROR.
#include "area/potency/cliffs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "base/hash.hpp"
#include "io/csv.hpp"
#include "io/scaffolds.hpp"

namespace cupel::potency {
namespace {

namespace fs = std::filesystem;
const Context kContext{.n_threads = 2};

struct Target {
  std::string name;
  std::vector<std::string> smiles;
  std::vector<double> value_nM;
  std::vector<std::uint8_t> released;
};

class RealCliffs : public testing::Test {
 protected:
  void SetUp() override {
    const char* mirror = std::getenv("CUPEL_MIRROR");
    if (mirror == nullptr) GTEST_SKIP() << "set CUPEL_MIRROR";
    const fs::path folder = fs::path(mirror) / "potency/moleculeace";
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().filename().string().starts_with("CHEMBL")) files.insert(entry.path());
    }
    for (const auto& file : files) targets_.push_back(read(file));
    ASSERT_EQ(targets_.size(), 30U);
  }
  static Target read(const fs::path& file) {
    const Table table = read_csv(file, {.types = {{"smiles", ColumnType::text}}}, kContext);
    Target target{.name = file.stem().string()};
    for (std::size_t row = 0; row < table.n_rows; ++row) {
      target.smiles.emplace_back(table.at("smiles").text(row));
      target.value_nM.push_back(table.at("exp_mean [nM]").as_number(row));
      target.released.push_back(table.at("cliff_mol").as_number(row) != 0.0 ? 1 : 0);
    }
    return target;
  }
  static std::size_t n_different(const Target& target, const std::string& rule) {
    const auto cliffs =
        find_cliffs(target.smiles, target.value_nM, find_cliff_rule(rule), {}, kContext);
    std::size_t n = 0;
    for (std::size_t i = 0; i < target.released.size(); ++i) {
      n += cliffs.flag[i] != target.released[i] ? 1 : 0;
    }
    return n;
  }
  std::vector<Target> targets_;
};

TEST_F(RealCliffs, EveryReleasedFlagIsReproduced) {
  std::size_t n_molecules = 0;
  for (const Target& target : targets_) {
    EXPECT_EQ(n_different(target, "moleculeace"), 0U) << target.name;
    n_molecules += target.smiles.size();
  }
  EXPECT_EQ(n_molecules, 48714U);
}

// At exactly ten-fold, flags of released compounds would be others.
TEST_F(RealCliffs, AtLeastTenfoldIsAnotherRule) {
  const std::map<std::string, std::size_t> expected{
      {"CHEMBL1862_Ki", 8},   {"CHEMBL1871_Ki", 8},   {"CHEMBL2034_Ki", 8},
      {"CHEMBL2047_EC50", 2}, {"CHEMBL218_EC50", 3},  {"CHEMBL231_Ki", 13},
      {"CHEMBL4203_Ki", 0},   {"CHEMBL4616_EC50", 6}, {"CHEMBL237_EC50", 2}};
  std::size_t n_compared = 0;
  for (const Target& target : targets_) {
    const auto found = expected.find(target.name);
    if (found == expected.end()) continue;
    EXPECT_EQ(n_different(target, "moleculeace-at-least"), found->second) << target.name;
    ++n_compared;
  }
  EXPECT_EQ(n_compared, expected.size());
}

TEST_F(RealCliffs, AnotherScaffoldIsAnotherRule) {
  for (const Target& target : targets_) {
    if (target.name == "CHEMBL2835_Ki") {
      EXPECT_EQ(n_different(target, "moleculeace-murcko"), 160U);
      EXPECT_EQ(n_different(target, "ecfp"), 56U);
    }
  }
}

// The digest is of what RDKit's Python gives: tests/golden/io/make_scaffolds.py FOLDER.
TEST_F(RealCliffs, ScaffoldsOfEveryEighthMoleculeEqualRDKitsPython) {
  std::vector<std::string> unique;
  std::set<std::string> seen;
  for (const Target& target : targets_) {
    for (const auto& smiles : target.smiles) {
      if (seen.insert(smiles).second && seen.size() % 8 == 1) unique.push_back(smiles);
    }
  }
  ASSERT_EQ(seen.size(), 35633U);
  const auto murcko = scaffolds(unique, ScaffoldKind::murcko, kContext);
  const auto generic = scaffolds(unique, ScaffoldKind::generic, kContext);
  const auto whole = scaffolds(unique, ScaffoldKind::generic_whole, kContext);
  Sha256 digest;
  for (std::size_t i = 0; i < unique.size(); ++i) {
    digest.update(murcko.smiles[i] + "\t" + generic.smiles[i] + "\t" +
                  (whole.fell_back[i] != 0 ? "FALLBACK " : "") + whole.smiles[i] + "\n");
  }
  EXPECT_EQ(std::count(whole.fell_back.begin(), whole.fell_back.end(), 1), 0);
  EXPECT_EQ(digest.hex(), "5892fb383244ca9d792eaa03a043a49e3c4e965ca3be239acbd89536f2d7b90c");
}

}  // namespace
}  // namespace cupel::potency

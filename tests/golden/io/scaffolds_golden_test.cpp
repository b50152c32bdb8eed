// Scaffolds and single cuts against what RDKit's Python says (make_scaffolds.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "io/scaffolds.hpp"

namespace cupel {
namespace {

using Json = nlohmann::json;

const Json& golden() {
  static const Json data =
      Json::parse(std::ifstream(std::string(CUPEL_TEST_DATA) + "/golden/io/scaffolds.json"));
  return data;
}

std::vector<std::string> molecules() {
  std::vector<std::string> smiles;
  for (const auto& row : golden()) smiles.push_back(row["smiles"]);
  return smiles;
}

TEST(ScaffoldsGolden, EqualRDKitsPython) {
  const auto smiles = molecules();
  const Context context{.n_threads = 2};
  const auto murcko = scaffolds(smiles, ScaffoldKind::murcko, context);
  const auto generic = scaffolds(smiles, ScaffoldKind::generic, context);
  const auto whole = scaffolds(smiles, ScaffoldKind::generic_whole, context);
  std::size_t n_fell_back = 0;
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    SCOPED_TRACE(smiles[i]);
    const Json& expected = golden()[i]["scaffolds"];
    EXPECT_EQ(murcko.smiles[i], expected[0].get<std::string>());
    EXPECT_EQ(generic.smiles[i], expected[1].get<std::string>());
    EXPECT_EQ((whole.fell_back[i] != 0 ? "FALLBACK " : "") + whole.smiles[i],
              expected[2].get<std::string>());
    n_fell_back += whole.fell_back[i];
  }
  EXPECT_EQ(n_fell_back, 1U);  // six bonds at sulphur
}

/// Every cut with its two parts sorted, once.
std::vector<std::string> cuts_of(std::string smiles, CutRule rule) {
  std::erase_if(smiles, [](char c) { return c == '@' || c == '/' || c == '\\'; });
  const auto cuts = single_cuts(
      std::vector{smiles}, {.max_substituent_atoms = 999, .min_core_ratio = 0.0, .cuts = rule}, {});
  std::set<std::string> found;
  for (const SingleCut& cut : cuts.front()) {
    const auto [a, b] = std::minmax(cut.core, cut.substituent);
    found.insert(a + " " + b);
  }
  return {found.begin(), found.end()};
}

TEST(ScaffoldsGolden, CutsEqualFragmentMol) {
  for (const auto& row : golden()) {
    if (!row.contains("rdkit")) continue;
    SCOPED_TRACE(row["smiles"].get<std::string>());
    EXPECT_EQ(cuts_of(row["smiles"], CutRule::rdkit), row["rdkit"].get<std::vector<std::string>>());
    EXPECT_EQ(cuts_of(row["smiles"], CutRule::acyclic),
              row["acyclic"].get<std::vector<std::string>>());
  }
}

}  // namespace
}  // namespace cupel

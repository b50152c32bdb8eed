#include "area/drug_response/compounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "io/rdkit_fingerprint.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;

void add_label(Entity& drug, const std::string& name, const std::vector<std::string>& values) {
  LabelBlock block{.name = name};
  for (const auto& value : values) {
    if (!value.empty()) block.levels.push_back(value);
  }
  std::sort(block.levels.begin(), block.levels.end());
  block.levels.erase(std::unique(block.levels.begin(), block.levels.end()), block.levels.end());
  for (const auto& value : values) {
    const auto place = std::lower_bound(block.levels.begin(), block.levels.end(), value);
    block.code.push_back(value.empty() ? LabelBlock::kUnknown
                                       : static_cast<std::uint32_t>(place - block.levels.begin()));
  }
  drug.labels.push_back(block);
}

Entity drugs(std::vector<std::string> ids) { return {.name = "drug", .ids = std::move(ids)}; }

TEST(ParentSmiles, IgnoresSaltChargeAndStereo) {
  EXPECT_EQ(parent_smiles("CC(=O)[O-].[Na+]"), parent_smiles("CC(=O)O"));
  EXPECT_EQ(parent_smiles("C[NH3+].[Cl-]"), parent_smiles("CN"));
  EXPECT_EQ(parent_smiles("N[C@@H](C)C(=O)O"), parent_smiles("N[C@H](C)C(=O)O"));
  EXPECT_EQ(parent_smiles("C[N+](=O)[O-]"), "C[N+](=O)[O-]");  // nitro keeps its charges
  EXPECT_EQ(parent_smiles("C[N+](C)(C)C"), "C[N+](C)(C)C");    // no proton to take
  EXPECT_NE(parent_smiles("CCO"), parent_smiles("CCN"));
  EXPECT_EQ(parent_smiles("C1CC"), "");
}

TEST(Ecfp4, DependsOnTheMoleculeNotOnItsSpelling) {
  const std::vector<std::string> smiles = {"CCO", "OCC", "CCN", "", "c1ccccc", "CC(C)(C)(C)C"};
  const auto made = ecfp4(smiles);
  EXPECT_THAT(made.present, ElementsAre(1, 1, 1, 0, 0, 0));
  const auto row = [&](std::size_t i) {
    const auto bits = made.bits.row(i);
    return std::vector<float>(bits.begin(), bits.end());
  };
  EXPECT_EQ(row(0), row(1));
  EXPECT_NE(row(0), row(2));
  EXPECT_EQ(std::count(made.bits.row(0).begin(), made.bits.row(0).end(), 1.0F), 6);
  EXPECT_EQ(made.problem[0], "");
  EXPECT_EQ(made.problem[3], "");
  EXPECT_THAT(made.problem[4], testing::StartsWith("not a valid SMILES: ring 1, opened"));
  EXPECT_THAT(made.problem[5], testing::HasSubstr("valence"));
}

TEST(FindCompounds, JoinsByStructureNumberNameAndSynonym) {
  Entity drug = drugs({"1", "2", "3", "4", "5", "6", "7", "8"});
  add_label(drug, "smiles", {"CCO", "OCC.Cl", "", "", "", "", "", "CCCC"});
  add_label(drug, "pubchem", {"", "", "42", "42.0", "", "none", "none", ""});
  add_label(drug, "name",
            {"alpha", "beta", "gamma", "delta", "AZD-6482", "azd 6482", "other", "last"});
  add_label(drug, "synonyms", {"", "", "", "", "", "", "x, Last", "nothing; else"});
  const auto found = find_compounds(drug);
  // "42" and "42.0" are different texts: the loader reads numbers alike; names decide the rest.
  EXPECT_THAT(found.compound_of_drug, ElementsAre(0, 0, 2, 3, 4, 4, 6, 6));
  ASSERT_EQ(found.groups.size(), 3U);
  EXPECT_EQ(found.groups[0].reason, "same SMILES");
  EXPECT_EQ(found.groups[1].reason, "same name");
  EXPECT_EQ(found.groups[2].reason, "a synonym of one is the name of the other");
}

TEST(FindCompounds, SynonymsDoNotJoinDifferentStructures) {
  Entity drug = drugs({"1", "2"});
  add_label(drug, "smiles", {"CCO", "CCN"});
  add_label(drug, "name", {"camptothecin", "SN-38"});
  add_label(drug, "synonyms", {"SN-38", ""});
  EXPECT_TRUE(find_compounds(drug).groups.empty());
}

TEST(FindCompounds, IdsAreNamesUnlessTheyAreNumbers) {
  EXPECT_EQ(find_compounds(drugs({"AZD-6482", "azd6482"})).groups.size(), 1U);
  EXPECT_TRUE(find_compounds(drugs({"1001", "100.1"})).groups.empty());
  EXPECT_EQ(normalise_compound_name(" AZD-64 82"), "azd6482");
  EXPECT_EQ(normalise_compound_name("-B"), "");
}

}  // namespace
}  // namespace cupel

// Scaffolds and matched pairs of molecules small enough to check by eye.
#include "io/scaffolds.hpp"

#include <gtest/gtest.h>

#include "cupel/error.hpp"

namespace cupel {
namespace {

using Smiles = std::vector<std::string>;

TEST(Scaffolds, UnreadableAndAcyclicMoleculesAreTold) {
  const Smiles smiles{"CCO", "C1CC", "", "Cc1ccccc1"};
  const auto result = scaffolds(smiles, ScaffoldKind::murcko, {.n_threads = 2});
  EXPECT_EQ(result.smiles, (Smiles{"", "", "", "c1ccccc1"}));
  EXPECT_EQ(result.problem[0], "");
  EXPECT_NE(result.problem[1], "");
  EXPECT_NE(result.problem[2], "");
  EXPECT_EQ(result.problem[3], "");
}

TEST(Scaffolds, GuardsAreThoseOfAllMolecules) {
  std::string rings;
  for (int k = 0; k < 201; ++k) rings += "C1CC1";
  const Smiles smiles{std::string(1000, 'C'), rings, std::string(100'001, 'C')};
  const auto made = scaffolds(smiles, ScaffoldKind::generic_whole, {});
  EXPECT_EQ(made.problem, scaffold_ecfp(smiles, ScaffoldKind::murcko, {}, {}).problem);
  EXPECT_EQ(made.problem[0], "too large: 1000 atoms, more than 999");
  EXPECT_NE(made.problem[1].find("ring closures"), std::string::npos);
  EXPECT_NE(made.problem[2].find("characters"), std::string::npos);
  for (const auto& cuts : single_cuts(smiles, {}, {})) EXPECT_TRUE(cuts.empty());
}

TEST(Scaffolds, OneReadingGivesBothFingerprints) {
  const Smiles smiles{"Cc1ccccc1C(=O)N", "CCO", "bad(", "F[C@H](Cl)C1CC1"};
  const EcfpOptions whole{.radius = 2, .n_bits = 1024, .chirality = true};
  const EcfpOptions of_scaffold{.radius = 1, .n_bits = 512};
  const auto both = ecfp_with_scaffold(smiles, ScaffoldKind::murcko, whole, of_scaffold, {});
  EXPECT_EQ(both.whole.bits.words, ecfp(smiles, whole, {}).bits.words);
  EXPECT_EQ(both.whole.problem, ecfp(smiles, whole, {}).problem);
  const auto alone = scaffold_ecfp(smiles, ScaffoldKind::murcko, of_scaffold, {});
  EXPECT_EQ(both.scaffold.bits.words, alone.bits.words);
  EXPECT_EQ(both.scaffold.problem, alone.problem);
}

TEST(Scaffolds, NamesAreFound) {
  EXPECT_EQ(find_scaffold_kind("generic_whole"), ScaffoldKind::generic_whole);
  EXPECT_THROW(find_scaffold_kind("murko"), Error);
  EXPECT_THROW(find_cut_rule("all"), Error);
}

TEST(Scaffolds, FingerprintsOfAcyclicMoleculesAreEmpty) {
  const Smiles smiles{"CCO", "Cc1ccccc1", "c1ccccc1CC"};
  const auto prints = scaffold_ecfp(smiles, ScaffoldKind::murcko, {.n_bits = 1024}, {});
  for (const auto word : prints.bits.row(0)) EXPECT_EQ(word, 0U);
  EXPECT_TRUE(std::ranges::equal(prints.bits.row(1), prints.bits.row(2)));
  EXPECT_FALSE(std::ranges::equal(prints.bits.row(0), prints.bits.row(1)));
}

TEST(MatchedPairs, OneSubstituentDiffers) {
  const Smiles smiles{"Cc1ccc2ccccc2c1", "Clc1ccc2ccccc2c1", "c1ccc2ccccc2c1", "bad("};
  const auto pairs = matched_pairs(smiles, {}, {});
  ASSERT_EQ(pairs.size(), 1U);  // hydrogen is no substituent
  EXPECT_EQ(pairs[0].first, 0U);
  EXPECT_EQ(pairs[0].second, 1U);
  EXPECT_EQ(pairs[0].core, "c1ccc2cc([*:1])ccc2c1");
  EXPECT_EQ(pairs[0].substituent_first, "C[*:1]");
  EXPECT_EQ(pairs[0].substituent_second, "Cl[*:1]");
  EXPECT_EQ(pairs[0].core_atoms, 10U);
}

TEST(MatchedPairs, TheLargestCoreCounts) {
  // Ethyl against propyl: also methyl against ethyl on the longer core.
  const Smiles smiles{"CCc1ccc2ccccc2c1", "CCCc1ccc2ccccc2c1"};
  const auto pairs = matched_pairs(smiles, {}, {});
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].core_atoms, 11U);
  EXPECT_EQ(pairs[0].substituent_first, "C[*:1]");
}

TEST(MatchedPairs, SizesAreRestricted) {
  const Smiles smiles{"Cc1ccc2ccccc2c1", "CCCCCCc1ccc2ccccc2c1"};
  EXPECT_EQ(matched_pairs(smiles, {.min_core_ratio = 1.0}, {}).size(), 1U);
  EXPECT_EQ(matched_pairs(smiles, {}, {}).size(), 0U);  // six atoms on a core of ten
  EXPECT_EQ(matched_pairs(smiles, {.max_substituent_atoms = 5, .min_core_ratio = 1.0}, {}).size(),
            0U);
  EXPECT_EQ(matched_pairs(smiles, {.max_difference = 4, .min_core_ratio = 1.0}, {}).size(), 0U);
  EXPECT_EQ(matched_pairs(smiles, {.max_difference = 5, .min_core_ratio = 1.0}, {}).size(), 1U);
}

TEST(MatchedPairs, StereoAtTheCutStays) {
  const Smiles smiles{"C[C@H](Cl)c1ccc2ccccc2c1", "C[C@@H](Cl)c1ccc2ccccc2c1",
                      "C[C@H](Br)c1ccc2ccccc2c1", "C[C@H](Cl)c1ccc2ccccc2c1"};
  // 0 and 3 are one structure: no pair. 0 and 1 differ in the whole chloroethyl group, 0 and 2
  // have one core of one hand.
  const auto pairs = matched_pairs(smiles, {}, {});
  for (const MatchedPair& pair : pairs) EXPECT_FALSE(pair.first == 0 && pair.second == 3);
  ASSERT_GE(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].second, 1U);
  EXPECT_EQ(pairs[0].core_atoms, 10U);
  EXPECT_EQ(pairs[1].second, 2U);
  EXPECT_EQ(pairs[1].core_atoms, 12U);
}

TEST(MatchedPairs, TheOtherIonStandsWithTheCore) {
  const Smiles smiles{"Cc1ccc2ccccc2c1.Cl", "Fc1ccc2ccccc2c1.Cl", "Brc1ccc2ccccc2c1"};
  const auto pairs = matched_pairs(smiles, {}, {});
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].second, 1U);
}

}  // namespace
}  // namespace cupel

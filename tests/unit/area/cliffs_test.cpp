// Each cliff rule on molecules made for it.
#include "area/potency/cliffs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/error.hpp"

namespace cupel::potency {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using Smiles = std::vector<std::string>;
using Values = std::vector<double>;
using Options = std::map<std::string, std::string>;
using Flags = std::vector<std::uint8_t>;

Cliffs find(const Smiles& smiles, const Values& values, const std::string& rule,
            const Options& options = {}) {
  return find_cliffs(smiles, values, find_cliff_rule(rule), options, {.n_threads = 2});
}

// One molecule, written twice in two ways: ECFP 1, scaffold 1, texts far apart.
const Smiles kSame{"OCCc1ccccc1", "c1ccc(CCO)cc1"};

TEST(Cliffs, ExactlyTenfoldIsStrictOrNot) {
  const Values tenfold{10.0, 100.0};
  EXPECT_EQ(find(kSame, tenfold, "moleculeace").pairs.size(), 0U);
  EXPECT_EQ(find(kSame, tenfold, "moleculeace-at-least").pairs.size(), 1U);
  EXPECT_EQ(find(kSame, {10.0, 100.1}, "moleculeace").flag, (Flags{1, 1}));
  // Ten times but for rounding: a ratio takes it at its word, logarithms call it a tie.
  const Values rounded{3.0, 30.0 * (1.0 + 1e-12)};
  EXPECT_EQ(find(kSame, rounded, "moleculeace").pairs.size(), 1U);
  EXPECT_EQ(find(kSame, rounded, "moleculeace", {{"compare", "log"}}).pairs.size(), 0U);
  EXPECT_EQ(find(kSame, {30.0, 3.0 * (1.0 + 1e-12)}, "moleculeace-at-least").pairs.size(), 0U);
  EXPECT_EQ(find(kSame, {30.0, 3.0 * (1.0 + 1e-12)}, "moleculeace-at-least", {{"compare", "log"}})
                .pairs.size(),
            1U);
}

TEST(Cliffs, ReasonsAreNamed) {
  const auto same = find(kSame, {1.0, 100.0}, "moleculeace");
  ASSERT_EQ(same.pairs.size(), 1U);
  EXPECT_EQ(same.pairs[0].because, "ecfp+scaffold");
  EXPECT_DOUBLE_EQ(same.pairs[0].similarity, 1.0);
  EXPECT_DOUBLE_EQ(same.pairs[0].log_difference, 2.0);
  EXPECT_NEAR(same.pairs[0].sali, 2.0 / 0.01, 1e-9);
  // The same graph of other atoms, in texts of two edits in four.
  const auto scaffold = find({"CCOC", "CNCC"}, {1.0, 100.0}, "moleculeace");
  ASSERT_EQ(scaffold.pairs.size(), 1U);
  EXPECT_EQ(scaffold.pairs[0].because, "scaffold");
  EXPECT_EQ(find({"CCOC", "CNCC"}, {1.0, 100.0}, "ecfp").pairs.size(), 0U);
  // One letter in twenty: N for C in a ring changes much of the fingerprint, not of the text.
  const Smiles texts{"CCCCCCCCCCc1ccccc1OC", "CCCCCCCCCCc1ccncc1OC"};
  const auto edit = find(texts, {1.0, 100.0}, "moleculeace", {{"by", "levenshtein"}});
  ASSERT_EQ(edit.pairs.size(), 1U);
  EXPECT_DOUBLE_EQ(edit.pairs[0].similarity, 0.95);
}

TEST(Cliffs, TheMurckoVariantLooksAtRings) {
  // One ring system with different chains: one Murcko scaffold, different whole molecules.
  const Smiles smiles{"CCCCCCCCc1ccccc1", "Cc1cc(C)cc(C)c1"};
  EXPECT_EQ(find(smiles, {1.0, 100.0}, "moleculeace").pairs.size(), 0U);
  EXPECT_EQ(find(smiles, {1.0, 100.0}, "moleculeace-murcko").pairs.size(), 1U);
  // Molecules without rings have no scaffold in common.
  EXPECT_EQ(find({"CCCCO", "CC(N)C"}, {1.0, 100.0}, "moleculeace-murcko").pairs.size(), 0U);
}

TEST(Cliffs, RowsThatCannotBeLookedAtSayWhy) {
  const Smiles smiles{"OCCc1ccccc1", "C1CC", "c1ccc(CCO)cc1", "OCCc1ccccc1", "OCCc1ccccc1", ""};
  const Values values{1.0, 1.0, kNaN, 0.0, -5.0, 1.0};
  for (const CliffRule& rule : cliff_rules()) {
    SCOPED_TRACE(rule.name);
    const auto cliffs = find(smiles, values, rule.name);
    EXPECT_EQ(cliffs.flag, Flags(6, 0));
    EXPECT_EQ(cliffs.problem[0], "");
    EXPECT_NE(cliffs.problem[1], "");
    EXPECT_EQ(cliffs.problem[2], "no potency");
    EXPECT_EQ(cliffs.problem[3], "the potency is not positive");
    EXPECT_EQ(cliffs.problem[4], "the potency is not positive");
    EXPECT_NE(cliffs.problem[5], "");
  }
  EXPECT_TRUE(find({}, {}, "moleculeace").pairs.empty());
}

TEST(Cliffs, MatchedPairsNeedTwoLogUnits) {
  const Smiles smiles{"Cc1ccc2ccccc2c1", "Clc1ccc2ccccc2c1"};
  const auto cliffs = find(smiles, {1.0, 100.0}, "mmp");  // exactly 2 is a cliff
  ASSERT_EQ(cliffs.pairs.size(), 1U);
  EXPECT_EQ(cliffs.pairs[0].because, "mmp");
  EXPECT_DOUBLE_EQ(cliffs.pairs[0].similarity, 10.0 / 11.0);
  EXPECT_EQ(find(smiles, {1.0, 99.0}, "mmp").pairs.size(), 0U);
  EXPECT_EQ(find(smiles, {1.0, 99.0}, "mmp", {{"difference", "1"}}).pairs.size(), 1U);
}

TEST(Cliffs, SaliTakesTheTopShareOrALimit) {
  // Three of one structure: SALI difference / 0.01, so 100, 200 and 300; the fourth is unlike.
  const Smiles smiles{"OCCc1ccccc1", "c1ccc(CCO)cc1", "C(O)Cc1ccccc1", "CCCC"};
  const Values values{1.0, 10.0, 1000.0, 1.0};
  const auto top = find(smiles, values, "sali", {{"top", "0.2"}});  // 1 of 6 pairs
  ASSERT_EQ(top.pairs.size(), 1U);
  EXPECT_EQ(top.flag, (Flags{1, 0, 1, 0}));
  EXPECT_NEAR(top.pairs[0].score, 300.0, 1e-9);
  EXPECT_EQ(find(smiles, values, "sali", {{"limit", "150"}}).pairs.size(), 2U);
  EXPECT_NEAR(find(smiles, values, "sali", {{"top", "0.2"}, {"cap", "0.9"}}).pairs[0].score, 30.0,
              1e-9);
}

TEST(Cliffs, SasCountsItsQuadrants) {
  const Smiles smiles{"OCCc1ccccc1", "c1ccc(CCO)cc1", "C(O)Cc1ccccc1", "CCCC"};
  const Values values{1.0, 2.0, 1000.0, 1.0};
  const auto cliffs = find(smiles, values, "sas", {{"similarity", "0.5"}});
  EXPECT_EQ(cliffs.pairs.size(), 2U);  // 0-2, 1-2
  const std::vector<std::pair<std::string, std::uint64_t>> expected{
      {"cliffs", 2}, {"smooth", 1}, {"similarity_hops", 2}, {"nondescript", 1}};
  EXPECT_EQ(cliffs.counts, expected);
  // Similarities of the six pairs: 1, 1, 1, 0, 0, 0 up to a shared methyl bit.
  const auto by_mean = find(smiles, values, "sas");
  ASSERT_EQ(by_mean.limits.size(), 1U);
  EXPECT_GT(by_mean.limits[0], 1.0);
  EXPECT_TRUE(by_mean.pairs.empty());
}

TEST(Cliffs, GroupsAreApart) {
  const Smiles smiles{"OCCc1ccccc1", "c1ccc(CCO)cc1", "OCCc1ccccc1", "c1ccc(CCO)cc1"};
  const Values values{1.0, 1.0, 100.0, 5.0};
  const std::vector<std::uint32_t> group{7, 3, 3, 7};
  const auto cliffs =
      find_cliffs_within(smiles, values, group, find_cliff_rule("ecfp"), {}, {.n_threads = 2});
  ASSERT_EQ(cliffs.pairs.size(), 1U);
  EXPECT_EQ(cliffs.pairs[0].first, 1U);
  EXPECT_EQ(cliffs.pairs[0].second, 2U);
}

TEST(Cliffs, UnknownNamesAreErrors) {
  EXPECT_THROW(find_cliff_rule("moleculace"), Error);
  EXPECT_THROW(find(kSame, {1.0, 2.0}, "ecfp", {{"fould", "10"}}), Error);
  EXPECT_THROW(find(kSame, {1.0, 2.0}, "ecfp", {{"by", "maccs"}}), Error);
  EXPECT_THROW(find(kSame, {1.0, 2.0}, "ecfp", {{"similarity", "2"}}), Error);
  EXPECT_THROW(find({}, {}, "sas", {{"similarity", "x"}}), Error);
}

}  // namespace
}  // namespace cupel::potency

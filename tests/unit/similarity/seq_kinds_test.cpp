// Each similarity of sequences and mutation sets on cases worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cupel/error.hpp"
#include "seq_items.hpp"
#include "similarity/engine.hpp"
#include "similarity/sequence_kinds.hpp"

namespace cupel {
namespace {

using test::items_of;
using testing::HasSubstr;

std::unique_ptr<Similarity> make(const std::string& kind, const Items& rows,
                                 const KindOptions& options = {}, const Items* cols = nullptr) {
  for (const auto& known : sequence_kinds()) {
    if (known.name == kind) return known.make(rows, cols, options, {});
  }
  throw std::logic_error("no such kind");
}

double between(const std::string& kind, const std::string& a, const std::string& b,
               const KindOptions& options = {}) {
  return make(kind, items_of({a, b}), options)->at(0, 1);
}

std::string refused(const std::string& kind, const Items& rows, const KindOptions& options = {}) {
  try {
    make(kind, rows, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(KmerKinds, CountDistinctKmers) {
  // ABABC: ABA BAB ABC (the second ABA counts once); BABCD: BAB ABC BCD.
  EXPECT_EQ(between("kmer-jaccard", "ABABAC", "BABACD"), 3.0 / 4.0);
  EXPECT_EQ(between("kmer-containment", "ABABC", "ABABCDEF"), 1.0);
  EXPECT_EQ(between("kmer-containment", "ABABCDEF", "ABABC"), 1.0);
  EXPECT_EQ(between("kmer-jaccard", "ABABC", "ABABCDEF"), 3.0 / 6.0);
  EXPECT_EQ(between("kmer-jaccard", "ABCDE", "ABCDF", {{"k", "5"}}), 0.0);
  EXPECT_EQ(between("kmer-jaccard", "abcde", "ABCDE*", {{"k", "5"}}), 1.0);
}

TEST(KmerKinds, SequencesShorterThanKAreUnlikeAll) {
  EXPECT_EQ(between("kmer-jaccard", "AB", "AB"), 0.0);
  EXPECT_EQ(between("kmer-containment", "AB", "ABCD"), 0.0);
}

TEST(KmerKinds, LongAndShortKAgreeWhereTheyMust) {
  const Items items = items_of({"MKVLAAGIVG", "MKVLAAGIVGMKVLAAGIVG", "WWWWWWW"});
  for (const char* k : {"1", "4", "5", "7"}) {
    EXPECT_EQ(make("kmer-containment", items, {{"k", k}})->at(0, 1), 1.0) << k;
    EXPECT_EQ(make("kmer-jaccard", items, {{"k", k}})->at(0, 2), 0.0) << k;
  }
}

TEST(KmerKinds, MinHashIsExactWhereTheSketchHoldsAll) {
  const Items items = items_of({"MKVLAAGIVGLLWDERTY", "MKVLAAGIVGAAWDERTY", "PPPPPP", "A"});
  const auto exact = make("kmer-jaccard", items);
  const auto sketch = make("minhash-jaccard", items);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(exact->at(i, j), sketch->at(i, j)) << i << j;
  }
}

TEST(AlignmentKinds, GlobalIdentityAndItsDenominators) {
  // ACDEFG / AC--FG: 4 identities, 6 columns, 4 pairs.
  const KindOptions charged = {{"end_gaps", "charged"}, {"gap_open", "2"}, {"gap_extend", "1"}};
  const auto with = [&](const char* denominator) {
    KindOptions options = charged;
    options["denominator"] = denominator;
    return between("global-identity", "ACDEFG", "ACFG", options);
  };
  EXPECT_EQ(with("alignment"), 4.0 / 6.0);
  EXPECT_EQ(with("shortest"), 1.0);
  EXPECT_EQ(with("longest"), 4.0 / 6.0);
  EXPECT_EQ(with("mean"), 0.8);
  EXPECT_EQ(with("aligned"), 1.0);
}

TEST(AlignmentKinds, FreeEndGapsLetAFragmentMatchWithin) {
  EXPECT_EQ(between("global-identity", "WWWWACDEFGWWWW", "ACDEFG"), 6.0 / 14.0);
  // Charged, the end gaps of 4 + 4 still pay: 10 + 3 * 0.5 each.
  EXPECT_EQ(between("global-identity", "WWWWACDEFGWWWW", "ACDEFG", {{"denominator", "shortest"}}),
            1.0);
  EXPECT_EQ(between("local-identity", "WWWWACDEFGYYYY", "KKACDEFGKK"), 6.0 / 10.0);
  EXPECT_EQ(between("local-identity", "AAAA", "WWWW"), 0.0);
}

TEST(AlignmentKinds, MostIdentitiesOfTheBestScore) {
  // match 1, mismatch 0, gap free: AB / BA aligns one letter; the best score 1 has 1 identity.
  const KindOptions options = {
      {"matrix", "match"}, {"match", "1"},          {"mismatch", "0"},          {"gap_open", "0"},
      {"gap_extend", "0"}, {"end_gaps", "charged"}, {"denominator", "shortest"}};
  EXPECT_EQ(between("global-identity", "AB", "BA", options), 0.5);
}

TEST(AlignmentKinds, RefusesWhatIsNoScore) {
  const Items items = items_of({"ACD", "ACE"});
  EXPECT_THAT(refused("global-identity", items, {{"matrix", "blosum63"}}), HasSubstr("blosum62"));
  EXPECT_THAT(refused("global-identity", items, {{"gap_open", "0.25"}}), HasSubstr("gap_extend"));
  EXPECT_THAT(refused("global-identity", items, {{"gap_open", "10.00001"}}), HasSubstr("1/1000"));
  EXPECT_THAT(refused("global-identity", items, {{"kmer", "3"}}), HasSubstr("kmer"));
  EXPECT_THAT(refused("global-identity", items_of({"ACD", "AC-D"})),
              testing::AllOf(HasSubstr("s1"), HasSubstr("position 3")));
}

TEST(TextKinds, HammingAndEdit) {
  EXPECT_EQ(between("hamming", "ACDE", "ACFE"), 0.75);
  EXPECT_EQ(between("hamming", "A-DE", "A-FE"), 0.75);
  EXPECT_EQ(between("hamming", "", ""), 1.0);
  EXPECT_EQ(between("hamming", "ACDE", "ACD", {{"unequal", "zero"}}), 0.0);
  EXPECT_THAT(refused("hamming", items_of({"ACDE", "ACD"})), HasSubstr("unequal length"));
  EXPECT_EQ(between("edit", "ACDEF", "ADEFF"), 1.0 - 2.0 / 5.0);
  EXPECT_EQ(between("edit", "", "ACD"), 0.0);
  EXPECT_EQ(between("edit", "", ""), 1.0);
}

TEST(TextKinds, EditAtLeastIsTheSameAsItsValues) {
  const auto edit =
      make("edit", items_of({"ACDEFGHIKL", "ACDEFGHIKV", "ACDEF", "", "WWWWWWWWWW", "ACDFGHIKLW"}));
  for (const double threshold : {0.0, 0.2, 0.5, 0.8, 0.9, 1.0}) {
    std::vector<Hit> fast;
    std::vector<Hit> plain;
    edit->at_least({0, 6}, {0, 6}, threshold, fast);
    edit->Similarity::at_least({0, 6}, {0, 6}, threshold, plain);
    ASSERT_EQ(fast.size(), plain.size()) << threshold;
    for (std::size_t k = 0; k < fast.size(); ++k) EXPECT_EQ(fast[k].value, plain[k].value);
  }
}

TEST(MutationKinds, SharedMutationsNotSharedText) {
  const Items items = items_of({"A1G:C2D", "C2D:E3F", "E3F", "", "", "A1GG"});
  const auto jaccard = make("mutation-jaccard", items);
  const auto share = make("mutation-share", items);
  EXPECT_EQ(jaccard->at(0, 1), 1.0 / 3.0);
  EXPECT_EQ(share->at(0, 1), 1.0);
  EXPECT_EQ(jaccard->at(1, 2), 0.5);
  EXPECT_EQ(share->at(0, 2), 0.0);
  EXPECT_EQ(jaccard->at(0, 5), 0.0) << "A1G is no part of A1GG";
  EXPECT_EQ(jaccard->at(3, 4), 1.0) << "wild types are the same variant";
  EXPECT_EQ(share->at(3, 4), 0.0) << "... but share no mutation";
  EXPECT_EQ(jaccard->at(0, 3), 0.0);
  EXPECT_EQ(jaccard->parameters(), "separator=:");
}

TEST(MutationKinds, EmptySetsAreFoundByThresholdToo) {
  const auto jaccard = make("mutation-jaccard", items_of({"A1G", "", "A1G", ""}));
  const auto hits = pairs_at_least(*jaccard, 0.5, {});
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].row, 0U);
  EXPECT_EQ(hits[0].col, 2U);
  EXPECT_EQ(hits[1].row, 1U);
  EXPECT_EQ(hits[1].col, 3U);
}

TEST(SetKinds, MoreThan16BitsOfTokensOrItems) {
  std::string text;  // with 122,672 different 6-mers
  for (int a = 0; a < 26; ++a) {
    for (int b = 0; b < 26; ++b) {
      for (int c = 0; c < 26; ++c) {
        text +=
            {static_cast<char>('A' + a), static_cast<char>('A' + b), static_cast<char>('A' + c)};
        text += {static_cast<char>('A' + c), static_cast<char>('A' + a),
                 static_cast<char>('A' + (a + b + c) % 26), static_cast<char>('A' + b)};
      }
    }
  }
  const auto large = make("kmer-jaccard", items_of({text, text, "A"}), {{"k", "6"}});
  EXPECT_EQ(large->at(0, 1), 1.0);
  EXPECT_EQ(pairs_at_least(*large, 1.0, {}).size(), 1U);

  Items many;
  for (std::size_t i = 0; i < 70000; ++i) {
    many.ids.push_back(std::to_string(i));
    many.texts.push_back("A" + std::to_string(i / 2) + "G");
  }
  const auto share = make("mutation-share", many);
  EXPECT_EQ(share->at(0, 65536), 0.0);
  EXPECT_EQ(share->at(69998, 69999), 1.0);
  std::vector<Hit> hits;
  share->at_least({69990, 70000}, {0, 70000}, 1.0, hits);
  EXPECT_EQ(hits.size(), 20U) << "each with itself and with its neighbour";
}

TEST(MutationKinds, BarcodesWithBracketsAreCutAtTheBracket) {
  const std::string a = "[3877464, 3878507]:3877960:A:C-[759807, 767320]:761155:C:T";
  const std::string b = "[759807, 767320]:761155:C:T";
  const std::string deletion = "[759807, 767320]:761155:C:--[1, 2]:1:A:C";
  const auto jaccard = make("mutation-jaccard", items_of({a, b, deletion}));
  EXPECT_EQ(jaccard->parameters(), "separator=bracket");
  EXPECT_EQ(jaccard->at(0, 1), 0.5);
  EXPECT_EQ(jaccard->at(1, 2), 0.0);
}

TEST(MutationKinds, NothingAmbiguousIsGuessed) {
  const auto why = [](std::vector<std::string> texts) {
    return refused("mutation-share", items_of(std::move(texts)));
  };
  EXPECT_THAT(why({"A1G:C2D", "A1G-C2D"}), HasSubstr("both"));
  EXPECT_THAT(why({"761155:C:T"}), HasSubstr("does not read"));
  EXPECT_THAT(why({"A199-"}), HasSubstr("separated"));
  EXPECT_THAT(why({"A1_B2del"}), HasSubstr("does not read"));
  EXPECT_THAT(why({"[1, 2]:3:A:C", "A1G"}), HasSubstr("does not read"));
  EXPECT_EQ(make("mutation-share", items_of({"761155:C:T;761156:A:G", "761155:C:T"}),
                 {{"separator", ";"}})
                ->at(0, 1),
            1.0);
  EXPECT_EQ(make("mutation-share", items_of({"A1G B2C", "B2C"}))->at(0, 1), 1.0);
  EXPECT_EQ(
      make("mutation-share", items_of({"any_thing", "any_thing"}), {{"separator", ":"}})->at(0, 1),
      1.0);
}

}  // namespace
}  // namespace cupel

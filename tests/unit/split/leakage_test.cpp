// The leakage report on examples worked by hand, and its words.
#include "split/leakage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cupel/error.hpp"
#include "items.hpp"
#include "split/leakage_words.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

Items sequences(const std::vector<std::string>& texts, const std::vector<double>& targets = {}) {
  Items items;
  for (std::size_t i = 0; i < texts.size(); ++i) items.ids.push_back("s" + std::to_string(i));
  items.texts = texts;
  items.targets = targets;
  return items;
}

/// Two test items, three training items.
struct Example {
  Items train = sequences({"AAAA", "CCCC", "DDDD"}, {1.0, 2.0, 3.0});
  Items test = sequences({"AAAA", "EEEE"}, {1.5, 9.0});
  test::TableSimilarity cross{2, 3, false};
  test::TableSimilarity within_train{3, 3, true};
  test::TableSimilarity within_test{2, 2, true};
  Example() {
    cross.set(0, 0, 1.0);
    cross.set(0, 1, 0.5);
    cross.set(1, 1, 0.25);
    cross.set(1, 2, 0.25);
    for (std::size_t i = 0; i < 3; ++i) within_train.set(i, i, 1.0);
    for (std::size_t i = 0; i < 2; ++i) within_test.set(i, i, 1.0);
    within_train.set(0, 1, 0.5);
  }
  LeakageReport report(double threshold = 0.5) const {
    return leakage_report(train, test, ItemForm::sequence,
                          {.test_by_train = &cross, .train = &within_train, .test = &within_test},
                          {.threshold = threshold, .n_worst = 5, .label_tolerance = 0.1}, {});
  }
};

TEST(Leakage, WorkedExample) {
  const LeakageReport report = Example().report();
  EXPECT_EQ(report.nearest, (std::vector<double>{1.0, 0.25}));
  EXPECT_EQ(report.nearest_item, (std::vector<std::uint32_t>{0, 1}));  // the lower on ties
  EXPECT_DOUBLE_EQ(report.profile.share_with_neighbour, 0.5);
  EXPECT_DOUBLE_EQ(report.profile.mean_pair, 2.0 / 6.0);
  ASSERT_EQ(report.share_at.size(), LeakageReport::kLevels);
  EXPECT_EQ(report.share_at[0], 1.0);
  EXPECT_EQ(report.share_at[25], 1.0);  // at least
  EXPECT_EQ(report.share_at[26], 0.5);
  EXPECT_EQ(report.share_at[100], 0.5);
  // Ordered pairs: 2 x 2.0 across; within 3 + 2 x 0.5 and 2.
  EXPECT_DOUBLE_EQ(report.datasail_l, 4.0 / (4.0 + 4.0 + 2.0));
  EXPECT_DOUBLE_EQ(report.datasail_l_random, 1.0 - (9.0 + 4.0) / 25.0);
  EXPECT_DOUBLE_EQ(report.datasail_l_normalised, 0.4 / 0.48);
  ASSERT_EQ(report.worst.size(), 2U);
  EXPECT_EQ(report.worst[0].test, 0U);
  EXPECT_EQ(report.worst[0].train, 0U);
  EXPECT_EQ(report.n_indistinguishable, 1U);
}

TEST(Leakage, LevelsAreHundredths) {
  Example e;
  e.cross.set(0, 0, 0.995);
  const LeakageReport report = e.report();
  EXPECT_EQ(report.share_at[99], 0.5);
  EXPECT_EQ(report.share_at[100], 0.0);
}

TEST(Leakage, ConstantSimilarityIsARandomSplit) {
  Example e;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) e.within_train.set(i, j, 0.3);
    for (std::size_t j = 0; j < 2; ++j) e.cross.set(j, i, 0.3);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) e.within_test.set(i, j, 0.3);
  }
  EXPECT_NEAR(e.report().datasail_l, 0.48, 1e-15);
  EXPECT_NEAR(e.report().datasail_l_normalised, 1.0, 1e-15);
}

TEST(Leakage, WithoutSimilaritiesWithinTheSidesLIsNotMeasured) {
  const Example e;
  const auto report = leakage_report(e.train, e.test, ItemForm::sequence,
                                     {.test_by_train = &e.cross}, {.threshold = 0.5}, {});
  EXPECT_TRUE(std::isnan(report.datasail_l));
  EXPECT_TRUE(std::isnan(report.datasail_l_normalised));
}

TEST(Leakage, CopiesAndTheirConflicts) {
  const Items train = sequences({"MKV", "MKV", "AAA", "GGG"}, {1.0, 5.0, 2.0, NAN});
  const Items test = sequences({"mkv", "AAA", "GGG", "TTT"}, {1.05, 2.0, 4.0, 1.0});
  const auto found = find_duplicates(train, test, ItemForm::sequence, {.label_tolerance = 0.1}, {});
  EXPECT_EQ(found.n_test, 3U);
  EXPECT_EQ(found.n_known, 2U);
  EXPECT_EQ(found.n_conflicts, 1U);
  EXPECT_DOUBLE_EQ(found.largest_difference, 3.95);
  ASSERT_EQ(found.conflicts.size(), 1U);
  EXPECT_EQ(found.conflicts[0].train, 1U);
}

TEST(Leakage, CopiesOfMoleculesMutationsAndBits) {
  EXPECT_EQ(find_duplicates(sequences({"OCC", "C[C@H](N)O"}), sequences({"CCO", "C[C@@H](N)O"}),
                            ItemForm::smiles, {}, {})
                .n_test,
            1U);  // the same molecule written differently; the other enantiomer is another one
  EXPECT_EQ(find_duplicates(sequences({"A1G:C2D"}), sequences({"C2D:A1G", "A1G"}),
                            ItemForm::mutations, {}, {})
                .n_test,
            1U);
  Items a;
  a.ids = {"x"};
  a.bits = PackedBits(1, 70);
  a.bits.set(0, 69);
  Items b = a;
  EXPECT_EQ(find_duplicates(a, b, ItemForm::bits, {}, {}).n_test, 1U);
  b.bits.set(0, 2);
  EXPECT_EQ(find_duplicates(a, b, ItemForm::bits, {}, {}).n_test, 0U);
  EXPECT_FALSE(find_duplicates(a, b, ItemForm::matrix, {}, {}).is_known);
}

TEST(Leakage, ClassLabelsAreComparedByName) {
  Items train = sequences({"MK", "MV"}, {0.0, 1.0});
  train.target_levels = {"membrane", "nucleus"};
  Items test = sequences({"MK", "MV"}, {1.0, 1.0});
  test.target_levels = {"cytosol", "nucleus"};
  const auto found = find_duplicates(train, test, ItemForm::sequence, {}, {});
  EXPECT_EQ(found.n_conflicts, 1U);
  EXPECT_TRUE(std::isnan(found.largest_difference));
}

TEST(Leakage, SetJaccardByHand) {
  EXPECT_DOUBLE_EQ(set_jaccard({"a", "b", "b"}, {"b", "c"}), 1.0 / 3.0);
  EXPECT_TRUE(std::isnan(set_jaccard({}, {})));
  EXPECT_EQ(kmer_tokens(sequences({"AAAC", "AC"}), 3), (std::vector<std::string>{"AAA", "AAC"}));
}

TEST(Leakage, AnEmptySideIsRefused) {
  const Example e;
  const test::TableSimilarity none(2, 0, false);
  EXPECT_THROW(leakage_report({}, e.test, ItemForm::sequence, {.test_by_train = &none}, {}, {}),
               Error);
}

TEST(Leakage, WordsSayTheShareTheCopiesAndTheNoise) {
  const LeakageReport report = Example().report();
  const auto words = leakage_words(report, nullptr);
  EXPECT_EQ(words.seen[0], "50 % of 2 test items have a training neighbour at or above 0.5.");
  EXPECT_THAT(words.seen[1], HasSubstr("1 test item (50 %) is also in the training set, exactly"));
  EXPECT_THAT(words.seen[1], HasSubstr("1 of them has another target there"));
  EXPECT_FALSE(words.to_do.empty());
  ChanceLevel noise{.is_inside_noise = true, .noise_ends = 0.5123, .sentence = "Noise."};
  const auto noisy = leakage_words(report, &noise);
  EXPECT_THAT(noisy.to_do, testing::Contains(HasSubstr("above 0.513")));
  noise.noise_ends = 1.0;
  EXPECT_THAT(leakage_words(report, &noise).to_do,
              testing::Contains(HasSubstr("Chance reaches every threshold")));
}

TEST(Leakage, NothingLeaksIsSaidOnlyWhenItIsSo) {
  Example e;
  e.test.texts[0] = "FFFF";
  e.cross.set(0, 0, 0.1);
  EXPECT_THAT(leakage_words(e.report(0.9), nullptr).seen.back(), HasSubstr("nothing leaks"));
  EXPECT_THAT(leakage_words(e.report(0.4), nullptr).seen,
              testing::Not(testing::Contains(HasSubstr("nothing leaks"))));
}

TEST(Leakage, PercentagesNeverRoundToNothing) {
  EXPECT_EQ(percent_text(0.0), "0 %");
  EXPECT_EQ(percent_text(0.00021), "0.021 %");
  EXPECT_EQ(percent_text(0.004), "0.4 %");
  EXPECT_EQ(percent_text(0.38), "38 %");
  EXPECT_EQ(percent_text(1.0), "100 %");
}

TEST(Leakage, BlockOfASimilarityIsThePartOfIt) {
  const auto whole = test::grouped_similarity(12, 3, 0.5, 1);
  const SimilarityBlock block(whole, {3, 7, 1}, {0, 11}, false);
  std::vector<double> out(6);
  block.values({0, 3}, {0, 2}, out);
  EXPECT_EQ(out[3], whole.get(7, 11));
  EXPECT_EQ(out[4], whole.get(1, 0));
}

}  // namespace
}  // namespace cupel

#include "stat/tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/error.hpp"
#include "stat/studentized_range.hpp"

namespace cupel {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsNan;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Multiplicity, UndefinedPValuesDoNotCount) {
  EXPECT_THAT(holm(std::vector<double>{0.01, kNaN, 0.04}),
              ElementsAre(DoubleEq(0.02), IsNan(), DoubleEq(0.04)));
  EXPECT_THAT(benjamini_hochberg(std::vector<double>{0.04, kNaN, 0.01}),
              ElementsAre(DoubleEq(0.04), IsNan(), DoubleEq(0.02)));
  EXPECT_THAT(holm({}), IsEmpty());
}

TEST(PairedTests, NothingToTestIsUndefined) {
  const std::vector<double> zeros(6, 0.0), one = {1.0};
  EXPECT_THAT(paired_t_test(zeros).p_value, IsNan());
  EXPECT_THAT(wilcoxon_signed_rank(zeros).p_value, IsNan());
  EXPECT_THAT(paired_t_test(one).p_value, IsNan());
  EXPECT_THAT(corrected_cv_t_test({}, 0.1).mean, IsNan());
  EXPECT_THAT(wilcoxon_signed_rank(std::vector<double>{1.0, kNaN}).p_value, IsNan());
}

TEST(PairedTests, OverlapOfTrainingSetsWidensTheInterval) {
  const std::vector<double> differences = {0.1, 0.3, 0.2, 0.15, 0.25};
  const TTest plain = paired_t_test(differences);
  const TTest corrected = corrected_cv_t_test(differences, 0.25);
  EXPECT_DOUBLE_EQ(plain.mean, corrected.mean);
  // Variance of the mean 1/5 -> 1/5 + 1/4.
  EXPECT_NEAR((corrected.high - corrected.mean) / (plain.high - plain.mean), std::sqrt(2.25),
              1e-12);
  EXPECT_GT(corrected.p_value, plain.p_value);
}

TEST(Permutation, CountsTheObservedValue) {
  const std::vector<double> null_values = {0.1, 0.2, 0.3, 0.5};
  EXPECT_DOUBLE_EQ(permutation_p_value(0.3, null_values), 3.0 / 5.0);
  EXPECT_DOUBLE_EQ(permutation_p_value(0.9, null_values), 1.0 / 5.0);
  EXPECT_DOUBLE_EQ(permutation_p_value(0.9, {}), 1.0);
  EXPECT_THAT(permutation_p_value(kNaN, null_values), IsNan());
}

TEST(Equivalence, NeedsTheWholeInterval) {
  EXPECT_EQ(equivalence(-0.01, 0.02, 0.05), Equivalence::equivalent);
  EXPECT_EQ(equivalence(-0.01, 0.06, 0.05), Equivalence::cannot_tell);
  EXPECT_EQ(equivalence(0.06, 0.09, 0.05), Equivalence::not_equivalent);
  EXPECT_EQ(equivalence(-0.09, -0.05, 0.05), Equivalence::not_equivalent);
  EXPECT_EQ(equivalence(kNaN, kNaN, 0.05), Equivalence::cannot_tell);
}

Matrix<double> scores_of(std::initializer_list<std::initializer_list<double>> rows) {
  Matrix<double> out(rows.size(), rows.begin()->size());
  std::size_t i = 0;
  for (const auto& row : rows) {
    for (const double value : row) out.values[i++] = value;
  }
  return out;
}

TEST(Ranks, BestIsRankOneInEitherDirection) {
  const auto scores = scores_of({{0.9, 0.5, 0.7}, {0.8, 0.1, 0.2}, {0.7, 0.6, 0.65}});
  EXPECT_THAT(compare_ranks(scores, true).average_rank, ElementsAre(1.0, 3.0, 2.0));
  EXPECT_THAT(compare_ranks(scores, false).average_rank, ElementsAre(3.0, 1.0, 2.0));
  // The same order in every block: Conover's error is 0, all pairs differ.
  const RankComparison out = compare_ranks(scores, true);
  EXPECT_EQ(out.conover_holm(0, 1), 0.0);
  EXPECT_EQ(out.conover_holm(1, 1), 1.0);
}

TEST(Ranks, TooLittleToCompareIsUndefined) {
  EXPECT_THAT(compare_ranks(scores_of({{1, 2}, {2, 1}}), true).friedman.p_value, IsNan());
  EXPECT_THAT(compare_ranks(scores_of({{1, 2, 3}}), true).friedman.p_value, IsNan());
  EXPECT_THAT(compare_ranks(scores_of({{1, 1, 1}, {2, 2, 2}}), true).conover(0, 1), IsNan());
  EXPECT_THROW((void)compare_ranks(scores_of({{1, kNaN, 1}, {2, 2, 2}}), true), Error);
}

TEST(Ranks, CriticalDifferenceOfDemsar) {
  // Demsar 2006, table 5(a): q(0.05) = 2.343 for k = 3 and 3.164 for k = 10, to 3 digits.
  EXPECT_NEAR(studentized_range_quantile(0.95, 3) / std::sqrt(2.0), 2.343, 1e-3);
  EXPECT_NEAR(studentized_range_quantile(0.95, 10) / std::sqrt(2.0), 3.164, 1e-3);
  // His example: k = 4, N = 14 -> CD = 1.25.
  EXPECT_NEAR(nemenyi_critical_difference(4, 14), 1.25, 0.005);
  EXPECT_THAT(studentized_range_quantile(1.0, 3), IsNan());
  EXPECT_THAT(studentized_range_upper(1.0, 1), IsNan());
}

TEST(Ranks, CliquesAreMaximalRuns) {
  const std::vector<double> ranks = {4.0, 1.0, 1.5, 2.2, 6.0};
  const auto cliques = rank_cliques(ranks, 1.0);
  ASSERT_EQ(cliques.size(), 2U);
  EXPECT_THAT(cliques[0], ElementsAre(1, 2));
  EXPECT_THAT(cliques[1], ElementsAre(2, 3));
  EXPECT_THAT(rank_cliques(ranks, 100.0), ElementsAre(ElementsAre(1, 2, 3, 0, 4)));
  EXPECT_THAT(rank_cliques(ranks, 0.1), IsEmpty());
  Matrix<double> p_values(5, 5, 1.0);
  p_values(1, 4) = p_values(4, 1) = 0.01;
  EXPECT_THAT(rank_cliques(ranks, p_values, 0.05),
              ElementsAre(ElementsAre(1, 2, 3, 0), ElementsAre(2, 3, 0, 4)));
}

}  // namespace
}  // namespace cupel

#include "stat/interval.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace cupel {
namespace {

using testing::IsNan;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> zero_to(int n) {
  std::vector<double> values;
  for (int i = 0; i <= n; ++i) values.push_back(i);
  return values;
}

TEST(Interval, BcaWithoutBiasAndSkewIsThePercentileInterval) {
  const std::vector<double> draws = zero_to(1000);
  const Interval bca = bca_interval(500.0, draws, {}, {}, 0.9);
  EXPECT_NEAR(bca.low, 50.0, 1e-9);
  EXPECT_NEAR(bca.high, 950.0, 1e-9);
  EXPECT_TRUE(bca.is_reliable);
  EXPECT_DOUBLE_EQ(percentile_interval(draws, 0.9).low, 50.0);
}

TEST(Interval, SkewOfEitherUnitMovesBothEnds) {
  const std::vector<double> draws = zero_to(1000);
  const std::vector<double> skewed = {1, 1, 1, 1, 1, -9};  // one unit pulls the value up
  const Interval plain = bca_interval(500.0, draws, {}, {});
  const Interval by_a = bca_interval(500.0, draws, skewed, {});
  const Interval by_b = bca_interval(500.0, draws, {}, skewed);
  EXPECT_GT(by_a.low, plain.low);
  EXPECT_GT(by_a.high, plain.high);
  EXPECT_DOUBLE_EQ(by_a.low, by_b.low);
  // Two equal sets: influences add in squares and cubes, a shrinks by sqrt(2).
  const Interval by_both = bca_interval(500.0, draws, skewed, skewed);
  EXPECT_LT(by_both.high, by_a.high);
  EXPECT_GT(by_both.high, plain.high);
}

TEST(Interval, PointOutsideTheDrawsIsNotReliable) {
  const Interval interval = bca_interval(2000.0, zero_to(1000), {}, {});
  EXPECT_FALSE(interval.is_reliable);
  EXPECT_LE(interval.high, 1000.0);
}

TEST(Interval, ConstantDrawsHaveNoWidth) {
  const std::vector<double> draws(100, 3.0);
  const Interval interval = bca_interval(3.0, draws, {}, {});
  EXPECT_EQ(interval.low, 3.0);
  EXPECT_EQ(interval.high, 3.0);
  EXPECT_TRUE(interval.is_reliable);
  EXPECT_EQ(standard_error(draws), 0.0);
}

TEST(Interval, UndefinedDrawsAreCountedAndLimited) {
  std::vector<double> draws = zero_to(99);
  for (int i = 0; i < 10; ++i) draws[static_cast<std::size_t>(10 * i)] = kNaN;
  const Interval some = percentile_interval(draws);
  EXPECT_EQ(some.n_dropped, 10U);
  EXPECT_EQ(some.n_draws, 90U);
  EXPECT_FALSE(std::isnan(some.low));
  draws[1] = kNaN;  // 11 of 100
  EXPECT_THAT(percentile_interval(draws).low, IsNan());
  EXPECT_THAT(bca_interval(50.0, draws, {}, {}).low, IsNan());
  EXPECT_FALSE(bca_interval(50.0, draws, {}, {}).is_reliable);
  EXPECT_THAT(bootstrap_p_value(draws), IsNan());
  EXPECT_THAT(standard_error(draws), IsNan());
  EXPECT_THAT(percentile_interval({}).low, IsNan());
  EXPECT_THAT(bca_interval(kNaN, zero_to(100), {}, {}).low, IsNan());
}

TEST(Interval, PValueCountsTheObservedOne) {
  std::vector<double> draws = zero_to(98);  // 99 draws, one of them at 0
  EXPECT_DOUBLE_EQ(bootstrap_p_value(draws), 2.0 * 2.0 / 100.0);
  for (double& draw : draws) draw += 1.0;
  EXPECT_DOUBLE_EQ(bootstrap_p_value(draws), 2.0 / 100.0);
  EXPECT_DOUBLE_EQ(bootstrap_p_value(draws, 50.0), 1.0);
}

TEST(Interval, MinimumDetectableDifferenceIsTheTextbookSum) {
  EXPECT_NEAR(minimum_detectable_difference(1.0), 1.959963984540054 + 0.8416212335729143, 1e-12);
  EXPECT_NEAR(minimum_detectable_difference(2.0, 0.1, 0.5), 2.0 * 1.6448536269514722, 1e-12);
}

}  // namespace
}  // namespace cupel

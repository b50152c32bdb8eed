// Relative errors with intervals.
#include "stat/ratio.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace cupel {
namespace {

TEST(RatioOfSums, OfEqualRatiosHasNoWidth) {
  const std::vector<double> model{1, 2, 3};
  const std::vector<double> baseline{2, 4, 6};
  const auto ratio = ratio_of_sums(model, baseline, 200, 1);
  EXPECT_DOUBLE_EQ(ratio.value, 0.5);
  EXPECT_DOUBLE_EQ(ratio.interval.low, 0.5);
  EXPECT_DOUBLE_EQ(ratio.interval.high, 0.5);
}

TEST(RatioOfSums, IntervalHoldsTheValueAndDependsOnTheSeedOnly) {
  const std::vector<double> model{1, 5, 2, 2, 9, 1};
  const std::vector<double> baseline{2, 4, 2, 3, 5, 2};
  const auto ratio = ratio_of_sums(model, baseline, 2000, 1);
  EXPECT_DOUBLE_EQ(ratio.value, 20.0 / 18.0);
  EXPECT_LT(ratio.interval.low, ratio.value);
  EXPECT_GT(ratio.interval.high, ratio.value);
  EXPECT_EQ(ratio.interval.low, ratio_of_sums(model, baseline, 2000, 1).interval.low);
  EXPECT_NE(ratio.interval.low, ratio_of_sums(model, baseline, 2000, 2).interval.low);
}

TEST(RatioOfSums, UndefinedWithoutItems) {
  EXPECT_TRUE(std::isnan(ratio_of_sums({}, {}, 10, 1).value));
  EXPECT_TRUE(std::isnan(ratio_of_sums({}, {}, 10, 1).interval.low));
}

}  // namespace
}  // namespace cupel

// Metrics on cliff pairs against numbers worked out by hand.
#include "metric/pairs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "cupel/error.hpp"

using namespace cupel;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Pairs, OrderRightWrongAndTied) {
  const std::vector<double> truth{5.0, 7.0, 6.0, 9.0};
  const std::vector<double> prediction{5.5, 6.0, 6.0, 5.0};
  const std::vector<std::uint32_t> first{0, 1, 3};   // right, tied, wrong
  const std::vector<std::uint32_t> second{1, 2, 0};  // 9.0 is predicted below 5.0
  const PairOrder order = pair_order(truth, prediction, first, second);
  EXPECT_EQ(order.n_pairs, 3U);
  EXPECT_EQ(order.n_tied, 1U);
  EXPECT_DOUBLE_EQ(order.accuracy, 0.5);
  EXPECT_DOUBLE_EQ(sign_accuracy(truth, prediction, first, second), 0.5);
}

TEST(Pairs, TurningAPairRoundChangesNothing) {
  const std::vector<double> truth{1.0, 3.0};
  const std::vector<double> prediction{2.0, 2.5};
  const std::vector<std::uint32_t> a{0};
  const std::vector<std::uint32_t> b{1};
  EXPECT_DOUBLE_EQ(sign_accuracy(truth, prediction, a, b), 1.0);
  EXPECT_DOUBLE_EQ(sign_accuracy(truth, prediction, b, a), 1.0);
}

TEST(Pairs, UndefinedPairsAreLeftOutAndCounted) {
  const std::vector<double> truth{1.0, 3.0, kNaN, 3.0};
  const std::vector<double> prediction{kNaN, 2.0, 1.0, std::numeric_limits<double>::infinity()};
  const std::vector<std::uint32_t> first{0, 2, 1, 1};
  const std::vector<std::uint32_t> second{1, 1, 3, 3};
  const PairOrder order = pair_order(truth, prediction, first, second);
  EXPECT_EQ(order.n_pairs, 0U);
  EXPECT_EQ(order.n_undefined, 4U);
  EXPECT_TRUE(std::isnan(order.accuracy));
  // Equal truths have no order, whatever is predicted.
  const std::vector<double> known{3.0, 3.0};
  const std::vector<double> guess{1.0, 2.0};
  EXPECT_EQ(pair_order(known, guess, std::vector<std::uint32_t>{0}, std::vector<std::uint32_t>{1})
                .n_undefined,
            1U);
}

TEST(Pairs, BadIndicesAreAnError) {
  const std::vector<double> two{1.0, 2.0};
  EXPECT_THROW(
      sign_accuracy(two, two, std::vector<std::uint32_t>{0}, std::vector<std::uint32_t>{2}), Error);
  EXPECT_THROW(sign_accuracy(two, std::vector<double>{1.0}, {}, {}), Error);
}

TEST(Pairs, CliffErrorsByHand) {
  const std::vector<double> truth{1.0, 2.0, 3.0, 4.0, 5.0};
  const std::vector<double> prediction{2.0, 2.0, 6.0, 4.5, kNaN};
  const std::vector<std::uint8_t> cliff{1, 1, 1, 0, 0};
  const CliffErrors errors = cliff_errors(truth, prediction, cliff);
  EXPECT_DOUBLE_EQ(errors.rmse_cliff, std::sqrt(10.0 / 3.0));
  EXPECT_DOUBLE_EQ(errors.rmse_noncliff, 0.5);
  EXPECT_DOUBLE_EQ(errors.gap, std::sqrt(10.0 / 3.0) - 0.5);
  EXPECT_EQ(errors.n_cliff, 3U);
  EXPECT_EQ(errors.n_noncliff, 1U);
  EXPECT_EQ(errors.n_undefined, 1U);
  const CliffErrors none = cliff_errors(truth, prediction, std::vector<std::uint8_t>(5, 0));
  EXPECT_TRUE(std::isnan(none.rmse_cliff));
  EXPECT_TRUE(std::isnan(none.gap));
}

}  // namespace

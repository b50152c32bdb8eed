#include "model/random_forest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "cupel/error.hpp"

namespace cupel {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

constexpr RandomForestOptions kOneTree{.trees = 1, .bootstrap = false};

std::vector<std::uint32_t> first(std::uint32_t n) {
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

Matrix<float> column(const std::vector<float>& values) {
  Matrix<float> x(values.size(), 1);
  x.values = values;
  return x;
}

TEST(RandomForest, OneSplitOfNumbersIsMidway) {
  // Best cut between 3 and 7: the threshold is 5, and 5 goes left.
  const Matrix<float> x = column({1, 2, 3, 7, 8});
  const std::vector<double> y{1, 1, 1, 5, 5};
  const auto forest = RandomForest::fit(x, first(5), y, kOneTree, {});
  const Matrix<float> at = column({5.0F, 5.0001F, -10, 100});
  EXPECT_THAT(forest.predict(at, first(4), {}), ElementsAre(1, 5, 1, 5));
  EXPECT_THAT(forest.importances(), ElementsAre(1.0));
}

TEST(RandomForest, DepthIsTheGreedyTree) {
  // By hand: y = 0 0 | 10 | 14. Root: cut after two rows leaves 0 + 8; after three 66.7 + 0.
  const Matrix<float> x = column({1, 2, 3, 4});
  const std::vector<double> y{0, 0, 10, 14};
  RandomForestOptions options = kOneTree;
  options.max_depth = 1;
  EXPECT_THAT(RandomForest::fit(x, first(4), y, options, {}).predict(x, first(4), {}),
              ElementsAre(0, 0, 12, 12));
  options.max_depth = 0;
  options.min_leaf = 2;
  EXPECT_THAT(RandomForest::fit(x, first(4), y, options, {}).predict(x, first(4), {}),
              ElementsAre(0, 0, 12, 12));
  options.min_leaf = 1;
  options.min_split = 3;
  EXPECT_THAT(RandomForest::fit(x, first(4), y, options, {}).predict(x, first(4), {}),
              ElementsAre(0, 0, 12, 12));
  EXPECT_THAT(RandomForest::fit(x, first(4), y, kOneTree, {}).predict(x, first(4), {}),
              ElementsAreArray(y));
}

TEST(RandomForest, ImportanceIsTheShareOfTheSquaredError) {
  // Error 4 x 25 + ... : bit 0 parts {0, 2} from {10, 14}; bit 1 parts within both.
  PackedBits x(4, 3);
  x.set(2, 0);
  x.set(3, 0);
  x.set(1, 1);
  x.set(3, 1);
  const std::vector<double> y{0, 2, 10, 14};
  const auto forest = RandomForest::fit(x, first(4), y, kOneTree, {});
  EXPECT_THAT(forest.predict(x, first(4), {}), ElementsAreArray(y));
  // Around the mean 6.5: 42.25 + 20.25 + 12.25 + 56.25 = 131; left in the halves 2 + 8 = 10.
  EXPECT_THAT(forest.importances(),
              ElementsAre(DoubleNear(121.0 / 131.0, 1e-12), DoubleNear(10.0 / 131.0, 1e-12), 0.0));
}

TEST(RandomForest, RowsIndexTheFeatures) {
  PackedBits x(6, 70);
  x.set(5, 69);
  x.set(2, 69);
  const std::vector<std::uint32_t> rows{5, 0};
  const auto forest = RandomForest::fit(x, rows, std::vector<double>{3, 4}, kOneTree, {});
  EXPECT_THAT(forest.predict(x, std::vector<std::uint32_t>{2, 1, 5}, {}), ElementsAre(3, 4, 3));
}

TEST(RandomForest, RowsThatNoFeatureTellsApartShareTheirMean) {
  PackedBits x(3, 8);
  x.set(2, 1);
  const auto forest = RandomForest::fit(x, first(3), std::vector<double>{1, 2, 9}, kOneTree, {});
  EXPECT_THAT(forest.predict(x, first(3), {}), ElementsAre(1.5, 1.5, 9));
}

TEST(RandomForest, NoGainIsASplitAllTheSame) {
  // Exclusive or: no first split takes any error away, the second ones take all.
  PackedBits x(4, 2);
  x.set(1, 0);
  x.set(2, 1);
  x.set(3, 0);
  x.set(3, 1);
  const std::vector<double> y{0, 1, 1, 0};
  EXPECT_THAT(RandomForest::fit(x, first(4), y, kOneTree, {}).predict(x, first(4), {}),
              ElementsAreArray(y));
}

TEST(RandomForest, ConstantTargetsAndNoFeatures) {
  PackedBits x(3, 4);
  x.set(0, 1);
  const std::vector<double> same(3, 5.25);
  const auto forest = RandomForest::fit(x, first(3), same, {.trees = 7}, {});
  EXPECT_THAT(forest.predict(x, first(3), {}), Each(5.25));
  EXPECT_THAT(forest.importances(), ElementsAre(0, 0, 0, 0));
  const Matrix<float> none(2, 0);
  const auto mean = RandomForest::fit(none, first(2), std::vector<double>{1, 2}, kOneTree, {});
  EXPECT_THAT(mean.predict(none, first(2), {}), Each(DoubleEq(1.5)));
}

TEST(RandomForest, TheBootstrapDrawsWithReplacement) {
  // A stump-free forest of one row a leaf: the mean over many trees of a training row's prediction
  // is its own target in 63.2 % of the trees, and the nearest drawn one else.
  const Matrix<float> x = column({0, 1});
  const auto forest =
      RandomForest::fit(x, first(2), std::vector<double>{0, 1}, {.trees = 20000, .seed = 3}, {});
  // Both rows drawn with probability 1/2, only the other with 1/4: mean of row 0 = 1/4.
  const auto mean = forest.predict(x, first(2), {});
  EXPECT_NEAR(mean[0], 0.25, 0.015);
  EXPECT_NEAR(mean[1], 0.75, 0.015);
}

TEST(RandomForest, BadInputIsRefused) {
  Matrix<float> x = column({1, 2});
  const std::vector<double> y{1, 2};
  EXPECT_THROW(RandomForest::fit(x, first(2), y, {.trees = 0}, {}), Error);
  EXPECT_THROW(RandomForest::fit(x, first(2), y, {.feature_share = 0.0}, {}), Error);
  EXPECT_THROW(RandomForest::fit(x, first(2), std::vector<double>{1, std::nan("")}, kOneTree, {}),
               Error);
  const auto forest = RandomForest::fit(x, first(2), y, kOneTree, {});
  x(1, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(forest.predict(x, first(2), {}), Error);
  EXPECT_THROW(RandomForest::fit(x, first(2), y, kOneTree, {}), Error);
  EXPECT_THROW(forest.predict(Matrix<float>(1, 2), first(1), {}), Error);
}

}  // namespace
}  // namespace cupel

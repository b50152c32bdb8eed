#include "split/overlap_profile.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "cupel/error.hpp"
#include "items.hpp"

namespace cupel {
namespace {

test::TableSimilarity worked_example() {
  test::TableSimilarity s(5, 5, true);
  for (std::size_t i = 0; i < 5; ++i) s.set(i, i, 1.0);
  s.set(0, 2, 0.9);  // test 0 and 1, training 2 and 3
  s.set(0, 3, 0.1);
  s.set(1, 2, 0.3);
  s.set(1, 3, 0.5);
  s.set(0, 4, 0.99);  // 4 takes no part
  return s;
}

TEST(OverlapProfile, WorkedExample) {
  const auto s = worked_example();
  const std::vector<std::uint32_t> test{0, 1};
  const std::vector<std::uint32_t> train{2, 3};
  const auto profile = measure_overlap(s, train, test, 0.6, {});
  EXPECT_EQ(profile.n_train, 2U);
  EXPECT_EQ(profile.n_test, 2U);
  EXPECT_DOUBLE_EQ(profile.share_with_neighbour, 0.5);
  EXPECT_DOUBLE_EQ(profile.nearest_mean, 0.7);
  EXPECT_DOUBLE_EQ(profile.nearest_median, 0.7);
  EXPECT_DOUBLE_EQ(profile.nearest_p90, 0.86);
  EXPECT_DOUBLE_EQ(profile.nearest_max, 0.9);
  EXPECT_DOUBLE_EQ(profile.mean_pair, 0.45);
  ASSERT_EQ(profile.nearest_histogram.size(), kNearestBins);
  EXPECT_EQ(profile.nearest_histogram[25], 1U);
  EXPECT_EQ(profile.nearest_histogram[45], 1U);
  EXPECT_EQ(std::accumulate(profile.nearest_histogram.begin(), profile.nearest_histogram.end(),
                            std::uint64_t{0}),
            2U);
}

TEST(OverlapProfile, NeighbourMeansAtLeast) {
  const auto s = worked_example();
  const auto profile = measure_overlap(s, std::vector<std::uint32_t>{2, 3},
                                       std::vector<std::uint32_t>{0, 1}, 0.5, {});
  EXPECT_DOUBLE_EQ(profile.share_with_neighbour, 1.0);
}

TEST(OverlapProfile, RectangularIsTheSameAsLists) {
  const auto s = test::grouped_similarity(60, 4, 0.4, 3);
  std::vector<std::uint32_t> test(20);
  std::vector<std::uint32_t> train(40);
  std::iota(test.begin(), test.end(), 0U);
  std::iota(train.begin(), train.end(), 20U);
  test::TableSimilarity block(20, 40, false);
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t j = 0; j < 40; ++j) block.set(i, j, s.get(i, 20 + j));
  }
  const auto a = measure_overlap(s, train, test, 0.4, {.n_threads = 2});
  const auto b = measure_overlap(block, 0.4, {});
  EXPECT_EQ(a.nearest_mean, b.nearest_mean);
  EXPECT_EQ(a.share_with_neighbour, b.share_with_neighbour);
  EXPECT_EQ(a.mean_pair, b.mean_pair);
  EXPECT_EQ(a.nearest_histogram, b.nearest_histogram);
}

TEST(OverlapProfile, AnEmptySideIsNotMeasured) {
  const auto s = worked_example();
  const auto profile = measure_overlap(s, {}, std::vector<std::uint32_t>{0}, 0.5, {});
  EXPECT_EQ(profile.n_train, 0U);
  EXPECT_TRUE(std::isnan(profile.nearest_mean));
  EXPECT_TRUE(std::isnan(profile.share_with_neighbour));
}

TEST(OverlapProfile, AnItemOnBothSidesIsABug) {
  const auto s = worked_example();
  EXPECT_THROW(
      measure_overlap(s, std::vector<std::uint32_t>{0, 2}, std::vector<std::uint32_t>{0}, 0.5, {}),
      Error);
}

}  // namespace
}  // namespace cupel

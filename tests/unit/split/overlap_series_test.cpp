#include "split/overlap_series.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "cupel/error.hpp"
#include "items.hpp"
#include "split/overlap_chain.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::internal, "no error"};
}

/// Ten items in pairs: 0-1, 2-3, ... have 0.9, all others 0.1.
test::TableSimilarity pairs() {
  test::TableSimilarity s(10, 10, true);
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t j = 0; j < 10; ++j) s.set(i, j, i == j ? 1.0 : i / 2 == j / 2 ? 0.9 : 0.1);
  }
  return s;
}

std::size_t count(const OverlapSplit& split, Role role) {
  return static_cast<std::size_t>(std::count(split.role.begin(), split.role.end(), role));
}

TEST(OverlapChain, ShutsOutTheClosestAndKeepsTheSize) {
  const auto s = pairs();
  const auto neighbours = all_neighbours(s, {});
  const detail::SeriesItems items{&neighbours, std::vector<double>(10, 1.0)};
  Rng rng(1, "test");
  const auto chain = detail::make_chain(items, {0, 2}, 5, {}, rng);
  ASSERT_EQ(chain.steps.size(), 3U);
  EXPECT_TRUE(chain.steps[0].shut_out == 1 || chain.steps[0].shut_out == 3);
  EXPECT_TRUE(chain.steps[1].shut_out == 1 || chain.steps[1].shut_out == 3);
  EXPECT_DOUBLE_EQ(chain.steps[1].closeness, 0.9);
  EXPECT_DOUBLE_EQ(chain.steps[2].closeness, 0.1);
  for (std::size_t k = 0; k <= 3; ++k) EXPECT_EQ(chain.training_after(k).size(), 5U);
  EXPECT_NEAR(chain.overlap[2], 0.1, 1e-12);
  EXPECT_THAT(detail::lowest_overlaps(items, std::vector<std::uint32_t>{0, 2}, {}),
              ElementsAre(testing::DoubleNear(0.9, 1e-12), testing::DoubleNear(0.5, 1e-12),
                          testing::DoubleNear(0.1, 1e-12), testing::DoubleNear(0.1, 1e-12),
                          testing::DoubleNear(0.1, 1e-12), testing::DoubleNear(0.1, 1e-12),
                          testing::DoubleNear(0.1, 1e-12), testing::DoubleNear(0.1, 1e-12)));
}

TEST(OverlapChain, SharesFreeTheTestItemWithFewestNeighboursFirst) {
  // Test items 0 (neighbours 2, 3, 4) and 1 (neighbour 5, less similar): 5 goes first.
  test::TableSimilarity s(8, 8, true);
  for (const std::size_t j : {2U, 3U, 4U}) s.set(0, j, 0.9);
  s.set(1, 5, 0.6);
  const auto neighbours = all_neighbours(s, {});
  const detail::SeriesItems items{&neighbours, std::vector<double>(8, 1.0)};
  Rng rng(1, "test");
  const detail::OverlapRule rule{.measure = OverlapMeasure::share_with_neighbour, .threshold = 0.5};
  const auto chain = detail::make_chain(items, {0, 1}, 2, rule, rng);
  EXPECT_EQ(chain.steps[0].shut_out, 5U);
  EXPECT_THAT(detail::lowest_overlaps(items, std::vector<std::uint32_t>{0, 1}, rule),
              ElementsAre(1.0, 0.5, 0.5, 0.5, 0.0, 0.0));
}

TEST(OverlapChain, RowsStayNearlyConstant) {
  const auto s = test::grouped_similarity(300, 20, 0.3, 5);
  std::vector<double> weights;
  Rng draw(3, "weights");
  for (int i = 0; i < 300; ++i) weights.push_back(1.0 + draw.below(100));
  const auto series = make_overlap_series(s, weights, {.n_levels = 6, .seed = 4}, {});
  for (const auto& split : series.splits) {
    // The pool's mean times n_train, by this repeat's own pool.
    double pool = 0.0;
    for (std::size_t i = 0; i < 300; ++i) pool += split.role[i] == Role::test ? 0.0 : weights[i];
    const double wanted =
        pool / static_cast<double>(300 - series.n_test) * static_cast<double>(series.n_train);
    EXPECT_NEAR(split.train_rows / wanted, 1.0, 0.03);
  }
}

TEST(OverlapSeries, TheHighestLevelIsARandomTrainingSet) {
  const auto s = test::grouped_similarity(200, 12, 0.3, 8);
  const auto series = make_overlap_series(s, {}, {.n_levels = 5, .repeats = 2, .seed = 9}, {});
  ASSERT_EQ(series.splits.size(), 20U);
  const auto& top = series.splits.front();
  EXPECT_EQ(top.level_index, 0U);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_NE(top.reason[i], kTooSimilarToTest);
  const auto& control = series.splits[1];
  EXPECT_TRUE(control.is_control);
  EXPECT_NE(control.role, top.role);  // another draw
  EXPECT_NEAR(control.overlap.nearest_mean, top.overlap.nearest_mean, 0.1);
  EXPECT_LT(series.splits[8].overlap.nearest_mean, top.overlap.nearest_mean - 0.1);
  EXPECT_EQ(count(series.splits[8], Role::train), 100U);
  EXPECT_EQ(count(series.splits[8], Role::test), 40U);
}

TEST(OverlapSeries, AGivenLevelDecidesTheTrainingSize) {
  // Two test items of one pair or of two: at 0.1 at most two partners must go.
  const auto s = pairs();
  const auto series = make_overlap_series(s, {}, {.levels = {0.1}, .repeats = 3}, {});
  EXPECT_EQ(series.n_test, 2U);
  EXPECT_EQ(series.n_train, 8U);  // both partners are test items: nothing is lost
  EXPECT_EQ(series.neighbourhood_size, 2U);
  for (const auto& split : series.splits) {
    if (split.is_control) continue;
    EXPECT_NEAR(split.overlap.nearest_max, 0.1, 1e-12);
  }
}

TEST(OverlapSeries, ExplainsWhatIsFeasible) {
  const auto s = test::grouped_similarity(100, 1, 0.3, 8);  // one cloud
  const auto error = error_of([&] {
    make_overlap_series(s, {}, {.levels = {0.05}, .threshold = 0.5, .train_share = 0.6}, {});
  });
  EXPECT_EQ(error.kind(), ErrorKind::input);
  EXPECT_THAT(error.message(), HasSubstr("cannot be reached with 20 test and 60 training items"));
  EXPECT_THAT(error.message(), HasSubstr("the lowest is 0."));
  EXPECT_THAT(error.message(), HasSubstr("neighbours on average"));
  EXPECT_THAT(error.hint(), HasSubstr("no training set of any size reaches it"));
  const auto smaller =
      error_of([&] { make_overlap_series(s, {}, {.levels = {0.5}, .train_share = 0.8}, {}); });
  EXPECT_THAT(smaller.hint(), HasSubstr("training items ("));
  const auto high = error_of([&] { make_overlap_series(s, {}, {.levels = {0.9999}}, {}); });
  EXPECT_THAT(high.message(), HasSubstr("more than random splits"));
}

TEST(OverlapSeries, EqualItemsCannotBeSpread) {
  test::TableSimilarity s(12, 12, true);
  for (std::size_t i = 0; i < 12; ++i) {
    for (std::size_t j = 0; j < 12; ++j) s.set(i, j, i == j ? 1.0 : 0.5);
  }
  EXPECT_THAT(error_of([&] { make_overlap_series(s, {}, {}, {}); }).message(),
              HasSubstr("cannot be lowered"));
}

TEST(OverlapSeries, OptionsAreChecked) {
  const auto s = pairs();
  EXPECT_THAT(error_of([&] {
                make_overlap_series(s, {}, {.test_share = 0.6, .train_share = 0.5}, {});
              }).message(),
              HasSubstr("add up to at most 1"));
  EXPECT_THAT(error_of([&] {
                make_overlap_series(s, {}, {.measure = OverlapMeasure::share_with_neighbour}, {});
              }).message(),
              HasSubstr("needs the similarity"));
  EXPECT_EQ(parse_overlap_control("size_matched"), OverlapControl::same_test);
  EXPECT_THROW(parse_overlap_measure("mean"), Error);
}

TEST(OverlapSeries, ManyItemsRestOnTheClosestPairs) {
  // The lists are not complete, but what is reported is.
  const auto s = test::grouped_similarity(420, 30, 0.1, 2);
  const OverlapSeriesOptions options{.n_levels = 3,
                                     .repeats = 2,
                                     .threshold = 0.8,
                                     .keep_all_pairs = 100,
                                     .closest_pairs = 5000,
                                     .seed = 1};
  const auto series = make_overlap_series(s, {}, options, {.n_threads = 2});
  double last = 2.0;
  for (const auto& split : series.splits) {
    EXPECT_EQ(count(split, Role::train), 210U);
    double sum = 0.0;
    for (std::size_t i = 0; i < 420; ++i) {
      double best = -1.0;
      for (std::size_t j = 0; j < 420 && split.role[i] == Role::test; ++j) {
        if (split.role[j] == Role::train) best = std::max(best, s.get(i, j));
      }
      if (split.role[i] == Role::test) sum += best;
    }
    EXPECT_NEAR(split.overlap.nearest_mean, sum / 84.0, 1e-12);
    if (split.is_control) continue;
    if (split.level_index > 0) {
      EXPECT_LT(split.overlap.nearest_mean, last);
    }
    last = split.overlap.nearest_mean;
  }
}

}  // namespace
}  // namespace cupel

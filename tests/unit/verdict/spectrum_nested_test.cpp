#include "verdict/spectrum_nested.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "cupel/error.hpp"

namespace cupel {
namespace {

NestedRows rows_of(std::size_t n) {
  NestedRows rows{.n_train = 50, .threshold = 0.5};
  rows.predictors = {{.name = "mine", .title = "mine", .is_model = true}};
  rows.predictions.resize(1);
  for (std::size_t i = 0; i < n; ++i) {
    rows.nearest.push_back(static_cast<double>((i * 7) % n) / static_cast<double>(n));
    rows.truth.push_back(static_cast<double>(i));
    rows.predictions[0].push_back(static_cast<double>(i) + rows.nearest.back());
  }
  return rows;
}

TEST(NestedSpectrum, EveryLevelHoldsTheNext) {
  const SpectrumInput input = nested_spectrum(rows_of(100), {.n_levels = 4});
  ASSERT_EQ(input.splits.size(), 4U);
  std::size_t expected = 100;
  for (const auto& split : input.splits) {
    EXPECT_EQ(split.truth.size(), expected);
    EXPECT_EQ(split.n_left_out, 100 - expected);
    EXPECT_EQ(split.overlap.n_train, 50U);
    EXPECT_LE(split.overlap.nearest_max, split.parameter);
    expected -= 25;
  }
  EXPECT_EQ(input.splits[0].overlap.share_with_neighbour, 0.5);
  EXPECT_EQ(input.splits[2].overlap.share_with_neighbour, 0.0);
  EXPECT_FALSE(input.falls_with_parameter);
}

TEST(NestedSpectrum, GivenLimitsAndSmallLevels) {
  const SpectrumInput input =
      nested_spectrum(rows_of(100), {.limits = {0.05, 0.5, 0.995, 1.0}, .min_rows = 20});
  ASSERT_EQ(input.splits.size(), 2U);  // 1 and 0.995 hold the same rows, 0.05 too few
  EXPECT_EQ(input.splits[0].parameter, 1.0);
  EXPECT_EQ(input.splits[1].truth.size(), 51U);
}

TEST(NestedSpectrum, OneSimilarityIsNoSpectrum) {
  NestedRows rows = rows_of(100);
  for (double& value : rows.nearest) value = 0.4;
  EXPECT_THROW(nested_spectrum(rows, {}), Error);
}

}  // namespace
}  // namespace cupel

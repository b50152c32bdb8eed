// Sizes of a level are in items, also where an item has several rows.
#include <gtest/gtest.h>

#include "spectrum_fixture.hpp"
#include "verdict/spectrum.hpp"

namespace cupel {
namespace {

TEST(SpectrumSizes, TestIsCountedInTheUnitOfTraining) {
  SpectrumInput input = test::planted_spectrum({.n_rows = 120});
  for (auto& split : input.splits) {
    split.overlap.n_train = 90;
    split.overlap.n_test = 30;  // of four rows each
  }
  const Spectrum spectrum = summarise_spectrum(input, {.n_draws = 20}, {});
  EXPECT_EQ(spectrum.levels.front().n_train, 90.0);
  EXPECT_EQ(spectrum.levels.front().n_test, 30.0);
  EXPECT_EQ(spectrum.levels.front().overlap.n_test, 30U);
}

TEST(SpectrumSizes, WithoutAMeasuredOverlapRowsAreCounted) {
  SpectrumInput input = test::planted_spectrum({.n_rows = 120});
  for (auto& split : input.splits) split.overlap.n_test = 0;
  EXPECT_EQ(summarise_spectrum(input, {.n_draws = 20}, {}).levels.front().n_test, 120.0);
}

}  // namespace
}  // namespace cupel

// Nominal 95 % intervals on simulated data with a known truth cover it about as often as they say.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "stat/interval.hpp"
#include "stat/resample.hpp"

namespace cupel {
namespace {

constexpr std::uint64_t kSeeds = 200;

/// Share of seeds in which the interval covers the true value of a statistic. Rows are units of b
/// (one row each) under one unit of a; prediction = truth + normal error.
template <typename Truth, typename Make>
double coverage(Statistic statistic, std::size_t n, Make make_row, Truth expected) {
  std::size_t n_covered = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Rng rng(seed, "coverage");
    std::vector<double> truth(n), prediction(n);
    std::vector<std::uint32_t> zero(n, 0), unit(n);
    for (std::uint32_t i = 0; i < n; ++i) {
      unit[i] = i;
      make_row(rng, truth[i], prediction[i]);
    }
    const std::vector<std::span<const double>> predictions = {prediction};
    const Resampled out = resample(
        {truth, zero, zero, unit, predictions},
        {.statistics = {statistic}, .unit = ResampleUnit::b, .n_draws = 1000, .seed = seed}, {});
    const Interval interval = bca_interval(out.sample(statistic, 0));
    n_covered += interval.low <= expected && expected <= interval.high ? 1 : 0;
  }
  return static_cast<double>(n_covered) / static_cast<double>(kSeeds);
}

TEST(Coverage, BcaOfMeanSquaredError) {
  const double share = coverage(
      Statistic::mse, 80,
      [](Rng& rng, double& t, double& p) {
        t = rng.normal();
        p = t + rng.normal();
      },
      1.0);
  RecordProperty("coverage", std::to_string(share));
  EXPECT_GE(share, 0.90);
  EXPECT_LE(share, 0.98);
}

TEST(Coverage, BcaOfPearson) {
  const double share = coverage(
      Statistic::pearson, 60,
      [](Rng& rng, double& t, double& p) {
        t = rng.normal();
        p = t + rng.normal();
      },
      std::sqrt(0.5));
  RecordProperty("coverage", std::to_string(share));
  EXPECT_GE(share, 0.90);
  EXPECT_LE(share, 0.98);
}

/// Crossed random effects: errors share a drug and a line effect. Resampling both units covers;
/// resampling only lines pretends that the drugs are all there are, and must not.
double crossed_coverage(ResampleUnit unit) {
  constexpr std::uint32_t kDrugs = 25, kLines = 30;
  std::size_t n_covered = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Rng rng(seed, "crossed");
    std::vector<double> drug(kDrugs), line(kLines), truth, prediction;
    for (double& x : drug) x = rng.normal();
    for (double& x : line) x = 0.5 * rng.normal();
    std::vector<std::uint32_t> fold, a, b;
    for (std::uint32_t i = 0; i < kDrugs; ++i) {
      for (std::uint32_t j = 0; j < kLines; ++j) {
        truth.push_back(0.0);
        prediction.push_back(3.0 + drug[i] + line[j] + rng.normal());
        fold.push_back(0);
        a.push_back(i);
        b.push_back(j);
      }
    }
    const std::vector<std::span<const double>> predictions = {prediction};
    const Resampled out =
        resample({truth, fold, a, b, predictions},
                 {.statistics = {Statistic::mae}, .unit = unit, .n_draws = 500, .seed = seed}, {});
    // E|x| of a normal with mean 3 and variance 1 + 0.25 + 1.
    const double sd = std::sqrt(2.25);
    const double expected =
        sd * std::sqrt(2.0 / 3.14159265358979) * std::exp(-9.0 / (2 * sd * sd)) +
        3.0 * std::erf(3.0 / (sd * std::sqrt(2.0)));
    const Interval interval = bca_interval(out.sample(Statistic::mae, 0));
    n_covered += interval.low <= expected && expected <= interval.high ? 1 : 0;
  }
  return static_cast<double>(n_covered) / static_cast<double>(kSeeds);
}

TEST(Coverage, BothUnitsWhereErrorsAreCrossed) {
  const double share = crossed_coverage(ResampleUnit::both);
  RecordProperty("coverage", std::to_string(share));
  EXPECT_GE(share, 0.90);
  EXPECT_LE(share, 0.98);
}

TEST(Coverage, OneUnitIsTooNarrowWhereErrorsAreCrossed) {
  EXPECT_LT(crossed_coverage(ResampleUnit::b), 0.80);
}

}  // namespace
}  // namespace cupel

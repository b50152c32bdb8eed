#include "stat/power_law.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

using testing::IsNan;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kSizes = {100, 300, 1000, 3000, 10000, 30000};

LearningCurve simulated(double a, double b, double c, double noise, std::size_t n_repeats,
                        std::uint64_t seed) {
  LearningCurve curve{.sizes = kSizes, .values = Matrix<double>(n_repeats, kSizes.size())};
  Rng rng(seed, "curve");
  for (std::size_t r = 0; r < n_repeats; ++r) {
    for (std::size_t j = 0; j < kSizes.size(); ++j) {
      curve.values(r, j) = a * std::pow(kSizes[j], -b) + c + noise * rng.normal();
    }
  }
  return curve;
}

TEST(PowerLaw, FindsAnExactCurve) {
  for (const double b : {0.05, 0.3, 1.0, 2.5}) {
    const LearningCurve curve = simulated(7.0, b, 1.25, 0.0, 1, 0);
    const PowerLaw law = fit_power_law(curve.sizes, curve.mean());
    EXPECT_NEAR(law.b, b, 1e-5 * b);
    EXPECT_NEAR(law.c, 1.25, 1e-5);
    EXPECT_NEAR(law.a, 7.0, 1e-3);
    EXPECT_FALSE(law.at_bound);
    EXPECT_NEAR(law(1000.0), curve.values(0, 2), 1e-6);
  }
}

TEST(PowerLaw, WeightsAndMissingValuesCount) {
  std::vector<double> values = simulated(-0.5, 0.4, 0.9, 0.0, 1, 0).mean();
  values[3] += 5.0;  // an outlier
  const std::vector<double> weights = {1, 1, 1, 0, 1, 1};
  EXPECT_NEAR(fit_power_law(kSizes, values, weights).c, 0.9, 1e-4);
  values[3] = kNaN;
  const PowerLaw law = fit_power_law(kSizes, values);
  EXPECT_NEAR(law.c, 0.9, 1e-4);
  EXPECT_EQ(law.n_points, 5U);
}

TEST(PowerLaw, WeightTwoIsTheSamePointTwice) {
  std::vector<double> sizes = kSizes;
  std::vector<double> values = simulated(5.0, 0.4, 0.9, 0.1, 1, 2).mean();
  const PowerLaw weighted = fit_power_law(sizes, values, std::vector<double>{1, 1, 2, 1, 1, 2});
  for (const std::size_t twice : {std::size_t{2}, std::size_t{5}}) {
    sizes.push_back(sizes[twice]);
    values.push_back(values[twice]);
  }
  const PowerLaw repeated = fit_power_law(sizes, values);
  EXPECT_NEAR(weighted.c, repeated.c, 1e-9);
  EXPECT_NEAR(weighted.residual_sum, repeated.residual_sum, 1e-12);
}

TEST(PowerLaw, TooFewSizesHaveNoFit) {
  EXPECT_THAT(fit_power_law(std::vector<double>{1, 2}, std::vector<double>{1, 2}).c, IsNan());
  EXPECT_THAT(fit_power_law(std::vector<double>{1, 1, 2}, std::vector<double>{1, 2, 3}).c, IsNan());
  EXPECT_THROW((void)fit_power_law(kSizes, std::vector<double>{1.0}), Error);
}

TEST(PowerLaw, FlatAndAcceleratingCurvesAreNotQuotedAsPlateaus) {
  const PowerLaw flat = fit_power_law(kSizes, std::vector<double>(6, 2.0));
  EXPECT_EQ(flat.c, 2.0);
  EXPECT_EQ(flat.a, 0.0);
  std::vector<double> straight;  // falls by the same amount per decade for ever
  for (const double n : kSizes) straight.push_back(5.0 - std::log(n));
  EXPECT_TRUE(fit_power_law(kSizes, straight).at_bound);
}

TEST(LearningCurves, PlateauIsJudgedFromTheInterval) {
  const CurveOptions options{.n_draws = 300};
  const CurveFit finished = fit_learning_curve(simulated(5.0, 1.2, 1.9, 0.002, 5, 1), options, {});
  EXPECT_EQ(finished.plateau, Plateau::reached);
  EXPECT_FALSE(finished.from_residuals);
  EXPECT_LE(finished.plateau_interval.low, 1.9);
  EXPECT_GE(finished.plateau_interval.high, 1.9);
  const CurveFit falling = fit_learning_curve(simulated(8.0, 0.3, 1.5, 0.002, 5, 1), options, {});
  EXPECT_EQ(falling.plateau, Plateau::not_reached);
  EXPECT_NEAR(falling.gap, 8.0 * std::pow(30000.0, -0.3), 0.02);
  const CurveFit noisy = fit_learning_curve(simulated(0.5, 0.3, 1.5, 0.1, 3, 1), options, {});
  EXPECT_EQ(noisy.plateau, Plateau::cannot_tell);
}

TEST(LearningCurves, OneRepeatUsesResiduals) {
  const CurveFit fit =
      fit_learning_curve(simulated(5.0, 0.8, 1.9, 0.002, 1, 3), {.n_draws = 200}, {});
  EXPECT_TRUE(fit.from_residuals);
  EXPECT_LT(fit.plateau_interval.low, fit.plateau_interval.high);
  EXPECT_LT(fit.plateau_interval.high - fit.plateau_interval.low, 0.1);
}

TEST(LearningCurves, CrossingIsInterpolatedInLogSize) {
  LearningCurve model{.sizes = {10, 1000}, .values = Matrix<double>(3, 2)};
  LearningCurve baseline = model;
  for (std::size_t r = 0; r < 3; ++r) {
    model.values(r, 0) = 2.0;
    model.values(r, 1) = 0.0;
    baseline.values(r, 0) = baseline.values(r, 1) = 1.0;
  }
  const Crossing crossing = crossing_size(model, baseline, false, {.n_draws = 50}, {});
  EXPECT_NEAR(crossing.size, 100.0, 1e-9);
  EXPECT_FALSE(crossing.always);
  EXPECT_NEAR(crossing.interval.low, 100.0, 1e-9);
  EXPECT_EQ(crossing.share_crossed, 1.0);
  // As a score (higher is better) the model is better at first and loses in the end: never.
  EXPECT_THAT(crossing_size(model, baseline, true, {.n_draws = 50}, {}).size, IsNan());
  EXPECT_EQ(crossing_size(model, baseline, true, {.n_draws = 50}, {}).share_crossed, 0.0);
}

TEST(LearningCurves, CrossingForGoodIgnoresAnEarlyLead) {
  LearningCurve model{.sizes = {1, 10, 100, 1000}, .values = Matrix<double>(2, 4)};
  LearningCurve baseline = model;
  for (std::size_t r = 0; r < 2; ++r) {
    const double gains[] = {1.0, -1.0, -1.0, 3.0};
    for (std::size_t j = 0; j < 4; ++j) model.values(r, j) = gains[j];
  }
  const Crossing crossing = crossing_size(model, baseline, true, {.n_draws = 20}, {});
  EXPECT_NEAR(crossing.size, 100.0 * std::pow(10.0, 0.25), 1e-9);
  for (double& value : model.values.values) value = 1.0;
  const Crossing always = crossing_size(model, baseline, true, {.n_draws = 20}, {});
  EXPECT_TRUE(always.always);
  EXPECT_EQ(always.size, 1.0);
  baseline.sizes[0] = 2.0;
  EXPECT_THROW((void)crossing_size(model, baseline, true, {}, {}), Error);
}

TEST(LearningCurves, ThreadsChangeNothing) {
  const LearningCurve curve = simulated(5.0, 0.5, 1.9, 0.05, 4, 5);
  const CurveFit one = fit_learning_curve(curve, {.n_draws = 100}, {.n_threads = 1});
  const CurveFit three = fit_learning_curve(curve, {.n_draws = 100}, {.n_threads = 3});
  EXPECT_EQ(one.plateau_interval.low, three.plateau_interval.low);
  EXPECT_EQ(one.gap_interval.high, three.gap_interval.high);
}

}  // namespace
}  // namespace cupel

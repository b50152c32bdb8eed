#include "stat/auspc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "cupel/error.hpp"

namespace cupel {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsNan;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Auspc, RepeatsAreAveragedPerPlaceAndUndefinedOnesLeftOut) {
  const std::vector<double> x{0.5, 0.0, 0.5, 0.0, 1.0, 1.0};
  const std::vector<double> y{3.0, 1.0, 5.0, kNaN, 2.0, 2.0};
  const auto points = mean_points(x, y);
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].x, 0.0);
  EXPECT_EQ(points[0].value, 1.0);
  EXPECT_EQ(points[0].n_repeats, 1U);
  EXPECT_THAT(points[0].standard_error, IsNan());
  EXPECT_EQ(points[1].value, 4.0);
  EXPECT_DOUBLE_EQ(points[1].standard_error, 1.0);  // sd sqrt(2), over sqrt(2)
  EXPECT_EQ(points[2].standard_error, 0.0);
}

TEST(Auspc, TrapezoidOfUnevenSteps) {
  const std::vector<SpcPoint> points{{.x = 0.0, .value = 1.0, .standard_error = 0.3},
                                     {.x = 0.5, .value = 0.6, .standard_error = 0.2},
                                     {.x = 2.0, .value = 0.2, .standard_error = 0.1}};
  const Auspc area = auspc(points);
  EXPECT_DOUBLE_EQ(area.area, 0.5 * 0.8 + 1.5 * 0.4);
  EXPECT_DOUBLE_EQ(area.normalised, area.area / 2.0);
  EXPECT_EQ(area.x_low, 0.0);
  EXPECT_EQ(area.x_high, 2.0);
  const double correct = std::sqrt(std::pow(0.25 * 0.3, 2) + std::pow(0.2, 2) + std::pow(0.075, 2));
  EXPECT_DOUBLE_EQ(area.standard_error, correct);
  EXPECT_DOUBLE_EQ(area.standard_error_perteval, 0.5 * std::sqrt(0.09 + 0.04 + 0.01));
}

TEST(Auspc, PertEvalsErrorIsAboutHalfOnALongEvenGrid) {
  std::vector<SpcPoint> points;
  for (int i = 0; i <= 100; ++i) points.push_back({.x = i / 100.0, .standard_error = 0.1});
  const Auspc area = auspc(points);
  EXPECT_NEAR(area.standard_error / area.standard_error_perteval, 2.0, 0.02);
}

TEST(Auspc, WeightsGiveTheArea) {
  const std::vector<double> x{0.0, 1.0, 3.0};
  EXPECT_THAT(trapezoid_weights(x), ElementsAre(0.5, 1.5, 1.0));
  EXPECT_THAT(trapezoid_weights(std::vector<double>{2.0}), ElementsAre(0.0));
}

TEST(Auspc, AgentsVectorOnItsAxis) {
  // 1 - (cso - min) / (max - min) of cso .9, .5, .1
  const std::vector<double> x{0.0, 0.5, 1.0};
  const std::vector<double> y{0.85, 0.72, 0.61};
  EXPECT_DOUBLE_EQ(auspc(mean_points(x, y)).area, 0.725);
}

TEST(Auspc, NoAreaOfOnePlace) {
  const std::vector<double> x{0.3, 0.3};
  const std::vector<double> y{1.0, 2.0};
  const Auspc area = auspc(mean_points(x, y));
  EXPECT_THAT(area.area, IsNan());
  EXPECT_EQ(area.n_points, 1U);
  EXPECT_THAT(auspc({}).area, IsNan());
}

TEST(Auspc, ErrorIsUnknownIfAPointHasOneRepeat) {
  const std::vector<double> x{0.0, 1.0, 1.0};
  const std::vector<double> y{1.0, 2.0, 3.0};
  EXPECT_DOUBLE_EQ(auspc(mean_points(x, y)).area, 1.75);
  EXPECT_THAT(auspc(mean_points(x, y)).standard_error, IsNan());
}

TEST(AuGood, WeighsByTheShareOfDeploymentInEachBin) {
  const std::vector<double> thresholds{0.2, 0.4, 0.6};
  const std::vector<double> performance{0.5, 0.7, 0.9};
  // .1 and .2 in the first bin, .3 in the second, .6 in the third, .8 above all
  const std::vector<double> deployment{0.1, 0.2, 0.3, 0.6, 0.8};
  const AuGood out = au_good(thresholds, performance, deployment);
  EXPECT_THAT(out.value, DoubleEq(0.4 * 0.5 + 0.2 * 0.7 + 0.4 * 0.9));
  EXPECT_EQ(out.n_above, 1U);
  EXPECT_THAT(au_good(thresholds, performance, {}).value, IsNan());
  EXPECT_THROW(au_good(thresholds, {}, deployment), Error);
}

}  // namespace
}  // namespace cupel

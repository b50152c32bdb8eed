#include "stat/smooth.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"

namespace cupel {
namespace {

TEST(CellSmoother, KeepsAStraightLine) {
  const CellSmoother smoother(0.0, 1.0, 50, {0.0, 0.3, 0.55, 1.0}, 0.2);
  std::vector<double> weight(50);
  std::vector<double> sum(50);
  Rng rng(1, "smooth");
  for (std::size_t c = 0; c < 50; ++c) {
    const double centre = (static_cast<double>(c) + 0.5) / 50.0;
    weight[c] = 1.0 + rng.below(5);
    sum[c] = weight[c] * (2.0 - 3.0 * centre);
  }
  const auto curve = smoother.smooth(weight, sum);
  EXPECT_NEAR(curve[0], 2.0, 1e-10);
  EXPECT_NEAR(curve[1], 1.1, 1e-10);
  EXPECT_NEAR(curve[2], 0.35, 1e-10);
  EXPECT_NEAR(curve[3], -1.0, 1e-10);
}

// Weighted least squares of a line by its normal equations, about 0 instead of about the place.
TEST(CellSmoother, EqualsWeightedLeastSquares) {
  Rng rng(2, "smooth");
  std::vector<double> weight(40);
  std::vector<double> sum(40);
  for (std::size_t c = 0; c < 40; ++c) {
    weight[c] = rng.below(4);
    sum[c] = weight[c] * rng.normal();
  }
  const double g = 0.42;
  const double h = 0.17;
  const CellSmoother smoother(0.0, 1.0, 40, {g}, h);
  double n = 0, sx = 0, sxx = 0, sy = 0, sxy = 0;
  for (std::size_t c = 0; c < 40; ++c) {
    const double x = (static_cast<double>(c) + 0.5) / 40.0;
    const double u = std::abs(x - g) / h;
    if (u >= 1.0) continue;
    const double k = std::pow(1.0 - std::pow(u, 3), 3);
    n += k * weight[c];
    sx += k * weight[c] * x;
    sxx += k * weight[c] * x * x;
    sy += k * sum[c];
    sxy += k * sum[c] * x;
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  EXPECT_NEAR(smoother.smooth(weight, sum)[0], (sy - slope * sx) / n + slope * g, 1e-9);
}

TEST(CellSmoother, UndefinedWithoutWeightAndAMeanAtOnePlace) {
  const CellSmoother smoother(0.0, 1.0, 10, {0.05, 0.95}, 0.15);
  std::vector<double> weight(10, 0.0);
  std::vector<double> sum(10, 0.0);
  weight[9] = 4.0;
  sum[9] = 10.0;
  const auto curve = smoother.smooth(weight, sum);
  EXPECT_TRUE(std::isnan(curve[0]));
  EXPECT_DOUBLE_EQ(curve[1], 2.5);
  EXPECT_EQ(smoother.cell_of(1.0), 9U);
  EXPECT_EQ(smoother.cell_of(-0.1), 0U);
  EXPECT_EQ(smoother.cell_of(0.3), 3U);
}

}  // namespace
}  // namespace cupel

#include "model/tuned_ridge.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "model/boosted_trees.hpp"

namespace cupel {
namespace {

struct Toy {
  Matrix<float> x;
  std::vector<double> y;
};

Toy draw(std::size_t n, std::size_t p) {
  Toy toy{.x = Matrix<float>(n, p), .y = {}};
  Rng rng(7, "ridge");
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 3.0 + 0.5 * rng.normal();
    for (std::size_t f = 0; f < p; ++f) {
      toy.x(i, f) = static_cast<float>(rng.normal());
      if (f < 3) sum += toy.x(i, f);
    }
    toy.y.push_back(sum);
  }
  return toy;
}

/// The same toy without row `out`.
Toy without(const Toy& toy, std::size_t out) {
  Toy rest{.x = Matrix<float>(toy.x.rows - 1, toy.x.cols), .y = {}};
  for (std::size_t i = 0, to = 0; i < toy.x.rows; ++i) {
    if (i == out) continue;
    std::ranges::copy(toy.x.row(i), rest.x.row(to++).begin());
    rest.y.push_back(toy.y[i]);
  }
  return rest;
}

/// Gradient of the penalised squared error: 0 at the solution, in both forms.
TEST(TunedRidge, SolvesThePenalisedNormalEquations) {
  for (const std::size_t p : {5U, 60U}) {  // fewer and more features than the 30 rows
    const Toy toy = draw(30, p);
    const auto model = TunedRidge::fit(toy.x, toy.y, {.penalties = {0.2}});
    const std::vector<float> zero(p, 0.0F);
    const double intercept = model.predict(zero);
    double residual_sum = 0.0;
    for (std::size_t i = 0; i < 30; ++i) residual_sum += toy.y[i] - model.predict(toy.x.row(i));
    EXPECT_NEAR(residual_sum, 0.0, 1e-9);
    for (std::size_t f = 0; f < p; ++f) {
      std::vector<float> unit = zero;
      unit[f] = 1.0F;
      const double weight = model.predict(unit) - intercept;
      double gradient = model.penalty() * weight;
      for (std::size_t i = 0; i < 30; ++i) {
        gradient -= toy.x(i, f) * (toy.y[i] - model.predict(toy.x.row(i)));
      }
      EXPECT_NEAR(gradient, 0.0, 1e-8);
    }
  }
}

TEST(TunedRidge, LeftOutErrorIsThatOfFittingWithoutTheRow) {
  for (const std::size_t p : {4U, 40U}) {
    const Toy toy = draw(20, p);
    const auto model = TunedRidge::fit(toy.x, toy.y, {.penalties = {0.1}});
    double sum = 0.0;
    for (std::size_t i = 0; i < 20; ++i) {
      const Toy rest = without(toy, i);
      // Penalties are relative to the eigenvalues of the rows given: ask for the same one.
      const auto probe = TunedRidge::fit(rest.x, rest.y, {.penalties = {1.0}});
      const auto other =
          TunedRidge::fit(rest.x, rest.y, {.penalties = {model.penalty() / probe.penalty()}});
      EXPECT_NEAR(other.penalty(), model.penalty(), 1e-9);
      const double error = toy.y[i] - other.predict(toy.x.row(i));
      sum += error * error;
    }
    EXPECT_NEAR(model.left_out_rmse(), std::sqrt(sum / 20.0), 1e-8);
  }
}

TEST(TunedRidge, NoiseIsShrunkAndSignalIsNot) {
  Toy toy = draw(80, 40);
  const auto signal = TunedRidge::fit(toy.x, toy.y, {});
  Rng rng(3, "noise");
  for (double& value : toy.y) value = rng.normal();
  const auto noise = TunedRidge::fit(toy.x, toy.y, {});
  EXPECT_GT(noise.penalty(), 30.0 * signal.penalty());
}

TEST(TunedRidge, ConstantFeaturesGiveTheMean) {
  const Matrix<float> x(4, 3, 2.0F);
  const auto model = TunedRidge::fit(x, std::vector<double>{1, 2, 3, 6}, {});
  EXPECT_DOUBLE_EQ(model.predict(x.row(0)), 3.0);
}

TEST(BoostedTreesOnBits, AreThoseOnTheSameBitsAsNumbers) {
  PackedBits bits(120, 70);
  Matrix<float> numbers(120, 70);
  std::vector<float> y;
  std::vector<std::uint32_t> rows;
  Rng rng(4, "bits");
  for (std::uint32_t i = 0; i < 120; ++i) {
    for (std::size_t f = 0; f < 70; ++f) {
      if (rng.below(4) != 0) continue;
      bits.set(i, f);
      numbers(i, f) = 1.0F;
    }
    y.push_back((bits.test(i, 3) ? 2.0F : 0.0F) - (bits.test(i, 66) ? 1.0F : 0.0F) +
                0.3F * static_cast<float>(rng.normal()));
    rows.push_back(i);
  }
  const BoostedTreesOptions options{.trees = 30, .depth = 3};
  const auto sparse = BoostedTrees::fit(bits, rows, y, options, {}).predict(bits, rows);
  const auto dense = BoostedTrees::fit(numbers, y, options, {}).predict(numbers);
  double largest = 0.0;
  for (std::size_t i = 0; i < 120; ++i) {
    largest = std::max(largest, static_cast<double>(std::abs(sparse[i] - dense[i])));
  }
  EXPECT_LT(largest, 1e-3);
}

}  // namespace
}  // namespace cupel

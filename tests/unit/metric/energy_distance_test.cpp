// Energy distances by hand and by the plain double loop.
#include "metric/energy_distance.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

using testing::DoubleEq;
using testing::DoubleNear;
using testing::ElementsAre;

constexpr EnergyVariant kAll[] = {EnergyVariant::euclid_v, EnergyVariant::euclid_u,
                                  EnergyVariant::squared_v, EnergyVariant::squared_u};

Points points_on_line(std::initializer_list<double> values) {
  Points points{.n_dimensions = 1};
  for (const double value : values) {
    points.values.push_back(value);
    points.begin.push_back(points.values.size());
  }
  return points;
}

TEST(EnergyDistance, ByHand) {
  // X = {0, 2}, Y = {3, 3, 6}. d(X,Y) = (3+3+6+1+1+4)/6 = 3; within X 2 of each 2; Y 3 four times.
  const Points points = points_on_line({0, 2, 3, 3, 6});
  const std::vector<PointSet> sets{{0, 1}};
  const PointSet reference{2, 3, 4};
  const auto run = [&](EnergyVariant v) {
    return energy_distances(points, sets, reference, v, {})[0];
  };
  EXPECT_DOUBLE_EQ(run(EnergyVariant::euclid_v), 6.0 - 4.0 / 4.0 - 12.0 / 9.0);
  EXPECT_DOUBLE_EQ(run(EnergyVariant::euclid_u), 6.0 - 4.0 / 2.0 - 12.0 / 6.0);
  // Squares: across (9+9+36+1+1+16)/6 = 12, within X 8 in all, within Y 36 in all.
  EXPECT_DOUBLE_EQ(run(EnergyVariant::squared_v), 24.0 - 8.0 / 4.0 - 36.0 / 9.0);
  EXPECT_DOUBLE_EQ(run(EnergyVariant::squared_u), 24.0 - 8.0 / 2.0 - 36.0 / 6.0);
}

struct Cells {
  Points dense;
  Points sparse;
};

Cells random_cells(std::size_t n, std::size_t d, std::uint64_t seed) {
  Rng rng(seed, "cells");
  Cells cells{.dense = {.n_dimensions = d}, .sparse = {.n_dimensions = d}};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t g = 0; g < d; ++g) {
      const double value = rng.uniform() < 0.6 ? 0.0 : rng.normal() + (i % 3 == 0 ? 1.0 : 0.0);
      cells.dense.values.push_back(value);
      if (value != 0.0) {
        cells.sparse.columns.push_back(static_cast<std::uint32_t>(g));
        cells.sparse.values.push_back(value);
      }
    }
    cells.dense.begin.push_back(cells.dense.values.size());
    cells.sparse.begin.push_back(cells.sparse.values.size());
  }
  return cells;
}

double by_definition(const Points& p, const PointSet& x, const PointSet& y, EnergyVariant variant) {
  const bool squared = variant == EnergyVariant::squared_v || variant == EnergyVariant::squared_u;
  const bool unbiased = variant == EnergyVariant::euclid_u || variant == EnergyVariant::squared_u;
  const auto sum = [&](const PointSet& a, const PointSet& b) {
    double total = 0.0;
    for (const auto i : a) {
      for (const auto j : b) {
        double square = 0.0;
        for (std::size_t g = 0; g < p.n_dimensions; ++g) {
          square +=
              std::pow(p.values[i * p.n_dimensions + g] - p.values[j * p.n_dimensions + g], 2);
        }
        total += squared ? square : std::sqrt(square);
      }
    }
    return total;
  };
  const auto n = static_cast<double>(x.size());
  const auto m = static_cast<double>(y.size());
  return 2.0 * sum(x, y) / (n * m) - sum(x, x) / (unbiased ? n * (n - 1) : n * n) -
         sum(y, y) / (unbiased ? m * (m - 1) : m * m);
}

TEST(EnergyDistance, EqualsTheDoubleLoop) {
  const std::size_t n = 700;  // more than two tiles
  const Cells cells = random_cells(n, 9, 1);
  std::vector<PointSet> sets(3);
  PointSet reference;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (i % 2 == 0) {
      reference.push_back(i);
    } else {
      sets[i % 9 == 1 ? 0 : (i % 9 == 3 ? 1 : 2)].push_back(i);
    }
  }
  for (const EnergyVariant variant : kAll) {
    const auto dense = energy_distances(cells.dense, sets, reference, variant, {.n_threads = 1});
    const auto sparse = energy_distances(cells.sparse, sets, reference, variant, {.n_threads = 2});
    for (std::size_t s = 0; s < sets.size(); ++s) {
      const double expected = by_definition(cells.dense, sets[s], reference, variant);
      EXPECT_NEAR(dense[s], expected, 1e-12) << to_string(variant);
      EXPECT_NEAR(sparse[s], expected, 1e-12) << to_string(variant);
    }
  }
}

TEST(EnergyDistance, FarFromTheOriginLosesNothing) {
  Cells cells = random_cells(60, 4, 2);
  PointSet a;
  PointSet b;
  for (std::uint32_t i = 0; i < 60; ++i) (i < 25 ? a : b).push_back(i);
  Points far = cells.dense;
  for (double& value : far.values) value = std::round(value * 64.0) / 64.0;
  Points near = far;
  for (double& value : far.values) value += 1e6;
  for (const EnergyVariant variant : kAll) {
    const double x = energy_distances(near, {{a}}, b, variant, {})[0];
    EXPECT_THAT(energy_distances(far, {{a}}, b, variant, {})[0], DoubleNear(x, 1e-8));
  }
}

TEST(EnergyDistance, UndefinedWithoutCells) {
  const Points points = points_on_line({0, 2, 3});
  const std::vector<PointSet> sets{{0}, {}};
  for (const EnergyVariant variant : kAll) {
    const auto out = energy_distances(points, sets, {1, 2}, variant, {});
    const bool unbiased = variant == EnergyVariant::euclid_u || variant == EnergyVariant::squared_u;
    EXPECT_EQ(std::isnan(out[0]), unbiased);
    EXPECT_TRUE(std::isnan(out[1]));
  }
  EXPECT_THROW(parse_energy_variant("euclidean"), Error);
}

TEST(EnergyTest, FindsWhatIsThere) {
  const Cells cells = random_cells(300, 5, 3);
  Points points = cells.dense;
  std::vector<PointSet> sets(2);
  PointSet reference;
  for (std::uint32_t i = 0; i < 300; ++i) {
    if (i < 20)
      sets[0].push_back(i);
    else if (i < 40)
      sets[1].push_back(i);
    else
      reference.push_back(i);
  }
  for (const auto i : sets[0]) points.values[i * 5] += 3.0;
  for (const EnergyVariant variant : kAll) {
    const auto test = energy_test(points, sets, reference, variant, 200, 7, {.n_threads = 2});
    EXPECT_DOUBLE_EQ(test.p_value[0], 1.0 / 200.0) << to_string(variant);
    EXPECT_GT(test.p_value[1], 0.01) << to_string(variant);
    const auto again = energy_test(points, sets, reference, variant, 200, 7, {.n_threads = 1});
    EXPECT_EQ(test.p_value, again.p_value);
  }
}

TEST(EnergyTest, NothingToFindIsOne) {
  // All cells equal: every permutation is as large as what is seen.
  const Points points = points_on_line({1, 1, 1, 1, 1, 1});
  const auto test =
      energy_test(points, {{PointSet{0, 1}}}, {2, 3, 4, 5}, EnergyVariant::euclid_u, 50, 1, {});
  EXPECT_DOUBLE_EQ(test.p_value[0], 1.0);
}

// statsmodels.stats.multitest.multipletests(..., method="holm-sidak") on the defined values.
TEST(EnergyTest, HolmSidak) {
  const std::vector<double> p{0.01, NAN, 0.04, 0.03, 1.0};
  EXPECT_THAT(holm_sidak(p),
              ElementsAre(DoubleNear(0.03940399, 1e-12), testing::IsNan(),
                          DoubleNear(0.087327, 1e-12), DoubleNear(0.087327, 1e-12), DoubleEq(1.0)));
}

}  // namespace
}  // namespace cupel

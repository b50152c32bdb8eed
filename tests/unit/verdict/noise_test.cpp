#include "verdict/noise.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "toy.hpp"

namespace cupel {
namespace {

TEST(Noise, ReplicatesGiveItsStandardDeviation) {
  const Noise noise = estimate_noise(toy::crossed(0.5, 3));
  EXPECT_EQ(noise.n_groups, 360U);
  EXPECT_EQ(noise.n_rows, 1080U);
  EXPECT_NEAR(noise.sd, 0.5, 0.03);
  EXPECT_EQ(noise.errors.size(), 360U);
}

TEST(Noise, CeilingIsTheShareThatIsNotNoise) {
  const Dataset data = toy::crossed(0.5, 4);
  double mean = 0.0;
  for (const double y : data.targets.values) mean += y;
  mean /= static_cast<double>(data.n_samples());
  double variance = 0.0;
  for (const double y : data.targets.values) variance += (y - mean) * (y - mean);
  variance /= static_cast<double>(data.n_samples());
  const Noise noise = estimate_noise(data);
  EXPECT_DOUBLE_EQ(noise.ceiling_r2, 1.0 - noise.sd * noise.sd / variance);
}

TEST(Noise, WithoutReplicatesThereIsNoCeiling) {
  const Noise noise = estimate_noise(toy::crossed(0.5, 1));
  EXPECT_EQ(noise.n_groups, 0U);
  EXPECT_TRUE(std::isnan(noise.sd));
  EXPECT_TRUE(std::isnan(noise.ceiling_r2));
}

TEST(VarianceShares, OfABalancedDesignAddUpToOne) {
  const auto shares = variance_shares(toy::crossed(0.0, 1));
  ASSERT_EQ(shares.size(), 3U);
  EXPECT_GT(shares[0].share, 0.5);           // drugs
  EXPECT_GT(shares[1].share, 0.1);           // lines
  EXPECT_NEAR(shares[2].share, 0.0, 1e-12);  // no noise, no interaction
  EXPECT_NEAR(shares[0].share + shares[1].share + shares[2].share, 1.0, 1e-12);
}

}  // namespace
}  // namespace cupel

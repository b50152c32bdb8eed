#include "base/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace cupel {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Philox4x32-10 as the paper writes it; stands beside the class, and is held to the authors'
// known answers (Random123, kat_vectors).
Words philox_reference(Words counter, std::uint32_t key_0, std::uint32_t key_1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t left = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t right = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {static_cast<std::uint32_t>(right >> 32U) ^ counter[1] ^ key_0,
               static_cast<std::uint32_t>(right),
               static_cast<std::uint32_t>(left >> 32U) ^ counter[3] ^ key_1,
               static_cast<std::uint32_t>(left)};
    key_0 += 0x9E3779B9U;
    key_1 += 0xBB67AE85U;
  }
  return counter;
}

// The seed whose key is 0 for the empty purpose: undoes the mixing of the constructor.
constexpr std::uint64_t kSeedOfKeyZero = (0ULL - 0x9e3779b97f4a7c15ULL) ^ 0xcbf29ce484222325ULL;

TEST(Rng, ReferenceHasTheKnownAnswers) {
  EXPECT_EQ(philox_reference({0, 0, 0, 0}, 0, 0),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox_reference({kOnes, kOnes, kOnes, kOnes}, kOnes, kOnes),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      philox_reference({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0),
      (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Rng, IsPhiloxWithTheIndexInTheCounter) {
  Rng first(kSeedOfKeyZero, "");
  for (const std::uint32_t word : {0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U}) {
    EXPECT_EQ(first(), word);
  }
  Rng other(kSeedOfKeyZero, "", 0x0000000500000007ULL);
  for (std::uint32_t block = 0; block < 3; ++block) {
    for (const auto word : philox_reference({block, 0, 7, 5}, 0, 0)) EXPECT_EQ(other(), word);
  }
}

TEST(Rng, StreamsDoNotDependOnWhoDrewFirst) {
  Rng a(7, "bootstrap", 3);
  const std::vector<std::uint32_t> alone{a(), a(), a(), a(), a()};
  Rng other(7, "bootstrap", 4);
  Rng again(7, "bootstrap", 3);
  std::vector<std::uint32_t> mixed;
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(other());
    mixed.push_back(again());
  }
  EXPECT_EQ(alone, mixed);
  EXPECT_NE(Rng(7, "bootstrap", 4)(), Rng(7, "bootstrap", 3)());
  EXPECT_NE(Rng(7, "folds", 3)(), Rng(7, "bootstrap", 3)());
  EXPECT_NE(Rng(8, "bootstrap", 3)(), Rng(7, "bootstrap", 3)());
}

TEST(Rng, NeighbouringStreamsAreUncorrelated) {
  constexpr int kDraws = 20000;
  Rng a(1, "x", 0);
  Rng b(1, "x", 1);
  double products = 0.0;
  for (int i = 0; i < kDraws; ++i) products += (a.uniform() - 0.5) * (b.uniform() - 0.5) * 12.0;
  EXPECT_LT(std::abs(products / kDraws), 4.0 / std::sqrt(kDraws));
}

TEST(Rng, UniformAndNormalHaveTheirMoments) {
  constexpr int kDraws = 100000;
  Rng rng(11, "moments");
  double uniform = 0.0;
  double sum = 0.0;
  double squares = 0.0;
  double fourth = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = rng.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    uniform += u;
    const double z = rng.normal();
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
  }
  const double tolerance = 4.0 / std::sqrt(kDraws);
  EXPECT_NEAR(uniform / kDraws, 0.5, tolerance * std::sqrt(1.0 / 12.0));
  EXPECT_NEAR(sum / kDraws, 0.0, tolerance);
  EXPECT_NEAR(squares / kDraws, 1.0, tolerance * std::sqrt(2.0));
  EXPECT_NEAR(fourth / kDraws, 3.0, tolerance * std::sqrt(96.0));
}

TEST(Rng, BelowIsUnbiased) {
  // 3 * 2^30: without rejection every third number would come up twice as often as its neighbours.
  constexpr std::uint32_t kLarge = 3U << 30U;
  constexpr int kDraws = 60000;
  Rng rng(5, "below");
  std::array<int, 3> thirds{};
  std::array<int, 6> dice{};
  for (int i = 0; i < kDraws; ++i) {
    const auto large = rng.below(kLarge);
    ASSERT_LT(large, kLarge);
    ++thirds[large % 3];
    ++dice[rng.below(6)];
  }
  const auto is_fair = [](auto& counts) {
    const double expected = double{kDraws} / static_cast<double>(counts.size());
    double chi_squared = 0.0;
    for (const int count : counts) chi_squared += std::pow(count - expected, 2) / expected;
    return chi_squared < 21.0;  // far beyond the 0.999 quantile for 5 degrees of freedom
  };
  EXPECT_TRUE(is_fair(thirds));
  EXPECT_TRUE(is_fair(dice));
  EXPECT_EQ(rng.below(1), 0U);
}

TEST(Rng, ShuffleReachesEveryOrderEquallyOften) {
  std::array<int, 6> seen{};
  for (std::uint64_t i = 0; i < 12000; ++i) {
    std::array<int, 3> order{0, 1, 2};
    Rng(3, "shuffle", i).shuffle(std::span<int>(order));
    ++seen[static_cast<std::size_t>(order[0] * 2 + (order[1] > order[2] ? 1 : 0))];
  }
  EXPECT_THAT(seen, testing::Each(testing::AllOf(testing::Gt(1800), testing::Lt(2200))));
}

}  // namespace
}  // namespace cupel

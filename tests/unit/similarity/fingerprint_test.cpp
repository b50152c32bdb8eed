#include "similarity/fingerprint.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>

#include "cupel/error.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

/// x has `a` ones, y `b`, both `c`, spread over 2048 bits so that some fold onto each other.
PackedBits two_rows(std::size_t a, std::size_t b, std::size_t c) {
  PackedBits bits(2, 2048);
  const auto place = [](std::size_t k) { return k % 4 * 512 + k / 4 * 7 % 512; };
  for (std::size_t k = 0; k < a; ++k) bits.set(0, place(k));
  for (std::size_t k = a - c; k < a - c + b; ++k) bits.set(1, place(k));
  return bits;
}

TEST(Fingerprint, FollowsTheFormulas) {
  const auto value = [](BitMeasure measure) {
    return fingerprint_similarity(two_rows(6, 4, 3), nullptr, {.measure = measure})->at(0, 1);
  };
  EXPECT_EQ(value(BitMeasure::tanimoto), 3.0 / 7.0);
  EXPECT_EQ(value(BitMeasure::dice), 6.0 / 10.0);
  EXPECT_EQ(value(BitMeasure::cosine), 3.0 / std::sqrt(24.0));
}

TEST(Fingerprint, OfNothingIsSimilarToNothing) {
  PackedBits bits(3, 100);
  bits.set(2, 5);
  for (const auto measure : {BitMeasure::tanimoto, BitMeasure::dice, BitMeasure::cosine}) {
    const auto similarity = fingerprint_similarity(bits, nullptr, {.measure = measure});
    EXPECT_EQ(similarity->at(0, 1), 0.0);
    EXPECT_EQ(similarity->at(0, 0), 0.0);
    EXPECT_EQ(similarity->at(0, 2), 0.0);
    EXPECT_EQ(similarity->at(2, 2), 1.0);
    EXPECT_TRUE(pairs_at_least(*similarity, 1e-300, Context{}).empty());
    EXPECT_EQ(pairs_at_least(*similarity, 0.0, Context{}).size(), 3U);
  }
}

/// The threshold is exactly the value, the next double above it, and the one below: for every a, b
/// and c up to 24 and every measure and instruction set.
TEST(Fingerprint, DecidesTiesLikeTheDivision) {
  for (const auto set : {InstructionSet::portable, InstructionSet::avx2, InstructionSet::avx512}) {
    const BitKernels* kernels = bit_kernels(set);
    if (kernels == nullptr) continue;
    for (const auto measure : {BitMeasure::tanimoto, BitMeasure::dice, BitMeasure::cosine}) {
      for (std::size_t a = 1; a <= 24; ++a) {
        for (std::size_t b = 1; b <= 24; b += 1 + a % 2) {
          for (std::size_t c = 1; c <= std::min(a, b); ++c) {
            const auto similarity = fingerprint_similarity(
                two_rows(a, b, c), nullptr, {.measure = measure, .kernels = kernels});
            const double value = similarity->at(0, 1);
            const auto passes = [&](double threshold) {
              std::vector<Hit> hits;
              similarity->at_least({0, 1}, {1, 2}, threshold, hits);
              return hits.size() == 1;
            };
            ASSERT_TRUE(passes(value)) << a << ' ' << b << ' ' << c;
            ASSERT_TRUE(passes(std::nextafter(value, 0.0))) << a << ' ' << b << ' ' << c;
            ASSERT_FALSE(passes(std::nextafter(value, 2.0))) << a << ' ' << b << ' ' << c;
          }
        }
      }
    }
  }
}

TEST(Fingerprint, TakesThresholdsOutsideTheRangeOfValues) {
  const auto similarity =
      fingerprint_similarity(test::clustered_bits(40, 512, 3, 0.1, 1), nullptr, {});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(count_pairs_at_least(*similarity, -kInfinity, Context{}), 780U);
  EXPECT_EQ(count_pairs_at_least(*similarity, -1.0, Context{}), 780U);
  EXPECT_EQ(count_pairs_at_least(*similarity, 1.0 + 1e-9, Context{}), 0U);
  EXPECT_EQ(count_pairs_at_least(*similarity, kInfinity, Context{}), 0U);
  EXPECT_EQ(count_pairs_at_least(*similarity, std::nan(""), Context{}), 0U);
}

TEST(Fingerprint, OfDifferentLengthsAreRefused) {
  EXPECT_THROW(fingerprint_similarity(PackedBits(2, 64), std::make_unique<PackedBits>(2, 128), {}),
               Error);
}

TEST(Fingerprint, SaysOnWhatItRan) {
  const auto* portable = bit_kernels(InstructionSet::portable);
  const auto similarity = fingerprint_similarity(PackedBits(2, 64), nullptr, {.kernels = portable});
  EXPECT_EQ(similarity->instruction_set(), "portable");
}

}  // namespace
}  // namespace cupel

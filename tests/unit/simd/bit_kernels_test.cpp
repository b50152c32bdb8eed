// Every table of kernels gives the integers of the plain definition, bit for bit.
#include "simd/bit_kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/random.hpp"
#include "cupel/error.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {
namespace {

/// A share of bits per row: none, all, and in between.
PackedBits random_bits(std::size_t n, std::size_t n_bits, std::uint64_t seed) {
  PackedBits bits(n, n_bits);
  Rng rng(seed, "bits");
  for (std::size_t i = 0; i < n; ++i) {
    const double share = i % 5 == 0 ? 0.0 : i % 5 == 1 ? 1.0 : rng.uniform() * rng.uniform();
    for (std::size_t b = 0; b < n_bits; ++b) {
      if (rng.uniform() < share) bits.set(i, b);
    }
  }
  return bits;
}

std::uint32_t common_by_definition(const PackedBits& a, std::size_t i, const PackedBits& b,
                                   std::size_t j) {
  std::uint32_t sum = 0;
  for (std::size_t bit = 0; bit < a.n_bits; ++bit) sum += a.test(i, bit) && b.test(j, bit);
  return sum;
}

class EverySet : public testing::TestWithParam<InstructionSet> {
 protected:
  void SetUp() override {
    kernels = bit_kernels(GetParam());
    if (kernels == nullptr) GTEST_SKIP() << "this processor has no " << to_string(GetParam());
  }
  const BitKernels* kernels = nullptr;
};

TEST_P(EverySet, NamesItself) { EXPECT_EQ(kernels->set, GetParam()); }

TEST_P(EverySet, CountsCommonBitsOfAllWidthsAndShapes) {
  for (const std::size_t n_bits :
       {1UL, 63UL, 64UL, 166UL, 512UL, 881UL, 1024UL, 2048UL, 4096UL, 5000UL, 33000UL}) {
    const std::size_t n_cols = n_bits > 4096 ? 21 : 37;  // two full blocks of 16 and a rest
    const PackedBits rows = random_bits(7, n_bits, n_bits);
    const PackedBits cols = random_bits(n_cols, n_bits, n_bits + 1);
    std::vector<std::uint32_t> common(7 * n_cols, 12345);
    kernels->common(rows.words.data(), 7, cols.words.data(), n_cols, rows.n_words, common.data());
    std::vector<std::uint32_t> ones(7, 12345);
    kernels->ones(rows.words.data(), 7, rows.n_words, ones.data());
    for (std::size_t i = 0; i < 7; ++i) {
      EXPECT_EQ(ones[i], common_by_definition(rows, i, rows, i)) << n_bits;
      const std::vector<std::uint32_t> list{20, 0, 3, 3, 11};
      std::vector<std::uint32_t> of_list(list.size(), 12345);
      kernels->common_of_list(rows.row(i).data(), cols.words.data(), cols.n_words, list.data(),
                              list.size(), of_list.data());
      for (std::size_t j = 0; j < n_cols; ++j) {
        ASSERT_EQ(common[i * n_cols + j], common_by_definition(rows, i, cols, j))
            << n_bits << " bits, row " << i << ", column " << j;
      }
      for (std::size_t k = 0; k < list.size(); ++k) {
        EXPECT_EQ(of_list[k], common[i * n_cols + list[k]]);
      }
    }
  }
}

TEST_P(EverySet, ScreensLikeThePlainTable) {
  constexpr std::size_t kRows = 9;
  constexpr std::size_t kGroups = 5;
  Rng rng(3, "screen");
  std::vector<std::uint32_t> rows(kRows * kFoldWords);
  std::vector<std::uint32_t> groups(kGroups * kFoldWords * kFoldLanes);
  for (auto& word : rows) word = rng() & rng();
  for (auto& word : groups) word = rng() & rng();
  for (std::size_t w = 0; w < kFoldWords; ++w) rows[w] = 0xFFFFFFFFU;  // the largest count
  std::vector<float> need(kRows);
  std::vector<float> slope(kRows);
  std::vector<float> row_lost(kRows);
  std::vector<float> col_lost(kGroups * kFoldLanes);
  std::vector<float> factor(kGroups * kFoldLanes);
  for (auto& value : need) value = static_cast<float>(40.0 * rng.uniform());
  for (auto& value : slope) value = static_cast<float>(rng.uniform());
  for (auto& value : row_lost) value = static_cast<float>(rng.below(10));
  for (auto& value : col_lost) value = static_cast<float>(rng.below(10));
  for (auto& value : factor) value = static_cast<float>(rng.below(60));
  const auto passed_by = [&](const BitKernels& table) {
    std::vector<std::uint16_t> passed(kRows * kGroups);
    table.screen({rows.data(), need.data(), slope.data(), row_lost.data(), kRows, groups.data(),
                  col_lost.data(), factor.data(), kGroups, passed.data()});
    return passed;
  };
  const auto expected = passed_by(*bit_kernels(InstructionSet::portable));
  EXPECT_EQ(passed_by(*kernels), expected);
  std::size_t n_passed = 0;
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t item = 0; item < kGroups * kFoldLanes; ++item) {
      const std::size_t group = item / kFoldLanes;
      const std::size_t lane = item % kFoldLanes;
      int common = 0;
      for (std::size_t w = 0; w < kFoldWords; ++w) {
        common += __builtin_popcount(rows[i * kFoldWords + w] &
                                     groups[(group * kFoldWords + w) * kFoldLanes + lane]);
      }
      const bool passes = static_cast<float>(common) + std::min(row_lost[i], col_lost[item]) >=
                          need[i] + slope[i] * factor[item];
      ASSERT_EQ((expected[i * kGroups + group] >> lane & 1) != 0, passes);
      n_passed += passes;
    }
  }
  EXPECT_GT(n_passed, 50U);
  EXPECT_LT(n_passed, kRows * kGroups * kFoldLanes - 50);
}

INSTANTIATE_TEST_SUITE_P(Bits, EverySet,
                         testing::Values(InstructionSet::portable, InstructionSet::avx2,
                                         InstructionSet::avx512),
                         [](const auto& set) { return std::string(to_string(set.param)); });

class ForcedSet : public testing::Test {
 protected:
  void TearDown() override { unsetenv("CUPEL_SIMD"); }
};

TEST_F(ForcedSet, IsTakenOrRefusedByName) {
  setenv("CUPEL_SIMD", "portable", 1);
  EXPECT_EQ(bit_kernels().set, InstructionSet::portable);
  setenv("CUPEL_SIMD", "sse9", 1);
  try {
    bit_kernels();
    FAIL() << "an unknown name was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.message().find("sse9"), std::string::npos);
  }
  setenv("CUPEL_SIMD", "", 1);
  const BitKernels& best = bit_kernels();
  for (const auto set : {InstructionSet::avx512, InstructionSet::avx2, InstructionSet::portable}) {
    if (bit_kernels(set) == nullptr) continue;
    EXPECT_EQ(best.set, set);
    break;
  }
}

}  // namespace
}  // namespace cupel

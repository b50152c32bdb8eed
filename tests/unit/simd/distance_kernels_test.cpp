// Every table of kernels gives the bits of the portable one, which is near the plain sum.
#include "simd/distance_kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.hpp"

namespace cupel {
namespace {

std::vector<float> random_rows(std::size_t n_rows, std::size_t n, std::uint64_t seed) {
  std::vector<float> rows(n_rows * n);
  Rng rng(seed, "distances");
  for (float& value : rows) value = static_cast<float>(std::tan(3.0 * (rng.uniform() - 0.5)));
  return rows;
}

class EveryDistanceSet : public testing::TestWithParam<InstructionSet> {
 protected:
  void SetUp() override {
    kernels = distance_kernels(GetParam());
    if (kernels == nullptr) GTEST_SKIP() << "this processor has no " << to_string(GetParam());
  }
  const DistanceKernels* kernels = nullptr;
};

TEST_P(EveryDistanceSet, NamesItself) { EXPECT_EQ(kernels->set, GetParam()); }

TEST_P(EveryDistanceSet, SumsMaximaOfAllShapes) {
  for (const std::size_t n : {16UL, 32UL, 512UL, 528UL, 2048UL}) {
    for (const auto& [n_rows, n_cols] :
         {std::pair{1UL, 1UL}, {4UL, 4UL}, {7UL, 9UL}, {2UL, 13UL}}) {
      const auto rows = random_rows(n_rows, n, n);
      const auto cols = random_rows(n_cols, n, n + 1);
      MaxSumTile tile{.rows = rows.data(),
                      .n_rows = n_rows,
                      .cols = cols.data(),
                      .n_cols = n_cols,
                      .n = n,
                      .sums = nullptr};
      std::vector<double> sums(n_rows * n_cols, 12345.0);
      std::vector<double> reference(n_rows * n_cols, 54321.0);
      tile.sums = sums.data();
      kernels->max_sums(tile);
      tile.sums = reference.data();
      detail::kPortableDistances.max_sums(tile);
      ASSERT_EQ(sums, reference) << n << " values, " << n_rows << " x " << n_cols;
      for (std::size_t i = 0; i < n_rows; ++i) {
        for (std::size_t j = 0; j < n_cols; ++j) {
          double sum = 0.0;
          double scale = 0.0;
          for (std::size_t g = 0; g < n; ++g) {
            const double value = std::max(rows[i * n + g], cols[j * n + g]);
            sum += value;
            scale += std::abs(value);
          }
          ASSERT_NEAR(sums[i * n_cols + j], sum, kMaxSumError * scale);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, EveryDistanceSet,
                         testing::Values(InstructionSet::portable, InstructionSet::avx2,
                                         InstructionSet::avx512),
                         [](const auto& set) { return std::string(to_string(set.param)); });

}  // namespace
}  // namespace cupel

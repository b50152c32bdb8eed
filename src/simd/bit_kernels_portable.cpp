// Packed bits in plain C++: the reference that the other tables are tested against, and what runs
// where there is no vector unit that cupel knows.
//
//   ones(x): x - (x >> 1 & 0x55..) counts pairs of bits, then fours, then bytes; a multiplication
//   adds the bytes up. 12 operations a word; SSE2 has no faster way.
//
// Measured: see bit_kernels_avx512.cpp.
#include "simd/bit_kernels.hpp"

namespace cupel::detail {
namespace {

inline std::uint32_t ones_of(std::uint64_t x) noexcept {
  x -= (x >> 1) & 0x5555555555555555ULL;
  x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
  x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
  return static_cast<std::uint32_t>((x * 0x0101010101010101ULL) >> 56);
}

inline std::uint32_t ones_of(std::uint32_t x) noexcept {
  x -= (x >> 1) & 0x55555555U;
  x = (x & 0x33333333U) + ((x >> 2) & 0x33333333U);
  x = (x + (x >> 4)) & 0x0F0F0F0FU;
  x += x >> 8;
  x += x >> 16;
  return x & 0x3FU;
}

inline std::uint32_t common_of_pair(const std::uint64_t* a, const std::uint64_t* b,
                                    std::size_t n_words) noexcept {
  std::uint32_t sum = 0;
  for (std::size_t w = 0; w < n_words; ++w) sum += ones_of(a[w] & b[w]);
  return sum;
}

void ones(const std::uint64_t* rows, std::size_t n_rows, std::size_t n_words,
          std::uint32_t* out) noexcept {
  for (std::size_t i = 0; i < n_rows; ++i) {
    out[i] = common_of_pair(rows + i * n_words, rows + i * n_words, n_words);
  }
}

void common(const std::uint64_t* rows, std::size_t n_rows, const std::uint64_t* cols,
            std::size_t n_cols, std::size_t n_words, std::uint32_t* out) noexcept {
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (std::size_t j = 0; j < n_cols; ++j) {
      out[i * n_cols + j] = common_of_pair(rows + i * n_words, cols + j * n_words, n_words);
    }
  }
}

void common_of_list(const std::uint64_t* row, const std::uint64_t* cols, std::size_t n_words,
                    const std::uint32_t* list, std::size_t n, std::uint32_t* out) noexcept {
  for (std::size_t k = 0; k < n; ++k) {
    out[k] = common_of_pair(row, cols + list[k] * n_words, n_words);
  }
}

void screen(const ScreenTile& tile) noexcept {
  for (std::size_t group = 0; group < tile.n_groups; ++group) {
    const std::uint32_t* words = tile.groups + group * kFoldWords * kFoldLanes;
    const float* lost = tile.col_lost + group * kFoldLanes;
    const float* factor = tile.col_factor + group * kFoldLanes;
    for (std::size_t i = 0; i < tile.n_rows; ++i) {
      std::uint32_t sum[kFoldLanes] = {};
      for (std::size_t w = 0; w < kFoldWords; ++w) {
        const std::uint32_t row = tile.rows[i * kFoldWords + w];
        for (std::size_t lane = 0; lane < kFoldLanes; ++lane) {
          sum[lane] += ones_of(row & words[w * kFoldLanes + lane]);
        }
      }
      unsigned passed = 0;
      for (std::size_t lane = 0; lane < kFoldLanes; ++lane) {
        const float both = lost[lane] < tile.row_lost[i] ? lost[lane] : tile.row_lost[i];
        const float have = static_cast<float>(sum[lane]) + both;
        const float need = tile.row_need[i] + tile.row_slope[i] * factor[lane];
        passed |= static_cast<unsigned>(have >= need) << lane;
      }
      tile.passed[i * tile.n_groups + group] = static_cast<std::uint16_t>(passed);
    }
  }
}

}  // namespace

const BitKernels kPortableBits{InstructionSet::portable, ones, common, common_of_list, screen};

}  // namespace cupel::detail

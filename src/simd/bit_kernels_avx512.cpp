// Packed bits with AVX-512 (F, BW, DQ, VL, VPOPCNTDQ): Ice Lake, Zen 4 and later.
//
// common: ones of row & col, 2048 bits = four registers.
//   A row stays in registers, 16 columns (4 KiB) stay in L1, and all rows of a tile pass by them.
//   Per pair 4 VPANDQ (column from memory), 4 VPOPCNTQ, 3 VPADDQ: eight 64-bit counters. Instead of
//   reducing each pair, four counters are packed into the 16-bit quarters of one register (VPSLLQ,
//   VPTERNLOGQ), and four such registers are reduced together by two levels of unpack-and-add and
//   one shuffle: 33 instructions for 16 pairs. 13 vector instructions a pair in all.
//     Zen 4 runs two 512-bit vector instructions a cycle (one VPOPCNTQ): 6.5 cycles a pair.
//     Zen 5 runs four: 3.3.
//
// screen: 16 folded items, one 32-bit word of each per register, 16 registers: the group never
//   leaves the registers while all rows pass. Per row and 16 pairs: 16 x (VPANDD with the row's
//   word broadcast from memory, VPOPCNTD, VPADDD), and 6 to compare: 3.4 a pair, no reduction at
//   all.
//
// Measured, M pairs/s of CPU time, one thread, AMD EPYC (Zen 4, 32 KiB L1, 3.6 GHz),
// g++ 12.2, bench_micro_popcount, 64 rows a call, on a machine with other work:
//   2048 bits             columns in L1     L2     L3   memory
//   common  portable                 36     36     36       36
//   common  avx2                    152    151    145      145
//   common  avx512                  489    461    410      417   (limit: 3.6 GHz / 6.5 = 554)
//   screen  portable                148    148    149      148
//   screen  avx2                    446    448    443      441
//   screen  avx512                 1989   2013   1988     1898   (limit: 3.6 GHz / 1.65 = 2180)
#if defined(__AVX512VPOPCNTDQ__) && defined(__AVX512BW__)
#include <immintrin.h>

#include "simd/bit_kernels.hpp"

namespace cupel::detail {
namespace {

constexpr std::size_t kChunk = 8;   ///< 64-bit words in a register
constexpr std::size_t kBlock = 16;  ///< columns of one pass, kept in L1
constexpr std::size_t kPacked =
    512;  ///< words up to which a count fits the 16 bits it is packed in

inline __m512i load(const std::uint64_t* words) noexcept { return _mm512_loadu_si512(words); }

inline __mmask8 tail_mask(std::size_t n_words) noexcept {
  return static_cast<__mmask8>((1U << (n_words % kChunk)) - 1U);
}

/// Counts per 64-bit lane of row & col, any number of words.
inline __m512i lane_counts(const std::uint64_t* row, const std::uint64_t* col,
                           std::size_t n_words) noexcept {
  __m512i sum = _mm512_setzero_si512();
  std::size_t w = 0;
  for (; w + kChunk <= n_words; w += kChunk) {
    const __m512i both = _mm512_and_si512(load(row + w), load(col + w));
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(both));
  }
  if (w < n_words) {
    const __mmask8 mask = tail_mask(n_words);
    const __m512i both = _mm512_and_si512(_mm512_maskz_loadu_epi64(mask, row + w),
                                          _mm512_maskz_loadu_epi64(mask, col + w));
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(both));
  }
  return sum;
}

inline std::uint32_t common_of_pair(const std::uint64_t* row, const std::uint64_t* col,
                                    std::size_t n_words) noexcept {
  return static_cast<std::uint32_t>(_mm512_reduce_add_epi64(lane_counts(row, col, n_words)));
}

/// Four counters in the 16-bit quarters of the lanes of one register.
inline __m512i pack(__m512i a, __m512i b, __m512i c, __m512i d) noexcept {
  const __m512i abc =
      _mm512_ternarylogic_epi64(a, _mm512_slli_epi64(b, 16), _mm512_slli_epi64(c, 32), 0xFE);
  return _mm512_or_si512(abc, _mm512_slli_epi64(d, 48));
}

/// Sums of the eight lanes of four registers of packed counters: 16 counts in order.
inline __m512i reduce(__m512i p0, __m512i p1, __m512i p2, __m512i p3) noexcept {
  const __m512i low =
      _mm512_add_epi64(_mm512_unpacklo_epi64(p0, p1), _mm512_unpackhi_epi64(p0, p1));
  const __m512i high =
      _mm512_add_epi64(_mm512_unpacklo_epi64(p2, p3), _mm512_unpackhi_epi64(p2, p3));
  const __m512i halves = _mm512_add_epi64(_mm512_shuffle_i64x2(low, high, 0x88),
                                          _mm512_shuffle_i64x2(low, high, 0xDD));
  const __m512i whole = _mm512_add_epi64(halves, _mm512_shuffle_i64x2(halves, halves, 0xB1));
  const __m512i order = _mm512_set_epi64(0, 0, 0, 0, 5, 4, 1, 0);
  return _mm512_cvtepu16_epi32(_mm512_castsi512_si256(_mm512_permutexvar_epi64(order, whole)));
}

/// One row, in registers, against 16 columns in L1: 16 counts. `kChunks` registers a row.
template <int kChunks>
inline __m512i sixteen(const std::uint64_t* row, const std::uint64_t* cols) noexcept {
  __m512i words[kChunks];
  for (int c = 0; c < kChunks; ++c) words[c] = load(row + c * 8);
  __m512i packed[4];
  for (int four = 0; four < 4; ++four) {
    __m512i sum[4];
    for (int k = 0; k < 4; ++k) {
      const std::uint64_t* col = cols + (four * 4 + k) * kChunks * 8;
      sum[k] = _mm512_popcnt_epi64(_mm512_and_si512(words[0], load(col)));
      for (int c = 1; c < kChunks; ++c) {
        const __m512i both = _mm512_and_si512(words[c], load(col + c * 8));
        sum[k] = _mm512_add_epi64(sum[k], _mm512_popcnt_epi64(both));
      }
    }
    packed[four] = pack(sum[0], sum[1], sum[2], sum[3]);
  }
  return reduce(packed[0], packed[1], packed[2], packed[3]);
}

inline __m512i sixteen_of_any(const std::uint64_t* row, const std::uint64_t* cols,
                              std::size_t n_words) noexcept {
  __m512i packed[4];
  for (std::size_t four = 0; four < 4; ++four) {
    const std::uint64_t* col = cols + four * 4 * n_words;
    packed[four] = pack(lane_counts(row, col, n_words), lane_counts(row, col + n_words, n_words),
                        lane_counts(row, col + 2 * n_words, n_words),
                        lane_counts(row, col + 3 * n_words, n_words));
  }
  return reduce(packed[0], packed[1], packed[2], packed[3]);
}

template <typename Sixteen>
inline void for_blocks(const std::uint64_t* rows, std::size_t n_rows, const std::uint64_t* cols,
                       std::size_t n_cols, std::size_t n_words, std::uint32_t* out,
                       const Sixteen& sixteen_counts) noexcept {
  std::size_t j = 0;
  for (; j + kBlock <= n_cols && n_words <= kPacked; j += kBlock) {
    for (std::size_t i = 0; i < n_rows; ++i) {
      _mm512_storeu_si512(out + i * n_cols + j,
                          sixteen_counts(rows + i * n_words, cols + j * n_words));
    }
  }
  for (; j < n_cols; ++j) {
    for (std::size_t i = 0; i < n_rows; ++i) {
      out[i * n_cols + j] = common_of_pair(rows + i * n_words, cols + j * n_words, n_words);
    }
  }
}

void ones(const std::uint64_t* rows, std::size_t n_rows, std::size_t n_words,
          std::uint32_t* out) noexcept {
  for (std::size_t i = 0; i < n_rows; ++i) {
    out[i] = common_of_pair(rows + i * n_words, rows + i * n_words, n_words);
  }
}

void common(const std::uint64_t* rows, std::size_t n_rows, const std::uint64_t* cols,
            std::size_t n_cols, std::size_t n_words, std::uint32_t* out) noexcept {
  switch (n_words) {
    case 8:
      return for_blocks(rows, n_rows, cols, n_cols, 8, out, sixteen<1>);
    case 16:
      return for_blocks(rows, n_rows, cols, n_cols, 16, out, sixteen<2>);
    case 32:
      return for_blocks(rows, n_rows, cols, n_cols, 32, out, sixteen<4>);
    default:
      break;
  }
  for_blocks(rows, n_rows, cols, n_cols, n_words, out,
             [n_words](const std::uint64_t* row, const std::uint64_t* col) noexcept {
               return sixteen_of_any(row, col, n_words);
             });
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
    __m512i item[kFoldWords];  // 16 registers: the whole group
    for (std::size_t w = 0; w < kFoldWords; ++w) {
      item[w] = _mm512_loadu_si512(words + w * kFoldLanes);
    }
    const __m512 col_lost = _mm512_loadu_ps(tile.col_lost + group * kFoldLanes);
    const __m512 factor = _mm512_loadu_ps(tile.col_factor + group * kFoldLanes);
    for (std::size_t i = 0; i < tile.n_rows; ++i) {
      const std::uint32_t* row = tile.rows + i * kFoldWords;
      __m512i sum[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
      for (std::size_t w = 0; w < kFoldWords; ++w) {
        const __m512i word = _mm512_set1_epi32(static_cast<int>(row[w]));
        sum[w % 2] =
            _mm512_add_epi32(sum[w % 2], _mm512_popcnt_epi32(_mm512_and_si512(item[w], word)));
      }
      const __m512 lost = _mm512_min_ps(col_lost, _mm512_set1_ps(tile.row_lost[i]));
      const __m512 have = _mm512_add_ps(_mm512_cvtepi32_ps(_mm512_add_epi32(sum[0], sum[1])), lost);
      const __m512 need = _mm512_add_ps(_mm512_set1_ps(tile.row_need[i]),
                                        _mm512_mul_ps(_mm512_set1_ps(tile.row_slope[i]), factor));
      tile.passed[i * tile.n_groups + group] =
          static_cast<std::uint16_t>(_mm512_cmp_ps_mask(have, need, _CMP_GE_OQ));
    }
  }
}

}  // namespace

const BitKernels kAvx512Bits{InstructionSet::avx512, ones, common, common_of_list, screen};

}  // namespace cupel::detail
#endif

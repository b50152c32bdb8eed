// Packed bits with AVX2: Haswell, Zen and later.
//
// No vector popcount: every byte is counted by two look-ups of its halves (VPSHUFB; Mula, Kurz &
// Lemire 2018, doi:10.1093/comjnl/bxx046), bytes are added while they cannot overflow, and VPSADBW
// adds them up. Per pair of 2048 bits 8 x (VPAND with memory, 2 VPAND, VPSRLW, 2 VPSHUFB, 2 VPADDB)
// and 6 to reduce: 70 instructions, three to four a cycle.
//
// screen: the bytes of a 32-bit lane belong to one item, so that they are added by VPMADDUBSW and
// VPMADDWD with ones, eight items at a time.
//
// Measured: see bit_kernels_avx512.cpp.
#ifdef __AVX2__
#include <immintrin.h>

#include "simd/bit_kernels.hpp"

namespace cupel::detail {
namespace {

constexpr std::size_t kChunk = 4;  ///< 64-bit words in a register

/// Ones of every byte, by a table of 16 for each half (Mula's pshufb method).
inline __m256i byte_counts(__m256i bits) noexcept {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i half = _mm256_set1_epi8(0x0F);
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(bits, half));
  const __m256i high =
      _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(bits, 4), half));
  return _mm256_add_epi8(low, high);
}

inline __m256i load(const void* words) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(words));
}

inline std::uint32_t sum_of_lanes(__m256i sums) noexcept {
  const __m128i two =
      _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  return static_cast<std::uint32_t>(_mm_extract_epi64(two, 0) + _mm_extract_epi64(two, 1));
}

inline std::uint32_t common_of_pair(const std::uint64_t* row, const std::uint64_t* col,
                                    std::size_t n_words) noexcept {
  __m256i sums = _mm256_setzero_si256();
  std::size_t w = 0;
  while (w + kChunk <= n_words) {
    // A byte holds at most 8 ones of a register: 31 registers fit before the bytes are added up.
    __m256i bytes = _mm256_setzero_si256();
    for (int step = 0; step < 31 && w + kChunk <= n_words; ++step, w += kChunk) {
      bytes = _mm256_add_epi8(bytes, byte_counts(_mm256_and_si256(load(row + w), load(col + w))));
    }
    sums = _mm256_add_epi64(sums, _mm256_sad_epu8(bytes, _mm256_setzero_si256()));
  }
  std::uint32_t sum = sum_of_lanes(sums);
  for (; w < n_words; ++w) sum += static_cast<std::uint32_t>(_mm_popcnt_u64(row[w] & col[w]));
  return sum;
}

/// 2048 bits: eight registers, no inner loop to count.
inline std::uint32_t common_of_32_words(const std::uint64_t* row,
                                        const std::uint64_t* col) noexcept {
  __m256i bytes = byte_counts(_mm256_and_si256(load(row), load(col)));
  for (std::size_t w = kChunk; w < 32; w += kChunk) {
    bytes = _mm256_add_epi8(bytes, byte_counts(_mm256_and_si256(load(row + w), load(col + w))));
  }
  return sum_of_lanes(_mm256_sad_epu8(bytes, _mm256_setzero_si256()));
}

void ones(const std::uint64_t* rows, std::size_t n_rows, std::size_t n_words,
          std::uint32_t* out) noexcept {
  for (std::size_t i = 0; i < n_rows; ++i) {
    out[i] = common_of_pair(rows + i * n_words, rows + i * n_words, n_words);
  }
}

/// 16 columns stay in L1 while all rows pass.
void common(const std::uint64_t* rows, std::size_t n_rows, const std::uint64_t* cols,
            std::size_t n_cols, std::size_t n_words, std::uint32_t* out) noexcept {
  constexpr std::size_t kBlock = 16;
  for (std::size_t first = 0; first < n_cols; first += kBlock) {
    const std::size_t end = first + kBlock < n_cols ? first + kBlock : n_cols;
    for (std::size_t i = 0; i < n_rows; ++i) {
      const std::uint64_t* row = rows + i * n_words;
      for (std::size_t j = first; j < end; ++j) {
        const std::uint64_t* col = cols + j * n_words;
        out[i * n_cols + j] =
            n_words == 32 ? common_of_32_words(row, col) : common_of_pair(row, col, n_words);
      }
    }
  }
}

void common_of_list(const std::uint64_t* row, const std::uint64_t* cols, std::size_t n_words,
                    const std::uint32_t* list, std::size_t n, std::uint32_t* out) noexcept {
  for (std::size_t k = 0; k < n; ++k) {
    out[k] = common_of_pair(row, cols + list[k] * n_words, n_words);
  }
}

/// Eight items: the bytes of a lane are added by two multiplications with one.
inline unsigned eight(const std::uint32_t* row, const std::uint32_t* words, const float* col_lost,
                      const float* factor, float need, float slope, float row_lost) noexcept {
  __m256i bytes = _mm256_setzero_si256();  // at most 16 x 8 a byte
  for (std::size_t w = 0; w < kFoldWords; ++w) {
    const __m256i word = _mm256_set1_epi32(static_cast<int>(row[w]));
    bytes =
        _mm256_add_epi8(bytes, byte_counts(_mm256_and_si256(load(words + w * kFoldLanes), word)));
  }
  const __m256i pairs = _mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1));
  const __m256i counts = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
  const __m256 lost = _mm256_min_ps(_mm256_loadu_ps(col_lost), _mm256_set1_ps(row_lost));
  const __m256 have = _mm256_add_ps(_mm256_cvtepi32_ps(counts), lost);
  const __m256 wanted = _mm256_add_ps(
      _mm256_set1_ps(need), _mm256_mul_ps(_mm256_set1_ps(slope), _mm256_loadu_ps(factor)));
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(have, wanted, _CMP_GE_OQ)));
}

void screen(const ScreenTile& tile) noexcept {
  for (std::size_t group = 0; group < tile.n_groups; ++group) {
    const std::uint32_t* words = tile.groups + group * kFoldWords * kFoldLanes;
    const float* lost = tile.col_lost + group * kFoldLanes;
    const float* factor = tile.col_factor + group * kFoldLanes;
    for (std::size_t i = 0; i < tile.n_rows; ++i) {
      const std::uint32_t* row = tile.rows + i * kFoldWords;
      const float need = tile.row_need[i];
      const float slope = tile.row_slope[i];
      const float row_lost = tile.row_lost[i];
      const unsigned low = eight(row, words, lost, factor, need, slope, row_lost);
      const unsigned high = eight(row, words + 8, lost + 8, factor + 8, need, slope, row_lost);
      tile.passed[i * tile.n_groups + group] = static_cast<std::uint16_t>(low | high << 8);
    }
  }
}

}  // namespace

const BitKernels kAvx2Bits{InstructionSet::avx2, ones, common, common_of_list, screen};

}  // namespace cupel::detail
#endif

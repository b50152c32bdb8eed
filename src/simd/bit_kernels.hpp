#pragma once
/// Kernels on packed bits, one table per instruction set. A table is chosen once per similarity and
/// its functions are called once per tile, never per pair. All tables give the same integers.
///
/// Only what needs no other header stands here: the tables are compiled with instructions that the
/// rest of the program must not use.
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cupel {

enum class InstructionSet { portable, avx2, avx512 };
std::string_view to_string(InstructionSet set) noexcept;

/// Bits folded to 512 (bit b goes to b mod 512), 16 items a group: a group is 16 words of 16 lanes,
/// groups[(group * 16 + word) * 16 + lane].
inline constexpr std::size_t kFoldWords = 16;  ///< 32-bit words of a folded row
inline constexpr std::size_t kFoldLanes = 16;  ///< items of a group

/// A screen: item `lane` of a group passes for a row if
///   ones(row & item) + min(row_lost, col_lost[item]) >= row_need + row_slope * col_factor[item]
/// (float).
struct ScreenTile {
  const std::uint32_t* rows;  ///< n_rows x kFoldWords
  const float* row_need;      ///< n_rows
  const float* row_slope;     ///< n_rows
  const float* row_lost;      ///< n_rows
  std::size_t n_rows;
  const std::uint32_t* groups;  ///< n_groups x kFoldWords x kFoldLanes
  const float* col_lost;        ///< n_groups x kFoldLanes
  const float* col_factor;      ///< n_groups x kFoldLanes
  std::size_t n_groups;
  std::uint16_t* passed;  ///< out: n_rows x n_groups, bit `lane` = passes
};

struct BitKernels {
  InstructionSet set;
  /// out[i] = ones of row i.
  void (*ones)(const std::uint64_t* rows, std::size_t n_rows, std::size_t n_words,
               std::uint32_t* out) noexcept;
  /// out[i * n_cols + j] = ones of rows[i] & cols[j].
  void (*common)(const std::uint64_t* rows, std::size_t n_rows, const std::uint64_t* cols,
                 std::size_t n_cols, std::size_t n_words, std::uint32_t* out) noexcept;
  /// out[k] = ones of row & cols[list[k]].
  void (*common_of_list)(const std::uint64_t* row, const std::uint64_t* cols, std::size_t n_words,
                         const std::uint32_t* list, std::size_t n, std::uint32_t* out) noexcept;
  void (*screen)(const ScreenTile& tile) noexcept;
};

/// The table of an instruction set; null if this build or this processor has it not.
const BitKernels* bit_kernels(InstructionSet set) noexcept;
/// The best table of this processor, or the one that the environment variable CUPEL_SIMD names
/// (portable, avx2, avx512). Throws Error{usage} if that one is unknown or not to be had.
const BitKernels& bit_kernels();

namespace detail {
extern const BitKernels kPortableBits;
extern const BitKernels kAvx2Bits;    // defined where CUPEL_HAS_X86_KERNELS
extern const BitKernels kAvx512Bits;  // defined where CUPEL_HAS_X86_KERNELS
}  // namespace detail

}  // namespace cupel

#pragma once
/// Alignment of one query with a group of targets, a target per lane (inter-sequence SIMD: Rognes
/// 2011, doi:10.1186/1471-2105-12-221), and the length of their longest common subsequences.
///
/// Lanes are whole numbers that may pack several sums (score * K + identities ...), so that a cell
/// needs additions and maxima only; the caller sees to it that they fit. The global kernels work on
/// H'(i, j) = H(i, j) + extend * (i + j), which makes the extension of a gap free: six additions
/// and maxima per cell. Several columns are done in one pass over the query, so that H and E are
/// loaded and stored once for all of them. Measured: bench/RESULTS.md.
///
/// Only what needs no other header stands here: the tables are compiled with instructions that the
/// rest of the program must not use.
#include <cstddef>
#include <cstdint>

namespace cupel {

inline constexpr std::size_t kAlignLetters = 26;

template <typename Lane>
struct AlignTask {
  const std::uint8_t* query;  ///< letters 0-25
  std::size_t n_query;        ///< > 0
  /// What pairing a letter with a target's residue adds: [(column * kAlignLetters + letter) * lanes
  /// + lane], aligned to 64 bytes; for the global kernels + 2 * extend.
  const Lane* profile;
  const Lane* lengths;    ///< of the targets, per lane; 0 = the lane is not used
  std::size_t n_columns;  ///< the greatest length
  Lane open;              ///< cost of the first residue of a gap, >= extend >= 0
  Lane extend;
  Lane* work;  ///< 2 * n_query * lanes, aligned to 64 bytes
  Lane* best;  ///< out, per lane: the best sum (not defined where lengths is 0), aligned
};

/// Linear gap costs, ends charged, and of the co-optimal alignments the one that a traceback
/// prefers: a cell is score | mark of the step | sum of the path taken, and `larger` decides by
/// score, then by mark. Scores are shifted so that gaps add nothing.
struct FirstTask {
  const std::uint8_t* query;
  std::size_t n_query;
  const std::int32_t* profile;  ///< as in AlignTask
  const std::int32_t* lengths;
  std::size_t n_columns;
  std::int32_t left_mark;  ///< of a gap in the query
  std::int32_t up_mark;    ///< of a gap in the target
  std::int32_t keep;       ///< all bits but those of the marks
  std::int32_t* work;      ///< n_query * lanes
  std::int32_t* best;      ///< out: the last cell of each lane
};

/// 8 targets as bit vectors of n_words * 64 bits: masks[(letter * n_words + word) * 8 + lane] has
/// bit b where residue word * 64 + b is the letter.
struct CommonTask {
  static constexpr std::size_t kLanes = 8;
  const std::uint8_t* query;
  std::size_t n_query;
  const std::uint64_t* masks;
  std::size_t n_words;
  std::uint64_t* work;    ///< n_words * kLanes, aligned to 64 bytes
  std::uint32_t* common;  ///< out, per lane: length of the longest common subsequence
};

struct AlignKernels {
  const char* name;
  std::size_t lanes32;
  std::size_t lanes64;
  void (*global32)(const AlignTask<std::int32_t>&) noexcept;
  void (*free_ends32)(const AlignTask<std::int32_t>&) noexcept;
  void (*local32)(const AlignTask<std::int32_t>&) noexcept;
  void (*global64)(const AlignTask<std::int64_t>&) noexcept;
  void (*free_ends64)(const AlignTask<std::int64_t>&) noexcept;
  void (*local64)(const AlignTask<std::int64_t>&) noexcept;
  void (*first32)(const FirstTask&) noexcept;
  void (*common)(const CommonTask&) noexcept;
};

/// The table of an instruction set ("portable", "avx2", "avx512"); null if this build or this
/// processor has it not.
const AlignKernels* align_kernels(const char* name) noexcept;
/// The best table of this processor, or the one that the environment variable CUPEL_SIMD names.
/// Throws Error{usage} if that one is unknown or not to be had.
const AlignKernels& align_kernels();

namespace detail {
extern const AlignKernels kPortableAlign;
extern const AlignKernels kAvx2Align;    // defined where CUPEL_HAS_X86_KERNELS
extern const AlignKernels kAvx512Align;  // defined where CUPEL_HAS_X86_KERNELS
}  // namespace detail

}  // namespace cupel

#pragma once
/// Sums of the larger of two values, for many pairs of rows at once: Manhattan distances without an
/// absolute value, as sum |a - b| = 2 sum max(a, b) - sum a - sum b. On Zen 4 maxima and additions
/// go to different ports, so that a register is done per cycle, where subtract-and-add takes two.
///
/// Sums run in float over kMaxSumChunk values (kMaxSumChunk / 16 terms in each of 16 lanes), the
/// lanes are then added up in double: a sum is off by at most kMaxSumError * sum |max(a, b)|. Every
/// table gives the same bits.
///
/// Only what needs no other header stands here: the tables are compiled with instructions that the
/// rest of the program must not use.
#include <cstddef>

#include "simd/bit_kernels.hpp"

namespace cupel {

inline constexpr std::size_t kDistanceLanes = 16;
inline constexpr std::size_t kMaxSumChunk = 512;
inline constexpr double kMaxSumError = 34.0 / 16777216.0;  ///< 32 additions and some for double

struct MaxSumTile {
  const float* rows;  ///< n_rows x n, finite
  std::size_t n_rows;
  const float* cols;  ///< n_cols x n, finite
  std::size_t n_cols;
  std::size_t n;  ///< values of a row, a multiple of kDistanceLanes: pad both sides with zeros
  double* sums;   ///< out: n_rows x n_cols
};

struct DistanceKernels {
  InstructionSet set;
  void (*max_sums)(const MaxSumTile& tile) noexcept;
};

/// The table of an instruction set; null if this build or this processor has it not.
const DistanceKernels* distance_kernels(InstructionSet set) noexcept;
/// The table of the set that bit_kernels() takes (environment variable CUPEL_SIMD).
const DistanceKernels& distance_kernels();

namespace detail {
extern const DistanceKernels kPortableDistances;
extern const DistanceKernels kAvx2Distances;    // defined where CUPEL_HAS_X86_KERNELS
extern const DistanceKernels kAvx512Distances;  // defined where CUPEL_HAS_X86_KERNELS
}  // namespace detail

}  // namespace cupel

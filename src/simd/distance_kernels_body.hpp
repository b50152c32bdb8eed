#pragma once
// The loop over tiles, written once for every instruction set. A vocabulary V has
//   Lanes              16 floats
//   zero(), load(p)    aligned to nothing
//   add_max(s, a, b)   s + max(a, b), lane by lane
//   sum(s)             double: lanes l and l + 8, then l and l + 4, l and l + 2, l and l + 1
// and kRows x kCols pairs of it are kept in registers.
#include <algorithm>
#include <cstddef>

#include "simd/distance_kernels.hpp"

namespace cupel::detail {

template <typename V, std::size_t kRows, std::size_t kCols>
inline void add_pairs(const float* rows, const float* cols, std::size_t stride, std::size_t n,
                      double* sums, std::size_t n_cols) noexcept {
  typename V::Lanes total[kRows][kCols];
  for (auto& row : total) {
    for (auto& pair : row) pair = V::zero();
  }
  for (std::size_t g = 0; g < n; g += kDistanceLanes) {
    typename V::Lanes col[kCols];
    for (std::size_t j = 0; j < kCols; ++j) col[j] = V::load(cols + j * stride + g);
    for (std::size_t i = 0; i < kRows; ++i) {
      const typename V::Lanes row = V::load(rows + i * stride + g);
      for (std::size_t j = 0; j < kCols; ++j) {
        total[i][j] = V::add_max(total[i][j], row, col[j]);
      }
    }
  }
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kCols; ++j) sums[i * n_cols + j] += V::sum(total[i][j]);
  }
}

/// A chunk of values at a time: kCols columns stay in L1 while all rows pass from L2.
template <typename V, std::size_t kRows, std::size_t kCols>
void max_sums(const MaxSumTile& tile) noexcept {
  std::fill_n(tile.sums, tile.n_rows * tile.n_cols, 0.0);
  for (std::size_t first = 0; first < tile.n; first += kMaxSumChunk) {
    const std::size_t n = std::min(kMaxSumChunk, tile.n - first);
    for (std::size_t j = 0; j < tile.n_cols;) {
      const bool is_wide = j + kCols <= tile.n_cols;
      const float* cols = tile.cols + j * tile.n + first;
      for (std::size_t i = 0; i < tile.n_rows;) {
        const float* rows = tile.rows + i * tile.n + first;
        double* sums = tile.sums + i * tile.n_cols + j;
        if (is_wide && i + kRows <= tile.n_rows) {
          add_pairs<V, kRows, kCols>(rows, cols, tile.n, n, sums, tile.n_cols);
          i += kRows;
        } else if (is_wide) {
          add_pairs<V, 1, kCols>(rows, cols, tile.n, n, sums, tile.n_cols);
          ++i;
        } else {
          add_pairs<V, 1, 1>(rows, cols, tile.n, n, sums, tile.n_cols);
          ++i;
        }
      }
      j += is_wide ? kCols : 1;
    }
  }
}

}  // namespace cupel::detail

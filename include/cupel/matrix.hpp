#pragma once
/// Dense row-major matrix.
#include <cstddef>
#include <span>
#include <vector>

namespace cupel {

template <typename T>
struct Matrix {
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::vector<T> values;  ///< rows * cols, row-major

  Matrix() = default;
  Matrix(std::size_t n_rows, std::size_t n_cols, T fill = T{})
      : rows(n_rows), cols(n_cols), values(n_rows * n_cols, fill) {}
  [[nodiscard]] std::span<T> row(std::size_t i) noexcept {
    return {values.data() + i * cols, cols};
  }
  [[nodiscard]] std::span<const T> row(std::size_t i) const noexcept {
    return {values.data() + i * cols, cols};
  }
  T& operator()(std::size_t i, std::size_t j) noexcept { return values[i * cols + j]; }
  const T& operator()(std::size_t i, std::size_t j) const noexcept { return values[i * cols + j]; }
};

}  // namespace cupel

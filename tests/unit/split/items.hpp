#pragma once
// Similarities in memory, drawn at random, shared by the tests of splits of items.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "similarity/similarity.hpp"

namespace cupel::test {

/// Rows x columns as given; symmetric if it says so.
class TableSimilarity : public Similarity {
 public:
  TableSimilarity(std::size_t rows, std::size_t cols, bool symmetric)
      : rows_(rows), cols_(cols), symmetric_(symmetric), value_(rows * cols, 0.0) {}
  [[nodiscard]] std::string_view kind() const noexcept override { return "table"; }
  [[nodiscard]] std::string parameters() const override { return "test"; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return rows_; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return cols_; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return symmetric_; }
  [[nodiscard]] TileShape tile_shape() const noexcept override { return {.rows = 5, .cols = 7}; }
  void values(Range rows, Range cols, std::span<double> out) const override {
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = cols.begin; j < cols.end; ++j) out[k++] = value_[i * cols_ + j];
    }
  }
  void set(std::size_t i, std::size_t j, double value) {
    value_[i * cols_ + j] = value;
    if (symmetric_) value_[j * cols_ + i] = value;
  }
  [[nodiscard]] double get(std::size_t i, std::size_t j) const { return value_[i * cols_ + j]; }

 private:
  std::size_t rows_;
  std::size_t cols_;
  bool symmetric_;
  std::vector<double> value_;
};

/// Points around `n_groups` centres in the plane; similarity exp(-distance), in steps of 1/64, so
/// that ties occur. `spread` large: no groups to be seen.
inline TableSimilarity grouped_similarity(std::size_t n, std::size_t n_groups, double spread,
                                          std::uint64_t seed) {
  Rng rng(seed, "test items");
  std::vector<double> x(n);
  std::vector<double> y(n);
  std::vector<double> centre(2 * n_groups);
  for (auto& value : centre) value = 4.0 * rng.uniform();
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t group = rng.below(static_cast<std::uint32_t>(n_groups));
    x[i] = centre[2 * group] + spread * rng.normal();
    y[i] = centre[2 * group + 1] + spread * rng.normal();
  }
  TableSimilarity similarity(n, n, true);
  for (std::size_t i = 0; i < n; ++i) {
    similarity.set(i, i, 1.0);
    for (std::size_t j = i + 1; j < n; ++j) {
      const double close = std::exp(-std::hypot(x[i] - x[j], y[i] - y[j]));
      similarity.set(i, j, std::round(64.0 * close) / 64.0);
    }
  }
  return similarity;
}

}  // namespace cupel::test

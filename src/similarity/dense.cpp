#include "similarity/dense.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "simd/blas.hpp"

namespace cupel {
namespace {

constexpr std::size_t kGrid = 64;      ///< rows and columns of a product
constexpr double kNearlyOne = 0.9999;  ///< above it, cosines are computed from differences
constexpr double kNearlyEqual = 1e-4;  ///< squared distance over the squared lengths, likewise

std::size_t padded(std::size_t n) { return (n + kGrid - 1) / kGrid * kGrid; }

/// Vectors as the product needs them: scaled for the measure, padded with rows of zeros.
struct Vectors {
  std::size_t n = 0;
  std::size_t width = 0;
  std::vector<double> values;          ///< padded(n) x width
  std::vector<double> squared_length;  ///< padded(n), before scaling
  std::size_t without_length = 0;

  Vectors(const Matrix<double>& from, VectorMeasure measure)
      : n(from.rows), width(from.cols), values(padded(n) * width), squared_length(padded(n)) {
    std::copy(from.values.begin(), from.values.end(), values.begin());
    for (std::size_t i = 0; i < n; ++i) prepare(row(i), i, measure);
  }

  [[nodiscard]] std::span<double> row(std::size_t i) { return {values.data() + i * width, width}; }
  [[nodiscard]] const double* row(std::size_t i) const { return values.data() + i * width; }

 private:
  void prepare(std::span<double> row, std::size_t i, VectorMeasure measure) {
    bool has_length = measure == VectorMeasure::euclid;
    if (measure == VectorMeasure::pearson || measure == VectorMeasure::centred_pearson) {
      has_length = std::any_of(row.begin(), row.end(), [&](double x) { return x != row.front(); });
      double mean = 0.0;
      for (const double x : row) mean += x / static_cast<double>(width);
      for (double& x : row) x = has_length ? x - mean : 0.0;
    } else if (measure == VectorMeasure::cosine) {
      has_length = std::any_of(row.begin(), row.end(), [](double x) { return x != 0.0; });
    }
    if (!has_length) {
      ++without_length;
      return;
    }
    if (measure != VectorMeasure::euclid) {
      // By the largest first: no square overflows or vanishes.
      double largest = 0.0;
      for (const double x : row) largest = std::max(largest, std::abs(x));
      if (largest > 0.0) {
        for (double& x : row) x /= largest;
      }
    }
    double sum = 0.0;
    for (const double x : row) sum += x * x;
    squared_length[i] = sum;
    if (measure != VectorMeasure::euclid && sum > 0.0) {
      const double length = std::sqrt(sum);
      for (double& x : row) x /= length;
    }
  }
};

double squared_distance(const double* a, const double* b, std::size_t n) noexcept {
  double sum = 0.0;
  for (std::size_t k = 0; k < n; ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

class VectorSimilarity final : public Similarity {
 public:
  VectorSimilarity(const Matrix<double>& rows, const Matrix<double>* cols, VectorMeasure measure)
      : measure_(measure), rows_(rows, measure) {
    if (cols != nullptr) cols_ = std::make_unique<Vectors>(*cols, measure);
  }
  [[nodiscard]] std::string_view kind() const noexcept override { return to_string(measure_); }
  [[nodiscard]] std::string parameters() const override { return {}; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return rows_.n; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return cols().n; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return cols_ == nullptr; }
  [[nodiscard]] TileShape tile_shape() const noexcept override { return {kGrid, 4 * kGrid}; }
  [[nodiscard]] std::size_t without_length() const noexcept {
    return rows_.without_length + (cols_ ? cols_->without_length : 0);
  }

  void values(Range rows, Range cols, std::span<double> out) const override {
    std::vector<double> tile(kGrid * kGrid);
    for (std::size_t r = rows.begin / kGrid; r * kGrid < rows.end; ++r) {
      for (std::size_t c = cols.begin / kGrid; c * kGrid < cols.end; ++c) {
        const bool mirrored = is_symmetric() && c < r;
        fill(mirrored ? c : r, mirrored ? r : c, tile);
        copy(r, c, mirrored, tile, rows, cols, out);
      }
    }
  }

 private:
  [[nodiscard]] const Vectors& cols() const noexcept { return cols_ ? *cols_ : rows_; }

  /// The tile (r, c) of the grid; a tile on the diagonal of a symmetric one gets its upper half in
  /// both halves.
  void fill(std::size_t r, std::size_t c, std::vector<double>& tile) const {
    const double* a = rows_.row(r * kGrid);
    const double* b = cols().row(c * kGrid);
    blas::multiply(kGrid, kGrid, rows_.width, 1.0, a, false, b, true, 0.0, tile.data());
    const bool diagonal = is_symmetric() && r == c;
    for (std::size_t i = 0; i < kGrid; ++i) {
      for (std::size_t j = diagonal ? i : 0; j < kGrid; ++j) {
        double& cell = tile[i * kGrid + j];
        cell = finished(cell, r * kGrid + i, c * kGrid + j);
        if (diagonal) tile[j * kGrid + i] = cell;
      }
    }
  }

  /// The similarity from the product of two prepared rows.
  [[nodiscard]] double finished(double product, std::size_t i, std::size_t j) const noexcept {
    if (measure_ != VectorMeasure::euclid) {
      if (std::abs(product) < kNearlyOne) return product;
      if (product < 0.0) return std::max(product, -1.0);
      return 1.0 - 0.5 * squared_distance(rows_.row(i), cols().row(j), rows_.width);
    }
    const double lengths = rows_.squared_length[i] + cols().squared_length[j];
    double squared = lengths - 2.0 * product;
    if (!(squared > kNearlyEqual * lengths)) {
      squared = squared_distance(rows_.row(i), cols().row(j), rows_.width);
    }
    return 1.0 / (1.0 + std::sqrt(squared));
  }

  static void copy(std::size_t r, std::size_t c, bool mirrored, const std::vector<double>& tile,
                   Range rows, Range cols, std::span<double> out) noexcept {
    const std::size_t row_end = std::min(rows.end, (r + 1) * kGrid);
    const std::size_t col_end = std::min(cols.end, (c + 1) * kGrid);
    for (std::size_t i = std::max(rows.begin, r * kGrid); i < row_end; ++i) {
      for (std::size_t j = std::max(cols.begin, c * kGrid); j < col_end; ++j) {
        const std::size_t in_row = i - r * kGrid;
        const std::size_t in_col = j - c * kGrid;
        out[(i - rows.begin) * cols.size() + (j - cols.begin)] =
            mirrored ? tile[in_col * kGrid + in_row] : tile[in_row * kGrid + in_col];
      }
    }
  }

  VectorMeasure measure_;
  Vectors rows_;
  std::unique_ptr<Vectors> cols_;
};

class MatrixSimilarity final : public Similarity {
 public:
  MatrixSimilarity(Matrix<double> values, bool symmetric)
      : values_(std::move(values)), symmetric_(symmetric) {}
  [[nodiscard]] std::string_view kind() const noexcept override { return "matrix"; }
  [[nodiscard]] std::string parameters() const override { return {}; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return values_.rows; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return values_.cols; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return symmetric_; }
  void values(Range rows, Range cols, std::span<double> out) const override {
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = cols.begin; j < cols.end; ++j, ++k) {
        out[k] = symmetric_ && j < i ? values_(j, i) : values_(i, j);
      }
    }
  }

 private:
  Matrix<double> values_;
  bool symmetric_;
};

void check_finite(const Matrix<double>& matrix, const std::string& source) {
  const auto bad = std::find_if(matrix.values.begin(), matrix.values.end(),
                                [](double value) { return !std::isfinite(value); });
  if (bad == matrix.values.end()) return;
  const auto place = static_cast<std::size_t>(bad - matrix.values.begin());
  fail_input("item " + std::to_string(place / matrix.cols + 1) + ", value " +
                 std::to_string(place % matrix.cols + 1) +
                 " is not a finite number, so that it has no similarity",
             {.file = source, .value = format_double(*bad)},
             "fill in the value, or leave the item or the column out");
}

}  // namespace

std::string_view to_string(VectorMeasure measure) noexcept {
  switch (measure) {
    case VectorMeasure::pearson:
      return "pearson";
    case VectorMeasure::centred_pearson:
      return "centred-pearson";
    case VectorMeasure::euclid:
      return "euclid";
    case VectorMeasure::cosine:
      break;
  }
  return "cosine";
}

namespace {

/// Each column's mean over all items of both sets.
std::vector<double> column_means(const Matrix<double>& rows, const Matrix<double>* cols) {
  std::vector<double> means(rows.cols, 0.0);
  const auto add = [&](const Matrix<double>& from) {
    for (std::size_t i = 0; i < from.rows; ++i) {
      for (std::size_t j = 0; j < from.cols; ++j) means[j] += from(i, j);
    }
  };
  add(rows);
  if (cols != nullptr) add(*cols);
  const auto n = static_cast<double>(rows.rows + (cols != nullptr ? cols->rows : 0));
  for (double& mean : means) mean /= std::max(n, 1.0);
  return means;
}

Matrix<double> without_means(Matrix<double> values, const std::vector<double>& means) {
  for (std::size_t i = 0; i < values.rows; ++i) {
    for (std::size_t j = 0; j < values.cols; ++j) values(i, j) -= means[j];
  }
  return values;
}

}  // namespace

DenseSimilarity dense_similarity(const Matrix<double>& rows, const Matrix<double>* cols,
                                 VectorMeasure measure, const std::string& source) {
  check_finite(rows, source);
  if (cols != nullptr) {
    check_finite(*cols, source);
    if (cols->cols != rows.cols) {
      fail_input("the two sets of vectors have " + std::to_string(rows.cols) + " and " +
                     std::to_string(cols->cols) + " columns",
                 {.file = source}, "give both the same columns");
    }
  }
  std::unique_ptr<VectorSimilarity> made;
  if (measure == VectorMeasure::centred_pearson) {
    const auto means = column_means(rows, cols);
    Matrix<double> others;
    if (cols != nullptr) others = without_means(*cols, means);
    made = std::make_unique<VectorSimilarity>(without_means(rows, means),
                                              cols != nullptr ? &others : nullptr, measure);
  } else {
    made = std::make_unique<VectorSimilarity>(rows, cols, measure);
  }
  const std::size_t without = made->without_length();
  return {std::move(made), without};
}

std::unique_ptr<Similarity> matrix_similarity(Matrix<double> values, bool among_itself,
                                              const std::string& source) {
  check_finite(values, source);
  if (among_itself) {
    if (values.rows != values.cols) {
      fail_input("a matrix of similarities among one set has as many rows as columns; this has " +
                     std::to_string(values.rows) + " and " + std::to_string(values.cols),
                 {.file = source}, "give the whole square, in the order of the items");
    }
    for (std::size_t i = 0; i < values.rows; ++i) {
      for (std::size_t j = i + 1; j < values.cols; ++j) {
        const double a = values(i, j);
        const double b = values(j, i);
        if (std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(a))) continue;
        fail_input("the matrix is not symmetric: row " + std::to_string(i + 1) + ", column " +
                       std::to_string(j + 1) + " holds " + format_double(a) +
                       ", its mirror image " + format_double(b),
                   {.file = source},
                   "make it symmetric; which of the two is meant cannot be guessed");
      }
    }
  }
  return std::make_unique<MatrixSimilarity>(std::move(values), among_itself);
}

}  // namespace cupel

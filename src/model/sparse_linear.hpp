#pragma once
/// Ridge and logistic regression on sparse rows, with an intercept that is not penalised:
///
///   min_{b,w}  sum_i loss(y_i, b + x_i w) + penalty / 2 |w|^2
///
/// loss = 1/2 (y - f)^2, or log(1 + e^f) - y f for y in {0, 1}. Newton's method, each step by
/// conjugate gradients with a Jacobi preconditioner, O(non-zeros) per product; the square loss
/// takes one step. Nothing is random. scikit-learn's Ridge(alpha) and LogisticRegression(C =
/// 1/penalty) have the same minimum.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cupel {

struct SparseRows {
  std::vector<std::uint64_t> begin{0};  ///< n_rows + 1
  std::vector<std::uint32_t> column;
  std::vector<double> value;  ///< beside `column`; empty = all 1
  std::size_t n_columns = 0;

  [[nodiscard]] std::size_t n_rows() const noexcept { return begin.size() - 1; }
};

struct LinearModel {
  double intercept = 0.0;
  std::vector<double> weight;
  [[nodiscard]] double score(const SparseRows& rows, std::size_t row) const noexcept;
};

struct LinearOptions {
  bool is_logistic = false;  ///< `score` is then the log odds
  double penalty = 1.0;
};

/// Fits on the given rows. `target` is per row of `rows`. With labels of one class only the
/// logistic model is a constant.
LinearModel fit_sparse_linear(const SparseRows& rows, std::span<const double> target,
                              std::span<const std::uint32_t> train, const LinearOptions& options);

}  // namespace cupel

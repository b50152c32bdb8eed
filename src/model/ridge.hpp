#pragma once
/// Ridge regression in closed form from sums over rows.
///
///   w = argmin |y - X w|^2 + sum_k penalty_k w_k^2 = (X'X + diag(penalty))^-1 X'y
///
/// X is never held: blocks of rows are added to X'X (double precision, rows * columns^2 flops in
/// dsyrk), or whoever knows a shortcut to X'X gives it; any penalty is then solved for by Cholesky,
/// columns^3 / 3 flops. Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634.
#include <cstddef>
#include <span>
#include <vector>

#include "cupel/matrix.hpp"

namespace cupel {

struct RidgeSums {
  Matrix<double> gram;         ///< X'X; only the lower triangle is read
  std::vector<double> moment;  ///< X'y
  double squares = 0.0;        ///< y'y

  RidgeSums() = default;
  explicit RidgeSums(std::size_t n_columns)
      : gram(n_columns, n_columns, 0.0), moment(n_columns, 0.0) {}

  /// `x` has a row per value of `y`, row-major.
  void add(std::span<const double> x, std::span<const double> y);
  void add(const RidgeSums& other);

  /// Throws Error{numeric} if the penalised system is not positive definite.
  [[nodiscard]] std::vector<double> solve(std::span<const double> penalty) const;
  /// Squared error of weights `w` on the rows added.
  [[nodiscard]] double squared_error(std::span<const double> w) const;
};

}  // namespace cupel

#include "model/ridge.hpp"

#include <algorithm>

#include "cupel/error.hpp"
#include "model/blas.hpp"

namespace cupel {

void RidgeSums::add(std::span<const double> x, std::span<const double> y) {
  const std::size_t m = moment_.size();
  blas::add_gram(y.size(), m, x.data(), gram_.values.data());
  blas::add_transposed_times(y.size(), m, x.data(), y.data(), moment_.data());
  for (const double value : y) squares_ += value * value;
  n_rows_ += y.size();
}

void RidgeSums::add(const RidgeSums& other) {
  for (std::size_t i = 0; i < gram_.values.size(); ++i) gram_.values[i] += other.gram_.values[i];
  for (std::size_t k = 0; k < moment_.size(); ++k) moment_[k] += other.moment_[k];
  squares_ += other.squares_;
  n_rows_ += other.n_rows_;
}

std::vector<double> RidgeSums::solve(std::span<const double> penalty) const {
  Matrix<double> system = gram_;
  for (std::size_t k = 0; k < moment_.size(); ++k) system(k, k) += penalty[k];
  std::vector<double> solution = moment_;
  if (!blas::solve_positive(moment_.size(), system.values.data(), solution.data())) {
    fail(ErrorKind::numeric, "ridge: the penalised system is singular", {},
         "give a larger penalty");
  }
  return solution;
}

double RidgeSums::squared_error(std::span<const double> w) const {
  double error = squares_;
  for (std::size_t i = 0; i < w.size(); ++i) {
    double image = 0.5 * gram_(i, i) * w[i];  // w'Gw from the lower triangle
    for (std::size_t j = 0; j < i; ++j) image += gram_(i, j) * w[j];
    error += 2.0 * w[i] * (image - moment_[i]);
  }
  return std::max(error, 0.0);
}

}  // namespace cupel

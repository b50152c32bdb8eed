#include "model/ridge.hpp"

#include <algorithm>

#include "cupel/error.hpp"
#include "simd/blas.hpp"

namespace cupel {

void RidgeSums::add(std::span<const double> x, std::span<const double> y) {
  const std::size_t m = moment.size();
  blas::add_gram(y.size(), m, x.data(), gram.values.data());
  blas::add_transposed_times(y.size(), m, x.data(), y.data(), moment.data());
  for (const double value : y) squares += value * value;
}

void RidgeSums::add(const RidgeSums& other) {
  for (std::size_t i = 0; i < gram.values.size(); ++i) gram.values[i] += other.gram.values[i];
  for (std::size_t k = 0; k < moment.size(); ++k) moment[k] += other.moment[k];
  squares += other.squares;
}

std::vector<double> RidgeSums::solve(std::span<const double> penalty) const {
  Matrix<double> system = gram;
  for (std::size_t k = 0; k < moment.size(); ++k) system(k, k) += penalty[k];
  std::vector<double> solution = moment;
  if (!blas::solve_positive(moment.size(), system.values.data(), solution.data())) {
    fail(ErrorKind::numeric, "ridge: the penalised system is singular", {},
         "give a larger penalty");
  }
  return solution;
}

double RidgeSums::squared_error(std::span<const double> w) const {
  double error = squares;
  for (std::size_t i = 0; i < w.size(); ++i) {
    double image = 0.5 * gram(i, i) * w[i];  // w'Gw from the lower triangle
    for (std::size_t j = 0; j < i; ++j) image += gram(i, j) * w[j];
    error += 2.0 * w[i] * (image - moment[i]);
  }
  return std::max(error, 0.0);
}

}  // namespace cupel

#include "metric/pairs.hpp"

#include <cmath>
#include <limits>

#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void require(bool holds, const char* what) {
  if (!holds) fail(ErrorKind::internal, what);
}

double root_mean(double sum_of_squares, std::size_t n) {
  return n > 0 ? std::sqrt(sum_of_squares / static_cast<double>(n)) : kNaN;
}

}  // namespace

PairOrder pair_order(std::span<const double> truth, std::span<const double> prediction,
                     std::span<const std::uint32_t> first, std::span<const std::uint32_t> second) {
  require(truth.size() == prediction.size(), "pair_order: truth and prediction differ in length");
  require(first.size() == second.size(), "pair_order: the two lists of indices differ in length");
  PairOrder order;
  std::size_t n_right = 0;
  for (std::size_t k = 0; k < first.size(); ++k) {
    const std::uint32_t i = first[k];
    const std::uint32_t j = second[k];
    require(i < truth.size() && j < truth.size(), "pair_order: an index is out of range");
    const bool is_finite = std::isfinite(truth[i]) && std::isfinite(truth[j]) &&
                           std::isfinite(prediction[i]) && std::isfinite(prediction[j]);
    if (!is_finite || truth[i] == truth[j]) {
      ++order.n_undefined;
      continue;
    }
    ++order.n_pairs;
    if (prediction[i] == prediction[j]) {
      ++order.n_tied;
    } else if ((prediction[i] > prediction[j]) == (truth[i] > truth[j])) {
      ++n_right;
    }
  }
  order.accuracy = order.n_pairs > 0
                       ? (static_cast<double>(n_right) + 0.5 * static_cast<double>(order.n_tied)) /
                             static_cast<double>(order.n_pairs)
                       : kNaN;
  return order;
}

double sign_accuracy(std::span<const double> truth, std::span<const double> prediction,
                     std::span<const std::uint32_t> first, std::span<const std::uint32_t> second) {
  return pair_order(truth, prediction, first, second).accuracy;
}

CliffErrors cliff_errors(std::span<const double> truth, std::span<const double> prediction,
                         std::span<const std::uint8_t> is_cliff) {
  require(truth.size() == prediction.size() && truth.size() == is_cliff.size(),
          "cliff_errors: truth, prediction and flags differ in length");
  CliffErrors errors;
  double squares_cliff = 0.0;
  double squares_noncliff = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (!std::isfinite(truth[i]) || !std::isfinite(prediction[i])) {
      ++errors.n_undefined;
      continue;
    }
    const double error = prediction[i] - truth[i];
    (is_cliff[i] != 0 ? squares_cliff : squares_noncliff) += error * error;
    ++(is_cliff[i] != 0 ? errors.n_cliff : errors.n_noncliff);
  }
  errors.rmse_cliff = root_mean(squares_cliff, errors.n_cliff);
  errors.rmse_noncliff = root_mean(squares_noncliff, errors.n_noncliff);
  errors.gap = errors.rmse_cliff - errors.rmse_noncliff;
  return errors;
}

}  // namespace cupel

#include "model/tuned_ridge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/error.hpp"
#include "simd/blas.hpp"

namespace cupel {
namespace {

/// X in the coordinates of its principal axes: scores (rows x axes), their squared lengths.
struct Axes {
  Matrix<double> scores;
  std::vector<double> length;  ///< eigenvalues of X'X
};

std::vector<double> column_means(const Matrix<float>& x) {
  std::vector<double> means(x.cols, 0.0);
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (std::size_t f = 0; f < x.cols; ++f) means[f] += x(i, f);
  }
  for (double& mean : means) mean /= static_cast<double>(x.rows);
  return means;
}

Axes axes_of(const Matrix<double>& x) {
  const bool kernel = x.cols > x.rows;
  const std::size_t m = kernel ? x.rows : x.cols;
  Matrix<double> product(m, m);
  if (kernel) {
    blas::multiply(m, m, x.cols, 1.0, x.values.data(), false, x.values.data(), true, 0.0,
                   product.values.data());
  } else {
    blas::add_gram(x.rows, m, x.values.data(), product.values.data());
  }
  Axes axes{.scores = Matrix<double>(x.rows, m), .length = std::vector<double>(m)};
  if (m > 0 && !blas::symmetric_eigen(m, product.values.data(), axes.length.data())) {
    fail(ErrorKind::numeric, "the features of a ridge regression have no eigendecomposition", {},
         "check that no feature is infinite or not a number");
  }
  const double largest = m > 0 ? std::max(axes.length.back(), 0.0) : 0.0;
  for (double& value : axes.length) {
    if (value < largest * 1e-12) value = 0.0;  // what rounding left of a direction without rows
  }
  if (kernel) {
    for (std::size_t k = 0; k < m; ++k) {
      for (std::size_t i = 0; i < x.rows; ++i) {
        axes.scores(i, k) = product(k, i) * std::sqrt(axes.length[k]);
      }
    }
  } else {
    blas::multiply(x.rows, m, m, 1.0, x.values.data(), false, product.values.data(), true, 0.0,
                   axes.scores.values.data());
  }
  return axes;
}

/// Sum of squared leave-one-out errors; `moment` = scores' y.
double left_out_squares(const Axes& axes, std::span<const double> moment, std::span<const double> y,
                        double penalty) {
  double sum = 0.0;
  for (std::size_t i = 0; i < axes.scores.rows; ++i) {
    double fitted = 0.0;
    double leverage = 1.0 / static_cast<double>(axes.scores.rows);
    const auto scores = axes.scores.row(i);
    for (std::size_t k = 0; k < scores.size(); ++k) {
      const double share = scores[k] / (axes.length[k] + penalty);
      fitted += share * moment[k];
      leverage += share * scores[k];
    }
    const double error = (y[i] - fitted) / std::max(1.0 - leverage, 1e-9);
    sum += error * error;
  }
  return sum;
}

}  // namespace

TunedRidge TunedRidge::fit(const Matrix<float>& x, std::span<const double> y,
                           const TunedRidgeOptions& options) {
  TunedRidge model;
  const auto n = static_cast<double>(x.rows);
  double mean = 0.0;
  for (const double value : y) mean += value / n;
  std::vector<double> centred(y.begin(), y.end());
  for (double& value : centred) value -= mean;
  const std::vector<double> means = column_means(x);
  Matrix<double> features(x.rows, x.cols);
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (std::size_t f = 0; f < x.cols; ++f) features(i, f) = x(i, f) - means[f];
  }
  model.weights_.assign(x.cols, 0.0);
  model.intercept_ = mean;

  const Axes axes = axes_of(features);
  std::vector<double> moment(axes.length.size(), 0.0);
  blas::add_transposed_times(x.rows, moment.size(), axes.scores.values.data(), centred.data(),
                             moment.data());
  double sum = 0.0;
  double positive = 0.0;
  for (const double value : axes.length) {
    sum += value;
    positive += value > 0.0 ? 1.0 : 0.0;
  }
  if (positive == 0.0) return model;  // constant features: the mean
  double best = std::numeric_limits<double>::infinity();
  for (const double relative : options.penalties) {
    const double penalty = relative * sum / positive;
    const double squares = left_out_squares(axes, moment, centred, penalty);
    if (squares < best) {
      best = squares;
      model.penalty_ = penalty;
    }
  }
  model.left_out_rmse_ = std::sqrt(best / n);

  // w = X' (y - fitted) / penalty, in either form.
  std::vector<double> residual = centred;
  for (std::size_t i = 0; i < x.rows; ++i) {
    const auto scores = axes.scores.row(i);
    for (std::size_t k = 0; k < scores.size(); ++k) {
      residual[i] -= scores[k] * moment[k] / (axes.length[k] + model.penalty_);
    }
  }
  blas::add_transposed_times(x.rows, x.cols, features.values.data(), residual.data(),
                             model.weights_.data());
  for (std::size_t f = 0; f < x.cols; ++f) {
    model.weights_[f] /= model.penalty_;
    model.intercept_ -= model.weights_[f] * means[f];
  }
  return model;
}

double TunedRidge::predict(std::span<const float> row) const noexcept {
  double value = intercept_;
  for (std::size_t f = 0; f < row.size(); ++f) value += weights_[f] * row[f];
  return value;
}

}  // namespace cupel

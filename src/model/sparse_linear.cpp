#include "model/sparse_linear.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr int kMaxSteps = 50;
constexpr int kMaxProducts = 500;
constexpr double kTolerance = 1e-9;  // of the gradient, relative to the first

double sigmoid(double f) { return 1.0 / (1.0 + std::exp(-f)); }
double softplus(double f) {
  return f > 0.0 ? f + std::log1p(std::exp(-f)) : std::log1p(std::exp(f));
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// The problem; a parameter vector is (weights..., intercept).
class Problem {
 public:
  Problem(const SparseRows& rows, std::span<const double> target,
          std::span<const std::uint32_t> train, const LinearOptions& options)
      : rows_(rows), target_(target), train_(train), options_(options) {}

  [[nodiscard]] std::size_t size() const { return rows_.n_columns + 1; }

  [[nodiscard]] std::vector<double> scores(const std::vector<double>& x) const {
    std::vector<double> out(train_.size(), x.back());
    for (std::size_t i = 0; i < train_.size(); ++i) {
      each(train_[i], [&](std::uint32_t column, double value) { out[i] += value * x[column]; });
    }
    return out;
  }

  [[nodiscard]] double objective(const std::vector<double>& x,
                                 const std::vector<double>& score) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < train_.size(); ++i) {
      const double y = target_[train_[i]];
      sum += options_.is_logistic ? softplus(score[i]) - y * score[i]
                                  : 0.5 * (y - score[i]) * (y - score[i]);
    }
    for (std::size_t k = 0; k + 1 < x.size(); ++k) sum += 0.5 * options_.penalty * x[k] * x[k];
    return sum;
  }

  [[nodiscard]] std::vector<double> gradient(const std::vector<double>& x,
                                             const std::vector<double>& score) const {
    std::vector<double> residual(train_.size());
    for (std::size_t i = 0; i < train_.size(); ++i) {
      residual[i] = (options_.is_logistic ? sigmoid(score[i]) : score[i]) - target_[train_[i]];
    }
    return transposed(residual, x);
  }

  [[nodiscard]] std::vector<double> curvature(const std::vector<double>& score) const {
    std::vector<double> out(score.size(), 1.0);
    if (!options_.is_logistic) return out;
    for (std::size_t i = 0; i < score.size(); ++i) {
      const double p = sigmoid(score[i]);
      out[i] = std::max(p * (1.0 - p), 1e-12);
    }
    return out;
  }

  /// Hessian times a vector.
  [[nodiscard]] std::vector<double> product(const std::vector<double>& curvature,
                                            const std::vector<double>& direction) const {
    std::vector<double> image = scores(direction);
    for (std::size_t i = 0; i < image.size(); ++i) image[i] *= curvature[i];
    return transposed(image, direction);
  }

  [[nodiscard]] std::vector<double> diagonal(const std::vector<double>& curvature) const {
    std::vector<double> out(size(), options_.penalty);
    out.back() = 0.0;
    for (std::size_t i = 0; i < train_.size(); ++i) {
      out.back() += curvature[i];
      each(train_[i], [&](std::uint32_t column, double value) {
        out[column] += curvature[i] * value * value;
      });
    }
    return out;
  }

 private:
  template <typename Body>
  void each(std::uint32_t row, Body body) const {
    for (std::uint64_t k = rows_.begin[row]; k < rows_.begin[row + 1]; ++k) {
      body(rows_.column[k], rows_.value.empty() ? 1.0 : rows_.value[k]);
    }
  }

  /// X' v + penalty x, with the intercept's column of ones.
  [[nodiscard]] std::vector<double> transposed(const std::vector<double>& v,
                                               const std::vector<double>& x) const {
    std::vector<double> out(size(), 0.0);
    for (std::size_t k = 0; k + 1 < size(); ++k) out[k] = options_.penalty * x[k];
    for (std::size_t i = 0; i < train_.size(); ++i) {
      out.back() += v[i];
      each(train_[i], [&](std::uint32_t column, double value) { out[column] += value * v[i]; });
    }
    return out;
  }

  const SparseRows& rows_;
  std::span<const double> target_;
  std::span<const std::uint32_t> train_;
  const LinearOptions& options_;
};

/// Solves Hessian d = -gradient.
std::vector<double> newton_direction(const Problem& problem, const std::vector<double>& gradient,
                                     const std::vector<double>& curvature) {
  const std::vector<double> scale = problem.diagonal(curvature);
  std::vector<double> direction(problem.size(), 0.0);
  std::vector<double> residual(problem.size());
  std::vector<double> scaled(problem.size());
  for (std::size_t k = 0; k < residual.size(); ++k) {
    residual[k] = -gradient[k];
    scaled[k] = residual[k] / scale[k];
  }
  std::vector<double> step = scaled;
  double rho = dot(residual, scaled);
  const double enough = rho * 1e-22;
  for (int i = 0; i < kMaxProducts && rho > enough; ++i) {
    const std::vector<double> image = problem.product(curvature, step);
    const double length = rho / dot(step, image);
    for (std::size_t k = 0; k < step.size(); ++k) {
      direction[k] += length * step[k];
      residual[k] -= length * image[k];
      scaled[k] = residual[k] / scale[k];
    }
    const double next = dot(residual, scaled);
    for (std::size_t k = 0; k < step.size(); ++k) step[k] = scaled[k] + next / rho * step[k];
    rho = next;
  }
  return direction;
}

}  // namespace

double LinearModel::score(const SparseRows& rows, std::size_t row) const noexcept {
  double sum = intercept;
  for (std::uint64_t k = rows.begin[row]; k < rows.begin[row + 1]; ++k) {
    sum += weight[rows.column[k]] * (rows.value.empty() ? 1.0 : rows.value[k]);
  }
  return sum;
}

LinearModel fit_sparse_linear(const SparseRows& rows, std::span<const double> target,
                              std::span<const std::uint32_t> train, const LinearOptions& options) {
  if (train.empty()) fail(ErrorKind::internal, "sparse linear model: no training rows");
  if (!(options.penalty > 0.0)) fail(ErrorKind::usage, "the penalty must be above 0");
  double mean = 0.0;
  for (const std::uint32_t row : train) mean += target[row];
  const auto n = static_cast<double>(train.size());
  mean /= n;
  const Problem problem(rows, target, train, options);
  std::vector<double> x(problem.size(), 0.0);
  x.back() = mean;
  if (options.is_logistic) {
    const double share = (mean * n + 0.5) / (n + 1.0);
    x.back() = std::log(share / (1.0 - share));
  }
  const bool is_constant = options.is_logistic && (mean == 0.0 || mean == 1.0);
  double first = -1.0;
  for (int step = 0; step < kMaxSteps && !is_constant; ++step) {
    const std::vector<double> score = problem.scores(x);
    const std::vector<double> gradient = problem.gradient(x, score);
    const double size = std::sqrt(dot(gradient, gradient));
    if (first < 0.0) first = size;
    if (size <= kTolerance * std::max(first, 1.0)) break;
    const auto direction = newton_direction(problem, gradient, problem.curvature(score));
    const double before = problem.objective(x, score);
    const double slope = dot(gradient, direction);
    double length = 1.0;
    std::vector<double> next(x.size());
    for (int halving = 0; halving < 40; ++halving, length *= 0.5) {
      for (std::size_t k = 0; k < x.size(); ++k) next[k] = x[k] + length * direction[k];
      if (problem.objective(next, problem.scores(next)) <= before + 1e-4 * length * slope) break;
    }
    x = next;
    if (!options.is_logistic) break;
  }
  LinearModel model{.intercept = x.back()};
  x.pop_back();
  model.weight = std::move(x);
  return model;
}

}  // namespace cupel

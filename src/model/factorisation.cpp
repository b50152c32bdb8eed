#include "model/factorisation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/random.hpp"
#include "cupel/error.hpp"
#include "model/level_means.hpp"
#include "simd/blas.hpp"

namespace cupel {

double Factorisation::at(std::uint32_t i, std::uint32_t j) const noexcept {
  const auto u = first.row(i);
  const auto v = second.row(j);
  double sum = static_cast<double>(u[rank]) + static_cast<double>(v[rank]);
  for (std::size_t k = 0; k < rank; ++k) sum += static_cast<double>(u[k] * v[k]);
  return mean + scale * sum;
}

bool Factorisation::has_collapsed() const noexcept {
  for (std::size_t j = 0; j < second.rows; ++j) {
    for (std::size_t k = 0; k < rank; ++k) {
      if (std::abs(second(j, k)) > 1e-3F) return false;
    }
  }
  return true;
}

FactorisationProblem::FactorisationProblem(PairTable pairs) : pairs_(std::move(pairs)) {
  mean_ = level_means(pairs_.first, pairs_.value, 0).overall;
  double squares = 0.0;
  for (const double value : pairs_.value) squares += (value - mean_) * (value - mean_);
  const double deviation = std::sqrt(squares / static_cast<double>(pairs_.size()));
  if (deviation > 0.0) scale_ = deviation;
  first_ = make_side(pairs_.first, pairs_.second, pairs_.n_first, pairs_.value, mean_, scale_);
  second_ = make_side(pairs_.second, pairs_.first, pairs_.n_second, pairs_.value, mean_, scale_);
}

FactorisationProblem::Side FactorisationProblem::make_side(std::span<const std::uint32_t> codes,
                                                           std::span<const std::uint32_t> partners,
                                                           std::size_t n_levels,
                                                           std::span<const double> values,
                                                           double mean, double scale) {
  Side side;
  side.grouping = group_by(codes, n_levels);
  side.partner.reserve(codes.size());
  side.value.reserve(codes.size());
  for (const std::uint32_t pair : side.grouping.order) {
    side.partner.push_back(partners[pair]);
    side.value.push_back(static_cast<float>((values[pair] - mean) / scale));
  }
  for (std::size_t level = 0; level < n_levels; ++level) {
    side.longest = std::max(side.longest, side.grouping.of(level).size());
  }
  return side;
}

/// One half sweep: the ridge problem of every level of `side`. Returns the squared error that the
/// solved problems leave on the training pairs.
double FactorisationProblem::solve_side(const Side& side, const Matrix<float>& other,
                                        Matrix<float>& self, const FactorisationOptions& options) {
  const std::size_t rank = options.rank;
  const std::size_t width = rank + 1;
  std::vector<float> design(side.longest * width);
  std::vector<float> response(side.longest);
  std::vector<float> gram(width * width);
  std::vector<float> solution(width);
  double squared_error = 0.0;
  for (std::size_t level = 0; level < self.rows; ++level) {
    const std::size_t begin = side.grouping.begin[level];
    const std::size_t n = side.grouping.begin[level + 1] - begin;
    if (n == 0) continue;
    double response_squared = 0.0;
    for (std::size_t r = 0; r < n; ++r) {
      const float* from = other.values.data() + side.partner[begin + r] * width;
      float* to = design.data() + r * width;
      std::copy_n(from, rank, to);
      to[rank] = 1.0F;
      response[r] = side.value[begin + r] - from[rank];
      response_squared += static_cast<double>(response[r] * response[r]);
    }
    std::fill(gram.begin(), gram.end(), 0.0F);
    std::fill(solution.begin(), solution.end(), 0.0F);
    blas::add_gram(n, width, design.data(), gram.data());
    blas::add_transposed_times(n, width, design.data(), response.data(), solution.data());
    for (std::size_t k = 0; k < rank; ++k) gram[k * width + k] += options.penalty;
    gram[rank * width + rank] += options.bias_penalty;
    const std::vector<float> moment = solution;
    if (!blas::solve_positive(width, gram.data(), solution.data())) {
      fail(ErrorKind::numeric, "factorisation: a level's ridge problem is singular", {},
           "give a larger penalty");
    }
    std::copy_n(solution.data(), width, self.row(level).data());
    // |y - X w|^2 = y'y - w'X'y - penalty |w|^2, for w the ridge solution.
    double explained = 0.0;
    for (std::size_t k = 0; k < width; ++k) {
      const float penalty = k < rank ? options.penalty : options.bias_penalty;
      explained += static_cast<double>(solution[k] * (moment[k] + penalty * solution[k]));
    }
    squared_error += std::max(0.0, response_squared - explained);
  }
  return squared_error;
}

Factorisation FactorisationProblem::fit(const FactorisationOptions& options, const Context& context,
                                        const Factorisation* start) const {
  Factorisation model;
  const std::size_t width = options.rank + 1U;
  if (start != nullptr && start->rank == options.rank && !start->has_collapsed()) {
    model.first = start->first;
    model.second = start->second;
  } else {
    model.first = Matrix<float>(pairs_.n_first, width);
    model.second = Matrix<float>(pairs_.n_second, width);
    Rng rng(options.seed, "factorisation", options.rank);
    for (std::size_t j = 0; j < pairs_.n_second; ++j) {
      if (second_.grouping.of(j).empty()) continue;
      for (std::size_t k = 0; k < options.rank; ++k) {
        model.second(j, k) = static_cast<float>(0.1 * rng.normal());
      }
    }
  }
  model.mean = mean_;
  model.scale = scale_;
  model.rank = options.rank;
  double previous = std::numeric_limits<double>::infinity();
  while (model.sweeps < options.max_sweeps) {
    context.check_cancelled();
    solve_side(first_, model.second, model.first, options);
    const double error = std::sqrt(solve_side(second_, model.first, model.second, options));
    ++model.sweeps;
    if (error >= previous * (1.0 - options.tolerance)) break;
    previous = error;
  }
  return model;
}

double rmse(const Factorisation& model, const PairTable& pairs) noexcept {
  double sum = 0.0;
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    const double error = pairs.value[r] - model.at(pairs.first[r], pairs.second[r]);
    sum += error * error;
  }
  return std::sqrt(sum / static_cast<double>(pairs.size()));
}

}  // namespace cupel

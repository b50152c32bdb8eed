#include "model/sparse_linear.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

struct Problem {
  SparseRows rows;
  std::vector<double> y;
  std::vector<std::uint32_t> train;
};

Problem random_problem(bool has_labels) {
  Problem out;
  Rng rng(4, "sparse linear test");
  out.rows.n_columns = 6;
  for (std::uint32_t i = 0; i < 80; ++i) {
    double score = -0.3;
    for (std::uint32_t k = 0; k < 6; ++k) {
      if (rng.uniform() > 0.4) continue;
      out.rows.column.push_back(k);
      out.rows.value.push_back(rng.normal());
      score += (k < 2 ? 1.5 : -0.2) * out.rows.value.back();
    }
    out.rows.begin.push_back(out.rows.column.size());
    out.y.push_back(has_labels ? (score + rng.normal() > 0.0 ? 1.0 : 0.0) : score + rng.normal());
    if (i % 4 != 3) out.train.push_back(i);
  }
  return out;
}

/// d/dw of the objective must vanish: X' (prediction - y) + penalty w = 0, and the sum for b.
void expect_stationary(const Problem& problem, const LinearModel& model, bool is_logistic,
                       double penalty) {
  std::vector<double> gradient(problem.rows.n_columns);
  for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] = penalty * model.weight[k];
  double intercept = 0.0;
  for (const std::uint32_t row : problem.train) {
    const double score = model.score(problem.rows, row);
    const double error = (is_logistic ? 1.0 / (1.0 + std::exp(-score)) : score) - problem.y[row];
    intercept += error;
    for (std::uint64_t k = problem.rows.begin[row]; k < problem.rows.begin[row + 1]; ++k) {
      gradient[problem.rows.column[k]] += error * problem.rows.value[k];
    }
  }
  EXPECT_NEAR(intercept, 0.0, 1e-6);
  for (const double g : gradient) EXPECT_NEAR(g, 0.0, 1e-6);
}

TEST(SparseLinear, RidgeIsStationary) {
  const Problem problem = random_problem(false);
  const auto model = fit_sparse_linear(problem.rows, problem.y, problem.train, {.penalty = 2.0});
  expect_stationary(problem, model, false, 2.0);
  EXPECT_GT(model.weight[0], 0.5);
}

TEST(SparseLinear, LogisticIsStationary) {
  const Problem problem = random_problem(true);
  const auto model = fit_sparse_linear(problem.rows, problem.y, problem.train,
                                       {.is_logistic = true, .penalty = 0.5});
  expect_stationary(problem, model, true, 0.5);
  EXPECT_GT(model.weight[1], 0.5);
}

TEST(SparseLinear, SeparableLabelsStayFinite) {
  SparseRows rows{.begin = {0, 1, 2, 2, 2}, .column = {0, 0}, .value = {}, .n_columns = 1};
  const std::vector<double> y{1, 1, 0, 0};
  const std::vector<std::uint32_t> train{0, 1, 2, 3};
  const auto model = fit_sparse_linear(rows, y, train, {.is_logistic = true});
  EXPECT_GT(model.score(rows, 0), 0.0);
  EXPECT_LT(model.score(rows, 2), 0.0);
  EXPECT_LT(std::abs(model.weight[0]), 10.0);
}

TEST(SparseLinear, OneClassIsAConstant) {
  SparseRows rows{.begin = {0, 1, 1}, .column = {0}, .value = {}, .n_columns = 1};
  const std::vector<double> y{1, 1};
  const std::vector<std::uint32_t> train{0, 1};
  const auto model = fit_sparse_linear(rows, y, train, {.is_logistic = true});
  EXPECT_EQ(model.weight[0], 0.0);
  EXPECT_NEAR(model.intercept, std::log(2.5 / 0.5), 1e-12);
  EXPECT_THROW(fit_sparse_linear(rows, y, {}, {}), Error);
}

}  // namespace
}  // namespace cupel

// Closed forms of cell-eval2's expression metrics.
#include "area/perturbation/cell_eval2_expression.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cupel::perturbation::cell_eval2 {
namespace {

const Context kContext{.n_threads = 1};

Matrix<double> rows(const std::vector<std::vector<double>>& values) {
  Matrix<double> out(values.size(), values.front().size());
  for (std::size_t i = 0; i < values.size(); ++i) std::ranges::copy(values[i], out.row(i).begin());
  return out;
}

Expression make(const std::vector<std::vector<double>>& truth,
                const std::vector<std::vector<double>>& predicted) {
  Expression e;
  e.truth = {.mean = rows(truth), .noise = std::vector<double>(truth.size(), 0.0)};
  e.predicted = {.mean = rows(predicted), .noise = std::vector<double>(truth.size(), 0.0)};
  e.control.assign(truth.front().size(), 0.0);
  e.own_gene.resize(truth.size());
  return e;
}

TEST(CellEval2Expression, DiscriminationByMidRankOverTheOthers) {
  // A's prediction lies nearer to B than to A; B and C are their own.
  const Expression e = make({{4, 0}, {0, 4}, {-4, -4}}, {{1, 3}, {0, 4}, {-4, -4}});
  EXPECT_EQ(discrimination(e, ProfileDistance::l1, kContext), (std::vector<double>{0.5, 1.0, 1.0}));
}

TEST(CellEval2Expression, NoInformationScoresOneHalf) {
  for (const std::size_t n : {2, 3, 8, 26}) {
    std::vector<std::vector<double>> truth;
    for (std::size_t p = 0; p < n; ++p) {
      std::vector<double> row(n, 0.0);
      row[p] = 1.0;
      truth.push_back(row);
    }
    const std::vector<std::vector<double>> control(n, std::vector<double>(n, 0.0));
    const Expression e = make(truth, control);
    for (const auto distance :
         {ProfileDistance::l1, ProfileDistance::l2, ProfileDistance::cosine}) {
      for (const double score : discrimination(e, distance, kContext)) {
        EXPECT_DOUBLE_EQ(score, 0.5) << n << " " << to_string(distance);
      }
    }
  }
}

TEST(CellEval2Expression, SpikingTheTargetsOfOthersEarnsNothing) {
  // Genes 0-2 are the targets; the prediction knows only which they are.
  Expression e = make({{-5, 0, 0, 1}, {0, -5, 0, 2}, {0, 0, -5, 3}},
                      {{0, 9, 9, 0}, {9, 0, 9, 0}, {9, 9, 0, 0}});
  EXPECT_EQ(discrimination(e, ProfileDistance::cosine, kContext),
            (std::vector<double>{1.0, 1.0, 1.0}));
  e.own_gene = {0, 1, 2};
  EXPECT_EQ(discrimination(e, ProfileDistance::cosine, kContext),
            (std::vector<double>{0.5, 0.5, 0.5}));
}

TEST(CellEval2Expression, ControlOfThePredictionOrOfTheTruth) {
  // Predictions sit on their own control's offset: only with it are they exact.
  Expression e = make({{1, 0}, {0, 1}}, {{6, 0}, {5, 1}});
  EXPECT_EQ(discrimination(e, ProfileDistance::l2, kContext), (std::vector<double>{1.0, 0.0}));
  e.predicted_control = {5, 0};
  EXPECT_EQ(discrimination(e, ProfileDistance::l2, kContext), (std::vector<double>{1.0, 1.0}));
  EXPECT_NEAR(delta_mse(e)[0], 0.0, 1e-15);
  EXPECT_DOUBLE_EQ(mse(e)[0], 12.5);
}

TEST(CellEval2Expression, UnbiasedErrorWithoutTheOwnGene) {
  Expression e = make({{1, 2, 3}}, {{2, 2, 7}});
  e.truth.noise = {0.5};
  e.predicted.noise = {0.25};
  EXPECT_DOUBLE_EQ(mse_unbiased(e)[0], (1.0 + 16.0 - 0.75) / 3.0);
  e.own_gene = {2};
  EXPECT_DOUBLE_EQ(mse_unbiased(e)[0], (1.0 - 0.75) / 2.0);
  e.control_noise = 0.1;
  EXPECT_DOUBLE_EQ(distance_unbiased(e)[0], (1.0 + 4.0 - 0.6) / 2.0);
}

TEST(CellEval2Expression, NoiseThatIsClaimedIsCapped) {
  // Predicted profiles at -1 and 1 around their mean: spread (1 + 1) / 1 gene = 2.
  Expression e = make({{0.0}, {0.0}}, {{-1.0}, {1.0}});
  e.truth.noise = {0.5, 0.5};
  e.predicted.noise = {0.4, 9.0};  // the second claims no more than the truth has
  const auto capped = mse_unbiased_capped(e);
  EXPECT_DOUBLE_EQ(capped[0], 1.0 - 0.4 - 0.5);
  EXPECT_DOUBLE_EQ(capped[1], 1.0 - 0.5 - 0.5);
  // One block of cells under every label has no spread, and earns no correction at all.
  e.predicted.mean = rows({{1.0}, {1.0}});
  EXPECT_DOUBLE_EQ(mse_unbiased_capped(e)[1], 1.0 - 0.5);
  EXPECT_LT(mse_unbiased(e)[1], 0.0);
  // Half the spread of what is claimed: half of it counts.
  e.predicted.mean = rows({{1.0 - std::sqrt(0.225)}, {1.0 + std::sqrt(0.225)}});
  const double square = (1.0 + std::sqrt(0.225)) * (1.0 + std::sqrt(0.225));
  EXPECT_NEAR(mse_unbiased_capped(e)[1], square - 0.25 - 0.5, 1e-12);
}

TEST(CellEval2Expression, NormIsARatioOfSums) {
  EXPECT_DOUBLE_EQ(mse_unbiased_capped_norm(std::vector{1.0, 3.0}, std::vector{8.0, 2.0}), 0.4);
  EXPECT_DOUBLE_EQ(
      mse_unbiased_capped_norm(std::vector{1.0, std::nan("")}, std::vector{4.0, 100.0}), 0.25);
  EXPECT_TRUE(std::isnan(mse_unbiased_capped_norm(std::vector{1.0}, std::vector{-1.0})));
}

TEST(CellEval2Expression, PearsonIsDecidedByTheReference) {
  const auto r = delta_pearson(make({{0, 0}, {1, 2}, {1, 2}}, {{1, 2}, {3, 3}, {2, 4}}));
  EXPECT_TRUE(std::isnan(r[0]));
  EXPECT_DOUBLE_EQ(r[1], -1.0);
  EXPECT_DOUBLE_EQ(r[2], 1.0);
}

}  // namespace
}  // namespace cupel::perturbation::cell_eval2

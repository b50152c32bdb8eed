// Ranks of true profiles around predicted ones: by hand, and as the published tools count them.
#include "metric/discrimination.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "cupel/error.hpp"

namespace cupel {
namespace {

using Row = DiscriminationRow;

Matrix<double> rows(std::initializer_list<std::vector<double>> values) {
  Matrix<double> out(values.size(), values.begin()->size());
  std::size_t i = 0;
  for (const auto& row : values) std::ranges::copy(row, out.row(i++).begin());
  return out;
}

std::vector<Row> run(const Matrix<double>& predicted, const Matrix<double>& truth,
                     ProfileDistance distance, DiscriminationOptions options = {}) {
  options.distance = distance;
  return discriminate(predicted, truth, options, {});
}

// The example of cell-eval2's own tests: A is predicted nearer to B than to A and C.
TEST(Discrimination, CountsCloserProfiles) {
  const auto truth = rows({{4, 0}, {0, 4}, {-4, -4}});
  const auto predicted = rows({{1, 3}, {0, 4}, {-4, -4}});
  const auto scores = run(predicted, truth, ProfileDistance::l1);
  EXPECT_EQ(scores[0].n_closer, 1U);
  EXPECT_DOUBLE_EQ(scores[0].own_distance, 6.0);
  EXPECT_DOUBLE_EQ(scores[0].score(), 0.5);
  EXPECT_DOUBLE_EQ(scores[0].score_over_n(), 2.0 / 3.0);
  for (const std::size_t i : {1UL, 2UL}) {
    EXPECT_DOUBLE_EQ(scores[i].score(), 1.0);
    EXPECT_DOUBLE_EQ(scores[i].position_score(), 1.0);
    EXPECT_DOUBLE_EQ(scores[i].share_farther(), 1.0);
  }
}

TEST(Discrimination, BreaksTiesAsEachRuleSays) {
  // Every prediction is zero: all cosine distances are 1.
  const std::size_t n = 6;
  Matrix<double> truth(n, 3);
  for (std::size_t i = 0; i < n; ++i) truth(i, i % 3) = 1.0 + static_cast<double>(i);
  const Matrix<double> predicted(n, 3);
  const auto scores = run(predicted, truth, ProfileDistance::cosine);
  for (std::size_t i = 0; i < n; ++i) {
    EXPECT_EQ(scores[i].n_equal, n - 1);
    EXPECT_DOUBLE_EQ(scores[i].score(), 0.5);
    EXPECT_DOUBLE_EQ(scores[i].lowest_score(), 0.0);
    EXPECT_DOUBLE_EQ(scores[i].highest_score(), 1.0);
    EXPECT_DOUBLE_EQ(scores[i].share_farther(), 0.0);
    EXPECT_DOUBLE_EQ(scores[i].position_score(), 1.0 - static_cast<double>(i) / 6.0);
  }
}

TEST(Discrimination, EqualTrueProfilesAreTies) {
  const auto truth = rows({{1, 2, 0.1}, {1, 2, 0.1}, {5, 5, 5}});
  for (const auto distance : {ProfileDistance::l1, ProfileDistance::l2, ProfileDistance::cosine}) {
    const auto scores = run(truth, truth, distance);
    EXPECT_EQ(scores[0].n_equal, 1U) << to_string(distance);
    EXPECT_EQ(scores[1].n_equal_before, 1U);
    EXPECT_DOUBLE_EQ(scores[0].score(), 0.75);
    EXPECT_DOUBLE_EQ(scores[2].score(), 1.0);
  }
}

TEST(Discrimination, RoundingIsNoEvidence) {
  // The second is three times the first: the same direction, with other last bits.
  const auto truth = rows({{0.1, 0.7, 0.3}, {0.3, 2.1, 0.9}, {-1, 0, 0}});
  const auto scores = run(rows({{0.2, 0.1, 0.9}}), truth, ProfileDistance::cosine);
  EXPECT_EQ(scores[0].n_equal, 1U);
}

TEST(Discrimination, LeavesOutGenes) {
  // Gene 0 is what the prediction gets right, gene 1 what it gets wrong.
  const auto truth = rows({{9, 0, 1}, {0, 5, 1}});
  const auto predicted = rows({{9, 5, 1}, {0, 5, 1}});
  const std::vector<std::uint32_t> panel{0};
  EXPECT_DOUBLE_EQ(run(predicted, truth, ProfileDistance::l2)[0].score(), 1.0);
  EXPECT_DOUBLE_EQ(run(predicted, truth, ProfileDistance::l2, {.panel = panel})[0].score(), 0.0);
  const std::vector<std::vector<std::uint32_t>> excluded{{0}, {}};
  for (const auto distance : {ProfileDistance::l1, ProfileDistance::l2, ProfileDistance::cosine}) {
    const auto scores = run(predicted, truth, distance, {.excluded = excluded});
    EXPECT_DOUBLE_EQ(scores[0].score(), 0.0) << to_string(distance);
    EXPECT_DOUBLE_EQ(scores[1].score(), 1.0);
  }
  // Numbers of excluded genes are those of the whole profile, whatever the panel.
  const std::vector<std::uint32_t> other{2};
  EXPECT_DOUBLE_EQ(
      run(predicted, truth, ProfileDistance::l1, {.panel = other, .excluded = excluded})[0].score(),
      0.0);
}

TEST(Discrimination, TruthNeedNotBeInTheOrderOfPredictions) {
  const auto truth = rows({{1, 0}, {0, 1}, {2, 2}});
  const std::vector<std::uint32_t> own{2, 0};
  const auto scores = run(rows({{2, 2}, {0, 1}}), truth, ProfileDistance::l2, {.own = own});
  EXPECT_DOUBLE_EQ(scores[0].score(), 1.0);
  EXPECT_DOUBLE_EQ(scores[1].score(), 0.5);
  EXPECT_EQ(scores[0].n_others, 2U);
}

TEST(Discrimination, UndefinedStaysUndefined) {
  const auto truth = rows({{1, 0}, {0, 1}});
  const auto scores = run(rows({{NAN, 1}, {0, 1}}), truth, ProfileDistance::l1);
  EXPECT_TRUE(std::isnan(scores[0].score()));
  EXPECT_TRUE(std::isnan(scores[0].position_score()));
  EXPECT_DOUBLE_EQ(scores[1].score(), 1.0);
  EXPECT_TRUE(std::isnan(run(rows({{1, 1}}), rows({{1, 1}}), ProfileDistance::l1)[0].score()));
  EXPECT_THROW(run(truth, rows({{1, NAN}, {0, 1}}), ProfileDistance::l1), Error);
  EXPECT_THROW(run(truth, rows({{1, 0, 0}, {0, 1, 0}}), ProfileDistance::l1), Error);
}

}  // namespace
}  // namespace cupel

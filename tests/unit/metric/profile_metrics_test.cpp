// Metrics of one profile, by hand.
#include "metric/profile_metrics.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace cupel {
namespace {

using testing::ElementsAre;
using Values = std::vector<double>;

TEST(ProfileMetrics, Errors) {
  const Values truth{1, 2, 3, 4};
  const Values predicted{1, 4, 3, 0};
  EXPECT_DOUBLE_EQ(profile::l2(truth, predicted), std::sqrt(20.0));
  EXPECT_DOUBLE_EQ(profile::mse(truth, predicted), 5.0);
  EXPECT_DOUBLE_EQ(profile::rmse(truth, predicted), std::sqrt(5.0));
  EXPECT_DOUBLE_EQ(profile::mae(truth, predicted), 1.5);
  EXPECT_DOUBLE_EQ(profile::unbiased_mse(truth, predicted, 1.0, 3.0), 4.0);
  EXPECT_TRUE(std::isnan(profile::l2({}, {})));
}

// The cases of scPertEval's own tests.
TEST(ProfileMetrics, ShareOfVariance) {
  const Values truth{2, 4, 6, 8};
  EXPECT_DOUBLE_EQ(profile::r2(truth, Values{-4, 2, 8, 14}), -3.0);
  EXPECT_NEAR(profile::r2(truth, Values{5, 5, 5, 5}), 0.0, 1e-15);
  EXPECT_DOUBLE_EQ(profile::weighted_r2(truth, Values{-4, 2, 8, 14}, Values{2, 2, 2, 2}), -3.0);
  // Only the first two genes count: centre 3, residual 0 + 4, total 2.
  EXPECT_DOUBLE_EQ(profile::weighted_r2(truth, Values{2, 2, 0, 0}, Values{1, 1, 0, 0}), -1.0);
  EXPECT_TRUE(std::isnan(profile::weighted_r2(truth, truth, Values{0, 0, 0, 0})));
  EXPECT_TRUE(std::isnan(profile::weighted_r2(truth, truth, Values{0, 1, 0, 0})));
}

TEST(ProfileMetrics, Weights) {
  EXPECT_DOUBLE_EQ(profile::weighted_mse(Values{0, 0}, Values{1, 3}, Values{3, 1}), 3.0);
  EXPECT_TRUE(std::isnan(profile::weighted_mse(Values{0, 0}, Values{1, 3}, Values{0, 0})));
  EXPECT_THAT(profile::score_weights(Values{-4, 2, NAN, 1}), ElementsAre(1.0, 0.25, 0.0, 0.0625));
  EXPECT_THAT(profile::score_weights(Values{-2, 2}), ElementsAre(1.0, 1.0));
  EXPECT_THAT(profile::score_weights(Values{0, NAN}), ElementsAre(0.0, 0.0));
}

TEST(ProfileMetrics, Correlations) {
  const Values control{1, 1, 1};
  const Values truth = change(Values{2, 3, 1}, control);
  EXPECT_THAT(truth, ElementsAre(1.0, 2.0, 0.0));
  EXPECT_DOUBLE_EQ(profile::pearson(truth, Values{3, 5, 1}), 1.0);
  EXPECT_DOUBLE_EQ(profile::spearman(truth, Values{0.1, 7, -9}), 1.0);
  EXPECT_DOUBLE_EQ(profile::cosine(truth, Values{0, 0, 3}), 0.0);
  EXPECT_NEAR(profile::cosine(truth, Values{-2, -4, 0}), -1.0, 1e-15);
  const Values zero{0, 0, 0};
  EXPECT_TRUE(std::isnan(profile::pearson(truth, zero)));
  EXPECT_TRUE(std::isnan(profile::cosine(truth, zero)));
  EXPECT_TRUE(std::isnan(profile::spearman(truth, Values{1, NAN, 2})));
}

TEST(ProfileMetrics, TopGenes) {
  const Values truth{0.1, -3, 2, NAN, 2};
  EXPECT_THAT(profile::top_genes(truth, 3), ElementsAre(1, 2, 4));
  EXPECT_EQ(profile::top_genes(truth, 99).back(), 3U);
  const Values predicted{5, -4, 0, 0, 3};
  EXPECT_DOUBLE_EQ(profile::top_jaccard(truth, predicted, 2), 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(profile::top_overlap(truth, predicted, 2), 0.5);
  EXPECT_TRUE(std::isnan(profile::top_jaccard(truth, predicted, 0)));
  EXPECT_DOUBLE_EQ(profile::direction_match(Values{1, -1, 0, 2}, Values{3, 1, 0, 0}), 0.5);
  EXPECT_THAT(select(truth, std::vector<std::uint32_t>{2, 0}), ElementsAre(2.0, 0.1));
}

}  // namespace
}  // namespace cupel

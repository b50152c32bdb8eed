// Comparisons over folds against SciPy, statsmodels and pingouin; see make_comparison.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "stat/repeated_measures.hpp"
#include "stat/studentized_range.hpp"
#include "stat/tests.hpp"

namespace cupel {
namespace {

const nlohmann::json& golden() {
  static const nlohmann::json kGolden = [] {
    std::ifstream file(CUPEL_TEST_DATA "/golden/stat/comparison.json");
    return nlohmann::json::parse(file);
  }();
  return kGolden;
}

void expect_close(double actual, const nlohmann::json& expected, double tolerance = 1e-10) {
  const double value = expected.get<double>();
  EXPECT_NEAR(actual, value, tolerance * std::max(1.0, std::abs(value)));
}

Matrix<double> scores_of(const nlohmann::json& item) {
  const auto& rows = item["scores"];
  Matrix<double> out(rows.size(), rows[0].size());
  for (std::size_t i = 0; i < out.rows; ++i) {
    for (std::size_t j = 0; j < out.cols; ++j) out(i, j) = rows[i][j].get<double>();
  }
  return out;
}

TEST(ComparisonGolden, StudentizedRangeEqualsSciPy) {
  for (const auto& item : golden()["studentized"]) {
    SCOPED_TRACE(item.dump());
    const auto k = item["k"].get<std::size_t>();
    const double cdf = studentized_range_cdf(item["q"].get<double>(), k, item["df"].get<double>());
    EXPECT_NEAR(cdf, item["cdf"].get<double>(), 1e-9);
  }
  for (const auto& item : golden()["quantiles"]) {
    SCOPED_TRACE(item.dump());
    expect_close(studentized_range_quantile(item["p"].get<double>(), item["k"].get<std::size_t>(),
                                            item["df"].get<double>()),
                 item["quantile"], 1e-8);
  }
}

TEST(ComparisonGolden, RepeatedMeasuresEqualStatsmodelsAndPingouin) {
  for (const auto& item : golden()["cases"]) {
    SCOPED_TRACE(item["name"].get<std::string>());
    const RepeatedMeasures anova = repeated_measures_anova(scores_of(item));
    expect_close(anova.f, item["f"]);
    expect_close(anova.degrees_of_freedom, item["df"]);
    expect_close(anova.degrees_of_freedom_error, item["df_error"]);
    expect_close(anova.p_value, item["p_value"]);
    expect_close(anova.mean_square_error, item["mse"]);
    expect_close(anova.epsilon, item["epsilon"]);
    if (!item["p_gg"].is_null()) expect_close(anova.p_value_greenhouse_geisser, item["p_gg"]);
  }
}

TEST(ComparisonGolden, TukeyOnTheErrorOfRepeatedMeasures) {
  for (const auto& item : golden()["cases"]) {
    SCOPED_TRACE(item["name"].get<std::string>());
    const Matrix<double> scores = scores_of(item);
    const auto pairs = tukey_hsd(scores, repeated_measures_anova(scores));
    ASSERT_EQ(pairs.size(), item["pairs"].size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto& expected = item["pairs"][i];
      EXPECT_EQ(pairs[i].first, expected["first"].get<std::size_t>());
      EXPECT_EQ(pairs[i].second, expected["second"].get<std::size_t>());
      expect_close(pairs[i].difference, expected["difference"]);
      expect_close(pairs[i].statistic, expected["q"]);
      expect_close(pairs[i].p_value, expected["p_value"], 1e-9);
      expect_close(pairs[i].low, expected["low"], 1e-9);
      expect_close(pairs[i].high, expected["high"], 1e-9);
      expect_close(pairs[i].effect_size, expected["effect_size"]);
    }
  }
}

TEST(ComparisonGolden, CorrectedTPairsEqualTheFormula) {
  for (const auto& item : golden()["cases"]) {
    SCOPED_TRACE(item["name"].get<std::string>());
    const auto pairs = corrected_t_pairs(scores_of(item), 0.25);
    std::vector<double> p_values;
    for (const auto& expected : item["pairs"]) p_values.push_back(expected["t_p"].get<double>());
    const auto adjusted = holm(p_values);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      expect_close(pairs[i].statistic, item["pairs"][i]["t"]);
      EXPECT_NEAR(pairs[i].p_value, adjusted[i], 1e-10);
    }
  }
}

TEST(ComparisonGolden, VariancesAndRanks) {
  for (const auto& item : golden()["cases"]) {
    SCOPED_TRACE(item["name"].get<std::string>());
    const Matrix<double> scores = scores_of(item);
    const VarianceCheck check = check_variances(scores);
    expect_close(check.levene.statistic, item["levene"][0]);
    expect_close(check.levene.p_value, item["levene"][1]);
    expect_close(check.ratio, item["variance_ratio"]);
    if (scores.cols < 3) continue;
    const RankComparison ranks = compare_ranks(scores, false);
    for (std::size_t i = 0; i < scores.cols; ++i) {
      for (std::size_t j = 0; j < scores.cols; ++j) {
        expect_close(ranks.conover_holm(i, j), item["conover_holm"][i][j]);
      }
    }
  }
}

}  // namespace
}  // namespace cupel

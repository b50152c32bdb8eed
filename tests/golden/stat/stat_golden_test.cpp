// Tests, intervals and fits against SciPy, statsmodels and scikit-posthocs; see make_stat.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "stat/interval.hpp"
#include "stat/power_law.hpp"
#include "stat/studentized_range.hpp"
#include "stat/tests.hpp"

namespace cupel {
namespace {

using Numbers = std::vector<double>;

const nlohmann::json& golden() {
  static const nlohmann::json kGolden = [] {
    std::ifstream file(CUPEL_TEST_DATA "/golden/stat/stat.json");
    return nlohmann::json::parse(file);
  }();
  return kGolden;
}

void expect_close(double actual, const nlohmann::json& expected, double tolerance = 1e-11) {
  const double value = expected.get<double>();
  EXPECT_NEAR(actual, value, tolerance * std::max(1.0, std::abs(value)));
}

Matrix<double> matrix_of(const nlohmann::json& rows) {
  Matrix<double> out(rows.size(), rows[0].size());
  for (std::size_t i = 0; i < out.rows; ++i) {
    for (std::size_t j = 0; j < out.cols; ++j) out(i, j) = rows[i][j].get<double>();
  }
  return out;
}

TEST(StatGolden, WilcoxonEqualsSciPy) {
  for (const auto& item : golden()["wilcoxon"]) {
    SCOPED_TRACE(item["name"].get<std::string>());
    const TestResult result = wilcoxon_signed_rank(item["differences"].get<Numbers>());
    expect_close(result.statistic, item["statistic"]);
    expect_close(result.p_value, item["p_value"]);
  }
}

TEST(StatGolden, TTestsEqualSciPy) {
  for (const auto& item : golden()["t_tests"]) {
    const auto differences = item["differences"].get<Numbers>();
    const TTest plain = paired_t_test(differences);
    expect_close(plain.statistic, item["statistic"]);
    expect_close(plain.p_value, item["p_value"]);
    expect_close(plain.low, item["low"]);
    expect_close(plain.high, item["high"]);
    const TTest corrected = corrected_cv_t_test(differences, item["ratio"].get<double>());
    expect_close(corrected.statistic, item["corrected"]);
    expect_close(corrected.p_value, item["corrected_p"]);
  }
}

TEST(StatGolden, AdjustedPValuesEqualStatsmodels) {
  const auto& item = golden()["adjusted"];
  const auto p_values = item["p_values"].get<Numbers>();
  const Numbers by_holm = holm(p_values);
  const Numbers by_bh = benjamini_hochberg(p_values);
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    expect_close(by_holm[i], item["holm"][i]);
    expect_close(by_bh[i], item["bh"][i]);
  }
}

TEST(StatGolden, FriedmanAndConoverEqualSciPyAndPosthocs) {
  for (const auto& item : golden()["ranks"]) {
    SCOPED_TRACE(item["name"].get<std::string>());
    const Matrix<double> scores = matrix_of(item["scores"]);
    const RankComparison out = compare_ranks(scores, false);
    expect_close(out.friedman.statistic, item["statistic"]);
    expect_close(out.friedman.p_value, item["p_value"]);
    for (std::size_t i = 0; i < scores.cols; ++i) {
      expect_close(out.average_rank[i], item["average_rank"][i]);
      for (std::size_t j = 0; j < scores.cols; ++j) {
        expect_close(out.conover(i, j), item["conover"][i][j]);
        expect_close(out.conover_holm(i, j), item["conover_holm"][i][j]);
      }
    }
  }
}

TEST(StatGolden, StudentizedRangeEqualsSciPy) {
  const auto& all = golden();
  for (const auto& item : all["studentized"]) {
    expect_close(
        studentized_range_quantile(item["probability"].get<double>(), item["k"].get<std::size_t>()),
        item["quantile"], 1e-9);
  }
  for (const auto& item : all["upper"]) {
    expect_close(studentized_range_upper(item["q"].get<double>(), item["k"].get<std::size_t>()),
                 item["upper"], 1e-11);
  }
}

TEST(StatGolden, BootstrapIntervalsEqualSciPy) {
  const auto& item = golden()["bca"];
  const auto draws = item["draws"].get<Numbers>();
  const auto jackknife = item["jackknife"].get<Numbers>();
  for (const auto& expected : item["intervals"]) {
    const double confidence = expected["confidence"].get<double>();
    const Interval bca =
        bca_interval(item["point"].get<double>(), draws, jackknife, {}, confidence);
    expect_close(bca.low, expected["low"]);
    expect_close(bca.high, expected["high"]);
    EXPECT_TRUE(bca.is_reliable);
    const Interval percentile = percentile_interval(draws, confidence);
    expect_close(percentile.low, expected["percentile"][0]);
    expect_close(percentile.high, expected["percentile"][1]);
  }
}

TEST(StatGolden, PowerLawEqualsLeastSquares) {
  const auto& item = golden()["power_law"];
  for (const auto& curve : item["curves"]) {
    const PowerLaw law =
        fit_power_law(item["sizes"].get<Numbers>(), curve["values"].get<Numbers>());
    EXPECT_LE(law.residual_sum, curve["residual_sum"].get<double>() * (1.0 + 1e-9));
    expect_close(law.b, curve["b"], 1e-5);
    expect_close(law.c, curve["c"], 1e-6);
    EXPECT_FALSE(law.at_bound);
  }
}

}  // namespace
}  // namespace cupel

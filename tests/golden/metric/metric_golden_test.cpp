// Metrics against scikit-learn and SciPy; the numbers come from make_metric.py.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "metric/groups.hpp"
#include "metric/metric.hpp"

namespace cupel {
namespace {

const nlohmann::json& golden() {
  static const nlohmann::json kGolden = [] {
    std::ifstream file(CUPEL_TEST_DATA "/golden/metric/metric.json");
    return nlohmann::json::parse(file);
  }();
  return kGolden;
}

void expect_value(double actual, const nlohmann::json& expected) {
  if (expected.is_null()) {
    EXPECT_TRUE(std::isnan(actual)) << actual;
  } else {
    const double value = expected.get<double>();
    EXPECT_NEAR(actual, value, 1e-12 * std::max(1.0, std::abs(value)));
  }
}

TEST(MetricGolden, EqualsScikitLearnAndSciPy) {
  std::size_t n_values = 0;
  for (const auto& item : golden()["cases"]) {
    const auto truth = item["truth"].get<std::vector<double>>();
    const auto prediction = item["prediction"].get<std::vector<double>>();
    for (const auto& [name, value] : item["values"].items()) {
      SCOPED_TRACE(name + " of case \"" + item["name"].get<std::string>() + "\"");
      expect_value(evaluate(name, truth, prediction), value);
      ++n_values;
    }
  }
  EXPECT_GE(n_values, 100U);
}

TEST(MetricGolden, GroupsEqualSciPyWithinEachGroup) {
  const auto& groups = golden()["groups"];
  const auto scores = evaluate_groups("spearman", groups["truth"].get<std::vector<double>>(),
                                      groups["prediction"].get<std::vector<double>>(),
                                      groups["code"].get<std::vector<std::uint32_t>>(), 40);
  const auto& expected = groups["spearman"];
  ASSERT_EQ(scores.size(), expected.size());
  for (std::size_t g = 0; g < scores.size(); ++g) {
    SCOPED_TRACE(g);
    EXPECT_EQ(scores[g].group, expected[g]["group"].get<std::uint32_t>());
    EXPECT_EQ(scores[g].n, expected[g]["n"].get<std::size_t>());
    expect_value(scores[g].value, expected[g]["value"]);
  }
}

}  // namespace
}  // namespace cupel

// Repeated cross-validation of one task in the report: Tukey's table over all folds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "base/random.hpp"
#include "contract.hpp"
#include "potency_results.hpp"
#include "report/json_sections.hpp"
#include "stat/repeated_measures.hpp"

namespace cupel {
namespace {

using detail::Json;
using testing::HasSubstr;

/// 5 x 5 folds of a split without tasks; `mine` and the look-up are close, the median is far off.
class FoldsJson : public testing::Test {
 protected:
  void SetUp() override {
    results_.tasks = {};
    results_.run.published.clear();
    results_.run.study.primary_metric = "rmse";
    SplitResult& split = results_.run.splits.front();
    split.name = "random";
    const Split fold = split.folds.front();
    split.folds.assign(25, fold);
    Rng rng(1, "folds");
    for (std::uint32_t f = 0; f < 25; ++f) {
      split.folds[f].task.clear();
      split.folds[f].fold = f % 5;
      split.folds[f].repeat = f / 5;
      const double hard = 0.1 * rng.normal();
      for (const auto& [name, base] : kMeans) {
        const double value = base + hard + 0.02 * rng.normal();
        values_[name].push_back(value);
        results_.scores.push_back({.split = "random",
                                   .fold = f,
                                   .predictor = name,
                                   .metric = "rmse",
                                   .group_kind = "all",
                                   .value = value,
                                   .n = 100});
      }
    }
  }

  const std::vector<std::pair<std::string, double>> kMeans{
      {"mine", 0.700}, {"knn_weighted", 0.705}, {"ecfp_forest", 0.75}, {"median", 1.2}};
  invented::PotencyArea area_;
  AuditResults results_ = invented::make_results(area_);
  std::map<std::string, std::vector<double>> values_;
};

TEST_F(FoldsJson, HasTheKeysOfThePage) {
  const contract::Interfaces interfaces(
      contract::read(std::filesystem::path(CUPEL_SOURCE_DIR) / "web/src/report_types.ts"));
  const Json section = detail::multiple_comparison_section(results_);
  ASSERT_EQ(section.size(), 1U);
  std::set<std::string> problems;
  compare(interfaces, {.name = "MultipleComparison"}, contract::Json::parse(section[0].dump()), "",
          problems);
  EXPECT_THAT(problems, testing::IsEmpty());
}

TEST_F(FoldsJson, IsTukeysTableOverAllFolds) {
  const Json all = detail::multiple_comparison_section(results_).at(0);
  EXPECT_EQ(all.at("n_folds"), 25);
  EXPECT_EQ(all.at("n_repeats"), 5);
  ASSERT_EQ(all.at("predictors").size(), 4U);
  Matrix<double> scores(25, 4);
  for (std::size_t k = 0; k < 4; ++k) {
    const std::string name = all.at("predictors")[k].at("predictor");
    for (std::size_t f = 0; f < 25; ++f) scores(f, k) = values_.at(name)[f];
    if (k > 0) {
      EXPECT_GE(all.at("predictors")[k].at("mean"), all.at("predictors")[k - 1].at("mean"));
    }
  }
  const RepeatedMeasures anova = repeated_measures_anova(scores);
  EXPECT_DOUBLE_EQ(all.at("f"), anova.f);
  EXPECT_DOUBLE_EQ(all.at("epsilon"), anova.epsilon);
  const auto pairs = tukey_hsd(scores, anova, 0.95);
  ASSERT_EQ(all.at("against_best").size(), 3U);
  for (std::size_t k = 1; k < 4; ++k) {
    const Json& one = all.at("against_best")[k - 1];
    EXPECT_EQ(one.at("predictor"), all.at("predictors")[k].at("predictor"));
    EXPECT_EQ(one.at("against"), all.at("best"));
    // Of an error: the mean of the best minus that of the other is a loss of the other.
    EXPECT_DOUBLE_EQ(one.at("difference"), pairs[k - 1].difference);
    EXPECT_LT(one.at("difference"), 0.0);
    EXPECT_DOUBLE_EQ(one.at("low"), pairs[k - 1].low);
    EXPECT_DOUBLE_EQ(one.at("high"), pairs[k - 1].high);
    EXPECT_DOUBLE_EQ(one.at("p_adjusted"), pairs[k - 1].p_value);
  }
}

TEST_F(FoldsJson, NamesTheLookUpAndWhatCannotBeToldFromTheBest) {
  for (auto& score : results_.scores) {  // the same numbers but for noise that says nothing
    if (score.predictor == "knn_weighted") {
      score.value = values_.at("mine")[score.fold] + (score.fold % 2 == 0 ? 0.01 : -0.009);
    }
  }
  const Json all = detail::multiple_comparison_section(results_).at(0);
  EXPECT_EQ(all.at("neighbour"), "knn_weighted");
  EXPECT_EQ(all.at("against_neighbour").size(), 3U);
  const std::string sentence = all.at("sentence");
  EXPECT_THAT(sentence, HasSubstr("Over 25 folds (5 repeats), My model has the best mean rmse"));
  EXPECT_THAT(sentence, HasSubstr("does not tell 5-NN, weighted by similarity from it"));
}

TEST_F(FoldsJson, FewFoldsOrTasksAreComparedElsewhere) {
  for (auto& fold : results_.run.splits.front().folds) fold.task = "A";
  EXPECT_EQ(detail::multiple_comparison_section(results_), Json::array());
  for (auto& fold : results_.run.splits.front().folds) fold.task = "";
  results_.run.splits.front().folds.resize(5);
  std::erase_if(results_.scores, [](const ScoreRow& score) { return score.fold >= 5; });
  EXPECT_EQ(detail::multiple_comparison_section(results_), Json::array());
}

}  // namespace
}  // namespace cupel

#include "verdict/pair_scores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "potency_fixture.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

StudyRun study(double model_sd, std::size_t n_assays = 6) {
  StudyRun run = toy::potency(n_assays, 90);
  toy::add_usual(run, model_sd);
  return run;
}

const PairScore& score_of(const PairComparison& all, const std::string& predictor) {
  return *std::ranges::find(all.scores, predictor, &PairScore::predictor);
}

// A study of one assay with four compounds, worked out by hand. y: a 5, b 8, c 6, d 7; a, b, c are
// tested, d trains; pairs (a, b) and (d, b), cliffs a, b, d.
StudyRun by_hand() {
  StudyRun run;
  run.area = &toy::potency_area();
  run.study.statistics.draws = 50;
  run.data.entities.push_back(
      {.name = "ligand", .ids = {"a", "b", "c", "d"}, .code_of_sample = {0, 1, 2, 3}});
  run.data.targets = Matrix<double>(4, 1);
  run.data.targets.values = {5, 8, 6, 7};
  run.data.pairs.push_back({.name = "cliff", .first = {0, 3}, .second = {1, 1}});
  SplitResult split{.name = "given", .rows = {0, 1, 2}, .fold = {0, 0, 0}, .fold_begin = {0, 3}};
  split.truth = {5, 8, 6};
  split.folds.resize(1);
  split.folds[0].role = {Role::test, Role::test, Role::test, Role::train};
  run.splits.push_back(split);
  return run;
}

void add_values(StudyRun& run, PredictorInfo info, std::vector<double> values) {
  run.splits[0].entries.push_back({.predictor = run.predictors.size(), .values = values});
  run.predictors.push_back(make_predictor(info, {}));
}

TEST(ComparePairs, NumbersByHand) {
  StudyRun run = by_hand();
  add_values(run, {.name = "right"}, {6, 7.5, 6});
  add_values(run, {.name = "tied"}, {6, 6, 7});
  add_values(run, {.name = "wrong"}, {7, 6.5, 6});
  const PairComparison all = compare_pairs(run, {});
  EXPECT_EQ(all.block, "cliff");
  const PairScore& right = score_of(all, "right");
  EXPECT_DOUBLE_EQ(right.rmse_cliff.value, std::sqrt((1.0 + 0.25) / 2.0));
  EXPECT_DOUBLE_EQ(right.rmse_noncliff.value, 0.0);
  EXPECT_DOUBLE_EQ(right.gap.value, right.rmse_cliff.value);
  EXPECT_DOUBLE_EQ(right.sign_accuracy.value, 1.0);
  EXPECT_DOUBLE_EQ(right.sign_accuracy_to_train.value, 1.0);  // 7.5 > 7, as 8 > 7
  EXPECT_EQ(right.n_cliff, 2U);
  EXPECT_EQ(right.n_noncliff, 1U);
  EXPECT_EQ(right.n_pairs, 1U);
  EXPECT_EQ(right.n_pairs_to_train, 1U);
  EXPECT_DOUBLE_EQ(score_of(all, "tied").sign_accuracy.value, 0.5);
  EXPECT_DOUBLE_EQ(score_of(all, "tied").sign_accuracy_to_train.value, 0.0);
  EXPECT_DOUBLE_EQ(score_of(all, "wrong").sign_accuracy.value, 0.0);
}

TEST(ComparePairs, TheLabelSaysWhichRowsAreCliffs) {
  StudyRun run = by_hand();
  add_values(run, {.name = "right"}, {6, 7.5, 6});
  run.data.sample_labels.push_back(
      {.name = "cliff", .levels = {"cliff", "noncliff"}, .code = {1, 0, 0, 1}});
  const PairScore score = compare_pairs(run, {}).scores.front();
  EXPECT_DOUBLE_EQ(score.rmse_cliff.value, std::sqrt(0.25 / 2.0));  // b and c
  EXPECT_DOUBLE_EQ(score.rmse_noncliff.value, 1.0);
}

TEST(ComparePairs, SeedsAreAveraged) {
  StudyRun run = by_hand();
  add_values(run, {.name = "right"}, {6, 7.5, 6});
  run.splits[0].entries.push_back({.predictor = 0, .seed = 1, .values = {7, 6.5, 6}});
  const PairScore score = compare_pairs(run, {}).scores.front();
  EXPECT_DOUBLE_EQ(score.sign_accuracy.value, 0.5);
  EXPECT_DOUBLE_EQ(score.rmse_cliff.value, 0.5 * (std::sqrt(0.625) + std::sqrt(3.125)));
}

TEST(ComparePairs, AModelThatBeatsCopyingInBothKnowsCliffs) {
  const PairComparison all = compare_pairs(study(0.2, 20), {});
  ASSERT_EQ(all.findings.size(), 1U);
  const Finding& finding = all.findings.front();
  EXPECT_EQ(finding.hypothesis, "activity_cliffs");
  EXPECT_EQ(finding.against, "copy");
  EXPECT_EQ(finding.metric, "rmse_cliff");
  EXPECT_EQ(finding.verdict, Verdict::learned);
  EXPECT_THAT(finding.sentence, HasSubstr("Model knows cliffs that Copy does not"));
  EXPECT_EQ(compare_pairs(study(1.6), {}).findings.front().verdict, Verdict::worse);
}

TEST(ComparePairs, ANeighbourOfCopyingLearnedNothing) {
  StudyRun run = study(0.2);
  run.splits[0].entries[2].values = run.splits[0].entries[1].values;  // the model is the copy
  const Finding finding = compare_pairs(run, {}).findings.front();
  EXPECT_DOUBLE_EQ(finding.estimate, 0.0);
  EXPECT_EQ(finding.verdict, Verdict::not_shown);
}

TEST(DecidePairs, BothErrorAndOrderMustGain) {
  const Finding gain{.estimate = 0.2, .low = 0.1, .high = 0.3, .margin = 0.02, .p_adjusted = 0.001};
  EXPECT_EQ(decide_pairs(gain, {0.1, 0.05, 0.15}, 0.95), Verdict::learned);
  EXPECT_EQ(decide_pairs(gain, {0.1, -0.05, 0.15}, 0.95), Verdict::cannot_tell);
  EXPECT_EQ(decide_pairs(gain, {-0.1, -0.15, -0.05}, 0.95), Verdict::not_shown);
  EXPECT_EQ(decide_pairs(gain, {}, 0.95), Verdict::cannot_tell);  // no pairs at all
  Finding none = gain;
  none.estimate = 0.005;
  none.low = -0.005;
  none.high = 0.015;
  EXPECT_EQ(decide_pairs(none, {0.1, 0.05, 0.15}, 0.95), Verdict::not_shown);
  Finding loss = gain;
  loss.estimate = -0.2;
  loss.low = -0.3;
  loss.high = -0.1;
  EXPECT_EQ(decide_pairs(loss, {0.1, 0.05, 0.15}, 0.95), Verdict::worse);
}

TEST(ComparePairs, WithoutTheNeighbourBaselineNothingIsTested) {
  StudyRun run = toy::potency(3, 60);
  toy::add_predictor(run, {.name = "model", .title = "Model", .is_model = true}, 0.2);
  const PairComparison all = compare_pairs(run, {});
  ASSERT_EQ(all.findings.size(), 1U);
  EXPECT_TRUE(all.findings[0].split.empty());
  EXPECT_THAT(all.findings[0].sentence, HasSubstr("No split"));
}

TEST(ComparePairs, RowsWithoutAPredictionLeaveBothSides) {
  StudyRun run = study(0.2);
  auto& values = run.splits[0].entries[2].values;
  for (std::size_t i = 0; i < values.size(); i += 3) values[i] = kUndefined;
  const PairComparison all = compare_pairs(run, {});
  EXPECT_EQ(score_of(all, "copy").n_cliff + score_of(all, "copy").n_noncliff, values.size());
  const std::size_t left = score_of(all, "model").n_cliff + score_of(all, "model").n_noncliff;
  EXPECT_EQ(left, values.size() - (values.size() + 2) / 3);
  EXPECT_FALSE(std::isnan(all.findings.front().estimate));
  EXPECT_EQ(all.findings.front().n_rows, score_of(all, "model").n_cliff);
}

TEST(ComparePairs, ShownPairsAreLargeTestedAndSpread) {
  const StudyRun run = study(0.2);
  const PairComparison all = compare_pairs(run, {});
  ASSERT_EQ(all.shown.size(), 12U);
  std::map<std::string, int> per_task;
  std::set<std::uint32_t> compounds;
  for (const auto& pair : all.shown) {
    ++per_task[pair.task];
    compounds.insert({pair.first, pair.second});
    EXPECT_GE(run.data.target(pair.first), run.data.target(pair.second));
    EXPECT_TRUE(pair.first_is_test || pair.second_is_test);
    EXPECT_EQ(pair.predictors, (std::vector<std::string>{"copy", "model"}));
    EXPECT_EQ(std::isnan(pair.predicted_first[0]), !pair.first_is_test);
    EXPECT_EQ(std::isnan(pair.predicted_second[1]), !pair.second_is_test);
  }
  EXPECT_EQ(compounds.size(), 24U);
  EXPECT_EQ(per_task.size(), 6U);
  for (const auto& [task, n] : per_task) EXPECT_EQ(n, 2);
}

TEST(ComparePairs, TheNumberOfThreadsChangesNothing) {
  const PairComparison one = compare_pairs(study(0.2), {.n_threads = 1});
  const PairComparison four = compare_pairs(study(0.2), {.n_threads = 4});
  for (std::size_t i = 0; i < one.scores.size(); ++i) {
    EXPECT_EQ(one.scores[i].sign_accuracy.low, four.scores[i].sign_accuracy.low);
    EXPECT_EQ(one.scores[i].rmse_cliff.high, four.scores[i].rmse_cliff.high);
  }
}

}  // namespace
}  // namespace cupel

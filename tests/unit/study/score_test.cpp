#include "study/score.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "model/function_predictor.hpp"

namespace cupel {
namespace {

// Two drugs, three lines; every number below is worked out by hand.
//            x      y      z            training means: all 4, drug a 2, drug b 6, x 3, y 5
//   drug a   1      3,4*   2*           (* = test row; the model has no prediction for 4*)
//   drug b   5,6*   7      8*
StudyRun tiny_study() {
  StudyRun run;
  run.study.binarise = {.rule = "threshold", .threshold = 7.0};
  run.data.entities.resize(2);
  run.data.entities[0] = {
      .name = "drug", .ids = {"a", "b"}, .code_of_sample = {0, 0, 1, 1, 0, 1, 0, 1}};
  run.data.entities[1] = {
      .name = "cell", .ids = {"x", "y", "z"}, .code_of_sample = {0, 1, 0, 1, 2, 2, 1, 0}};
  run.data.targets = Matrix<double>(8, 1);
  run.data.targets.values = {1, 3, 5, 7, 2, 8, 4, 6};
  run.predictors.push_back(make_predictor({.name = "model"}, {}));
  SplitResult split{.name = "mixed", .rows = {4, 5, 6, 7}, .fold_begin = {0, 4}};
  split.folds.resize(1);
  split.folds[0].role.assign(8, Role::train);
  for (const auto row : split.rows) {
    split.folds[0].role[row] = Role::test;
    split.truth.push_back(run.data.target(row));
  }
  split.entries.push_back({.predictor = 0, .seed = 5, .values = {3, 7, kUndefined, 6}});
  run.splits.push_back(std::move(split));
  return run;
}

const ScoreRow& find(const std::vector<ScoreRow>& scores, const std::string& metric,
                     const std::string& kind = "all", const std::string& group = "") {
  for (const auto& row : scores) {
    if (row.metric == metric && row.group_kind == kind && row.group == group) return row;
  }
  throw std::runtime_error("no score " + metric + " " + kind + " " + group);
}

TEST(ScoreRun, OverAllRowsWithAPrediction) {
  const auto scores = score_run(tiny_study(), {});
  EXPECT_DOUBLE_EQ(find(scores, "rmse").value, std::sqrt(2.0 / 3.0));
  EXPECT_DOUBLE_EQ(find(scores, "mae").value, 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(find(scores, "r2").value, 25.0 / 28.0);
  EXPECT_DOUBLE_EQ(find(scores, "spearman").value, 1.0);
  EXPECT_EQ(find(scores, "rmse").n, 3U);
  for (const auto& row : scores) {
    EXPECT_EQ(row.split + row.predictor, "mixedmodel");
    EXPECT_EQ(row.seed, 5U);
  }
}

TEST(ScoreRun, WithinGroupsAndOverThoseWithAValue) {
  const auto scores = score_run(tiny_study(), {});
  EXPECT_DOUBLE_EQ(find(scores, "r2", "drug", "b").value, 0.5);
  EXPECT_EQ(find(scores, "r2", "drug", "b").n, 2U);
  EXPECT_TRUE(std::isnan(find(scores, "r2", "drug", "a").value));  // one row
  EXPECT_DOUBLE_EQ(find(scores, "r2", "macro_drug").value, 0.5);
  EXPECT_EQ(find(scores, "r2", "macro_drug").n, 1U);
  EXPECT_DOUBLE_EQ(find(scores, "r2", "macro_cell").value, 8.0 / 9.0);
  EXPECT_THROW(find(scores, "r2", "cell", "y"), std::runtime_error);  // no row at all
}

TEST(ScoreRun, AfterWhatTrainingMeansKnow) {
  const auto scores = score_run(tiny_study(), {});
  EXPECT_DOUBLE_EQ(find(scores, "r2_minus_drug_mean").value, 0.25);
  EXPECT_DOUBLE_EQ(find(scores, "r2_minus_cell_mean").value, 28.0 / 31.0);  // z is unseen: 4
  EXPECT_NEAR(find(scores, "r2_minus_additive").value, 0.0, 1e-12);
  EXPECT_TRUE(std::isnan(find(scores, "pearson_minus_additive").value));  // constant residual
}

TEST(ScoreRun, WithinLevelsOfSampleLabelsAndTenfold) {
  StudyRun run = tiny_study();
  run.data.unit = "pIC50";
  run.data.sample_labels.push_back(
      {.name = "cliff", .levels = {"cliff", "noncliff"}, .code = {1, 1, 1, 1, 0, 0, 0, 1}});
  const auto scores = score_run(run, {});  // truth 2, 8, 4, 6; predictions 3, 7, none, 6
  EXPECT_DOUBLE_EQ(find(scores, "rmse_cliff").value, 1.0);
  EXPECT_EQ(find(scores, "rmse_cliff").n, 2U);
  EXPECT_DOUBLE_EQ(find(scores, "rmse_noncliff").value, 0.0);
  EXPECT_EQ(find(scores, "rmse_noncliff").n, 1U);
  EXPECT_DOUBLE_EQ(find(scores, "within_10_fold").value, 1.0);
  EXPECT_NEAR(find(scores, "within_2_fold").value, 1.0 / 3.0, 1e-15);
  run.data.unit = "ln uM";
  EXPECT_THROW(find(score_run(run, {}), "within_10_fold"), std::runtime_error);
}

TEST(ScoreRun, CompoundsOfATaskAreNoGroups) {
  StudyRun run = tiny_study();
  run.splits[0].folds[0].task = "assay 1";
  const auto scores = score_run(run, {});
  EXPECT_DOUBLE_EQ(find(scores, "rmse").value, std::sqrt(2.0 / 3.0));
  for (const auto& row : scores) {
    EXPECT_EQ(row.group_kind, "all");
    EXPECT_EQ(row.metric.find("_minus_"), std::string::npos) << row.metric;
  }
}

TEST(ScoreRun, OnTheBinarisedResponse) {
  StudyRun run = tiny_study();
  auto scores = score_run(run, {});
  EXPECT_DOUBLE_EQ(find(scores, "auroc").value, 1.0);
  EXPECT_DOUBLE_EQ(find(scores, "mcc").value, 1.0);
  run.splits[0].entries[0].values[3] = 7.5;  // the sensitive 6 is now called resistant: 1 of 2
  scores = score_run(run, {});
  EXPECT_DOUBLE_EQ(find(scores, "auroc").value, 0.5);
  EXPECT_DOUBLE_EQ(find(scores, "mcc").value, 0.5);
  run.study.binarise.rule = "none";
  EXPECT_THROW(find(score_run(run, {}), "auroc"), std::runtime_error);
}

TEST(ScoreRun, DoesNotDependOnTheNumberOfThreads) {
  const auto run = tiny_study();
  EXPECT_EQ(scores_csv(score_run(run, {})), scores_csv(score_run(run, {.n_threads = 4})));
}

TEST(ScoresCsv, KeepsUndefinedValuesAsEmptyCells) {
  const std::string csv = scores_csv({{.split = "a,b",
                                       .fold = 3,
                                       .seed = 9,
                                       .predictor = "p",
                                       .metric = "r2",
                                       .group_kind = "drug",
                                       .group = "d",
                                       .value = kUndefined,
                                       .n = 1}});
  EXPECT_EQ(csv,
            "split,fold,seed,predictor,metric,group_kind,group,value,n\n"
            "\"a,b\",3,9,p,r2,drug,d,,1\n");
}

}  // namespace
}  // namespace cupel

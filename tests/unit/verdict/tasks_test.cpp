#include "verdict/tasks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "potency_fixture.hpp"
#include "stat/tests.hpp"
#include "study/score.hpp"
#include "verdict/evidence.hpp"
#include "verdict/judge.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

StudyRun study(double model_sd, std::size_t n_assays = 12) {
  StudyRun run = toy::potency(n_assays, 60);
  toy::add_usual(run, model_sd);
  return run;
}

PublishedScores published(const std::string& name, std::vector<double> values) {
  return {.info = {.name = name, .title = name}, .split = "given", .values = {{"rmse", values}}};
}

const TaskTable& table_of(const TaskComparison& all, const std::string& metric) {
  return *std::ranges::find(all.tables, metric, &TaskTable::metric);
}

const TaskContrast& contrast_of(const TaskComparison& all, const std::string& model,
                                const std::string& hypothesis, const std::string& metric = "rmse") {
  return *std::ranges::find_if(all.contrasts, [&](const TaskContrast& contrast) {
    return contrast.model == model && contrast.hypothesis == hypothesis &&
           contrast.metric == metric;
  });
}

std::size_t row_of(const TaskTable& table, const std::string& name) {
  for (std::size_t p = 0; p < table.predictors.size(); ++p) {
    if (table.predictors[p].info.name == name) return p;
  }
  return table.predictors.size();
}

TEST(CompareTasks, TablesHoldTheScoresOfEveryTask) {
  const StudyRun run = study(0.4);
  const auto scores = score_run(run, {});
  const TaskComparison all = compare_tasks(run, scores, {});
  ASSERT_EQ(all.tables.size(), 3U);
  EXPECT_EQ(all.tables[0].metric, "rmse");
  EXPECT_EQ(all.tables[1].metric, "rmse_cliff");
  EXPECT_EQ(all.tables[2].metric, "rmse_noncliff");
  for (const auto& table : all.tables) {
    for (const auto& score : scores) {
      if (score.metric != table.metric) continue;
      EXPECT_DOUBLE_EQ(table.values(row_of(table, score.predictor), score.fold), score.value);
      EXPECT_EQ(table.n_test[score.fold], score.n);
    }
    for (std::size_t p = 0; p < table.predictors.size(); ++p) {
      double sum = 0.0;
      for (const double value : table.values.row(p)) sum += value;
      EXPECT_NEAR(table.predictors[p].mean, sum / 12.0, 1e-12);
      EXPECT_LT(table.predictors[p].low, table.predictors[p].mean);
      EXPECT_GT(table.predictors[p].high, table.predictors[p].mean);
    }
  }
}

TEST(CompareTasks, FoldsAndSeedsOfATaskAreAveraged) {
  StudyRun run = study(0.4, 4);
  run.splits[0].folds[1].task = run.splits[0].folds[0].task;  // two folds of one assay
  std::vector<ScoreRow> scores;
  for (std::uint32_t fold = 0; fold < 4; ++fold) {
    for (std::uint64_t seed = 0; seed < 2; ++seed) {
      scores.push_back({.split = "given",
                        .fold = fold,
                        .seed = seed,
                        .predictor = "model",
                        .metric = "rmse",
                        .group_kind = "all",
                        .value = 1.0 + fold + 0.5 * static_cast<double>(seed)});
    }
  }
  const TaskTable table = compare_tasks(run, scores, {}).tables.front();
  ASSERT_EQ(table.tasks.size(), 3U);
  EXPECT_DOUBLE_EQ(table.values(0, 0), 1.75);  // 1, 1.5, 2, 2.5
  EXPECT_DOUBLE_EQ(table.values(0, 1), 3.25);
}

TEST(CompareTasks, ABetterModelLearnedAndAWorseOneIsWorse) {
  const TaskComparison good = compare_tasks(study(0.3), score_run(study(0.3), {}), {});
  const TaskContrast& learned = contrast_of(good, "model", "more_than_copying");
  EXPECT_EQ(learned.against, "copy");
  EXPECT_EQ(learned.verdict, Verdict::learned);
  EXPECT_EQ(learned.n_better, 12U);
  EXPECT_GT(learned.low, 0.0);
  EXPECT_NEAR(learned.p_value, 2.0 / 4096.0, 1e-12);  // exact, all of one sign
  EXPECT_THAT(learned.sentence, HasSubstr("Model has the lower RMSE than Copy on 12 of 12 assays"));

  const TaskComparison bad = compare_tasks(study(1.2), score_run(study(1.2), {}), {});
  const TaskContrast& worse = contrast_of(bad, "model", "more_than_copying");
  EXPECT_EQ(worse.verdict, Verdict::worse);
  EXPECT_LT(worse.high, 0.0);
  EXPECT_THAT(worse.sentence, HasSubstr("Copy has the lower RMSE than Model on"));
}

TEST(CompareTasks, PublishedModelsAreComparedOnTheTasksTheyHave) {
  StudyRun run = study(0.3);
  const auto scores = score_run(run, {});
  const TaskTable before = table_of(compare_tasks(run, scores, {}), "rmse");
  std::vector<double> values;
  for (std::size_t t = 0; t < 12; ++t) {
    values.push_back(t < 2 ? kUndefined : before.values(row_of(before, "copy"), t) + 0.1);
  }
  run.published.push_back(published("AFP", values));
  run.published.push_back(published("of another split", values));
  run.published.back().split = "other";
  const TaskComparison all = compare_tasks(run, scores, {});
  const TaskTable& table = table_of(all, "rmse");
  ASSERT_EQ(table.predictors.size(), before.predictors.size() + 1);
  EXPECT_TRUE(table.predictors.back().is_published);
  // The area's information for models, so that the look-up is blind to what it claims.
  EXPECT_TRUE(table.predictors.back().info.sees.contains("ligand_graph"));
  const TaskContrast& beside = contrast_of(all, "AFP", "");
  EXPECT_EQ(beside.n_tasks, 10U);
  EXPECT_EQ(beside.n_worse, 10U);
  EXPECT_EQ(beside.n_better, 0U);
  EXPECT_NEAR(beside.difference, -0.1, 1e-12);
  EXPECT_TRUE(beside.is_published);
  const std::string summary = all.sentences.at(1);
  EXPECT_THAT(summary, HasSubstr("Copy has the lower RMSE than 1 of 1 published models on most "
                                 "assays: AFP on 10 of 10"));
}

TEST(CompareTasks, ModelsOfOneCountStandTogether) {
  StudyRun run = study(0.3);
  const auto scores = score_run(run, {});
  const TaskTable table = table_of(compare_tasks(run, scores, {}), "rmse");
  for (const auto& [name, n_better] :
       {std::pair{"A", 0}, std::pair{"C", 5}, std::pair{"B", 0}, std::pair{"D", 12}}) {
    std::vector<double> values;
    for (int t = 0; t < 12; ++t) {
      const double copy = table.values(row_of(table, "copy"), static_cast<std::size_t>(t));
      values.push_back(copy + (t < n_better ? -0.1 : 0.1));
    }
    run.published.push_back(published(name, values));
  }
  const TaskComparison all = compare_tasks(run, scores, {});
  EXPECT_EQ(all.sentences.at(1),
            "Copy has the lower RMSE than 3 of 4 published models on most assays: A, B on 12 of "
            "12; C on 7 of 12; D on 0 of 12.");
  // One model alone is not counted but compared.
  EXPECT_THAT(all.sentences.at(2), HasSubstr("Model has the lower RMSE than Copy on 12 of 12"));
  EXPECT_THAT(contrast_of(all, "model", "more_than_copying", "rmse_cliff").sentence,
              HasSubstr("RMSE on cliff compounds"));
}

TEST(CompareTasks, HolmCountsTheContrastsOfAMetric) {
  StudyRun run = study(0.3);
  const auto scores = score_run(run, {});
  const double alone =
      contrast_of(compare_tasks(run, scores, {}), "model", "more_than_copying").p_adjusted;
  for (int i = 0; i < 4; ++i) {
    run.published.push_back(published("p" + std::to_string(i), std::vector<double>(12, 0.8)));
  }
  const double among =
      contrast_of(compare_tasks(run, scores, {}), "model", "more_than_copying").p_adjusted;
  EXPECT_NEAR(among, 5.0 * alone, 1e-12);
}

TEST(CompareTasks, TheBarIsTheStrongestBlindBaseline) {
  StudyRun run = study(0.3);
  toy::add_predictor(
      run, {.name = "oracle", .rung = Rung::ceiling, .sees = {"targets"}, .is_oracle = true}, 0.01);
  toy::add_predictor(
      run, {.name = "graph_baseline", .rung = Rung::full, .sees = {"targets", "ligand_graph"}},
      0.05);
  const TaskComparison all = compare_tasks(run, score_run(run, {}), {});
  EXPECT_EQ(contrast_of(all, "model", "more_than_copying").against, "copy");
}

TEST(CompareTasks, NothingWithoutTasks) {
  StudyRun run = study(0.3, 4);
  for (auto& fold : run.splits[0].folds) fold.task.clear();
  const TaskComparison all = compare_tasks(run, score_run(run, {}), {});
  EXPECT_TRUE(all.tables.empty() && all.contrasts.empty() && all.sentences.empty());
}

TEST(CompareTasks, AModelIsNotJudgedOnWhatItDoesNotSee) {
  StudyRun run = study(0.4);
  toy::add_predictor(run,
                     {.name = "blind",
                      .title = "Blind",
                      .rung = Rung::model,
                      .sees = {"targets", "neighbours"},
                      .is_model = true},
                     0.2);
  const TaskComparison all = compare_tasks(run, score_run(run, {}), {});
  for (const auto& contrast : all.contrasts) {
    if (contrast.model != "blind") continue;
    EXPECT_EQ(contrast.hypothesis, "");
  }
  EXPECT_TRUE(std::ranges::any_of(
      all.contrasts, [](const TaskContrast& contrast) { return contrast.model == "blind"; }));
  const auto findings = judge(run, gather_evidence(run, {}), {});
  std::size_t n_tested = 0;
  for (const auto& finding : findings) {
    if (finding.predictor == "model" && !finding.split.empty()) ++n_tested;
    if (finding.predictor != "blind") continue;
    EXPECT_EQ(finding.verdict, Verdict::cannot_tell);
    EXPECT_EQ(finding.split, "");
    EXPECT_THAT(finding.sentence, HasSubstr("ligand_graph"));
  }
  EXPECT_GT(n_tested, 0U);
}

TEST(CompareTasks, EquivalentWithinTheMarginIsSaid) {
  StudyRun run = study(0.8);  // as wrong as the look-up
  run.study.margin = {.value = 0.2, .relative = false};
  const TaskComparison wide = compare_tasks(run, score_run(run, {}), {});
  const TaskContrast& same = contrast_of(wide, "model", "more_than_copying");
  EXPECT_TRUE(same.equivalent) << same.low << " " << same.high;
  EXPECT_THAT(same.sentence, HasSubstr("equivalent within the margin"));
  run.study.margin.value = 0.001;  // far below what twelve assays can tell
  const TaskComparison narrow = compare_tasks(run, score_run(run, {}), {});
  EXPECT_FALSE(contrast_of(narrow, "model", "more_than_copying").equivalent);
  EXPECT_THAT(contrast_of(narrow, "model", "more_than_copying").sentence,
              testing::Not(HasSubstr("equivalent")));
}

}  // namespace
}  // namespace cupel

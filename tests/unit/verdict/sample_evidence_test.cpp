// Evidence and verdicts where targets are vectors: hand-made numbers, undefined metrics, and models
// whose truth is known.
#include "verdict/sample_evidence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "profile_fixture.hpp"
#include "stat/interval.hpp"
#include "stat/moments.hpp"
#include "verdict/judge.hpp"

namespace cupel {
namespace {

constexpr std::size_t kL2 = 0;
const double kNaN = std::nan("");

const Hypothesis& main_hypothesis(const StudyRun& run) {
  return *std::ranges::find_if(run.area->hypotheses(), &Hypothesis::is_main);
}

const Finding* find(const std::vector<Finding>& findings, const std::string& model,
                    const std::string& hypothesis, const std::string& metric) {
  for (const auto& finding : findings) {
    if (finding.predictor == model && finding.hypothesis == hypothesis &&
        finding.metric == metric) {
      return &finding;
    }
  }
  return nullptr;
}

// Two baselines and a model whose metrics are set by hand.
StudyRun by_hand() {
  StudyRun run = toy::screen({.n_perturbations = 12, .n_folds = 2});
  toy::add_baselines(run);
  toy::add_predictor(
      run, {.name = "model", .rung = Rung::model, .sees = {"target_genes"}, .is_model = true},
      [&](std::uint32_t row, std::size_t g, std::uint32_t) { return run.data.targets(row, g); });
  const std::size_t n_metrics = run.area->sample_metrics().size();
  for (std::size_t e = 0; e < 3; ++e) {
    run.splits[0].entries[e].metrics = Matrix<double>(12, n_metrics, 0.5);
    for (std::size_t i = 0; i < 12; ++i) {
      run.splits[0].entries[e].metrics(i, kL2) =
          static_cast<double>(i) + 10.0 * (3.0 - static_cast<double>(e));
    }
  }
  return run;
}

TEST(SampleEvidence, IsTheMeanOverSamplesThenOverFolds) {
  const StudyRun run = by_hand();
  const auto evidence = gather_evidence(run, {});
  ASSERT_EQ(evidence.size(), 1U);
  // Folds hold 6 rows each: 0..5 and 6..11.
  EXPECT_DOUBLE_EQ(evidence[0].find("l2", 0)->point, 30.0 + 0.5 * (2.5 + 8.5));
  EXPECT_DOUBLE_EQ(evidence[0].find("l2", 2)->point, 10.0 + 0.5 * (2.5 + 8.5));
  EXPECT_EQ(evidence[0].unit, "perturbation");
  EXPECT_EQ(evidence[0].n_units, 12U);
  EXPECT_EQ(evidence[0].n_rows, 12U);
}

TEST(SampleEvidence, DrawsAreSharedByAllPredictors) {
  const StudyRun run = by_hand();
  const auto evidence = gather_evidence(run, {});
  const Sample gain = difference(*evidence[0].find("l2", 0), *evidence[0].find("l2", 2));
  EXPECT_DOUBLE_EQ(gain.point, 20.0);
  EXPECT_NEAR(standard_error(gain.draws), 0.0, 1e-12);  // the same samples in every draw
  EXPECT_GT(standard_error(evidence[0].find("l2", 0)->draws), 0.5);
  EXPECT_EQ(gain.jackknife_a.size(), 12U);
}

TEST(SampleEvidence, AMetricWithoutAValueIsNeverABar) {
  StudyRun run = by_hand();
  run.splits[0].entries[1].metrics(4, kL2) = kNaN;  // the stronger baseline, one sample
  const auto evidence = gather_evidence(run, {});
  EXPECT_TRUE(std::isnan(evidence[0].find("l2", 1)->point));
  EXPECT_FALSE(std::isnan(evidence[0].find("l2", 0)->point));
  const auto findings = judge(run, evidence, {});
  const Finding* finding = find(findings, "model", main_hypothesis(run).id, "l2");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->against, "no_change");
  EXPECT_DOUBLE_EQ(finding->estimate, 20.0);
}

TEST(SampleEvidence, SamplesWithoutAValueForAnybodyAreLeftOut) {
  StudyRun run = by_hand();
  for (auto& entry : run.splits[0].entries) entry.metrics(0, kL2) = kNaN;
  const auto evidence = gather_evidence(run, {});
  ASSERT_EQ(evidence.size(), 1U);
  EXPECT_DOUBLE_EQ(evidence[0].find("l2", 2)->point, 10.0 + 0.5 * (3.0 + 8.5));  // 1..5, 6..11
}

TEST(SampleEvidence, AModelIsComparedOnTheSamplesItHasAValueFor) {
  StudyRun run = by_hand();
  run.splits[0].entries[2].metrics(5, kL2) = kNaN;
  const auto evidence = gather_evidence(run, {});
  ASSERT_EQ(evidence.size(), 2U);
  EXPECT_EQ(evidence[1].n_rows, 11U);
  EXPECT_DOUBLE_EQ(evidence[1].find("l2", 2)->point, 10.0 + 0.5 * (2.0 + 8.5));
  EXPECT_DOUBLE_EQ(evidence[1].find("l2", 0)->point, 30.0 + 0.5 * (2.0 + 8.5));
}

TEST(SampleEvidence, AModelThatIsUndefinedEverywhereIsNotJudged) {
  StudyRun run = by_hand();
  for (std::size_t i = 0; i < 12; ++i) run.splits[0].entries[2].metrics(i, kL2) = kNaN;
  const auto findings = judge(run, gather_evidence(run, {}), {});
  const Finding* finding = find(findings, "model", main_hypothesis(run).id, "l2");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->verdict, Verdict::cannot_tell);
  EXPECT_TRUE(finding->split.empty());
}

TEST(SampleEvidence, FewContextsAreTakenAsGiven) {
  StudyRun run = toy::screen({.n_perturbations = 12, .n_contexts = 3});
  toy::add_baselines(run);
  run.splits[0].blind_to = {"context"};
  score_samples(run, {});
  EXPECT_EQ(gather_evidence(run, {})[0].unit, "perturbation");
  StudyRun many = toy::screen({.n_perturbations = 12, .n_contexts = 6});
  toy::add_baselines(many);
  many.splits[0].blind_to = {"context"};
  score_samples(many, {});
  EXPECT_EQ(gather_evidence(many, {})[0].unit, "context");
  many.splits[0].blind_to = {};
  const auto both = gather_evidence(many, {});
  EXPECT_EQ(both[0].unit, "perturbation and context");
  EXPECT_EQ(both[0].find("l2", 0)->jackknife_a.size(), 12U);
  EXPECT_EQ(both[0].find("l2", 0)->jackknife_b.size(), 6U);
}

TEST(SampleEvidence, IsTheSameForAnyNumberOfThreads) {
  StudyRun run = toy::screen({});
  toy::add_baselines(run);
  score_samples(run, {});
  const auto one = gather_evidence(run, {.n_threads = 1});
  const auto four = gather_evidence(run, {.n_threads = 4});
  EXPECT_EQ(one[0].find("mse", 1)->draws, four[0].find("mse", 1)->draws);
  EXPECT_EQ(one[0].find("mse", 1)->jackknife_a, four[0].find("mse", 1)->jackknife_a);
}

// What is known of the models: one knows every response up to noise, one the shared shift only.
TEST(PlantedTruth, TheSpecificResponseIsLearnedByTheModelThatKnowsIt) {
  StudyRun run = toy::screen({});
  toy::add_baselines(run);
  Rng rng(9, "planted");
  const PredictorInfo sees{
      .rung = Rung::model, .sees = {"target_genes", "control"}, .is_model = true};
  PredictorInfo knows = sees;
  knows.name = "knows_response";
  toy::add_predictor(run, knows, [&](std::uint32_t row, std::size_t g, std::uint32_t) {
    return run.data.targets(row, g) + 0.1 * rng.normal();
  });
  PredictorInfo mean = sees;
  mean.name = "knows_shift";
  std::vector<std::vector<double>> means;
  for (std::size_t f = 0; f < 3; ++f) means.push_back(toy::mean_change(run, f));
  toy::add_predictor(run, mean, [&](std::uint32_t row, std::size_t g, std::uint32_t fold) {
    return toy::control_of(run, row, g) + means[fold][g] + 0.005 * rng.normal();
  });
  score_samples(run, {});
  const std::string id = main_hypothesis(run).id;
  for (const char* metric : {"l2", "pearson_delta", "pearson_shift", "discrimination"}) {
    run.study.primary_metric = metric;
    const auto findings = judge(run, gather_evidence(run, {}), {});
    const Finding* learned = find(findings, "knows_response", id, metric);
    const Finding* not_shown = find(findings, "knows_shift", id, metric);
    ASSERT_NE(learned, nullptr) << metric;
    ASSERT_NE(not_shown, nullptr) << metric;
    EXPECT_EQ(not_shown->verdict == Verdict::learned, false) << metric;
    if (std::string_view(metric) == "pearson_shift") continue;  // its bar may be no change
    EXPECT_EQ(learned->verdict, Verdict::learned) << metric << ": " << learned->sentence;
    EXPECT_EQ(not_shown->verdict, Verdict::not_shown) << metric << ": " << not_shown->sentence;
  }
}

TEST(PlantedTruth, TheSharedShiftHasNoDirectionBeyondItself) {
  StudyRun run = toy::screen({});
  toy::add_baselines(run);
  score_samples(run, {});
  const auto evidence = gather_evidence(run, {});
  EXPECT_TRUE(std::isnan(evidence[0].find("pearson_shift", 1)->point));  // the mean itself
  EXPECT_TRUE(std::isnan(evidence[0].find("pearson_delta", 0)->point));  // no change
  EXPECT_GT(evidence[0].find("pearson_delta", 1)->point, 0.5);           // the shift scores high
  EXPECT_NEAR(evidence[0].find("discrimination", 0)->point, 0.5, 1e-12);
  EXPECT_NEAR(evidence[0].find("discrimination", 1)->point, 0.5, 0.2);
}

TEST(SampleScores, RowsAreMeansAndSamples) {
  StudyRun run = by_hand();
  run.splits[0].entries[0].metrics(3, kL2) = kNaN;
  const auto rows = sample_score_rows(run);
  const auto all = std::ranges::find_if(rows, [](const ScoreRow& row) {
    return row.predictor == "no_change" && row.metric == "l2" && row.group_kind == "all";
  });
  ASSERT_NE(all, rows.end());
  EXPECT_EQ(all->n, 5U);
  EXPECT_DOUBLE_EQ(all->value, 30.0 + (0.0 + 1.0 + 2.0 + 4.0 + 5.0) / 5.0);
  const auto n_samples = std::ranges::count_if(rows, [](const ScoreRow& row) {
    return row.predictor == "no_change" && row.metric == "l2" && row.group_kind == "perturbation";
  });
  EXPECT_EQ(n_samples, 12);
}

}  // namespace
}  // namespace cupel

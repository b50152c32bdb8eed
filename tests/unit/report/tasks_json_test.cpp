// Sections over assays, cliff pairs and distance, on an invented study; and that a study with one
// entity, thirty folds and tens of thousands of ligands stays compact.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "contract.hpp"
#include "potency_results.hpp"
#include "report/comparison_csv.hpp"
#include "report/json_sections.hpp"

namespace cupel {
namespace {

using contract::Interfaces;
using contract::read;
using detail::Json;
using testing::HasSubstr;
using testing::Not;

class TasksJson : public testing::Test {
 protected:
  // The keys of the page's contract, both ways; nothing is known of others.
  void expect_shape(const char* name, const Json& section) const {
    const Interfaces interfaces(
        read(std::filesystem::path(CUPEL_SOURCE_DIR) / "web/src/report_types.ts"));
    std::set<std::string> problems;
    compare(interfaces, {.name = name}, contract::Json::parse(section.dump()), name, problems);
    EXPECT_THAT(problems, testing::IsEmpty());
  }

  invented::PotencyArea area_;
  AuditResults results_ = invented::make_results(area_);
};

TEST_F(TasksJson, SectionsHaveTheKeysOfThePage) {
  const Json distances = detail::distances_section(results_);
  expect_shape("TaskSection", detail::tasks_section(results_));
  expect_shape("PairSection", detail::pairs_section(results_));
  ASSERT_EQ(distances.size(), 1U);
  expect_shape("DistanceSection", distances.at(0));
  expect_shape("DataSection", detail::data_section(results_));
  expect_shape("Ladder", detail::ladders_section(results_).at(0));
  expect_shape("SplitSection", detail::splits_section(results_).at(0));
  for (const auto& predictor : detail::predictors_section(results_)) {
    expect_shape("PredictorSection", predictor);
  }
}

TEST_F(TasksJson, WithoutTasksAndPairsThereIsNull) {
  const AuditResults empty;
  EXPECT_TRUE(detail::tasks_section(empty).is_null());
  EXPECT_TRUE(detail::pairs_section(empty).is_null());
  EXPECT_EQ(detail::distances_section(empty), Json::array());
}

TEST_F(TasksJson, ATableKeepsItsValuesAndWhatIsUndefined) {
  const Json table = detail::tasks_section(results_).at("tables").at(0);
  EXPECT_EQ(table.at("tasks").size(), invented::kAssays);
  const Json& last = table.at("predictors").at(7);
  EXPECT_EQ(last.at("is_published"), true);
  EXPECT_DOUBLE_EQ(last.at("values").at(0).get<double>(), 1.05);
  EXPECT_EQ(Json::parse(last.at("values").at(4).dump()), nullptr);
  EXPECT_EQ(detail::tasks_section(results_).at("neighbour"), "knn_weighted");
  EXPECT_EQ(detail::tasks_section(results_).at("task_title"), "assay");
}

TEST_F(TasksJson, APairHoldsBothMoleculesWithThePotentFirst) {
  const Json pairs = detail::pairs_section(results_);
  const Json& shown = pairs.at("shown").at(0);
  EXPECT_EQ(shown.at("first").at("id"), "L05");
  EXPECT_EQ(shown.at("first").at("text"), "C05");
  EXPECT_THAT(shown.at("second").at("svg").get<std::string>(), HasSubstr("<!-- 4 -->"));
  EXPECT_GT(shown.at("first").at("target"), shown.at("second").at("target"));
  EXPECT_EQ(shown.at("predictions").at(1).at("title"), "5-NN, weighted by similarity");
  EXPECT_EQ(pairs.at("shown").at(1).at("first").at("is_test"), false);
  EXPECT_THAT(pairs.at("rule").get<std::string>(), HasSubstr("moleculeace"));
}

TEST_F(TasksJson, AtMostTwelvePairsAreDrawn) {
  results_.pairs.shown.resize(40, results_.pairs.shown.front());
  EXPECT_EQ(detail::pairs_section(results_).at("shown").size(), 12U);
}

// The models' means over assays stand among the baselines', and say where they come from.
TEST_F(TasksJson, PublishedModelsStandOnTheLadder) {
  const Json ladder = detail::ladders_section(results_).at(0);
  EXPECT_EQ(ladder.at("over"), "assay");
  ASSERT_EQ(ladder.at("steps").size(), 8U);
  std::size_t n_published = 0;
  for (const auto& step : ladder.at("steps")) {
    if (step.at("is_published") == true) ++n_published;
    if (step.at("predictor") == "AFP_GRAPH") {
      EXPECT_NEAR(step.at("value").get<double>(), 0.7 + 0.3 + 0.02, 1e-12);
      EXPECT_LT(step.at("low").get<double>(), step.at("value").get<double>());
    }
  }
  EXPECT_EQ(n_published, 3U);
  EXPECT_EQ(ladder.at("steps").at(0).at("predictor"), "median");
}

TEST_F(TasksJson, RanksOverAssaysHoldPublishedModels) {
  for (const auto& predictor : results_.run.predictors) {
    for (std::uint32_t fold = 0; fold < invented::kAssays; ++fold) {
      results_.scores.push_back({.split = "given",
                                 .fold = fold,
                                 .predictor = predictor->info().name,
                                 .metric = "rmse",
                                 .group_kind = "all",
                                 .value = 0.5,
                                 .n = 2});
    }
  }
  const Json rankings = detail::rankings_section(results_);
  ASSERT_EQ(rankings.size(), 1U);
  std::set<std::string> names;
  for (const auto& rank : rankings.at(0).at("ranks")) names.insert(rank.at("predictor"));
  EXPECT_TRUE(names.contains("AFP_GRAPH"));
  EXPECT_FALSE(names.contains("LSTM_TOKENS")) << "has no value in one assay";
  EXPECT_EQ(rankings.at(0).at("n_blocks"), invented::kAssays);
  EXPECT_TRUE(detail::corrected_tests_section(results_).empty()) << "assays share no training rows";
}

TEST_F(TasksJson, DataOfOneLigandPerSampleSayNothingOfVarianceBetweenLigands) {
  const Json data = detail::data_section(results_);
  EXPECT_EQ(data.at("entities").at(0).at("features").at(0).at("n_features"), 2048U);
  double sum = 0.0;
  for (const auto& part : data.at("variance")) {
    EXPECT_THAT(part.at("component").get<std::string>(), Not(HasSubstr("ligand")));
    sum += part.at("share").get<double>();
  }
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_EQ(data.at("variance").size(), 2U);
}

TEST_F(TasksJson, EqualTargetsHaveAHistogram) {
  for (double& value : results_.run.data.targets.values) value = 6.0;
  const Json histogram = detail::data_section(results_).at("histogram");
  EXPECT_EQ(histogram.at("counts").at(0), results_.run.data.n_samples());
}

// Scores within single ligands, and macro means over the one assay of a fold, repeat what is there.
TEST_F(TasksJson, GroupsOfOneSampleAreLeftOut) {
  const auto add = [&](const char* kind, const char* group) {
    results_.scores.push_back({.split = "given",
                               .predictor = "median",
                               .metric = "rmse",
                               .group_kind = kind,
                               .group = group,
                               .value = 1.0,
                               .n = 1});
  };
  add("all", "");
  add("ligand", "L01");
  add("macro_ligand", "");
  add("assay", "CHEMBL0");
  add("macro_assay", "");
  const Json scores = detail::scores_section(results_);
  ASSERT_EQ(scores.size(), 1U);
  EXPECT_EQ(scores.at(0).at("group_kind"), "all");
  EXPECT_EQ(scores.at(0).at("n_undefined"), 0U);
  const Json groups = detail::groups_section(results_);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups.at(0).at("group_kind"), "assay");
}

TEST_F(TasksJson, WordsAreThoseOfTheData) {
  std::string text;
  for (const auto& item : explain(results_)) text += item.id + " " + item.text + "\n";
  for (const char* id :
       {"task_mean_given", "interpolation_given", "cliffs", "published", "untested"}) {
    EXPECT_THAT(text, HasSubstr(id));
  }
  for (const auto& paragraph : methods(results_).paragraphs) text += paragraph + "\n";
  const Summary summary = summarise(results_);
  for (const auto& sentence : summary.sentences) text += sentence + "\n";
  EXPECT_THAT(text, HasSubstr("30 values of 30 ligands in 5 assays"));
  EXPECT_THAT(text, HasSubstr("3 models take part with the scores"));
  EXPECT_THAT(text, HasSubstr("beats 3 of 3 published models"));
  EXPECT_THAT(text, HasSubstr("within an assay"));
  for (const char* alien : {"drug", "cell line", "cell_", "line mean"}) {
    EXPECT_THAT(text, Not(HasSubstr(alien)));
  }
  EXPECT_EQ(summary.models.size(), 4U) << "one model, three published";
}

TEST_F(TasksJson, VerdictsOverAssaysOnPublishedModelsAreFindings) {
  const auto findings = published_findings(results_);
  ASSERT_EQ(findings.size(), 1U) << "the model with predictions has findings of its own";
  EXPECT_EQ(findings[0].predictor, "AFP_GRAPH");
  EXPECT_EQ(findings[0].unit, "assay");
  EXPECT_EQ(findings[0].n_units, invented::kAssays);
  EXPECT_EQ(findings[0].verdict, Verdict::worse);
  EXPECT_TRUE(is_primary(results_, findings[0]));
}

TEST_F(TasksJson, APublishedModelTakesOneLine) {
  results_.findings = published_findings(results_);
  std::string text;
  for (const auto& model : summarise(results_).models) {
    text += published_brief(results_, model) + "\n";
  }
  EXPECT_EQ(
      text,
      "\nSVM ECFP (published): not compared\nAFP graph (published): worse than 5-NN, weighted by "
      "similarity on 5 of 5 assays; worse beyond_neighbours\nLSTM <tokens> (published): not "
      "compared\n")
      << "a model with predictions has none; without a contrast there is nothing to say";
}

// The main question leads although another test is passed by fewer; published models count.
TEST_F(TasksJson, TheHeadlineCountsModelsOnTheMainQuestion) {
  const auto add = [&](const char* model, const char* hypothesis, double gain) {
    results_.findings.push_back({.hypothesis = hypothesis,
                                 .predictor = model,
                                 .against = "knn_weighted",
                                 .split = "given",
                                 .metric = "rmse",
                                 .estimate = gain,
                                 .verdict = gain > 0.0 ? Verdict::learned : Verdict::worse});
  };
  results_.run.study.primary_metric = "rmse";
  add("mine", "beyond_size", -0.1);
  add("mine", "beyond_neighbours", 0.1);
  EXPECT_THAT(summarise(results_).headline,
              HasSubstr("My model has been shown to have learned more "
                        "than neighbours (given split)."));
  add("AFP_GRAPH", "beyond_neighbours", -0.1);
  add("SVM_ECFP", "beyond_neighbours", 0.2);
  const Summary summary = summarise(results_);
  EXPECT_EQ(summary.headline,
            "2 of 3 models (2 by their published scores) have been shown to have learned more than "
            "neighbours (given split): SVM ECFP, My model.");
  EXPECT_EQ(summary.sentences.front(),
            "More than size: not shown (given, against 5-NN, weighted by similarity).");
  EXPECT_EQ(summary.models.front().sentence,
            "Learned: more than neighbours; worse than a blind baseline: more than size.");
  results_.findings.resize(1);
  results_.findings.back().hypothesis = "beyond_neighbours";
  EXPECT_THAT(summarise(results_).headline, HasSubstr("My model has not been shown"));
  add("AFP_GRAPH", "beyond_neighbours", -0.1);
  EXPECT_THAT(summarise(results_).headline, testing::StartsWith("None of the 2 models (1 by"));
}

TEST_F(TasksJson, OneModelHasItsVerdictsAsTheHeadline) {
  results_.run.published.clear();
  results_.findings = {{.hypothesis = "beyond_neighbours",
                        .predictor = "mine",
                        .against = "knn_weighted",
                        .split = "given",
                        .metric = results_.run.study.primary_metric,
                        .verdict = Verdict::learned},
                       {.hypothesis = "beyond_neighbours",
                        .predictor = "mine",
                        .against = "knn_weighted",
                        .split = "far",
                        .metric = results_.run.study.primary_metric,
                        .verdict = Verdict::not_shown}};
  const Summary summary = summarise(results_);
  EXPECT_EQ(
      summary.headline,
      "My model. Learned: more than neighbours (given); not shown: more than neighbours (far).");
  EXPECT_EQ(summary.sentences.front(),
            "More than neighbours: shown (given, against 5-NN, weighted by similarity); not shown "
            "(far, against 5-NN, weighted by similarity).");
}

TEST_F(TasksJson, AtMostEightSentencesAndTheLastSaysThatNoiseIsUnknown) {
  results_.tasks.sentences.assign(5, "x");
  results_.distances.assign(20, results_.distances.front());
  const auto sentences = summarise(results_).sentences;
  EXPECT_EQ(sentences.size(), 8U);
  EXPECT_THAT(sentences.back(), HasSubstr("too few repeated measurements"));
}

TEST_F(TasksJson, MetricsWithinLevelsAreNamedInWords) {
  results_.run.data.sample_labels.push_back({.name = "cliff", .levels = {"cliff", "noncliff"}});
  std::string titles;
  for (const auto& metric : detail::metrics_section(results_)) {
    titles += metric.at("title").get<std::string>() + "; ";
  }
  EXPECT_THAT(titles, HasSubstr("RMSE on cliff compounds;"));
}

TEST_F(TasksJson, LongListsStayInTheSection) {
  results_.tasks.sentences = {"5-NN beats 24 of 24 models: " + std::string(300, 'x')};
  const auto sentences = summarise(results_).sentences;
  EXPECT_THAT(sentences, testing::Contains("5-NN beats 24 of 24 models."));
}

TEST_F(TasksJson, AScaffoldSplitIsNotAskedForAScaffoldSplit) {
  const auto text_of = [&] {
    std::string text;
    for (const auto& item : explain(results_)) text += item.text + "\n";
    return text;
  };
  EXPECT_THAT(text_of(), HasSubstr("add a scaffold split"));
  results_.run.splits.front().folds.front().scheme = "scaffold";
  EXPECT_THAT(text_of(), Not(HasSubstr("add a scaffold split")));
  EXPECT_THAT(text_of(), HasSubstr("The test scaffolds are not in training"));
}

TEST_F(TasksJson, AFarSplitIsNotCalledInterpolation) {
  results_.distances.front().median = 0.3;
  std::string text;
  for (const auto& item : explain(results_)) text += item.title + " " + item.text + "\n";
  EXPECT_THAT(text, Not(HasSubstr("asks for interpolation")));
  EXPECT_THAT(text, HasSubstr("copying neighbours has little to copy"));
}

TEST_F(TasksJson, TablesAsCsv) {
  const std::string tasks = tasks_csv(results_.tasks);
  EXPECT_THAT(tasks, testing::StartsWith("split,metric,task,predictor,published,value,n_test\n"
                                         "given,rmse,CHEMBL0,mine,false,0.7,2\n"));
  EXPECT_THAT(tasks, HasSubstr("\ngiven,rmse,CHEMBL4,LSTM_TOKENS,true,,2\n"));
  EXPECT_EQ(std::count(tasks.begin(), tasks.end(), '\n'), 1 + 2 * 8 * 5);
  const std::string pairs = pairs_csv(results_.pairs);
  EXPECT_THAT(pairs, HasSubstr("\ngiven,mine,0.9,0.8,1,"));
  EXPECT_THAT(pairs, HasSubstr(",,,,3,7,1,1\n")) << "no sign accuracy to training is empty";
  const std::string distances = distances_csv(results_.distances);
  EXPECT_THAT(distances, HasSubstr("\ngiven,mine,bin,0.2,0.6,2,0.9,0.8,1,"));
  EXPECT_THAT(distances, HasSubstr("\ngiven,knn_weighted,smooth,0.9,0.9,,0.6,0.5,0.7,,,\n"));
}

}  // namespace
}  // namespace cupel

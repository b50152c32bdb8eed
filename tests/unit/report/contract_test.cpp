// The engine's report.json against the page's web/src/report_types.ts: the same keys, both ways.
#include "contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "area/drug_response/simulate.hpp"
#include "report/audit.hpp"
#include "study/study_parse.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

using contract::Interfaces;
using contract::read;

class ReportContract : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_contract_" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(ReportContract, EngineAndPageKnowTheSameKeys) {
  const Interfaces interfaces(read(fs::path(CUPEL_SOURCE_DIR) / "web/src/report_types.ts"));
  const auto file = simulate_drug_response(
      folder_, {.n_drugs = 12, .n_cells = 40, .n_genes = 10, .n_tissues = 4, .n_folds = 2}, {});
  Study study = read_study(file);
  study.statistics.draws = 50;
  study.default_baselines = false;
  study.baselines = {{.name = "drug_mean"}, {.name = "additive"}};
  study.models.push_back({.name = "ridge", .kind = ModelKind::reference, .reference = "ridge"});
  study.twins.draws = 1;
  study.learning_curve.sizes = 4;
  study.learning_curve.repeats = 1;
  SplitSpec series{.name = "overlap_cell", .scheme = "overlap", .repeats = 1};
  series.overlap = {.entity = "cell", .levels = 2};
  study.splits.push_back(series);
  const auto outcome = audit(
      study, {.out = folder_ / "report", .command_line = "cupel audit", .study_text = "x"}, {});
  const Json report = Json::parse(read(outcome.report_json));
  std::set<std::string> problems;
  compare(interfaces, {.name = "Report"}, report, "", problems);
  EXPECT_THAT(problems, testing::IsEmpty());
  // What this study cannot show stays unchecked; all else has to be seen.
  for (const char* section :
       {"findings", "ladders", "rankings", "corrected_tests", "twins", "learning_curves",
        "explanations", "scores", "groups", "splits", "spectra"}) {
    EXPECT_FALSE(report.at(section).empty()) << section;
  }
}

// A series over cell lines tests whether their features are used, for the model that was trained
// anew on it and for no other; who sees the features is drawn, but is no bar.
TEST_F(ReportContract, ASeriesIsAFindingOfItsHypothesis) {
  const auto file = simulate_drug_response(
      folder_, {.n_drugs = 12, .n_cells = 40, .n_genes = 10, .n_tissues = 4, .n_folds = 2}, {});
  Study study = read_study(file);
  SplitSpec series{.name = "overlap_cell", .scheme = "overlap", .repeats = 2};
  series.overlap = {.entity = "cell", .levels = 3};
  study.splits = {series};
  study.statistics.draws = 50;
  study.default_baselines = false;
  study.baselines = {{.name = "drug_mean"}, {.name = "knn_cell"}};
  study.models = {{.name = "ridge", .kind = ModelKind::reference, .reference = "ridge"}};
  const auto outcome = audit(
      study, {.out = folder_ / "report", .command_line = "cupel audit", .study_text = "x"}, {});
  const Json report = Json::parse(read(outcome.report_json));
  std::size_t n_found = 0;
  for (const auto& finding : report.at("findings")) {
    if (finding.at("hypothesis") != "cell_features") continue;
    ++n_found;
    EXPECT_EQ(finding.at("metric"), "auspc_rmse");
    EXPECT_EQ(finding.at("split"), "overlap_cell");
    EXPECT_EQ(finding.at("predictor"), "ridge");
    EXPECT_EQ(finding.at("against"), "drug_mean");
    EXPECT_EQ(finding.at("unit"), "cell");
    EXPECT_FALSE(finding.at("sentence").get<std::string>().empty());
  }
  EXPECT_EQ(n_found, 1U);
  const Json& spectrum = report.at("spectra").at(0);
  std::map<std::string, bool> may_be_bar;
  for (const auto& curve : spectrum.at("curves")) {
    may_be_bar[curve.at("predictor")] = curve.at("may_be_bar");
    EXPECT_EQ(curve.at("control").size(), 3U) << curve.at("predictor");
  }
  EXPECT_TRUE(may_be_bar.at("drug_mean"));
  EXPECT_FALSE(may_be_bar.at("knn_cell"));
  EXPECT_FALSE(may_be_bar.at("nearest_cell"));
  EXPECT_TRUE(spectrum.at("monotonicity").at("is_falling"));
  EXPECT_LT(spectrum.at("monotonicity").at("spearman").get<double>(), -0.9);
  for (const auto& level : spectrum.at("levels")) {
    EXPECT_EQ(level.at("n_test"), 8.0) << "items, not rows";
    EXPECT_EQ(level.at("n_train"), 20.0);
  }
  EXPECT_FALSE(spectrum.at("worst_pairs").empty());
  bool is_said = false;
  for (const auto& sentence : report.at("summary").at("sentences")) {
    is_said = is_said || sentence.get<std::string>().find("AUSPC") != std::string::npos;
  }
  EXPECT_TRUE(is_said);
}

}  // namespace
}  // namespace cupel

// The engine's report.json against the page's web/src/report_types.ts: the same keys, both ways.
#include "contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
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

}  // namespace
}  // namespace cupel

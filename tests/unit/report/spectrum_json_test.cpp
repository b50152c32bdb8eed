// The spectra of report.json and of `cupel spectra` against web/src/report_types.ts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "contract.hpp"
#include "report/json_spectrum.hpp"
#include "report/report_page.hpp"
#include "report/spectrum_page.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Two levels, the second without a control; a model, the bar, and a predictor without a value.
Spectrum small_spectrum() {
  Spectrum spectrum;
  spectrum.input = {.name = "overlap_drug",
                    .title = "Overlap over drugs",
                    .mode = "retrain",
                    .entity = "drug",
                    .parameter_title = "overlap level",
                    .similarity = "ecfp-tanimoto",
                    .similarity_parameters = "radius 2, 2048 bits",
                    .predictors = {{.name = "net", .title = "Net", .is_model = true},
                                   {.name = "drug_mean", .title = "Drug mean", .rung = Rung::means},
                                   {.name = "copy",
                                    .title = "Copy",
                                    .may_be_bar = false,
                                    .copies_nearest = true}},
                    .worst_pairs = {{.parameter = 0.9,
                                     .test = "CCO",
                                     .train = "CC\xFFN",
                                     .similarity = 0.875,
                                     .test_target = 1.5}}};
  spectrum.options = {.metric = "rmse", .axis = SpectrumAxis::novelty, .n_draws = 77};
  spectrum.x_low = 0.1;
  spectrum.x_high = 2.0 / 3.0;
  spectrum.is_partial = true;
  spectrum.levels = {
      {.parameter = 0.9,
       .x = 0.1,
       .n_repeats = 3,
       .n_train = 100.5,
       .n_test = 25,
       .overlap = {.n_train = 100, .n_test = 25, .threshold = 0.4, .nearest_histogram = {1, 24}},
       .control_overlap = {.n_train = 100, .n_test = 25, .nearest_mean = 0.5}},
      {.parameter = 0.1, .x = 2.0 / 3.0, .n_repeats = 3}};
  const Estimate one{.value = 1.23456789, .low = 1.0, .high = 1.5};
  spectrum.curves = {{.predictor = 0,
                      .points = {one, {}},
                      .control = {one, {}},
                      .auspc = one,
                      .auspc_se = 0.01,
                      .is_complete = false},
                     {.predictor = 1, .points = {one, one}},
                     {.predictor = 2, .points = {{}, {}}}};
  spectrum.contrasts = {
      {.model = 0, .against = 1, .is_bar = true, .verdict = Verdict::not_shown, .sentence = "a"},
      {.model = 0, .against = 99, .is_pointwise = true},
      {.model = 0, .against = 2, .is_nearest = true, .verdict = Verdict::worse}};
  spectrum.contrasts[0].levels = {one, {}};
  spectrum.falls = {{.predictor = 0, .from_level = 0, .to_level = 1, .total = one}};
  spectrum.n_rows_dropped = 4;
  spectrum.monotonicity = {.spearman = -1.0, .is_falling = true, .sentence = "It falls."};
  spectrum.sentences = {"First.", "Second."};
  return spectrum;
}

class SpectrumReportFile : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_.parent_path()); }
  Json written() const { return Json::parse(contract::read(folder_ / "spectrum.json")); }
  fs::path folder_ =
      fs::temp_directory_path() / ("cupel_spectrum_" + std::to_string(getpid())) / "new" / "out";
  SpectrumReport report_{
      .title = "Two levels", .command_line = "cupel spectra x", .data_lines = {"25 rows"}};
};

TEST_F(SpectrumReportFile, EngineAndPageKnowTheSameKeys) {
  write_spectrum_report(folder_, report_, {small_spectrum()});
  const contract::Interfaces interfaces(
      contract::read(fs::path(CUPEL_SOURCE_DIR) / "web/src/report_types.ts"));
  std::set<std::string> problems;
  compare(interfaces, {.name = "SpectrumReport"}, written(), "", problems);
  EXPECT_THAT(problems, testing::IsEmpty());
}

TEST_F(SpectrumReportFile, HoldsWhatWasGiven) {
  write_spectrum_report(folder_, report_, {small_spectrum(), {}});
  const Json json = written();
  EXPECT_EQ(json.at("schema"), "cupel-spectrum");
  EXPECT_EQ(json.at("schema_version"), 1);
  EXPECT_EQ(json.at("title"), "Two levels");
  EXPECT_EQ(json.at("command"), "cupel spectra x");
  EXPECT_EQ(json.at("data"), Json::array({"25 rows"}));
  EXPECT_EQ(json.at("spectra").size(), 2U);
  EXPECT_EQ(fs::exists(folder_ / "report.html"), has_report_page());
}

TEST_F(SpectrumReportFile, AFileInThePlaceOfTheFolderIsAnError) {
  fs::create_directories(folder_.parent_path());
  write_spectrum_report(folder_, report_, {});
  EXPECT_ANY_THROW(write_spectrum_report(folder_ / "spectrum.json", report_, {}));
}

TEST(SpectrumJson, UndefinedIsNullAndNamesReplaceIndices) {
  const Json all = Json::parse(detail::spectra_json({small_spectrum()})
                                   .dump(-1, ' ', false, Json::error_handler_t::replace));
  const Json& spectrum = all.at(0);
  EXPECT_EQ(spectrum.at("axis"), "novelty");
  EXPECT_EQ(spectrum.at("metric_title"), "RMSE");
  EXPECT_EQ(spectrum.at("draws"), 77);
  EXPECT_TRUE(spectrum.at("is_partial"));
  EXPECT_TRUE(spectrum.at("null_p99").is_null());
  EXPECT_EQ(spectrum.at("x_high"), 0.6666667);  // seven digits

  const Json& levels = spectrum.at("levels");
  EXPECT_EQ(levels.at(0).at("n_train"), 100.5);
  EXPECT_EQ(levels.at(0).at("overlap").at("nearest_histogram"), Json::array({1, 24}));
  EXPECT_TRUE(levels.at(0).at("overlap").at("nearest_mean").is_null());
  EXPECT_EQ(levels.at(0).at("control_overlap").at("nearest_mean"), 0.5);
  EXPECT_TRUE(levels.at(1).at("control_overlap").is_null());

  const Json& curves = spectrum.at("curves");
  EXPECT_EQ(curves.at(0).at("predictor"), "net");
  EXPECT_TRUE(curves.at(0).at("is_model"));
  EXPECT_FALSE(curves.at(0).at("is_complete"));
  EXPECT_EQ(curves.at(0).at("points").at(0).at("value"), 1.234568);
  EXPECT_TRUE(curves.at(0).at("points").at(1).at("value").is_null());
  EXPECT_EQ(curves.at(1).at("rung"), "means");
  EXPECT_TRUE(curves.at(1).at("control").empty());
  EXPECT_FALSE(curves.at(2).at("may_be_bar"));

  const Json& contrasts = spectrum.at("contrasts");
  EXPECT_EQ(contrasts.at(0).at("against"), "drug_mean");
  EXPECT_EQ(contrasts.at(0).at("verdict"), "not shown");
  EXPECT_EQ(contrasts.at(1).at("against"), "");
  EXPECT_EQ(contrasts.at(2).at("against"), "copy");

  EXPECT_EQ(contrasts.at(0).at("levels").at(0).at("high"), 1.5);
  EXPECT_TRUE(contrasts.at(0).at("levels").at(1).at("value").is_null());
  EXPECT_TRUE(curves.at(2).at("copies_nearest"));

  const Json& fall = spectrum.at("falls").at(0);
  EXPECT_EQ(fall.at("predictor"), "net");
  EXPECT_EQ(fall.at("from"), 0.9);
  EXPECT_EQ(fall.at("to"), 0.1);
  EXPECT_TRUE(fall.at("by_overlap").at("value").is_null());
  EXPECT_EQ(spectrum.at("n_rows_dropped"), 4);

  const Json& pair = spectrum.at("worst_pairs").at(0);
  EXPECT_EQ(pair.at("test_target"), 1.5);
  EXPECT_TRUE(pair.at("train_target").is_null());
}

}  // namespace
}  // namespace cupel

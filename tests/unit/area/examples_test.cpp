// The example studies are valid, and the simulated study is too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "area/drug_response/simulate.hpp"
#include "study/spectrum_study.hpp"
#include "study/study_parse.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
const fs::path kExamples = fs::path(CUPEL_SOURCE_DIR) / "examples";

TEST(Examples, AreValidStudies) {
  std::size_t n = 0;
  for (const auto& file : fs::directory_iterator(kExamples)) {
    if (file.path().extension() != ".yaml") continue;
    if (file.path().filename().string().starts_with("spectra_")) {
      EXPECT_NO_THROW(read_spectrum_study(file.path())) << file.path();
    } else {
      EXPECT_NO_THROW(read_study(file.path())) << file.path();
    }
    ++n;
  }
  EXPECT_GE(n, 8U);
}

TEST(Examples, Gdsc2PublishedAuditsTenRuns) {
  const Study study = read_study(kExamples / "gdsc2_published.yaml");
  EXPECT_EQ(study.models.size(), 10U);
  EXPECT_EQ(study.splits.at(0).fold_column, "fold_mixed");
  std::size_t selected_on_test = 0;
  for (const auto& model : study.models) {
    EXPECT_EQ(model.column, model.name);
    if (model.selected_on == "test") ++selected_on_test;
    if (model.name != "PASO_GEP") continue;
    EXPECT_DOUBLE_EQ(model.claims.at(0).value, 0.877493);
    EXPECT_EQ(model.claims.at(0).fold, 0U);
  }
  EXPECT_EQ(selected_on_test, 5U);
}

TEST(Examples, TheSimulatedStudyIsValid) {
  const auto folder = fs::temp_directory_path() / ("cupel_example_" + std::to_string(getpid()));
  const auto file = simulate_drug_response(folder, {}, {.seed = 9007199254740991ULL});
  const Study study = read_study(file);
  EXPECT_EQ(study.models.size(), simulated_models().size());
  EXPECT_EQ(study.splits.size(), 3U);
  EXPECT_EQ(study.data.unit, "ln uM");
  for (const auto& model : study.models) {
    EXPECT_TRUE(fs::exists(folder / model.predictions)) << model.name;
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace cupel

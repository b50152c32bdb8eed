// Noise, effects and shared shift of real screens; numbers by NumPy in tests/golden/area. With
// CUPEL_MIRROR.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "area/perturbation/calibration.hpp"
#include "area/perturbation/ceiling.hpp"
#include "area/perturbation/effects.hpp"
#include "area/perturbation/load.hpp"
#include "area/perturbation/sample_metrics.hpp"
#include "area/perturbation/systematic.hpp"

namespace cupel::perturbation {
namespace {

namespace fs = std::filesystem;
const Context kContext{.n_threads = 2};

class RealScreens : public testing::Test {
 protected:
  void SetUp() override {
    const char* mirror = std::getenv("CUPEL_MIRROR");
    if (mirror == nullptr) GTEST_SKIP() << "set CUPEL_MIRROR";
    folder_ = fs::path(mirror) / "perturbation";
    if (!fs::exists(folder_)) GTEST_SKIP() << folder_ << " is not there";
    std::ifstream file(fs::path(CUPEL_TEST_DATA) / "golden/area/perturbation_noise.json");
    golden_ = nlohmann::json::parse(file);
  }

  [[nodiscard]] Dataset load(const std::string& screen) const {
    DataSpec spec;
    if (screen == "devel") {
      spec.file = folder_ / "perturbench/devel.h5ad";
      spec.columns = {{"perturbation", "condition"}, {"context", "cell_type"}};
      spec.profiles.control = "control";
      spec.profiles.scale = "log1p";
    } else {
      spec.file = folder_ / "sceptre_papalexi/papalexi2021_lowmoi_299genes_counts.h5ad";
      spec.columns = {{"perturbation", "perturbation"}, {"replicate", "bio_rep"}};
      spec.profiles.control = "non-targeting";
      spec.profiles.scale = "counts";
      spec.profiles.normalize = "10000";
      spec.profiles.log1p = true;
    }
    return load_profiles(spec, "", {}, kContext).data;
  }

  void compare(const std::string& screen) const {
    const Dataset data = load(screen);
    const auto& samples = golden_.at(screen).at("samples");
    ASSERT_EQ(data.n_samples(), samples.size());
    std::map<std::pair<std::string, std::string>, nlohmann::json> by_name;
    for (const auto& sample : samples) {
      by_name[{sample.at("perturbation"), sample.at("context")}] = sample;
    }
    const auto effects = effect_sizes(data, noise_correlation(data));
    const auto& perturbation = data.entity("perturbation");
    const auto& context = data.entity("context");
    const auto genes = static_cast<double>(data.n_outputs());
    for (std::size_t i = 0; i < effects.size(); ++i) {
      const auto& name = perturbation.ids[perturbation.code_of_sample[i]];
      const auto& wanted = by_name.at({name, context.ids[context.code_of_sample[i]]});
      EXPECT_EQ(data.profiles->n_cells[i], wanted.at("n").get<std::uint64_t>()) << name;
      EXPECT_NEAR(effects[i].squared, wanted.at("squared").get<double>(), 1e-9) << name;
      EXPECT_NEAR(effects[i].noise, wanted.at("noise").get<double>(), 1e-9) << name;
      EXPECT_NEAR(noise_of_sample(*data.profiles, i) / genes, wanted.at("mse").get<double>(), 1e-9)
          << name;
    }
    const auto found = systematic_variation(data, 100, 0.95, 0, kContext);
    const auto& shifts = golden_.at(screen).at("shifts");
    ASSERT_EQ(found.size(), shifts.size());
    for (std::size_t c = 0; c < found.size(); ++c) {
      EXPECT_EQ(context.ids[found[c].context], shifts[c].at("context").get<std::string>());
      EXPECT_NEAR(found[c].cosine.value, shifts[c].at("cosine").get<double>(), 1e-9);
      EXPECT_NEAR(found[c].share, shifts[c].at("share").get<double>(), 1e-9);
      if (shifts[c].at("share_beyond_noise").is_null()) {
        EXPECT_TRUE(std::isnan(found[c].share_beyond_noise));
      } else {
        EXPECT_NEAR(found[c].share_beyond_noise, shifts[c].at("share_beyond_noise").get<double>(),
                    1e-9);
      }
    }
  }

  fs::path folder_;
  nlohmann::json golden_;
};

TEST_F(RealScreens, DevelEqualsNumpy) { compare("devel"); }
TEST_F(RealScreens, PapalexiEqualsNumpy) { compare("papalexi"); }

TEST_F(RealScreens, HalvesOfRealCellsHaveTheNoiseThatTheirVarianceSays) {
  const Dataset data = load("papalexi");
  Split split;
  split.name = "all";
  split.role.assign(data.n_samples(), Role::train);
  for (std::size_t i = 0; i < data.n_samples(); i += 2) split.role[i] = Role::test;
  split.reason.assign(data.n_samples(), 0);
  split.reasons = {""};
  const auto rows = split.rows(Role::test);
  const std::vector<std::uint32_t> fold(rows.size(), 0);
  const TestRows test{.folds = std::span(&split, 1), .rows = rows, .fold = fold};
  const Scorer scorer{.metrics = sample_metrics(), .score = score_samples};
  const auto draws = draw_perturbations(data, rows, 200, 0.95, 0, kContext);
  const auto ceiling = noise_ceiling(scorer, data, test, draws, 99, kContext);
  EXPECT_EQ(ceiling.n_views, 10U);
  for (std::size_t m = 0; m < scorer.metrics.size(); ++m) {
    const auto& metric = ceiling.metrics[m];
    // The error of a repeat with all cells is twice that of a mean that is known.
    if (scorer.metrics[m].name == "mse") {
      EXPECT_NEAR(metric.full_mean.value / ceiling.measurement_mse_mean.value, 2.0, 0.1);
      EXPECT_FALSE(metric.uses_control);
      // Replicates differ by more than their cells do, or by as much.
      EXPECT_GT(metric.replicates_mean.value, 0.9 * metric.full_mean.value);
    }
    if (scorer.metrics[m].name == "pearson_delta") {
      EXPECT_TRUE(metric.uses_control);
      EXPECT_GT(metric.inflation.value, 0.0);
      EXPECT_GT(metric.full_mean.value, 0.1);
      EXPECT_GT(metric.matched_mean.value, metric.full_mean.value);
    }
  }
  ASSERT_EQ(data.profiles->replicates.size(), 3U);
  std::uint64_t cells = 0;
  for (const auto& replicate : data.profiles->replicates) cells += replicate.n_cells[0];
  EXPECT_EQ(cells, data.profiles->n_cells[0]);
}

}  // namespace
}  // namespace cupel::perturbation

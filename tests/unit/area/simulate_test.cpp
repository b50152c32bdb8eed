#include "area/drug_response/simulate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>

#include "area/drug_response/load.hpp"
#include "area/drug_response/simulate_chemistry.hpp"
#include "area/drug_response/simulate_models.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "split/make.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

double variance(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double sum = 0.0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / n;
}

class Simulate : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_simulate_" + std::to_string(getpid()));
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST(SimulateData, EveryPartHasItsShareOfTheVariance) {
  const SimulateOptions options;
  const double total = options.sd * options.sd;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto made = simulate_data(options, seed);
    EXPECT_NEAR(variance(made.drug_part.values) / total, 0.65, 1e-9);
    EXPECT_NEAR(variance(made.cell_part.values) / total, 0.11, 1e-9);
    EXPECT_NEAR(variance(made.feature_part.values) / total, 0.10, 1e-9);
    EXPECT_NEAR(variance(made.identity_part.values) / total, 0.04, 1e-9);
    EXPECT_NEAR(variance(made.value) / total, 1.0, 0.05);
    // Replicates measure the noise.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<double>> pairs;
    for (std::size_t i = 0; i < made.value.size(); ++i) {
      pairs[{made.drug_of_row[i], made.cell_of_row[i]}].push_back(made.value[i]);
    }
    double sum = 0.0;
    std::size_t n_twice = 0;
    for (const auto& [pair, values] : pairs) {
      if (values.size() < 2) continue;
      sum += 0.5 * (values[0] - values[1]) * (values[0] - values[1]);
      ++n_twice;
    }
    EXPECT_NEAR(static_cast<double>(n_twice) / static_cast<double>(pairs.size()), 0.10, 0.02);
    EXPECT_NEAR(sum / static_cast<double>(n_twice) / total, 0.10, 0.015);
  }
}

TEST(SimulateData, TheInteractionHasNoMainEffects) {
  const auto made = simulate_data({}, 1);
  for (std::size_t d = 0; d < made.drugs.size(); ++d) {
    double sum = 0.0;
    for (const double value : made.feature_part.row(d)) sum += value;
    EXPECT_NEAR(sum, 0.0, 1e-9);
  }
}

TEST(SimulateData, EveryMoleculeOfTheFragmentsIsValidAndNew) {
  std::vector<std::string> parents;
  for (std::size_t core = 0; core < detail::kCores.size(); ++core) {
    for (std::size_t left = 0; left < detail::kLeft.size(); ++left) {
      for (std::size_t right = 0; right < detail::kRight.size(); ++right) {
        const auto smiles = detail::molecule(core, left, right);
        ASSERT_EQ(smiles_problem(smiles), "") << smiles;
        parents.push_back(parent_smiles(smiles));
      }
    }
  }
  std::sort(parents.begin(), parents.end());
  EXPECT_EQ(std::adjacent_find(parents.begin(), parents.end()), parents.end());
}

TEST(SimulateData, RefusesImpossibleSizes) {
  EXPECT_THROW(simulate_data({.noise_share = 0.2}, 1), Error);
  EXPECT_THROW(simulate_data({.n_drugs = 5}, 1), Error);
  EXPECT_THROW(simulate_data({.n_drugs = 5000}, 1), Error);
  EXPECT_THROW(simulate_data({.n_folds = 1}, 1), Error);
}

/// RMSE of each model per split, from the files.
std::map<std::string, double> scores(const fs::path& folder, const std::string& model) {
  const Table responses = read_csv(folder / "responses.csv", {}, {});
  const Table predictions = read_csv(folder / (model + ".csv"), {}, {});
  std::map<std::string, double> sum;
  std::map<std::string, double> n;
  for (std::size_t i = 0; i < predictions.n_rows; ++i) {
    const auto row = static_cast<std::size_t>(predictions.at("row").integers[i]);
    const double error =
        responses.at("value").numbers[row] - predictions.at("prediction").numbers[i];
    const auto split = predictions.at("split").as_text(i);
    EXPECT_EQ(predictions.at("drug").as_text(i), responses.at("drug").as_text(row));
    EXPECT_EQ(predictions.at("fold").as_text(i), responses.at("fold_" + split).as_text(row));
    sum[split] += error * error;
    n[split] += 1.0;
  }
  for (auto& [split, value] : sum) {
    EXPECT_EQ(n[split], static_cast<double>(responses.n_rows)) << model << " " << split;
    value = std::sqrt(value / n[split]);
  }
  return sum;
}

TEST_F(Simulate, TheModelsAreWhatTheySay) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    simulate_drug_response(folder_, {}, {.seed = seed});
    auto learned = scores(folder_, "learned");
    auto ids = scores(folder_, "ids_only");
    auto means = scores(folder_, "drug_means");
    auto leaked = scores(folder_, "leaked");
    auto noise = scores(folder_, "noise");
    for (const auto* split : {"mixed", "cancer_blind", "drug_blind"}) {
      SCOPED_TRACE(std::string(split) + " seed " + std::to_string(seed));
      EXPECT_LT(learned[split], 0.95 * ids[split]);
      EXPECT_LE(ids[split], means[split] + 1e-9);
      EXPECT_GT(noise[split], 1.3 * 2.7);
    }
    // Noise has sd 2.7 * sqrt(0.1) = 0.854: no honest model is below, and no good one far above.
    EXPECT_GT(learned["mixed"], 0.854);
    EXPECT_LT(learned["mixed"], 1.15 * 0.854);
    EXPECT_LT(leaked["mixed"], 0.854);
    // Without features nothing is known of new lines, or of new drugs, but main effects.
    EXPECT_GT(ids["cancer_blind"], 1.2 * learned["cancer_blind"]);
  }
}

TEST_F(Simulate, SameSeedSameFilesAndTheyLoad) {
  const auto study = simulate_drug_response(folder_, {}, {.n_threads = 1, .seed = 5});
  std::map<std::string, std::string> bytes;
  for (const auto& file : fs::directory_iterator(folder_)) {
    bytes[file.path().filename()] = read_bytes(file.path());
  }
  EXPECT_EQ(bytes.size(), 11U);
  simulate_drug_response(folder_, {}, {.n_threads = 2, .seed = 5});
  for (const auto& [name, before] : bytes) EXPECT_EQ(read_bytes(folder_ / name), before) << name;
  simulate_drug_response(folder_, {}, {.seed = 6});
  EXPECT_NE(read_bytes(folder_ / "responses.csv"), bytes["responses.csv"]);

  DataSpec spec;
  spec.file = "responses.csv";
  spec.columns = {{"target", "value"}};
  spec.unit = "ln uM";
  spec.entity_tables = {
      {.entity = "drug", .file = "drugs.csv", .id = "drug", .labels = {{"smiles", "smiles"}}},
      {.entity = "cell", .file = "cells.csv", .id = "cell", .labels = {{"tissue", "tissue"}}}};
  spec.feature_tables = {
      {.entity = "cell", .name = "expression", .file = "expression.csv", .id = "cell"}};
  const auto loaded = load_drug_response(spec, folder_.string(), {}, {});
  EXPECT_EQ(loaded.data.entity("drug").ids.size(), 60U);
  EXPECT_EQ(loaded.data.entity("cell").find_features("expression")->values.cols, 120U);
  for (const auto& item : loaded.data.diagnostics.all()) EXPECT_EQ(item.code, "replicated_pair");
  const auto splits =
      make_splits(loaded.data, {.scheme = "drug_blind", .fold_column = "fold_drug_blind"},
                  {.responses = &loaded.responses}, {});
  EXPECT_EQ(splits.size(), 5U);
  EXPECT_THAT(splits[0].blind_to, testing::ElementsAre("drug"));
}

TEST_F(Simulate, TakesLessThanASecond) {
  const auto begin = std::chrono::steady_clock::now();
  simulate_drug_response(folder_, {}, {.seed = 1});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  RecordProperty("seconds", std::to_string(taken.count()));
  EXPECT_LT(taken.count(), 5.0);  // about 0.6 s on a busy core
}

}  // namespace
}  // namespace cupel

// A file of cells becomes samples, controls and what is known of their noise.
#include "area/perturbation/load.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "cells_toy.hpp"
#include "cupel/error.hpp"
#include "data/profiles.hpp"

namespace cupel::perturbation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<ToyCell> small_screen() {
  return {{"ctrl", "x", {1.5, 0.0, 2.0}},   {"ctrl", "x", {0.5, 1.0, 2.0}},
          {"ctrl", "y", {4.0, 0.5, 0.0}},   {"A+ctrl", "x", {2.5, 0.0, 1.0}},
          {"A+ctrl", "x", {3.5, 0.0, 1.0}}, {"B+A", "x", {1.0, 1.0, 1.0}},
          {"A+B", "x", {1.0, 3.0, 1.5}},    {"A+ctrl", "y", {5.0, 0.5, 0.5}},
          {"C", "z", {1.0, 1.0, 1.0}},      {"?", "x", {9.0, 9.0, 9.0}},
          {"D", "y", {1.0, 1.0, 0.25}}};
}

TEST(LoadProfiles, SamplesControlsAndMembers) {
  const auto loaded = load_toy(small_screen(), {"A", "G2", "B"});
  const Dataset& data = loaded.data;
  EXPECT_THAT(data.entities[0].ids, ElementsAre("A", "A+B", "D"));
  EXPECT_THAT(data.entities[1].ids, ElementsAre("x", "y"));
  ASSERT_EQ(data.n_samples(), 4U);
  const auto a = row_of(data, "A", "x");
  EXPECT_EQ(data.targets(a, 0), 3.0);
  EXPECT_EQ(data.targets(a, 2), 1.0);
  EXPECT_EQ(data.targets(row_of(data, "A+B", "x"), 1), 2.0);
  const ProfileData& profiles = *data.profiles;
  EXPECT_EQ(profiles.controls(0, 0), 1.0);
  EXPECT_EQ(profiles.controls(1, 0), 4.0);
  EXPECT_EQ(profiles.n_cells[a], 2U);
  EXPECT_THAT(profiles.n_control_cells, ElementsAre(2U, 1U));
  EXPECT_EQ(profiles.variance(a, 0), 0.5);
  EXPECT_TRUE(std::isnan(profiles.variance(row_of(data, "D", "y"), 0)));
  EXPECT_THAT(profiles.members[1], ElementsAre("A", "B"));
  EXPECT_THAT(profiles.target_genes[row_of(data, "A+B", "x")], ElementsAre(0U, 2U));
  // (3 - 1) / sqrt(0.5 / 2 + 0.5 / 2)
  EXPECT_DOUBLE_EQ(profiles.t_statistic(a, 0), 2.0 / std::sqrt(0.5));
  EXPECT_EQ(profiles.t_statistic(row_of(data, "D", "y"), 0), 0.0);
  EXPECT_TRUE(std::isnan(profiles.halves[0].profiles[0](row_of(data, "D", "y"), 0)));
  EXPECT_EQ(data.output_names, (std::vector<std::string>{"A", "G2", "B"}));
}

TEST(LoadProfiles, WhatIsLeftOutIsAccountedFor) {
  const auto loaded = load_toy(small_screen(), {"A", "G2", "B"});
  const Dataset& data = loaded.data;
  std::uint64_t n_left_out = 0;
  for (const auto& item : data.left_out) n_left_out += item.source_rows.size();
  EXPECT_EQ(data.n_samples() + n_left_out, data.n_source_rows);
  ASSERT_EQ(data.left_out.size(), 1U);
  EXPECT_EQ(data.left_out[0].reason, "context_without_control");
  EXPECT_EQ(loaded.samples.at("perturbation").text(data.left_out[0].source_rows[0]), "C");
  EXPECT_EQ(data.diagnostics.find("cell_without_label")->count, 1U);
  EXPECT_NE(data.diagnostics.find("one_combination_two_labels"), nullptr);
  for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
    EXPECT_EQ(loaded.samples.at("perturbation").text(data.source_row[row]),
              data.entities[0].ids[data.entities[0].code_of_sample[row]]);
  }
  DataSpec spec = toy_spec();
  spec.profiles.min_cells = 2;
  const auto fewer = load_toy(small_screen(), {"A", "G2", "B"}, spec);
  EXPECT_EQ(fewer.data.n_samples(), 2U);
  EXPECT_EQ(fewer.data.diagnostics.find("too_few_cells")->count, 2U);
}

TEST(LoadProfiles, OneContextWithoutAColumn) {
  DataSpec spec = toy_spec();
  spec.columns.erase("context");
  const auto loaded = load_toy(small_screen(), {"A", "G2", "B"}, spec);
  EXPECT_THAT(loaded.data.entities[1].ids, ElementsAre("all"));
  EXPECT_EQ(loaded.data.profiles->controls(0, 0), 2.0);
}

std::string error_of(const DataSpec& spec, const std::vector<ToyCell>& cells = small_screen()) {
  try {
    load_toy(cells, {"A", "G2", "B"}, spec);
  } catch (const Error& error) {
    return error.message() + " | " + error.hint();
  }
  return "";
}

TEST(LoadProfiles, NothingIsGuessed) {
  DataSpec spec = toy_spec();
  spec.profiles.scale = "";
  EXPECT_THAT(error_of(spec), HasSubstr("is not stated, and it is not guessed"));
  spec.profiles.scale = "counts";
  EXPECT_THAT(error_of(spec), HasSubstr("scale is counts, but"));
  spec.profiles.scale = "log1p";
  spec.profiles.log1p = true;
  EXPECT_THAT(error_of(spec), HasSubstr("log1p already"));
  spec = toy_spec();
  std::vector<ToyCell> counts = small_screen();
  for (auto& cell : counts) cell.values = {1.0, 2.0, 30.0};
  EXPECT_THAT(error_of(spec, counts), HasSubstr("all values are whole numbers"));
  counts[3].values[1] = std::nan("");
  spec.profiles.scale = "counts";
  EXPECT_THAT(error_of(spec, counts), HasSubstr("not finite"));
  spec = toy_spec();
  spec.profiles.control = "ctl";
  EXPECT_THAT(error_of(spec), HasSubstr("did you mean \"ctrl\""));
}

TEST(LoadProfiles, ChoiceOfGenes) {
  DataSpec spec = toy_spec();
  spec.profiles.genes = "top_control:2";
  // Means of the contexts' controls: (1 + 4) / 2, (.5 + .5) / 2, (2 + 0) / 2.
  EXPECT_THAT(load_toy(small_screen(), {"A", "G2", "B"}, spec).data.output_names,
              ElementsAre("A", "B"));
  const auto path = std::filesystem::temp_directory_path() / "cupel_genes_test.csv";
  std::ofstream(path) << "B\nnot_there\nG2\n";
  spec.profiles.genes = "file:" + path.string();
  const auto loaded = load_toy(small_screen(), {"A", "G2", "B"}, spec);
  EXPECT_THAT(loaded.data.output_names, ElementsAre("G2", "B"));
  EXPECT_EQ(loaded.data.diagnostics.find("unknown_gene")->count, 1U);
  std::filesystem::remove(path);
}

TEST(LoadProfiles, EmbeddingsAreJoinedByCanonicalName) {
  const auto path = std::filesystem::temp_directory_path() / "cupel_embedding_test.csv";
  std::ofstream(path) << "id,e1,e2\nB+A,1,2\nA,3,4\n";
  DataSpec spec = toy_spec();
  spec.feature_tables.push_back(
      {.entity = "perturbation", .name = "go", .file = path.string(), .id = "id"});
  const auto loaded = load_toy(small_screen(), {"A", "G2", "B"}, spec);
  const FeatureBlock& block = loaded.data.entities[0].features.front();
  EXPECT_THAT(block.present, ElementsAre(1, 1, 0));
  EXPECT_EQ(block.values(1, 1), 2.0F);
  std::ofstream(path) << "id,e1,e2\nB,1,2\nA,3,4\nG2,5,6\n";
  spec.feature_tables.front().entity = "gene";
  const auto genes = load_toy(small_screen(), {"A", "G2", "B"}, spec);
  EXPECT_EQ(genes.data.profiles->gene_features.front().values(2, 0), 1.0F);
  EXPECT_EQ(genes.data.entities[0].features.front().values(1, 0), 2.0F);  // mean of A and B
  EXPECT_EQ(genes.data.entities[0].features.front().present[2], 0);       // D is not in the table
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace cupel::perturbation

#include "study/spectrum_study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "cupel/error.hpp"
#include "io/write.hpp"
#include "study/item_baselines.hpp"
#include "study/item_set.hpp"
#include "study/spectrum_run.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

Items variants() {
  Items items{.source = "variants"};
  items.ids = {"a", "b", "c", "d", "e", "f"};
  items.texts = {"A1C", "A1C:D5E", "D5F", "A1C", "", "G7H"};
  items.targets = {1, 1, 0, 1, 0, 0};
  return items;
}

ItemSet variant_set() {
  return make_item_set(variants(), find_similarity_kind("mutation-jaccard"), {}, 0.3, {});
}

TEST(ItemSet, FeaturesSitesCountsAndUnits) {
  const ItemSet set = variant_set();
  EXPECT_TRUE(set.has_labels);
  EXPECT_EQ(set.features.n_columns, 4U);  // A1C, D5E, D5F, G7H
  EXPECT_EQ(set.sites.n_columns, 3U);     // A1, D5, G7
  EXPECT_THAT(set.counts.value, ElementsAre(1, 2, 1, 1, 0, 1));
  EXPECT_EQ(set.unit[0], set.unit[3]);  // the same text is the same unit
  EXPECT_NE(set.unit[0], set.unit[1]);
  const std::vector<std::uint32_t> test{0, 2};
  const std::vector<std::uint32_t> train{1, 3};
  EXPECT_DOUBLE_EQ(set.set_jaccard(test, train), 1.0 / 3.0);  // A1C of A1C, D5F, D5E
  EXPECT_DOUBLE_EQ(set.between(test, train, {})->at(0, 0), 0.5);
}

TEST(ItemSet, ItemsWithoutTargetAreAccountedFor) {
  Items items = variants();
  items.targets[2] = std::nan("");
  const ItemSet set =
      make_item_set(std::move(items), find_similarity_kind("mutation-jaccard"), {}, 0.3, {});
  EXPECT_EQ(set.size(), 5U);
  ASSERT_EQ(set.items.left_out.size(), 1U);
  EXPECT_THAT(set.items.left_out[0].source_rows, ElementsAre(2));
  items = variants();
  items.targets.clear();
  EXPECT_THROW(
      make_item_set(std::move(items), find_similarity_kind("mutation-jaccard"), {}, 0.3, {}),
      Error);
}

/// Predictions of a baseline trained on the first four items, for the last two.
std::vector<double> predict(const ItemSet& set, const std::string& name) {
  const Dataset data = as_dataset(set, "test");
  Split split;
  split.role.assign(set.size(), Role::train);
  const std::vector<std::uint32_t> train{0, 1, 2, 3};
  const std::vector<std::uint32_t> test{4, 5};
  const auto baseline = make_item_baseline(name, set);
  return baseline.predictor
      ->fit({.data = data, .train = train, .validation = {}, .split = split}, {})
      ->predict(data, test, {})
      .values;
}

TEST(ItemBaselines, SeeTheTrainingItemsOnly) {
  const ItemSet set = variant_set();
  EXPECT_THAT(predict(set, "mean"), ElementsAre(0.75, 0.75));
  EXPECT_THAT(predict(set, "nearest_copy"), ElementsAre(0.75, 0.75));  // nothing is similar
  EXPECT_EQ(predict(set, "mutation_linear")[0], predict(set, "mutation_linear")[1]);
  ItemSet changed = variant_set();
  changed.targets[4] = 1.0;  // test targets: no baseline may notice
  changed.targets[5] = 1.0;
  for (const auto& name : item_baseline_names(set)) {
    EXPECT_EQ(predict(set, name), predict(changed, name)) << name;
  }
}

TEST(ItemBaselines, NamesAreChecked) {
  const ItemSet set = variant_set();
  EXPECT_THAT(item_baseline_names(set),
              ElementsAre("mean", "mutation_count", "mutation_sites", "mutation_linear",
                          "nearest_copy", "nearest_neighbours"));
  EXPECT_TRUE(make_item_baseline("nearest_copy", set).copies_nearest);
  EXPECT_THROW(make_item_baseline("input_linear", set), Error);
}

TEST(SpectrumStudy, DefaultsAndValues) {
  const SpectrumStudy study = parse_spectrum_study(
      "metric: auroc\nitems: {file: a.csv, target: y}\n"
      "similarity: {kind: mutation-share, threshold: 0.5, options: {separator: ':'}}\n"
      "series: {variant: paper-sd, lambdas: [0, 1]}\n"
      "models: {m: {command: 'run {train}', timeout: 90s}}\n",
      "s.yaml", "folder");
  EXPECT_EQ(study.threshold, 0.5);
  EXPECT_EQ(study.kind_options.at("separator"), ":");
  EXPECT_THAT(study.series.lambdas, ElementsAre(0.0, 1.0));
  EXPECT_EQ(study.series.repeats, 3U);
  EXPECT_TRUE(study.series.has_controls);
  EXPECT_EQ(study.models[0].timeout_s, 90.0);
  EXPECT_EQ(study.draws, 1000U);
  EXPECT_FALSE(study.items.only_in_series);
}

TEST(SpectrumStudy, MistakesHaveAPlace) {
  const auto message = [](const std::string& yaml) {
    try {
      parse_spectrum_study(yaml, "s.yaml", ".");
    } catch (const Error& error) {
      return error.message() + "@" + std::to_string(error.where().row);
    }
    return std::string("nothing");
  };
  const std::string head = "metric: rmse\nitems: {file: a.csv}\nsimilarity: {kind: hamming}\n";
  EXPECT_EQ(message(head), "nothing");
  EXPECT_THAT(message(head + "models: {m: {title: x}}\n"), HasSubstr("@4"));
  EXPECT_THAT(message(head + "series: {folder: f, variant: paper-sd}\n"), HasSubstr("@4"));
  EXPECT_THAT(message("metric: rmse\n"), HasSubstr("items"));
}

TEST(SpectrumRun, TrialsAreReused) {
  const fs::path folder = fs::path(testing::TempDir()) / "spectrum_run";
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::string csv = "id,mutations,target\n";
  for (int i = 0; i < 60; ++i) {
    csv += "v" + std::to_string(i) + ",A" + std::to_string(i % 20) + "C:D" +
           std::to_string(30 + i % 7) + "E," + std::to_string(i % 20) + "\n";
  }
  write_file_atomic(folder / "items.csv", csv);
  const SpectrumStudy study = parse_spectrum_study(
      "metric: rmse\nitems: {file: items.csv, target: target}\n"
      "similarity: {kind: mutation-jaccard}\nseries: {repeats: 1}\n",
      "s.yaml", folder.string());
  const SpectrumRunOptions options{.store = folder / "store", .work = folder / "work"};
  const SpectrumRun first = run_spectrum_study(study, options, {});
  EXPECT_EQ(first.counts.n_reused, 0U);
  EXPECT_EQ(first.counts.n_run, first.predictors.size() * first.series.splits.size());
  const SpectrumRun again = run_spectrum_study(study, options, {});
  EXPECT_EQ(again.counts.n_run, 0U);
  EXPECT_EQ(first.predictions, again.predictions);
  for (const Split& split : first.series.splits) {
    EXPECT_EQ(split.count(Role::train) + split.count(Role::test) + split.count(Role::left_out),
              60U);
  }
}

}  // namespace
}  // namespace cupel

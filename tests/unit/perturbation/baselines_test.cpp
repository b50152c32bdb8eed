// Every baseline on numbers that can be done by hand; none reads what it predicts.
#include "area/perturbation/baselines.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "cells_toy.hpp"
#include "cupel/error.hpp"
#include "data/profiles.hpp"

namespace cupel::perturbation {
namespace {

/// Controls x (1, 10), y (2, 20). Responses A: (1, 0) in x, (2, 1) in y; B: (0, 3), (0, 2);
/// A+B in x: (2, 4); C in y: (3, 0). A in x has three cells. The first gene is A.
LoadedData planted() {
  DataSpec spec = toy_spec();
  spec.profiles.scale = "counts";
  return load_toy({{"ctrl", "x", {1, 10}},
                   {"ctrl", "y", {2, 20}},
                   {"A", "x", {2, 10}},
                   {"A", "x", {2, 10}},
                   {"A", "x", {2, 10}},
                   {"A", "y", {4, 21}},
                   {"B", "x", {1, 13}},
                   {"B", "y", {2, 22}},
                   {"A+B", "x", {3, 14}},
                   {"C", "y", {5, 20}}},
                  {"A", "G"}, spec);
}

class Baselines : public ::testing::Test {
 protected:
  /// Trained on A in x and y, and B in x.
  [[nodiscard]] std::vector<double> predict(
      const std::string& name, const std::string& perturbation, const std::string& context,
      const std::map<std::string, std::string>& options = {}) const {
    return predict_on(loaded_.data, name, {row_of(loaded_.data, perturbation, context)}, options);
  }
  [[nodiscard]] std::vector<double> predict_on(
      const Dataset& data, const std::string& name, const std::vector<std::uint32_t>& rows,
      const std::map<std::string, std::string>& options = {}) const {
    Split split;
    split.role.assign(data.n_samples(), Role::test);
    for (const auto row : train_) split.role[row] = Role::train;
    const auto fitted =
        make_baseline(name, options, data)
            ->fit({.data = data, .train = train_, .validation = {}, .split = split}, Context{});
    return fitted->predict(data, rows, Context{}).values;
  }
  LoadedData loaded_ = planted();
  std::vector<std::uint32_t> train_{row_of(loaded_.data, "A", "x"), row_of(loaded_.data, "A", "y"),
                                    row_of(loaded_.data, "B", "x")};
};

void expect_near(const std::vector<double>& got, double first, double second) {
  ASSERT_EQ(got.size(), 2U);
  EXPECT_NEAR(got[0], first, 1e-9);
  EXPECT_NEAR(got[1], second, 1e-9);
}

TEST_F(Baselines, Controls) {
  expect_near(predict("no_change", "B", "y"), 2, 20);
  expect_near(predict("control_mean", "B", "y"), 1.5, 15);
}

TEST_F(Baselines, Means) {
  expect_near(predict("global_mean", "B", "y"), 7.0 / 3, 44.0 / 3);
  expect_near(predict("perturbation_mean", "B", "y"), 7.0 / 3, 44.0 / 3);
  expect_near(predict("perturbation_mean", "B", "y", {{"weighting", "cells"}}), 2.2, 12.8);
  expect_near(predict("perturbation_mean", "B", "y", {{"weighting", "with_control"}}), 2, 14.8);
  expect_near(predict("mean_shift", "B", "y"), 3, 20 + 4.0 / 3);
  expect_near(predict("context_mean", "B", "y"), 4, 21);
  expect_near(predict("context_mean", "A+B", "x"), 1.5, 11.5);
  expect_near(predict("context_mean", "A+B", "x", {{"weighting", "cells"}}), 7.0 / 4, 43.0 / 4);
}

TEST_F(Baselines, GenericResponseLeavesTheTargetOut) {
  expect_near(predict("generic_response", "A+B", "x"), 1, 11.5);  // gene A: from B alone
  expect_near(predict("generic_response", "B", "y"), 2, 21);      // nobody left for gene A
  // The oracle sees all rows of the context: gene A from B (0) and C (3); G from A, B and C.
  expect_near(predict("generic_response_oracle", "B", "y"), 3.5, 21);
}

TEST_F(Baselines, AcrossContexts) {
  expect_near(predict("perturbation_mean_across_contexts", "B", "y"), 2, 23);
  expect_near(predict("perturbation_mean_across_contexts", "B", "y", {{"basal", "global"}}), 1.5,
              18);
  expect_near(predict("perturbation_mean_across_contexts", "A+B", "x"), 1, 10);
  expect_near(predict("perturbation_mean_across_contexts", "A+B", "x", {{"unseen", "mean"}}), 2,
              10 + 4.0 / 3);
  expect_near(predict("two_way_additive", "B", "y"), 3, 24);        // B in x + (A in y - A in x)
  expect_near(predict("two_way_additive", "A+B", "x"), 1.5, 11.5);  // unseen: the context's mean
}

TEST_F(Baselines, Combinations) {
  expect_near(predict("additive", "A+B", "x"), 2, 13);
  expect_near(predict("additive", "B", "y"), 2, 23);
  expect_near(predict("additive", "C", "y"), 3, 20 + 4.0 / 3);
  expect_near(predict("additive", "C", "y", {{"missing", "zero"}}), 2, 20);
  EXPECT_TRUE(std::isnan(predict("additive", "C", "y", {{"missing", "nan"}})[0]));
  expect_near(predict("matching_mean", "A+B", "x"), 1.5, 11.5);
  expect_near(predict("matching_mean", "C", "y"), 4, 21);
}

TEST_F(Baselines, Duplicates) {
  EXPECT_TRUE(std::isnan(predict("technical_duplicate", "B", "y")[0]));  // one cell
  expect_near(predict("technical_duplicate", "A", "x"), 2, 10);
}

TEST_F(Baselines, UnknownNamesAndOptions) {
  try {
    make_baseline("additiv", {}, loaded_.data);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.hint(), ::testing::HasSubstr("did you mean \"additive\""));
  }
  EXPECT_THROW(make_baseline("additive", {{"mising", "zero"}}, loaded_.data), Error);
}

TEST_F(Baselines, DefaultsFitTheData) {
  const auto names = default_baselines(loaded_.data);
  for (const auto* wanted : {"global_mean", "no_change", "mean_shift", "context_mean", "additive",
                             "matching_mean", "two_way_additive", "generic_response"}) {
    EXPECT_THAT(names, ::testing::Contains(wanted));
  }
  DataSpec spec = toy_spec();
  spec.profiles.scale = "counts";
  const auto plain = load_toy({{"ctrl", "x", {1, 10}}, {"Q", "x", {2, 10}}}, {"A", "G"}, spec);
  EXPECT_THAT(default_baselines(plain.data),
              ::testing::ElementsAre("global_mean", "no_change", "mean_shift"));
}

TEST_F(Baselines, NoneReadsWhatItPredicts) {
  Dataset changed = loaded_.data;
  std::vector<std::uint32_t> test;
  for (std::uint32_t row = 0; row < changed.n_samples(); ++row) {
    if (std::ranges::find(train_, row) != train_.end()) continue;
    test.push_back(row);
    for (auto& value : changed.targets.row(row)) value += 100.0;
  }
  for (const auto& info : baseline_catalogue()) {
    const auto before = predict_on(loaded_.data, info.name, test);
    const auto after = predict_on(changed, info.name, test);
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      const bool same = before[i] == after[i] || (std::isnan(before[i]) && std::isnan(after[i]));
      if (info.name == "generic_response_oracle") continue;
      EXPECT_TRUE(same) << info.name << " read the answers";
    }
    if (info.name == "generic_response_oracle") {
      EXPECT_NE(before, after);
    }
    EXPECT_EQ(info.is_oracle, info.sees.contains("test_targets")) << info.name;
  }
}

/// Perturbations with a given embedding of one number.
LoadedData embedded() {
  auto loaded = planted();
  auto& entity = loaded.data.entities[0];
  FeatureBlock block{.name = "go", .values = Matrix<float>(entity.ids.size(), 1)};
  // A, A+B, B, C
  block.values.values = {0.0F, 0.75F, 1.0F, 5.0F};
  block.present = {1, 1, 1, 0};
  entity.features.push_back(std::move(block));
  return loaded;
}

TEST_F(Baselines, NearestPerturbations) {
  loaded_ = embedded();
  expect_near(predict("knn", "A+B", "x", {{"k", "1"}}), 1, 13);  // B in x
  expect_near(predict("knn", "A+B", "x", {{"k", "2"}}), 1.5, 11.5);
  expect_near(predict("knn", "C", "y"), 3, 20 + 4.0 / 3);  // no embedding: mean response
}

TEST_F(Baselines, RidgeGoesFromTheMeanToTheLine) {
  loaded_ = embedded();
  // Mean responses: A (1.5, .5), B (0, 3); embeddings standardised to -1 and 1.
  expect_near(predict("ridge", "A+B", "x", {{"penalties", "1e12"}}), 1.75, 11.75);
  // At .75 the standardised embedding is .5: mean + slope * .5.
  expect_near(predict("ridge", "A+B", "x", {{"penalties", "1e-9"}}), 1 + 0.75 - 0.75 * 0.5,
              10 + 1.75 + 1.25 * 0.5);
}

}  // namespace
}  // namespace cupel::perturbation

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "area/potency/baselines.hpp"
#include "cupel/error.hpp"
#include "ligand_toy.hpp"
#include "model/nearest_neighbours.hpp"

namespace cupel {
namespace {

using potency::baseline_docs;
using potency::default_baselines;
using potency::make_baseline;
using potency::make_reference;
using testing::Contains;
using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

using Words = std::map<std::string, std::string>;

constexpr std::uint32_t kTrain = 150;

Prediction run(const Predictor& predictor, const Dataset& data,
               const std::vector<std::uint32_t>& train, const std::vector<std::uint32_t>& test,
               std::uint64_t seed = 1, unsigned threads = 1) {
  const Split split{.name = "toy"};
  Context context;
  context.n_threads = threads;
  const auto fitted = predictor.fit(
      {.data = data, .train = train, .validation = {}, .split = split, .seed = seed}, context);
  return fitted->predict(data, test, context);
}

double rmse(const Prediction& prediction, const Dataset& data,
            const std::vector<std::uint32_t>& rows) {
  double sum = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double error = prediction.values[i] - data.target(rows[i]);
    sum += error * error;
  }
  return std::sqrt(sum / static_cast<double>(rows.size()));
}

/// Quick settings.
Words quick(const std::string& name) {
  if (name.ends_with("forest")) return {{"trees", "40"}, {"min_leaf", "10"}};
  if (name.ends_with("boosting")) return {{"trees", "60"}};
  return {};
}

Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("no error was thrown");
}

TEST(PotencyBaselines, NamesOnceEachAndComplete) {
  std::vector<std::string> names;
  for (const auto& doc : baseline_docs()) {
    names.push_back(doc.name);
    EXPECT_FALSE(doc.description.empty()) << doc.name;
  }
  EXPECT_THAT(names, UnorderedElementsAre(
                         "global_mean", "median", "heavy_atoms", "molecular_weight", "logp", "tpsa",
                         "scaffold_mean", "nearest_1", "knn", "knn_weighted", "knn_grid",
                         "y_randomised_knn", "physchem_ridge", "physchem_forest",
                         "physchem_boosting", "ecfp_ridge", "ecfp_forest", "ecfp_boosting",
                         "maccs_ridge", "maccs_forest", "maccs_boosting", "y_randomised_forest"));
}

TEST(PotencyBaselines, EverySightIsAWordOfTheArea) {
  const Dataset data = toy::ligands(40);
  for (const auto& doc : baseline_docs()) {
    const auto baseline = make_baseline(doc.name, {}, data);
    const PredictorInfo& info = baseline->info();
    EXPECT_TRUE(info.sees.contains("targets")) << info.name;
    for (const auto& word : info.sees) {
      EXPECT_THAT(
          (Information{"targets", "size", "scaffold", "physchem", "neighbours", "fingerprint"}),
          Contains(word));
    }
    EXPECT_FALSE(info.title.empty() || info.fallback.empty() || info.source.empty()) << info.name;
    EXPECT_TRUE(info.trainable && !info.is_model && !info.is_oracle) << info.name;
  }
  EXPECT_THAT(make_baseline("knn", {}, data)->info().sees,
              UnorderedElementsAre("targets", "neighbours"));
  EXPECT_THAT(make_baseline("knn", {{"features", "physchem"}}, data)->info().sees,
              UnorderedElementsAre("targets", "neighbours", "physchem"));
  EXPECT_THAT(make_baseline("tpsa", {}, data)->info().sees,
              UnorderedElementsAre("targets", "size"));
}

TEST(PotencyBaselines, DefaultsAreWhatTheDataAllow) {
  Dataset data = toy::ligands(40);
  EXPECT_EQ(default_baselines(data).size(), 21U);
  EXPECT_THAT(default_baselines(data), Not(Contains("y_randomised_forest")));
  auto& ligand = data.entities[0];
  ligand.features.erase(ligand.features.begin());  // the fingerprint
  ligand.labels.clear();
  const auto few = default_baselines(data);
  EXPECT_THAT(few, Not(Contains("scaffold_mean")));
  EXPECT_THAT(few, Not(Contains("knn")));
  EXPECT_THAT(few, Contains("maccs_forest"));
  EXPECT_EQ(error_of([&] { make_baseline("knn", {}, data); }).kind(), ErrorKind::input);
  EXPECT_NO_THROW(make_baseline("knn", {{"features", "maccs"}}, data));
}

TEST(PotencyBaselines, WrongNamesAndOptionsAreUsageErrors) {
  const Dataset data = toy::ligands(40);
  const Error name = error_of([&] { make_baseline("knn_weigthed", {}, data); });
  EXPECT_EQ(name.kind(), ErrorKind::usage);
  EXPECT_THAT(name.hint(), HasSubstr("\"knn_weighted\""));
  for (const Words& options :
       {Words{{"kk", "3"}}, Words{{"k", "0"}}, Words{{"metric", "cosine"}},
        Words{{"metric", "euclid"}, {"weight", "similarity"}},
        Words{{"features", "physchem"}, {"metric", "tanimoto"}}, Words{{"features", "size"}}}) {
    EXPECT_EQ(error_of([&] { make_baseline("knn", options, data); }).kind(), ErrorKind::usage);
  }
  EXPECT_EQ(error_of([&] { make_baseline("median", {{"k", "3"}}, data); }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(error_of([&] { make_reference("svm", "m", {}, {}, data); }).kind(), ErrorKind::usage);
  const Error block =
      error_of([&] { make_reference("ridge", "m", {"ligand.fingerprnt"}, {}, data); });
  EXPECT_EQ(block.kind(), ErrorKind::usage);
  EXPECT_THAT(block.hint(), HasSubstr("\"ligand.fingerprint\""));
  EXPECT_EQ(make_baseline("median", {}, data, "middle")->info().name, "middle");
}

TEST(PotencyBaselines, ConstantsByHand) {
  Dataset data = toy::ligands(6);
  data.targets.values = {1, 2, 3, 10, 0, 0};
  const auto test = toy::range(4, 6);
  EXPECT_THAT(run(*make_baseline("global_mean", {}, data), data, toy::range(0, 4), test).values,
              Each(4.0));
  EXPECT_THAT(run(*make_baseline("median", {}, data), data, toy::range(0, 4), test).values,
              Each(2.5));
  EXPECT_THAT(run(*make_baseline("median", {}, data), data, toy::range(0, 3), test).values,
              Each(2.0));
}

TEST(PotencyBaselines, OneDescriptorByHand) {
  Dataset data = toy::ligands(6);
  FeatureBlock& size = data.entities[0].features[3];
  const float atoms[] = {1, 2, 3, 4, 10, std::numeric_limits<float>::quiet_NaN()};
  for (std::size_t i = 0; i < 6; ++i) size.values(i, 0) = atoms[i];
  data.targets.values = {1, 3, 4, 8, 0, 0};
  // Slope sum (x - 2.5)(y - 4) / sum (x - 2.5)^2 = 11 / 5.
  const auto prediction =
      run(*make_baseline("heavy_atoms", {}, data), data, toy::range(0, 4), toy::range(4, 6));
  EXPECT_THAT(prediction.values, ElementsAre(DoubleNear(4.0 + 2.2 * 7.5, 1e-12), 4.0));
  ASSERT_NE(prediction.diagnostics.find("no_descriptor"), nullptr);
  EXPECT_EQ(prediction.diagnostics.find("no_descriptor")->count, 1U);
}

TEST(PotencyBaselines, ScaffoldMeanByHand) {
  Dataset data = toy::ligands(6);
  data.entities[0].labels[0].code = {0, 0, 1, 0, 2, LabelBlock::kUnknown};
  data.targets.values = {1, 3, 8, 0, 0, 0};
  const auto prediction =
      run(*make_baseline("scaffold_mean", {}, data), data, toy::range(0, 3), toy::range(3, 6));
  EXPECT_THAT(prediction.values, ElementsAre(2.0, 4.0, 4.0));
  ASSERT_NE(prediction.diagnostics.find("unseen_scaffold"), nullptr);
  EXPECT_EQ(prediction.diagnostics.find("unseen_scaffold")->count, 1U);
  EXPECT_EQ(prediction.diagnostics.find("no_scaffold")->count, 1U);
}

TEST(PotencyBaselines, NeighboursAreThoseOfTheModel) {
  const Dataset data = toy::ligands(200);
  const PackedBits& bits = *data.entities[0].features[0].bits;
  const auto train = toy::range(0, kTrain);
  const auto test = toy::range(kTrain, 200);
  std::vector<double> y;
  for (const auto row : train) y.push_back(data.target(row));
  const auto five = nearest(bits, train, test, {.k = 5}, {});
  EXPECT_EQ(run(*make_baseline("knn", {}, data), data, train, test).values,
            neighbour_means(five, y, NeighbourWeight::uniform));
  const auto weighted = run(*make_baseline("knn_weighted", {}, data), data, train, test);
  EXPECT_EQ(weighted.values, neighbour_means(five, y, NeighbourWeight::similarity));
  EXPECT_EQ(run(*make_baseline("nearest_1", {}, data), data, train, test).values,
            neighbour_means(five, y, NeighbourWeight::uniform, 1));
  const auto euclid = nearest(bits, train, test, {.k = 3, .nearness = Nearness::euclid}, {});
  EXPECT_EQ(
      run(*make_baseline("knn", {{"k", "3"}, {"metric", "euclid"}, {"weight", "distance"}}, data),
          data, train, test)
          .values,
      neighbour_means(euclid, y, NeighbourWeight::distance));
  ASSERT_NE(weighted.diagnostics.find("nearest_neighbour"), nullptr);
  EXPECT_EQ(weighted.diagnostics.find("nearest_neighbour")->count, 50U);
  const double share = five.tie_share(5);
  ASSERT_GT(share, 0.0);
  EXPECT_EQ(weighted.diagnostics.find("neighbours_tied")->count,
            static_cast<std::size_t>(std::lround(50.0 * share)));
}

TEST(PotencyBaselines, TheGridChoosesByTenContiguousFolds) {
  // Pairs of twins with targets far apart from all others: 1-NN is right, 5-NN is not.
  Dataset data = toy::ligands(60);
  auto bits = std::make_shared<PackedBits>(60, 128);
  for (std::size_t i = 0; i < 60; ++i) {
    bits->set(i, i / 2);
    bits->set(i, 100);
    data.targets(i, 0) = static_cast<double>(i / 2 % 7) * 3.0 + static_cast<double>(i % 2) * 0.1;
  }
  data.entities[0].features[0].bits = bits;
  std::vector<std::uint32_t> train;  // twins in different folds: first ones, then second ones
  for (std::uint32_t half = 0; half < 2; ++half) {
    for (std::uint32_t i = half; i < 60; i += 2) train.push_back(i);
  }
  const auto prediction = run(*make_baseline("knn_grid", {}, data), data, train, {0, 1});
  EXPECT_EQ(prediction.diagnostics.find("neighbours_chosen")->examples.front(), "k = 1");
}

TEST(PotencyBaselines, LearnersLearnAndShuffledTargetsDoNot) {
  const Dataset data = toy::ligands(600);
  const auto train = toy::range(0, 450);
  const auto test = toy::range(450, 600);
  std::map<std::string, double> error;
  for (const auto& doc : baseline_docs()) {
    error[doc.name] =
        rmse(run(*make_baseline(doc.name, quick(doc.name), data), data, train, test), data, test);
  }
  for (const char* name : {"ecfp_ridge", "ecfp_forest", "ecfp_boosting", "maccs_ridge",
                           "maccs_forest", "maccs_boosting", "physchem_ridge", "physchem_forest",
                           "physchem_boosting", "heavy_atoms", "scaffold_mean"}) {
    EXPECT_LT(error[name], error["global_mean"] - 0.02) << name;
  }
  EXPECT_LT(error["ecfp_ridge"], 0.75);  // what size and scaffold add is 0.6
  EXPECT_GT(error["y_randomised_knn"], error["median"]);
  EXPECT_GT(error["y_randomised_forest"], error["median"]);
}

TEST(PotencyBaselines, SameForAnyNumberOfThreadsAndEverySeedItsOwn) {
  const Dataset data = toy::ligands(200);
  const auto train = toy::range(0, kTrain);
  const auto test = toy::range(kTrain, 200);
  for (const auto& doc : baseline_docs()) {
    const auto baseline = make_baseline(doc.name, quick(doc.name), data);
    const auto one = run(*baseline, data, train, test, 5, 1).values;
    EXPECT_EQ(one, run(*baseline, data, train, test, 5, 3).values) << doc.name;
    const bool drawn = doc.name.ends_with("forest") || doc.name.ends_with("boosting") ||
                       doc.name.starts_with("y_");
    EXPECT_EQ(one != run(*baseline, data, train, test, 6, 1).values, drawn) << doc.name;
  }
}

TEST(PotencyBaselines, TestTargetsAreNotRead) {
  Dataset data = toy::ligands(120);
  const auto train = toy::range(0, 90);
  const auto test = toy::range(90, 120);
  for (const auto& doc : baseline_docs()) {
    const auto baseline = make_baseline(doc.name, quick(doc.name), data);
    const auto before = run(*baseline, data, train, test).values;
    Dataset changed = data;
    for (const auto row : test) changed.targets(row, 0) = std::nan("");
    EXPECT_EQ(before, run(*baseline, changed, train, test).values) << doc.name;
  }
}

TEST(PotencyBaselines, LigandsWithoutFeaturesAreCounted) {
  Dataset data = toy::ligands(60);
  for (auto& block : data.entities[0].features) block.present[3] = block.present[55] = 0;
  for (const char* name : {"knn", "ecfp_forest", "physchem_ridge", "maccs_boosting"}) {
    const auto prediction =
        run(*make_baseline(name, quick(name), data), data, toy::range(0, 50), toy::range(50, 60));
    double mean = 0.0;
    for (std::uint32_t i = 0; i < 50; ++i) mean += data.target(i) / 50.0;
    EXPECT_NEAR(prediction.values[5], mean, 1e-12) << name;
    ASSERT_NE(prediction.diagnostics.find("no_features_ligand"), nullptr) << name;
    EXPECT_EQ(prediction.diagnostics.find("no_features_ligand")->count, 1U);
  }
}

TEST(PotencyBaselines, MissingDescriptorsAreTheMean) {
  Dataset data = toy::ligands(60);
  for (std::size_t i = 0; i < 60; i += 7) {
    data.entities[0].features[2].values(i, 1) = std::numeric_limits<float>::quiet_NaN();
  }
  for (const char* name : {"physchem_ridge", "physchem_forest", "physchem_boosting"}) {
    const auto prediction =
        run(*make_baseline(name, quick(name), data), data, toy::range(0, 50), toy::range(50, 60));
    for (const double value : prediction.values) EXPECT_TRUE(std::isfinite(value)) << name;
  }
}

TEST(PotencyBaselines, ReferencesOnSeveralBlocks) {
  const Dataset data = toy::ligands(400);
  const auto train = toy::range(0, 300);
  const auto test = toy::range(300, 400);
  const double mean =
      rmse(run(*make_baseline("global_mean", {}, data), data, train, test), data, test);
  for (const char* kind : {"ridge", "forest", "xgboost", "knn", "mlp"}) {
    const Words options = std::string(kind) == "forest" ? Words{{"trees", "60"}} : Words{};
    const auto one = make_reference(kind, "mine", {"ligand.fingerprint"}, options, data);
    EXPECT_EQ(one->info().title, "mine");
    EXPECT_EQ(make_reference(kind, "mine", {}, options, data, "My model")->info().title,
              "My model");
    const auto both =
        make_reference(kind, "mine", {"fingerprint", "ligand.physchem"}, options, data);
    EXPECT_TRUE(one->info().is_model && one->info().trainable);
    EXPECT_EQ(both->info().sees.contains("physchem"), true);
    const double of_one = rmse(run(*one, data, train, test), data, test);
    const double of_both = rmse(run(*both, data, train, test), data, test);
    if (std::string(kind) == "knn") continue;  // independent bits: no ligand has near ones
    EXPECT_LT(of_one, mean) << kind;
    EXPECT_LT(of_both, mean) << kind;
    if (std::string(kind) == "ridge" || std::string(kind) == "xgboost") {
      EXPECT_LT(of_both, of_one) << kind;  // size is not in the bits
    }
  }
}

}  // namespace
}  // namespace cupel

/// Trees and tuned ridge against scikit-learn (make_trees.py).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "model/random_forest.hpp"
#include "model/tuned_ridge.hpp"

namespace cupel {
namespace {

struct Golden {
  nlohmann::json json = nlohmann::json::parse(
      std::ifstream(std::string(CUPEL_TEST_DATA) + "/golden/model/trees.json"));
  Matrix<float> numbers;
  Matrix<float> dense_bits;
  PackedBits bits;
  std::vector<double> y = json["y"].get<std::vector<double>>();

  Golden() {
    const std::size_t n = y.size();
    numbers = Matrix<float>(n, 5);
    numbers.values = json["numbers"].get<std::vector<float>>();
    bits = PackedBits(n, 40);
    dense_bits = Matrix<float>(n, 40);
    for (std::size_t i = 0; i < n; ++i) {
      const std::string row = json["bits"][i];
      for (std::size_t f = 0; f < row.size(); ++f) {
        if (row[f] != '1') continue;
        bits.set(i, f);
        dense_bits(i, f) = 1.0F;
      }
    }
  }
};

std::vector<std::uint32_t> first(std::size_t n) {
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

template <typename Features>
void expect_tree(const Features& x, const Golden& golden, const nlohmann::json& tree) {
  const std::size_t n_train = golden.json["n_train"];
  const RandomForestOptions options{.trees = 1,
                                    .max_depth = tree["max_depth"],
                                    .min_split = tree["min_split"],
                                    .min_leaf = tree["min_leaf"],
                                    .bootstrap = false};
  const auto forest =
      RandomForest::fit(x, first(n_train), std::span(golden.y).first(n_train), options, {});
  const auto prediction = forest.predict(x, first(golden.y.size()), {});
  for (std::size_t i = 0; i < prediction.size(); ++i) {
    EXPECT_NEAR(prediction[i], tree["prediction"][i].get<double>(), 1e-9) << i;
  }
  const auto importances = forest.importances();
  for (std::size_t f = 0; f < importances.size(); ++f) {
    EXPECT_NEAR(importances[f], tree["importances"][f].get<double>(), 1e-9) << f;
  }
}

TEST(golden_trees, are_those_of_scikit_learn) {
  const Golden golden;
  ASSERT_EQ(golden.json["trees"].size(), 6U);
  for (const auto& tree : golden.json["trees"]) {
    if (tree["features"] == "numbers") {
      expect_tree(golden.numbers, golden, tree);
    } else {
      expect_tree(golden.bits, golden, tree);
      expect_tree(golden.dense_bits, golden, tree);
    }
  }
}

TEST(golden_trees, tuned_ridge_is_scikit_learns_ridge_cv) {
  const Golden golden;
  for (const char* form : {"primal", "kernel"}) {
    const auto& expected = golden.json["ridge"][form];
    const std::size_t n = expected["rows"];
    Matrix<float> x(n, 40);
    std::copy_n(golden.dense_bits.values.begin(), x.values.size(), x.values.begin());
    const auto y = std::span(golden.y).first(n);
    const double unit = TunedRidge::fit(x, y, {.penalties = {1.0}}).penalty();
    TunedRidgeOptions options{.penalties = golden.json["ridge"]["alphas"]};
    for (double& penalty : options.penalties) penalty /= unit;
    const auto model = TunedRidge::fit(x, y, options);
    EXPECT_NEAR(model.penalty(), expected["alpha"].get<double>(), 1e-9);
    EXPECT_NEAR(model.left_out_rmse() * model.left_out_rmse(),
                expected["left_out_mse"].get<double>(), 1e-9);
    for (std::size_t i = 0; i < golden.y.size(); ++i) {
      EXPECT_NEAR(model.predict(golden.dense_bits.row(i)), expected["prediction"][i].get<double>(),
                  1e-9);
    }
  }
}

}  // namespace
}  // namespace cupel

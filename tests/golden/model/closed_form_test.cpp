/// Closed-form learners against numpy and scikit-learn (make_golden.py).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "model/interaction_ridge.hpp"
#include "model/ridge.hpp"
#include "model/two_way.hpp"

namespace cupel {
namespace {

constexpr double kTolerance = 1e-9;

struct Golden {
  nlohmann::json json;
  PairTable train;
  PairTable all;

  Golden() {
    std::ifstream file(std::string(CUPEL_TEST_DATA) + "/golden/model/golden.json");
    json = nlohmann::json::parse(file);
    for (auto* table : {&train, &all}) {
      table->n_first = json["n_first"];
      table->n_second = json["n_second"];
    }
    for (std::size_t r = 0; r < json["y"].size(); ++r) {
      for (auto* table : {&train, &all}) {
        if (table == &train && !json["train"][r].get<bool>()) continue;
        table->first.push_back(json["first"][r]);
        table->second.push_back(json["second"][r]);
        table->value.push_back(json["y"][r]);
      }
    }
  }
  [[nodiscard]] Matrix<float> matrix(const char* key, std::size_t rows) const {
    Matrix<float> out;
    out.rows = rows;
    out.values = json[key].get<std::vector<float>>();
    out.cols = out.values.size() / rows;
    return out;
  }
};

void expect_near(const TwoWayModel& model, const PairTable& pairs,
                 const std::vector<double>& expected) {
  ASSERT_EQ(pairs.size(), expected.size());
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    EXPECT_NEAR(model.at(pairs.first[r], pairs.second[r]), expected[r], kTolerance) << r;
  }
}

TEST(golden, additive_least_squares_is_numpy_lstsq) {
  const Golden golden;
  const std::vector<double> expected = golden.json["least_squares"];
  TwoWayModel model = fit_two_way(golden.train, {});
  expect_near(model, golden.all, expected);
  centre_effects(model, golden.train);
  expect_near(model, golden.all, expected);
}

TEST(golden, one_hot_ridge_is_scikit_learn_ridge) {
  const Golden golden;
  for (const auto& [alpha, expected] : golden.json["one_hot_ridge"].items()) {
    expect_near(fit_two_way(golden.train, {.ridge = std::stod(alpha)}), golden.all, expected);
  }
}

TEST(golden, interaction_ridge_is_scikit_learn_ridge_on_the_written_out_columns) {
  const Golden golden;
  const auto& expected = golden.json["interaction_ridge"];
  const InteractionRidgeOptions options{.second_products = expected["products"],
                                        .penalties = {expected["penalty"]},
                                        .main_shares = {expected["share"]}};
  const auto x = golden.matrix("x", golden.train.n_first);
  const auto z = golden.matrix("z", golden.train.n_second);
  const auto model = InteractionRidge::fit(x, z, golden.train, {}, golden.train, options, {});
  const auto prediction = model.predict(x, z, golden.all);
  for (std::size_t r = 0; r < prediction.size(); ++r) {
    EXPECT_NEAR(prediction[r], expected["prediction"][r].get<double>(), kTolerance);
  }
}

TEST(golden, ridge_sums_give_scikit_learn_weights_and_error) {
  const Golden golden;
  const auto& expected = golden.json["ridge"];
  const std::size_t n_columns = expected["n_columns"];
  const std::vector<double> columns = expected["columns"];
  RidgeSums sums(n_columns);
  for (std::size_t r = 0; r < golden.all.size(); ++r) {
    if (!golden.json["train"][r].get<bool>()) continue;
    sums.add(std::span(columns).subspan(r * n_columns, n_columns),
             std::span(golden.all.value).subspan(r, 1));
  }
  const auto w = sums.solve(std::vector<double>(n_columns, expected["penalty"].get<double>()));
  for (std::size_t k = 0; k < n_columns; ++k) {
    EXPECT_NEAR(w[k], expected["weights"][k].get<double>(), kTolerance);
  }
  EXPECT_NEAR(sums.squared_error(w), expected["squared_error"].get<double>(), 1e-8);
}

}  // namespace
}  // namespace cupel

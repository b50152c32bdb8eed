/// What is predicted for unseen levels, degenerate data, and rows without features.
#include <gtest/gtest.h>

#include "area/drug_response/baselines.hpp"
#include "cupel/error.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

using drug_response::default_baselines;
using drug_response::make_baseline;
using drug_response::make_reference;

/// Rows (drug, cell, y); tissue of cell c is c % 2.
Dataset table(const std::vector<std::array<double, 3>>& rows, std::uint32_t n_drugs,
              std::uint32_t n_cells) {
  Dataset data;
  Entity drug{.name = "drug", .ids = toy::ids("D", n_drugs)};
  Entity cell{.name = "cell", .ids = toy::ids("C", n_cells)};
  LabelBlock tissue{.name = "tissue", .levels = {"a", "b"}};
  for (std::uint32_t c = 0; c < n_cells; ++c) tissue.code.push_back(c % 2);
  cell.labels.push_back(tissue);
  data.targets = Matrix<double>(rows.size(), 1);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    drug.code_of_sample.push_back(static_cast<std::uint32_t>(rows[r][0]));
    cell.code_of_sample.push_back(static_cast<std::uint32_t>(rows[r][1]));
    data.targets(r, 0) = rows[r][2];
  }
  data.entities = {drug, cell};
  return data;
}

/// Training: drugs 0, 1 on cells 0, 1, 2; test: every way of being unseen.
class FallBack : public testing::Test {
 protected:
  Dataset data = table({{0, 0, 1},
                        {0, 1, 2},
                        {0, 2, 6},
                        {1, 0, 4},
                        {1, 1, 8},  // training
                        {0, 3, 0},
                        {2, 0, 0},
                        {2, 3, 0},
                        {1, 2, 0}},
                       3, 4);
  std::vector<std::uint32_t> train{0, 1, 2, 3, 4};
  std::vector<std::uint32_t> test{5, 6, 7, 8};
  Split split;

  Prediction predict(const std::string& name) {
    const auto predictor = make_baseline(name, {}, data);
    return predictor->fit({data, train, {}, split, 1}, {})->predict(data, test, {});
  }
};

TEST_F(FallBack, means) {
  const double mu = 21.0 / 5.0;
  EXPECT_EQ(predict("global_mean").values, (std::vector<double>{mu, mu, mu, mu}));
  EXPECT_EQ(predict("drug_mean").values, (std::vector<double>{3.0, mu, mu, 6.0}));
  EXPECT_EQ(predict("cell_mean").values, (std::vector<double>{mu, 2.5, mu, 6.0}));
  const auto tissue = predict("tissue_mean").values;  // a: cells 0, 2; b: cells 1, 3
  EXPECT_NEAR(tissue[0], 5.0, 1e-12);
  EXPECT_NEAR(tissue[1], 11.0 / 3.0, 1e-12);
}

TEST_F(FallBack, tissue_drug_mean_goes_to_the_drug_mean_and_never_past_it) {
  const auto values = predict("tissue_drug_mean").values;
  EXPECT_NEAR(values[0], 2.0, 1e-12);  // drug 0 in tissue b
  EXPECT_NEAR(values[1], 4.2, 1e-12);  // unseen drug
  EXPECT_NEAR(values[3], 4.0, 1e-12);  // drug 1 in tissue a
  data.entities[1].labels[0].code[3] = LabelBlock::kUnknown;
  EXPECT_NEAR(predict("tissue_drug_mean").values[0], 3.0, 1e-12);
  data.entities[1].labels[0].levels.push_back("c");
  data.entities[1].labels[0].code[3] = 2;  // a tissue that training has not seen
  const auto prediction = predict("tissue_drug_mean");
  EXPECT_NEAR(prediction.values[0], 3.0, 1e-12);
  ASSERT_NE(prediction.diagnostics.find("unseen_tissue_drug"), nullptr);
}

TEST_F(FallBack, an_unknown_effect_is_zero) {
  const double mu = 4.2;
  const auto values = predict("additive").values;
  EXPECT_NEAR(values[0], 3.0, 1e-12);
  EXPECT_NEAR(values[1], 2.5, 1e-12);
  EXPECT_NEAR(values[2], mu, 1e-12);
  EXPECT_NEAR(values[3], 6.0 + 6.0 - mu, 1e-12);
  for (const char* name : {"additive_ls", "onehot_ridge"}) {
    const auto prediction = predict(name);
    const auto fitted = make_baseline(name, {}, data)->fit({data, train, {}, split, 1}, {});
    const std::vector<std::uint32_t> known{0};  // drug 0 on cell 0
    EXPECT_NEAR(prediction.values[0] + prediction.values[1] - prediction.values[2],
                fitted->predict(data, known, {}).values[0], 1e-9);
    EXPECT_EQ(prediction.diagnostics.find("unseen_cell")->count, 2U) << name;
    EXPECT_EQ(prediction.diagnostics.find("unseen_drug")->count, 2U) << name;
  }
  EXPECT_NEAR(predict("additive_ls").values[2], mu, 1e-9);  // centred effects
}

TEST_F(FallBack, interactions_give_way_to_what_is_known) {
  for (const char* name : {"id_boosting", "id_mlp"}) {
    const auto values = predict(name).values;
    EXPECT_NEAR(values[0], 3.0, 1e-6) << name;
    EXPECT_NEAR(values[1], 2.5, 1e-6) << name;
    EXPECT_NEAR(values[2], 4.2, 1e-6) << name;
  }
  const auto values = predict("id_factorisation").values;
  EXPECT_NEAR(values[2], 4.2, 1e-5);
}

TEST_F(FallBack, oracles_average_what_they_predict) {
  for (std::size_t i = 0; i < test.size(); ++i) data.targets(test[i], 0) = static_cast<double>(i);
  EXPECT_EQ(predict("drug_mean_oracle").values, (std::vector<double>{0.0, 1.5, 1.5, 3.0}));
  EXPECT_EQ(predict("cell_mean_oracle").values, (std::vector<double>{1.0, 1.0, 1.0, 3.0}));
}

TEST(degenerate, a_constant_target_is_predicted_as_that_constant) {
  Dataset data = toy::dataset({.n_drugs = 6, .n_cells = 15});
  for (double& value : data.targets.values) value = -0.1;
  const auto cut = toy::mixed(data);
  for (const auto& name : default_baselines(data)) {
    for (const double value : toy::predict(*make_baseline(name, {}, data), data, cut)) {
      ASSERT_NEAR(value, -0.1, 1e-6) << name;
    }
  }
  for (const char* kind : {"ridge", "xgboost", "mlp"}) {
    for (const double value : toy::predict(*make_reference(kind, "m", {}, {}, data), data, cut)) {
      ASSERT_NEAR(value, -0.1, 1e-6) << kind;
    }
  }
}

TEST(degenerate, one_drug_or_one_cell_line_is_enough) {
  for (const auto& [n_drugs, n_cells] :
       {std::pair{1U, 40U}, std::pair{40U, 1U}, std::pair{1U, 1U}}) {
    const Dataset data = toy::dataset({.n_drugs = n_drugs, .n_cells = n_cells, .density = 1.0});
    auto cut = toy::mixed(data);
    if (cut.train.empty()) cut.train = cut.test;
    if (cut.test.empty()) cut.test = cut.train;
    for (const auto& name : default_baselines(data)) {
      for (const double value : toy::predict(*make_baseline(name, {}, data), data, cut)) {
        ASSERT_TRUE(std::isfinite(value)) << name << " " << n_drugs << "x" << n_cells;
      }
    }
    for (const char* kind : {"ridge", "xgboost", "mlp"}) {
      for (const double value : toy::predict(*make_reference(kind, "m", {}, {}, data), data, cut)) {
        ASSERT_TRUE(std::isfinite(value)) << kind << " " << n_drugs << "x" << n_cells;
      }
    }
  }
}

TEST(degenerate, no_training_rows_or_targets_is_an_input_error) {
  Dataset data = toy::dataset({});
  auto cut = toy::mixed(data);
  const auto expect_input_error = [&](const Predictor& predictor) {
    try {
      toy::predict(predictor, data, cut);
      ADD_FAILURE() << predictor.info().name << " did not refuse";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
    }
  };
  data.targets(cut.train[3], 0) = std::numeric_limits<double>::quiet_NaN();
  expect_input_error(*make_baseline("drug_mean", {}, data));
  cut.train.clear();
  for (const auto& name : default_baselines(data))
    expect_input_error(*make_baseline(name, {}, data));
  for (const char* kind : {"ridge", "xgboost", "mlp"}) {
    expect_input_error(*make_reference(kind, "m", {}, {}, data));
  }
}

TEST(degenerate, no_rows_to_predict_give_no_predictions) {
  const Dataset data = toy::dataset({});
  auto cut = toy::mixed(data);
  cut.test.clear();
  for (const auto& name : default_baselines(data)) {
    EXPECT_TRUE(toy::predict(*make_baseline(name, {}, data), data, cut).empty()) << name;
  }
}

TEST(features, rows_without_features_get_the_additive_mean_and_are_counted) {
  Dataset data = toy::dataset({.n_drugs = 10, .n_cells = 25});
  const auto cut = toy::mixed(data);
  const std::uint32_t without = data.entities[1].code_of_sample[cut.test.front()];
  data.entities[1].features[0].present[without] = 0;
  const auto additive = toy::predict(*make_baseline("additive", {}, data), data, cut);
  for (const char* kind : {"ridge", "xgboost", "mlp"}) {
    const auto model = make_reference(kind, "m", {}, {}, data);
    const auto prediction =
        model->fit({data, cut.train, {}, cut.split, 1}, {})->predict(data, cut.test, {});
    std::size_t n_without = 0;
    for (std::size_t i = 0; i < cut.test.size(); ++i) {
      if (data.entities[1].code_of_sample[cut.test[i]] != without) continue;
      ++n_without;
      EXPECT_NEAR(prediction.values[i], additive[i], 1e-9) << kind;
    }
    ASSERT_GT(n_without, 0U);
    ASSERT_NE(prediction.diagnostics.find("no_features_cell"), nullptr) << kind;
    EXPECT_EQ(prediction.diagnostics.find("no_features_cell")->count, n_without) << kind;
  }
}

TEST(cancellation, stops_a_fit) {
  const Dataset data = toy::dataset({});
  const auto cut = toy::mixed(data);
  const std::atomic<bool> cancel{true};
  Context context;
  context.cancel = &cancel;
  try {
    make_baseline("id_boosting", {}, data)->fit({data, cut.train, {}, cut.split, 1}, context);
    ADD_FAILURE() << "was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
}

}  // namespace
}  // namespace cupel

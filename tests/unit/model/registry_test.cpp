/// The registry: names, options, what is on by default, what the descriptions promise.
#include <gmock/gmock.h>

#include "area/drug_response/baselines.hpp"
#include "cupel/error.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

using drug_response::baseline_catalogue;
using drug_response::default_baselines;
using drug_response::make_baseline;
using drug_response::make_reference;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

template <typename F>
Error error_of(F&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("no error was thrown");
}

TEST(registry, has_the_promised_names_once_each_and_complete) {
  const std::vector<std::string> promised{
      "global_mean",      "drug_mean",       "cell_mean",    "tissue_mean",  "tissue_drug_mean",
      "additive",         "additive_ls",     "onehot_ridge", "id_boosting",  "id_mlp",
      "id_factorisation", "knn_cell",        "knn_drug",     "nearest_cell", "nearest_drug",
      "cell_mean_oracle", "drug_mean_oracle"};
  std::vector<std::string> names;
  for (const auto& info : baseline_catalogue()) {
    names.push_back(info.name);
    EXPECT_FALSE(info.title.empty() || info.description.empty() || info.fallback.empty() ||
                 info.source.empty() || info.sees.empty())
        << info.name;
    EXPECT_FALSE(info.is_model) << info.name;
    EXPECT_EQ(info.is_oracle, info.name.ends_with("oracle")) << info.name;
  }
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(promised));
  EXPECT_EQ(names.front(), "global_mean");
  EXPECT_TRUE(names.back().ends_with("oracle"));
}

TEST(registry, defaults_are_what_the_data_allow_and_never_an_oracle) {
  const Dataset full = toy::dataset({});
  const auto names = default_baselines(full);
  EXPECT_EQ(names.size(), 13U);
  EXPECT_THAT(names, Not(Contains(HasSubstr("oracle"))));
  Dataset bare = toy::dataset({.features = false});
  bare.entities[1].labels.clear();
  const auto few = default_baselines(bare);
  EXPECT_EQ(few.size(), 9U);
  EXPECT_THAT(few, Not(Contains(HasSubstr("knn"))));
  EXPECT_THAT(few, Not(Contains(HasSubstr("tissue"))));
}

TEST(registry, wrong_names_and_options_are_usage_errors_with_a_suggestion) {
  const Dataset data = toy::dataset({});
  const Error name = error_of([&] { make_baseline("drug_maen", {}, data); });
  EXPECT_EQ(name.kind(), ErrorKind::usage);
  EXPECT_THAT(name.hint(), HasSubstr("\"drug_mean\""));
  const Error option = error_of([&] { make_baseline("id_factorisation", {{"rank", "3"}}, data); });
  EXPECT_EQ(option.kind(), ErrorKind::usage);
  EXPECT_THAT(option.hint(), HasSubstr("\"ranks\""));
  const Error value = error_of([&] { make_baseline("knn_cell", {{"k", "0"}}, data); });
  EXPECT_EQ(value.kind(), ErrorKind::usage);
  EXPECT_THAT(value.hint(), HasSubstr("from 1"));
  EXPECT_EQ(error_of([&] { make_baseline("id_mlp", {{"preset", "big"}}, data); }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(error_of([&] { make_reference("lasso", "m", {}, {}, data); }).kind(), ErrorKind::usage);
  const Error view = error_of([&] { make_reference("ridge", "m", {"cell.expresion"}, {}, data); });
  EXPECT_THAT(view.hint(), HasSubstr("\"cell.expression\""));
}

TEST(registry, missing_inputs_are_named) {
  const Dataset bare = toy::dataset({.features = false});
  const Error knn = error_of([&] { make_baseline("knn_drug", {}, bare); });
  EXPECT_EQ(knn.kind(), ErrorKind::input);
  EXPECT_THAT(knn.message(), HasSubstr("drug.fingerprint"));
  EXPECT_EQ(error_of([&] { make_reference("ridge", "m", {}, {}, bare); }).kind(), ErrorKind::input);
}

TEST(registry, options_enter_the_parameters) {
  const Dataset data = toy::dataset({});
  EXPECT_EQ(make_baseline("knn_cell", {{"k", "3"}}, data)->info().parameters, "k=3");
  EXPECT_NE(make_baseline("id_mlp", {{"epochs", "3"}}, data)->info().parameters,
            make_baseline("id_mlp", {}, data)->info().parameters);
}

TEST(registry, nearest_copies_take_other_features_and_another_name) {
  const Dataset data = toy::dataset({});
  EXPECT_EQ(make_baseline("nearest_cell", {}, data)->info().parameters,
            "features=expression similarity=natural");
  const auto other = make_baseline("nearest_cell", {{"similarity", "cosine"}}, data, "by_cosine");
  EXPECT_EQ(other->info().name, "by_cosine");
  EXPECT_EQ(other->info().parameters, "features=fitting similarity=cosine");
  const Error missing =
      error_of([&] { make_baseline("nearest_cell", {{"features", "mutation"}}, data); });
  EXPECT_THAT(missing.message(), HasSubstr("cell.mutation"));
}

TEST(registry, a_reference_model_declares_what_it_sees) {
  Dataset data = toy::dataset({});
  EXPECT_EQ(make_reference("ridge", "m", {}, {}, data)->info().title, "m");
  EXPECT_EQ(make_reference("ridge", "m", {}, {}, data, "My model")->info().title, "My model");
  const auto sees = make_reference("ridge", "m", {"cell.expression"}, {}, data)->info().sees;
  EXPECT_EQ(sees, (Information{"targets", "cell_features"}));
  data.entities[1].features[0].present[2] = 0;  // now the id means may have to step in
  EXPECT_TRUE(
      make_reference("ridge", "m", {"cell.expression"}, {}, data)->info().sees.contains("drug_id"));
}

}  // namespace
}  // namespace cupel

/// The generic learners on problems with a known answer.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

#include "base/random.hpp"
#include "model/boosted_trees.hpp"
#include "model/factorisation_tuning.hpp"
#include "model/inner_split.hpp"
#include "model/mlp.hpp"
#include "model/neighbours.hpp"
#include "model/pca.hpp"
#include "model/two_way.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

/// A full table of rank `rank` plus effects, with `share` of its cells in the first result.
std::pair<PairTable, PairTable> planted(std::size_t n, std::size_t m, std::size_t rank,
                                        double noise, double share) {
  Rng rng(3, "planted");
  std::vector<double> u(n * rank);
  std::vector<double> v(m * rank);
  for (double& value : u) value = rng.normal();
  for (double& value : v) value = rng.normal();
  std::pair<PairTable, PairTable> out;
  out.first.n_first = out.second.n_first = n;
  out.first.n_second = out.second.n_second = m;
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t j = 0; j < m; ++j) {
      double y = 5.0 + 0.1 * i + 0.05 * j + noise * rng.normal();
      for (std::size_t k = 0; k < rank; ++k) y += u[i * rank + k] * v[j * rank + k];
      PairTable& table = rng.uniform() < share ? out.first : out.second;
      table.first.push_back(i);
      table.second.push_back(j);
      table.value.push_back(y);
    }
  }
  return out;
}

TEST(factorisation, finds_a_planted_low_rank_table) {
  const auto [train, test] = planted(60, 80, 3, 0.1, 0.7);
  const auto [fit, tune] = planted(60, 80, 3, 0.1, 0.6);
  FactorisationGrid grid{.ranks = {0, 2, 4, 8}, .sweeps = 200};
  const auto model = fit_tuned_factorisation(fit, tune, train, grid, 1, {});
  EXPECT_GE(model.rank, 4U);
  EXPECT_LT(rmse(model, test), 0.25);
}

TEST(factorisation, chooses_rank_0_where_the_table_is_additive) {
  const auto [train, test] = planted(40, 50, 0, 0.5, 0.8);
  const auto model = fit_tuned_factorisation(train, test, train, {}, 1, {});
  EXPECT_EQ(model.rank, 0U);
}

TEST(factorisation, does_not_depend_on_the_unit_of_the_target) {
  auto [train, test] = planted(30, 40, 2, 0.2, 0.8);
  const auto one = fit_tuned_factorisation(train, test, train, {}, 1, {});
  const double error = rmse(one, test);
  for (auto* table : {&train, &test}) {
    for (double& value : table->value) value = 100.0 + 1e-3 * value;
  }
  const auto other = fit_tuned_factorisation(train, test, train, {}, 1, {});
  EXPECT_NEAR(rmse(other, test) / 1e-3, error, 0.02 * error);
}

TEST(factorisation, leaves_the_saddle_when_a_heavy_penalty_killed_the_factors) {
  const auto [train, test] = planted(60, 80, 3, 0.1, 0.7);
  const FactorisationProblem problem(train);
  const auto dead = problem.fit({.rank = 4, .penalty = 1e6F, .max_sweeps = 50}, {});
  EXPECT_TRUE(dead.has_collapsed());
  const auto alive = problem.fit({.rank = 4, .penalty = 1.0F, .max_sweeps = 50}, {}, &dead);
  EXPECT_FALSE(alive.has_collapsed());
  EXPECT_LT(rmse(alive, test), 0.5);
}

TEST(two_way, solves_an_unbalanced_additive_table_exactly) {
  const auto [train, test] = planted(20, 30, 0, 0.0, 0.3);
  const auto model = fit_two_way(train, {});
  double worst = 0.0;
  for (std::size_t r = 0; r < train.size(); ++r) {
    worst = std::max(worst, std::abs(train.value[r] - model.at(train.first[r], train.second[r])));
  }
  for (std::size_t r = 0; r < test.size(); ++r) {
    worst = std::max(worst, std::abs(test.value[r] - model.at(test.first[r], test.second[r])));
  }
  EXPECT_LT(worst, 1e-9);
  EXPECT_LT(model.steps, 100U);
}

TEST(two_way, is_finite_on_a_disconnected_table) {
  const PairTable pairs{
      .n_first = 3, .n_second = 3, .first = {0, 1}, .second = {0, 1}, .value = {1, 5}};
  auto model = fit_two_way(pairs, {});
  EXPECT_NEAR(model.at(0, 0), 1.0, 1e-9);
  EXPECT_NEAR(model.at(1, 1), 5.0, 1e-9);
  EXPECT_TRUE(std::isfinite(model.at(0, 1)));
  centre_effects(model, pairs);
  EXPECT_NEAR(model.at(2, 2), 3.0, 1e-9);
}

TEST(inner_split, follows_the_unit_of_the_split) {
  const Dataset data = toy::dataset({.n_drugs = 20, .n_cells = 40});
  const auto disjoint = [](const std::vector<std::uint32_t>& code, const InnerSplit& inner) {
    for (const auto a : inner.fit) {
      for (const auto b : inner.tune) {
        if (code[a] == code[b]) return false;
      }
    }
    return true;
  };
  const auto& drug = data.entity("drug").code_of_sample;
  const auto& cell = data.entity("cell").code_of_sample;
  for (const auto& [blind_to, cells, drugs] :
       {std::tuple{std::vector<std::string>{}, false, false},
        std::tuple{std::vector<std::string>{"cell"}, true, false},
        std::tuple{std::vector<std::string>{"drug"}, false, true},
        std::tuple{std::vector<std::string>{"drug", "cell"}, true, true},
        std::tuple{std::vector<std::string>{"cell", "cell.tissue"}, true, false}}) {
    auto cut = toy::mixed(data);
    cut.split.blind_to = blind_to;
    const FitRequest request{data, cut.train, {}, cut.split, 5};
    const auto inner = inner_split(request);
    ASSERT_FALSE(inner.tune.empty() || inner.fit.empty());
    EXPECT_EQ(disjoint(cell, inner), cells);
    EXPECT_EQ(disjoint(drug, inner), drugs);
    if (blind_to.size() == 2 && blind_to[1] == "cell.tissue") {
      EXPECT_NE(cell[inner.tune.front()] % 3, cell[inner.fit.front()] % 3);
    }
  }
}

TEST(inner_split, keeps_replicates_of_a_pair_together) {
  Dataset data = toy::dataset({});
  const std::size_t n = data.n_samples();
  for (auto& entity : data.entities) {  // every pair is measured twice
    auto& code = entity.code_of_sample;
    code.resize(2 * n);
    std::copy_n(code.begin(), n, code.begin() + static_cast<std::ptrdiff_t>(n));
  }
  data.targets.rows = 2 * n;
  data.targets.values.resize(2 * n, 0.0);
  std::vector<std::uint32_t> rows(2 * n);
  std::iota(rows.begin(), rows.end(), 0U);
  const Split mixed{.name = "mixed", .role = std::vector<Role>(2 * n, Role::train)};
  const InnerSplit inner = inner_split({data, rows, {}, mixed, 5});
  EXPECT_EQ(inner.fit.size() + inner.tune.size(), rows.size());
  std::set<std::uint32_t> pairs;
  for (const auto row : inner.fit) pairs.insert(row % static_cast<std::uint32_t>(n));
  ASSERT_FALSE(inner.tune.empty());
  for (const auto row : inner.tune) {
    EXPECT_FALSE(pairs.contains(row % static_cast<std::uint32_t>(n)));
  }
}

TEST(inner_split, takes_the_validation_set_only_if_it_is_as_blind_as_the_test_set) {
  const Dataset data = toy::dataset({});
  auto cut = toy::blind(data, "cell");
  const FitRequest good{data, cut.train, cut.test, cut.split, 5};
  EXPECT_TRUE(inner_split(good).from_validation);
  const std::vector<std::uint32_t> leaky{cut.train.back()};
  const auto train = std::span(cut.train).first(cut.train.size() - 1);
  EXPECT_FALSE(inner_split({data, train, leaky, cut.split, 5}).from_validation);
  cut.split.blind_to.clear();
  EXPECT_TRUE(inner_split({data, train, leaky, cut.split, 5}).from_validation);
}

TEST(mlp, learns_an_interaction_of_one_hot_identities) {
  const auto [train, test] = planted(20, 25, 2, 0.1, 0.85);
  const auto inputs = [](const PairTable& pairs) {
    return std::vector<MlpInput>{{.codes = pairs.first, .n_levels = pairs.n_first},
                                 {.codes = pairs.second, .n_levels = pairs.n_second}};
  };
  const std::vector<float> y(train.value.begin(), train.value.end());
  const auto model =
      Mlp::fit(inputs(train), y, {}, {},
               {.hidden = {64, 32}, .epochs = 200, .batch = 32, .learning_rate = 5e-3}, {});
  const auto prediction = model.predict(inputs(train));
  double error = 0.0;
  for (std::size_t r = 0; r < y.size(); ++r) error += std::pow(y[r] - prediction[r], 2);
  EXPECT_LT(std::sqrt(error / static_cast<double>(y.size())), 0.3);
}

/// A one-hot block and an identity matrix as table are the same input, so they must train alike.
TEST(mlp, a_one_hot_look_up_equals_a_table_that_is_the_identity) {
  const auto [train, test] = planted(8, 9, 1, 0.1, 0.8);
  Matrix<float> identity(8, 8);
  for (std::size_t i = 0; i < 8; ++i) identity(i, i) = 1.0F;
  std::vector<MlpInput> look_up{{.codes = train.first, .n_levels = 8},
                                {.codes = train.second, .n_levels = 9}};
  std::vector<MlpInput> table = look_up;
  table[0].table = &identity;
  const std::vector<float> y(train.value.begin(), train.value.end());
  const MlpOptions options{.hidden = {16, 8}, .epochs = 5, .batch = 16};
  const auto a = Mlp::fit(look_up, y, {}, {}, options, {}).predict(look_up);
  const auto b = Mlp::fit(table, y, {}, {}, options, {}).predict(table);
  for (std::size_t r = 0; r < a.size(); ++r) EXPECT_NEAR(a[r], b[r], 2e-3F);
}

TEST(mlp, keeps_the_best_epoch_on_the_tuning_rows) {
  const auto [train, test] = planted(20, 25, 2, 2.0, 0.5);
  const auto inputs = [](const PairTable& pairs) {
    return std::vector<MlpInput>{{.codes = pairs.first, .n_levels = pairs.n_first},
                                 {.codes = pairs.second, .n_levels = pairs.n_second}};
  };
  const std::vector<float> y(train.value.begin(), train.value.end());
  const std::vector<float> y_test(test.value.begin(), test.value.end());
  const MlpOptions options{.hidden = {64},
                           .epochs = 200,
                           .batch = 16,
                           .learning_rate = 1e-2,
                           .decay_rate = false,
                           .patience = 5};
  const auto model = Mlp::fit(inputs(train), y, inputs(test), y_test, options, {});
  EXPECT_LT(model.best_epoch(), 100U);  // overfits long before
}

TEST(neighbours, weights_by_similarity_and_falls_back) {
  // Cells 0..3; similarity of cell 3 to the others 0.5, 0.25, 0. Drug 0 measured on 0, 1, 2.
  Matrix<float> similarity(4, 4, 0.0F);
  similarity(3, 0) = similarity(0, 3) = 0.5F;
  similarity(3, 1) = similarity(1, 3) = 0.25F;
  const PairTable pairs{.n_first = 3,
                        .n_second = 4,
                        .first = {0, 0, 0, 1},
                        .second = {0, 1, 2, 2},
                        .value = {1, 4, 10, 7}};
  const NeighbourModel model(pairs, similarity);
  EXPECT_NEAR(model.at(0, 3, 10).value, 5.0 + (0.5 * -4.0 + 0.25 * -1.0) / 0.75, 1e-6);
  EXPECT_NEAR(model.at(0, 3, 1).value, 1.0, 1e-6);
  EXPECT_EQ(model.at(1, 3, 10).value, 7.0);  // drug 1 was measured on no neighbour
  EXPECT_EQ(model.at(1, 3, 10).source, NeighbourModel::Source::own_mean);
  EXPECT_NEAR(model.at(2, 3, 10).value, (0.5 * 1.0 + 0.25 * 4.0) / 0.75, 1e-6);  // unseen drug
  EXPECT_EQ(model.at(2, 2, 10).value, 5.5);
  EXPECT_EQ(model.at(2, 2, 10).source, NeighbourModel::Source::global_mean);
}

TEST(neighbours, similarities_are_tanimoto_and_pearson) {
  FeatureBlock bits{
      .name = "fingerprint", .values = Matrix<float>(3, 4), .present = {1, 1, 0}, .binary = true};
  bits.values.values = {1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1};
  const auto tanimoto = similarity_matrix(bits);
  EXPECT_FLOAT_EQ(tanimoto(0, 1), 2.0F / 3.0F);
  EXPECT_EQ(tanimoto(0, 2), 0.0F);
  FeatureBlock numbers{.name = "expression", .values = Matrix<float>(3, 3), .present = {1, 1, 1}};
  numbers.values.values = {1, 2, 3, 30, 20, 10, 5, 5, 5};
  const auto pearson = similarity_matrix(numbers);
  EXPECT_NEAR(pearson(0, 1), -1.0F, 1e-6F);
  EXPECT_EQ(pearson(0, 2), 0.0F);  // a constant row has no correlation
}

TEST(pca, finds_the_axes_of_a_low_rank_cloud) {
  Matrix<float> x(50, 30);
  Rng rng(1, "cloud");
  std::vector<double> axis(60);
  for (double& value : axis) value = rng.normal();
  for (std::size_t i = 0; i < 50; ++i) {
    const double s = 3.0 * rng.normal();
    const double t = rng.normal();
    for (std::size_t k = 0; k < 30; ++k)
      x(i, k) = static_cast<float>(7.0 + s * axis[k] + t * axis[30 + k]);
  }
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < 40; ++i) rows.push_back(i);
  const Pca pca = fit_pca(x, rows, 10, 1);
  ASSERT_EQ(pca.axes.rows, 2U);  // no more variance than two directions
  const std::vector<std::uint32_t> others{45, 49};
  const auto scores = pca.scores(x, others);
  for (std::size_t r = 0; r < 2; ++r) {  // the two scores give the row back
    for (std::size_t k = 0; k < 30; ++k) {
      const float back = pca.mean[k] + pca.deviation[0] * (scores(r, 0) * pca.axes(0, k) +
                                                           scores(r, 1) * pca.axes(1, k));
      EXPECT_NEAR(back, x(others[r], k), 1e-3F);
    }
  }
}

TEST(boosted_trees, split_sets_of_categories) {
  Matrix<float> x(400, 1);
  std::vector<float> y;
  for (std::size_t r = 0; r < 400; ++r) {
    x(r, 0) = static_cast<float>(r % 20);
    y.push_back((r % 20) * 7 % 20 < 10 ? 3.0F : -1.0F);
  }
  const BoostedTreesOptions options{
      .trees = 30, .depth = 1, .learning_rate = 0.5, .categorical = true};
  const auto out = BoostedTrees::fit(x, y, options, {}).predict(x);
  for (std::size_t r = 0; r < 400; ++r)
    ASSERT_NEAR(out[r], y[r], 0.05F);  // one cut cannot, a set can
}

TEST(boosted_trees, without_features_say_the_mean) {
  const std::vector<float> y{1.0F, 2.0F, 6.0F};
  const auto model = BoostedTrees::fit(Matrix<float>(3, 0), y, {}, {});
  EXPECT_EQ(model.predict(Matrix<float>(2, 0)), (std::vector<float>{3.0F, 3.0F}));
}

}  // namespace
}  // namespace cupel

/// What must hold for every predictor of the area, whatever the data: a fit sees training rows
/// only, the same seed gives the same answer, and the order of the rows does not matter to means.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <limits>
#include <map>
#include <memory>

#include "../../unit/model/toy.hpp"
#include "area/drug_response/baselines.hpp"
#include "base/parallel.hpp"
#include "model/twin.hpp"

namespace cupel {
namespace {

using drug_response::baseline_catalogue;
using drug_response::make_baseline;
using drug_response::make_reference;

/// Quick settings, so that a property can be tried often.
std::map<std::string, std::string> quick(const std::string& name) {
  if (name == "id_boosting" || name == "xgboost") return {{"trees", "15"}};
  if (name == "id_mlp" || name == "mlp") return {{"epochs", "3"}, {"hidden", "16,8"}};
  return {};
}

std::vector<std::unique_ptr<Predictor>> everything(const Dataset& data, bool with_oracles) {
  std::vector<std::unique_ptr<Predictor>> out;
  for (const auto& info : baseline_catalogue()) {
    if (info.is_oracle && !with_oracles) continue;
    out.push_back(make_baseline(info.name, quick(info.name), data));
  }
  for (const char* kind : {"ridge", "xgboost", "mlp"}) {
    out.push_back(make_reference(kind, kind, {}, quick(kind), data));
  }
  const std::size_t n_models = out.size();
  for (std::size_t m = n_models - 3; m < n_models; ++m) {
    out.push_back(make_twin(*out[m], {.view = "cell.expression"}));
    out.push_back(make_label_null(*out[m], {}));
  }
  return out;
}

toy::Shape any_shape() {
  return {.n_drugs = *rc::gen::inRange(2U, 15U),
          .n_cells = *rc::gen::inRange(4U, 40U),
          .density = 0.1 * *rc::gen::inRange(3, 11),
          .noise = 0.5,
          .seed = *rc::gen::inRange<std::uint64_t>(0, 1000)};
}

toy::Cut any_cut(const Dataset& data) {
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return toy::mixed(data);
    case 1:
      return toy::blind(data, "cell");
    default:
      return toy::blind(data, "drug");
  }
}

/// Bit for bit: NaN equals NaN.
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

RC_GTEST_PROP(honesty, test_targets_change_no_prediction, ()) {
  const Dataset data = toy::dataset(any_shape());
  const auto cut = any_cut(data);
  RC_PRE(!cut.train.empty() && !cut.test.empty());
  Dataset garbage = data;
  for (std::size_t i = 0; i < cut.test.size(); ++i) {
    garbage.targets(cut.test[i], 0) = i % 2 == 0 ? std::numeric_limits<double>::quiet_NaN() : 1e6;
  }
  for (const auto& predictor : everything(data, false)) {
    if (!same(toy::predict(*predictor, data, cut), toy::predict(*predictor, garbage, cut))) {
      RC_FAIL(predictor->info().name);
    }
  }
}

TEST(honesty, an_oracle_does_look) {
  const Dataset data = toy::dataset({});
  const auto cut = toy::mixed(data);
  Dataset changed = data;
  for (const auto row : cut.test) changed.targets(row, 0) += 1.0;
  const auto oracle = make_baseline("cell_mean_oracle", {}, data);
  EXPECT_FALSE(same(toy::predict(*oracle, data, cut), toy::predict(*oracle, changed, cut)));
}

RC_GTEST_PROP(honesty, every_row_gets_a_finite_prediction, ()) {
  const Dataset data = toy::dataset(any_shape());
  const auto cut = any_cut(data);
  RC_PRE(!cut.train.empty());
  for (const auto& predictor : everything(data, true)) {
    const auto values = toy::predict(*predictor, data, cut);
    if (values.size() != cut.test.size()) RC_FAIL(predictor->info().name);
    for (const double value : values) {
      if (!std::isfinite(value)) RC_FAIL(predictor->info().name);
    }
  }
}

RC_GTEST_PROP(means, do_not_depend_on_the_order_of_the_rows, ()) {
  const Dataset data = toy::dataset(any_shape());
  auto cut = any_cut(data);
  RC_PRE(!cut.train.empty() && !cut.test.empty());
  std::map<std::string, std::vector<double>> before;
  const std::vector<std::string> names{"global_mean",      "drug_mean", "cell_mean",  "tissue_mean",
                                       "tissue_drug_mean", "additive",  "additive_ls"};
  for (const auto& name : names) {
    before[name] = toy::predict(*make_baseline(name, {}, data), data, cut);
  }
  Rng rng(3, "order");
  rng.shuffle(std::span<std::uint32_t>(cut.train));
  for (const auto& name : names) {
    const auto after = toy::predict(*make_baseline(name, {}, data), data, cut);
    const double tolerance = name == "additive_ls" ? 1e-9 : 1e-12;
    for (std::size_t i = 0; i < after.size(); ++i) {
      RC_ASSERT(std::abs(after[i] - before[name][i]) <= tolerance);
    }
  }
}

TEST(determinism, the_same_seed_gives_the_same_answer_on_any_number_of_threads) {
  const Dataset data = toy::dataset({});
  const auto cut = toy::mixed(data);
  const auto predictors = everything(data, true);
  std::vector<std::vector<double>> alone;
  for (const auto& predictor : predictors) alone.push_back(toy::predict(*predictor, data, cut));
  Context context;
  context.n_threads = 4;
  std::vector<std::vector<double>> together(predictors.size());
  parallel_for(context, predictors.size(),
               [&](std::size_t i) { together[i] = toy::predict(*predictors[i], data, cut); });
  for (std::size_t i = 0; i < predictors.size(); ++i) {
    EXPECT_TRUE(same(alone[i], together[i])) << predictors[i]->info().name;
  }
}

}  // namespace
}  // namespace cupel

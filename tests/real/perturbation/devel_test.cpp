// PerturBench's devel.h5ad: baselines have the numbers of an independent computation (numpy).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "area/perturbation/baselines.hpp"
#include "area/perturbation/load.hpp"
#include "data/profiles.hpp"

namespace cupel::perturbation {
namespace {

class Devel : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* mirror = std::getenv("CUPEL_MIRROR");
    if (mirror == nullptr) GTEST_SKIP() << "CUPEL_MIRROR is not set";
    const auto file = std::filesystem::path(mirror) / "perturbation/perturbench/devel.h5ad";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
    DataSpec spec;
    spec.file = file.string();
    spec.columns = {{"perturbation", "condition"}, {"context", "cell_type"}};
    spec.profiles.control = "control";
    spec.profiles.scale = "log1p";
    spec.profiles.halves = 1;
    loaded_ = load_profiles(spec, ".", CatalogueOptions{}, Context{.n_threads = 2});
  }
  [[nodiscard]] const Dataset& data() const { return loaded_.data; }
  [[nodiscard]] const std::string& id(std::uint32_t row) const {
    return data().entities[0].ids[data().entities[0].code_of_sample[row]];
  }
  [[nodiscard]] const std::string& line(std::uint32_t row) const {
    return data().entities[1].ids[data().entities[1].code_of_sample[row]];
  }
  [[nodiscard]] std::size_t n_members(std::uint32_t row) const {
    return data().profiles->members[data().entities[0].code_of_sample[row]].size();
  }
  [[nodiscard]] std::vector<std::uint32_t> rows(
      const std::function<bool(std::uint32_t)>& wanted) const {
    std::vector<std::uint32_t> out;
    for (std::uint32_t row = 0; row < data().n_samples(); ++row) {
      if (wanted(row)) out.push_back(row);
    }
    return out;
  }
  /// Measured in A172 too: the nine perturbations of all four lines.
  [[nodiscard]] bool is_shared(std::uint32_t row) const {
    for (std::uint32_t other = 0; other < data().n_samples(); ++other) {
      if (line(other) == "A172" && id(other) == id(row)) return true;
    }
    return false;
  }

  struct Scores {
    double mse = 0.0;
    double l2 = 0.0;
    double pearson_delta = 0.0;
  };
  /// Means over the test rows.
  [[nodiscard]] Scores score(const std::string& name,
                             const std::map<std::string, std::string>& options,
                             const std::vector<std::uint32_t>& train,
                             const std::vector<std::uint32_t>& test) const {
    Split split;
    split.role.assign(data().n_samples(), Role::left_out);
    const auto fitted =
        make_baseline(name, options, data())
            ->fit({.data = data(), .train = train, .validation = {}, .split = split}, Context{});
    const auto values = fitted->predict(data(), test, Context{}).values;
    Scores out;
    const std::size_t size = data().n_outputs();
    for (std::size_t i = 0; i < test.size(); ++i) {
      const auto truth = data().targets.row(test[i]);
      const auto control =
          data().profiles->controls.row(data().entities[1].code_of_sample[test[i]]);
      double squares = 0.0;
      double mean_a = 0.0;
      double mean_b = 0.0;
      for (std::size_t j = 0; j < size; ++j) {
        const double p = values[i * size + j];
        squares += (p - truth[j]) * (p - truth[j]);
        mean_a += (p - control[j]) / static_cast<double>(size);
        mean_b += (truth[j] - control[j]) / static_cast<double>(size);
      }
      double ab = 0.0;
      double aa = 0.0;
      double bb = 0.0;
      for (std::size_t j = 0; j < size; ++j) {
        const double a = values[i * size + j] - control[j] - mean_a;
        const double b = truth[j] - control[j] - mean_b;
        ab += a * b;
        aa += a * a;
        bb += b * b;
      }
      const auto n = static_cast<double>(test.size());
      out.mse += squares / static_cast<double>(size) / n;
      out.l2 += std::sqrt(squares) / n;
      out.pearson_delta += ab / std::sqrt(aa * bb) / n;
    }
    return out;
  }
  LoadedData loaded_;
};

const std::vector<std::string> kLines{"A172", "T98G", "U87MG", "k562"};

TEST_F(Devel, Shape) {
  EXPECT_EQ(data().n_samples(), 60U);
  EXPECT_EQ(data().n_outputs(), 500U);
  EXPECT_EQ(data().entities[1].ids, kLines);
  EXPECT_EQ(data().entities[0].find_label("kind")->levels.size(), 2U);
}

TEST_F(Devel, LeaveOneLineOut) {
  const std::vector<double> no_change{.0071, .0068, .0130, .0013};
  const std::vector<double> own{.0093, .0085, .0145, .0044};
  const std::vector<double> global{.0976, .1383, .2055, .1062};
  for (std::size_t c = 0; c < 4; ++c) {
    const auto train = rows([&](std::uint32_t row) { return line(row) != kLines[c]; });
    const auto test =
        rows([&](std::uint32_t row) { return line(row) == kLines[c] && is_shared(row); });
    EXPECT_NEAR(score("no_change", {}, train, test).mse, no_change[c], 5e-5);
    EXPECT_NEAR(score("perturbation_mean_across_contexts", {}, train, test).mse, own[c], 5e-5);
    EXPECT_NEAR(score("perturbation_mean_across_contexts", {{"basal", "global"}}, train, test).mse,
                global[c], 5e-5);
  }
}

TEST_F(Devel, LeaveOnePairOut) {
  const std::vector<double> two_way{.0059, .0056, .0097, .0033};
  const std::vector<double> two_way_pearson{.54, .55, .56, .07};
  const std::vector<double> context{.0043, .0042, .0084, .0014};
  const std::vector<double> context_pearson{.64, .63, .61, .30};
  for (std::size_t c = 0; c < 4; ++c) {
    Scores additive;
    Scores mean;
    const auto tested =
        rows([&](std::uint32_t row) { return line(row) == kLines[c] && is_shared(row); });
    for (const auto one : tested) {
      const auto train = rows([&](std::uint32_t row) { return row != one && is_shared(row); });
      const auto a = score("two_way_additive", {}, train, {one});
      const auto m = score("context_mean", {}, train, {one});
      additive.mse += a.mse / 9.0;
      additive.pearson_delta += a.pearson_delta / 9.0;
      mean.mse += m.mse / 9.0;
      mean.pearson_delta += m.pearson_delta / 9.0;
    }
    EXPECT_NEAR(additive.mse, two_way[c], 5e-5);
    EXPECT_NEAR(additive.pearson_delta, two_way_pearson[c], 5e-3);
    EXPECT_NEAR(mean.mse, context[c], 5e-5);
    EXPECT_NEAR(mean.pearson_delta, context_pearson[c], 5e-3);
  }
}

TEST_F(Devel, CombinationsOfKnownSingles) {
  const auto train = rows([&](std::uint32_t row) { return n_members(row) == 1; });
  const auto seen = [&](std::uint32_t row) {
    std::size_t n = 0;
    for (const auto& member : data().profiles->members[data().entities[0].code_of_sample[row]]) {
      for (const auto other : train) n += line(other) == "k562" && id(other) == member ? 1U : 0U;
    }
    return n;
  };
  const auto both = rows([&](std::uint32_t row) { return n_members(row) == 2 && seen(row) == 2; });
  ASSERT_EQ(both.size(), 5U);
  const auto additive = score("additive", {}, train, both);
  EXPECT_NEAR(additive.pearson_delta, 0.8698577401226208, 1e-12);
  EXPECT_NEAR(additive.l2, 0.4460940616578332, 1e-12);
  const auto matching = score("matching_mean", {}, train, both);
  EXPECT_NEAR(matching.pearson_delta, 0.869857740122621, 1e-12);
  EXPECT_NEAR(matching.l2, 0.751657241609226, 1e-12);

  const auto none = rows([&](std::uint32_t row) { return n_members(row) == 2 && seen(row) == 0; });
  ASSERT_EQ(none.size(), 7U);
  const auto in_k562 =
      rows([&](std::uint32_t row) { return n_members(row) == 1 && line(row) == "k562"; });
  EXPECT_NEAR(score("perturbation_mean", {}, in_k562, none).l2, 2.0911, 5e-5);
  EXPECT_NEAR(score("perturbation_mean", {{"weighting", "cells"}}, in_k562, none).l2, 2.0912, 5e-5);
}

}  // namespace
}  // namespace cupel::perturbation

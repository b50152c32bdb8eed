#include "stat/resample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/random.hpp"
#include "cupel/error.hpp"
#include "metric/groups.hpp"
#include "stat/interval.hpp"

namespace cupel {
namespace {

const std::vector<Statistic> kAll = {Statistic::mse,
                                     Statistic::rmse,
                                     Statistic::mae,
                                     Statistic::r2,
                                     Statistic::pearson,
                                     Statistic::macro_a_pearson,
                                     Statistic::macro_b_pearson,
                                     Statistic::macro_a_r2,
                                     Statistic::macro_b_r2};

/// A small drug x line table: additive effects, noise, missing pairs, and a few predictors.
struct Screen {
  std::vector<double> truth;
  std::vector<std::uint32_t> fold, drug, line;
  std::vector<std::vector<double>> predictions;

  explicit Screen(std::uint64_t seed, std::uint32_t n_drugs = 7, std::uint32_t n_lines = 23,
                  std::uint32_t n_folds = 3) {
    Rng rng(seed, "screen");
    std::vector<double> drug_effect(n_drugs), line_effect(n_lines);
    for (double& x : drug_effect) x = 3.0 * rng.normal();
    for (double& x : line_effect) x = rng.normal();
    predictions.resize(4);
    for (std::uint32_t d = 0; d < n_drugs; ++d) {
      for (std::uint32_t c = 0; c < n_lines; ++c) {
        if (rng.uniform() < 0.2) continue;
        truth.push_back(40.0 + drug_effect[d] + line_effect[c] + rng.normal());
        drug.push_back(10 * d);  // codes with gaps
        line.push_back(c);
        fold.push_back(rng.below(n_folds));
        predictions[0].push_back(40.0 + drug_effect[d]);  // constant per drug
        predictions[1].push_back(truth.back() + rng.normal());
        predictions[2].push_back(predictions[1].back());
        predictions[3].push_back(truth.back() * 0.5);
      }
    }
  }
  [[nodiscard]] std::vector<std::span<const double>> spans() const {
    return {predictions.begin(), predictions.end()};
  }
  [[nodiscard]] Resampled run(const ResampleOptions& options, const Context& context = {}) const {
    const auto all = spans();
    return resample({truth, fold, drug, line, all}, options, context);
  }
};

/// The definition, row by row, with whole-number weights as repeated rows.
double slow_value(const Screen& screen, const std::vector<double>& prediction, Statistic statistic,
                  const std::map<std::uint32_t, int>* count_a,
                  const std::map<std::uint32_t, int>* count_b) {
  static const std::map<Statistic, std::pair<std::string, char>> kMeaning = {
      {Statistic::mse, {"mse", '-'}},
      {Statistic::rmse, {"rmse", '-'}},
      {Statistic::mae, {"mae", '-'}},
      {Statistic::r2, {"r2", '-'}},
      {Statistic::pearson, {"pearson", '-'}},
      {Statistic::macro_a_pearson, {"pearson", 'a'}},
      {Statistic::macro_b_pearson, {"pearson", 'b'}},
      {Statistic::macro_a_r2, {"r2", 'a'}},
      {Statistic::macro_b_r2, {"r2", 'b'}}};
  const auto& [name, kind] = kMeaning.at(statistic);
  std::map<std::pair<std::uint32_t, std::uint32_t>,
           std::pair<std::vector<double>, std::vector<double>>>
      segments;
  for (std::size_t i = 0; i < screen.truth.size(); ++i) {
    const std::uint32_t group = kind == 'a' ? screen.drug[i] : kind == 'b' ? screen.line[i] : 0;
    auto& [t, p] = segments[{screen.fold[i], group}];
    const int copies =
        (count_a ? count_a->at(screen.drug[i]) : 1) * (count_b ? count_b->at(screen.line[i]) : 1);
    for (int k = 0; k < copies; ++k) {
      t.push_back(screen.truth[i]);
      p.push_back(prediction[i]);
    }
  }
  double sum = 0.0;
  double weights = 0.0;
  for (const auto& [key, rows] : segments) {
    const double value = evaluate(name, rows.first, rows.second);
    const double weight = kind == 'a' && count_a   ? count_a->at(key.second)
                          : kind == 'b' && count_b ? count_b->at(key.second)
                                                   : 1.0;
    if (std::isnan(value) || weight == 0.0) continue;
    sum += weight * value;
    weights += weight;
  }
  return weights > 0.0 ? sum / weights : std::numeric_limits<double>::quiet_NaN();
}

void expect_same(double actual, double expected, double tolerance = 1e-10) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << actual;
  } else {
    EXPECT_NEAR(actual, expected, tolerance * std::max(1.0, std::abs(expected)));
  }
}

TEST(Resample, PointValuesAreTheMetrics) {
  const Screen screen(1, 11, 70, 2);  // folds of more rows than one tile of the engine
  const Resampled out = screen.run({.statistics = kAll, .n_draws = 3});
  for (const Statistic statistic : kAll) {
    for (std::size_t p = 0; p < 4; ++p) {
      SCOPED_TRACE(std::string(to_string(statistic)) + " of predictor " + std::to_string(p));
      expect_same(out.sample(statistic, p).point,
                  slow_value(screen, screen.predictions[p], statistic, nullptr, nullptr));
    }
  }
}

TEST(Resample, MacroPointEqualsEvaluateGroupsInOneFold) {
  Screen screen(2);
  std::ranges::fill(screen.fold, 0U);
  const Resampled out =
      screen.run({.statistics = {Statistic::macro_b_pearson}, .n_draws = 1, .min_group_rows = 5});
  const auto scores = evaluate_groups("pearson", screen.truth, screen.predictions[1], screen.line,
                                      23, {.min_rows = 5});
  EXPECT_NEAR(out.sample(Statistic::macro_b_pearson, 1).point, macro_average(scores).mean_defined,
              1e-12);
}

/// Re-draws the counts as the engine does (same stream) and recomputes every draw slowly.
TEST(Resample, DrawsEqualRepeatedRows) {
  const Screen screen(3, 5, 9, 2);
  for (const ResampleUnit unit : {ResampleUnit::a, ResampleUnit::b, ResampleUnit::both}) {
    const Resampled out = screen.run({.statistics = kAll, .unit = unit, .n_draws = 20, .seed = 9});
    for (std::size_t d = 0; d < 20; ++d) {
      std::map<std::uint32_t, int> a, b;
      for (std::uint32_t i = 0; i < 5; ++i) a[10 * i] = 0;
      for (std::uint32_t i = 0; i < 9; ++i) b[i] = 0;
      Rng rng_a(9, "bootstrap unit a", d), rng_b(9, "bootstrap unit b", d);
      for (int i = 0; i < 5; ++i) ++a[10 * rng_a.below(5)];
      for (int i = 0; i < 9; ++i) ++b[rng_b.below(9)];
      for (const Statistic statistic : kAll) {
        for (std::size_t p = 0; p < 4; ++p) {
          SCOPED_TRACE(std::string(to_string(statistic)) + " of predictor " + std::to_string(p) +
                       " in draw " + std::to_string(d));
          expect_same(out.sample(statistic, p).draws[d],
                      slow_value(screen, screen.predictions[p], statistic,
                                 unit == ResampleUnit::b ? nullptr : &a,
                                 unit == ResampleUnit::a ? nullptr : &b),
                      1e-9);
        }
      }
    }
  }
}

TEST(Resample, JackknifeLeavesOneUnitOut) {
  const Screen screen(4, 4, 11, 2);
  const Resampled out = screen.run({.statistics = kAll, .n_draws = 1});
  ASSERT_EQ(out.n_units_a, 4U);
  ASSERT_EQ(out.n_units_b, 11U);
  std::map<std::uint32_t, int> all_a, all_b;
  for (std::uint32_t i = 0; i < 4; ++i) all_a[10 * i] = 1;
  for (std::uint32_t i = 0; i < 11; ++i) all_b[i] = 1;
  for (const Statistic statistic : kAll) {
    for (std::uint32_t i = 0; i < 4; ++i) {
      auto without = all_a;
      without[10 * i] = 0;
      expect_same(out.sample(statistic, 1).jackknife_a[i],
                  slow_value(screen, screen.predictions[1], statistic, &without, &all_b));
    }
    for (std::uint32_t i = 0; i < 11; ++i) {
      auto without = all_b;
      without[i] = 0;
      expect_same(out.sample(statistic, 1).jackknife_b[i],
                  slow_value(screen, screen.predictions[1], statistic, &all_a, &without));
    }
  }
}

TEST(Resample, ConstantPredictionPerDrugHasNoMacroCorrelation) {
  const Screen screen(5);
  const Resampled out =
      screen.run({.statistics = {Statistic::macro_a_pearson}, .n_draws = 50, .seed = 1});
  const Sample& sample = out.sample(Statistic::macro_a_pearson, 0);
  EXPECT_TRUE(std::isnan(sample.point));
  for (const double draw : sample.draws) EXPECT_TRUE(std::isnan(draw));
  const Interval interval = bca_interval(sample);
  EXPECT_TRUE(std::isnan(interval.low));
  EXPECT_EQ(interval.n_dropped, 50U);
}

TEST(Resample, PredictionConstantUpToRoundingHasNoCorrelation) {
  Screen screen(10);
  for (std::size_t i = 0; i < screen.truth.size(); ++i) {
    screen.predictions[3][i] = i % 2 == 0 ? 5.0 : 5.0 + 1e-15;
  }
  const Resampled out =
      screen.run({.statistics = {Statistic::pearson, Statistic::macro_a_pearson}, .n_draws = 5});
  for (const Statistic statistic : out.statistics) {
    EXPECT_TRUE(std::isnan(out.sample(statistic, 3).point));
    EXPECT_TRUE(std::isnan(out.sample(statistic, 3).draws[0]));
    EXPECT_FALSE(std::isnan(out.sample(statistic, 1).point));
  }
}

TEST(Resample, EveryDrawHasItsOwnStream) {
  const Screen screen(11);
  const Sample many = screen.run({.n_draws = 600}).sample(Statistic::mse, 1);
  const Sample few = screen.run({.n_draws = 300}).sample(Statistic::mse, 1);
  EXPECT_EQ(std::set<double>(many.draws.begin(), many.draws.end()).size(), 600U);
  for (std::size_t d = 0; d < 256; ++d) EXPECT_EQ(many.draws[d], few.draws[d]);
  const Sample other = screen.run({.n_draws = 300, .seed = 1}).sample(Statistic::mse, 1);
  EXPECT_NE(other.draws[0], few.draws[0]);
}

TEST(Resample, IdenticalPredictorsDifferByExactlyZero) {
  const Screen screen(6);
  const Resampled out = screen.run({.statistics = kAll, .n_draws = 200});
  for (const Statistic statistic : kAll) {
    const Sample gap = difference(out.sample(statistic, 1), out.sample(statistic, 2));
    EXPECT_EQ(gap.point, 0.0) << to_string(statistic);
    for (const double draw : gap.draws) EXPECT_EQ(draw, 0.0) << to_string(statistic);
    EXPECT_EQ(bootstrap_p_value(gap.draws), 1.0);
  }
}

TEST(Resample, RefusesWhatItCannotResample) {
  Screen screen(7);
  EXPECT_THROW(resample({}, {}, {}), Error);
  screen.predictions[0][3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(screen.run({}), Error);
  screen.predictions[0].pop_back();
  EXPECT_THROW(screen.run({}), Error);
  EXPECT_THROW((void)Screen(8).run({}).sample(Statistic::r2, 0), Error);
}

TEST(Resample, OneUnitHasNoSpreadOfItsOwn) {
  const Screen screen(9, 1, 20, 1);
  const Resampled out = screen.run({.unit = ResampleUnit::a, .n_draws = 20});
  EXPECT_EQ(out.n_units_a, 1U);
  // Zero but for the rounding of whatever matrix product the processor has.
  EXPECT_NEAR(standard_error(out.sample(Statistic::mse, 1).draws), 0.0, 1e-12);
}

}  // namespace
}  // namespace cupel

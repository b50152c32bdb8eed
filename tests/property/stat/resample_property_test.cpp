// Properties of the bootstrap and of its intervals.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/random.hpp"
#include "stat/interval.hpp"
#include "stat/resample.hpp"

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

struct Table {
  std::vector<double> truth;
  std::vector<std::uint32_t> fold, a, b;
  std::vector<std::vector<double>> predictions;

  [[nodiscard]] Resampled run(const ResampleOptions& options, unsigned n_threads = 1) const {
    const std::vector<std::span<const double>> all(predictions.begin(), predictions.end());
    return resample({truth, fold, a, b, all}, options, {.n_threads = n_threads});
  }
};

Table random_table(std::size_t n_predictors) {
  Rng rng(*rc::gen::inRange(0, 1'000'000), "property");
  const std::uint32_t n_a = 1 + rng.below(8), n_b = 1 + rng.below(12), n_folds = 1 + rng.below(3);
  Table table;
  table.predictions.resize(n_predictors);
  for (std::uint32_t i = 0; i < n_a; ++i) {
    for (std::uint32_t j = 0; j < n_b; ++j) {
      if (rng.uniform() < 0.3 && !table.truth.empty()) continue;
      table.a.push_back(i);
      table.b.push_back(j);
      table.fold.push_back(rng.below(n_folds));
      table.truth.push_back(i + 0.5 * rng.below(6));
      for (auto& prediction : table.predictions) {
        prediction.push_back(table.truth.back() + rng.normal());
      }
    }
  }
  return table;
}

bool same_bits(const std::vector<double>& x, const std::vector<double>& y) {
  return x.size() == y.size() &&
         (x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0);
}

RC_GTEST_PROP(ResampleProperty, ThreadsChangeNoBit, ()) {
  const Table table = random_table(3);
  const ResampleOptions options{.statistics = kAll, .n_draws = 600};
  const Resampled one = table.run(options, 1);
  const Resampled three = table.run(options, 3);
  for (std::size_t s = 0; s < one.samples.size(); ++s) {
    RC_ASSERT(same_bits({one.samples[s].point}, {three.samples[s].point}));
    RC_ASSERT(same_bits(one.samples[s].draws, three.samples[s].draws));
    RC_ASSERT(same_bits(one.samples[s].jackknife_a, three.samples[s].jackknife_a));
    RC_ASSERT(same_bits(one.samples[s].jackknife_b, three.samples[s].jackknife_b));
  }
}

RC_GTEST_PROP(ResampleProperty, IdenticalPredictorsNeverDiffer, ()) {
  // Any number of predictors between the two: their columns fall on any lane of the product.
  Table table = random_table(*rc::gen::inRange<std::size_t>(2, 12));
  table.predictions.back() = table.predictions.front();
  const Resampled out = table.run({.statistics = kAll, .n_draws = 40});
  for (const Statistic statistic : kAll) {
    const Sample gap =
        difference(out.sample(statistic, 0), out.sample(statistic, table.predictions.size() - 1));
    for (const double draw : gap.draws) RC_ASSERT(draw == 0.0 || std::isnan(draw));
  }
}

RC_GTEST_PROP(ResampleProperty, ConstantErrorHasNoWidth, ()) {
  Table table = random_table(1);
  table.predictions[0] = table.truth;
  for (double& value : table.predictions[0]) value += 2.0;
  const Resampled out =
      table.run({.statistics = {Statistic::mse, Statistic::mae}, .unit = ResampleUnit::b});
  for (const Statistic statistic : {Statistic::mse, Statistic::mae}) {
    const double expected = statistic == Statistic::mse ? 4.0 : 2.0;
    const Interval interval = bca_interval(out.sample(statistic, 0));
    RC_ASSERT(std::abs(interval.low - expected) < 1e-12);
    RC_ASSERT(std::abs(interval.high - expected) < 1e-12);
  }
}

RC_GTEST_PROP(ResampleProperty, ShiftOfAllValuesChangesNothing, ()) {
  Table table = random_table(2);
  const Resampled plain = table.run({.statistics = kAll, .n_draws = 30});
  const double shift = *rc::gen::element(1e3, 1e6);
  for (double& value : table.truth) value += shift;
  for (auto& prediction : table.predictions) {
    for (double& value : prediction) value += shift;
  }
  const Resampled moved = table.run({.statistics = kAll, .n_draws = 30});
  for (std::size_t s = 0; s < plain.samples.size(); ++s) {
    for (std::size_t d = 0; d < 30; ++d) {
      const double x = plain.samples[s].draws[d];
      const double y = moved.samples[s].draws[d];
      RC_ASSERT(std::isnan(x) == std::isnan(y));
      RC_ASSERT(std::isnan(x) || std::abs(x - y) <= 1e-6 * std::max(1.0, std::abs(x)));
    }
  }
}

RC_GTEST_PROP(ResampleProperty, OrderOfRowsChangesNothing, ()) {
  const Table table = random_table(2);
  std::vector<std::uint32_t> order(table.truth.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  Rng(*rc::gen::inRange(0, 1000), "order").shuffle(std::span(order));
  Table other;
  other.predictions.resize(2);
  for (const std::uint32_t row : order) {
    other.truth.push_back(table.truth[row]);
    other.fold.push_back(table.fold[row]);
    other.a.push_back(table.a[row]);
    other.b.push_back(table.b[row]);
    for (std::size_t p = 0; p < 2; ++p) other.predictions[p].push_back(table.predictions[p][row]);
  }
  const Resampled x = table.run({.statistics = kAll, .n_draws = 30});
  const Resampled y = other.run({.statistics = kAll, .n_draws = 30});
  for (std::size_t s = 0; s < x.samples.size(); ++s) {
    for (std::size_t d = 0; d < 30; ++d) {
      const double left = x.samples[s].draws[d];
      const double right = y.samples[s].draws[d];
      RC_ASSERT(std::isnan(left) == std::isnan(right));
      RC_ASSERT(std::isnan(left) || std::abs(left - right) <= 1e-9 * std::max(1.0, std::abs(left)));
    }
  }
}

}  // namespace
}  // namespace cupel

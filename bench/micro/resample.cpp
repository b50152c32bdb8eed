// The shared bootstrap: rows x draws x predictors per second of CPU time, one thread.
//   bench_micro_resample --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include "stat/resample.hpp"

#include <benchmark/benchmark.h>

#include <vector>

#include "base/random.hpp"

namespace {

using namespace cupel;

/// One fold-like table of the size of GDSC2: 233 drugs x 688 lines, 88 % measured, 10 folds.
struct Pairs {
  std::vector<double> truth;
  std::vector<std::uint32_t> fold;
  std::vector<std::uint32_t> drug;
  std::vector<std::uint32_t> cell;
  std::vector<std::vector<double>> predictions;

  explicit Pairs(std::size_t n_predictors) {
    Rng rng(1, "bench pairs");
    std::vector<double> drug_mean(233);
    std::vector<double> cell_mean(688);
    for (double& mean : drug_mean) mean = 2.5 + 2.5 * rng.normal();
    for (double& mean : cell_mean) mean = 0.8 * rng.normal();
    for (std::uint32_t d = 0; d < drug_mean.size(); ++d) {
      for (std::uint32_t c = 0; c < cell_mean.size(); ++c) {
        if (rng.uniform() > 0.881) continue;
        truth.push_back(drug_mean[d] + cell_mean[c] + rng.normal());
        fold.push_back(rng.below(10));
        drug.push_back(d);
        cell.push_back(c);
      }
    }
    for (std::size_t p = 0; p < n_predictors; ++p) {
      auto& prediction = predictions.emplace_back();
      for (const double value : truth) prediction.push_back(value + rng.normal());
    }
  }
};

void bootstrap(benchmark::State& state, std::vector<Statistic> statistics) {
  const Pairs pairs(static_cast<std::size_t>(state.range(0)));
  const std::vector<std::span<const double>> predictions(pairs.predictions.begin(),
                                                         pairs.predictions.end());
  const ResampleRows rows{.truth = pairs.truth,
                          .fold = pairs.fold,
                          .unit_a = pairs.drug,
                          .unit_b = pairs.cell,
                          .predictions = predictions};
  ResampleOptions options{.statistics = std::move(statistics)};
  options.n_draws = static_cast<std::size_t>(state.range(1));
  options.seed = 1;
  for (auto _ : state) benchmark::DoNotOptimize(resample(rows, options, Context{}));
  state.SetItemsProcessed(state.iterations() * state.range(0) * state.range(1) *
                          static_cast<std::int64_t>(pairs.truth.size()));
}

}  // namespace

BENCHMARK_CAPTURE(bootstrap, rmse, std::vector{Statistic::rmse})
    ->Args({4, 2000})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bootstrap, pooled_and_per_drug,
                  std::vector{Statistic::rmse, Statistic::r2, Statistic::pearson,
                              Statistic::macro_a_pearson})
    ->Args({4, 2000})
    ->Unit(benchmark::kMillisecond);

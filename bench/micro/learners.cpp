// Learners and metrics that an audit spends its time in, on pairs of the size of one GDSC2 fold.
//   bench_micro_learners --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/random.hpp"
#include "metric/metric.hpp"
#include "model/factorisation.hpp"
#include "model/level_means.hpp"
#include "model/mlp.hpp"

namespace {

using namespace cupel;

constexpr std::size_t kDrugs = 233;
constexpr std::size_t kCells = 688;

/// A two-way table with effects, an interaction of rank 5 and noise.
PairTable pairs(double measured) {
  Rng rng(1, "bench learners");
  const auto normals = [&rng](std::size_t n) {
    std::vector<double> out(n);
    for (double& value : out) value = rng.normal();
    return out;
  };
  constexpr std::size_t kRank = 5;
  const auto drug = normals(kDrugs * (kRank + 1));
  const auto cell = normals(kCells * (kRank + 1));
  PairTable table{.n_first = kDrugs, .n_second = kCells};
  for (std::uint32_t d = 0; d < kDrugs; ++d) {
    for (std::uint32_t c = 0; c < kCells; ++c) {
      if (rng.uniform() > measured) continue;
      double value = 2.5 * drug[d * (kRank + 1)] + 0.8 * cell[c * (kRank + 1)] + 0.8 * rng.normal();
      for (std::size_t k = 1; k <= kRank; ++k) {
        value += 0.4 * drug[d * (kRank + 1) + k] * cell[c * (kRank + 1) + k];
      }
      table.first.push_back(d);
      table.second.push_back(c);
      table.value.push_back(value);
    }
  }
  return table;
}

void drug_means(benchmark::State& state) {
  const PairTable table = pairs(0.793);
  for (auto _ : state) benchmark::DoNotOptimize(level_means(table.first, table.value, kDrugs));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(table.size()));
}

/// One fit at one rank and penalty; flops of a sweep: pairs x (rank + 1)^2 twice.
void factorisation(benchmark::State& state) {
  const FactorisationProblem problem(pairs(0.793));
  FactorisationOptions options{.rank = static_cast<std::uint32_t>(state.range(0))};
  double flops = 0.0;
  for (auto _ : state) {
    const auto model = problem.fit(options, Context{});
    const double width = options.rank + 1.0;
    flops += 2.0 * model.sweeps * width * width * static_cast<double>(problem.pairs().size());
  }
  state.counters["flop/s"] = benchmark::Counter(flops, benchmark::Counter::kIsRate);
}

void mlp_epochs(benchmark::State& state) {
  const PairTable table = pairs(0.793);
  const std::vector<MlpInput> inputs{{.codes = table.first, .n_levels = kDrugs},
                                     {.codes = table.second, .n_levels = kCells}};
  const std::vector<float> y(table.value.begin(), table.value.end());
  for (auto _ : state) {
    benchmark::DoNotOptimize(Mlp::fit(
        inputs, y, {}, {},
        {.hidden = {96, 48}, .epochs = static_cast<std::uint32_t>(state.range(0))}, Context{}));
  }
}

/// Truth and drug means (many ties, as in real scores) on 14,123 rows: one test fold.
void one_metric(benchmark::State& state, const std::string& name) {
  const PairTable table = pairs(0.0881);
  const auto means = level_means(table.first, table.value, kDrugs);
  std::vector<double> prediction;
  for (const std::uint32_t drug : table.first) prediction.push_back(means.of(drug, means.overall));
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(name, table.value, prediction));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(table.size()));
}

}  // namespace

BENCHMARK(drug_means)->Unit(benchmark::kMicrosecond);
BENCHMARK(factorisation)->Arg(8)->Arg(30)->Arg(60)->Unit(benchmark::kMillisecond);
BENCHMARK(mlp_epochs)->Arg(3)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(one_metric, rmse, "rmse")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(one_metric, mae, "mae")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(one_metric, r2, "r2")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(one_metric, pearson, "pearson")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(one_metric, spearman, "spearman")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(one_metric, kendall, "kendall")->Unit(benchmark::kMicrosecond);

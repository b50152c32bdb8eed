// Binary fingerprints: pairs per second of CPU time on one thread, by instruction set, for columns
// that fit L1 (64 of 2048 bits: 16 KiB), L2 (1,024: 256 KiB), L3 (32,768: 8 MiB) and none of them
// (524,288: 128 MiB). 64 rows a call, as in the engine.
//   bench_micro_popcount --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
//
// `common` counts the ones of all pairs; `screen` decides a Tanimoto threshold on bits folded to
// 512; `graph` is the engine on clustered fingerprints, threshold 0.4, all pairs of N among
// themselves.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/random.hpp"
#include "simd/bit_kernels.hpp"
#include "similarity/engine.hpp"
#include "similarity/fingerprint.hpp"
#include "synthetic_fingerprints.hpp"

namespace {

using namespace cupel;

constexpr std::size_t kRows = 64;
constexpr std::size_t kCall = 1024;  // columns of one call

const BitKernels* table(benchmark::State& state) {
  const auto* kernels = bit_kernels(static_cast<InstructionSet>(state.range(0)));
  if (kernels == nullptr) {
    state.SkipWithError("this processor has not got it");
    return nullptr;
  }
  state.SetLabel(std::string(to_string(kernels->set)));
  return kernels;
}

void common(benchmark::State& state) {
  const auto* kernels = table(state);
  if (kernels == nullptr) return;
  const auto n_cols = static_cast<std::size_t>(state.range(1));
  const std::size_t call = std::min(n_cols, kCall);
  const PackedBits bits = bench::synthetic_fingerprints(std::max(n_cols, kRows), 1);
  std::vector<std::uint32_t> out(kRows * call);
  std::size_t col = 0;
  for (auto _ : state) {
    kernels->common(bits.words.data(), kRows, bits.row(col).data(), call, bits.n_words, out.data());
    benchmark::DoNotOptimize(out.data());
    col = (col + call) % n_cols;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows * call));
}

void screen(benchmark::State& state) {
  const auto* kernels = table(state);
  if (kernels == nullptr) return;
  const auto n_cols = static_cast<std::size_t>(state.range(1));
  const std::size_t call = std::min(n_cols, kCall);
  Rng rng(1, "folded");
  std::vector<std::uint32_t> groups(n_cols * kFoldWords);
  for (auto& word : groups) word = rng() & rng() & rng();
  const std::vector<float> need(kRows, 28.0F);
  const std::vector<float> slope(kRows, 0.0F);
  const std::vector<float> zeros(n_cols, 0.0F);
  std::vector<std::uint16_t> passed(kRows * call / kFoldLanes);
  std::size_t col = 0;
  for (auto _ : state) {
    kernels->screen({groups.data(), need.data(), slope.data(), zeros.data(), kRows,
                     groups.data() + col * kFoldWords, zeros.data() + col, zeros.data() + col,
                     call / kFoldLanes, passed.data()});
    benchmark::DoNotOptimize(passed.data());
    col = (col + call) % n_cols;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows * call));
}

void graph(benchmark::State& state) {
  const auto* kernels = table(state);
  if (kernels == nullptr) return;
  const auto n = static_cast<std::size_t>(state.range(1));
  const auto similarity =
      fingerprint_similarity(bench::synthetic_fingerprints(n, 1), nullptr, {.kernels = kernels});
  std::uint64_t n_edges = 0;
  for (auto _ : state) n_edges = count_pairs_at_least(*similarity, 0.4, Context{});
  state.counters["edges"] = static_cast<double>(n_edges);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(n * (n - 1) / 2));
}

void caches(benchmark::internal::Benchmark* made) {
  for (const int set : {0, 1, 2}) {
    for (const int n_cols : {64, 1024, 32768, 524288}) made->Args({set, n_cols});
  }
}

}  // namespace

BENCHMARK(common)->Apply(caches);
BENCHMARK(screen)->Apply(caches);
BENCHMARK(graph)
    ->Args({0, 10000})
    ->Args({1, 20000})
    ->Args({2, 40000})
    ->Unit(benchmark::kMillisecond);

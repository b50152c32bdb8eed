// Kernels of alignment: cells of the dynamic programme per second of CPU time, one thread, per
// instruction set and mode; and the longest common subsequence that screens pairs.
//   bench_micro_alignment --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "similarity/alignment_items.hpp"
#include "similarity/alignment_tile.hpp"

namespace {

using namespace cupel;

constexpr const char* kSets[] = {"portable", "avx2", "avx512"};
constexpr std::uint32_t kSequences = 64;

std::vector<std::string> sequences(std::size_t length) {
  Rng rng(1, "bench alignment", length);
  std::vector<std::string> texts(kSequences);
  for (auto& text : texts) {
    for (std::size_t k = 0; k < length; ++k) text += "ARNDCQEGHILKMFPSTWYV"[rng.below(20)];
  }
  return texts;
}

void align(benchmark::State& state, AlignmentMode mode) {
  const auto* kernels = align_kernels(kSets[state.range(0)]);
  if (!kernels) {
    state.SkipWithError("not on this processor");
    return;
  }
  const auto length = static_cast<std::size_t>(state.range(1));
  const auto scoring = alignment_scoring("blosum62", 0, 0, 10, 0.5, mode, Denominator::alignment);
  const AlignedItems items(sequences(length), scoring);
  std::vector<std::uint32_t> list;
  for (std::uint32_t i = 0; i < kSequences; ++i) list.push_back(i);
  std::int64_t sum = 0;
  for (auto _ : state) {
    align_tile({.queries = items, .targets = items, .query_list = list, .target_list = list},
               scoring, *kernels,
               [&](auto, auto, const AlignmentSums& sums) { sum += sums.identities; });
  }
  benchmark::DoNotOptimize(sum);
  state.counters["cells"] =
      benchmark::Counter(static_cast<double>(length * length * kSequences * kSequences) *
                             static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

void common(benchmark::State& state) {
  const auto* kernels = align_kernels(kSets[state.range(0)]);
  if (!kernels) {
    state.SkipWithError("not on this processor");
    return;
  }
  const auto length = static_cast<std::size_t>(state.range(1));
  const AlignedItems items(sequences(length), {});
  const std::vector<std::uint32_t> group = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  CommonScreen screen(*kernels);
  screen.prepare(items, group);
  for (auto _ : state) benchmark::DoNotOptimize(screen.common(items, 20));
  state.counters["cells"] = benchmark::Counter(
      static_cast<double>(length * length * group.size()) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}

}  // namespace

BENCHMARK_CAPTURE(align, global, AlignmentMode::global)->ArgsProduct({{0, 1, 2}, {120, 350, 800}});
BENCHMARK_CAPTURE(align, free_ends, AlignmentMode::global_free_ends)
    ->ArgsProduct({{0, 1, 2}, {120, 350, 800}});
BENCHMARK_CAPTURE(align, local, AlignmentMode::local)->ArgsProduct({{0, 1, 2}, {120, 350, 800}});
BENCHMARK(common)->ArgsProduct({{0, 1, 2}, {120, 350, 800}});

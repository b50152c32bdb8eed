// Reading and writing delimited text: bytes of plain text per second of CPU time, one thread.
//   bench_micro_csv --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
// CUPEL_BENCH_CSV=FILE also measures a file of yours.
#include "io/csv.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/random.hpp"
#include "io/compressed.hpp"
#include "io/csv_scan.hpp"
#include "io/write.hpp"

namespace {

using namespace cupel;

/// 64 MB: drug, cell line, tissue, id, ln IC50, AUC, fold.
const std::string& responses() {
  static const std::string text = [] {
    constexpr std::array<const char*, 4> kTissues = {"lung", "breast", "large intestine", "skin"};
    Rng rng(1, "bench responses");
    std::string out = "drug,cell_line,tissue,COSMIC_ID,LN_IC50,AUC,fold\n";
    while (out.size() < 64'000'000) {
      const std::uint32_t cell = rng.below(988);
      fmt::format_to(std::back_inserter(out), "drug-{} name,CELL{:04},{},{},{:.6f},{:.6f},{}\n",
                     rng.below(265), cell, kTissues[cell % 4], 683665 + cell * 7,
                     2.5 + 2.8 * rng.normal(), rng.uniform(), rng.below(10));
    }
    return out;
  }();
  return text;
}

/// 951 lines of an id and 1,983 expression values with four decimals.
const std::string& expression() {
  static const std::string text = [] {
    Rng rng(2, "bench expression");
    std::string out = "COSMIC_ID";
    for (int g = 0; g < 1983; ++g) out += fmt::format(",GENE{}", g);
    out += '\n';
    for (int line = 0; line < 951; ++line) {
      out += std::to_string(683665 + line * 7);
      for (int g = 0; g < 1983; ++g) out += fmt::format(",{:.4f}", 2.0 + 10.0 * rng.uniform());
      out += '\n';
    }
    return out;
  }();
  return text;
}

/// Doubles with 17 digits, as Python writes them: the slow form of numbers.
const std::string& long_doubles() {
  static const std::string text = [] {
    Rng rng(3, "bench doubles");
    CsvWriter out;
    out.row(std::vector<std::string>{"a", "b", "c", "d"});
    for (int line = 0; line < 300'000; ++line) {
      for (int c = 0; c < 4; ++c) out.number(rng.normal());
      out.end_row();
    }
    return out.take();
  }();
  return text;
}

void set_speed(benchmark::State& state, std::size_t n_bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(n_bytes));
}

void read_text(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_csv(text, "bench", {}, {}));
  set_speed(state, text.size());
}

void scan_only(benchmark::State& state, detail::SimdLevel level) {
  const std::string_view text = std::string_view(responses()).substr(0, 256 * 1024);
  detail::CellIndex index;
  for (auto _ : state) {
    detail::index_cells(text, {}, level, index);
    benchmark::DoNotOptimize(index.n_records);
  }
  set_speed(state, text.size());
}

void write_text(benchmark::State& state, const std::string& text) {
  const Table table = parse_csv(text, "bench", {}, {});
  for (auto _ : state) benchmark::DoNotOptimize(to_csv(table));
  set_speed(state, text.size());
}

void read_own_file(benchmark::State& state) {
  const char* path = std::getenv("CUPEL_BENCH_CSV");
  if (path == nullptr) {
    state.SkipWithError("set CUPEL_BENCH_CSV to a file");
    return;
  }
  const std::size_t n_bytes = read_bytes(path).size();
  for (auto _ : state) benchmark::DoNotOptimize(read_csv(path, {}, {}));
  set_speed(state, n_bytes);
}

}  // namespace

BENCHMARK_CAPTURE(read_text, responses, responses())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_text, expression, expression())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_text, long_doubles, long_doubles())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scan_only, portable, detail::SimdLevel::portable);
BENCHMARK_CAPTURE(scan_only, sse2, detail::SimdLevel::sse2);
BENCHMARK_CAPTURE(scan_only, avx2, detail::SimdLevel::avx2);
BENCHMARK_CAPTURE(write_text, responses, responses())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(write_text, long_doubles, long_doubles())->Unit(benchmark::kMillisecond);
BENCHMARK(read_own_file)->Unit(benchmark::kMillisecond);

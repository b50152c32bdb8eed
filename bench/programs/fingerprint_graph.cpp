// The threshold graph of N synthetic fingerprints (2048 bits, about 50 ones), all pairs; one line
// of JSON. With FILE the fingerprints are also written there, N x 256 bytes, for peers.
//   bench_fingerprint_graph N THRESHOLD THREADS MEMORY_GIB [graph|count|nearest|write] [FILE]
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "../micro/synthetic_fingerprints.hpp"
#include "cupel/error.hpp"
#include "similarity/engine.hpp"
#include "similarity/fingerprint.hpp"
#include "similarity/graph_file.hpp"

namespace {

using namespace cupel;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double peak_gib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1048576.0;
}

std::uint64_t run(const Similarity& similarity, double threshold, const std::string& what,
                  const Context& context, const MemoryLimit& memory) {
  if (what == "count") return count_pairs_at_least(similarity, threshold, context);
  if (what == "write") return write_graph(similarity, threshold, "fingerprint_graph.bin", context);
  if (what == "graph") return build_graph(similarity, threshold, context, memory).n_edges();
  if (what != "nearest") fail(ErrorKind::usage, "give graph, count, nearest or write");
  std::uint64_t n = 0;
  for (const auto& best : nearest(similarity, context)) n += best.value >= threshold;
  return n;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: bench_fingerprint_graph N THRESHOLD THREADS MEMORY_GIB [WHAT] [FILE]\n",
               stderr);
    return 2;
  }
  try {
    const auto n = static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10));
    const double threshold = std::strtod(argv[2], nullptr);
    const std::string what = argc > 5 ? argv[5] : "graph";
    Context context;
    context.n_threads = static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10));
    const MemoryLimit memory{
        static_cast<std::uint64_t>(std::strtod(argv[4], nullptr) * 1073741824.0)};
    PackedBits bits = bench::synthetic_fingerprints(n, 1);
    double ones = 0.0;
    for (const auto word : bits.words) ones += __builtin_popcountll(word);
    if (argc > 6) {
      std::ofstream(argv[6], std::ios::binary)
          .write(reinterpret_cast<const char*>(bits.words.data()),
                 static_cast<std::streamsize>(bits.words.size() * sizeof(std::uint64_t)));
    }
    const double cpu = cpu_seconds();
    const double wall = wall_seconds();
    const auto similarity = fingerprint_similarity(std::move(bits), nullptr, {});
    const std::uint64_t found = run(*similarity, threshold, what, context, memory);
    const double pairs = static_cast<double>(n) * (static_cast<double>(n) - 1.0) / 2.0;
    const double used = cpu_seconds() - cpu;
    std::printf(
        "{\"what\": \"%s\", \"n\": %zu, \"threshold\": %g, \"instruction_set\": \"%s\", "
        "\"mean_ones\": %.1f, \"found\": %llu, \"wall_s\": %.2f, \"cpu_s\": %.2f, "
        "\"pairs_per_cpu_s\": %.4g, \"peak_gib\": %.2f}\n",
        what.c_str(), n, threshold, similarity->instruction_set().c_str(),
        ones / static_cast<double>(n), static_cast<unsigned long long>(found),
        wall_seconds() - wall, used, pairs / used, peak_gib());
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n%s\n", error.message().c_str(), error.hint().c_str());
    return static_cast<int>(error.kind());
  }
  return 0;
}

// N predicted against N true profiles of G synthetic genes: l1, l2 and cosine ranks; one line of
// JSON. The values are those of peer_discrimination.py.
//   bench_discrimination N GENES THREADS [l1|products|all]
#include "metric/discrimination.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

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

/// splitmix64 of the number of the value: the same in NumPy.
double value(std::uint64_t i) {
  std::uint64_t z = (i + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53 - 0.5;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench_discrimination N GENES THREADS [l1|products|all]\n", stderr);
    return 2;
  }
  const auto n = static_cast<std::size_t>(std::atoll(argv[1]));
  const auto n_genes = static_cast<std::size_t>(std::atoll(argv[2]));
  const std::string what = argc > 4 ? argv[4] : "all";
  Matrix<double> truth(n, n_genes);
  Matrix<double> predicted(n, n_genes);
  for (std::size_t i = 0; i < truth.values.size(); ++i) {
    truth.values[i] = value(i);
    predicted.values[i] = 0.05 * truth.values[i] + value(i + truth.values.size());
  }
  std::vector<ProfileDistance> distances;
  if (what != "products") distances.push_back(ProfileDistance::l1);
  if (what != "l1") {
    distances.push_back(ProfileDistance::l2);
    distances.push_back(ProfileDistance::cosine);
  }
  const Context context{.n_threads = static_cast<unsigned>(std::atoi(argv[3]))};
  const double wall = wall_seconds();
  const double cpu = cpu_seconds();
  const auto results = discriminate(predicted, truth, distances, {}, context);
  std::printf("{\"wall_s\": %.3f, \"cpu_s\": %.3f", wall_seconds() - wall, cpu_seconds() - cpu);
  for (std::size_t d = 0; d < distances.size(); ++d) {
    double sum = 0.0;
    for (const auto& row : results[d]) sum += row.mid_rank();
    std::printf(", \"%s\": %.1f", std::string(to_string(distances[d])).c_str(), sum);
  }
  std::puts("}");
  return 0;
}

// Learners of ligand potency on real molecules; one line of JSON, CPU seconds of the best of three
// (forest: of five seeds).
//   bench_potency_learners nearest FILE K THREADS [tanimoto|euclid]
//   bench_potency_learners forest FILE TREES THREADS [SHARE]
// FILE of `nearest`: rows of 32 little-endian 64-bit words; the first half is searched for the
// nearest rows in the second half. FILE of `forest`: lines "smiles TAB y TAB train|test"; ECFP4 of
// 1024 bits; the root mean squared error on the test rows by seed.
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "cupel/error.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "model/nearest_neighbours.hpp"
#include "model/random_forest.hpp"

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

template <typename Work>
double best_of_three(const Work& work) {
  double best = INFINITY;
  for (int i = 0; i < 3; ++i) {
    const double begin = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - begin);
  }
  return best;
}

std::vector<std::uint32_t> range(std::size_t begin, std::size_t end) {
  std::vector<std::uint32_t> rows(end - begin);
  std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(begin));
  return rows;
}

void run_nearest(const std::string& file, std::uint32_t k, const std::string& nearness,
                 const Context& context) {
  PackedBits bits(std::filesystem::file_size(file) / 256, 2048);
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char*>(bits.words.data()),
            static_cast<std::streamsize>(bits.words.size() * 8));
  const auto queries = range(0, bits.rows / 2);
  const auto base = range(bits.rows / 2, bits.rows);
  NearestRows found;
  const double cpu = best_of_three([&] {
    found =
        nearest(bits, base, queries,
                {.k = k, .nearness = nearness == "euclid" ? Nearness::euclid : Nearness::tanimoto},
                context);
  });
  double sum = 0.0;
  for (const double value : found.similarity) sum += value;
  std::printf(
      "{\"queries\": %zu, \"base\": %zu, \"k\": %u, \"nearness\": \"%s\", "
      "\"instruction_set\": \"%s\", \"neighbours\": %zu, \"sum\": %.17g, \"tie_share\": %.4f, "
      "\"cpu_s\": %.4f, \"pairs_per_cpu_s\": %.4g}\n",
      queries.size(), base.size(), k, nearness.c_str(),
      std::string(to_string(bit_kernels().set)).c_str(), found.neighbour.size(), sum,
      found.tie_share(k), cpu,
      static_cast<double>(queries.size()) * static_cast<double>(base.size()) / cpu);
}

void run_forest(const std::string& file, std::uint32_t trees, double share,
                const Context& context) {
  std::vector<std::string> smiles;
  std::vector<double> y;
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string molecule, value, part;
    words >> molecule >> value >> part;
    (part == "train" ? train : test).push_back(static_cast<std::uint32_t>(smiles.size()));
    smiles.push_back(molecule);
    y.push_back(std::strtod(value.c_str(), nullptr));
  }
  const auto prints = ecfp(smiles, {.n_bits = 1024}, context);
  std::vector<double> train_y;
  for (const auto row : train) train_y.push_back(y[row]);
  double fit = INFINITY;
  double predict = INFINITY;
  std::string rmse;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const double begin = cpu_seconds();
    const auto forest =
        RandomForest::fit(prints.bits, train, train_y,
                          {.trees = trees, .feature_share = share, .seed = seed}, context);
    const double fitted = cpu_seconds();
    const auto predicted = forest.predict(prints.bits, test, context);
    fit = std::min(fit, fitted - begin);
    predict = std::min(predict, cpu_seconds() - fitted);
    double sum = 0.0;
    for (std::size_t i = 0; i < test.size(); ++i) {
      sum += (predicted[i] - y[test[i]]) * (predicted[i] - y[test[i]]);
    }
    rmse +=
        (seed == 0 ? "" : ", ") + std::to_string(std::sqrt(sum / static_cast<double>(test.size())));
  }
  std::printf(
      "{\"train\": %zu, \"test\": %zu, \"trees\": %u, \"rmse\": [%s], \"fit_cpu_s\": %.4f, "
      "\"predict_cpu_s\": %.4f}\n",
      train.size(), test.size(), trees, rmse.c_str(), fit, predict);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() < 5 || (words[1] != "nearest" && words[1] != "forest")) {
    std::fputs("usage: bench_potency_learners nearest|forest FILE K|TREES THREADS [OPTION]\n",
               stderr);
    return 2;
  }
  try {
    Context context;
    const auto count = static_cast<std::uint32_t>(std::stoul(words[3]));
    context.n_threads = static_cast<unsigned>(std::stoul(words[4]));
    const std::string option = words.size() > 5 ? words[5] : "";
    if (words[1] == "nearest") {
      run_nearest(words[2], count, option.empty() ? "tanimoto" : option, context);
    } else {
      run_forest(words[2], count, option.empty() ? 1.0 : std::stod(option), context);
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n%s\n", error.message().c_str(), error.hint().c_str());
    return static_cast<int>(error.kind());
  }
  return 0;
}

// Parse + ECFP4 (2048 bits) of a file of SMILES, one a line: `plain` = RDKit's own calls in a plain
// loop on one thread, `cupel` = compute_features on N threads, `audit` = all that an audit asks.
//
//   bench_molecules FILE plain|cupel|audit THREADS   prints {"molecules", "bits", "wall_s",
//   "cpu_s"}
#include "io/molecules.hpp"

#include <DataStructs/ExplicitBitVect.h>
#include <GraphMol/Fingerprints/MorganFingerprints.h>
#include <GraphMol/GraphMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <bit>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace {

std::vector<std::string> lines_of(const char* path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::uint64_t plain(const std::vector<std::string>& smiles) {
  std::uint64_t on = 0;
  for (const auto& text : smiles) {
    const std::unique_ptr<RDKit::ROMol> molecule(RDKit::SmilesToMol(text));
    if (!molecule) continue;
    const std::unique_ptr<ExplicitBitVect> bits(
        RDKit::MorganFingerprints::getFingerprintAsBitVect(*molecule, 2, 2048));
    on += bits->getNumOnBits();
  }
  return on;
}

std::uint64_t by_cupel(const std::vector<std::string>& smiles, unsigned n_threads, bool audit) {
  cupel::FeatureRequest request{.fingerprints = {{}}};
  if (audit) {
    request.fingerprints.push_back({.kind = cupel::FingerprintKind::maccs});
    request.descriptors = {"physchem", "size"};
    request.canonical = request.parent = request.murcko = true;
  }
  const auto features = cupel::compute_features(smiles, request, {.n_threads = n_threads});
  std::uint64_t on = 0;
  for (const auto word : features.fingerprints.front().words) {
    on += static_cast<std::uint64_t>(std::popcount(word));
  }
  return on;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto smiles = lines_of(argv[1]);
  const std::string what = argv[2];
  const auto n_threads = static_cast<unsigned>(std::stoul(argv[3]));
  const auto begin = std::chrono::steady_clock::now();
  const double begin_cpu = cpu_seconds();
  const std::uint64_t on =
      what == "plain" ? plain(smiles) : by_cupel(smiles, n_threads, what == "audit");
  const double cpu_s = cpu_seconds() - begin_cpu;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  std::printf("{\"molecules\": %zu, \"bits\": %llu, \"wall_s\": %.4f, \"cpu_s\": %.4f}\n",
              smiles.size(), static_cast<unsigned long long>(on), wall.count(), cpu_s);
  return 0;
}

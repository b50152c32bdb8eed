#pragma once
// Graphs for the tests of SPECTRA's splits, the same as tests/golden/split/spectrae_reference.py
// makes.
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "split/spectra_graph.hpp"

namespace cupel::test {

inline std::uint64_t mix(std::initializer_list<std::uint64_t> words) {
  std::uint64_t state = 0x9E3779B97F4A7C15ULL;
  for (const std::uint64_t word : words) {
    state += word * 0xBF58476D1CE4E5B9ULL + 0x9E3779B97F4A7C15ULL;
    state = (state ^ (state >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    state = (state ^ (state >> 27U)) * 0x94D049BB133111EBULL;
    state ^= state >> 31U;
  }
  return state;
}

struct FamilyGraph {
  std::uint32_t n = 0;
  std::uint64_t salt = 0;
  std::uint32_t family_size = 8;
  std::uint32_t family_promille = 900;
  std::uint32_t other_permillion = 1000;
  bool shuffled = false;
  bool zeros = false;
};

inline std::vector<SpectraPair> family_pairs(const FamilyGraph& g) {
  const std::uint32_t n_families = std::max(1U, g.n / g.family_size);
  std::vector<std::uint64_t> family(g.n);
  for (std::uint32_t i = 0; i < g.n; ++i) family[i] = mix({g.salt, 1, i}) % n_families;
  std::vector<SpectraPair> pairs;
  for (std::uint32_t i = 0; i < g.n; ++i) {
    for (std::uint32_t j = i + 1; j < g.n; ++j) {
      const std::uint64_t r = mix({g.salt, 2, i, j});
      const bool linked =
          family[i] == family[j] ? r % 1000 < g.family_promille : r % 1000000 < g.other_permillion;
      const double value = static_cast<double>(1 + (r >> 32U) % 1000) / 1000;
      if (linked || g.zeros) pairs.push_back({.i = i, .j = j, .value = linked ? value : 0.0});
    }
  }
  if (!g.shuffled) return pairs;
  std::stable_sort(pairs.begin(), pairs.end(), [&](const SpectraPair& a, const SpectraPair& b) {
    return mix({g.salt, 3, a.i, a.j}) < mix({g.salt, 3, b.i, b.j});
  });
  for (SpectraPair& pair : pairs) {
    if (mix({g.salt, 4, pair.i, pair.j}) % 2 != 0) std::swap(pair.i, pair.j);
  }
  return pairs;
}

}  // namespace cupel::test

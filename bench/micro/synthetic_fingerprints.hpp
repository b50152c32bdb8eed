#pragma once
// Fingerprints that look like ECFP4 of drug-like molecules: 2048 bits, about 50 ones, some bits far
// more common than others, and series of related molecules.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::bench {

/// Bits of a molecule are drawn with probability falling as 1 / (rank + 8); of a series of about
/// 20, every member keeps 75 % of the bits of its series' first member and draws the rest anew.
inline PackedBits synthetic_fingerprints(std::size_t n, std::uint64_t seed) {
  constexpr std::size_t kBits = 2048;
  constexpr std::size_t kSeries = 20;
  std::vector<double> cumulative(kBits);
  double sum = 0.0;
  for (std::size_t rank = 0; rank < kBits; ++rank) {
    cumulative[rank] = sum += 1.0 / (static_cast<double>(rank) + 8.0);
  }
  std::vector<std::uint32_t> bit_of_rank(kBits);
  for (std::uint32_t bit = 0; bit < kBits; ++bit) bit_of_rank[bit] = bit;
  Rng order(seed, "bits by rank");
  order.shuffle(std::span(bit_of_rank));
  const auto draw_bit = [&](Rng& rng) {
    const double place = rng.uniform() * sum;
    const auto found = std::upper_bound(cumulative.begin(), cumulative.end(), place);
    return bit_of_rank[std::min<std::size_t>(static_cast<std::size_t>(found - cumulative.begin()),
                                             kBits - 1)];
  };
  const std::size_t n_series = n / kSeries + 1;
  PackedBits bits(n, kBits);
  for (std::size_t i = 0; i < n; ++i) {
    Rng first(seed, "series", i % n_series);
    Rng own(seed, "member", i);
    const double size = std::clamp(68.0 + 16.0 * first.normal(), 20.0, 140.0);
    for (int k = 0; k < static_cast<int>(size); ++k) {
      const std::uint32_t bit = draw_bit(first);
      bits.set(i, own.uniform() < 0.75 ? bit : draw_bit(own));
    }
  }
  return bits;
}

}  // namespace cupel::bench

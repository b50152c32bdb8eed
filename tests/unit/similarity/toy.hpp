#pragma once
// Small inputs for tests of similarities, and the plain loops that the engine must agree with.
#include <algorithm>
#include <vector>

#include "base/random.hpp"
#include "simd/packed_bits.hpp"
#include "similarity/engine.hpp"

namespace cupel::test {

/// Clusters of fingerprints: members keep each bit of the cluster's centre with 80 %.
inline PackedBits clustered_bits(std::size_t n, std::size_t n_bits, std::size_t n_clusters,
                                 double density, std::uint64_t seed) {
  PackedBits bits(n, n_bits);
  std::vector<std::vector<std::size_t>> centre(n_clusters);
  for (std::size_t c = 0; c < n_clusters; ++c) {
    Rng rng(seed, "centre", c);
    for (std::size_t b = 0; b < n_bits; ++b) {
      if (rng.uniform() < density) centre[c].push_back(b);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    Rng rng(seed, "member", i);
    for (const std::size_t bit : centre[i % n_clusters]) {
      if (rng.uniform() < 0.8) bits.set(i, bit);
    }
    for (std::size_t b = 0; b < n_bits; ++b) {
      if (rng.uniform() < 0.2 * density) bits.set(i, b);
    }
  }
  return bits;
}

/// All values, one call per pair, in the order of rows and columns; of a symmetric one row < col.
inline std::vector<Hit> all_pairs(const Similarity& similarity) {
  std::vector<Hit> all;
  for (std::uint32_t i = 0; i < similarity.n_rows(); ++i) {
    for (std::uint32_t j = similarity.is_symmetric() ? i + 1 : 0; j < similarity.n_cols(); ++j) {
      all.push_back({i, j, similarity.at(i, j)});
    }
  }
  return all;
}

inline bool same(const Hit& a, const Hit& b) {
  return a.row == b.row && a.col == b.col && a.value == b.value;
}
inline bool same_hits(const std::vector<Hit>& a, const std::vector<Hit>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

/// The k best of every row by sorting everything.
inline std::vector<std::vector<Nearest>> plain_top_k(const Similarity& similarity, std::size_t k) {
  std::vector<std::vector<Nearest>> best(similarity.n_rows());
  for (std::uint32_t i = 0; i < similarity.n_rows(); ++i) {
    for (std::uint32_t j = 0; j < similarity.n_cols(); ++j) {
      if (!similarity.is_symmetric() || i != j) best[i].push_back({j, similarity.at(i, j)});
    }
    std::sort(best[i].begin(), best[i].end(), [](const Nearest& a, const Nearest& b) {
      return a.value != b.value ? a.value > b.value : a.col < b.col;
    });
    if (best[i].size() > k) best[i].resize(k);
  }
  return best;
}

/// A similarity with a table and small tiles of an odd shape, so that few items make many tiles.
class TableSimilarity final : public Similarity {
 public:
  TableSimilarity(std::size_t n_rows, std::size_t n_cols, bool symmetric, std::uint64_t seed,
                  unsigned n_levels)
      : n_rows_(n_rows), n_cols_(n_cols), symmetric_(symmetric), values_(n_rows * n_cols) {
    Rng rng(seed, "table");
    for (double& value : values_) value = rng.below(n_levels) / static_cast<double>(n_levels - 1);
    if (!symmetric) return;
    for (std::size_t i = 0; i < n_rows; ++i) {
      for (std::size_t j = 0; j < i; ++j) values_[i * n_cols + j] = values_[j * n_cols + i];
    }
  }
  [[nodiscard]] std::string_view kind() const noexcept override { return "table"; }
  [[nodiscard]] std::string parameters() const override { return "levels=some"; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return n_rows_; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return n_cols_; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return symmetric_; }
  [[nodiscard]] TileShape tile_shape() const noexcept override { return {3, 7}; }
  void values(Range rows, Range cols, std::span<double> out) const override {
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = cols.begin; j < cols.end; ++j) out[k++] = values_[i * n_cols_ + j];
    }
  }

 private:
  std::size_t n_rows_;
  std::size_t n_cols_;
  bool symmetric_;
  std::vector<double> values_;
};

}  // namespace cupel::test

#pragma once
/// What the two growers of regression trees (bits, numbers) and the forest share. Not for use
/// outside random_forest.*.
///
/// Targets are held as integers, round((y - mean) * 2^q) with q as large as the sum over all rows
/// allows (about 2^-48 of a unit for 3,000 rows): sums are exact, so that a sibling is its parent
/// minus the other child, and splits that part the rows alike have equal gains to the bit.
/// Leaves are means of the targets as given.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "cupel/matrix.hpp"
#include "model/random_forest.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::forest {

/// The children are `left` and `left + 1`. Leaves have left == 0 and their mean in `value`; a bit
/// splits by itself, 0 to the left; a number x goes left if x <= value.
struct Node {
  double value = 0.0;
  std::uint32_t feature = 0;
  std::uint32_t left = 0;
};

struct Tree {
  std::vector<Node> nodes;
  std::vector<double> decrease;  ///< per feature: squared error taken away, summing to 1, or empty
};

/// Rows of a tree: their targets, and how often the bootstrap drew each.
struct Rows {
  std::span<const double> y;
  std::span<const std::int64_t> scaled;  ///< targets as integers
  std::vector<std::uint32_t> weight;     ///< 0 = not drawn
};

/// Sums over rows of a node. "rows" are different rows, "weight" counts a row as often as drawn.
struct Sums {
  std::int64_t y = 0;
  std::uint32_t weight = 0;
  std::uint32_t rows = 0;
  void add(const Sums& other) noexcept {
    y += other.y;
    weight += other.weight;
    rows += other.rows;
  }
  void subtract(const Sums& other) noexcept {
    y -= other.y;
    weight -= other.weight;
    rows -= other.rows;
  }
};

inline Sums minus(Sums whole, const Sums& part) noexcept {
  whole.subtract(part);
  return whole;
}

/// sum_left^2 / w_left + sum_right^2 / w_right: what the squared error decreases by, but for a
/// constant. Symmetric in its sides to the bit.
inline double split_score(const Sums& left, const Sums& right) noexcept {
  const auto a = static_cast<double>(left.y);
  const auto b = static_cast<double>(right.y);
  const auto u = static_cast<double>(left.weight);
  const auto v = static_cast<double>(right.weight);
  return (a * a * v + b * b * u) / (u * v);
}

/// The best of the splits that were offered; the choice among equal ones is drawn.
template <typename Split>
class BestSplit {
 public:
  explicit BestSplit(Rng& rng) noexcept : rng_(rng) {}
  void offer(double score, const Split& split) noexcept {
    if (score < score_) return;
    if (score > score_) {
      n_equal_ = 0;
      score_ = score;
    }
    if (++n_equal_ == 1 || rng_.below(n_equal_) == 0) split_ = split;
  }
  [[nodiscard]] bool found() const noexcept { return n_equal_ > 0; }
  [[nodiscard]] double score() const noexcept { return score_; }
  [[nodiscard]] const Split& split() const noexcept { return split_; }

 private:
  Rng& rng_;
  double score_ = -1.0;  // scores are sums of squares
  std::uint32_t n_equal_ = 0;
  Split split_{};
};

/// Set bits of every row, one after another; made once a forest.
struct BitLists {
  const PackedBits* packed = nullptr;
  std::span<const std::uint32_t> rows;
  std::size_t n_features = 0;
  std::vector<std::size_t> begin;  ///< n_rows + 1
  std::vector<std::uint32_t> bits;
  [[nodiscard]] std::span<const std::uint32_t> row(std::size_t i) const noexcept {
    return {bits.data() + begin[i], begin[i + 1] - begin[i]};
  }
  [[nodiscard]] bool test(std::size_t i, std::size_t feature) const noexcept {
    return packed->test(rows[i], feature);
  }
};
BitLists list_bits(const PackedBits& x, std::span<const std::uint32_t> rows);

/// Values feature by feature, and the rows in ascending order of each; made once a forest.
struct SortedColumns {
  std::size_t n_rows = 0;
  std::size_t n_features = 0;
  std::vector<float> values;         ///< n_features x n_rows
  std::vector<std::uint32_t> order;  ///< n_features x n_rows
  [[nodiscard]] std::span<const float> column(std::size_t feature) const noexcept {
    return {values.data() + feature * n_rows, n_rows};
  }
};
SortedColumns sort_columns(const Matrix<float>& x, std::span<const std::uint32_t> rows);

/// O(ones of the smaller children + live features of all nodes).
Tree grow(const BitLists& x, const Rows& rows, const RandomForestOptions& options, Rng& rng);
/// O(features x rows x depth).
Tree grow(const SortedColumns& x, const Rows& rows, const RandomForestOptions& options, Rng& rng);

/// Features that a node may look at: all, or a share that is drawn without replacement.
class FeatureDraw {
 public:
  FeatureDraw(std::size_t n_features, double share);
  [[nodiscard]] std::size_t share() const noexcept { return share_; }
  [[nodiscard]] bool all() const noexcept { return share_ == order_.size(); }
  /// Calls `look(feature)`, which says whether the feature can split the node, on features in
  /// random order, until `share()` were looked at and one of them could, as scikit-learn does.
  template <typename Look>
  void draw(Rng& rng, const Look& look) {
    bool splits = false;
    for (std::size_t i = 0; i < order_.size() && (i < share_ || !splits); ++i) {
      const auto left = static_cast<std::uint32_t>(order_.size() - i);
      std::swap(order_[i], order_[i + rng.below(left)]);
      splits |= look(order_[i]);
    }
  }

 private:
  std::vector<std::uint32_t> order_;
  std::size_t share_;
};

/// Rows that the bootstrap drew.
std::vector<std::uint32_t> drawn_rows(const Rows& rows);
Sums sums_of(const Rows& rows, std::span<const std::uint32_t> members) noexcept;
/// Mean target of a leaf: rows in the order in which the node holds them.
double leaf_mean(const Rows& rows, std::span<const std::uint32_t> members) noexcept;
/// May these rows be split: there are enough of them, at this depth, and their targets differ.
bool may_split(const Rows& rows, std::span<const std::uint32_t> members,
               const RandomForestOptions& options, std::uint32_t depth) noexcept;
/// Divides by the sum; empty if that is 0.
void normalise(std::vector<double>& decrease);

}  // namespace cupel::forest

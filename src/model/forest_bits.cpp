// Regression trees on bits.
//
// The sums of a node (per feature: target, weight and rows of those with the bit) are collected for
// the smaller child of a split by walking the set bits of its rows; the larger child has what its
// parent had less that. A row is so walked at most log2(rows) times a tree. A node keeps the list
// of the features that are not constant in it: its descendants look at no others.
#include <algorithm>
#include <bit>
#include <utility>

#include "model/forest_trees.hpp"

namespace cupel::forest {
namespace {

/// Sums by feature, 0 but for the features of `live`.
struct Histogram {
  std::vector<Sums> sums;
  std::vector<std::uint32_t> live;
};

void clear(Histogram& histogram) noexcept {
  for (const std::uint32_t f : histogram.live) histogram.sums[f] = {};
  histogram.live.clear();
}

/// Forgets the features that are constant among `n_rows` rows.
void drop_constants(Histogram& histogram, std::uint32_t n_rows) noexcept {
  std::size_t kept = 0;
  for (const std::uint32_t f : histogram.live) {
    const std::uint32_t with = histogram.sums[f].rows;
    if (with == 0 || with == n_rows) {
      histogram.sums[f] = {};
    } else {
      histogram.live[kept++] = f;
    }
  }
  histogram.live.resize(kept);
}

/// A node that is still to be grown: the members [begin, end).
struct Open {
  std::uint32_t node = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint32_t depth = 0;
  Sums all;
};

class Grower {
 public:
  Grower(const BitLists& x, const Rows& rows, const RandomForestOptions& options, Rng& rng)
      : x_(x),
        rows_(rows),
        options_(options),
        rng_(rng),
        draw_(x.n_features, options.feature_share),
        decrease_(x.n_features, 0.0),
        members_(drawn_rows(rows)) {
    // Smaller children halve, so that few histograms live at once; they are made when first used.
    levels_.reserve(static_cast<std::size_t>(std::bit_width(members_.size())) + 2);
  }

  Tree grow() {
    tree_.emplace_back();
    const Open root{.end = members_.size(), .all = sums_of(rows_, members_)};
    collect(root, histogram(0));
    drop_constants(histogram(0), root.all.rows);
    grow(root, 0);
    normalise(decrease_);
    return {std::move(tree_), std::move(decrease_)};
  }

 private:
  [[nodiscard]] std::span<const std::uint32_t> members(const Open& open) const noexcept {
    return {members_.data() + open.begin, open.end - open.begin};
  }

  Histogram& histogram(std::size_t level) {
    while (levels_.size() <= level) levels_.push_back({std::vector<Sums>(x_.n_features), {}});
    return levels_[level];
  }

  void collect(const Open& open, Histogram& out) const {
    for (const std::uint32_t row : members(open)) {
      const std::uint32_t weight = rows_.weight[row];
      const Sums of_row{rows_.scaled[row] * weight, weight, 1};
      for (const std::uint32_t f : x_.row(row)) {
        Sums& sums = out.sums[f];
        if (sums.rows == 0) out.live.push_back(f);
        sums.add(of_row);
      }
    }
  }

  void offer(const Histogram& node, const Sums& all, std::uint32_t f,
             BestSplit<std::uint32_t>& best) const noexcept {
    const Sums& with = node.sums[f];
    if (std::min(with.rows, all.rows - with.rows) < std::max(1U, options_.min_leaf)) return;
    best.offer(split_score(minus(all, with), with), f);
  }

  BestSplit<std::uint32_t> best_split(const Histogram& node, const Sums& all) {
    BestSplit<std::uint32_t> best(rng_);
    if (draw_.all()) {
      for (const std::uint32_t f : node.live) offer(node, all, f, best);
    } else if (!node.live.empty()) {
      draw_.draw(rng_, [&](std::uint32_t f) {
        const bool splits = node.sums[f].rows != 0;  // constants were forgotten
        if (splits) offer(node, all, f, best);
        return splits;
      });
    }
    return best;
  }

  /// Rows without the bit first, both sides in their order; gives where the others begin.
  std::size_t part(const Open& open, std::uint32_t feature) {
    spare_.clear();
    std::size_t left = open.begin;
    for (std::size_t i = open.begin; i < open.end; ++i) {
      const std::uint32_t row = members_[i];
      if (x_.test(row, feature)) {
        spare_.push_back(row);
      } else {
        members_[left++] = row;
      }
    }
    std::copy(spare_.begin(), spare_.end(), members_.begin() + static_cast<std::ptrdiff_t>(left));
    return left;
  }

  /// Makes the split, the histograms of both children, the smaller one's on the level above; gives
  /// the children, the smaller one first.
  std::pair<Open, Open> split(const Open& open, const BestSplit<std::uint32_t>& best,
                              std::size_t level) {
    Histogram& node = histogram(level);
    const std::uint32_t feature = best.split();
    const Sums with = node.sums[feature];
    const auto sum = static_cast<double>(open.all.y);
    decrease_[feature] += best.score() - sum * sum / open.all.weight;
    const auto left = static_cast<std::uint32_t>(tree_.size());
    tree_.resize(tree_.size() + 2);
    tree_[open.node] = {.feature = feature, .left = left};
    const std::size_t middle = part(open, feature);
    Open smaller{left, open.begin, middle, open.depth + 1, minus(open.all, with)};
    Open larger{left + 1, middle, open.end, open.depth + 1, with};
    if (smaller.all.rows > larger.all.rows) std::swap(smaller, larger);

    Histogram& of_smaller = histogram(level + 1);
    collect(smaller, of_smaller);
    for (const std::uint32_t f : node.live) node.sums[f].subtract(of_smaller.sums[f]);
    drop_constants(of_smaller, smaller.all.rows);
    drop_constants(node, larger.all.rows);
    return {smaller, larger};
  }

  /// Grows the subtree of a node whose histogram is that of `level`, and clears it.
  void grow(Open open, std::size_t level) {
    for (;;) {
      if (may_split(rows_, members(open), options_, open.depth)) {
        const auto best = best_split(histogram(level), open.all);
        if (best.found()) {
          const auto [smaller, larger] = split(open, best, level);
          grow(smaller, level + 1);
          open = larger;
          continue;
        }
      }
      clear(histogram(level));
      tree_[open.node].value = leaf_mean(rows_, members(open));
      return;
    }
  }

  const BitLists& x_;
  const Rows& rows_;
  const RandomForestOptions& options_;
  Rng& rng_;
  FeatureDraw draw_;
  std::vector<double> decrease_;
  std::vector<std::uint32_t> members_;  ///< rows of the tree; a node is a range of them
  std::vector<std::uint32_t> spare_;
  std::vector<Histogram> levels_;  ///< by how many times a node was the smaller child
  std::vector<Node> tree_;
};

}  // namespace

BitLists list_bits(const PackedBits& x, std::span<const std::uint32_t> rows) {
  BitLists lists{.packed = &x, .rows = rows, .n_features = x.n_bits, .begin = {0}, .bits = {}};
  for (const std::uint32_t row : rows) {
    const auto words = x.row(row);
    for (std::size_t w = 0; w < words.size(); ++w) {
      for (std::uint64_t left = words[w]; left != 0; left &= left - 1) {
        const auto bit = w * 64 + static_cast<std::size_t>(std::countr_zero(left));
        lists.bits.push_back(static_cast<std::uint32_t>(bit));
      }
    }
    lists.begin.push_back(lists.bits.size());
  }
  return lists;
}

Tree grow(const BitLists& x, const Rows& rows, const RandomForestOptions& options, Rng& rng) {
  return Grower(x, rows, options, rng).grow();
}

}  // namespace cupel::forest

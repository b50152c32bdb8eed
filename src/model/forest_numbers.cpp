// Regression trees on numbers: every feature's rows are sorted once a forest; a split parts each of
// these lists stably, so that a node finds its rows in order and tries all thresholds in one pass.
#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "model/forest_trees.hpp"

namespace cupel::forest {
namespace {

/// Values that are nearer than this are one, as in scikit-learn.
constexpr float kSame = 1e-7F;

struct Cut {
  std::uint32_t feature = 0;
  std::uint32_t left = 0;  ///< rows to the left
  Sums sums;               ///< of them
};

/// A node that is still to be grown: the places [begin, end) of every feature's order.
struct Open {
  std::uint32_t node = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint32_t depth = 0;
  Sums all;
};

class Grower {
 public:
  Grower(const SortedColumns& x, const Rows& rows, const RandomForestOptions& options, Rng& rng)
      : x_(x),
        rows_(rows),
        options_(options),
        rng_(rng),
        draw_(x.n_features, options.feature_share),
        decrease_(x.n_features, 0.0),
        members_(drawn_rows(rows)),
        goes_left_(x.n_rows, 0) {
    order_.reserve(x.n_features * members_.size());
    for (const std::uint32_t row : x.order) {
      if (rows.weight[row] > 0) order_.push_back(row);
    }
    of_row_.resize(x.n_rows);
    for (const std::uint32_t row : members_) {
      const std::uint32_t weight = rows.weight[row];
      of_row_[row] = {rows.scaled[row] * weight, weight, 1};
    }
    spare_.resize(members_.size());
  }

  Tree grow() {
    tree_.emplace_back();
    std::vector<Open> open{{.end = members_.size(), .all = sums_of(rows_, members_)}};
    while (!open.empty()) {
      const Open next = open.back();
      open.pop_back();
      grow(next, open);
    }
    normalise(decrease_);
    return {std::move(tree_), std::move(decrease_)};
  }

 private:
  [[nodiscard]] std::span<std::uint32_t> ordered(std::uint32_t feature, const Open& open) noexcept {
    return {order_.data() + feature * members_.size() + open.begin, open.end - open.begin};
  }

  /// Offers every threshold of a feature; false if it is constant in the node.
  bool try_feature(std::uint32_t feature, const Open& open, BestSplit<Cut>& best) {
    const auto order = ordered(feature, open);
    const auto values = x_.column(feature);
    if (values[order.back()] <= values[order.front()] + kSame) return false;
    const std::uint32_t min_leaf = std::max(1U, options_.min_leaf);
    Sums left;
    float value = values[order[0]];
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
      left.add(of_row_[order[i]]);
      const float next = values[order[i + 1]];
      const bool differs = next > value + kSame;
      value = next;
      if (!differs || std::min(left.rows, open.all.rows - left.rows) < min_leaf) continue;
      const Sums right = minus(open.all, left);
      best.offer(split_score(left, right), {feature, left.rows, left});
    }
    return true;
  }

  BestSplit<Cut> best_split(const Open& open) {
    BestSplit<Cut> best(rng_);
    if (draw_.all()) {
      for (std::uint32_t f = 0; f < x_.n_features; ++f) try_feature(f, open, best);
    } else {
      draw_.draw(rng_, [&](std::uint32_t f) { return try_feature(f, open, best); });
    }
    return best;
  }

  /// Those that go left first, both sides in their order.
  void part(std::span<std::uint32_t> list) noexcept {
    std::size_t left = 0;
    std::size_t right = 0;
    for (const std::uint32_t row : list) {  // without a branch: both are written, one counts
      const std::size_t to_left = goes_left_[row];
      list[left] = row;
      spare_[right] = row;
      left += to_left;
      right += 1 - to_left;
    }
    std::copy_n(spare_.begin(), right, list.begin() + static_cast<std::ptrdiff_t>(left));
  }

  void split(const Open& open, const BestSplit<Cut>& best, std::vector<Open>& later) {
    const Cut& cut = best.split();
    const auto order = ordered(cut.feature, open);
    const auto values = x_.column(cut.feature);
    const double low = values[order[cut.left - 1]];
    const double high = values[order[cut.left]];
    const auto sum = static_cast<double>(open.all.y);
    decrease_[cut.feature] += best.score() - sum * sum / open.all.weight;
    const auto left = static_cast<std::uint32_t>(tree_.size());
    tree_.resize(tree_.size() + 2);
    tree_[open.node] = {.value = low / 2.0 + high / 2.0, .feature = cut.feature, .left = left};
    for (std::size_t i = 0; i < order.size(); ++i) goes_left_[order[i]] = i < cut.left ? 1 : 0;
    for (std::uint32_t f = 0; f < x_.n_features; ++f) {
      if (f != cut.feature) part(ordered(f, open));
    }
    part({members_.data() + open.begin, open.end - open.begin});
    const std::size_t middle = open.begin + cut.left;
    later.push_back({left + 1, middle, open.end, open.depth + 1, minus(open.all, cut.sums)});
    later.push_back({left, open.begin, middle, open.depth + 1, cut.sums});
  }

  void grow(const Open& open, std::vector<Open>& later) {
    const std::span<const std::uint32_t> members{members_.data() + open.begin,
                                                 open.end - open.begin};
    if (x_.n_features > 0 && may_split(rows_, members, options_, open.depth)) {
      const auto best = best_split(open);
      if (best.found()) {
        split(open, best, later);
        return;
      }
    }
    tree_[open.node].value = leaf_mean(rows_, members);
  }

  const SortedColumns& x_;
  const Rows& rows_;
  const RandomForestOptions& options_;
  Rng& rng_;
  FeatureDraw draw_;
  std::vector<double> decrease_;
  std::vector<std::uint32_t> members_;
  std::vector<std::uint32_t> order_;  ///< n_features x members, each by value within a node
  std::vector<Sums> of_row_;
  std::vector<std::uint8_t> goes_left_;
  std::vector<std::uint32_t> spare_;
  std::vector<Node> tree_;
};

}  // namespace

SortedColumns sort_columns(const Matrix<float>& x, std::span<const std::uint32_t> rows) {
  SortedColumns sorted{.n_rows = rows.size(), .n_features = x.cols, .values = {}, .order = {}};
  sorted.values.resize(x.cols * rows.size());
  sorted.order.resize(x.cols * rows.size());
  for (std::size_t f = 0; f < x.cols; ++f) {
    float* values = sorted.values.data() + f * rows.size();
    for (std::size_t i = 0; i < rows.size(); ++i) values[i] = x(rows[i], f);
    const auto order = sorted.order.begin() + static_cast<std::ptrdiff_t>(f * rows.size());
    const auto end = order + static_cast<std::ptrdiff_t>(rows.size());
    std::iota(order, end, 0U);
    std::stable_sort(order, end,
                     [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
  }
  return sorted;
}

Tree grow(const SortedColumns& x, const Rows& rows, const RandomForestOptions& options, Rng& rng) {
  return Grower(x, rows, options, rng).grow();
}

}  // namespace cupel::forest

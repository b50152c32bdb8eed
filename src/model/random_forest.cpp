#include "model/random_forest.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "model/forest_trees.hpp"

namespace cupel {
namespace forest {

std::vector<std::uint32_t> drawn_rows(const Rows& rows) {
  std::vector<std::uint32_t> drawn;
  for (std::uint32_t i = 0; i < rows.weight.size(); ++i) {
    if (rows.weight[i] > 0) drawn.push_back(i);
  }
  return drawn;
}

Sums sums_of(const Rows& rows, std::span<const std::uint32_t> members) noexcept {
  Sums sums;
  for (const std::uint32_t row : members) {
    sums.add({rows.scaled[row] * rows.weight[row], rows.weight[row], 1});
  }
  return sums;
}

double leaf_mean(const Rows& rows, std::span<const std::uint32_t> members) noexcept {
  const double first = rows.y[members.front()];  // a pure leaf gives its target to the bit
  double sum = 0.0;
  double weight = 0.0;
  for (const std::uint32_t row : members) {
    sum += rows.weight[row] * (rows.y[row] - first);
    weight += rows.weight[row];
  }
  return first + sum / weight;
}

bool may_split(const Rows& rows, std::span<const std::uint32_t> members,
               const RandomForestOptions& options, std::uint32_t depth) noexcept {
  if (members.size() < std::max(2U, options.min_split) ||
      members.size() < 2 * std::size_t{options.min_leaf} ||
      (options.max_depth > 0 && depth >= options.max_depth)) {
    return false;
  }
  const std::int64_t first = rows.scaled[members.front()];
  return std::any_of(members.begin(), members.end(),
                     [&](std::uint32_t row) { return rows.scaled[row] != first; });
}

void normalise(std::vector<double>& decrease) {
  double sum = 0.0;
  for (double& value : decrease) sum += value = std::max(value, 0.0);
  if (sum == 0.0) decrease.clear();
  for (double& value : decrease) value /= sum;
}

FeatureDraw::FeatureDraw(std::size_t n_features, double share) : order_(n_features) {
  for (std::size_t f = 0; f < n_features; ++f) order_[f] = static_cast<std::uint32_t>(f);
  const double wanted = std::floor(share * static_cast<double>(n_features));
  share_ = std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1,
                                   std::max<std::size_t>(1, n_features));
}

namespace {

/// Targets as integers, see forest_trees.hpp.
std::vector<std::int64_t> scale(std::span<const double> y) {
  double mean = 0.0;
  for (const double value : y) mean += value;
  mean /= static_cast<double>(y.size());
  double largest = 0.0;
  for (const double value : y) largest = std::max(largest, std::abs(value - mean));
  std::vector<std::int64_t> scaled(y.size(), 0);
  if (largest == 0.0) return scaled;
  // |sum| <= rows x largest < 2^61.
  const int power = 60 - std::ilogb(largest) - 1 - std::ilogb(static_cast<double>(y.size())) - 1;
  for (std::size_t i = 0; i < y.size(); ++i) {
    scaled[i] = std::llround(std::ldexp(y[i] - mean, power));
  }
  return scaled;
}

void check(std::size_t n_rows, std::span<const double> y, const RandomForestOptions& options) {
  if (n_rows == 0 || n_rows != y.size()) {
    fail(ErrorKind::internal, "a random forest was given " + std::to_string(n_rows) + " rows and " +
                                  std::to_string(y.size()) + " targets");
  }
  if (options.trees == 0 || !(options.feature_share > 0.0 && options.feature_share <= 1.0)) {
    fail(ErrorKind::usage, "a random forest needs trees and features", {},
         "trees is at least 1, feature_share above 0 and at most 1");
  }
  if (!std::all_of(y.begin(), y.end(), [](double value) { return std::isfinite(value); })) {
    fail_input("a training target of the random forest is not a finite number", {},
               "leave its row out");
  }
}

void check_numbers(const Matrix<float>& x, std::span<const std::uint32_t> rows) {
  for (const std::uint32_t row : rows) {
    for (std::size_t f = 0; f < x.cols; ++f) {
      if (std::isfinite(x(row, f))) continue;
      fail_input("feature " + std::to_string(f) + " of row " + std::to_string(row) +
                     " is not a finite number, and a random forest has no place for it",
                 {}, "fill the value in, or leave the row or the feature out");
    }
  }
}

template <typename Features>
std::vector<Tree> grow_all(const Features& x, std::span<const double> y,
                           const RandomForestOptions& options, const Context& context) {
  const std::vector<std::int64_t> scaled = scale(y);
  std::vector<Tree> trees(options.trees);
  parallel_for(context, trees.size(), [&](std::size_t t) {
    Rng rng(options.seed, "tree", t);
    Rows rows{.y = y, .scaled = scaled, .weight = {}};
    const auto n = static_cast<std::uint32_t>(y.size());
    rows.weight.assign(n, options.bootstrap ? 0 : 1);
    for (std::uint32_t i = 0; options.bootstrap && i < n; ++i) ++rows.weight[rng.below(n)];
    trees[t] = grow(x, rows, options, rng);
  });
  return trees;
}

/// Mean over the trees, added in their order, of the leaf that `goes_right(node, row)` leads to.
template <typename GoesRight>
std::vector<double> predict_all(const std::vector<Tree>& trees, std::size_t n_rows,
                                const Context& context, const GoesRight& goes_right) {
  constexpr std::size_t kBlock = 64;  // rows that pass by a tree while it is in the cache
  std::vector<double> sums(n_rows, 0.0);
  parallel_for(context, (n_rows + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t end = std::min((block + 1) * kBlock, n_rows);
    for (const Tree& tree : trees) {
      for (std::size_t i = block * kBlock; i < end; ++i) {
        const Node* node = tree.nodes.data();
        while (node->left != 0) {
          node = tree.nodes.data() + node->left + (goes_right(*node, i) ? 1 : 0);
        }
        sums[i] += node->value;
      }
    }
  });
  for (double& sum : sums) sum /= static_cast<double>(trees.size());
  return sums;
}

}  // namespace
}  // namespace forest

struct RandomForest::Trees {
  std::vector<forest::Tree> trees;
  std::size_t n_features = 0;
  bool of_bits = false;

  void check(bool bits, std::size_t features) const {
    if (bits != of_bits || features != n_features) {
      fail(ErrorKind::internal,
           "a random forest was asked to predict other features than it was "
           "fitted on");
    }
  }
};

RandomForest RandomForest::fit(const PackedBits& x, std::span<const std::uint32_t> rows,
                               std::span<const double> y, const RandomForestOptions& options,
                               const Context& context) {
  forest::check(rows.size(), y, options);
  RandomForest model;
  model.trees_ = std::make_shared<const Trees>(
      Trees{forest::grow_all(forest::list_bits(x, rows), y, options, context), x.n_bits, true});
  return model;
}

RandomForest RandomForest::fit(const Matrix<float>& x, std::span<const std::uint32_t> rows,
                               std::span<const double> y, const RandomForestOptions& options,
                               const Context& context) {
  forest::check(rows.size(), y, options);
  forest::check_numbers(x, rows);
  RandomForest model;
  model.trees_ = std::make_shared<const Trees>(
      Trees{forest::grow_all(forest::sort_columns(x, rows), y, options, context), x.cols, false});
  return model;
}

std::vector<double> RandomForest::predict(const PackedBits& x, std::span<const std::uint32_t> rows,
                                          const Context& context) const {
  trees_->check(true, x.n_bits);
  return forest::predict_all(
      trees_->trees, rows.size(), context,
      [&](const forest::Node& node, std::size_t i) { return x.test(rows[i], node.feature); });
}

std::vector<double> RandomForest::predict(const Matrix<float>& x,
                                          std::span<const std::uint32_t> rows,
                                          const Context& context) const {
  trees_->check(false, x.cols);
  forest::check_numbers(x, rows);
  return forest::predict_all(trees_->trees, rows.size(), context,
                             [&](const forest::Node& node, std::size_t i) {
                               return !(x(rows[i], node.feature) <= node.value);
                             });
}

std::vector<double> RandomForest::importances() const {
  std::vector<double> sum(trees_->n_features, 0.0);
  for (const auto& tree : trees_->trees) {
    for (std::size_t f = 0; f < tree.decrease.size(); ++f) sum[f] += tree.decrease[f];
  }
  forest::normalise(sum);
  sum.resize(trees_->n_features, 0.0);
  return sum;
}

}  // namespace cupel

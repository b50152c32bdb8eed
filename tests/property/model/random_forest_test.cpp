// The forest against a plain CART that looks at every split of every node from scratch.
#include "model/random_forest.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/random.hpp"

namespace cupel {
namespace {

constexpr RandomForestOptions kOneTree{.trees = 1, .bootstrap = false};

std::vector<std::uint32_t> first(std::size_t n) {
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

struct Data {
  PackedBits bits;
  Matrix<float> numbers;  ///< the same bits, or others
  std::vector<double> y;
};

/// Bits whose columns differ, or part the rows in the same two ways never: no two splits tie but by
/// chance of the targets, which are real numbers.
Data draw(std::size_t n, std::size_t p, std::uint64_t seed) {
  Data data{.bits = PackedBits(n, p), .numbers = Matrix<float>(n, p), .y = {}};
  Rng rng(seed, "data");
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t f = 0; f < p; ++f) {
      if (rng.below(3) == 0) data.bits.set(i, f);
      data.numbers(i, f) = data.bits.test(i, f) ? 1.0F : 0.0F;
    }
    data.y.push_back(rng.normal());
  }
  return data;
}

struct Plain {
  const Matrix<float>& x;
  const std::vector<double>& y;
  RandomForestOptions options;
  bool tied = false;  ///< two splits of a node were equally good

  [[nodiscard]] double error(const std::vector<std::uint32_t>& rows) const {
    double mean = 0.0;
    for (const auto row : rows) mean += y[row] / static_cast<double>(rows.size());
    double sum = 0.0;
    for (const auto row : rows) sum += (y[row] - mean) * (y[row] - mean);
    return sum;
  }

  double predict(std::vector<std::uint32_t> rows, std::span<const float> at, std::uint32_t depth) {
    double mean = 0.0;
    for (const auto row : rows) mean += y[row] / static_cast<double>(rows.size());
    if (rows.size() < options.min_split || error(rows) < 1e-12 ||
        (options.max_depth > 0 && depth == options.max_depth)) {
      return mean;
    }
    double best = INFINITY;
    std::size_t feature = 0;
    double threshold = 0.0;
    for (std::size_t f = 0; f < x.cols; ++f) {
      std::vector<float> values;
      for (const auto row : rows) values.push_back(x(row, f));
      std::sort(values.begin(), values.end());
      values.erase(std::unique(values.begin(), values.end()), values.end());
      for (std::size_t v = 0; v + 1 < values.size(); ++v) {
        const double cut = (static_cast<double>(values[v]) + values[v + 1]) / 2.0;
        std::vector<std::uint32_t> left;
        std::vector<std::uint32_t> right;
        for (const auto row : rows) (x(row, f) <= cut ? left : right).push_back(row);
        if (std::min(left.size(), right.size()) < options.min_leaf) continue;
        const double sum = error(left) + error(right);
        if (std::abs(sum - best) < 1e-9) tied = true;
        if (sum < best) {
          if (sum < best - 1e-9) tied = false;
          best = sum;
          feature = f;
          threshold = cut;
        }
      }
    }
    if (best == INFINITY) return mean;
    if (tied) return mean;
    std::vector<std::uint32_t> side;
    for (const auto row : rows) {
      if ((x(row, feature) <= threshold) == (at[feature] <= threshold)) side.push_back(row);
    }
    return predict(side, at, depth + 1);
  }
};

RC_GTEST_PROP(RandomForest, OneTreeIsTheGreedyTree, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const std::size_t n = *rc::gen::inRange<std::size_t>(1, 40);
  const std::size_t p = *rc::gen::inRange<std::size_t>(1, 12);
  Data data = draw(n, p, seed);
  const bool real_numbers = *rc::gen::arbitrary<bool>();
  Rng rng(seed, "numbers");
  if (real_numbers) {
    for (float& value : data.numbers.values) value = static_cast<float>(rng.below(20)) / 3.0F;
  }
  RandomForestOptions options = kOneTree;
  options.max_depth = *rc::gen::inRange(0U, 6U);
  options.min_leaf = *rc::gen::inRange(1U, 4U);
  options.min_split = *rc::gen::inRange(2U, 6U);
  options.seed = seed;
  const auto of_numbers = RandomForest::fit(data.numbers, first(n), data.y, options, {})
                              .predict(data.numbers, first(n), {});
  const auto of_bits =
      RandomForest::fit(data.bits, first(n), data.y, options, {}).predict(data.bits, first(n), {});
  for (std::uint32_t i = 0; i < n; ++i) {
    Plain plain{data.numbers, data.y, options};
    const double expected = plain.predict(first(n), data.numbers.row(i), 0);
    if (plain.tied) continue;
    RC_ASSERT(std::abs(of_numbers[i] - expected) < 1e-9);
    if (!real_numbers) RC_ASSERT(std::abs(of_bits[i] - expected) < 1e-9);
  }
}

RC_GTEST_PROP(RandomForest, FullTreeGivesBackTheTrainingTargets, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const std::size_t n = *rc::gen::inRange<std::size_t>(1, 300);
  Data data = draw(n, 64, seed);  // 64 random bits: no two rows are alike but by a miracle
  for (std::size_t i = 0; i < n; ++i) data.numbers(i, 0) = static_cast<float>(i);
  RandomForestOptions options{.trees = 3, .bootstrap = false};
  options.feature_share = *rc::gen::element(0.05, 0.3, 1.0);
  options.seed = seed;
  const auto rows = first(n);
  const auto of_bits =
      RandomForest::fit(data.bits, rows, data.y, options, {}).predict(data.bits, rows, {});
  const auto of_numbers =
      RandomForest::fit(data.numbers, rows, data.y, options, {}).predict(data.numbers, rows, {});
  for (std::size_t i = 0; i < n; ++i) {
    RC_ASSERT(std::abs(of_bits[i] - data.y[i]) < 1e-12);
    RC_ASSERT(std::abs(of_numbers[i] - data.y[i]) < 1e-12);
  }
}

RC_GTEST_PROP(RandomForest, ThreadsDoNotMatterAndSeedsDo, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const Data data = draw(80, 40, seed);
  const auto rows = first(80);
  RandomForestOptions options{.trees = 12, .feature_share = *rc::gen::element(0.3, 1.0)};
  options.seed = seed;
  Context many;
  many.n_threads = 3;
  const auto one = RandomForest::fit(data.bits, rows, data.y, options, {});
  const auto three = RandomForest::fit(data.bits, rows, data.y, options, many);
  RC_ASSERT(one.predict(data.bits, rows, {}) == three.predict(data.bits, rows, many));
  RC_ASSERT(one.importances() == three.importances());
  const auto shares = one.importances();
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  RC_ASSERT(std::abs(sum - 1.0) < 1e-9);
  options.seed += 1;
  const auto other = RandomForest::fit(data.bits, rows, data.y, options, {});
  RC_ASSERT(one.predict(data.bits, rows, {}) != other.predict(data.bits, rows, {}));
}

RC_GTEST_PROP(RandomForest, TheOrderOfTheFeaturesDoesNotMatter, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const std::size_t n = 30;
  const std::size_t p = 6;
  Data data = draw(n, p, seed);
  Rng rng(seed, "numbers");
  for (float& value : data.numbers.values) value = static_cast<float>(rng.uniform());
  auto order = first(p);
  rng.shuffle(std::span(order));
  Matrix<float> permuted(n, p);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t f = 0; f < p; ++f) permuted(i, f) = data.numbers(i, order[f]);
  }
  // Nodes of two rows tie between all features: leave them whole.
  RandomForestOptions options = kOneTree;
  options.min_split = 8;
  options.min_leaf = 3;
  for (std::uint32_t i = 0; i < n; ++i) {
    Plain plain{data.numbers, data.y, options};
    plain.predict(first(n), data.numbers.row(i), 0);
    if (plain.tied) return;
  }
  RC_ASSERT(
      RandomForest::fit(data.numbers, first(n), data.y, options, {})
          .predict(data.numbers, first(n), {}) ==
      RandomForest::fit(permuted, first(n), data.y, options, {}).predict(permuted, first(n), {}));
}

}  // namespace
}  // namespace cupel

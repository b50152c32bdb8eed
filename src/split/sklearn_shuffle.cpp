#include "split/sklearn_shuffle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/error.hpp"

namespace cupel {
namespace {

using Numbers = std::vector<std::uint32_t>;

std::uint32_t test_rows(std::uint32_t n, double test_size) {
  const double wanted = std::ceil(test_size * n);
  if (wanted >= 1.0 && wanted < n) return static_cast<std::uint32_t>(wanted);
  fail_input(fmt::format("a test share of {} leaves {} of {} rows to train on", test_size,
                         std::max(0.0, n - wanted), n),
             {}, "0.2 is usual");
}

/// RandomState.permutation(values).
Numbers permuted(const Numbers& values, MersenneTwister& twister) {
  Numbers out;
  out.reserve(values.size());
  for (const auto i : numpy_permutation(twister, static_cast<std::uint32_t>(values.size()))) {
    out.push_back(values[i]);
  }
  return out;
}

/// scikit-learn's _approximate_mode: `n_draws` over classes as their sizes say, whole numbers, the
/// largest remainders rounded up, equal remainders at random.
Numbers approximate_mode(const Numbers& counts, std::uint32_t n_draws, MersenneTwister& twister) {
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  Numbers floored;
  std::vector<double> rest;
  std::uint32_t given = 0;
  for (const auto count : counts) {
    const double exact = count / all * n_draws;
    floored.push_back(static_cast<std::uint32_t>(std::floor(exact)));
    rest.push_back(exact - std::floor(exact));
    given += floored.back();
  }
  std::uint32_t missing = n_draws - given;
  std::vector<double> values = rest;
  std::sort(values.begin(), values.end(), std::greater<>());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  for (const double value : values) {
    if (missing == 0) break;
    Numbers ties;
    for (std::uint32_t c = 0; c < rest.size(); ++c) {
      if (rest[c] == value) ties.push_back(c);
    }
    const auto n_more = std::min(missing, static_cast<std::uint32_t>(ties.size()));
    const Numbers order = permuted(ties, twister);  // RandomState.choice without replacement
    for (std::uint32_t i = 0; i < n_more; ++i) ++floored[order[i]];
    missing -= n_more;
  }
  return floored;
}

/// Rows of each class, ascending; classes ascending.
std::vector<Numbers> rows_by_class(std::span<const std::uint32_t> label) {
  Numbers classes(label.begin(), label.end());
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  std::vector<Numbers> rows(classes.size());
  for (std::uint32_t i = 0; i < label.size(); ++i) {
    const auto place = std::lower_bound(classes.begin(), classes.end(), label[i]);
    rows[static_cast<std::size_t>(place - classes.begin())].push_back(i);
  }
  return rows;
}

void check_classes(const std::vector<Numbers>& rows, std::uint32_t n_train, std::uint32_t n_test) {
  const bool has_single =
      std::any_of(rows.begin(), rows.end(), [](const Numbers& one) { return one.size() < 2; });
  if (!has_single && n_train >= rows.size() && n_test >= rows.size()) return;
  fail_input(
      fmt::format("{} classes cannot be spread over {} training and {} test rows{}", rows.size(),
                  n_train, n_test, has_single ? ": one class has a single row" : ""),
      {}, "use fewer bins, or a scheme without strata");
}

}  // namespace

std::vector<SklearnSplit> sklearn_shuffle_split(std::uint32_t n,
                                                const SklearnShuffleOptions& options) {
  const auto n_test = static_cast<std::ptrdiff_t>(test_rows(n, options.test_size));
  MersenneTwister twister = MersenneTwister::numpy(options.seed);
  std::vector<SklearnSplit> splits;
  for (std::uint32_t r = 0; r < options.n_splits; ++r) {
    const Numbers order = numpy_permutation(twister, n);
    splits.push_back({.train = {order.begin() + n_test, order.end()},
                      .test = {order.begin(), order.begin() + n_test}});
  }
  return splits;
}

std::vector<SklearnSplit> sklearn_stratified_shuffle_split(std::span<const std::uint32_t> label,
                                                           const SklearnShuffleOptions& options) {
  const auto n = static_cast<std::uint32_t>(label.size());
  const std::uint32_t n_test = test_rows(n, options.test_size);
  const auto rows = rows_by_class(label);
  check_classes(rows, n - n_test, n_test);
  Numbers counts;
  for (const auto& one : rows) counts.push_back(static_cast<std::uint32_t>(one.size()));
  MersenneTwister twister = MersenneTwister::numpy(options.seed);
  std::vector<SklearnSplit> splits;
  for (std::uint32_t r = 0; r < options.n_splits; ++r) {
    const Numbers train_of = approximate_mode(counts, n - n_test, twister);
    Numbers left;
    for (std::size_t c = 0; c < counts.size(); ++c) left.push_back(counts[c] - train_of[c]);
    const Numbers test_of = approximate_mode(left, n_test, twister);
    SklearnSplit split;
    for (std::size_t c = 0; c < rows.size(); ++c) {
      const Numbers order = permuted(rows[c], twister);
      const auto cut = order.begin() + train_of[c];
      split.train.insert(split.train.end(), order.begin(), cut);
      split.test.insert(split.test.end(), cut, cut + test_of[c]);
    }
    split.train = permuted(split.train, twister);
    split.test = permuted(split.test, twister);
    splits.push_back(std::move(split));
  }
  return splits;
}

}  // namespace cupel

#include "split/overlap_chain.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

namespace cupel::detail {
namespace {

constexpr std::size_t kCandidates = 64;  ///< replacements looked at to keep the rows constant
constexpr double kLower = 1e-12;         ///< beyond rounding of the running sum

std::vector<std::uint8_t> flags_of(std::size_t n, std::span<const std::uint32_t> items) {
  std::vector<std::uint8_t> flag(n, 0);
  for (const auto item : items) flag[item] = 1;
  return flag;
}

std::vector<std::uint32_t> others(std::size_t n, std::span<const std::uint8_t> flag) {
  std::vector<std::uint32_t> rest;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (flag[i] == 0) rest.push_back(i);
  }
  return rest;
}

/// Similarity of every item to the nearest test item.
std::vector<double> closeness_of(const SeriesItems& items, std::span<const std::uint32_t> test) {
  std::vector<double> close(items.size(), items.neighbours->floor);
  for (const auto item : test) {
    for (const auto& other : items.neighbours->of(item)) {
      close[other.col] = std::max(close[other.col], other.value);
    }
  }
  return close;
}

/// Pool items by falling closeness. `pool` is in random order, which settles ties.
void order_by_closeness(std::span<std::uint32_t> pool, const std::vector<double>& close) {
  std::stable_sort(pool.begin(), pool.end(), [&](auto a, auto b) { return close[a] > close[b]; });
}

/// Pool items so that test items lose all their neighbours soonest: always those of the test item
/// that has the fewest left; then the others by closeness.
std::vector<std::uint32_t> order_by_freed(const SeriesItems& items,
                                          std::span<const std::uint32_t> test,
                                          std::span<const std::uint32_t> pool, double threshold,
                                          const std::vector<double>& close) {
  std::vector<std::uint8_t> open = flags_of(items.size(), pool);
  std::vector<std::uint32_t> left(items.size(), 0);
  const auto is_test = flags_of(items.size(), test);
  using Entry = std::pair<std::uint32_t, std::uint32_t>;  // neighbours left, test item
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  for (const auto item : test) {
    for (const auto& other : items.neighbours->of(item)) {
      if (other.value < threshold) break;
      left[item] += open[other.col];
    }
    if (left[item] > 0) queue.emplace(left[item], item);
  }
  std::vector<std::uint32_t> order;
  while (!queue.empty()) {
    const auto [count, item] = queue.top();
    queue.pop();
    if (count != left[item] || count == 0) continue;
    for (const auto& other : items.neighbours->of(item)) {
      if (other.value < threshold) break;
      if (open[other.col] == 0) continue;
      open[other.col] = 0;
      order.push_back(other.col);
      for (const auto& back : items.neighbours->of(other.col)) {
        if (back.value < threshold) break;
        if (is_test[back.col] != 0 && --left[back.col] > 0) queue.emplace(left[back.col], back.col);
      }
    }
  }
  std::vector<std::uint32_t> rest;
  for (const auto item : pool) {
    if (open[item] != 0) rest.push_back(item);
  }
  order_by_closeness(rest, close);
  order.insert(order.end(), rest.begin(), rest.end());
  return order;
}

std::vector<std::uint32_t> shut_out_order(const SeriesItems& items,
                                          std::span<const std::uint32_t> test,
                                          std::vector<std::uint32_t> pool, const OverlapRule& rule,
                                          const std::vector<double>& close) {
  if (rule.measure == OverlapMeasure::share_with_neighbour) {
    return order_by_freed(items, test, pool, rule.threshold, close);
  }
  order_by_closeness(pool, close);
  return pool;
}

/// The nearest training item of every test item, kept up to date as training items come and go.
class NearestTraining {
 public:
  NearestTraining(const SeriesItems& items, std::span<const std::uint32_t> test,
                  std::vector<std::uint8_t> is_training, const OverlapRule& rule)
      : neighbours_(*items.neighbours),
        is_training_(std::move(is_training)),
        rule_(rule),
        place_(items.size(), kNoTest),
        n_test_(test.size()) {
    for (const auto item : test) {
      place_[item] = 0;
      advance(item);
      sum_ += value(item);
    }
  }

  void remove(std::uint32_t item) {
    is_training_[item] = 0;
    for (const auto& other : neighbours_.of(item)) {
      if (place_[other.col] == kNoTest || nearest(other.col) != item) continue;
      sum_ -= value(other.col);
      advance(other.col);
      sum_ += value(other.col);
    }
  }

  void add(std::uint32_t item) {
    is_training_[item] = 1;
    for (const auto& other : neighbours_.of(item)) {
      const std::uint32_t test = other.col;
      if (place_[test] == kNoTest) continue;
      const auto list = neighbours_.of(test);
      if (place_[test] < list.size() && list[place_[test]].value > other.value) continue;
      const auto better = [](const Nearest& a, const Nearest& b) {
        return a.value != b.value ? a.value > b.value : a.col < b.col;
      };
      const auto found =
          std::lower_bound(list.begin(), list.end(), Nearest{item, other.value}, better);
      const auto place = static_cast<std::uint32_t>(found - list.begin());
      if (place >= place_[test]) continue;
      sum_ -= value(test);
      place_[test] = place;
      sum_ += value(test);
    }
  }

  [[nodiscard]] double overlap() const { return sum_ / static_cast<double>(n_test_); }

 private:
  static constexpr std::uint32_t kNoTest = 0xFFFFFFFFU;
  [[nodiscard]] std::uint32_t nearest(std::uint32_t test) const {
    const auto list = neighbours_.of(test);
    return place_[test] < list.size() ? list[place_[test]].col : Nearest::kNone;
  }
  [[nodiscard]] double value(std::uint32_t test) const {
    const auto list = neighbours_.of(test);
    return rule_.of(place_[test] < list.size() ? list[place_[test]].value : neighbours_.floor);
  }
  void advance(std::uint32_t test) {
    const auto list = neighbours_.of(test);
    while (place_[test] < list.size() && is_training_[list[place_[test]].col] == 0) ++place_[test];
  }

  const ItemNeighbours& neighbours_;
  std::vector<std::uint8_t> is_training_;
  OverlapRule rule_;
  std::vector<std::uint32_t> place_;  ///< per test item: position in its list
  std::size_t n_test_;
  double sum_ = 0.0;
};

double weight_of(const SeriesItems& items, std::span<const std::uint32_t> some) {
  double sum = 0.0;
  for (const auto item : some) sum += items.weight[item];
  return sum;
}

/// Of the first kCandidates of `reserve` that are open, the one with the weight nearest to
/// `wanted`; the first of them on ties.
std::uint32_t take_replacement(const SeriesItems& items, std::vector<std::uint32_t>& reserve,
                               std::span<const std::uint8_t> is_shut, double wanted) {
  std::size_t n = 0;  // the first n are open
  std::size_t scanned = 0;
  for (; scanned < reserve.size() && n < kCandidates; ++scanned) {
    if (is_shut[reserve[scanned]] == 0) reserve[n++] = reserve[scanned];
  }
  reserve.erase(reserve.begin() + static_cast<std::ptrdiff_t>(n),
                reserve.begin() + static_cast<std::ptrdiff_t>(scanned));
  std::size_t best = 0;
  for (std::size_t k = 1; k < n; ++k) {
    if (std::abs(items.weight[reserve[k]] - wanted) <
        std::abs(items.weight[reserve[best]] - wanted)) {
      best = k;
    }
  }
  const std::uint32_t item = reserve[best];
  reserve.erase(reserve.begin() + static_cast<std::ptrdiff_t>(best));
  return item;
}

}  // namespace

double OverlapChain::lowest() const { return *std::min_element(overlap.begin(), overlap.end()); }

std::vector<std::size_t> OverlapChain::record_lows() const {
  std::vector<std::size_t> lows{0};
  for (std::size_t k = 1; k < overlap.size(); ++k) {
    if (overlap[k] < overlap[lows.back()] - kLower) lows.push_back(k);
  }
  return lows;
}

std::vector<std::uint32_t> OverlapChain::training_after(std::size_t n_steps) const {
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> shut;
  for (std::size_t k = 0; k < n_steps; ++k) {
    if (!steps[k].was_training) continue;
    training.push_back(steps[k].added);
    shut.push_back(steps[k].shut_out);
  }
  training.insert(training.end(), start.begin(), start.end());
  std::sort(training.begin(), training.end());
  std::sort(shut.begin(), shut.end());
  std::vector<std::uint32_t> left;  // nothing is added after it was shut out
  std::set_difference(training.begin(), training.end(), shut.begin(), shut.end(),
                      std::back_inserter(left));
  return left;
}

std::vector<std::uint32_t> draw_test_items(const SeriesItems& items, std::size_t n_test,
                                           std::size_t size, Rng& rng) {
  std::vector<std::uint32_t> seeds(items.size());
  std::iota(seeds.begin(), seeds.end(), 0U);
  rng.shuffle(std::span(seeds));
  std::vector<std::uint8_t> taken(items.size(), 0);
  std::vector<std::uint32_t> test;
  for (const auto seed : seeds) {
    if (test.size() == n_test) break;
    if (taken[seed] != 0) continue;
    std::size_t wanted = std::min(size, n_test - test.size());
    const auto take = [&](std::uint32_t item) {
      taken[item] = 1;
      test.push_back(item);
      --wanted;
    };
    take(seed);
    for (const auto& other : items.neighbours->of(seed)) {
      if (wanted == 0) break;
      if (taken[other.col] == 0) take(other.col);
    }
  }
  std::sort(test.begin(), test.end());
  return test;
}

std::vector<std::uint32_t> draw_training_items(const SeriesItems& items,
                                               std::span<const std::uint32_t> pool, std::size_t n,
                                               Rng& rng) {
  std::vector<std::uint32_t> reserve(pool.begin(), pool.end());
  rng.shuffle(std::span(reserve));
  const double wanted =
      weight_of(items, pool) / static_cast<double>(pool.size()) * static_cast<double>(n);
  const std::size_t n_free = n - n / 10;
  const auto middle = reserve.begin() + static_cast<std::ptrdiff_t>(n_free);
  std::vector<std::uint32_t> training(reserve.begin(), middle);
  reserve.erase(reserve.begin(), middle);
  double sum = weight_of(items, training);
  const std::vector<std::uint8_t> none(items.size(), 0);
  while (training.size() < n) {
    const double each = (wanted - sum) / static_cast<double>(n - training.size());
    training.push_back(take_replacement(items, reserve, none, each));
    sum += items.weight[training.back()];
  }
  std::sort(training.begin(), training.end());
  return training;
}

OverlapChain make_chain(const SeriesItems& items, std::vector<std::uint32_t> test,
                        std::size_t n_train, const OverlapRule& rule, Rng& rng) {
  OverlapChain chain{.test = std::move(test)};
  std::vector<std::uint32_t> pool = others(items.size(), flags_of(items.size(), chain.test));
  chain.start = draw_training_items(items, pool, n_train, rng);
  auto is_training = flags_of(items.size(), chain.start);
  rng.shuffle(std::span(pool));
  std::vector<std::uint32_t> reserve;
  for (const auto item : pool) {
    if (is_training[item] == 0) reserve.push_back(item);
  }
  const auto close = closeness_of(items, chain.test);
  const auto order = shut_out_order(items, chain.test, pool, rule, close);
  NearestTraining nearest(items, chain.test, is_training, rule);
  chain.overlap.push_back(nearest.overlap());
  std::vector<std::uint8_t> is_shut(items.size(), 0);
  const double wanted = weight_of(items, chain.start);
  double sum = wanted;
  for (std::size_t k = 0; k < pool.size() - n_train; ++k) {
    ChainStep step{.shut_out = order[k],
                   .closeness = close[order[k]],
                   .was_training = is_training[order[k]] != 0};
    is_shut[step.shut_out] = 1;
    if (step.was_training) {
      sum -= items.weight[step.shut_out];
      step.added = take_replacement(items, reserve, is_shut, wanted - sum);
      sum += items.weight[step.added];
      is_training[step.shut_out] = 0;
      is_training[step.added] = 1;
      nearest.remove(step.shut_out);
      nearest.add(step.added);
    }
    chain.steps.push_back(step);
    chain.overlap.push_back(nearest.overlap());
  }
  return chain;
}

std::vector<double> lowest_overlaps(const SeriesItems& items, std::span<const std::uint32_t> test,
                                    const OverlapRule& rule) {
  const auto is_test = flags_of(items.size(), test);
  const auto pool = others(items.size(), is_test);
  const auto close = closeness_of(items, test);
  const auto order = shut_out_order(items, test, pool, rule, close);
  NearestTraining nearest(items, test, flags_of(items.size(), pool), rule);
  std::vector<double> lowest{nearest.overlap()};
  for (std::size_t k = 0; k + 1 < order.size(); ++k) {
    nearest.remove(order[k]);
    lowest.push_back(nearest.overlap());
  }
  return lowest;
}

}  // namespace cupel::detail

#include "split/overlap_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel::detail {
namespace {

constexpr double kLeastTrainShare = 0.2;
constexpr double kGoodSpan = 0.9;
constexpr std::size_t kAttempts = 4;  ///< draws of a test set per size and repeat

std::string percent(double share) { return fmt::format("{:.3g} %", 100.0 * share); }

/// One try at a test set.
struct Draw {
  std::uint32_t repeat = 0;
  std::size_t size = 1;  ///< of neighbourhoods
  std::size_t attempt = 0;

  [[nodiscard]] std::uint64_t key() const noexcept {
    return (std::uint64_t{repeat} << 40U) | (static_cast<std::uint64_t>(attempt) << 32U) |
           static_cast<std::uint64_t>(size);
  }
};

std::size_t count_draws(const Series& series) {
  return series.sizes.size() * series.options->repeats * kAttempts;
}

/// By size, then repeat, then attempt.
Draw draw_number(const Series& series, std::size_t k) {
  const std::size_t per_size = series.options->repeats * kAttempts;
  return {.repeat = static_cast<std::uint32_t>(k % per_size / kAttempts),
          .size = series.sizes[k / per_size],
          .attempt = k % kAttempts};
}

std::vector<std::uint32_t> test_of(const Series& series, const Draw& draw) {
  Rng rng(series.options->seed, "overlap series: test", draw.key());
  return detail::draw_test_items(series.items, series.n_test, draw.size, rng);
}

OverlapChain chain_of(const Series& series, const Draw& draw) {
  Rng rng(series.options->seed, "overlap series: training", draw.key());
  return detail::make_chain(series.items, test_of(series, draw), series.n_train, series.rule, rng);
}

/// For every number of shut-out items the lowest overlap over all draws of a repeat; then that of
/// the worst repeat.
std::vector<double> lowest_by_shut_out(const Series& series) {
  std::vector<std::vector<double>> found(count_draws(series));
  parallel_for(*series.context, found.size(), [&](std::size_t k) {
    found[k] =
        detail::lowest_overlaps(series.items, test_of(series, draw_number(series, k)), series.rule);
  });
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  std::vector<double> worst(found.front().size(), -kInfinite);
  for (std::uint32_t repeat = 0; repeat < series.options->repeats; ++repeat) {
    for (std::size_t shut = 0; shut < worst.size(); ++shut) {
      double best = kInfinite;
      for (std::size_t k = 0; k < found.size(); ++k) {
        if (draw_number(series, k).repeat == repeat) best = std::min(best, found[k][shut]);
      }
      worst[shut] = std::max(worst[shut], best);
    }
  }
  return worst;
}

Chains summarise(std::vector<OverlapChain> of_repeat, std::size_t size) {
  Chains chains{.of_repeat = std::move(of_repeat), .neighbourhood_size = size};
  chains.highest = chains.of_repeat.front().overlap.front();
  chains.lowest = chains.of_repeat.front().lowest();
  for (const auto& chain : chains.of_repeat) {
    chains.highest = std::min(chains.highest, chain.overlap.front());
    chains.lowest = std::max(chains.lowest, chain.lowest());
    chains.mean_start += chain.overlap.front() / static_cast<double>(chains.of_repeat.size());
  }
  return chains;
}

/// For each size of neighbourhoods, the chains of all repeats: of several draws the one that spans
/// most.
std::vector<Chains> chains_by_size(const Series& series) {
  std::vector<OverlapChain> all(count_draws(series));
  parallel_for(*series.context, all.size(),
               [&](std::size_t k) { all[k] = chain_of(series, draw_number(series, k)); });
  const auto span = [](const OverlapChain& chain) {
    return chain.overlap.front() - chain.lowest();
  };
  std::vector<Chains> by_size;
  auto next = all.begin();
  for (const std::size_t size : series.sizes) {
    std::vector<OverlapChain> widest;
    for (std::uint32_t repeat = 0; repeat < series.options->repeats; ++repeat) {
      const auto end = next + kAttempts;
      widest.push_back(std::move(*std::max_element(
          next, end, [&](const auto& a, const auto& b) { return span(a) < span(b); })));
      next = end;
    }
    by_size.push_back(summarise(std::move(widest), size));
  }
  return by_size;
}

}  // namespace

std::size_t items_of_share(double share, std::size_t n) {
  return std::max<std::size_t>(
      1, static_cast<std::size_t>(std::llround(share * static_cast<double>(n))));
}

/// What the similarity is like at the threshold, for messages.
std::string describe_density(const Series& series) {
  const double threshold = series.options->threshold;
  if (std::isnan(threshold) || threshold < series.neighbours.floor) return {};
  std::uint64_t n_ends = 0;
  std::size_t n_alone = 0;
  const std::size_t n = series.items.size();
  for (std::size_t i = 0; i < n; ++i) {
    const auto list = series.neighbours.of(i);
    const auto end = std::partition_point(
        list.begin(), list.end(), [&](const Nearest& other) { return other.value >= threshold; });
    n_ends += static_cast<std::uint64_t>(end - list.begin());
    n_alone += end == list.begin() ? 1U : 0U;
  }
  const double density =
      static_cast<double>(n_ends) / static_cast<double>(n) / static_cast<double>(n - 1);
  return fmt::format(
      "; at similarity {} an item has {:.1f} neighbours on average ({} of all "
      "pairs), {} of {} items have none",
      threshold, static_cast<double>(n_ends) / static_cast<double>(n), percent(density), n_alone,
      n);
}

void fail_too_low(const Series& series, double level) {
  const auto lowest = lowest_by_shut_out(series);
  const std::size_t n_pool = series.items.size() - series.n_test;
  const auto reached =
      std::find_if(lowest.begin(), lowest.end(), [&](double value) { return value <= level; });
  std::string hint;
  if (reached == lowest.end()) {
    hint =
        fmt::format("no training set of any size reaches it here: even one item would leave {:.4g}",
                    lowest.back());
  } else {
    const auto n_train = n_pool - static_cast<std::size_t>(reached - lowest.begin());
    hint = fmt::format(
        "with {} training items ({} of all) it is feasible, or with a smaller test set", n_train,
        percent(static_cast<double>(n_train) / static_cast<double>(series.items.size())));
  }
  const std::size_t n_train =
      series.n_train > 0 ? series.n_train : items_of_share(kLeastTrainShare, series.items.size());
  fail_input(fmt::format("an overlap ({}) of {:.4g} cannot be reached with {} test and {} training "
                         "items of {}: the lowest is {:.4g}{}",
                         to_string(series.rule.measure), level, series.n_test, n_train,
                         series.items.size(), lowest[n_pool - n_train], describe_density(series)),
             {}, hint);
}

/// The constant number of training items.
void choose_n_train(Series& series) {
  const std::size_t n = series.items.size();
  const std::size_t n_pool = n - series.n_test;
  const auto& options = *series.options;
  if (options.train_share || options.levels.empty()) {
    series.n_train = std::min(items_of_share(options.train_share.value_or(0.5), n), n_pool);
    return;
  }
  const double wanted = *std::min_element(options.levels.begin(), options.levels.end());
  const auto lowest = lowest_by_shut_out(series);
  const std::size_t least = std::min(items_of_share(kLeastTrainShare, n), n_pool);
  for (std::size_t shut = 0; shut + least <= n_pool; ++shut) {
    if (lowest[shut] > wanted) continue;
    series.n_train = n_pool - shut;
    return;
  }
  fail_too_low(series, wanted);
}

Chains choose_chains(const Series& series) {
  auto by_size = chains_by_size(series);
  const auto& levels = series.options->levels;
  if (!levels.empty()) {
    const double wanted = *std::min_element(levels.begin(), levels.end());
    const auto reaches = [&](const Chains& one) { return one.lowest <= wanted; };
    if (std::any_of(by_size.begin(), by_size.end(), reaches)) {
      std::erase_if(by_size, [&](const Chains& one) { return !reaches(one); });
    }
  }
  double widest = by_size.front().span();
  for (const auto& one : by_size) widest = std::max(widest, one.span());
  return *std::find_if(by_size.begin(), by_size.end(), [&](const Chains& one) {
    return one.span() >= std::min(widest, kGoodSpan * widest);
  });
}

}  // namespace cupel::detail

#include "split/overlap_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/dense_similarity.hpp"
#include "split/overlap_chain.hpp"
#include "split/overlap_profile.hpp"

namespace cupel {
namespace {

using detail::OverlapChain;
using detail::OverlapRule;
using detail::SeriesItems;

constexpr std::size_t kKeepAllPairs = 4096;  ///< items
constexpr std::uint64_t kClosestPairs = 16'000'000;
constexpr std::uint64_t kMostPairs = 200'000'000;  ///< 6.4 GB
constexpr double kLeastTrainShare = 0.2;
constexpr double kGoodSpan = 0.9;

/// Everything that all repeats share. Items are renumbered: those of weight 0 are gone.
struct Series {
  const OverlapSeriesOptions* options = nullptr;
  const Context* context = nullptr;
  const Similarity* similarity = nullptr;  ///< among the items that take part
  ItemNeighbours neighbours;
  SeriesItems items;
  OverlapRule rule;
  std::vector<std::size_t> sizes;  ///< of neighbourhoods, to be tried
  std::size_t n_test = 0;
  std::size_t n_train = 0;
};

std::string percent(double share) { return fmt::format("{:.3g} %", 100.0 * share); }

void check_options(const OverlapSeriesOptions& options) {
  const auto is_share = [](double value) { return value > 0.0 && value < 1.0; };
  if (!is_share(options.test_share) || (options.train_share && !is_share(*options.train_share)) ||
      options.test_share + options.train_share.value_or(0.0) > 1.0 + 1e-12) {
    fail_input(
        "the shares of test and training items must lie between 0 and 1 and add up to at most 1",
        {.value = format_double(options.test_share) + " and " +
                  format_double(options.train_share.value_or(0.0))},
        "for example test 0.2, train 0.5: up to 30 % of the items can then be shut out");
  }
  if (options.repeats == 0 || (options.levels.empty() && options.n_levels == 0)) {
    fail_input("an overlap series needs at least one level and one repeat");
  }
  if (options.measure == OverlapMeasure::share_with_neighbour && std::isnan(options.threshold)) {
    fail_input(
        "the measure share_with_neighbour needs the similarity from which two items are neighbours",
        {}, "give a threshold, or use the measure nearest_mean");
  }
  for (const double level : options.levels) {
    if (!std::isfinite(level)) fail_input("an overlap level must be a number");
  }
}

/// The neighbours that the choice of items rests on.
ItemNeighbours find_neighbours(const Similarity& similarity, const OverlapSeriesOptions& options,
                               const Context& context) {
  if (similarity.n_rows() <= kKeepAllPairs) return all_neighbours(similarity, context);
  if (options.measure == OverlapMeasure::share_with_neighbour) {
    return neighbours_at_least(similarity, options.threshold, kMostPairs, context);
  }
  const double floor = floor_for_pairs(similarity, kClosestPairs, options.seed);
  return neighbours_at_least(similarity, floor, kMostPairs, context);
}

std::size_t items_of_share(double share, std::size_t n) {
  return std::max<std::size_t>(
      1, static_cast<std::size_t>(std::llround(share * static_cast<double>(n))));
}

std::vector<std::uint32_t> test_of(const Series& series, std::uint32_t repeat, std::size_t size) {
  Rng rng(series.options->seed, "overlap series: test",
          (std::uint64_t{repeat} << 32U) | static_cast<std::uint64_t>(size));
  return detail::draw_test_items(series.items, series.n_test, size, rng);
}

OverlapChain chain_of(const Series& series, std::uint32_t repeat, std::size_t size) {
  Rng rng(series.options->seed, "overlap series: training",
          (std::uint64_t{repeat} << 32U) | static_cast<std::uint64_t>(size));
  return detail::make_chain(series.items, test_of(series, repeat, size), series.n_train,
                            series.rule, rng);
}

/// Per repeat, for every number of shut-out items, the lowest overlap over the sizes of
/// neighbourhoods; then the worst repeat.
std::vector<double> lowest_by_shut_out(const Series& series) {
  const std::size_t n_sizes = series.sizes.size();
  std::vector<std::vector<double>> found(series.options->repeats * n_sizes);
  parallel_for(*series.context, found.size(), [&](std::size_t k) {
    const auto test =
        test_of(series, static_cast<std::uint32_t>(k / n_sizes), series.sizes[k % n_sizes]);
    found[k] = detail::lowest_overlaps(series.items, test, series.rule);
  });
  std::vector<double> worst(found.front().size(), -std::numeric_limits<double>::infinity());
  for (std::size_t r = 0; r < series.options->repeats; ++r) {
    for (std::size_t k = 0; k < worst.size(); ++k) {
      double best = found[r * n_sizes][k];
      for (std::size_t s = 1; s < n_sizes; ++s) best = std::min(best, found[r * n_sizes + s][k]);
      worst[k] = std::max(worst[k], best);
    }
  }
  return worst;
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

/// A level that the sizes do not allow: says what is feasible. `lowest` by shut-out items.
[[noreturn]] void fail_too_low(const Series& series, double level, std::span<const double> lowest) {
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
  fail_too_low(series, wanted, lowest);
}

/// The chain of a repeat: of all sizes of neighbourhoods, the smallest one that spans nearly the
/// widest range.
struct ChosenChain {
  OverlapChain chain;
  std::uint32_t neighbourhood_size = 1;
};

std::vector<ChosenChain> choose_chains(const Series& series) {
  const std::size_t n_sizes = series.sizes.size();
  std::vector<OverlapChain> all(series.options->repeats * n_sizes);
  parallel_for(*series.context, all.size(), [&](std::size_t k) {
    all[k] = chain_of(series, static_cast<std::uint32_t>(k / n_sizes), series.sizes[k % n_sizes]);
  });
  const auto& levels = series.options->levels;
  const bool is_spread = levels.empty();
  const double wanted = is_spread ? 0.0 : *std::min_element(levels.begin(), levels.end());
  std::vector<ChosenChain> chosen;
  for (std::size_t r = 0; r < series.options->repeats; ++r) {
    const auto span = [&](std::size_t s) {
      const auto& chain = all[r * n_sizes + s];
      return chain.overlap.front() -
             (is_spread ? chain.lowest() : std::max(chain.lowest(), wanted));
    };
    double widest = span(0);
    for (std::size_t s = 1; s < n_sizes; ++s) widest = std::max(widest, span(s));
    std::size_t pick = 0;
    const auto serves = [&](std::size_t s) {
      return span(s) >= kGoodSpan * widest &&
             (is_spread || all[r * n_sizes + s].lowest() <= wanted);
    };
    while (pick + 1 < n_sizes && !serves(pick)) ++pick;
    if (!serves(pick)) {  // a level no size reaches: the lowest one, for the message
      for (std::size_t s = 0; s < n_sizes; ++s) {
        if (all[r * n_sizes + s].lowest() < all[r * n_sizes + pick].lowest()) pick = s;
      }
    }
    chosen.push_back(
        {std::move(all[r * n_sizes + pick]), static_cast<std::uint32_t>(series.sizes[pick])});
  }
  return chosen;
}

/// The levels, falling, that all repeats can serve.
std::vector<double> choose_levels(const Series& series, const OverlapSeries& out,
                                  std::span<const ChosenChain> chains) {
  std::vector<double> levels = series.options->levels;
  if (!levels.empty()) {
    std::sort(levels.begin(), levels.end(), std::greater<>());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    double top = out.highest;
    for (const auto& one : chains) top = std::max(top, one.chain.overlap.front());
    if (levels.front() > top) {
      fail_input(
          fmt::format(
              "an overlap ({}) of {:.4g} is more than random splits of these data have ({:.4g})",
              to_string(series.rule.measure), levels.front(), top),
          {}, fmt::format("ask for levels between {:.4g} and {:.4g}", out.lowest, top));
    }
    if (levels.back() < out.lowest) {
      fail_too_low(series, levels.back(), lowest_by_shut_out(series));
    }
    return levels;
  }
  const std::uint32_t n = series.options->n_levels;
  if (!(out.highest - out.lowest > 1e-9)) {
    fail_input(
        fmt::format("the overlap ({}) of these items cannot be lowered: a random training set "
                    "of {} of {} items has {:.4g}, the lowest is {:.4g}{}",
                    to_string(series.rule.measure), series.n_train, series.items.size(),
                    out.highest, out.lowest, describe_density(series)),
        {}, "use a smaller training share, another similarity, or another measure");
  }
  for (std::uint32_t k = 0; k < n; ++k) {
    const double part = n == 1 ? 1.0 : static_cast<double>(k) / static_cast<double>(n - 1);
    levels.push_back(out.highest + part * (out.lowest - out.highest));
  }
  return levels;
}

/// For each level the number of steps whose overlap is nearest, strictly rising.
std::vector<std::size_t> steps_of_levels(const OverlapChain& chain,
                                         std::span<const double> levels) {
  const auto lows = chain.record_lows();
  if (lows.size() < levels.size()) {
    fail_input(
        fmt::format("{} levels are asked for, but with these sizes the overlap takes only {} "
                    "distinct values on its way from {:.4g} to {:.4g}",
                    levels.size(), lows.size(), chain.overlap.front(), chain.lowest()),
        {}, "ask for fewer levels, or leave more items to be shut out");
  }
  std::vector<std::size_t> steps;
  std::size_t first = 0;
  for (std::size_t k = 0; k < levels.size(); ++k) {
    const std::size_t last = lows.size() - (levels.size() - k);
    std::size_t best = first;
    for (std::size_t i = first; i <= last; ++i) {
      if (std::abs(chain.overlap[lows[i]] - levels[k]) <
          std::abs(chain.overlap[lows[best]] - levels[k])) {
        best = i;
      }
    }
    steps.push_back(lows[best]);
    first = best + 1;
  }
  return steps;
}

/// Roles over the items that take part.
OverlapSplit role_split(const Series& series, std::span<const std::uint32_t> test,
                        std::span<const std::uint32_t> training) {
  OverlapSplit split;
  split.role.assign(series.items.size(), Role::left_out);
  split.reason.assign(series.items.size(), kSizeMatched);
  const auto set = [&](std::span<const std::uint32_t> some, Role role, double& rows) {
    for (const auto item : some) {
      split.role[item] = role;
      split.reason[item] = 0;
      rows += series.items.weight[item];
    }
  };
  set(test, Role::test, split.test_rows);
  set(training, Role::train, split.train_rows);
  split.overlap = measure_overlap(*series.similarity, training, test, series.options->threshold,
                                  *series.context);
  return split;
}

OverlapSplit level_split(const Series& series, const OverlapChain& chain, std::size_t n_steps) {
  OverlapSplit split = role_split(series, chain.test, chain.training_after(n_steps));
  for (std::size_t k = 0; k < n_steps; ++k) {
    split.reason[chain.steps[k].shut_out] = kTooSimilarToTest;
  }
  return split;
}

OverlapSplit control_split(const Series& series, const OverlapChain& chain, std::uint32_t repeat,
                           std::size_t level) {
  Rng rng(series.options->seed, "overlap series: control", (std::uint64_t{repeat} << 32U) | level);
  std::vector<std::uint32_t> test = chain.test;
  if (series.options->control == OverlapControl::random) {
    test = detail::draw_test_items(series.items, series.n_test, 1, rng);
  }
  std::vector<std::uint32_t> pool;
  for (std::uint32_t i = 0; i < series.items.size(); ++i) {
    if (!std::binary_search(test.begin(), test.end(), i)) pool.push_back(i);
  }
  OverlapSplit split = role_split(
      series, test, detail::draw_training_items(series.items, pool, series.n_train, rng));
  split.is_control = true;
  return split;
}

void add_splits(const Series& series, std::span<const ChosenChain> chains, OverlapSeries& out) {
  for (std::uint32_t repeat = 0; repeat < chains.size(); ++repeat) {
    const auto& chain = chains[repeat].chain;
    const auto steps = steps_of_levels(chain, out.levels);
    for (std::size_t k = 0; k < out.levels.size(); ++k) {
      series.context->check_cancelled();
      const auto add = [&](OverlapSplit split) {
        split.level_index = k;
        split.level = out.levels[k];
        split.repeat = repeat;
        out.splits.push_back(std::move(split));
      };
      add(level_split(series, chain, steps[k]));
      if (series.options->control != OverlapControl::none) {
        add(control_split(series, chain, repeat, k));
      }
    }
  }
}

OverlapSeries make_series(Series& series) {
  const std::size_t n = series.items.size();
  if (n < 4) {
    fail_input(fmt::format("an overlap series needs at least 4 items, here are {}", n));
  }
  series.n_test = std::min(items_of_share(series.options->test_share, n), n - 1);
  for (std::size_t size = 1; size <= series.n_test; size *= 2) series.sizes.push_back(size);
  choose_n_train(series);
  const auto chains = choose_chains(series);
  OverlapSeries out{.n_test = series.n_test, .n_train = series.n_train};
  out.highest = chains.front().chain.overlap.front();
  out.lowest = chains.front().chain.lowest();
  for (const auto& one : chains) {
    out.highest = std::min(out.highest, one.chain.overlap.front());
    out.lowest = std::max(out.lowest, one.chain.lowest());
    out.neighbourhood_size.push_back(one.neighbourhood_size);
  }
  out.levels = choose_levels(series, out, chains);
  add_splits(series, chains, out);
  return out;
}

/// Back to the numbers of all items.
void spread_roles(OverlapSeries& series, std::span<const std::uint32_t> items, std::size_t n) {
  for (auto& split : series.splits) {
    std::vector<Role> role(n, Role::left_out);
    std::vector<std::uint8_t> reason(n, kNoRows);
    for (std::size_t k = 0; k < items.size(); ++k) {
      role[items[k]] = split.role[k];
      reason[items[k]] = split.reason[k];
    }
    split.role = std::move(role);
    split.reason = std::move(reason);
  }
}

}  // namespace

std::string_view to_string(OverlapMeasure measure) noexcept {
  return measure == OverlapMeasure::nearest_mean ? "nearest_mean" : "share_with_neighbour";
}

OverlapMeasure parse_overlap_measure(std::string_view text) {
  for (const auto measure : {OverlapMeasure::nearest_mean, OverlapMeasure::share_with_neighbour}) {
    if (text == to_string(measure)) return measure;
  }
  fail(ErrorKind::usage, "unknown measure of overlap \"" + std::string(text) + "\"", {},
       "measures: nearest_mean, share_with_neighbour");
}

std::string_view to_string(OverlapControl control) noexcept {
  if (control == OverlapControl::none) return "none";
  return control == OverlapControl::same_test ? "same_test" : "random";
}

OverlapControl parse_overlap_control(std::string_view text) {
  if (text == "size_matched") return OverlapControl::same_test;
  for (const auto control :
       {OverlapControl::none, OverlapControl::same_test, OverlapControl::random}) {
    if (text == to_string(control)) return control;
  }
  fail(ErrorKind::usage, "unknown control \"" + std::string(text) + "\"", {},
       "controls: same_test (also written size_matched), random, none");
}

std::span<const std::string_view> overlap_reasons() noexcept {
  static constexpr std::array<std::string_view, 4> kReasons{"", "too_similar_to_test",
                                                            "size_matched", "no_rows"};
  return kReasons;
}

OverlapSeries make_overlap_series(const Similarity& similarity, std::span<const double> weights,
                                  const OverlapSeriesOptions& options, const Context& context) {
  check_options(options);
  const std::size_t n = similarity.n_rows();
  std::vector<std::uint32_t> items;
  Series series{.options = &options, .context = &context};
  for (std::uint32_t i = 0; i < n; ++i) {
    const double weight = weights.empty() ? 1.0 : weights[i];
    if (!(weight > 0.0)) continue;
    items.push_back(i);
    series.items.weight.push_back(weight);
  }
  series.rule = {.measure = options.measure, .threshold = options.threshold};
  std::unique_ptr<Similarity> part;
  std::unique_ptr<Similarity> dense;
  series.similarity = &similarity;
  if (items.size() < n) {
    part = std::make_unique<SubsetSimilarity>(similarity, items);
    series.similarity = part.get();
  }
  if (items.size() <= kKeepAllPairs) {
    dense = std::make_unique<DenseSimilarity>(make_dense(*series.similarity, context));
    series.similarity = dense.get();
  }
  series.neighbours = find_neighbours(*series.similarity, options, context);
  series.items.neighbours = &series.neighbours;
  OverlapSeries out = make_series(series);
  if (items.size() < n) spread_roles(out, items, n);
  return out;
}

}  // namespace cupel

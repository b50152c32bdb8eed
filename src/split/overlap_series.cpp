#include "split/overlap_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/overlap_choice.hpp"
#include "split/overlap_profile.hpp"
#include "split/similarity_table.hpp"

namespace cupel {
namespace {

using namespace detail;

constexpr std::uint64_t kMostPairs = 200'000'000;  ///< 6.4 GB

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
  if (similarity.n_rows() <= options.keep_all_pairs) return all_neighbours(similarity, context);
  if (options.measure == OverlapMeasure::share_with_neighbour) {
    return neighbours_at_least(similarity, options.threshold, kMostPairs, context);
  }
  const double floor = floor_for_pairs(similarity, options.closest_pairs, options.seed);
  return neighbours_at_least(similarity, floor, kMostPairs, context);
}

/// The levels asked for, falling.
std::vector<double> given_levels(const Series& series, const Chains& chains) {
  std::vector<double> levels = series.options->levels;
  std::sort(levels.begin(), levels.end(), std::greater<>());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  double top = chains.highest;
  for (const auto& chain : chains.of_repeat) top = std::max(top, chain.overlap.front());
  if (levels.front() > top) {
    fail_input(
        fmt::format("an overlap ({}) of {:.4g} is more than random splits of these data have "
                    "({:.4g})",
                    to_string(series.rule.measure), levels.front(), top),
        {}, fmt::format("ask for levels between {:.4g} and {:.4g}", chains.lowest, top));
  }
  if (levels.back() < chains.lowest) {
    fail_too_low(series, levels.back());
  }
  return levels;
}

/// Evenly from a random training set down to the lowest overlap that all repeats reach.
std::vector<double> spread_levels(const Series& series, const Chains& chains) {
  if (!(chains.mean_start - chains.lowest > 1e-9)) {
    fail_input(
        fmt::format("the overlap ({}) of these items cannot be lowered: a random training set "
                    "of {} of {} items has {:.4g}, the lowest is {:.4g}{}",
                    to_string(series.rule.measure), series.n_train, series.items.size(),
                    chains.mean_start, chains.lowest, describe_density(series)),
        {}, "use a smaller training share, another similarity, or another measure");
  }
  std::size_t n = series.options->n_levels;
  for (const auto& chain : chains.of_repeat) n = std::min(n, chain.record_lows().size());
  if (n < series.options->n_levels) {
    series.context->say(
        LogLevel::warning,
        fmt::format("{} of the {} overlap levels: with these sizes the overlap takes "
                    "no more distinct values",
                    n, series.options->n_levels));
  }
  std::vector<double> levels;
  for (std::size_t k = 0; k < n; ++k) {
    const double part = n == 1 ? 0.0 : static_cast<double>(k) / static_cast<double>(n - 1);
    levels.push_back(chains.mean_start + part * (chains.lowest - chains.mean_start));
  }
  return levels;
}

/// For each level the number of steps whose overlap is nearest, strictly rising. The first level of
/// a spread is the random training set itself.
std::vector<std::size_t> steps_of_levels(const OverlapChain& chain, std::span<const double> levels,
                                         bool is_spread) {
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
    for (std::size_t i = first; i <= last && !(is_spread && k == 0); ++i) {
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

void add_splits(const Series& series, const Chains& chains, OverlapSeries& out) {
  for (std::uint32_t repeat = 0; repeat < chains.of_repeat.size(); ++repeat) {
    const auto& chain = chains.of_repeat[repeat];
    const auto steps = steps_of_levels(chain, out.levels, series.options->levels.empty());
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
  const Chains chains = choose_chains(series);
  OverlapSeries out{.n_test = series.n_test,
                    .n_train = series.n_train,
                    .highest = chains.mean_start,
                    .lowest = chains.lowest,
                    .neighbourhood_size = chains.neighbourhood_size};
  out.levels =
      series.options->levels.empty() ? spread_levels(series, chains) : given_levels(series, chains);
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
  if (items.size() <= options.keep_all_pairs) {
    dense = std::make_unique<SimilarityTable>(tabulate_similarity(*series.similarity, context));
    series.similarity = dense.get();
  }
  series.neighbours = find_neighbours(*series.similarity, options, context);
  series.items.neighbours = &series.neighbours;
  OverlapSeries out = make_series(series);
  if (items.size() < n) spread_roles(out, items, n);
  return out;
}

}  // namespace cupel

// What must hold for every overlap series, by brute force over random items.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "../../unit/split/items.hpp"
#include "cupel/error.hpp"
#include "split/overlap_profile.hpp"
#include "split/overlap_series.hpp"

namespace cupel {
namespace {

struct Case {
  test::TableSimilarity similarity{0, 0, true};
  std::vector<double> weights;
  OverlapSeriesOptions options;
};

Case draw_case() {
  Case made;
  const auto n = *rc::gen::inRange<std::size_t>(8, 70);
  const auto groups = *rc::gen::inRange<std::size_t>(1, 9);
  const double spread = *rc::gen::element(0.05, 0.3, 1.0);
  made.options.seed = *rc::gen::arbitrary<std::uint64_t>();
  made.similarity = test::grouped_similarity(n, groups, spread, made.options.seed);
  if (*rc::gen::arbitrary<bool>()) {
    for (std::size_t i = 0; i < n; ++i) {
      made.weights.push_back(*rc::gen::inRange(0, 6) == 0 ? 0.0 : *rc::gen::inRange(1, 9));
    }
  }
  made.options.n_levels = *rc::gen::inRange(1U, 6U);
  made.options.repeats = *rc::gen::inRange(1U, 4U);
  made.options.test_share = *rc::gen::element(0.1, 0.2, 0.4);
  made.options.train_share = *rc::gen::element(0.2, 0.4, 0.5);
  made.options.threshold = *rc::gen::element(0.2, 0.5, 0.8);
  made.options.measure =
      *rc::gen::element(OverlapMeasure::nearest_mean, OverlapMeasure::share_with_neighbour);
  made.options.control =
      *rc::gen::element(OverlapControl::none, OverlapControl::same_test, OverlapControl::random);
  return made;
}

OverlapSeries series_of(const Case& made, unsigned n_threads = 1) {
  try {
    return make_overlap_series(made.similarity, made.weights, made.options,
                               {.n_threads = n_threads});
  } catch (const Error& error) {
    RC_ASSERT(error.kind() == ErrorKind::input);
    RC_ASSERT(!error.message().empty());
    RC_DISCARD("refused");
  }
}

std::vector<std::uint32_t> items_with(const OverlapSplit& split, Role role) {
  std::vector<std::uint32_t> items;
  for (std::uint32_t i = 0; i < split.role.size(); ++i) {
    if (split.role[i] == role) items.push_back(i);
  }
  return items;
}

double brute_overlap(const Case& made, const OverlapSplit& split) {
  const auto train = items_with(split, Role::train);
  double sum = 0.0;
  const auto test = items_with(split, Role::test);
  for (const auto i : test) {
    double best = -1.0;
    for (const auto j : train) best = std::max(best, made.similarity.get(i, j));
    if (made.options.measure == OverlapMeasure::nearest_mean)
      sum += best;
    else
      sum += best >= made.options.threshold ? 1.0 : 0.0;
  }
  return sum / static_cast<double>(test.size());
}

double overlap_of(const Case& made, const OverlapSplit& split) {
  return made.options.measure == OverlapMeasure::nearest_mean ? split.overlap.nearest_mean
                                                              : split.overlap.share_with_neighbour;
}

RC_GTEST_PROP(OverlapSeries, SizesAreConstantAndEveryItemIsAccountedFor, ()) {
  const Case made = draw_case();
  const auto series = series_of(made);
  const std::size_t n = made.similarity.n_rows();
  const bool has_control = made.options.control != OverlapControl::none;
  RC_ASSERT(series.levels.size() <= made.options.n_levels);
  RC_ASSERT(series.splits.size() ==
            series.levels.size() * made.options.repeats * (has_control ? 2U : 1U));
  for (const auto& split : series.splits) {
    RC_ASSERT(split.role.size() == n);
    RC_ASSERT(items_with(split, Role::test).size() == series.n_test);
    RC_ASSERT(items_with(split, Role::train).size() == series.n_train);
    for (std::size_t i = 0; i < n; ++i) {
      const bool left_out = split.role[i] == Role::left_out;
      RC_ASSERT(left_out == (split.reason[i] != 0));
      const bool takes_part = made.weights.empty() || made.weights[i] > 0.0;
      RC_ASSERT(takes_part == (split.reason[i] != kNoRows));
      if (split.is_control) RC_ASSERT(split.reason[i] != kTooSimilarToTest);
    }
  }
}

RC_GTEST_PROP(OverlapSeries, OverlapIsMeasuredAndFallsStrictly, ()) {
  const Case made = draw_case();
  const auto series = series_of(made);
  std::map<std::uint32_t, double> last;
  for (const auto& split : series.splits) {
    RC_ASSERT(std::abs(overlap_of(made, split) - brute_overlap(made, split)) < 1e-12);
    RC_ASSERT(split.overlap.n_test == series.n_test);
    RC_ASSERT(split.overlap.n_train == series.n_train);
    if (split.is_control) continue;
    const auto before = last.find(split.repeat);
    if (before != last.end()) RC_ASSERT(overlap_of(made, split) < before->second);
    last[split.repeat] = overlap_of(made, split);
  }
}

RC_GTEST_PROP(OverlapSeries, TestItemsStayTheSameAndShutOutItemsAreTheClosest, ()) {
  Case made = draw_case();
  made.options.measure = OverlapMeasure::nearest_mean;
  made.options.control = OverlapControl::same_test;
  const auto series = series_of(made);
  std::map<std::uint32_t, std::vector<std::uint32_t>> test;
  for (const auto& split : series.splits) {
    const auto items = items_with(split, Role::test);
    RC_ASSERT(test.emplace(split.repeat, items).first->second == items);
    double least_shut = 2.0;
    double most_other = -1.0;
    for (std::size_t i = 0; i < split.role.size(); ++i) {
      if (split.role[i] == Role::test || split.reason[i] == kNoRows) continue;
      double close = -1.0;
      for (const auto j : items) close = std::max(close, made.similarity.get(i, j));
      auto& side = split.reason[i] == kTooSimilarToTest ? least_shut : most_other;
      side = split.reason[i] == kTooSimilarToTest ? std::min(side, close) : std::max(side, close);
    }
    RC_ASSERT(most_other <= least_shut);
  }
}

RC_GTEST_PROP(OverlapSeries, TheSameForAnyNumberOfThreads, ()) {
  const Case made = draw_case();
  const auto a = series_of(made, 1);
  const auto b = series_of(made, 3);
  RC_ASSERT(a.levels == b.levels);
  for (std::size_t k = 0; k < a.splits.size(); ++k) {
    RC_ASSERT(a.splits[k].role == b.splits[k].role);
    RC_ASSERT(a.splits[k].reason == b.splits[k].reason);
    RC_ASSERT(a.splits[k].overlap.nearest_mean == b.splits[k].overlap.nearest_mean);
  }
}

RC_GTEST_PROP(OverlapSeries, LevelsAskedForAreServedOrRefused, ()) {
  Case made = draw_case();
  if (*rc::gen::arbitrary<bool>()) made.options.train_share.reset();
  const double top = *rc::gen::inRange(0, 100) / 100.0;
  made.options.levels = {top, 0.8 * top, 0.5 * top};
  const auto series = series_of(made);
  RC_ASSERT(series.lowest <= 0.5 * top);
  for (const auto& split : series.splits) {
    RC_ASSERT(split.level == made.options.levels[split.level_index]);
  }
}

}  // namespace
}  // namespace cupel

// What the engine refuses, estimates, reports and stops at; results are in the property tests.
#include "similarity/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "cupel/error.hpp"
#include "similarity/fingerprint.hpp"
#include "similarity/graph.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

std::unique_ptr<Similarity> fingerprints(std::size_t n) {
  return fingerprint_similarity(test::clustered_bits(n, 512, n / 20 + 1, 0.1, 3), nullptr, {});
}

TEST(Estimate, CountsExactlyWhenItLooksAtEveryRow) {
  const auto similarity = fingerprints(30);
  const auto estimate = estimate_pairs(*similarity, 0.3, Context{});
  EXPECT_EQ(estimate.sampled_rows, 30U);
  EXPECT_EQ(estimate.standard_error, 0.0);
  EXPECT_EQ(estimate.all_pairs, 435.0);
  EXPECT_NEAR(estimate.n_pairs,
              static_cast<double>(count_pairs_at_least(*similarity, 0.3, Context{})), 1e-9);
  for (const std::size_t bin : {100UL, 500UL, 900UL}) {
    const auto above = [&](double threshold) {
      return static_cast<double>(count_pairs_at_least(*similarity, threshold, Context{}));
    };
    EXPECT_GE(estimate.above[bin] + 1e-9, above(estimate.bin_low(bin) + 1e-12));
    EXPECT_LE(estimate.above[bin] - 1e-9, above(estimate.bin_low(bin) - 1e-12));
  }
}

TEST(Estimate, IsNearTheTruthFromSomeRows) {
  const auto similarity = fingerprints(3000);
  const auto truth = static_cast<double>(count_pairs_at_least(*similarity, 0.4, Context{}));
  ASSERT_GT(truth, 5000.0);
  const auto estimate = estimate_pairs(*similarity, 0.4, Context{.n_threads = 2});
  EXPECT_EQ(estimate.sampled_rows, 32U);
  EXPECT_GT(estimate.standard_error, 0.0);
  EXPECT_NEAR(estimate.n_pairs, truth, 4.0 * estimate.standard_error);
  const double half = estimate.threshold_for(truth / 2.0);
  EXPECT_GT(half, 0.4);
  EXPECT_NEAR(static_cast<double>(count_pairs_at_least(*similarity, half, Context{})), truth / 2.0,
              0.35 * truth);
}

TEST(Memory, WhatWouldNotFitIsRefusedBeforeItStarts) {
  const auto similarity = fingerprints(600);
  const auto n_pairs = count_pairs_at_least(*similarity, 0.3, Context{});
  ASSERT_GT(n_pairs, 1000U);
  std::atomic<std::size_t> reports{0};
  Context context;
  context.progress = [&](const Progress&) { ++reports; };
  const MemoryLimit too_small{.bytes = n_pairs * 36 / 4};
  try {
    build_graph(*similarity, 0.3, context, too_small);
    FAIL() << "built";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.message(), HasSubstr("estimated from"));
    ASSERT_THAT(error.hint(), HasSubstr("a threshold of "));
    // What is said to fit does fit.
    const double higher = std::stod(error.hint().substr(error.hint().find("of ") + 3));
    EXPECT_GT(higher, 0.3);
    EXPECT_GT(build_graph(*similarity, higher, context, too_small).n_edges(), 0U);
  }
  reports = 0;
  EXPECT_THROW(build_graph(*similarity, 0.3, context, too_small), Error);
  EXPECT_EQ(reports, 0U);
  EXPECT_THROW(pairs_at_least(*similarity, 0.3, context, {.bytes = n_pairs * 16 / 4}), Error);
  EXPECT_THROW(top_k(*similarity, 10, context, {.bytes = 600 * 9 * 16}), Error);
  EXPECT_NO_THROW(build_graph(*similarity, 0.3, context, {.bytes = n_pairs * 36 * 2}));
}

TEST(Memory, ALimitThatTheEstimateMissedStillHolds) {
  try {
    check_still_fits(1000, 36.0, {.bytes = 35999}, 0.4);
    FAIL() << "fits";
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), HasSubstr("found so far"));
  }
  EXPECT_NO_THROW(check_still_fits(1000, 36.0, {.bytes = 36000}, 0.4));
  EXPECT_GT(MemoryLimit::default_bytes(), std::uint64_t{1} << 28);
}

TEST(Engine, TellsItsProgressToTheEnd) {
  const auto similarity = fingerprints(300);
  std::mutex mutex;
  std::size_t last = 0;
  std::size_t total = 0;
  Context context{.n_threads = 2};
  context.progress = [&](const Progress& event) {
    const std::lock_guard lock(mutex);
    last = std::max(last, event.done);
    total = event.total;
  };
  for_pairs_at_least(*similarity, 0.4, context, [](const std::vector<Hit>&) {});
  EXPECT_EQ(total, 5U);  // blocks of 64 rows
  EXPECT_EQ(last, total);
  last = 0;
  nearest(*similarity, context);
  EXPECT_EQ(last, total);
}

TEST(Engine, StopsWhenItIsCancelled) {
  const auto similarity = fingerprints(2000);
  std::atomic<bool> cancel{false};
  Context context{.n_threads = 2};
  context.cancel = &cancel;
  std::size_t blocks = 0;
  const auto stop_at_once = [&](const std::vector<Hit>&) {
    ++blocks;
    cancel = true;
  };
  try {
    for_pairs_at_least(*similarity, 0.4, context, stop_at_once);
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
  EXPECT_LT(blocks, 31U);
  EXPECT_THROW(nearest(*similarity, context), Error);
  EXPECT_THROW(top_k(*similarity, 2, context), Error);
  EXPECT_THROW(histogram(*similarity, 10, 0.0, 1.0, context), Error);
}

TEST(Engine, AnErrorOfTheSinkComesBack) {
  const auto similarity = fingerprints(2000);
  const auto throws = [](const std::vector<Hit>&) { fail_input("the disk is full"); };
  EXPECT_THROW(for_pairs_at_least(*similarity, 0.4, Context{.n_threads = 2}, throws), Error);
}

TEST(Engine, RefusesAHistogramWithoutBins) {
  const auto similarity = fingerprints(10);
  EXPECT_THROW(histogram(*similarity, 0, 0.0, 1.0, Context{}), Error);
  EXPECT_THROW(histogram(*similarity, 5, 1.0, 1.0, Context{}), Error);
}

TEST(Graph, RefusesEdgesThatAreNone) {
  const auto problem = [](std::vector<Hit> hits) {
    try {
      make_graph(3, hits);
      return std::string("none");
    } catch (const Error& error) {
      return error.message();
    }
  };
  EXPECT_THAT(problem({{0, 3, 1.0}}), HasSubstr("(0, 3)"));
  EXPECT_THAT(problem({{1, 1, 1.0}}), HasSubstr("(1, 1)"));
  EXPECT_THAT(problem({{0, 1, 1.0}, {1, 2, 1.0}, {1, 0, 0.5}}), HasSubstr("(0, 1) is given twice"));
  EXPECT_THAT(problem({{0, 1, 1.0}, {0, 1, 1.0}}), HasSubstr("given twice"));
  EXPECT_EQ(problem({{2, 1, 1.0}, {0, 1, 1.0}}), "none");
}

TEST(Graph, FindsCommunitiesThatABridgeJoins) {
  std::vector<Hit> hits{{0, 7, 0.5}};  // two cliques of six, one edge between
  for (std::uint32_t i = 0; i < 12; ++i) {
    for (std::uint32_t j = i + 1; j < 12; ++j) {
      if (i / 6 == j / 6) hits.push_back({i, j, 0.9});
    }
  }
  const auto graph = make_graph(13, hits);  // and an isolate
  EXPECT_EQ(connected_components(graph, 0.0).size, (std::vector<std::uint32_t>{12, 1}));
  EXPECT_EQ(connected_components(graph, 0.6).size, (std::vector<std::uint32_t>{6, 6, 1}));
  for (const std::uint64_t seed : {1UL, 2UL, 3UL}) {
    EXPECT_EQ(communities(graph, 0.0, seed).size, (std::vector<std::uint32_t>{6, 6, 1})) << seed;
  }
}

}  // namespace
}  // namespace cupel

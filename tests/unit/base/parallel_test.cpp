#include "base/parallel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "cupel/error.hpp"

namespace cupel {
namespace {

TEST(ParallelFor, DoesEveryItemOnce) {
  for (const unsigned n_threads : {0U, 1U, 2U, 4U, 9U}) {
    for (const std::size_t n_items : {0U, 1U, 3U, 1000U}) {
      std::vector<int> done(n_items, 0);
      parallel_for({.n_threads = n_threads}, n_items, [&](std::size_t i) { ++done[i]; });
      EXPECT_THAT(done, testing::Each(1));
    }
  }
}

TEST(ParallelFor, UsesSeveralThreadsButNoMoreThanAskedFor) {
  std::vector<std::thread::id> thread_of_item(64);
  parallel_for({.n_threads = 3}, thread_of_item.size(), [&](std::size_t i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    thread_of_item[i] = std::this_thread::get_id();
  });
  const std::set<std::thread::id> threads(thread_of_item.begin(), thread_of_item.end());
  EXPECT_GT(threads.size(), 1U);
  EXPECT_LE(threads.size(), 3U);
}

TEST(ParallelFor, ThrowsWhatTheLowestFailingItemThrew) {
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::atomic<int> n_started{0};
    try {
      parallel_for({.n_threads = 4}, 4, [&](std::size_t i) {
        ++n_started;
        while (n_started < 4) std::this_thread::yield();  // all fail, in any order
        throw std::runtime_error(std::to_string(i));
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "0");
    }
  }
}

TEST(ParallelFor, StopsAfterAFailure) {
  std::atomic<int> n_done{0};
  const auto body = [&](std::size_t i) {
    if (i == 0) throw std::runtime_error("first");
    ++n_done;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  EXPECT_THROW(parallel_for({.n_threads = 2}, 100000, body), std::runtime_error);
  EXPECT_LT(n_done, 1000);
}

TEST(ParallelFor, NestedCallsRunOnTheCallingThread) {
  std::vector<std::vector<int>> sums(4, std::vector<int>(50, 0));
  const Context context{.n_threads = 4};
  parallel_for(context, sums.size(), [&](std::size_t i) {
    const auto outer = std::this_thread::get_id();
    parallel_for(context, sums[i].size(), [&](std::size_t k) {
      EXPECT_EQ(std::this_thread::get_id(), outer);
      ++sums[i][k];
    });
  });
  EXPECT_THAT(sums, testing::Each(testing::Each(1)));
}

TEST(ParallelFor, IsParallelAgainAfterAnError) {
  const Context context{.n_threads = 4};
  EXPECT_ANY_THROW(parallel_for(context, 4, [](std::size_t) { throw std::runtime_error("x"); }));
  // Two items wait for each other: one thread alone would never get past the first.
  std::atomic<int> n_here{0};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  parallel_for(context, 2, [&](std::size_t) {
    ++n_here;
    while (n_here < 2 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  });
  EXPECT_LT(std::chrono::steady_clock::now(), deadline);
}

TEST(ParallelFor, ChecksForCancellationBetweenItems) {
  for (const unsigned n_threads : {1U, 4U}) {
    std::atomic<bool> cancel{false};
    std::atomic<int> n_done{0};
    const Context context{.n_threads = n_threads, .cancel = &cancel};
    try {
      parallel_for(context, 100000, [&](std::size_t) {
        if (++n_done == 10) cancel = true;
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      });
      FAIL() << "it went on to the end";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::interrupted);
    }
    EXPECT_LT(n_done, 20);
  }
}

}  // namespace
}  // namespace cupel

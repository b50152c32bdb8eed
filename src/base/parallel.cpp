#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace cupel {
namespace {
thread_local bool inside_worker = false;
}

void parallel_for(const Context& context, std::size_t n_items,
                  const std::function<void(std::size_t)>& body) {
  const std::size_t n_workers =
      inside_worker ? 1 : std::min<std::size_t>(std::max(1U, context.n_threads), n_items);
  if (n_workers <= 1) {
    for (std::size_t i = 0; i < n_items; ++i) {
      context.check_cancelled();
      body(i);
    }
    return;
  }
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::size_t failed_item = n_items;
  std::exception_ptr failure;
  const auto work = [&] {
    inside_worker = true;
    while (!stop.load(std::memory_order_relaxed)) {
      // relaxed: an order between items would hide their races from ThreadSanitizer
      const std::size_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= n_items) break;
      try {
        context.check_cancelled();
        body(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (i < failed_item) {
          failed_item = i;
          failure = std::current_exception();
        }
        stop = true;
      }
    }
    inside_worker = false;
  };
  {
    std::vector<std::jthread> workers;
    for (std::size_t w = 1; w < n_workers; ++w) workers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace cupel

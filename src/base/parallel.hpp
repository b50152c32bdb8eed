#pragma once
/// Parallel loops whose results cannot depend on the number of threads: the caller cuts the work
/// into items, each item is done by one thread, and what the items gave is joined in item order.
#include <cstddef>
#include <functional>

#include "cupel/context.hpp"

namespace cupel {

/// Calls `body(i)` for every i in [0, n_items), on up to `context.n_threads` threads. A nested call
/// runs on the calling thread. The exception of the lowest failing item is rethrown after all
/// workers stopped; cancellation is checked between items.
void parallel_for(const Context& context, std::size_t n_items,
                  const std::function<void(std::size_t)>& body);

}  // namespace cupel

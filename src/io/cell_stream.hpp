#pragma once
/// Blocks of cells one after another: the next one is made on a second thread while the caller's
/// sink works on this one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "cupel/context.hpp"
#include "io/cells.hpp"

namespace cupel {

/// Rows [first, last) of a block.
struct BlockRows {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Rows that the options ask for, cut so that no block has more than `max_values` values (a row
/// that has more is a block of its own) or `max_block_rows` rows. `row_begin` has one more element
/// than the matrix has rows.
std::vector<BlockRows> sparse_blocks(std::span<const std::uint64_t> row_begin,
                                     const StreamOptions& options, std::uint64_t max_values);
/// The same for a dense matrix; blocks end where rows of `aligned` end if that many rows fit.
std::vector<BlockRows> dense_blocks(std::size_t n_rows, std::size_t n_cols,
                                    const StreamOptions& options, std::uint64_t max_values,
                                    std::size_t aligned);

/// Makes the rows of a sparse block what CellBlock promises: ascending columns, those that stand
/// twice summed, no zeros.
template <typename V>
void tidy_rows(CellBlock<V>& block, const Context& context);

/// Calls `make(rows, block)` for every block in order, one at a time, and `sink(block)` for what it
/// made. A block that is made is given the memory of one that was used.
template <typename V>
void stream_blocks(std::span<const BlockRows> blocks, const Context& context,
                   const std::function<void(const BlockRows&, CellBlock<V>&)>& make,
                   const std::function<void(CellBlock<V>&)>& sink) {
  if (blocks.empty()) return;
  CellBlock<V> current;
  CellBlock<V> next;
  make(blocks[0], current);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    context.check_cancelled();
    std::exception_ptr failure;
    {
      std::jthread ahead;
      if (i + 1 < blocks.size()) {
        ahead = std::jthread([&, i] {
          try {
            make(blocks[i + 1], next);
          } catch (...) {
            failure = std::current_exception();
          }
        });
      }
      sink(current);
    }
    if (failure) std::rethrow_exception(failure);
    std::swap(current, next);
  }
}

}  // namespace cupel

#pragma once
/// The order in which the engine visits a similarity: blocks of rows, tiles of columns; blocks in
/// parallel, their results in order.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "base/parallel.hpp"
#include "cupel/context.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

/// Which half of a symmetric similarity is visited; a rectangular one is always visited whole.
enum class Visit { each_pair_once, every_row_whole };

class TileGrid {
 public:
  explicit TileGrid(const Similarity& similarity, Visit visit = Visit::each_pair_once)
      : shape_(similarity.tile_shape()),
        n_rows_(similarity.n_rows()),
        n_cols_(similarity.n_cols()),
        upper_(similarity.is_symmetric() && visit == Visit::each_pair_once) {}

  [[nodiscard]] std::size_t n_blocks() const noexcept {
    return (n_rows_ + shape_.rows - 1) / shape_.rows;
  }
  [[nodiscard]] Range rows(std::size_t block) const noexcept {
    return {block * shape_.rows, std::min((block + 1) * shape_.rows, n_rows_)};
  }
  /// Tiles of columns of a block, from left to right. A tile of the upper half may hold pairs on or
  /// below the diagonal: `touches_diagonal`.
  void for_cols(std::size_t block, const Context& context,
                const std::function<void(Range)>& visit) const {
    const std::size_t first = upper_ ? rows(block).begin : 0;
    for (std::size_t col = first; col < n_cols_; col += shape_.cols) {
      context.check_cancelled();
      visit({col, std::min(col + shape_.cols, n_cols_)});
    }
  }
  [[nodiscard]] static bool touches_diagonal(Range rows, Range cols) noexcept {
    return cols.begin < rows.end && rows.begin < cols.end;
  }

 private:
  TileShape shape_;
  std::size_t n_rows_;
  std::size_t n_cols_;
  bool upper_;
};

/// Computes the blocks in parallel, a window of them at a time, and hands the results over in order
/// on the calling thread. `bytes` tells what a result takes: the window grows and shrinks so that a
/// window takes about kWindowBytes, but holds at least a block per thread.
template <typename Result>
void in_order(const Context& context, std::string_view task, std::size_t n_blocks,
              const std::function<Result(std::size_t)>& compute,
              const std::function<void(Result&&)>& take,
              const std::function<std::size_t(const Result&)>& bytes) {
  constexpr std::size_t kWindowBytes = std::size_t{256} << 20;
  const std::size_t n_threads = std::max(1U, context.n_threads);
  std::size_t window = 4 * n_threads;
  std::vector<Result> results;
  for (std::size_t first = 0; first < n_blocks;) {
    const std::size_t n = std::min(window, n_blocks - first);
    results.clear();
    results.resize(n);
    parallel_for(context, n, [&](std::size_t i) { results[i] = compute(first + i); });
    std::size_t largest = 1;
    for (auto& result : results) {
      largest = std::max(largest, bytes(result));
      take(std::move(result));
      result = Result{};
    }
    first += n;
    context.report({task, first, n_blocks});
    window = std::clamp(kWindowBytes / largest, n_threads, 64 * n_threads);
  }
}

/// The same without results: blocks in parallel, with progress.
void for_blocks(const Context& context, std::string_view task, std::size_t n_blocks,
                const std::function<void(std::size_t)>& body);

}  // namespace cupel

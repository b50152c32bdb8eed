#pragma once
/// The loop that passes over cells share: blocks of rows, transformed in double, their rows sorted
/// by group, cut into tiles of columns that are worked on in parallel. Within a tile the cells of a
/// group come in the order of the file, whatever the threads: sums over them are reproducible.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "area/perturbation/pseudobulk.hpp"
#include "base/parallel.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"

namespace cupel::perturbation {

inline constexpr std::size_t kTileColumns = 2048;
inline constexpr std::size_t kRowsPerItem = 256;

/// Values of one cell in one tile. Dense rows: columns are first_column, first_column + 1, ...
template <typename V>
struct TileRow {
  std::uint32_t group = 0;
  std::size_t cell = 0;  ///< of the file
  std::size_t first_column = 0;
  std::span<const std::uint32_t> columns;  ///< sparse only
  std::span<const V> values;
  /// Calls `take(column, value)` for the values that are not zero.
  template <typename Take>
  void each(Take take) const {
    if (!columns.empty()) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] != V{0}) take(columns[i], static_cast<double>(values[i]));
      }
      return;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] != V{0}) take(first_column + i, static_cast<double>(values[i]));
    }
  }
};

/// Rows of the block that take part, sorted by group, in order within a group.
template <typename V>
std::vector<std::uint32_t> rows_by_group(const CellBlock<V>& block, const CellGroups& groups) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < block.n_rows; ++row) {
    if (groups.code[block.first_row + row] != CellGroups::kNoGroup) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
    return groups.code[block.first_row + a] < groups.code[block.first_row + b];
  });
  return rows;
}

/// What a pass does with a block (before its tiles, on the calling thread) and with a row of a
/// tile (tiles run in parallel).
template <typename V>
struct TileWork {
  std::function<void(const CellBlock<V>&)> begin_block;
  std::function<void(std::size_t first_column, std::size_t last_column, const TileRow<V>&)> row;
};

template <typename V>
std::span<const V> row_values(const CellBlock<V>& block, std::size_t row) {
  if (!block.is_sparse) return std::span(block.values).subspan(row * block.n_cols, block.n_cols);
  return std::span(block.values)
      .subspan(block.row_begin[row], block.row_begin[row + 1] - block.row_begin[row]);
}

template <typename V>
void transform_rows(const CellTransform& transform, double median, CellBlock<V>& block,
                    const Context& context) {
  if (transform.is_identity()) return;
  const double target = transform.median_target ? median : transform.target_sum;
  const std::size_t n_items = (block.n_rows + kRowsPerItem - 1) / kRowsPerItem;
  parallel_for(context, n_items, [&](std::size_t item) {
    const std::size_t last = std::min(block.n_rows, (item + 1) * kRowsPerItem);
    for (std::size_t row = item * kRowsPerItem; row < last; ++row) {
      const auto values = row_values(block, row);
      double factor = 1.0;
      if (target > 0.0) {
        double sum = 0.0;
        for (const V value : values) sum += static_cast<double>(value);
        if (sum != 0.0) factor = target / sum;
      }
      V* place = block.values.data() + (values.data() - block.values.data());
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double value = static_cast<double>(place[i]) * factor;
        place[i] = static_cast<V>(transform.log1p && value != 0.0 ? std::log1p(value) : value);
      }
    }
  });
}

template <typename V>
void work_on_block(const CellBlock<V>& block, const CellGroups& groups, const TileWork<V>& work,
                   const Context& context) {
  if (work.begin_block) work.begin_block(block);
  const auto rows = rows_by_group(block, groups);
  const std::size_t n_tiles = (block.n_cols + kTileColumns - 1) / kTileColumns;
  parallel_for(context, n_tiles, [&](std::size_t tile) {
    const std::size_t first = tile * kTileColumns;
    const std::size_t last = std::min(block.n_cols, first + kTileColumns);
    for (const auto row : rows) {
      TileRow<V> tile_row{.group = groups.code[block.first_row + row],
                          .cell = block.first_row + row,
                          .first_column = first};
      if (block.is_sparse) {
        const auto begin =
            block.columns.begin() + static_cast<std::ptrdiff_t>(block.row_begin[row]);
        const auto end =
            block.columns.begin() + static_cast<std::ptrdiff_t>(block.row_begin[row + 1]);
        const auto from = std::lower_bound(begin, end, first);
        const auto to = std::lower_bound(from, end, last);
        const auto offset = static_cast<std::size_t>(from - block.columns.begin());
        const auto size = static_cast<std::size_t>(to - from);
        tile_row.columns = std::span(block.columns).subspan(offset, size);
        tile_row.values = std::span(block.values).subspan(offset, size);
      } else {
        tile_row.values = std::span(block.values).subspan(row * block.n_cols + first, last - first);
      }
      work.row(first, last, tile_row);
    }
  });
}

/// Streams as float where that loses nothing, else as double.
template <typename MakeWork>
void stream_tiles(const CellMatrix& matrix, const CellGroups& groups,
                  const CellTransform& transform, std::size_t memory_bytes, MakeWork make_work,
                  const Context& context) {
  const double median = transform.median_target ? median_sum(matrix, context) : 0.0;
  const StreamOptions options{.memory_bytes = memory_bytes};
  const auto run = [&]<typename V>(V) {
    const TileWork<V> work = make_work(V{});
    matrix.stream(options, context, std::function<void(CellBlock<V>&)>([&](CellBlock<V>& block) {
                    context.check_cancelled();
                    transform_rows(transform, median, block, context);
                    work_on_block(block, groups, work, context);
                  }));
  };
  if (matrix.is_wide() || !transform.is_identity()) {
    run(double{});
  } else {
    run(float{});
  }
}

}  // namespace cupel::perturbation

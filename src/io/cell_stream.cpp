#include "io/cell_stream.hpp"

#include "base/parallel.hpp"

namespace cupel {
namespace {

BlockRows asked(std::size_t n_rows, const StreamOptions& options) {
  const std::size_t first = std::min(options.first_row, n_rows);
  return {first, first + std::min(options.n_rows, n_rows - first)};
}

constexpr std::size_t kRowsOfItem = 64;

// What a row keeps, moved to its begin.
template <typename V>
std::size_t tidy_row(std::span<std::uint32_t> columns, std::span<V> values,
                     std::vector<std::uint64_t>& order, std::vector<std::uint32_t>& old_columns,
                     std::vector<V>& old_values) {
  const std::size_t n = columns.size();
  bool is_tidy = true;
  for (std::size_t i = 1; i < n; ++i) is_tidy &= columns[i - 1] < columns[i];
  bool has_zero = false;
  for (std::size_t i = 0; i < n; ++i) has_zero |= values[i] == V{0};
  if (is_tidy && !has_zero) return n;
  if (!is_tidy) {
    order.clear();  // by column, then by place
    for (std::size_t i = 0; i < n; ++i) order.push_back((std::uint64_t{columns[i]} << 32U) | i);
    std::ranges::sort(order);
    old_columns.assign(columns.begin(), columns.end());
    old_values.assign(values.begin(), values.end());
    for (std::size_t i = 0; i < n; ++i) {
      const auto from = static_cast<std::uint32_t>(order[i]);
      columns[i] = old_columns[from];
      values[i] = old_values[from];
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < n;) {
    const std::uint32_t column = columns[i];
    V value = values[i++];
    if (i < n && columns[i] == column) {
      double sum = static_cast<double>(value);
      for (; i < n && columns[i] == column; ++i) sum += static_cast<double>(values[i]);
      value = static_cast<V>(sum);
    }
    if (value == V{0}) continue;
    columns[kept] = column;
    values[kept++] = value;
  }
  return kept;
}

}  // namespace

std::vector<BlockRows> sparse_blocks(std::span<const std::uint64_t> row_begin,
                                     const StreamOptions& options, std::uint64_t max_values) {
  std::vector<BlockRows> blocks;
  const BlockRows all = asked(row_begin.size() - 1, options);
  const std::size_t max_rows = std::max<std::size_t>(options.max_block_rows, 1);
  for (std::size_t first = all.first; first < all.last;) {
    std::size_t last = first + 1;
    while (last < all.last && last - first < max_rows &&
           row_begin[last + 1] - row_begin[first] <= max_values) {
      ++last;
    }
    blocks.push_back({first, last});
    first = last;
  }
  return blocks;
}

std::vector<BlockRows> dense_blocks(std::size_t n_rows, std::size_t n_cols,
                                    const StreamOptions& options, std::uint64_t max_values,
                                    std::size_t aligned) {
  std::vector<BlockRows> blocks;
  const BlockRows all = asked(n_rows, options);
  std::uint64_t step = max_values / std::max<std::size_t>(n_cols, 1);
  step = std::clamp<std::uint64_t>(step, 1, std::max<std::size_t>(options.max_block_rows, 1));
  aligned = std::max<std::size_t>(aligned, 1);
  for (std::size_t first = all.first; first < all.last;) {
    std::size_t last = first + std::min<std::size_t>(step, all.last - first);
    if (last < all.last && last / aligned * aligned > first) last = last / aligned * aligned;
    blocks.push_back({first, last});
    first = last;
  }
  return blocks;
}

template <typename V>
void tidy_rows(CellBlock<V>& block, const Context& context) {
  std::vector<std::uint64_t> kept(block.n_rows);
  const std::size_t n_items = (block.n_rows + kRowsOfItem - 1) / kRowsOfItem;
  std::vector<std::uint8_t> changed(n_items, 0);
  parallel_for(context, n_items, [&](std::size_t item) {
    std::vector<std::uint64_t> order;
    std::vector<std::uint32_t> old_columns;
    std::vector<V> old_values;
    const std::size_t last = std::min(block.n_rows, (item + 1) * kRowsOfItem);
    for (std::size_t row = item * kRowsOfItem; row < last; ++row) {
      const auto begin = static_cast<std::size_t>(block.row_begin[row]);
      const std::size_t n = static_cast<std::size_t>(block.row_begin[row + 1]) - begin;
      kept[row] = tidy_row<V>({block.columns.data() + begin, n}, {block.values.data() + begin, n},
                              order, old_columns, old_values);
      if (kept[row] != n) changed[item] = 1;
    }
  });
  if (std::ranges::find(changed, 1) == changed.end()) return;
  std::uint64_t to = 0;
  for (std::size_t row = 0; row < block.n_rows; ++row) {
    const auto from = static_cast<std::ptrdiff_t>(block.row_begin[row]);
    const auto n = static_cast<std::ptrdiff_t>(kept[row]);
    const auto into = static_cast<std::ptrdiff_t>(to);
    std::copy(block.columns.begin() + from, block.columns.begin() + from + n,
              block.columns.begin() + into);
    std::copy(block.values.begin() + from, block.values.begin() + from + n,
              block.values.begin() + into);
    block.row_begin[row] = to;
    to += kept[row];
  }
  block.row_begin[block.n_rows] = to;
  block.columns.resize(to);
  block.values.resize(to);
}

template void tidy_rows(CellBlock<float>& block, const Context& context);
template void tidy_rows(CellBlock<double>& block, const Context& context);

}  // namespace cupel

#include "area/perturbation/cell_view.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/parallel.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kSmallBlock = std::size_t{64} << 20;  // bytes

/// Columns of every row in the view's order; sparse rows are sorted again.
template <typename V>
void reorder(const std::vector<std::uint32_t>& map, CellBlock<V>& block) {
  if (!block.is_sparse) {
    std::vector<V> row(block.n_cols);
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      V* values = block.values.data() + i * block.n_cols;
      for (std::size_t j = 0; j < block.n_cols; ++j) row[map[j]] = values[j];
      std::ranges::copy(row, values);
    }
    return;
  }
  std::vector<std::pair<std::uint32_t, V>> row;
  for (std::size_t i = 0; i < block.n_rows; ++i) {
    const auto begin = block.row_begin[i];
    const auto end = block.row_begin[i + 1];
    row.clear();
    for (auto k = begin; k < end; ++k) row.emplace_back(map[block.columns[k]], block.values[k]);
    std::ranges::sort(row, {}, &std::pair<std::uint32_t, V>::first);
    for (auto k = begin; k < end; ++k) {
      block.columns[k] = row[k - begin].first;
      block.values[k] = row[k - begin].second;
    }
  }
}

template <typename To, typename From>
CellBlock<To> converted(const CellBlock<From>& block) {
  CellBlock<To> out{.first_row = block.first_row,
                    .n_rows = block.n_rows,
                    .n_cols = block.n_cols,
                    .is_sparse = block.is_sparse,
                    .row_begin = block.row_begin,
                    .columns = block.columns,
                    .values = {}};
  out.values.reserve(block.values.size());
  for (const From value : block.values) out.values.push_back(static_cast<To>(value));
  return out;
}

/// Rows [first, last) of a block.
template <typename V>
CellBlock<V> cut(const CellBlock<V>& block, std::size_t first, std::size_t last) {
  CellBlock<V> out{.first_row = block.first_row + first,
                   .n_rows = last - first,
                   .n_cols = block.n_cols,
                   .is_sparse = block.is_sparse,
                   .row_begin = {},
                   .columns = {},
                   .values = {}};
  const auto part = [](const auto& all, std::size_t from, std::size_t to, auto& into) {
    into.assign(all.begin() + static_cast<std::ptrdiff_t>(from),
                all.begin() + static_cast<std::ptrdiff_t>(to));
  };
  if (!block.is_sparse) {
    part(block.values, first * block.n_cols, last * block.n_cols, out.values);
    return out;
  }
  part(block.row_begin, first, last + 1, out.row_begin);
  const auto offset = out.row_begin.front();
  part(block.columns, offset, out.row_begin.back(), out.columns);
  part(block.values, offset, out.row_begin.back(), out.values);
  for (auto& begin : out.row_begin) begin -= offset;
  return out;
}

}  // namespace

CellView::CellView(std::vector<CellPart> parts, bool in_double)
    : parts_(std::move(parts)), is_wide_(in_double) {
  info_ = parts_.front().matrix->info();
  info_.rows = 0;
  info_.n_stored = 0;
  for (const auto& part : parts_) {
    const MatrixInfo& one = part.matrix->info();
    if (one.cols != info_.cols) fail(ErrorKind::internal, "parts of a view differ in genes");
    info_.rows += one.rows;
    info_.n_stored += one.n_stored;
    is_wide_ = is_wide_ || part.matrix->is_wide();
  }
}

template <typename V>
void CellView::transform(const CellPart& part, CellBlock<V>& block) const {
  if (!part.gene_map.empty()) reorder(part.gene_map, block);
  if (part.divisor.empty() && !part.log1p) return;
  for (std::size_t i = 0; i < block.n_rows; ++i) {
    const std::size_t begin = block.is_sparse ? block.row_begin[i] : i * block.n_cols;
    const std::size_t end = block.is_sparse ? block.row_begin[i + 1] : (i + 1) * block.n_cols;
    V by{1};
    if (!part.divisor.empty()) by = static_cast<V>(part.divisor[block.first_row + i]);
    if (by == V{0}) by = V{1};
    for (std::size_t k = begin; k < end; ++k) {
      const V value = block.values[k] / by;
      block.values[k] = part.log1p ? std::log1p(value) : value;
    }
  }
}

template <typename V>
void CellView::stream_parts(const StreamOptions& options, const Context& context,
                            const std::function<void(CellBlock<V>&)>& sink) const {
  const std::size_t first = std::min(options.first_row, info_.rows);
  const std::size_t last = first + std::min(options.n_rows, info_.rows - first);
  std::size_t offset = 0;
  for (const auto& part : parts_) {
    const std::size_t rows = part.matrix->info().rows;
    const std::size_t from = std::max(first, offset);
    const std::size_t to = std::min(last, offset + rows);
    if (from < to) {
      StreamOptions of_part = options;
      of_part.memory_bytes = std::min(options.memory_bytes, block_bytes_);
      of_part.first_row = from - offset;
      of_part.n_rows = to - from;
      part.matrix->stream(of_part, context,
                          std::function<void(CellBlock<V>&)>([&](CellBlock<V>& block) {
                            transform(part, block);
                            block.first_row += offset;
                            sink(block);
                          }));
    }
    offset += rows;
  }
}

template <typename Held, typename V>
void CellView::stream_held(const std::vector<CellBlock<Held>>& held, const StreamOptions& options,
                           const std::function<void(CellBlock<V>&)>& sink) const {
  const std::size_t first = std::min(options.first_row, info_.rows);
  const std::size_t last = first + std::min(options.n_rows, info_.rows - first);
  for (const auto& block : held) {
    const std::size_t from = std::max(first, block.first_row);
    const std::size_t to = std::min(last, block.first_row + block.n_rows);
    for (std::size_t at = from; at < to;) {
      const std::size_t until = std::min(to, at + std::max<std::size_t>(1, options.max_block_rows));
      CellBlock<Held> piece = cut(block, at - block.first_row, until - block.first_row);
      if constexpr (std::is_same_v<Held, V>) {
        sink(piece);
      } else {
        CellBlock<V> other = converted<V>(piece);
        sink(other);
      }
      at = until;
    }
  }
}

void CellView::keep_in_memory(std::size_t memory_bytes, const Context& context) {
  block_bytes_ = memory_bytes / 4;
  const std::size_t value_bytes = is_wide_ ? sizeof(double) : sizeof(float);
  std::size_t bytes = 0;
  for (const auto& part : parts_) {
    const MatrixInfo& one = part.matrix->info();
    bytes += one.layout == MatrixLayout::dense
                 ? one.rows * one.cols * value_bytes
                 : one.n_stored * (value_bytes + sizeof(std::uint32_t)) + one.rows * 8;
  }
  if (is_held_ || bytes > memory_bytes / 4) return;
  const StreamOptions options{.memory_bytes = kSmallBlock, .max_block_rows = 4096};
  if (is_wide_) {
    stream_parts<double>(options, context,
                         [&](CellBlock<double>& b) { held_double_.push_back(std::move(b)); });
  } else {
    stream_parts<float>(options, context,
                        [&](CellBlock<float>& b) { held_single_.push_back(std::move(b)); });
  }
  is_held_ = true;
  kept_bytes_ = bytes;
}

void CellView::stream(const StreamOptions& options, const Context& context,
                      const std::function<void(CellBlock<float>&)>& sink) const {
  if (is_held_ && is_wide_) return stream_held<double, float>(held_double_, options, sink);
  if (is_held_) return stream_held<float, float>(held_single_, options, sink);
  if (!is_wide_) return stream_parts<float>(options, context, sink);
  stream_parts<double>(options, context, [&](CellBlock<double>& block) {
    CellBlock<float> narrow = converted<float>(block);
    sink(narrow);
  });
}

void CellView::stream(const StreamOptions& options, const Context& context,
                      const std::function<void(CellBlock<double>&)>& sink) const {
  if (is_held_ && is_wide_) return stream_held<double, double>(held_double_, options, sink);
  if (is_held_) return stream_held<float, double>(held_single_, options, sink);
  if (is_wide_) return stream_parts<double>(options, context, sink);
  stream_parts<float>(options, context, [&](CellBlock<float>& block) {
    CellBlock<double> wide = converted<double>(block);
    sink(wide);
  });
}

const std::vector<double>& CellView::sums(const Context& context) const {
  if (sums_.empty()) sums_ = row_sums(*this, context);
  return sums_;
}

std::vector<double> row_sums(const CellMatrix& matrix, const Context& context) {
  std::vector<double> sums(matrix.info().rows, 0.0);
  const auto add = [&]<typename V>(const CellBlock<V>& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      const std::size_t begin = block.is_sparse ? block.row_begin[i] : i * block.n_cols;
      const std::size_t end = block.is_sparse ? block.row_begin[i + 1] : (i + 1) * block.n_cols;
      V sum{0};
      for (std::size_t k = begin; k < end; ++k) sum += block.values[k];
      sums[block.first_row + i] = static_cast<double>(sum);
    }
  };
  if (matrix.is_wide()) {
    matrix.stream({.memory_bytes = kSmallBlock}, context,
                  std::function<void(CellBlock<double>&)>([&](CellBlock<double>& b) { add(b); }));
  } else {
    matrix.stream({.memory_bytes = kSmallBlock}, context,
                  std::function<void(CellBlock<float>&)>([&](CellBlock<float>& b) { add(b); }));
  }
  return sums;
}

}  // namespace cupel::perturbation

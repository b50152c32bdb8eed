// Entries in any order to rows: two stable counting sorts, by column and then by row.
#include <utility>

#include "io/cell_formats.hpp"

namespace cupel::detail {
namespace {

/// Stable, by one of the two indices.
std::vector<MatrixEntry> sorted_by(std::uint32_t MatrixEntry::* index, std::size_t n,
                                   const std::vector<MatrixEntry>& entries) {
  std::vector<std::uint64_t> place(n + 1, 0);
  for (const auto& entry : entries) ++place[entry.*index + 1];
  for (std::size_t i = 1; i <= n; ++i) place[i] += place[i - 1];
  std::vector<MatrixEntry> sorted(entries.size());
  for (const auto& entry : entries) sorted[place[entry.*index]++] = entry;
  return sorted;
}

bool is_sorted(const std::vector<MatrixEntry>& entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const auto& [row, col, value] = entries[i - 1];
    if (std::pair(row, col) > std::pair(entries[i].row, entries[i].col)) return false;
  }
  return true;
}

}  // namespace

CellBlock<double> csr_from_entries(std::size_t n_rows, std::size_t n_cols,
                                   std::vector<MatrixEntry> entries, std::size_t& n_duplicates) {
  if (!is_sorted(entries)) {
    entries = sorted_by(&MatrixEntry::col, n_cols, entries);
    entries = sorted_by(&MatrixEntry::row, n_rows, entries);
  }
  CellBlock<double> block{.n_rows = n_rows, .n_cols = n_cols, .is_sparse = true};
  block.row_begin.reserve(n_rows + 1);
  block.columns.reserve(entries.size());
  block.values.reserve(entries.size());
  n_duplicates = 0;
  std::size_t next = 0;
  for (std::size_t row = 0; row < n_rows; ++row) {
    block.row_begin.push_back(block.values.size());
    while (next < entries.size() && entries[next].row == row) {
      const std::uint32_t col = entries[next].col;
      double sum = entries[next++].value;
      for (; next < entries.size() && entries[next].row == row && entries[next].col == col;
           ++next) {
        sum += entries[next].value;
        ++n_duplicates;
      }
      if (sum == 0.0) continue;  // NaN stays
      block.columns.push_back(col);
      block.values.push_back(sum);
    }
  }
  block.row_begin.push_back(block.values.size());
  return block;
}

}  // namespace cupel::detail

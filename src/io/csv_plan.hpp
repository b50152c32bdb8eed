#pragma once
/// What the CSV reader cuts the file into, and what it knows of a column while its type is found.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "cupel/table.hpp"
#include "io/csv_cells.hpp"
#include "io/csv_scan.hpp"

namespace cupel::detail {

/// Whole records of the file, and what one work item found out about them.
struct Chunk {
  std::string_view text;
  std::size_t first_row = 0;
  std::size_t n_rows = 0;
  std::size_t n_quoted_line_feeds = 0;
  std::vector<std::uint32_t> line_of_row;  ///< relative to the chunk; empty = one line per row
  std::vector<std::pair<std::uint32_t, std::uint32_t>> missing;  ///< (kept column, row in chunk)
  std::vector<TextPiece> text_pieces;                            ///< per text column
};

/// Memory of work items that are done, for those to come.
class IndexPool {
 public:
  CellIndex take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return {};
    CellIndex index = std::move(free_.back());
    free_.pop_back();
    return index;
  }
  void give_back(CellIndex index) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(index));
  }

 private:
  std::mutex mutex_;
  std::vector<CellIndex> free_;
};

/// A column that is kept, while its type is being found.
struct ColumnPlan {
  std::size_t file_column = 0;
  bool forced = false;
  CellKind kind = CellKind::integer;
  std::atomic<CellKind> needed{CellKind::integer};  ///< highest kind that a cell asked for
  std::size_t text_slot = 0;                        ///< in Chunk::text_pieces

  void ask_for(CellKind wanted) noexcept {
    CellKind known = needed.load();
    while (known < wanted && !needed.compare_exchange_weak(known, wanted)) {
    }
  }
};

inline CellKind to_kind(ColumnType type) noexcept {
  return type == ColumnType::integer  ? CellKind::integer
         : type == ColumnType::number ? CellKind::number
                                      : CellKind::text;
}

inline ColumnType to_type(CellKind kind) noexcept {
  return kind == CellKind::integer  ? ColumnType::integer
         : kind == CellKind::number ? ColumnType::number
                                    : ColumnType::text;
}

}  // namespace cupel::detail

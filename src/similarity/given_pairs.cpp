#include "similarity/given_pairs.hpp"

#include <algorithm>
#include <vector>

namespace cupel {
namespace {

class GivenPairs final : public Similarity {
 public:
  explicit GivenPairs(const Items& items) : begin_(items.size() + 1, 0) {
    for (const GivenPair& pair : items.pairs) {
      ++begin_[pair.row + 1];
      ++begin_[pair.col + 1];
    }
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    cells_.resize(begin_.back());
    std::vector<std::uint64_t> next(begin_.begin(), begin_.end() - 1);
    // By row, then column: a node's lower neighbours arrive before its higher ones, both ascending.
    for (const GivenPair& pair : items.pairs) cells_[next[pair.col]++] = {pair.row, pair.value};
    for (const GivenPair& pair : items.pairs) cells_[next[pair.row]++] = {pair.col, pair.value};
  }
  [[nodiscard]] std::string_view kind() const noexcept override { return "matrix"; }
  [[nodiscard]] std::string parameters() const override { return "pairs"; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return begin_.size() - 1; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return begin_.size() - 1; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return true; }

  void values(Range rows, Range cols, std::span<double> out) const override {
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      double* const row = out.data() + (i - rows.begin) * cols.size();
      for (const Cell* cell = first(i, cols.begin); cell != end(i) && cell->col < cols.end;
           ++cell) {
        row[cell->col - cols.begin] = cell->value;
      }
      if (i >= cols.begin && i < cols.end) row[i - cols.begin] = 1.0;
    }
  }

  /// Does not look at pairs that were not given, unless 0 is enough.
  void at_least(Range rows, Range cols, double threshold, std::vector<Hit>& out) const override {
    if (threshold <= 0.0) return Similarity::at_least(rows, cols, threshold, out);
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      bool is_self_due = threshold <= 1.0 && i >= cols.begin && i < cols.end;
      const auto add_self = [&] {
        out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i), 1.0});
        is_self_due = false;
      };
      for (const Cell* cell = first(i, cols.begin); cell != end(i) && cell->col < cols.end;
           ++cell) {
        if (is_self_due && cell->col > i) add_self();
        if (cell->value < threshold) continue;
        out.push_back({static_cast<std::uint32_t>(i), cell->col, cell->value});
      }
      if (is_self_due) add_self();
    }
  }

  [[nodiscard]] double at(std::size_t row, std::size_t col) const override {
    if (row == col) return 1.0;
    const Cell* cell = first(row, col);
    return cell != end(row) && cell->col == col ? cell->value : 0.0;
  }

 private:
  struct Cell {
    std::uint32_t col = 0;
    double value = 0.0;
  };
  [[nodiscard]] const Cell* end(std::size_t row) const { return cells_.data() + begin_[row + 1]; }
  [[nodiscard]] const Cell* first(std::size_t row, std::size_t col) const {
    return std::lower_bound(cells_.data() + begin_[row], end(row), col,
                            [](const Cell& cell, std::size_t wanted) { return cell.col < wanted; });
  }
  std::vector<std::uint64_t> begin_;
  std::vector<Cell> cells_;  ///< per item, ascending by column
};

}  // namespace

std::unique_ptr<Similarity> pairs_similarity(const Items& items) {
  return std::make_unique<GivenPairs>(items);
}

}  // namespace cupel

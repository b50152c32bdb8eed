#include <algorithm>
#include <compare>
#include <limits>

#include "similarity/alignment.hpp"

namespace cupel {
namespace {

/// (score, identities, extra), compared in this order.
struct Sums {
  std::int64_t score = 0;
  std::int64_t identities = 0;
  std::int64_t extra = 0;
  auto operator<=>(const Sums&) const = default;
};

Sums operator+(Sums a, Sums b) {
  return {a.score + b.score, a.identities + b.identities, a.extra + b.extra};
}

constexpr Sums kImpossible{std::numeric_limits<std::int64_t>::min() / 4, 0, 0};

/// What one step of an alignment adds.
class Steps {
 public:
  explicit Steps(const AlignmentScoring& scoring)
      : scoring_(scoring),
        pair_extra_(extra_sum(scoring) == ExtraSum::none         ? 0
                    : extra_sum(scoring) == ExtraSum::plus_pairs ? 1
                                                                 : -1),
        gap_extra_(extra_sum(scoring) == ExtraSum::minus_columns ? -1 : 0) {}
  Sums pair(char a, char b) const { return {scoring_.score(a, b), a == b ? 1 : 0, pair_extra_}; }
  Sums open() const { return {-scoring_.gap_open, 0, gap_extra_}; }
  Sums extend() const { return {-scoring_.gap_extend, 0, gap_extra_}; }
  Sums border_open() const { return free_ends() ? Sums{} : open(); }
  Sums border_extend() const { return free_ends() ? Sums{} : extend(); }

 private:
  bool free_ends() const { return scoring_.mode != AlignmentMode::global; }
  const AlignmentScoring& scoring_;
  std::int64_t pair_extra_;
  std::int64_t gap_extra_;
};

}  // namespace

AlignmentSums align_reference(std::string_view a, std::string_view b,
                              const AlignmentScoring& scoring) {
  const Steps step(scoring);
  const std::size_t n = a.size();
  const std::size_t m = b.size();
  const std::size_t width = m + 1;
  // Best alignment of prefixes (i, j); ... that ends in a gap in a; ... that ends in a gap in b.
  std::vector<Sums> best((n + 1) * width);
  std::vector<Sums> gap_in_a((n + 1) * width, kImpossible);
  std::vector<Sums> gap_in_b((n + 1) * width, kImpossible);
  for (std::size_t j = 1; j <= m; ++j) {
    best[j] = best[j - 1] + (j == 1 ? step.border_open() : step.border_extend());
    gap_in_a[j] = best[j];
  }
  for (std::size_t i = 1; i <= n; ++i) {
    const std::size_t up = (i - 1) * width;
    best[i * width] = best[up] + (i == 1 ? step.border_open() : step.border_extend());
    gap_in_b[i * width] = best[i * width];
    for (std::size_t j = 1; j <= m; ++j) {
      const std::size_t at = i * width + j;
      gap_in_a[at] = std::max(gap_in_a[at - 1] + step.extend(), best[at - 1] + step.open());
      gap_in_b[at] = std::max(gap_in_b[at - width] + step.extend(), best[at - width] + step.open());
      best[at] =
          std::max({best[up + j - 1] + step.pair(a[i - 1], b[j - 1]), gap_in_a[at], gap_in_b[at]});
      if (scoring.mode == AlignmentMode::local) best[at] = std::max(best[at], Sums{});
    }
  }
  Sums chosen = best[n * width + m];
  if (scoring.mode == AlignmentMode::local) chosen = *std::max_element(best.begin(), best.end());
  if (scoring.mode == AlignmentMode::global_free_ends) {
    for (std::size_t j = 0; j <= m; ++j) chosen = std::max(chosen, best[n * width + j]);
    for (std::size_t i = 0; i <= n; ++i) chosen = std::max(chosen, best[i * width + m]);
  }
  return {chosen.score, chosen.identities, chosen.extra};
}

double spectra_identity(std::string_view a, std::string_view b) {
  constexpr std::int32_t kMatch = 2;  // in halves, to be whole
  constexpr std::int32_t kMismatch = -4;
  constexpr std::int32_t kGap = -5;
  struct Cell {
    std::int32_t score = 0;
    std::int32_t differing = 0;  ///< columns of the first alignment of the prefixes
    std::int32_t columns = 0;
  };
  std::vector<Cell> row(b.size() + 1);  // cells (i, 0..) so far, cells (i - 1, ...) beyond
  for (std::size_t j = 1; j < row.size(); ++j) {
    row[j] = {row[j - 1].score + kGap, row[j - 1].differing + 1, row[j - 1].columns + 1};
  }
  for (const char letter : a) {
    Cell diagonal = row[0];
    row[0] = {row[0].score + kGap, row[0].differing + 1, row[0].columns + 1};
    for (std::size_t j = 1; j < row.size(); ++j) {
      const bool same = letter == b[j - 1];
      const Cell above = row[j];
      const Cell left = row[j - 1];
      // The first path goes through a gap in a if that is optimal, else through a gap in b.
      Cell cell{diagonal.score + (same ? kMatch : kMismatch), diagonal.differing + (same ? 0 : 1),
                diagonal.columns + 1};
      if (above.score + kGap >= cell.score) {
        cell = {above.score + kGap, above.differing + 1, above.columns + 1};
      }
      if (left.score + kGap >= cell.score) {
        cell = {left.score + kGap, left.differing + 1, left.columns + 1};
      }
      diagonal = above;
      row[j] = cell;
    }
  }
  const Cell end = row.back();
  if (end.columns == 0) return 0.0;
  return 1.0 - static_cast<double>(end.differing) / static_cast<double>(end.columns);
}

}  // namespace cupel

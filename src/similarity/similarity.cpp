#include "similarity/similarity.hpp"

#include <algorithm>

namespace cupel {

void Similarity::at_least(Range rows, Range cols, double threshold, std::vector<Hit>& out) const {
  std::vector<double> tile(rows.size() * cols.size());
  values(rows, cols, tile);
  std::size_t k = 0;
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    for (std::size_t j = cols.begin; j < cols.end; ++j, ++k) {
      if (tile[k] >= threshold) {
        out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), tile[k]});
      }
    }
  }
}

void Similarity::at_least_each(Range rows, Range cols, std::span<const double> thresholds,
                               std::vector<Hit>& out) const {
  if (rows.size() == 0) return;
  const auto before = static_cast<std::ptrdiff_t>(out.size());
  at_least(rows, cols, *std::min_element(thresholds.begin(), thresholds.end()), out);
  const auto too_low = [&](const Hit& hit) {
    return !(hit.value >= thresholds[hit.row - rows.begin]);
  };
  out.erase(std::remove_if(out.begin() + before, out.end(), too_low), out.end());
}

double Similarity::at(std::size_t row, std::size_t col) const {
  double value = 0.0;
  values({row, row + 1}, {col, col + 1}, {&value, 1});
  return value;
}

}  // namespace cupel

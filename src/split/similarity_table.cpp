#include "split/similarity_table.hpp"

#include <algorithm>

#include "base/parallel.hpp"

namespace cupel {

SimilarityTable::SimilarityTable(std::size_t n, std::vector<double> values, std::string kind,
                                 std::string parameters)
    : n_(n),
      values_(std::move(values)),
      kind_(std::move(kind)),
      parameters_(std::move(parameters)) {}

void SimilarityTable::values(Range rows, Range cols, std::span<double> out) const {
  auto place = out.begin();
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    const auto line = row(i).subspan(cols.begin, cols.size());
    place = std::copy(line.begin(), line.end(), place);
  }
}

void SimilarityTable::at_least(Range rows, Range cols, double threshold,
                               std::vector<Hit>& out) const {
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    for (std::size_t j = cols.begin; j < cols.end; ++j) {
      if (at(i, j) < threshold) continue;
      out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), at(i, j)});
    }
  }
}

SimilarityTable tabulate_similarity(const Similarity& similarity, const Context& context) {
  const std::size_t n = similarity.n_rows();
  std::vector<double> all(n * n, 0.0);
  const TileShape shape = similarity.tile_shape();
  parallel_for(context, (n + shape.rows - 1) / shape.rows, [&](std::size_t block) {
    const Range rows{block * shape.rows, std::min((block + 1) * shape.rows, n)};
    std::vector<double> tile;
    for (std::size_t col = rows.begin; col < n; col += shape.cols) {
      const Range cols{col, std::min(col + shape.cols, n)};
      tile.resize(rows.size() * cols.size());
      similarity.values(rows, cols, tile);
      // A tile on the diagonal holds both (i, j) and (j, i); only the upper one is taken, so that
      // every cell has one writer.
      for (std::size_t i = rows.begin; i < rows.end; ++i) {
        for (std::size_t j = std::max(cols.begin, i); j < cols.end; ++j) {
          const double value = tile[(i - rows.begin) * cols.size() + (j - cols.begin)];
          all[i * n + j] = value;
          all[j * n + i] = value;
        }
      }
    }
  });
  return {n, std::move(all), std::string(similarity.kind()), similarity.parameters()};
}

SubsetSimilarity::SubsetSimilarity(const Similarity& whole, std::vector<std::uint32_t> items)
    : whole_(&whole), items_(std::move(items)) {}

void SubsetSimilarity::values(Range rows, Range cols, std::span<double> out) const {
  if (cols.size() == 0) return;
  const auto first = items_.begin() + static_cast<std::ptrdiff_t>(cols.begin);
  const auto last = items_.begin() + static_cast<std::ptrdiff_t>(cols.end);
  const auto [low, high] = std::minmax_element(first, last);
  const Range span{*low, *high + std::size_t{1}};
  std::vector<double> line(span.size());
  std::size_t k = 0;
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    whole_->values({items_[i], items_[i] + std::size_t{1}}, span, line);
    for (auto item = first; item != last; ++item) out[k++] = line[*item - span.begin];
  }
}

}  // namespace cupel

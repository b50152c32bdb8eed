#include "similarity/engine.hpp"

#include <algorithm>

#include "base/parallel.hpp"

namespace cupel {
namespace {

/// Calls `visit(block, cols)` for the tiles of every block of rows, blocks in parallel.
void for_tiles(const Similarity& similarity, const Context& context,
               const std::function<void(std::size_t, Range, Range)>& visit) {
  const TileShape shape = similarity.tile_shape();
  const std::size_t n_blocks = (similarity.n_rows() + shape.rows - 1) / shape.rows;
  parallel_for(context, n_blocks, [&](std::size_t block) {
    const Range rows{block * shape.rows, std::min((block + 1) * shape.rows, similarity.n_rows())};
    const std::size_t first = similarity.is_symmetric() ? rows.begin : 0;
    for (std::size_t col = first; col < similarity.n_cols(); col += shape.cols) {
      visit(block, rows, {col, std::min(col + shape.cols, similarity.n_cols())});
    }
  });
}

std::size_t count_blocks(const Similarity& similarity) {
  const TileShape shape = similarity.tile_shape();
  return (similarity.n_rows() + shape.rows - 1) / shape.rows;
}

bool better(const Nearest& a, const Nearest& b) {
  return a.value != b.value ? a.value > b.value : a.col < b.col;
}

}  // namespace

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
  std::vector<double> tile(rows.size() * cols.size());
  values(rows, cols, tile);
  std::size_t k = 0;
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    for (std::size_t j = cols.begin; j < cols.end; ++j, ++k) {
      if (tile[k] >= thresholds[i - rows.begin]) {
        out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), tile[k]});
      }
    }
  }
}

double Similarity::at(std::size_t row, std::size_t col) const {
  double value = 0.0;
  values({row, row + 1}, {col, col + 1}, {&value, 1});
  return value;
}

std::vector<Hit> pairs_at_least(const Similarity& similarity, double threshold,
                                const Context& context) {
  std::vector<Hit> all;
  for_pairs_at_least(similarity, threshold, context, [&](const std::vector<Hit>& block) {
    all.insert(all.end(), block.begin(), block.end());
  });
  return all;
}

void for_pairs_at_least(const Similarity& similarity, double threshold, const Context& context,
                        const std::function<void(const std::vector<Hit>&)>& take) {
  std::vector<std::vector<Hit>> found(count_blocks(similarity));
  for_tiles(similarity, context, [&](std::size_t block, Range rows, Range cols) {
    similarity.at_least(rows, cols, threshold, found[block]);
  });
  for (auto& block : found) {
    if (similarity.is_symmetric()) {
      std::erase_if(block, [](const Hit& hit) { return hit.row >= hit.col; });
    }
    std::sort(block.begin(), block.end(), [](const Hit& a, const Hit& b) {
      return a.row != b.row ? a.row < b.row : a.col < b.col;
    });
    take(block);
    block = {};
  }
}

std::vector<Nearest> nearest(const Similarity& similarity, const Context& context) {
  std::vector<Nearest> best(similarity.n_rows());
  const auto lists = top_k(similarity, 1, context);
  for (std::size_t i = 0; i < best.size(); ++i) {
    if (!lists[i].empty()) best[i] = lists[i].front();
  }
  return best;
}

std::vector<std::vector<Nearest>> top_k(const Similarity& similarity, std::size_t k,
                                        const Context& context) {
  std::vector<std::vector<Nearest>> best(similarity.n_rows());
  const TileShape shape = similarity.tile_shape();
  parallel_for(context, count_blocks(similarity), [&](std::size_t block) {
    const Range rows{block * shape.rows, std::min((block + 1) * shape.rows, similarity.n_rows())};
    std::vector<double> tile;
    for (std::size_t col = 0; col < similarity.n_cols(); col += shape.cols) {
      const Range cols{col, std::min(col + shape.cols, similarity.n_cols())};
      tile.resize(rows.size() * cols.size());
      similarity.values(rows, cols, tile);
      for (std::size_t i = rows.begin; i < rows.end; ++i) {
        auto& list = best[i];
        for (std::size_t j = cols.begin; j < cols.end; ++j) {
          if (similarity.is_symmetric() && i == j) continue;
          const Nearest item{static_cast<std::uint32_t>(j),
                             tile[(i - rows.begin) * cols.size() + (j - cols.begin)]};
          if (list.size() == k && !better(item, list.back())) continue;
          list.insert(std::upper_bound(list.begin(), list.end(), item, better), item);
          if (list.size() > k) list.pop_back();
        }
      }
    }
  });
  return best;
}

SimilarityHistogram histogram(const Similarity& similarity, std::size_t n_bins, double low,
                              double high, const Context& context) {
  std::vector<SimilarityHistogram> parts(count_blocks(similarity));
  const auto bins = static_cast<double>(n_bins);
  for_tiles(similarity, context, [&](std::size_t block, Range rows, Range cols) {
    SimilarityHistogram& part = parts[block];
    part.counts.resize(n_bins);
    std::vector<double> tile(rows.size() * cols.size());
    similarity.values(rows, cols, tile);
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = cols.begin; j < cols.end; ++j, ++k) {
        if (similarity.is_symmetric() && j <= i) continue;
        const double place = std::clamp((tile[k] - low) / (high - low) * bins, 0.0, bins - 1.0);
        ++part.counts[static_cast<std::size_t>(place)];
        part.sum += tile[k];
        ++part.n_pairs;
      }
    }
  });
  SimilarityHistogram all{.low = low, .high = high};
  all.counts.assign(n_bins, 0);
  for (const auto& part : parts) {
    for (std::size_t b = 0; b < part.counts.size(); ++b) all.counts[b] += part.counts[b];
    all.sum += part.sum;
    all.n_pairs += part.n_pairs;
  }
  return all;
}

}  // namespace cupel

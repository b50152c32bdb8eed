#include "similarity/engine.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <mutex>

#include "cupel/error.hpp"
#include "similarity/tiles.hpp"

namespace cupel {
namespace {

constexpr double kLowest = -std::numeric_limits<double>::infinity();

bool better(const Nearest& a, const Nearest& b) noexcept {
  return a.value != b.value ? a.value > b.value : a.col < b.col;
}

void keep_better(Nearest& best, const Nearest& item) noexcept {
  if (best.col == Nearest::kNone || better(item, best)) best = item;
}

/// Hits of a block that came tile by tile, by row: a stable counting sort.
std::vector<Hit> by_row(std::vector<Hit>&& hits, Range rows) {
  std::vector<std::size_t> next(rows.size() + 1, 0);
  for (const Hit& hit : hits) ++next[hit.row - rows.begin + 1];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  std::vector<Hit> sorted(hits.size());
  for (const Hit& hit : hits) sorted[next[hit.row - rows.begin]++] = hit;
  return sorted;
}

/// Appends the hits of a tile; of a tile on the diagonal those above it.
void add_tile(const Similarity& similarity, Range rows, Range cols, double threshold,
              std::vector<Hit>& hits) {
  const std::size_t before = hits.size();
  similarity.at_least(rows, cols, threshold, hits);
  if (similarity.is_symmetric() && TileGrid::touches_diagonal(rows, cols)) {
    const auto first = hits.begin() + static_cast<std::ptrdiff_t>(before);
    hits.erase(std::remove_if(first, hits.end(), [](const Hit& hit) { return hit.row >= hit.col; }),
               hits.end());
  }
}

}  // namespace

void for_blocks(const Context& context, std::string_view task, std::size_t n_blocks,
                const std::function<void(std::size_t)>& body) {
  std::atomic<std::size_t> done{0};
  parallel_for(context, n_blocks, [&](std::size_t block) {
    body(block);
    context.report({task, ++done, n_blocks});
  });
}

void for_pairs_at_least(const Similarity& similarity, double threshold, const Context& context,
                        const std::function<void(const std::vector<Hit>&)>& take) {
  const TileGrid grid(similarity);
  in_order<std::vector<Hit>>(
      context, "comparing pairs", grid.n_blocks(),
      [&](std::size_t block) {
        std::vector<Hit> hits;
        const Range rows = grid.rows(block);
        grid.for_cols(block, context,
                      [&](Range cols) { add_tile(similarity, rows, cols, threshold, hits); });
        return by_row(std::move(hits), rows);
      },
      [&](std::vector<Hit>&& hits) { take(hits); },
      [](const std::vector<Hit>& hits) { return hits.capacity() * sizeof(Hit); });
}

std::vector<Hit> pairs_at_least(const Similarity& similarity, double threshold,
                                const Context& context, const MemoryLimit& memory) {
  check_fits(similarity, threshold, sizeof(Hit), memory, context);
  std::vector<std::vector<Hit>> blocks;
  std::uint64_t n_pairs = 0;
  for_pairs_at_least(similarity, threshold, context, [&](const std::vector<Hit>& block) {
    n_pairs += block.size();
    check_still_fits(n_pairs, sizeof(Hit), memory, threshold);
    if (!block.empty()) blocks.push_back(block);
  });
  std::vector<Hit> all;
  all.reserve(n_pairs);
  for (auto& block : blocks) {
    all.insert(all.end(), block.begin(), block.end());
    std::vector<Hit>().swap(block);
  }
  return all;
}

std::uint64_t count_pairs_at_least(const Similarity& similarity, double threshold,
                                   const Context& context) {
  const TileGrid grid(similarity);
  std::atomic<std::uint64_t> n_pairs{0};
  for_blocks(context, "counting pairs", grid.n_blocks(), [&](std::size_t block) {
    std::vector<Hit> hits;
    grid.for_cols(block, context, [&](Range cols) {
      hits.clear();
      add_tile(similarity, grid.rows(block), cols, threshold, hits);
      n_pairs += hits.size();
    });
  });
  return n_pairs;
}

namespace {

/// Every pair once: a tile gives its best per row and per column, which are joined under the lock
/// of their stripe. The join is a maximum in a total order, so that its order does not matter.
class BestOfAll {
 public:
  explicit BestOfAll(std::size_t n) : best_(n), locks_(n / kStripe + 1) {}

  void join(std::size_t first, std::span<const Nearest> found) {
    for (std::size_t i = 0; i < found.size();) {
      const std::size_t stripe = (first + i) / kStripe;
      const std::lock_guard lock(locks_[stripe]);
      for (; i < found.size() && (first + i) / kStripe == stripe; ++i) {
        if (found[i].col != Nearest::kNone) keep_better(best_[first + i], found[i]);
      }
    }
  }
  std::vector<Nearest> take() { return std::move(best_); }

 private:
  static constexpr std::size_t kStripe = 1024;
  std::vector<Nearest> best_;
  std::vector<std::mutex> locks_;
};

std::vector<Nearest> nearest_by_pairs(const Similarity& similarity, const Context& context) {
  const TileGrid grid(similarity);
  BestOfAll all(similarity.n_rows());
  for_blocks(context, "nearest neighbours", grid.n_blocks(), [&](std::size_t block) {
    const Range rows = grid.rows(block);
    std::vector<Nearest> of_rows(rows.size());
    std::vector<double> tile;
    grid.for_cols(block, context, [&](Range cols) {
      tile.resize(rows.size() * cols.size());
      similarity.values(rows, cols, tile);
      std::vector<Nearest> of_cols(cols.size());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto row = static_cast<std::uint32_t>(rows.begin + i);
        for (std::size_t j = 0; j < cols.size(); ++j) {
          const auto col = static_cast<std::uint32_t>(cols.begin + j);
          if (col <= row) continue;
          const double value = tile[i * cols.size() + j];
          keep_better(of_rows[i], {col, value});
          keep_better(of_cols[j], {row, value});
        }
      }
      all.join(cols.begin, of_cols);
    });
    all.join(rows.begin, of_rows);
  });
  return all.take();
}

/// The threshold that a later column has to reach to replace `value`: on ties the first one stays.
double above(double value) noexcept {
  return std::nextafter(value, std::numeric_limits<double>::infinity());
}

/// Columns of a row from left to right, few at first: they give thresholds for the many that
/// follow.
void for_growing_cols(const Similarity& similarity, const Context& context,
                      const std::function<void(Range)>& visit) {
  constexpr std::size_t kFirst = 32;
  const std::size_t widest = similarity.tile_shape().cols;
  std::size_t width = similarity.screens() ? std::min(kFirst, widest) : widest;
  for (std::size_t col = 0; col < similarity.n_cols();) {
    context.check_cancelled();
    const std::size_t end = std::min(col + width, similarity.n_cols());
    visit({col, end});
    col = end;
    width = std::min(2 * width, widest);
  }
}

/// Row by row against all columns: what is below a row's best so far need not be known exactly.
std::vector<Nearest> nearest_by_rows(const Similarity& similarity, const Context& context) {
  const TileGrid grid(similarity, Visit::every_row_whole);
  std::vector<Nearest> best(similarity.n_rows());
  for_blocks(context, "nearest neighbours", grid.n_blocks(), [&](std::size_t block) {
    const Range rows = grid.rows(block);
    std::vector<double> thresholds(rows.size(), kLowest);
    std::vector<Hit> hits;
    for_growing_cols(similarity, context, [&](Range cols) {
      hits.clear();
      similarity.at_least_each(rows, cols, thresholds, hits);
      for (const Hit& hit : hits) {
        if (similarity.is_symmetric() && hit.row == hit.col) continue;
        keep_better(best[hit.row], {hit.col, hit.value});
        thresholds[hit.row - rows.begin] = above(best[hit.row].value);
      }
    });
  });
  return best;
}

}  // namespace

std::vector<Nearest> nearest(const Similarity& similarity, const Context& context) {
  return similarity.is_symmetric() && !similarity.screens() ? nearest_by_pairs(similarity, context)
                                                            : nearest_by_rows(similarity, context);
}

std::vector<std::vector<Nearest>> top_k(const Similarity& similarity, std::size_t k,
                                        const Context& context, const MemoryLimit& memory) {
  std::vector<std::vector<Nearest>> best(similarity.n_rows());
  if (k == 0) return best;
  const double entries = static_cast<double>(similarity.n_rows()) *
                         static_cast<double>(std::min(k, similarity.n_cols()));
  if (entries * sizeof(Nearest) > static_cast<double>(memory.in_force())) {
    fail_input(fmt::format("the {} nearest of {} items would need {:.3g} GiB, but {:.3g} GiB are "
                           "allowed",
                           k, similarity.n_rows(), entries * sizeof(Nearest) / 1073741824.0,
                           static_cast<double>(memory.in_force()) / 1073741824.0),
               {}, "ask for fewer, or allow more memory");
  }
  const TileGrid grid(similarity, Visit::every_row_whole);
  for_blocks(context, "nearest neighbours", grid.n_blocks(), [&](std::size_t block) {
    const Range rows = grid.rows(block);
    std::vector<double> thresholds(rows.size(), kLowest);
    std::vector<Hit> hits;
    for_growing_cols(similarity, context, [&](Range cols) {
      hits.clear();
      similarity.at_least_each(rows, cols, thresholds, hits);
      for (const Hit& hit : hits) {
        if (similarity.is_symmetric() && hit.row == hit.col) continue;
        auto& list = best[hit.row];
        const Nearest item{hit.col, hit.value};
        if (list.size() == k && !better(item, list.back())) continue;
        if (list.size() == k) list.pop_back();
        list.insert(std::upper_bound(list.begin(), list.end(), item, better), item);
        if (list.size() == k) thresholds[hit.row - rows.begin] = above(list.back().value);
      }
    });
  });
  return best;
}

SimilarityHistogram histogram(const Similarity& similarity, std::size_t n_bins, double low,
                              double high, const Context& context) {
  if (n_bins == 0 || !(low < high)) {
    fail(ErrorKind::usage, "a histogram needs at least one bin and a range that is not empty", {},
         "give low < high");
  }
  const TileGrid grid(similarity);
  SimilarityHistogram all{.low = low, .high = high};
  all.counts.assign(n_bins, 0);
  const auto bins = static_cast<double>(n_bins);
  const double scale = bins / (high - low);
  in_order<SimilarityHistogram>(
      context, "histogram of similarities", grid.n_blocks(),
      [&](std::size_t block) {
        SimilarityHistogram part;
        part.counts.assign(n_bins, 0);
        const Range rows = grid.rows(block);
        std::vector<double> tile;
        grid.for_cols(block, context, [&](Range cols) {
          tile.resize(rows.size() * cols.size());
          similarity.values(rows, cols, tile);
          for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::size_t above = rows.begin + i + 1;
            const std::size_t first = similarity.is_symmetric() && above > cols.begin
                                          ? std::min(above - cols.begin, cols.size())
                                          : 0;
            for (std::size_t j = first; j < cols.size(); ++j) {
              const double value = tile[i * cols.size() + j];
              const double place = std::clamp((value - low) * scale, 0.0, bins - 1.0);
              ++part.counts[static_cast<std::size_t>(place)];
              part.sum += value;
            }
            part.n_pairs += cols.size() - first;
          }
        });
        return part;
      },
      [&](SimilarityHistogram&& part) {
        for (std::size_t b = 0; b < n_bins; ++b) all.counts[b] += part.counts[b];
        all.sum += part.sum;
        all.n_pairs += part.n_pairs;
      },
      [](const SimilarityHistogram& part) { return part.counts.size() * sizeof(std::uint64_t); });
  return all;
}

}  // namespace cupel

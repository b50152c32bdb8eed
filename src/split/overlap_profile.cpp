#include "split/overlap_profile.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "base/parallel.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

void check_disjoint(std::size_t n_items, std::span<const std::uint32_t> train,
                    std::span<const std::uint32_t> test) {
  std::vector<std::uint8_t> in_train(n_items, 0);
  for (const auto item : train) in_train[item] = 1;
  for (const auto item : test) {
    if (in_train[item] == 0) continue;
    fail(ErrorKind::internal,
         "item " + std::to_string(item) + " stands in training and test of one split");
  }
}

}  // namespace

TestOverlap measure_test_items(const Similarity& similarity, std::span<const std::uint32_t> train,
                               std::span<const std::uint32_t> test, const Context& context) {
  TestOverlap found;
  found.nearest.assign(test.size(), OverlapProfile::kNone);
  found.nearest_item.assign(test.size(), 0);
  found.pair_sum.assign(test.size(), 0.0);
  if (train.empty()) return found;
  // Kernels work in tiles of rows: test items that share one are done together.
  const TileShape shape = similarity.tile_shape();
  std::vector<std::vector<std::uint32_t>> blocks(similarity.n_rows() / shape.rows + 1);
  for (std::uint32_t k = 0; k < test.size(); ++k) blocks[test[k] / shape.rows].push_back(k);
  std::erase_if(blocks, [](const auto& block) { return block.empty(); });
  const std::size_t n_cols = similarity.n_cols();
  parallel_for(context, blocks.size(), [&](std::size_t b) {
    Range rows{similarity.n_rows(), 0};
    for (const auto k : blocks[b]) {
      rows.begin = std::min<std::size_t>(rows.begin, test[k]);
      rows.end = std::max<std::size_t>(rows.end, test[k] + std::size_t{1});
    }
    std::vector<double> tile(rows.size() * n_cols);
    similarity.values(rows, {0, n_cols}, tile);
    for (const auto k : blocks[b]) {
      const auto row = std::span(tile).subspan((test[k] - rows.begin) * n_cols, n_cols);
      std::uint32_t best = train.front();
      double sum = 0.0;
      for (const auto item : train) {
        if (row[item] > row[best]) best = item;
        sum += row[item];
      }
      found.nearest[k] = row[best];
      found.nearest_item[k] = best;
      found.pair_sum[k] = sum;
    }
  });
  return found;
}

OverlapProfile summarise_overlap(const TestOverlap& items, std::size_t n_train, double threshold) {
  OverlapProfile profile{
      .n_train = n_train, .n_test = items.nearest.size(), .threshold = threshold};
  profile.nearest_histogram.assign(kNearestBins, 0);
  if (n_train == 0 || items.nearest.empty()) return profile;
  const auto n_test = static_cast<double>(items.nearest.size());
  std::vector<double> sorted = items.nearest;
  std::sort(sorted.begin(), sorted.end());
  profile.nearest_mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / n_test;
  profile.nearest_median = quantile(sorted, 0.5);
  profile.nearest_p90 = quantile(sorted, 0.9);
  profile.nearest_max = sorted.back();
  profile.mean_pair = std::accumulate(items.pair_sum.begin(), items.pair_sum.end(), 0.0) / n_test /
                      static_cast<double>(n_train);
  if (!std::isnan(threshold)) {
    const auto first = std::lower_bound(sorted.begin(), sorted.end(), threshold);
    profile.share_with_neighbour = static_cast<double>(sorted.end() - first) / n_test;
  }
  for (const double value : sorted) {
    const double place = value * static_cast<double>(kNearestBins);
    ++profile.nearest_histogram[static_cast<std::size_t>(
        std::clamp(place, 0.0, static_cast<double>(kNearestBins - 1)))];
  }
  return profile;
}

OverlapProfile measure_overlap(const Similarity& similarity, std::span<const std::uint32_t> train,
                               std::span<const std::uint32_t> test, double threshold,
                               const Context& context) {
  check_disjoint(similarity.n_rows(), train, test);
  return summarise_overlap(measure_test_items(similarity, train, test, context), train.size(),
                           threshold);
}

TestOverlap measure_test_items(const Similarity& test_by_train, const Context& context) {
  const std::size_t n_test = test_by_train.n_rows();
  const std::size_t n_train = test_by_train.n_cols();
  TestOverlap found;
  found.nearest.assign(n_test, OverlapProfile::kNone);
  found.nearest_item.assign(n_test, 0);
  found.pair_sum.assign(n_test, 0.0);
  const TileShape shape = test_by_train.tile_shape();
  const std::size_t n_blocks = (n_test + shape.rows - 1) / shape.rows;
  std::atomic<std::size_t> n_done{0};
  parallel_for(context, n_blocks, [&](std::size_t block) {
    const Range rows{block * shape.rows, std::min((block + 1) * shape.rows, n_test)};
    std::vector<double> tile;
    for (std::size_t first = 0; first < n_train; first += shape.cols) {
      context.check_cancelled();
      const Range cols{first, std::min(first + shape.cols, n_train)};
      tile.resize(rows.size() * cols.size());
      test_by_train.values(rows, cols, tile);
      std::size_t k = 0;
      for (std::size_t i = rows.begin; i < rows.end; ++i) {
        for (std::size_t j = cols.begin; j < cols.end; ++j, ++k) {
          found.pair_sum[i] += tile[k];
          if (j > 0 && !(tile[k] > found.nearest[i])) continue;
          found.nearest[i] = tile[k];
          found.nearest_item[i] = static_cast<std::uint32_t>(j);
        }
      }
    }
    const std::size_t rows_done = n_done += rows.size();
    context.report({.task = "similarity to training", .done = rows_done, .total = n_test});
  });
  return found;
}

OverlapProfile measure_overlap(const Similarity& test_by_train, double threshold,
                               const Context& context) {
  return summarise_overlap(measure_test_items(test_by_train, context), test_by_train.n_cols(),
                           threshold);
}

}  // namespace cupel

#include "split/overlap_profile.hpp"

#include <algorithm>
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

std::vector<std::uint32_t> all_of(std::size_t n) {
  std::vector<std::uint32_t> items(n);
  std::iota(items.begin(), items.end(), 0U);
  return items;
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
  const std::size_t n_cols = similarity.n_cols();
  constexpr std::size_t kBlock = 16;
  parallel_for(context, (test.size() + kBlock - 1) / kBlock, [&](std::size_t block) {
    std::vector<double> row(n_cols);
    for (std::size_t k = block * kBlock; k < std::min((block + 1) * kBlock, test.size()); ++k) {
      similarity.values({test[k], test[k] + std::size_t{1}}, {0, n_cols}, row);
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

OverlapProfile measure_overlap(const Similarity& test_by_train, double threshold,
                               const Context& context) {
  const auto test = all_of(test_by_train.n_rows());
  const auto train = all_of(test_by_train.n_cols());
  return summarise_overlap(measure_test_items(test_by_train, train, test, context), train.size(),
                           threshold);
}

}  // namespace cupel

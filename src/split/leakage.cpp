#include "split/leakage.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/error.hpp"
#include "similarity/engine.hpp"
#include "split/overlap_profile.hpp"

namespace cupel {
namespace {

/// Similarity summed over all ordered pairs of one side, the diagonal once.
double ordered_sum(const Similarity& similarity, const Context& context) {
  double sum = 2.0 * histogram(similarity, 1, 0.0, 1.0, context).sum;
  for (std::size_t i = 0; i < similarity.n_rows(); ++i) sum += similarity.at(i, i);
  return sum;
}

void measure_datasail(LeakageReport& report, const TestOverlap& items, const SplitSimilarities& s,
                      const Context& context) {
  const double n_train = static_cast<double>(report.profile.n_train);
  const double n_test = static_cast<double>(report.profile.n_test);
  const double n = n_train + n_test;
  report.datasail_l_random = 1.0 - (n_train * n_train + n_test * n_test) / (n * n);
  if (s.train == nullptr || s.test == nullptr) return;
  const double across = 2.0 * std::accumulate(items.pair_sum.begin(), items.pair_sum.end(), 0.0);
  const double within = ordered_sum(*s.train, context) + ordered_sum(*s.test, context);
  if (across + within == 0.0) return;
  report.datasail_l = across / (across + within);
  report.datasail_l_normalised = report.datasail_l / report.datasail_l_random;
}

void measure_levels(LeakageReport& report) {
  std::vector<double> sorted = report.nearest;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < LeakageReport::kLevels; ++k) {
    const double level = static_cast<double>(k) / 100.0;
    const auto first = std::lower_bound(sorted.begin(), sorted.end(), level);
    report.share_at.push_back(static_cast<double>(sorted.end() - first) /
                              static_cast<double>(sorted.size()));
  }
}

void find_worst(LeakageReport& report, std::size_t n_worst) {
  std::vector<std::uint32_t> order(report.nearest.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto last = order.begin() + static_cast<std::ptrdiff_t>(std::min(n_worst, order.size()));
  std::partial_sort(order.begin(), last, order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const double x = report.nearest[a];
    const double y = report.nearest[b];
    return x != y ? x > y : a < b;
  });
  for (auto place = order.begin(); place != last; ++place) {
    report.worst.push_back({*place, report.nearest_item[*place], report.nearest[*place]});
  }
}

void require_sizes(const Items& train, const Items& test, const Similarity& similarity) {
  if (train.size() == 0 || test.size() == 0) {
    fail_input(std::string("there are no ") + (train.size() == 0 ? "training" : "test") +
                   " items, so there is no overlap to measure",
               {.file = train.size() == 0 ? train.source : test.source},
               "check the split, and the rows that were left out");
  }
  if (similarity.n_rows() != test.size() || similarity.n_cols() != train.size()) {
    fail(ErrorKind::internal, "the similarity is not between these test and training items");
  }
}

}  // namespace

LeakageReport leakage_report(const Items& train, const Items& test, ItemForm form,
                             const SplitSimilarities& similarities, const LeakageOptions& options,
                             const Context& context) {
  require_sizes(train, test, *similarities.test_by_train);
  TestOverlap items = measure_test_items(*similarities.test_by_train, context);
  LeakageReport report;
  report.profile = summarise_overlap(items, train.size(), options.threshold);
  measure_datasail(report, items, similarities, context);
  report.nearest = std::move(items.nearest);
  report.nearest_item = std::move(items.nearest_item);
  measure_levels(report);
  find_worst(report, options.n_worst);
  for (const double value : report.nearest) report.n_indistinguishable += value >= 1.0 ? 1 : 0;
  report.duplicates = find_duplicates(train, test, form, options, context);
  return report;
}

double set_jaccard(std::vector<std::string> a, std::vector<std::string> b) {
  for (auto* set : {&a, &b}) {
    std::sort(set->begin(), set->end());
    set->erase(std::unique(set->begin(), set->end()), set->end());
  }
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  const std::size_t either = a.size() + b.size() - both.size();
  return either == 0 ? OverlapProfile::kNone
                     : static_cast<double>(both.size()) / static_cast<double>(either);
}

SimilarityBlock::SimilarityBlock(const Similarity& whole, std::vector<std::uint32_t> rows,
                                 std::vector<std::uint32_t> cols, bool symmetric)
    : whole_(&whole), rows_(std::move(rows)), cols_(std::move(cols)), symmetric_(symmetric) {}

void SimilarityBlock::values(Range rows, Range cols, std::span<double> out) const {
  std::size_t k = 0;
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    for (std::size_t j = cols.begin; j < cols.end; ++j, ++k) {
      out[k] = whole_->at(rows_[i], cols_[j]);
    }
  }
}

}  // namespace cupel

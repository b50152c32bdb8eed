// Every measure of the leakage report against plain loops over fingerprints, on random splits.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/random.hpp"
#include "similarity/kinds.hpp"
#include "split/leakage.hpp"

namespace cupel {
namespace {

constexpr std::size_t kBits = 24;

Items draw_items(Rng& rng, std::size_t n) {
  Items items;
  items.bits = PackedBits(n, kBits);
  for (std::size_t i = 0; i < n; ++i) {
    items.ids.push_back(std::to_string(i));
    items.targets.push_back(rng.below(5) == 0 ? NAN : static_cast<double>(rng.below(3)));
    const std::uint32_t density = 1 + rng.below(5);
    for (std::size_t b = 0; b < kBits; ++b) {
      if (rng.below(6) < density) items.bits.set(i, b);
    }
  }
  return items;
}

double tanimoto(const Items& a, std::size_t i, const Items& b, std::size_t j) {
  int both = 0;
  int either = 0;
  for (std::size_t bit = 0; bit < kBits; ++bit) {
    both += a.bits.test(i, bit) && b.bits.test(j, bit) ? 1 : 0;
    either += a.bits.test(i, bit) || b.bits.test(j, bit) ? 1 : 0;
  }
  return either == 0 ? 0.0 : static_cast<double>(both) / either;
}

RC_GTEST_PROP(LeakageProperty, EqualsPlainLoops, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>(), "leakage");
  const Items train = draw_items(rng, 1 + rng.below(150));
  const Items test = draw_items(rng, 1 + rng.below(90));
  const double threshold = rng.uniform();
  const auto& kind = find_similarity_kind("fingerprint-tanimoto");
  const auto cross = kind.make(test, &train, {}, {});
  const auto in_train = kind.make(train, nullptr, {}, {});
  const auto in_test = kind.make(test, nullptr, {}, {});
  const SplitSimilarities all{cross.get(), in_train.get(), in_test.get()};
  const LeakageOptions options{.threshold = threshold, .n_worst = 7};
  const auto got = leakage_report(train, test, ItemForm::bits, all, options, {.n_threads = 1});
  const auto threads = leakage_report(train, test, ItemForm::bits, all, options, {.n_threads = 3});

  double sum = 0.0;
  std::size_t n_near = 0;
  std::size_t n_copies = 0;
  std::size_t n_conflicts = 0;
  std::vector<double> nearest;
  for (std::size_t i = 0; i < test.size(); ++i) {
    double best = -1.0;
    std::uint32_t place = 0;
    bool copy = false;
    bool conflict = false;
    for (std::uint32_t j = 0; j < train.size(); ++j) {
      const double s = tanimoto(test, i, train, j);
      sum += s;
      if (s > best) {
        best = s;
        place = j;
      }
      if (test.bits.row(i)[0] != train.bits.row(j)[0]) continue;
      copy = true;
      conflict = conflict || std::abs(test.targets[i] - train.targets[j]) > 0.0;  // false for NaN
    }
    nearest.push_back(best);
    RC_ASSERT(got.nearest_item[i] == place);
    n_near += best >= threshold ? 1 : 0;
    n_copies += copy ? 1 : 0;
    n_conflicts += conflict ? 1 : 0;
  }
  RC_ASSERT(got.nearest == nearest);
  const auto n_test = static_cast<double>(test.size());
  RC_ASSERT(got.profile.share_with_neighbour == static_cast<double>(n_near) / n_test);
  RC_ASSERT(got.duplicates.n_test == n_copies);
  RC_ASSERT(got.duplicates.n_conflicts == n_conflicts);
  for (std::size_t k = 0; k < LeakageReport::kLevels; ++k) {
    const auto n = std::count_if(nearest.begin(), nearest.end(), [&](double value) {
      return value >= static_cast<double>(k) / 100.0;
    });
    RC_ASSERT(got.share_at[k] == static_cast<double>(n) / n_test);
  }
  double total = 2.0 * sum;
  for (const Items* side : {&train, &test}) {
    for (std::size_t i = 0; i < side->size(); ++i) {
      for (std::size_t j = 0; j < side->size(); ++j) total += tanimoto(*side, i, *side, j);
    }
  }
  if (total > 0.0) RC_ASSERT(std::abs(got.datasail_l - 2.0 * sum / total) < 1e-12);
  for (std::size_t k = 1; k < got.worst.size(); ++k) {
    RC_ASSERT(got.worst[k - 1].similarity >= got.worst[k].similarity);
  }
  RC_ASSERT(got.worst.front().similarity == *std::max_element(nearest.begin(), nearest.end()));
  RC_ASSERT(threads.nearest == got.nearest);
  RC_ASSERT(threads.profile.mean_pair == got.profile.mean_pair);
  RC_ASSERT(std::isnan(threads.datasail_l) == std::isnan(got.datasail_l));
  if (total > 0.0) RC_ASSERT(threads.datasail_l == got.datasail_l);
}

}  // namespace
}  // namespace cupel

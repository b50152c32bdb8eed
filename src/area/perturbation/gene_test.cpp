#include "area/perturbation/gene_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cupel::perturbation {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// exp is several times faster than expm1 and as exact where its 1 does not cancel.
double expm1_of(double x) noexcept { return x > 0.5 ? std::exp(x) - 1.0 : std::expm1(x); }

double log2_ratio(double group, double reference, double epsilon) noexcept {
  const double a = group + epsilon;
  const double b = reference + epsilon;
  return a == 0.0 && b == 0.0 ? 0.0 : std::log2(a / b);
}

/// For every item what all others add up to, without subtracting (a rest can be far smaller than
/// the whole): sums from the front and from the back.
template <typename T, typename Add>
void rests(std::span<const T> items, const Add& add, std::vector<T>& out) {
  out.assign(items.size(), T{});
  T front{};
  for (std::size_t i = 0; i < items.size(); ++i) {
    out[i] = front;
    front = add(front, items[i]);
  }
  T back{};
  for (std::size_t i = items.size(); i-- > 0;) {
    out[i] = add(out[i], back);
    back = add(items[i], back);
  }
}

}  // namespace

template <typename V, typename C>
GeneTest<V, C>::GeneTest(const DifferentialOptions& options, std::span<const std::uint64_t> n_cells,
                         std::size_t reference)
    : options_(options),
      n_cells_(n_cells),
      reference_(reference),
      moments_(n_cells.size()),
      rank_sums_(n_cells.size()) {
  const bool geometric = options.fold_change == FoldChange::geometric;
  if (options.scale == Scale::log1p) fold_ = geometric ? Fold::of_mean : Fold::summed_expm1;
  if (options.scale == Scale::counts || options.scale == Scale::normalized) {
    fold_ = geometric ? Fold::summed_log1p : Fold::plain;
  }
}

template <typename V, typename C>
void GeneTest<V, C>::sum_up(const LabelledKeys<OrderKey<V>, C>& entries) {
  n_stored_.assign(n_cells_.size(), 0);
  sum_.assign(n_cells_.size(), 0.0);
  fold_sum_.assign(n_cells_.size(), 0.0);
  const auto over = [&](auto&& fold) {
    for (std::size_t i = 0; i < entries.keys.size(); ++i) {
      const double value = value_of_key<V>(entries.keys[i]);
      const C group = entries.labels[i];
      ++n_stored_[group];
      sum_[group] += value;
      fold(group, value);
    }
  };
  if (fold_ == Fold::summed_expm1) {
    over([&](C group, double value) { fold_sum_[group] += expm1_of(value); });
  } else if (fold_ == Fold::summed_log1p) {
    over([&](C group, double value) { fold_sum_[group] += std::log1p(value); });
  } else {
    over([](C, double) {});
  }
}

template <typename V, typename C>
void GeneTest<V, C>::look_at(const LabelledKeys<OrderKey<V>, C>& entries) {
  has_nan_.assign(n_cells_.size(), 0);
  any_nan_ = false;
  all_whole_ = true;
  if (entries.keys.empty()) return;
  values_.n_nonzero += entries.keys.size();
  const auto [low, high] = std::ranges::minmax(entries.keys);
  if (high == kNanKey<V>) {
    any_nan_ = true;
    for (std::size_t i = 0; i < entries.keys.size(); ++i) {
      if (entries.keys[i] != kNanKey<V>) continue;
      has_nan_[entries.labels[i]] = 1;
      ++values_.n_nan;
    }
  } else {
    values_.max = std::max<double>(values_.max, value_of_key<V>(high));
  }
  if (low != kNanKey<V>) values_.min = std::min<double>(values_.min, value_of_key<V>(low));
  // NaN, infinite and large values count as not whole, which only costs their gene some time.
  for (const auto key : entries.keys) {
    const V value = value_of_key<V>(key);
    if (!(std::abs(value) < V{1 << 20}) ||
        static_cast<V>(static_cast<std::int32_t>(value)) != value) {
      all_whole_ = false;
      break;
    }
  }
  if (!all_whole_) values_.all_whole = false;
}

template <typename V, typename C>
void GeneTest<V, C>::centre(const LabelledKeys<OrderKey<V>, C>& entries) {
  for (std::size_t g = 0; g < n_cells_.size(); ++g) {
    const auto n = static_cast<double>(n_cells_[g]);
    const double mean = sum_[g] / n;
    moments_[g] = {n_cells_[g], mean,
                   static_cast<double>(n_cells_[g] - n_stored_[g]) * mean * mean};
  }
  if (options_.test != DifferentialTest::welch) return;
  for (std::size_t i = 0; i < entries.keys.size(); ++i) {
    auto& moments = moments_[entries.labels[i]];
    const double deviation = value_of_key<V>(entries.keys[i]) - moments.mean;
    moments.squares += deviation * deviation;
  }
}

template <typename V, typename C>
void GeneTest<V, C>::rank(LabelledKeys<OrderKey<V>, C>& entries, std::span<GeneOutcome> out) {
  OrderKey<V> zero_key = kZeroKey<V>;
  // Small whole numbers are their own keys: few bits, one short pass of sorting.
  if (all_whole_ && std::ranges::all_of(entries.keys, [](auto key) { return key > kZeroKey<V>; })) {
    zero_key = 0;
    for (auto& key : entries.keys) {
      key = static_cast<OrderKey<V>>(static_cast<std::int32_t>(value_of_key<V>(key)));
    }
  }
  radix_sort(entries);
  std::size_t n = entries.keys.size();
  while (n > 0 && entries.keys[n - 1] == kNanKey<V>) --n;
  rank_sums(std::span<const OrderKey<V>>(entries.keys).first(n),
            std::span<const C>(entries.labels).first(n), zero_key,
            {.n_cells = n_cells_, .n_stored = n_stored_, .reference = reference_}, walk_,
            std::span(rank_sums_));
  for (std::size_t g = 0; g < n_cells_.size(); ++g) {
    rank_sums_[g].has_nan = any_nan_ && (reference_ == GroupSizes::kRest || has_nan_[g] != 0 ||
                                         has_nan_[reference_] != 0);
    const TestResult test =
        rank_sum_test(rank_sums_[g], options_.tie_correction, options_.continuity);
    out[g].statistic = test.statistic;
    out[g].p_value = test.p_value;
  }
}

template <typename V, typename C>
double GeneTest<V, C>::fold_mean(const SampleMoments& sample, double fold_sum) const noexcept {
  switch (fold_) {
    case Fold::none:
      return kNaN;
    case Fold::plain:
      return sample.mean;
    case Fold::of_mean:
      return std::expm1(sample.mean);
    case Fold::summed_expm1:
      return fold_sum / static_cast<double>(sample.n);
    case Fold::summed_log1p:
      return std::expm1(fold_sum / static_cast<double>(sample.n));
  }
  return kNaN;
}

template <typename V, typename C>
void GeneTest<V, C>::compare_means(std::span<GeneOutcome> out) {
  const bool against_rest = reference_ == GroupSizes::kRest;
  if (against_rest) {
    rests<SampleMoments>(moments_, merged, rest_moments_);
    rests<double>(fold_sum_, std::plus<>(), rest_fold_sum_);
  }
  double reference_fold =
      against_rest ? 0.0 : fold_mean(moments_[reference_], fold_sum_[reference_]);
  for (std::size_t g = 0; g < n_cells_.size(); ++g) {
    const SampleMoments& other = against_rest ? rest_moments_[g] : moments_[reference_];
    if (against_rest) reference_fold = fold_mean(other, rest_fold_sum_[g]);
    out[g].mean_group = moments_[g].mean;
    out[g].mean_reference = other.n == 0 ? kNaN : other.mean;
    out[g].log2_fold_change =
        log2_ratio(fold_mean(moments_[g], fold_sum_[g]), reference_fold, options_.epsilon);
    if (options_.test == DifferentialTest::welch) {
      const TestResult test = welch_test(moments_[g], other);
      out[g].statistic = test.statistic;
      out[g].p_value = test.p_value;
    }
  }
}

template <typename V, typename C>
void GeneTest<V, C>::run(LabelledKeys<OrderKey<V>, C>& entries, std::span<GeneOutcome> out) {
  look_at(entries);
  sum_up(entries);
  centre(entries);
  compare_means(out);
  if (options_.test == DifferentialTest::mann_whitney) rank(entries, out);
}

template class GeneTest<float, std::uint16_t>;
template class GeneTest<float, std::uint32_t>;
template class GeneTest<double, std::uint16_t>;
template class GeneTest<double, std::uint32_t>;

}  // namespace cupel::perturbation

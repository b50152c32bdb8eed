#include "split/ordered_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "split/similarity_table.hpp"

namespace cupel {
namespace {

constexpr std::size_t kMostDenseItems = 12'000;

double total_weight(std::span<const std::uint32_t> items, const ItemTraits& traits) {
  double sum = 0.0;
  for (const auto item : items) sum += traits.weight_of(item);
  return sum;
}

/// Fills the parts but the first from the back, along `order`, and gives the rest to the first.
ItemParts fill_from_last(std::span<const std::uint32_t> order, const PartRequest& request,
                         const ItemTraits& traits, const std::string& why) {
  const double all = total_weight(order, traits);
  std::vector<std::int32_t> part(order.size(), 0);
  std::size_t next = 0;
  for (std::size_t p = request.share.size() - 1; p > 0; --p) {
    double have = 0.0;
    const double wanted = request.share[p] * all;
    while (next < order.size()) {
      const double weight = traits.weight_of(order[next]);
      if (have > 0.0 && have + 0.5 * weight > wanted) break;
      part[order[next++]] = static_cast<std::int32_t>(p);
      have += weight;
    }
  }
  check_shares(part, request, traits, why, "ask for other shares or a larger tolerance");
  return all_in_parts(std::move(part));
}

void check_dense(std::size_t n) {
  if (n <= kMostDenseItems) return;
  fail(ErrorKind::numeric,
       fmt::format("this method needs all {} x {} similarities in memory; the limit is {} items", n,
                   n, kMostDenseItems),
       {}, "use the method `components`, `guaranteed` or `butina`");
}

std::pair<std::uint32_t, std::uint32_t> least_similar_pair(const SimilarityTable& dense) {
  std::pair<std::uint32_t, std::uint32_t> least{0, 1};
  for (std::uint32_t i = 0; i < dense.n_rows(); ++i) {
    for (std::uint32_t j = i + 1; j < dense.n_rows(); ++j) {
      if (dense.at(i, j) < dense.at(least.first, least.second)) least = {i, j};
    }
  }
  return least;
}

void check_two(std::size_t n) {
  if (n < 2) fail_input("a split needs at least two items", {.value = std::to_string(n)});
}

/// The part with the largest lack; ties by the second list, then at random.
std::size_t neediest(std::span<const double> first, std::span<const double> second, Rng& rng) {
  std::vector<std::size_t> best{0};
  for (std::size_t p = 1; p < first.size(); ++p) {
    const std::size_t b = best.front();
    if (first[p] < first[b] || (first[p] == first[b] && second[p] < second[b])) continue;
    if (first[p] > first[b] || second[p] > second[b]) best.clear();
    best.push_back(p);
  }
  return best.size() == 1 ? best.front() : best[rng.below(static_cast<std::uint32_t>(best.size()))];
}

}  // namespace

ItemParts split_sorted(std::span<const double> values, const PartRequest& request,
                       const ItemTraits& traits) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return values[a] < values[b]; });
  const double all = total_weight(order, traits);
  ItemParts parts = all_in_parts(std::vector<std::int32_t>(values.size(), kNoPart));
  std::size_t p = 0;
  double before = 0.0;
  double end = request.share[0] * all;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    double weight = 0.0;
    while (last < order.size() && values[order[last]] == values[order[first]]) {
      weight += traits.weight_of(order[last++]);
    }
    // A run of equal values belongs to the part that its middle lies in.
    while (p + 1 < request.share.size() && before + 0.5 * weight > end + 1e-9 * all) {
      end += request.share[++p] * all;
    }
    for (; first < last; ++first) parts.part[order[first]] = static_cast<std::int32_t>(p);
    before += weight;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) leave_out_item(parts, i, "no_value");
  }
  check_shares(parts.part, request, traits, "items of equal value are not cut apart",
               "ask for other shares or a larger tolerance, or use finer values");
  return parts;
}

std::vector<std::uint32_t> quantile_labels(std::span<const double> values, std::size_t n_bins) {
  std::vector<double> sorted;
  for (const double value : values) {
    if (!std::isnan(value)) sorted.push_back(value);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::uint32_t> label;
  for (const double value : values) {
    if (std::isnan(value)) {
      label.push_back(static_cast<std::uint32_t>(n_bins));
      continue;
    }
    const auto rank = std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin();
    label.push_back(
        static_cast<std::uint32_t>(static_cast<std::size_t>(rank) * n_bins / sorted.size()));
  }
  return label;
}

ItemParts split_multilabel(const Matrix<double>& labels, const PartRequest& request,
                           std::uint64_t seed) {
  const std::size_t n_parts = request.share.size();
  Rng rng(seed, "multilabel");
  std::vector<std::uint32_t> order(labels.rows);
  std::iota(order.begin(), order.end(), 0U);
  rng.shuffle(std::span(order));
  std::vector<std::size_t> left(labels.cols, 0);
  for (std::size_t i = 0; i < labels.rows; ++i) {
    for (std::size_t c = 0; c < labels.cols; ++c) left[c] += labels(i, c) == 1.0;
  }
  std::vector<double> lacks_items;
  Matrix<double> lacks(labels.cols, n_parts);
  for (std::size_t p = 0; p < n_parts; ++p) {
    lacks_items.push_back(request.share[p] * static_cast<double>(labels.rows));
    for (std::size_t c = 0; c < labels.cols; ++c) {
      lacks(c, p) = request.share[p] * static_cast<double>(left[c]);
    }
  }
  std::vector<std::int32_t> part(labels.rows, kNoPart);
  const auto place = [&](std::uint32_t item, std::span<const double> first) {
    const std::size_t p = neediest(first, lacks_items, rng);
    part[item] = static_cast<std::int32_t>(p);
    lacks_items[p] -= 1.0;
    for (std::size_t c = 0; c < labels.cols; ++c) {
      if (labels(item, c) != 1.0) continue;
      lacks(c, p) -= 1.0;
      --left[c];
    }
  };
  while (true) {
    std::size_t rarest = labels.cols;
    for (std::size_t c = 0; c < labels.cols; ++c) {
      if (left[c] > 0 && (rarest == labels.cols || left[c] < left[rarest])) rarest = c;
    }
    if (rarest == labels.cols) break;
    for (const auto item : order) {
      if (part[item] == kNoPart && labels(item, rarest) == 1.0) place(item, lacks.row(rarest));
    }
  }
  for (const auto item : order) {
    if (part[item] == kNoPart) place(item, lacks_items);
  }
  check_shares(part, request, {}, "few items carry many labels", "use a larger tolerance");
  return all_in_parts(std::move(part));
}

ItemParts split_perimeter(const Similarity& similarity, const PartRequest& request,
                          const ItemTraits& traits, const Context& context) {
  const std::size_t n = similarity.n_rows();
  check_two(n);
  check_dense(n);
  const SimilarityTable dense = tabulate_similarity(similarity, context);
  std::vector<Hit> pairs;
  pairs.reserve(n * (n - 1) / 2);
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t j = i + 1; j < n; ++j) pairs.push_back({i, j, dense.at(i, j)});
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Hit& a, const Hit& b) { return a.value < b.value; });
  std::vector<std::uint8_t> taken(n, 0);
  std::vector<std::uint32_t> order;
  for (const auto& pair : pairs) {
    if (taken[pair.row] != 0 || taken[pair.col] != 0) continue;
    taken[pair.row] = taken[pair.col] = 1;
    order.push_back(pair.row);
    order.push_back(pair.col);
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    if (taken[i] == 0) order.push_back(i);
  }
  return fill_from_last(order, request, traits, "single items are too heavy");
}

ItemParts split_max_dissimilarity(const Similarity& similarity, const PartRequest& request,
                                  const ItemTraits& traits, const Context& context) {
  const std::size_t n = similarity.n_rows();
  check_two(n);
  check_dense(n);
  const SimilarityTable dense = tabulate_similarity(similarity, context);
  const auto poles = least_similar_pair(dense);
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  const auto pull = [&](std::uint32_t i) {
    return dense.at(i, poles.second) - dense.at(i, poles.first);
  };
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return pull(a) > pull(b); });
  return fill_from_last(order, request, traits, "single items are too heavy");
}

namespace {

/// Items in the order in which they are chosen, each as unlike those before as can be; from `start`
/// on until they weigh `wanted`. The rest follows by number.
std::vector<std::uint32_t> cover_order(const Similarity& similarity,
                                       std::span<const std::uint32_t> start, double wanted,
                                       const ItemTraits& traits, const Context& context) {
  const std::size_t n = similarity.n_rows();
  std::vector<double> closest(n, -std::numeric_limits<double>::infinity());
  std::vector<std::uint8_t> taken(n, 0);
  std::vector<std::uint32_t> order;
  std::vector<double> row(n);
  double have = 0.0;
  std::size_t next = 0;
  while (order.size() < n && have < wanted) {
    context.check_cancelled();
    if (order.size() < start.size()) next = start[order.size()];
    taken[next] = 1;
    order.push_back(static_cast<std::uint32_t>(next));
    have += traits.weight_of(next);
    similarity.values({next, next + 1}, {0, n}, row);
    next = n;
    for (std::size_t i = 0; i < n; ++i) {
      closest[i] = std::max(closest[i], row[i]);
      if (taken[i] == 0 && (next == n || closest[i] < closest[next])) next = i;
    }
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    if (taken[i] == 0) order.push_back(i);
  }
  return order;
}

double weight_of_all(std::size_t n, const ItemTraits& traits) {
  double total = 0.0;
  for (std::size_t i = 0; i < n; ++i) total += traits.weight_of(i);
  return total;
}

}  // namespace

ItemParts split_maxmin(const Similarity& similarity, const PartRequest& request,
                       const ItemTraits& traits, std::uint64_t seed, const Context& context) {
  const std::size_t n = similarity.n_rows();
  check_two(n);
  Rng rng(seed, "maxmin");
  const std::uint32_t start[] = {rng.below(static_cast<std::uint32_t>(n))};
  const double wanted = (1.0 - request.share[0]) * weight_of_all(n, traits);
  const auto order = cover_order(similarity, start, wanted, traits, context);
  return fill_from_last(order, request, traits, "single items are too heavy");
}

ItemParts split_kennard_stone(const Similarity& similarity, const PartRequest& request,
                              const ItemTraits& traits, const Context& context) {
  const std::size_t n = similarity.n_rows();
  check_two(n);
  check_dense(n);
  const SimilarityTable dense = tabulate_similarity(similarity, context);
  const auto poles = least_similar_pair(dense);
  const std::uint32_t start[] = {poles.first, poles.second};
  const double wanted = (1.0 - request.share.back()) * weight_of_all(n, traits);
  const auto order = cover_order(dense, start, wanted, traits, context);
  // From the last to the first: the test set is what was chosen last.
  const std::vector<std::uint32_t> reversed(order.rbegin(), order.rend());
  return fill_from_last(reversed, request, traits, "single items are too heavy");
}

}  // namespace cupel

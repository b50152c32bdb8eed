#include "model/nearest_neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "similarity/fingerprint.hpp"

namespace cupel {
namespace {

constexpr std::size_t kBlock = 128;      ///< queries that move together
constexpr std::size_t kFirstWidth = 32;  ///< base rows that give the first thresholds
constexpr std::size_t kWidth = 1024;     ///< base rows of a later step
constexpr double kLowest = -std::numeric_limits<double>::infinity();

/// What is at least as near as the k-th best so far.
class Best {
 public:
  void add(std::uint32_t position, double value) {
    if (value >= threshold_) found_.push_back({position, value});
  }
  /// Drops what the k-th best so far excludes.
  void settle(std::size_t k) {
    if (found_.size() < k || found_.size() == settled_) return;
    const auto kth = found_.begin() + static_cast<std::ptrdiff_t>(k - 1);
    std::nth_element(found_.begin(), kth, found_.end(),
                     [](const Item& a, const Item& b) { return a.value > b.value; });
    threshold_ = kth->value;
    std::erase_if(found_, [this](const Item& item) { return item.value < threshold_; });
    settled_ = found_.size();
  }
  [[nodiscard]] double threshold() const noexcept { return threshold_; }

  struct Item {
    std::uint32_t position;
    double value;
  };
  /// Nearest first, ties by position.
  std::vector<Item> take() {
    std::sort(found_.begin(), found_.end(), [](const Item& a, const Item& b) {
      return a.value != b.value ? a.value > b.value : a.position < b.position;
    });
    return std::move(found_);
  }

 private:
  std::vector<Item> found_;
  double threshold_ = kLowest;
  std::size_t settled_ = 0;
};

NearestRows join(std::vector<std::vector<Best::Item>>&& lists, Nearness nearness) {
  NearestRows all;
  all.nearness = nearness;
  all.begin.reserve(lists.size() + 1);
  all.begin.push_back(0);
  for (const auto& list : lists) all.begin.push_back(all.begin.back() + list.size());
  all.neighbour.reserve(all.begin.back());
  all.similarity.reserve(all.begin.back());
  for (const auto& list : lists) {
    for (const auto& item : list) {
      all.neighbour.push_back(item.position);
      // Euclid was compared as minus the squared distance.
      all.similarity.push_back(nearness == Nearness::euclid ? -std::sqrt(-item.value) : item.value);
    }
  }
  return all;
}

/// Rows of `x`, ordered by their number of ones.
struct Ordered {
  std::vector<std::uint32_t> position;  ///< in the list that was given
  std::vector<std::uint32_t> ones;      ///< ascending
  PackedBits bits;
};

Ordered by_ones(const PackedBits& x, std::span<const std::uint32_t> rows,
                const BitKernels& kernels) {
  std::vector<std::uint32_t> ones(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    kernels.ones(x.row(rows[i]).data(), 1, x.n_words, &ones[i]);
  }
  Ordered ordered{.position = std::vector<std::uint32_t>(rows.size()),
                  .ones = {},
                  .bits = PackedBits(rows.size(), x.n_bits)};
  std::iota(ordered.position.begin(), ordered.position.end(), 0U);
  std::stable_sort(ordered.position.begin(), ordered.position.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return ones[a] < ones[b]; });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ordered.ones.push_back(ones[ordered.position[i]]);
    const auto from = x.row(rows[ordered.position[i]]);
    std::copy(from.begin(), from.end(), ordered.bits.row(i).begin());
  }
  return ordered;
}

/// The largest value that a query with `a` ones can have with rows of `low` to `high` ones.
double largest_value(Nearness nearness, double a, double low, double high) noexcept {
  const double nearest = std::clamp(a, low, high);
  if (nearness == Nearness::euclid) return -std::abs(a - nearest);
  const double larger = std::max(a, nearest);
  return larger == 0.0 ? 0.0 : std::min(a, nearest) / larger;
}

/// Base rows from `start` outwards, the side with the nearer number of ones first, until `visit`
/// says of both sides that nothing there can be a neighbour.
template <typename Visit>
void outwards(std::span<const std::uint32_t> ones, std::size_t start, double a,
              const Visit& visit) {
  // Steps begin at multiples of the screen's lanes, so that no group is screened twice.
  std::size_t left = start / kFoldLanes * kFoldLanes;
  std::size_t right = left;
  std::size_t width = kFirstWidth;
  while (left > 0 || right < ones.size()) {
    const bool to_right =
        left == 0 || (right < ones.size() && ones[right] - a <= a - ones[left - 1]);
    const Range step = to_right ? Range{right, std::min(right + width, ones.size())}
                                : Range{left - std::min(width, left), left};
    const bool reachable = visit(step);
    if (to_right) right = reachable ? step.end : ones.size();
    if (!to_right) left = reachable ? step.begin : 0;
    width = std::min(2 * width, kWidth);
  }
}

void check(const NearestOptions& options) {
  if (options.k == 0) {
    fail(ErrorKind::usage, "0 nearest neighbours were asked for", {}, "k is at least 1");
  }
}

/// The neighbours of a block of queries; `rows` in the order of the similarity.
void search_block(const Similarity& similarity, const Ordered& base, const Ordered& queries,
                  Range rows, const NearestOptions& options, std::span<Best> best) {
  const double a = queries.ones[(rows.begin + rows.end) / 2];
  const auto start = std::lower_bound(base.ones.begin(), base.ones.end(), a) - base.ones.begin();
  std::vector<double> thresholds(rows.size(), kLowest);
  std::vector<Hit> hits;
  outwards(base.ones, static_cast<std::size_t>(start), a, [&](Range cols) {
    bool reachable = false;
    for (std::size_t i = rows.begin; i < rows.end && !reachable; ++i) {
      reachable = largest_value(options.nearness, queries.ones[i], base.ones[cols.begin],
                                base.ones[cols.end - 1]) >= thresholds[i - rows.begin];
    }
    if (!reachable) return false;
    hits.clear();
    similarity.at_least_each(rows, cols, thresholds, hits);
    for (const Hit& hit : hits) best[hit.row - rows.begin].add(base.position[hit.col], hit.value);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      best[i].settle(options.k);
      thresholds[i] = best[i].threshold();
    }
    return true;
  });
}

}  // namespace

NearestRows nearest(const PackedBits& x, std::span<const std::uint32_t> base,
                    std::span<const std::uint32_t> queries, const NearestOptions& options,
                    const Context& context) {
  check(options);
  const BitKernels& kernels = options.kernels != nullptr ? *options.kernels : bit_kernels();
  const Ordered of_base = by_ones(x, base, kernels);
  Ordered of_queries = by_ones(x, queries, kernels);
  std::vector<std::vector<Best::Item>> lists(queries.size());
  if (base.empty() || queries.empty()) return join(std::move(lists), options.nearness);
  const auto similarity = fingerprint_similarity(
      std::move(of_queries.bits), std::make_unique<PackedBits>(of_base.bits),
      {.measure = options.nearness == Nearness::euclid ? BitMeasure::euclid : BitMeasure::tanimoto,
       .kernels = &kernels});
  parallel_for(context, (queries.size() + kBlock - 1) / kBlock, [&](std::size_t block) {
    const Range rows{block * kBlock, std::min((block + 1) * kBlock, queries.size())};
    std::vector<Best> best(rows.size());
    search_block(*similarity, of_base, of_queries, rows, options, best);
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      lists[of_queries.position[i]] = best[i - rows.begin].take();
    }
  });
  return join(std::move(lists), options.nearness);
}

NearestRows nearest(const Matrix<float>& x, std::span<const std::uint32_t> base,
                    std::span<const std::uint32_t> queries, const NearestOptions& options,
                    const Context& context) {
  check(options);
  for (const auto rows : {base, queries}) {
    for (const std::uint32_t row : rows) {
      for (const float value : x.row(row)) {
        if (std::isnan(value)) {
          fail_input("a feature of row " + std::to_string(row) +
                         " is not a number (NaN), so that "
                         "it has no nearest neighbours",
                     {}, "leave the row or the feature out");
        }
      }
    }
  }
  std::vector<std::vector<Best::Item>> lists(queries.size());
  parallel_for(context, (queries.size() + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t end = std::min((block + 1) * kBlock, queries.size());
    for (std::size_t q = block * kBlock; q < end; ++q) {
      const auto query = x.row(queries[q]);
      Best best;
      for (std::size_t j = 0; j < base.size(); ++j) {
        const float* row = x.row(base[j]).data();
        double sum = 0.0;
        for (std::size_t f = 0; f < query.size(); ++f) {
          const double difference = static_cast<double>(query[f]) - static_cast<double>(row[f]);
          sum += difference * difference;
        }
        best.add(static_cast<std::uint32_t>(j), -sum);
        if (j % kBlock == kBlock - 1) best.settle(options.k);
      }
      best.settle(options.k);
      lists[q] = best.take();
    }
  });
  return join(std::move(lists), Nearness::euclid);
}

namespace {

/// Neighbours of query q that are at least as near as its k-th.
std::size_t n_within(const NearestRows& nearest, std::size_t q, std::uint32_t k) noexcept {
  const std::size_t begin = nearest.begin[q];
  const std::size_t n = nearest.begin[q + 1] - begin;
  if (n <= k) return n;
  std::size_t within = k;
  while (within < n && nearest.similarity[begin + within] == nearest.similarity[begin + k - 1]) {
    ++within;
  }
  return within;
}

double mean_of(const NearestRows& nearest, std::size_t begin, std::size_t n,
               std::span<const double> y, NeighbourWeight weight) {
  double sum = 0.0;
  double total = 0.0;
  const double nearest_distance = nearest.nearness == Nearness::euclid
                                      ? -nearest.similarity[begin]
                                      : 1.0 - nearest.similarity[begin];
  for (std::size_t i = begin; i < begin + n; ++i) {
    const double similarity = nearest.similarity[i];
    double w = 1.0;
    if (weight == NeighbourWeight::similarity) w = similarity;
    if (weight == NeighbourWeight::distance) {
      const double distance = nearest.nearness == Nearness::euclid ? -similarity : 1.0 - similarity;
      w = nearest_distance == 0.0 ? (distance == 0.0 ? 1.0 : 0.0) : 1.0 / distance;
    }
    sum += w * y[nearest.neighbour[i]];
    total += w;
  }
  if (total > 0.0) return sum / total;
  return mean_of(nearest, begin, n, y, NeighbourWeight::uniform);
}

}  // namespace

double NearestRows::tie_share(std::uint32_t k) const {
  if (n_queries() == 0 || k == 0) return 0.0;
  std::size_t tied = 0;
  for (std::size_t q = 0; q < n_queries(); ++q) tied += n_within(*this, q, k) > k ? 1U : 0U;
  return static_cast<double>(tied) / static_cast<double>(n_queries());
}

std::vector<double> neighbour_means(const NearestRows& nearest, std::span<const double> y,
                                    NeighbourWeight weight) {
  return neighbour_means(nearest, y, weight, std::numeric_limits<std::uint32_t>::max());
}

std::vector<double> neighbour_means(const NearestRows& nearest, std::span<const double> y,
                                    NeighbourWeight weight, std::uint32_t k) {
  if (weight == NeighbourWeight::similarity && nearest.nearness == Nearness::euclid) {
    fail(ErrorKind::usage, "neighbours by Euclidean distance have no similarity to weight by", {},
         "weight by distance or uniformly");
  }
  std::vector<double> means(nearest.n_queries(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t q = 0; q < means.size(); ++q) {
    const std::size_t n = n_within(nearest, q, k);
    if (n > 0) means[q] = mean_of(nearest, nearest.begin[q], n, y, weight);
  }
  return means;
}

}  // namespace cupel

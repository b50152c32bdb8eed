#include "split/least_leakage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "split/item_clusters.hpp"
#include "split/similarity_table.hpp"

namespace cupel {
namespace {

constexpr double kBound = 20.0;       ///< cost of a part's excess over its bound, per share
constexpr std::size_t kSweeps = 300;  ///< proposals per cluster and start

/// Clusters of one side and where they are.
struct Side {
  const LinkedClusters* linked = nullptr;
  std::vector<std::size_t> part;
  Matrix<double> to_part;  ///< clusters x parts: similarity summed over the clusters in it
  double total = 0.0;
  double across = 0.0;

  Side(const LinkedClusters& clusters, std::vector<std::size_t> start, std::size_t n_parts)
      : linked(&clusters), part(std::move(start)), to_part(part.size(), n_parts) {
    total = std::accumulate(clusters.sum.values.begin(), clusters.sum.values.end(), 0.0);
    for (std::size_t a = 0; a < part.size(); ++a) {
      for (std::size_t b = 0; b < part.size(); ++b) {
        to_part(a, part[b]) += clusters.sum(a, b);
        if (part[a] != part[b]) across += clusters.sum(a, b);
      }
    }
  }
  /// Change of `across` if cluster a went to `to`.
  [[nodiscard]] double change(std::size_t a, std::size_t to) const {
    if (to == part[a]) return 0.0;
    return 2.0 * (to_part(a, part[a]) - linked->sum(a, a) - to_part(a, to));
  }
  void move(std::size_t a, std::size_t to) {
    across += change(a, to);
    for (std::size_t b = 0; b < part.size(); ++b) {
      to_part(b, part[a]) -= linked->sum(a, b);
      to_part(b, to) += linked->sum(a, b);
    }
    part[a] = to;
  }
  [[nodiscard]] double leakage() const { return total > 0.0 ? across / total : 0.0; }
};

double excess(std::span<const double> have, const PartRequest& request) {
  const double all = std::accumulate(have.begin(), have.end(), 0.0);
  if (!(all > 0.0)) return static_cast<double>(have.size());
  double sum = 0.0;
  for (std::size_t p = 0; p < have.size(); ++p) {
    sum += std::max(0.0, std::abs(have[p] / all - request.share[p]) - request.tolerance);
    if (have[p] <= 0.0) sum += 1.0;
  }
  return sum;
}

/// What annealing works on: a state that can try a change, and take it back.
class State {
 public:
  virtual ~State() = default;
  [[nodiscard]] virtual double cost() const = 0;
  [[nodiscard]] virtual std::size_t n_clusters() const = 0;
  [[nodiscard]] virtual std::size_t part_of(std::size_t cluster) const = 0;
  virtual void move(std::size_t cluster, std::size_t to) = 0;
};

class OneSide final : public State {
 public:
  OneSide(const LinkedClusters& linked, const PartRequest& request, std::vector<std::size_t> start)
      : side_(linked, std::move(start), request.share.size()),
        request_(request),
        have_(request.share.size()) {
    for (std::size_t a = 0; a < side_.part.size(); ++a) have_[side_.part[a]] += linked.weight[a];
  }
  [[nodiscard]] double cost() const override {
    return side_.leakage() + kBound * excess(have_, request_);
  }
  [[nodiscard]] std::size_t n_clusters() const override { return side_.part.size(); }
  [[nodiscard]] std::size_t part_of(std::size_t cluster) const override {
    return side_.part[cluster];
  }
  void move(std::size_t cluster, std::size_t to) override {
    have_[side_.part[cluster]] -= side_.linked->weight[cluster];
    have_[to] += side_.linked->weight[cluster];
    side_.move(cluster, to);
  }

 private:
  Side side_;
  const PartRequest& request_;
  std::vector<double> have_;
};

/// Clusters of the first side, then those of the second; `rows`: weight of rows between them.
class TwoSides final : public State {
 public:
  TwoSides(const LinkedClusters& first, const LinkedClusters& second, const Matrix<double>& rows,
           const PartRequest& request, std::vector<std::size_t> start)
      : first_(first, {start.begin(), start.begin() + static_cast<std::ptrdiff_t>(rows.rows)},
               request.share.size()),
        second_(second, {start.begin() + static_cast<std::ptrdiff_t>(rows.rows), start.end()},
                request.share.size()),
        rows_(rows),
        request_(request),
        kept_(request.share.size()) {
    for (std::size_t a = 0; a < rows.rows; ++a) {
      for (std::size_t b = 0; b < rows.cols; ++b) {
        all_ += rows(a, b);
        if (first_.part[a] == second_.part[b]) kept_[first_.part[a]] += rows(a, b);
      }
    }
  }
  [[nodiscard]] double cost() const override {
    const double kept = std::accumulate(kept_.begin(), kept_.end(), 0.0);
    return first_.leakage() + second_.leakage() + (1.0 - kept / all_) +
           kBound * excess(kept_, request_);
  }
  [[nodiscard]] std::size_t n_clusters() const override { return rows_.rows + rows_.cols; }
  [[nodiscard]] std::size_t part_of(std::size_t cluster) const override {
    return cluster < rows_.rows ? first_.part[cluster] : second_.part[cluster - rows_.rows];
  }
  void move(std::size_t cluster, std::size_t to) override {
    const bool is_first = cluster < rows_.rows;
    const std::size_t own = is_first ? cluster : cluster - rows_.rows;
    const Side& other = is_first ? second_ : first_;
    const std::size_t from = part_of(cluster);
    for (std::size_t k = 0; k < other.part.size(); ++k) {
      const double weight = is_first ? rows_(own, k) : rows_(k, own);
      if (other.part[k] == from) kept_[from] -= weight;
      if (other.part[k] == to) kept_[to] += weight;
    }
    (is_first ? first_ : second_).move(own, to);
  }

 private:
  Side first_;
  Side second_;
  const Matrix<double>& rows_;
  const PartRequest& request_;
  std::vector<double> kept_;
  double all_ = 0.0;
};

std::vector<std::size_t> parts_of(const State& state) {
  std::vector<std::size_t> part;
  for (std::size_t k = 0; k < state.n_clusters(); ++k) part.push_back(state.part_of(k));
  return part;
}

struct Annealed {
  double cost = std::numeric_limits<double>::infinity();
  std::vector<std::size_t> part;
};

/// Moves and swaps of clusters; geometric cooling from 0.05 to 1e-5 of leakage.
Annealed anneal(State& state, std::size_t n_parts, Rng& rng) {
  Annealed best{state.cost(), parts_of(state)};
  const auto n = static_cast<std::uint32_t>(state.n_clusters());
  const std::size_t n_steps = kSweeps * n;
  double now = best.cost;
  for (std::size_t step = 0; step < n_steps; ++step) {
    const double cooled = static_cast<double>(step) / static_cast<double>(n_steps);
    const double temperature = 0.05 * std::pow(2e-4, cooled);
    const std::size_t a = rng.below(n);
    const std::size_t from = state.part_of(a);
    std::size_t to = rng.below(static_cast<std::uint32_t>(n_parts));
    std::size_t b = a;
    if (rng.below(2) == 0) {
      b = rng.below(n);
      to = state.part_of(b);
    }
    if (to == from) continue;
    state.move(a, to);
    if (b != a) state.move(b, from);
    const double next = state.cost();
    if (next <= now || rng.uniform() < std::exp((now - next) / temperature)) {
      now = next;
      if (now < best.cost - 1e-12) best = {now, parts_of(state)};
      continue;
    }
    if (b != a) state.move(b, to);
    state.move(a, from);
  }
  return best;
}

/// Item numbers, so that clusters can be dealt by deal_groups_roughly.
std::vector<std::size_t> dealt(const LinkedClusters& linked, const PartRequest& request,
                               std::uint64_t seed) {
  std::vector<std::uint32_t> each(linked.clusters.count);
  std::iota(each.begin(), each.end(), 0U);
  const auto part =
      deal_groups_roughly(each, each.size(), request, {.weight = linked.weight}, seed);
  std::vector<std::size_t> start;
  for (const auto one : part) start.push_back(static_cast<std::size_t>(one));
  return start;
}

void check_size(std::size_t n) {
  if (n <= kMostLinkedItems) return;
  fail(ErrorKind::numeric,
       fmt::format("clusters for least leakage need all {} x {} similarities in memory; the limit "
                   "is {} items",
                   n, n, kMostLinkedItems),
       {}, "use the method `guaranteed` or `components`, which work on the threshold graph");
}

SimilarityTable tabulate(const Similarity& similarity, const Context& context) {
  check_size(similarity.n_rows());
  return tabulate_similarity(similarity, context);
}

LinkedClusters link(const SimilarityTable& similarity, const ItemTraits& traits,
                    const PartRequest& request, const LeastLeakageOptions& options) {
  double total = 0.0;
  for (std::size_t i = 0; i < similarity.n_rows(); ++i) total += traits.weight_of(i);
  const double smallest = *std::min_element(request.share.begin(), request.share.end());
  return average_linkage(similarity, traits, options.n_clusters, 0.5 * smallest * total);
}

std::vector<std::int32_t> spread(const ItemClusters& clusters, std::span<const std::size_t> part) {
  std::vector<std::int32_t> of_item;
  for (const auto cluster : clusters.of_item) {
    of_item.push_back(static_cast<std::int32_t>(part[cluster]));
  }
  return of_item;
}

template <typename Make>
Annealed best_of(const LeastLeakageOptions& options, std::size_t n_parts, std::uint64_t seed,
                 const Context& context, const Make& make) {
  std::vector<Annealed> tries(options.starts);
  parallel_for(context, tries.size(), [&](std::size_t k) {
    Rng rng(seed, "least leakage", k);
    auto state = make(k, rng);
    tries[k] = anneal(state, n_parts, rng);
  });
  return *std::min_element(tries.begin(), tries.end(),
                           [](const Annealed& a, const Annealed& b) { return a.cost < b.cost; });
}

}  // namespace

double scaled_leakage(const Similarity& similarity, std::span<const std::int32_t> part,
                      const ItemTraits& traits, const Context& context) {
  const std::size_t n = part.size();
  constexpr std::size_t kBlock = 16;
  const std::size_t n_blocks = (n + kBlock - 1) / kBlock;
  std::vector<std::pair<double, double>> sums(n_blocks);
  parallel_for(context, n_blocks, [&](std::size_t block) {
    std::vector<double> row(n);
    for (std::size_t i = block * kBlock; i < std::min((block + 1) * kBlock, n); ++i) {
      if (part[i] == kNoPart) continue;
      similarity.values({i, i + 1}, {0, n}, row);
      for (std::size_t j = 0; j < n; ++j) {
        if (part[j] == kNoPart) continue;
        const double term = traits.weight_of(i) * traits.weight_of(j) * row[j];
        sums[block].second += term;
        if (part[i] != part[j]) sums[block].first += term;
      }
    }
  });
  double across = 0.0;
  double all = 0.0;
  for (const auto& [part_sum, whole] : sums) {
    across += part_sum;
    all += whole;
  }
  return across / all;
}

ItemParts split_least_leakage(const Similarity& similarity, const PartRequest& request,
                              const ItemTraits& traits, const LeastLeakageOptions& options,
                              std::uint64_t seed, const Context& context) {
  const SimilarityTable table = tabulate(similarity, context);
  const LinkedClusters linked = link(table, traits, request, options);
  const Annealed best =
      best_of(options, request.share.size(), seed, context, [&](std::size_t k, Rng& rng) {
        return OneSide(linked, request, dealt(linked, request, rng.next64() + k));
      });
  auto part = spread(linked.clusters, best.part);
  check_shares(
      part, request, traits,
      fmt::format("no assignment of the {} clusters meets the sizes", linked.clusters.count),
      "ask for more clusters or a larger tolerance");
  double random = 1.0;
  for (const double share : part_shares(part, traits, request.share.size()))
    random -= share * share;
  ItemParts parts = all_in_parts(std::move(part));
  parts.group.assign(linked.clusters.of_item.begin(), linked.clusters.of_item.end());
  parts.facts = {{"clusters", static_cast<double>(linked.clusters.count)},
                 {"leakage", scaled_leakage(table, parts.part, traits, context)},
                 {"random_leakage", random}};
  return parts;
}

PairParts split_pairs_least_leakage(const PairSide& first, const PairSide& second,
                                    std::span<const double> row_weight, const PartRequest& request,
                                    const LeastLeakageOptions& options, std::uint64_t seed,
                                    const Context& context) {
  const LinkedClusters a =
      link(tabulate(*first.similarity, context), {.weight = first.weight}, request, options);
  const LinkedClusters b =
      link(tabulate(*second.similarity, context), {.weight = second.weight}, request, options);
  Matrix<double> rows(a.clusters.count, b.clusters.count);
  for (std::size_t r = 0; r < first.item_of_row.size(); ++r) {
    rows(a.clusters.of_item[first.item_of_row[r]], b.clusters.of_item[second.item_of_row[r]]) +=
        row_weight.empty() ? 1.0 : row_weight[r];
  }
  const Annealed best =
      best_of(options, request.share.size(), seed, context, [&](std::size_t k, Rng& rng) {
        auto start = dealt(a, request, rng.next64() + k);
        const auto more = dealt(b, request, rng.next64() + k);
        start.insert(start.end(), more.begin(), more.end());
        return TwoSides(a, b, rows, request, std::move(start));
      });
  const auto middle = best.part.begin() + static_cast<std::ptrdiff_t>(a.clusters.count);
  PairParts parts;
  parts.first = spread(a.clusters, std::vector<std::size_t>(best.part.begin(), middle));
  parts.second = spread(b.clusters, std::vector<std::size_t>(middle, best.part.end()));
  const std::vector<std::vector<std::int32_t>> both{parts.first, parts.second};
  const std::vector<std::vector<std::uint32_t>> items{first.item_of_row, second.item_of_row};
  parts.rows = combine_parts(both, items);
  const ItemTraits traits{.weight = {row_weight.begin(), row_weight.end()}};
  check_shares(parts.rows.part, request, traits,
               fmt::format("no assignment of {} and {} clusters meets the sizes", a.clusters.count,
                           b.clusters.count),
               "ask for more clusters, fewer parts or a larger tolerance");
  parts.rows.facts = {{"leakage_first", scaled_leakage(*first.similarity, parts.first,
                                                       {.weight = first.weight}, context)},
                      {"leakage_second", scaled_leakage(*second.similarity, parts.second,
                                                        {.weight = second.weight}, context)}};
  return parts;
}

ItemParts combine_parts(std::span<const std::vector<std::int32_t>> part_of_item,
                        std::span<const std::vector<std::uint32_t>> item_of_row) {
  const std::size_t n_rows = item_of_row.front().size();
  ItemParts parts = all_in_parts(std::vector<std::int32_t>(n_rows, kNoPart));
  for (std::size_t r = 0; r < n_rows; ++r) {
    const auto side = [&](std::size_t e) { return part_of_item[e][item_of_row[e][r]]; };
    bool agree = true;
    bool known = true;
    for (std::size_t e = 0; e < part_of_item.size(); ++e) {
      agree = agree && side(e) == side(0);
      known = known && side(e) != kNoPart;
    }
    parts.part[r] = side(0);
    if (!known)
      leave_out_item(parts, r, "a_side_is_left_out");
    else if (!agree)
      leave_out_item(parts, r, "sides_in_different_parts");
  }
  return parts;
}

}  // namespace cupel

#include "split/separator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "split/item_clusters.hpp"

namespace cupel {
namespace {

constexpr int kMovePasses = 10;
constexpr int kReturnPasses = 30;
constexpr std::size_t kDeals = 8;  ///< of the groups of split_guaranteed

struct Edge {
  double weight = 0.0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

/// The graph above the threshold, with the items' weights.
struct Similar {
  std::vector<std::uint64_t> begin{0};
  std::vector<std::uint32_t> other;
  std::vector<double> weight;
  double total = 0.0;

  [[nodiscard]] std::size_t size() const noexcept { return weight.size(); }
  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t i) const noexcept {
    return {other.data() + begin[i], static_cast<std::size_t>(begin[i + 1] - begin[i])};
  }
};

Similar similar_items(const NeighbourGraph& graph, double threshold, const ItemTraits& traits) {
  Similar similar;
  for (std::size_t i = 0; i < graph.n_nodes(); ++i) {
    for (std::size_t k = 0; k < graph.degree(i); ++k) {
      if (graph.weight.empty() || graph.weights(i)[k] >= threshold) {
        similar.other.push_back(graph.neighbours(i)[k]);
      }
    }
    similar.begin.push_back(similar.other.size());
    similar.weight.push_back(traits.weight_of(i));
    similar.total += similar.weight.back();
  }
  return similar;
}

/// Groups of step 1.
ItemClusters linked_groups(const NeighbourGraph& graph, double threshold, const Similar& similar,
                           double cap) {
  std::vector<Edge> edges;
  for (std::uint32_t i = 0; i < graph.n_nodes(); ++i) {
    for (std::size_t k = 0; k < graph.degree(i); ++k) {
      const auto j = graph.neighbours(i)[k];
      const double weight = graph.weight.empty() ? 1.0 : graph.weights(i)[k];
      if (i < j && weight >= threshold) edges.push_back({weight, i, j});
    }
  }
  std::stable_sort(edges.begin(), edges.end(),
                   [](const Edge& a, const Edge& b) { return a.weight > b.weight; });
  std::vector<std::uint32_t> parent(graph.n_nodes());
  std::iota(parent.begin(), parent.end(), 0U);
  std::vector<double> weight = similar.weight;
  const auto find = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const auto& edge : edges) {
    const auto a = std::min(find(edge.a), find(edge.b));
    const auto b = std::max(find(edge.a), find(edge.b));
    if (a == b || weight[a] + weight[b] > cap) continue;
    parent[b] = a;
    weight[a] += weight[b];
  }
  ItemClusters groups;
  std::vector<std::uint32_t> number(graph.n_nodes(), 0);
  for (std::uint32_t i = 0; i < graph.n_nodes(); ++i) {
    const auto root = find(i);
    if (root == i) number[i] = static_cast<std::uint32_t>(groups.count++);
    groups.of_item.push_back(number[root]);
  }
  return groups;
}

/// Parts under change, with their weights and bounds.
class Parts {
 public:
  Parts(const Similar& similar, const PartRequest& request, std::vector<std::int32_t> part)
      : similar_(similar), request_(request), part_(std::move(part)), have_(request.share.size()) {
    for (std::size_t i = 0; i < part_.size(); ++i) {
      if (part_[i] == kNoPart) continue;
      have_[at(i)] += similar.weight[i];
      kept_ += similar.weight[i];
    }
  }

  /// Step 3.
  void move_to_neighbours() {
    for (int pass = 0; pass < kMovePasses; ++pass) {
      bool changed = false;
      for (std::size_t i = 0; i < part_.size(); ++i) {
        const auto weight = weight_by_part(i);
        std::size_t best = at(i);
        for (std::size_t p = 0; p < weight.size(); ++p) {
          if (weight[p] > weight[best] + 1e-12 && fits(p, similar_.weight[i])) best = p;
        }
        if (best == at(i) || !may_lose(at(i), similar_.weight[i])) continue;
        put(i, static_cast<std::int32_t>(best));
        changed = true;
      }
      if (!changed) return;
    }
  }

  /// Step 4: a greedy weighted vertex cover of the pairs across parts.
  void leave_out_crossing() {
    using Entry = std::pair<double, std::uint32_t>;  // crossing weight per own weight, item
    const auto score = [&](std::uint32_t i) { return crossing(i) / similar_.weight[i]; };
    const auto later = [](const Entry& a, const Entry& b) {
      return a.first != b.first ? a.first < b.first : a.second > b.second;
    };
    std::priority_queue<Entry, std::vector<Entry>, decltype(later)> queue(later);
    for (std::uint32_t i = 0; i < part_.size(); ++i) {
      if (part_[i] != kNoPart && score(i) > 0.0) queue.emplace(score(i), i);
    }
    while (!queue.empty()) {
      const auto [value, item] = queue.top();
      queue.pop();
      if (part_[item] == kNoPart) continue;
      const double now = score(item);
      if (now <= 0.0) continue;
      if (now < value) {
        queue.emplace(now, item);
        continue;
      }
      put(item, kNoPart);
    }
  }

  /// Step 5: an item comes back to a part if what must leave for it weighs no more than it does.
  void bring_back(Rng& rng) {
    for (int pass = 0; pass < kReturnPasses; ++pass) {
      std::vector<std::uint32_t> out;
      for (std::uint32_t i = 0; i < part_.size(); ++i) {
        if (part_[i] == kNoPart) out.push_back(i);
      }
      rng.shuffle(std::span(out));
      bool changed = false;
      for (const auto item : out) changed |= bring_back_one(item);
      if (!changed) return;
    }
  }

  [[nodiscard]] double left_out() const { return similar_.total - kept_; }
  [[nodiscard]] const std::vector<std::int32_t>& part() const { return part_; }

 private:
  [[nodiscard]] std::size_t at(std::size_t i) const { return static_cast<std::size_t>(part_[i]); }
  [[nodiscard]] bool fits(std::size_t p, double weight) const {
    return have_[p] + weight <= (request_.share[p] + request_.tolerance) * (kept_ + weight);
  }
  [[nodiscard]] bool may_lose(std::size_t p, double weight) const {
    return have_[p] - weight >= (request_.share[p] - request_.tolerance) * (kept_ - weight);
  }
  void put(std::size_t i, std::int32_t part) {
    if (part_[i] != kNoPart) have_[at(i)] -= similar_.weight[i];
    if (part_[i] != kNoPart) kept_ -= similar_.weight[i];
    part_[i] = part;
    if (part != kNoPart) have_[at(i)] += similar_.weight[i];
    if (part != kNoPart) kept_ += similar_.weight[i];
  }
  [[nodiscard]] std::vector<double> weight_by_part(std::size_t i) const {
    std::vector<double> weight(have_.size(), 0.0);
    for (const auto other : similar_.of(i)) {
      if (part_[other] != kNoPart) weight[at(other)] += similar_.weight[other];
    }
    return weight;
  }
  [[nodiscard]] double crossing(std::size_t i) const {
    double sum = 0.0;
    for (const auto other : similar_.of(i)) {
      if (part_[other] != kNoPart && part_[other] != part_[i]) sum += similar_.weight[other];
    }
    return sum;
  }
  bool bring_back_one(std::uint32_t item) {
    const auto weight = weight_by_part(item);
    const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
    const double own = similar_.weight[item];
    std::size_t best = 0;
    for (std::size_t p = 1; p < weight.size(); ++p) {
      const double lacks = have_[p] / request_.share[p] - have_[best] / request_.share[best];
      if (weight[p] > weight[best] + 1e-12 || (weight[p] >= weight[best] - 1e-12 && lacks < 0.0)) {
        best = p;
      }
    }
    const double lost = all - weight[best];
    if (lost > own + 1e-12 || !fits(best, own)) return false;
    for (std::size_t p = 0; p < weight.size() && lost > 0.0; ++p) {
      if (p != best && weight[p] > 0.0 && !may_lose(p, weight[p])) return false;
    }
    put(item, static_cast<std::int32_t>(best));
    for (const auto other : similar_.of(item)) {
      if (part_[other] != kNoPart && part_[other] != part_[item]) put(other, kNoPart);
    }
    return true;
  }

  const Similar& similar_;
  const PartRequest& request_;
  std::vector<std::int32_t> part_;
  std::vector<double> have_;
  double kept_ = 0.0;
};

struct Separated {
  std::vector<std::int32_t> part;
  double left_out = 0.0;
};

Separated separate(const Similar& similar, const PartRequest& request,
                   std::vector<std::int32_t> start, std::uint64_t seed, std::uint64_t number) {
  Rng rng(seed, "separator", number);
  Parts parts(similar, request, std::move(start));
  parts.move_to_neighbours();
  parts.leave_out_crossing();
  parts.bring_back(rng);
  return {parts.part(), parts.left_out()};
}

/// Parts grown breadth-first, the smallest part first, each until it has its share.
std::vector<std::int32_t> grow_parts(const Similar& similar, const PartRequest& request, Rng& rng) {
  const std::size_t n_parts = request.share.size();
  std::vector<std::size_t> order(n_parts);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return request.share[a] < request.share[b]; });
  std::vector<std::uint32_t> seeds(similar.size());
  std::iota(seeds.begin(), seeds.end(), 0U);
  rng.shuffle(std::span(seeds));
  std::vector<std::int32_t> part(similar.size(), static_cast<std::int32_t>(order.back()));
  std::vector<std::uint8_t> taken(similar.size(), 0);
  std::size_t next = 0;
  for (std::size_t k = 0; k + 1 < n_parts; ++k) {
    const double wanted = request.share[order[k]] * similar.total;
    double have = 0.0;
    std::queue<std::uint32_t> front;
    const auto take = [&](std::uint32_t item) {
      taken[item] = 1;
      part[item] = static_cast<std::int32_t>(order[k]);
      have += similar.weight[item];
      front.push(item);
    };
    while (have < wanted) {
      if (front.empty()) {
        while (next < seeds.size() && taken[seeds[next]] != 0) ++next;
        if (next == seeds.size()) break;
        take(seeds[next]);
        continue;
      }
      const auto item = front.front();
      front.pop();
      for (const auto other : similar.of(item)) {
        if (have < wanted && taken[other] == 0) take(other);
      }
    }
  }
  return part;
}

ItemParts finish(const Separated& best, const NeighbourGraph& graph, double threshold,
                 const Similar& similar, const PartRequest& request, const ItemTraits& traits,
                 const SeparatorOptions& options) {
  const double share = similar.total > 0.0 ? best.left_out / similar.total : 0.0;
  const std::string hint =
      "raise the threshold, or use the method `datasail`, which keeps all items and makes the leak "
      "small instead";
  if (share > options.max_left_out) {
    fail_input(
        fmt::format("{:.3g} % of the weight would have to be left out, more than {:.3g} %: {}",
                    100.0 * share, 100.0 * options.max_left_out,
                    explain_components(graph, threshold, request, traits)),
        {}, hint);
  }
  check_shares(best.part, request, traits, explain_components(graph, threshold, request, traits),
               hint);
  ItemParts parts = all_in_parts(best.part);
  for (std::size_t i = 0; i < parts.part.size(); ++i) {
    if (parts.part[i] == kNoPart) leave_out_item(parts, i, "similar_to_another_part");
  }
  parts.facts = {{"left_out_share", share}};
  return parts;
}

/// Of those that meet the sizes the one that leaves out least; else the one nearest to the sizes.
const Separated& best_of(const std::vector<Separated>& tries, const PartRequest& request,
                         const ItemTraits& traits) {
  const auto beyond = [&](const Separated& one) {
    const auto shares = part_shares(one.part, traits, request.share.size());
    double most = 0.0;
    for (std::size_t p = 0; p < shares.size(); ++p) {
      most = std::max(most, std::abs(shares[p] - request.share[p]) - request.tolerance);
    }
    return most;
  };
  return *std::min_element(tries.begin(), tries.end(), [&](const Separated& a, const Separated& b) {
    if (beyond(a) != beyond(b)) return beyond(a) < beyond(b);
    return a.left_out < b.left_out - 1e-9;
  });
}

std::vector<std::int32_t> linked_start(const NeighbourGraph& graph, double threshold,
                                       const Similar& similar, const PartRequest& request,
                                       const ItemTraits& traits, std::uint64_t seed) {
  const double cap = *std::max_element(request.share.begin(), request.share.end()) * similar.total;
  const ItemClusters groups = linked_groups(graph, threshold, similar, cap);
  return deal_groups_roughly(groups.of_item, groups.count, request, traits, seed);
}

}  // namespace

ItemParts split_guaranteed(const NeighbourGraph& graph, double threshold,
                           const PartRequest& request, const ItemTraits& traits,
                           const SeparatorOptions& options, std::uint64_t seed,
                           const Context& context) {
  const Similar similar = similar_items(graph, threshold, traits);
  std::vector<Separated> tries(kDeals);
  parallel_for(context, tries.size(), [&](std::size_t k) {
    auto start = linked_start(graph, threshold, similar, request, traits, seed + k);
    tries[k] = separate(similar, request, std::move(start), seed, k);
  });
  return finish(best_of(tries, request, traits), graph, threshold, similar, request, traits,
                options);
}

ItemParts split_hi(const NeighbourGraph& graph, double threshold, const PartRequest& request,
                   const ItemTraits& traits, const SeparatorOptions& options, std::uint64_t seed,
                   const Context& context) {
  const Similar similar = similar_items(graph, threshold, traits);
  std::vector<Separated> tries(options.starts + 1);
  parallel_for(context, tries.size(), [&](std::size_t k) {
    Rng rng(seed, "hi: start", k);
    auto start = k == 0 ? linked_start(graph, threshold, similar, request, traits, seed)
                        : grow_parts(similar, request, rng);
    tries[k] = separate(similar, request, std::move(start), seed, k);
  });
  return finish(best_of(tries, request, traits), graph, threshold, similar, request, traits,
                options);
}

}  // namespace cupel

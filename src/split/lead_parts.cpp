#include "split/lead_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "split/item_clusters.hpp"

namespace cupel {
namespace {

void check_two_parts(const PartRequest& request, const char* method) {
  if (request.share.size() == 2 && !request.are_folds) return;
  fail(ErrorKind::usage, fmt::format("the method {} makes a training and a test set only", method),
       {}, "leave --folds and --validation out");
}

double spread_of(std::span<const double> values) {
  if (values.size() < 2) return 0.0;
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double sum = 0.0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / n);
}

enum class State : std::uint8_t { free, test, centre, left_out };

struct Lo {
  const NeighbourGraph& graph;
  double threshold;
  std::span<const double> targets;
  std::vector<State> state;

  [[nodiscard]] std::vector<std::uint32_t> free_neighbours(std::size_t item) const {
    std::vector<std::uint32_t> found;
    for (std::size_t k = 0; k < graph.degree(item); ++k) {
      const auto other = graph.neighbours(item)[k];
      if (!graph.weight.empty() && graph.weights(item)[k] < threshold) continue;
      if (state[other] == State::free) found.push_back(other);
    }
    return found;
  }
  [[nodiscard]] bool is_cluster(std::span<const std::uint32_t> members, const LoOptions& options,
                                double min_spread) const {
    std::vector<double> values;
    for (const auto member : members) {
      if (std::isnan(targets[member])) return false;
      values.push_back(targets[member]);
    }
    return members.size() >= options.min_members && spread_of(values) >= min_spread;
  }
};

double overall_spread(std::span<const double> targets) {
  std::vector<double> known;
  for (const double value : targets) {
    if (!std::isnan(value)) known.push_back(value);
  }
  return spread_of(known);
}

/// How near a component is to all others.
struct Outside {
  double highest = -std::numeric_limits<double>::infinity();
  double sum = 0.0;
  std::uint64_t pairs = 0;
  double weight = 0.0;
  std::uint32_t first = 0;
};

std::vector<Outside> look_outside(const Similarity& similarity, const ItemClusters& groups,
                                  const ItemTraits& traits, const Context& context) {
  const std::size_t n = groups.of_item.size();
  std::vector<Outside> of_item(n);
  constexpr std::size_t kBlock = 16;
  parallel_for(context, (n + kBlock - 1) / kBlock, [&](std::size_t block) {
    std::vector<double> row(n);
    for (std::size_t i = block * kBlock; i < std::min((block + 1) * kBlock, n); ++i) {
      similarity.values({i, i + 1}, {0, n}, row);
      for (std::size_t j = 0; j < n; ++j) {
        if (groups.of_item[i] == groups.of_item[j]) continue;
        of_item[i].highest = std::max(of_item[i].highest, row[j]);
        of_item[i].sum += row[j];
        ++of_item[i].pairs;
      }
    }
  });
  std::vector<Outside> of_group(groups.count);
  for (std::size_t i = n; i-- > 0;) {
    Outside& group = of_group[groups.of_item[i]];
    group.highest = std::max(group.highest, of_item[i].highest);
    group.sum += of_item[i].sum;
    group.pairs += of_item[i].pairs;
    group.weight += traits.weight_of(i);
    group.first = static_cast<std::uint32_t>(i);
  }
  return of_group;
}

}  // namespace

ItemParts split_lo(const NeighbourGraph& graph, double threshold, std::span<const double> targets,
                   const PartRequest& request, const ItemTraits& traits, const LoOptions& options) {
  check_two_parts(request, "lo");
  const std::size_t n = graph.n_nodes();
  Lo lo{graph, threshold, targets, std::vector<State>(n, State::free)};
  const double min_spread =
      std::isnan(options.min_spread) ? 0.5 * overall_spread(targets) : options.min_spread;
  double all = 0.0;
  for (std::size_t i = 0; i < n; ++i) all += traits.weight_of(i);
  ItemParts parts = all_in_parts(std::vector<std::int32_t>(n, 0));
  parts.group.assign(n, -1);
  double have = 0.0;
  std::int32_t n_clusters = 0;
  while (have < request.share[1] * all) {
    std::vector<std::uint32_t> best;
    std::size_t centre = n;
    for (std::size_t i = 0; i < n; ++i) {
      if (lo.state[i] != State::free) continue;
      const auto members = lo.free_neighbours(i);
      double weight = 0.0;
      for (const auto member : members) weight += traits.weight_of(member);
      if (members.size() <= best.size() || !lo.is_cluster(members, options, min_spread) ||
          have + weight > (request.share[1] + request.tolerance) * all) {
        continue;
      }
      best = members;
      centre = i;
    }
    if (centre == n) break;
    lo.state[centre] = State::centre;
    parts.group[centre] = n_clusters;
    for (const auto member : best) {
      lo.state[member] = State::test;
      parts.part[member] = 1;
      parts.group[member] = n_clusters;
      have += traits.weight_of(member);
    }
    for (const auto member : best) {
      for (const auto other : lo.free_neighbours(member)) {
        lo.state[other] = State::left_out;
        leave_out_item(parts, other, "similar_to_a_test_cluster");
      }
    }
    ++n_clusters;
  }
  parts.facts = {{"clusters", n_clusters}, {"min_spread", min_spread}};
  check_shares(parts.part, request, traits,
               fmt::format("only {} clusters of at least {} items at similarity {} have targets "
                           "that spread by {:.3g}",
                           n_clusters, options.min_members, threshold, min_spread),
               "lower the threshold or the least spread, or ask for a smaller test share");
  return parts;
}

ItemParts split_focused(const Similarity& similarity, const NeighbourGraph& graph, double threshold,
                        const PartRequest& request, const ItemTraits& traits,
                        const Context& context) {
  check_two_parts(request, "focused");
  const ItemClusters groups = component_clusters(graph, threshold);
  const auto outside = look_outside(similarity, groups, traits, context);
  double all = 0.0;
  for (const auto& group : outside) all += group.weight;
  std::vector<std::uint32_t> order(groups.count);
  std::iota(order.begin(), order.end(), 0U);
  const auto key = [&](std::uint32_t g) {
    const Outside& o = outside[g];
    const double mean = o.pairs > 0 ? o.sum / static_cast<double>(o.pairs) : 0.0;
    return std::tuple(-o.highest, -mean, o.weight, o.first);
  };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b); });
  std::vector<std::int32_t> part_of_group(groups.count, 0);
  double have = 0.0;
  for (const auto group : order) {
    if (have >= request.share[1] * all) break;
    if (have + outside[group].weight > (request.share[1] + request.tolerance) * all) continue;
    part_of_group[group] = 1;
    have += outside[group].weight;
  }
  std::vector<std::int32_t> part;
  for (const auto group : groups.of_item) part.push_back(part_of_group[group]);
  check_shares(part, request, traits, explain_components(graph, threshold, request, traits),
               "raise the threshold, or use the method `guaranteed`");
  ItemParts parts = all_in_parts(std::move(part));
  parts.group.assign(groups.of_item.begin(), groups.of_item.end());
  parts.facts = {{"groups", static_cast<double>(groups.count)}};
  return parts;
}

}  // namespace cupel

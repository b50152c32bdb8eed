#include "split/scaffold_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "cupel/error.hpp"
#include "split/python_random.hpp"

namespace cupel {
namespace {

using Numbers = std::vector<std::uint32_t>;

std::vector<double> weights_of(std::span<const std::uint32_t> group_of_item, std::size_t n_groups,
                               const ItemTraits& traits) {
  std::vector<double> weight(n_groups, 0.0);
  for (std::size_t i = 0; i < group_of_item.size(); ++i) {
    weight[group_of_item[i]] += traits.weight_of(i);
  }
  return weight;
}

/// Share of the weight of training and of validation (0 without that part).
struct Limits {
  double train = 0.0;
  double validation = 0.0;
  double test = 0.0;
  std::int32_t test_part = 1;
};

Limits limits_of(const PartRequest& request, std::span<const double> weight) {
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  const auto& share = request.share;
  const bool has_validation = share.size() == 3;
  // A share such as 1 - 0.1 - 0.1 is a little below the 0.8 that is meant: a group that fits
  // exactly must not fail on the last bit.
  constexpr double kSlack = 1e-9;
  return {.train = share.front() * all + kSlack,
          .validation = has_validation ? share[1] * all + kSlack : 0.0,
          .test = share.back() * all,
          .test_part = has_validation ? 2 : 1};
}

ItemParts parts_of(std::span<const std::uint32_t> group_of_item,
                   std::span<const std::int32_t> part_of_group) {
  std::vector<std::int32_t> part;
  part.reserve(group_of_item.size());
  for (const auto group : group_of_item) part.push_back(part_of_group[group]);
  ItemParts parts = all_in_parts(std::move(part));
  parts.group.assign(group_of_item.begin(), group_of_item.end());
  parts.facts = {{"groups", static_cast<double>(part_of_group.size())}};
  return parts;
}

/// Falling weight; ties by `first_met_first`, else the other way round.
Numbers by_falling_weight(std::span<const double> weight, bool first_met_first) {
  Numbers order(weight.size());
  std::iota(order.begin(), order.end(), 0U);
  if (!first_met_first) std::reverse(order.begin(), order.end());
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return weight[a] > weight[b]; });
  return order;
}

}  // namespace

ItemParts split_scaffold(std::span<const std::uint32_t> group_of_item, std::size_t n_groups,
                         const PartRequest& request, const ItemTraits& traits) {
  const auto weight = weights_of(group_of_item, n_groups, traits);
  const Limits limits = limits_of(request, weight);
  std::vector<std::int32_t> part(n_groups, 0);
  double train = 0.0;
  double validation = 0.0;
  for (const auto group : by_falling_weight(weight, false)) {
    if (train + weight[group] <= limits.train) {
      train += weight[group];
    } else if (limits.test_part == 2 &&
               train + validation + weight[group] <= limits.train + limits.validation) {
      validation += weight[group];
      part[group] = 1;
    } else {
      part[group] = limits.test_part;
    }
  }
  return parts_of(group_of_item, part);
}

ItemParts split_scaffold_balanced(std::span<const std::uint32_t> group_of_item,
                                  std::size_t n_groups, const PartRequest& request,
                                  const ItemTraits& traits, std::uint64_t seed) {
  const auto weight = weights_of(group_of_item, n_groups, traits);
  const Limits limits = limits_of(request, weight);
  Numbers big;
  Numbers small;
  for (std::uint32_t group = 0; group < n_groups; ++group) {
    const bool is_big = weight[group] > limits.test / 2.0 ||
                        (limits.test_part == 2 && weight[group] > limits.validation / 2.0);
    (is_big ? big : small).push_back(group);
  }
  PythonRandom random(static_cast<std::uint32_t>(seed));
  random.shuffle(std::span(big));
  random.shuffle(std::span(small));
  std::vector<std::int32_t> part(n_groups, 0);
  double train = 0.0;
  double validation = 0.0;
  big.insert(big.end(), small.begin(), small.end());
  for (const auto group : big) {
    if (train + weight[group] <= limits.train) {
      train += weight[group];
    } else if (limits.test_part == 2 && validation + weight[group] <= limits.validation) {
      validation += weight[group];
      part[group] = 1;
    } else {
      part[group] = limits.test_part;
    }
  }
  return parts_of(group_of_item, part);
}

ItemParts split_largest_group(std::span<const std::uint32_t> group_of_item, std::size_t n_groups,
                              const ItemTraits& traits, std::size_t rank) {
  if (rank >= n_groups) {
    fail_input(fmt::format("there are {} groups, so none is number {}", n_groups, rank + 1), {},
               "ask for fewer repeats: each takes the next largest group as its test set");
  }
  const auto weight = weights_of(group_of_item, n_groups, traits);
  std::vector<std::int32_t> part(n_groups, 0);
  part[by_falling_weight(weight, true)[rank]] = 1;
  return parts_of(group_of_item, part);
}

}  // namespace cupel

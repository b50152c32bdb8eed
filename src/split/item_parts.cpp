#include "split/item_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

/// Weight per label class and, in the last column, in all.
struct GroupTable {
  std::size_t n_columns = 1;
  std::vector<double> cell;   ///< groups x columns
  std::vector<double> total;  ///< per column

  [[nodiscard]] std::span<const double> row(std::size_t group) const {
    return {cell.data() + group * n_columns, n_columns};
  }
  [[nodiscard]] double weight(std::size_t group) const { return row(group).back(); }
};

GroupTable tabulate(std::span<const std::uint32_t> group_of_item, std::size_t n_groups,
                    const ItemTraits& traits) {
  GroupTable table;
  if (!traits.label.empty()) {
    table.n_columns += *std::max_element(traits.label.begin(), traits.label.end()) + std::size_t{1};
  }
  table.cell.assign(n_groups * table.n_columns, 0.0);
  table.total.assign(table.n_columns, 0.0);
  for (std::size_t i = 0; i < group_of_item.size(); ++i) {
    const std::size_t first = group_of_item[i] * table.n_columns;
    const double weight = traits.weight_of(i);
    const auto add = [&](std::size_t column) {
      table.cell[first + column] += weight;
      table.total[column] += weight;
    };
    if (!traits.label.empty()) add(traits.label[i]);
    add(table.n_columns - 1);
  }
  return table;
}

/// The sum over parts and columns of (have - wanted)^2 / total, the whole weight counting as much
/// as all labels together.
class Deal {
 public:
  Deal(const GroupTable& table, const PartRequest& request)
      : table_(table), share_(request.share), have_(share_.size() * table.n_columns, 0.0) {}

  /// Change of the cost when `group` enters (sign 1) or leaves (-1) a part.
  [[nodiscard]] double change(std::size_t group, std::size_t part, double sign) const {
    double sum = 0.0;
    const std::size_t n = table_.n_columns;
    const auto row = table_.row(group);
    for (std::size_t c = 0; c < n; ++c) {
      if (row[c] == 0.0) continue;
      const double off = have_[part * n + c] - share_[part] * table_.total[c];
      const double scale = c + 1 == n ? static_cast<double>(n) : 1.0;
      sum += scale * (row[c] * row[c] + sign * 2.0 * off * row[c]) / table_.total[c];
    }
    return sum;
  }
  void put(std::size_t group, std::size_t part, double sign = 1.0) {
    const auto row = table_.row(group);
    for (std::size_t c = 0; c < row.size(); ++c) have_[part * row.size() + c] += sign * row[c];
  }
  /// The part that lacks most of its share, for the first look at a group.
  [[nodiscard]] std::size_t best_part(std::size_t group) const {
    std::size_t best = 0;
    for (std::size_t p = 1; p < share_.size(); ++p) {
      if (change(group, p, 1.0) < change(group, best, 1.0) - 1e-12) best = p;
    }
    return best;
  }

 private:
  const GroupTable& table_;
  std::vector<double> share_;
  std::vector<double> have_;  ///< parts x columns
};

/// Moves single groups and swaps pairs while the cost falls.
void improve(std::vector<std::int32_t>& part, Deal& deal, std::size_t n_parts, Rng& rng) {
  constexpr int kPasses = 10;
  const std::size_t n = part.size();
  const auto at = [&](std::size_t group) { return static_cast<std::size_t>(part[group]); };
  const auto move = [&](std::size_t group, std::size_t to) {
    deal.put(group, at(group), -1.0);
    deal.put(group, to);
    part[group] = static_cast<std::int32_t>(to);
  };
  for (int pass = 0; pass < kPasses; ++pass) {
    bool changed = false;
    for (std::size_t g = 0; g < n; ++g) {
      for (std::size_t p = 0; p < n_parts; ++p) {
        if (p == at(g)) continue;
        if (deal.change(g, at(g), -1.0) + deal.change(g, p, 1.0) < -1e-9) {
          move(g, p);
          changed = true;
        }
      }
      const std::size_t other = rng.below(static_cast<std::uint32_t>(n));
      const std::size_t from = at(g);
      const std::size_t to = at(other);
      if (from == to) continue;
      double gain = deal.change(g, from, -1.0) + deal.change(g, to, 1.0);
      move(g, to);
      gain += deal.change(other, to, -1.0) + deal.change(other, from, 1.0);
      if (gain < -1e-9) {
        move(other, from);
        changed = true;
      } else {
        move(g, from);
      }
    }
    if (!changed) return;
  }
}

}  // namespace

PartRequest fold_request(std::uint32_t folds) {
  if (folds < 2) {
    fail_input("a split needs at least two folds", {.value = std::to_string(folds)}, "5 is usual");
  }
  return {.share = std::vector<double>(folds, 1.0 / folds), .are_folds = true};
}

PartRequest role_request(double test, double validation) {
  if (!(test > 0.0) || !(validation >= 0.0) || !(test + validation < 1.0)) {
    fail_input("the shares of test and validation must leave something to train on",
               {.value = fmt::format("{} and {}", test, validation)},
               "for example test 0.2, validation 0.1");
  }
  PartRequest request{.share = {1.0 - test - validation, validation, test}};
  if (validation == 0.0) request.share.erase(request.share.begin() + 1);
  return request;
}

ItemParts all_in_parts(std::vector<std::int32_t> part) {
  ItemParts parts{.part = std::move(part)};
  parts.reason.assign(parts.part.size(), 0);
  return parts;
}

void leave_out_item(ItemParts& parts, std::size_t item, const std::string& reason) {
  auto place = std::find(parts.reasons.begin(), parts.reasons.end(), reason);
  if (place == parts.reasons.end()) place = parts.reasons.insert(place, reason);
  parts.part[item] = kNoPart;
  parts.reason[item] = static_cast<std::uint8_t>(place - parts.reasons.begin());
}

std::vector<double> part_shares(std::span<const std::int32_t> part, const ItemTraits& traits,
                                std::size_t n_parts) {
  std::vector<double> weight(n_parts, 0.0);
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != kNoPart) weight[static_cast<std::size_t>(part[i])] += traits.weight_of(i);
  }
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  for (auto& one : weight) one = all > 0.0 ? one / all : 0.0;
  return weight;
}

std::vector<std::int32_t> deal_groups_roughly(std::span<const std::uint32_t> group_of_item,
                                              std::size_t n_groups, const PartRequest& request,
                                              const ItemTraits& traits, std::uint64_t seed) {
  const GroupTable table = tabulate(group_of_item, n_groups, traits);
  Rng rng(seed, "deal groups");
  std::vector<std::uint32_t> order(n_groups);
  std::iota(order.begin(), order.end(), 0U);
  rng.shuffle(std::span(order));
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return table.weight(a) > table.weight(b); });
  Deal deal(table, request);
  std::vector<std::int32_t> part_of_group(n_groups, 0);
  for (const auto group : order) {
    const std::size_t part = deal.best_part(group);
    deal.put(group, part);
    part_of_group[group] = static_cast<std::int32_t>(part);
  }
  if (n_groups > 0) improve(part_of_group, deal, request.share.size(), rng);
  std::vector<std::int32_t> part;
  part.reserve(group_of_item.size());
  for (const auto group : group_of_item) part.push_back(part_of_group[group]);
  return part;
}

void check_shares(std::span<const std::int32_t> part, const PartRequest& request,
                  const ItemTraits& traits, const std::string& why, const std::string& hint) {
  const auto shares = part_shares(part, traits, request.share.size());
  double all = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == kNoPart) continue;
    all += traits.weight_of(i);
    largest = std::max(largest, traits.weight_of(i));
  }
  const double tolerance = std::max(request.tolerance, all > 0.0 ? largest / all : 0.0) + 1e-9;
  for (std::size_t p = 0; p < shares.size(); ++p) {
    if (shares[p] > 0.0 && std::abs(shares[p] - request.share[p]) <= tolerance) continue;
    std::string name = "fold " + std::to_string(p);
    if (!request.are_folds)
      name = p == 0 ? "training" : p + 1 == shares.size() ? "test" : "validation";
    fail_input(
        fmt::format("{} would get {:.3g} % of the weight instead of {:.3g} % (+- {:.3g} %): {}",
                    name, 100.0 * shares[p], 100.0 * request.share[p], 100.0 * request.tolerance,
                    why),
        {}, hint);
  }
}

std::vector<std::int32_t> deal_groups(std::span<const std::uint32_t> group_of_item,
                                      std::size_t n_groups, const PartRequest& request,
                                      const ItemTraits& traits, std::uint64_t seed) {
  auto part = deal_groups_roughly(group_of_item, n_groups, request, traits, seed);
  const GroupTable table = tabulate(group_of_item, n_groups, traits);
  double heaviest = 0.0;
  for (std::size_t g = 0; g < n_groups; ++g) heaviest = std::max(heaviest, table.weight(g));
  check_shares(part, request, traits,
               fmt::format("the heaviest of {} groups holds {:.3g} % and may not be cut", n_groups,
                           100.0 * heaviest / table.total.back()),
               "ask for other shares, fewer folds or a larger tolerance, or make smaller groups");
  return part;
}

ItemParts split_random(std::size_t n_items, const PartRequest& request, const ItemTraits& traits,
                       std::uint64_t seed) {
  std::vector<std::uint32_t> each(n_items);
  std::iota(each.begin(), each.end(), 0U);
  return all_in_parts(deal_groups(each, n_items, request, traits, seed));
}

double max_across_parts(const Similarity& similarity, std::span<const std::int32_t> part,
                        const Context& context) {
  const std::size_t n = part.size();
  constexpr std::size_t kBlock = 16;
  std::vector<double> best((n + kBlock - 1) / kBlock, -std::numeric_limits<double>::infinity());
  parallel_for(context, best.size(), [&](std::size_t block) {
    std::vector<double> row(n);
    for (std::size_t i = block * kBlock; i < std::min((block + 1) * kBlock, n); ++i) {
      if (part[i] == kNoPart) continue;
      similarity.values({i, i + 1}, {0, n}, row);
      for (std::size_t j = 0; j < n; ++j) {
        if (part[j] != kNoPart && part[j] != part[i]) best[block] = std::max(best[block], row[j]);
      }
    }
  });
  return best.empty() ? -std::numeric_limits<double>::infinity()
                      : *std::max_element(best.begin(), best.end());
}

}  // namespace cupel

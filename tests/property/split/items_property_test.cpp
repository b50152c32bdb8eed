// What every splitter of items promises, checked by brute force over random items.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "../../unit/split/items.hpp"
#include "cupel/error.hpp"
#include "split/item_clusters.hpp"
#include "split/item_methods.hpp"
#include "split/least_leakage.hpp"
#include "split/ordered_parts.hpp"
#include "split/scaffold_parts.hpp"

namespace cupel {
namespace {

struct Case {
  test::TableSimilarity similarity{0, 0, true};
  Matrix<double> vectors;
  ItemSplitInput input;
};

PartRequest draw_request() {
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return fold_request(*rc::gen::inRange(2U, 5U));
    case 1:
      return role_request(*rc::gen::element(0.1, 0.2, 0.4), 0.0);
    default:
      return role_request(0.2, *rc::gen::element(0.1, 0.2));
  }
}

Case draw_case() {
  Case made;
  const auto n = *rc::gen::inRange<std::size_t>(6, 60);
  made.input.seed = *rc::gen::arbitrary<std::uint64_t>();
  made.similarity = test::grouped_similarity(n, *rc::gen::inRange<std::size_t>(1, 15),
                                             *rc::gen::element(0.02, 0.1, 0.4), made.input.seed);
  made.input.n_items = n;
  made.input.request = draw_request();
  made.input.request.tolerance = *rc::gen::element(0.05, 0.15);
  made.input.options.threshold = *rc::gen::element(0.3, 0.6, 0.85, 0.95);
  made.input.options.starts = 3;
  made.input.options.n_clusters = *rc::gen::element(0U, 8U, 20U);
  made.input.options.min_members = 2;
  Rng rng(made.input.seed, "traits");
  const bool weighted = *rc::gen::arbitrary<bool>();
  const bool labelled = *rc::gen::arbitrary<bool>();
  made.vectors = Matrix<double>(n, 3);
  made.input.labels = Matrix<double>(n, 3);
  for (std::size_t i = 0; i < n; ++i) {
    if (weighted) made.input.traits.weight.push_back(1.0 + rng.below(5));
    if (labelled) made.input.traits.label.push_back(rng.below(3));
    made.input.values.push_back(rng.below(9) == 0 ? std::nan("") : std::round(20 * rng.uniform()));
    made.input.targets.push_back(rng.below(15) == 0 ? std::nan("") : rng.normal());
    made.input.group.push_back(rng.below(static_cast<std::uint32_t>(n / 2)));
    for (std::size_t j = 0; j < 3; ++j) {
      made.vectors(i, j) = rng.normal();
      made.input.labels(i, j) = rng.below(4) == 0 ? 1.0 : 0.0;
    }
  }
  return made;
}

/// The parts, or nothing where the request is refused with a reason.
std::optional<ItemParts> parts_of(Case& made, const ItemMethod& method, unsigned n_threads = 1) {
  made.input.similarity = &made.similarity;
  made.input.vectors = &made.vectors;
  try {
    return split_items(method, made.input, {.n_threads = n_threads});
  } catch (const Error& error) {
    RC_ASSERT(error.kind() == ErrorKind::input || error.kind() == ErrorKind::usage);
    return std::nullopt;
  }
}

double highest_across(const Case& made, const ItemParts& parts) {
  double highest = -1.0;
  for (std::size_t i = 0; i < parts.part.size(); ++i) {
    for (std::size_t j = 0; j < parts.part.size(); ++j) {
      if (parts.part[i] == kNoPart || parts.part[j] == kNoPart || parts.part[i] == parts.part[j]) {
        continue;
      }
      highest = std::max(highest, made.similarity.get(i, j));
    }
  }
  return highest;
}

bool leaves_out(const std::string& method) {
  return method == "guaranteed" || method == "hi" || method == "lo" || method == "sorted";
}

void check_sizes(const Case& made, const ItemParts& parts) {
  const auto& request = made.input.request;
  std::vector<double> weight(request.share.size(), 0.0);
  double all = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < parts.part.size(); ++i) {
    if (parts.part[i] == kNoPart) continue;
    weight[static_cast<std::size_t>(parts.part[i])] += made.input.traits.weight_of(i);
    all += made.input.traits.weight_of(i);
    largest = std::max(largest, made.input.traits.weight_of(i));
  }
  for (std::size_t p = 0; p < weight.size(); ++p) {
    RC_ASSERT(weight[p] > 0.0);
    RC_ASSERT(std::abs(weight[p] / all - request.share[p]) <=
              std::max(request.tolerance, largest / all) + 1e-6);
  }
}

RC_GTEST_PROP(ItemSplits, SizesAccountingAndThreads, ()) {
  Case made = draw_case();
  for (const auto& method : item_methods()) {
    const auto parts = parts_of(made, method);
    if (!parts) continue;
    RC_TAG(method.name);
    RC_ASSERT(parts->part.size() == made.input.n_items);
    for (std::size_t i = 0; i < parts->part.size(); ++i) {
      RC_ASSERT(parts->part[i] >= kNoPart);
      RC_ASSERT(parts->part[i] < static_cast<std::int32_t>(made.input.request.share.size()));
      RC_ASSERT((parts->part[i] == kNoPart) == (parts->reason[i] != 0));
      RC_ASSERT(parts->reason[i] < parts->reasons.size());
      if (!leaves_out(method.name)) RC_ASSERT(parts->part[i] != kNoPart);
    }
    check_sizes(made, *parts);
    const auto again = parts_of(made, method, 3);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->part == parts->part);
  }
}

RC_GTEST_PROP(ItemSplits, NoSimilarPairAcrossParts, ()) {
  Case made = draw_case();
  for (const char* name : {"components", "guaranteed", "hi", "focused"}) {
    const auto parts = parts_of(made, *find_item_method(name));
    if (!parts) continue;
    RC_TAG(std::string(name));
    RC_ASSERT(highest_across(made, *parts) < made.input.options.threshold);
    RC_ASSERT(max_across_parts(made.similarity, parts->part, {}) == highest_across(made, *parts) ||
              highest_across(made, *parts) == -1.0);
  }
}

RC_GTEST_PROP(ItemSplits, GroupsAreNotCut, ()) {
  Case made = draw_case();
  for (const char* name : {"components", "butina", "kmeans", "datasail", "focused", "groups",
                           "scaffold", "scaffold_balanced"}) {
    const auto parts = parts_of(made, *find_item_method(name));
    if (!parts) continue;
    RC_ASSERT(parts->group.size() == parts->part.size());
    std::map<std::int32_t, std::int32_t> part_of_group;
    for (std::size_t i = 0; i < parts->part.size(); ++i) {
      RC_ASSERT(part_of_group.emplace(parts->group[i], parts->part[i]).first->second ==
                parts->part[i]);
    }
  }
}

RC_GTEST_PROP(ItemSplits, LoHasExactlyOneTrainingNeighbour, ()) {
  Case made = draw_case();
  made.input.request = role_request(0.2, 0.0);
  made.input.request.tolerance = 0.2;
  made.input.options.min_spread = 0.0;
  const auto parts = parts_of(made, *find_item_method("lo"));
  if (!parts) RC_DISCARD("refused");
  for (std::size_t i = 0; i < parts->part.size(); ++i) {
    if (parts->part[i] != 1) continue;
    std::size_t n_near = 0;
    for (std::size_t j = 0; j < parts->part.size(); ++j) {
      if (parts->part[j] != 0 || made.similarity.get(i, j) < made.input.options.threshold) continue;
      ++n_near;
      RC_ASSERT(parts->group[j] == parts->group[i]);
    }
    RC_ASSERT(n_near == 1);
    RC_ASSERT(!std::isnan(made.input.targets[i]));
  }
}

RC_GTEST_PROP(ItemSplits, SortedKeepsTheOrder, ()) {
  Case made = draw_case();
  const auto parts = parts_of(made, *find_item_method("sorted"));
  if (!parts) RC_DISCARD("refused");
  for (std::size_t i = 0; i < parts->part.size(); ++i) {
    RC_ASSERT(std::isnan(made.input.values[i]) == (parts->part[i] == kNoPart));
    for (std::size_t j = 0; j < parts->part.size(); ++j) {
      if (parts->part[i] < parts->part[j] && parts->part[i] != kNoPart) {
        RC_ASSERT(made.input.values[i] < made.input.values[j]);
      }
    }
  }
}

RC_GTEST_PROP(ItemSplits, LabelsAreSpread, ()) {
  Case made = draw_case();
  const auto n = made.input.n_items;
  made.input.traits.weight.clear();
  made.input.traits.label.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) made.input.traits.label[i] = i % 3 == 0 ? 1U : 0U;
  const auto parts = parts_of(made, *find_item_method("random"));
  if (!parts) RC_DISCARD("refused");
  std::vector<double> have(made.input.request.share.size(), 0.0);
  double all = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    have[static_cast<std::size_t>(parts->part[i])] += made.input.traits.label[i];
    all += made.input.traits.label[i];
  }
  for (std::size_t p = 0; p < have.size(); ++p) {
    RC_ASSERT(std::abs(have[p] - made.input.request.share[p] * all) <= 1.5);
  }
}

RC_GTEST_PROP(ItemSplits, MultilabelSpreadsEveryLabel, ()) {
  Case made = draw_case();
  const auto parts = parts_of(made, *find_item_method("multilabel"));
  if (!parts) RC_DISCARD("refused");
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<double> have(made.input.request.share.size(), 0.0);
    double all = 0.0;
    for (std::size_t i = 0; i < made.input.n_items; ++i) {
      have[static_cast<std::size_t>(parts->part[i])] += made.input.labels(i, c);
      all += made.input.labels(i, c);
    }
    for (std::size_t p = 0; p < have.size(); ++p) {
      RC_ASSERT(std::abs(have[p] - made.input.request.share[p] * all) <= 3.0);
    }
  }
}

RC_GTEST_PROP(ItemClusters, ButinaMembersAreNearTheirCentre, ()) {
  Case made = draw_case();
  const double t = made.input.options.threshold;
  const auto graph = build_graph(made.similarity, t, {});
  const auto clusters = butina_clusters(graph, t);
  for (std::uint32_t c = 0; c < clusters.count; ++c) {
    // Some member is a centre: all others are within the threshold of it.
    bool has_centre = false;
    for (std::size_t i = 0; i < made.input.n_items && !has_centre; ++i) {
      if (clusters.of_item[i] != c) continue;
      has_centre = true;
      for (std::size_t j = 0; j < made.input.n_items; ++j) {
        if (clusters.of_item[j] == c && j != i && made.similarity.get(i, j) < t) has_centre = false;
      }
    }
    RC_ASSERT(has_centre);
  }
}

/// Average linkage as in the textbook: always join the two clusters of highest mean similarity.
std::vector<std::size_t> plain_linkage(const Case& made, std::size_t wanted) {
  const auto n = made.input.n_items;
  std::vector<std::size_t> of_item(n);
  std::iota(of_item.begin(), of_item.end(), std::size_t{0});
  for (std::size_t left = n; left > wanted; --left) {
    std::map<std::pair<std::size_t, std::size_t>, std::pair<double, double>> mean;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (of_item[i] >= of_item[j]) continue;
        auto& [sum, weight] = mean[{of_item[i], of_item[j]}];
        const double w = made.input.traits.weight_of(i) * made.input.traits.weight_of(j);
        sum += w * made.similarity.get(i, j);
        weight += w;
      }
    }
    auto best = mean.begin();
    for (auto it = mean.begin(); it != mean.end(); ++it) {
      if (it->second.first / it->second.second > best->second.first / best->second.second)
        best = it;
    }
    for (auto& one : of_item) {
      if (one == best->first.second) one = best->first.first;
    }
  }
  return of_item;
}

RC_GTEST_PROP(ItemClusters, AverageLinkageIsThatOfTheTextbook, ()) {
  Case made = draw_case();
  // Without ties, so that there is one answer.
  Rng rng(made.input.seed, "no ties");
  for (std::size_t i = 0; i < made.input.n_items; ++i) {
    for (std::size_t j = i + 1; j < made.input.n_items; ++j) {
      made.similarity.set(i, j, made.similarity.get(i, j) + 1e-3 * rng.uniform());
    }
  }
  const auto wanted = *rc::gen::inRange<std::size_t>(1, made.input.n_items);
  const auto plain = plain_linkage(made, wanted);
  const auto linked =
      average_linkage(tabulate_similarity(made.similarity, {}), made.input.traits, wanted, 1e9);
  RC_ASSERT(linked.clusters.count == wanted);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    for (std::size_t j = 0; j < plain.size(); ++j) {
      RC_ASSERT((plain[i] == plain[j]) ==
                (linked.clusters.of_item[i] == linked.clusters.of_item[j]));
    }
  }
}

RC_GTEST_PROP(LeastLeakage, IsThatOfTheItems, ()) {
  Case made = draw_case();
  const auto parts = parts_of(made, *find_item_method("datasail"));
  if (!parts) RC_DISCARD("refused");
  double across = 0.0;
  double all = 0.0;
  for (std::size_t i = 0; i < made.input.n_items; ++i) {
    for (std::size_t j = 0; j < made.input.n_items; ++j) {
      const double term = made.input.traits.weight_of(i) * made.input.traits.weight_of(j) *
                          made.similarity.get(i, j);
      all += term;
      if (parts->part[i] != parts->part[j]) across += term;
    }
  }
  RC_ASSERT(std::abs(parts->facts[1].second - across / all) < 1e-9);
}

RC_GTEST_PROP(LeastLeakage, PairsAgreeOnBothSides, ()) {
  Case made = draw_case();
  const auto n_first = made.input.n_items;
  const auto second = test::grouped_similarity(12, 5, 0.1, made.input.seed + 1);
  Rng rng(made.input.seed, "rows");
  PairSide a{.similarity = &made.similarity};
  PairSide b{.similarity = &second};
  std::vector<double> weight;
  for (std::size_t r = 0; r < 4 * n_first; ++r) {
    a.item_of_row.push_back(rng.below(static_cast<std::uint32_t>(n_first)));
    b.item_of_row.push_back(rng.below(12));
    weight.push_back(1.0 + rng.below(3));
  }
  made.input.request.tolerance = 0.15;
  try {
    const auto parts = split_pairs_least_leakage(a, b, weight, made.input.request, {.starts = 2},
                                                 made.input.seed, {});
    for (std::size_t r = 0; r < weight.size(); ++r) {
      const auto first = parts.first[a.item_of_row[r]];
      const auto other = parts.second[b.item_of_row[r]];
      RC_ASSERT(parts.rows.part[r] == (first == other ? first : kNoPart));
      RC_ASSERT((parts.rows.part[r] == kNoPart) == (parts.rows.reason[r] != 0));
    }
    const auto shares =
        part_shares(parts.rows.part, {.weight = weight}, made.input.request.share.size());
    for (std::size_t p = 0; p < shares.size(); ++p) {
      RC_ASSERT(std::abs(shares[p] - made.input.request.share[p]) <= 0.15 + 0.1);
    }
  } catch (const Error& error) {
    RC_ASSERT(error.kind() == ErrorKind::input);
  }
}

RC_GTEST_PROP(ScaffoldParts, FillTrainingAsFarAsWholeGroupsGo, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(3, 200);
  const auto groups = first_met(*rc::gen::container<std::vector<std::uint32_t>>(
      n, rc::gen::inRange(0U, *rc::gen::inRange(1U, 60U))));
  const PartRequest request = role_request(0.2, *rc::gen::element(0.0, 0.1));
  const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
  std::vector<std::size_t> size(groups.count, 0);
  for (const auto group : groups.of_item) ++size[group];
  for (const auto& parts :
       {split_scaffold(groups.of_item, groups.count, request, {}),
        split_scaffold_balanced(groups.of_item, groups.count, request, {}, seed)}) {
    const auto n_train = std::count(parts.part.begin(), parts.part.end(), 0);
    RC_ASSERT(static_cast<double>(n_train) <= request.share[0] * static_cast<double>(n) + 1e-6);
    // No group outside training would still fit.
    for (std::size_t i = 0; i < n; ++i) {
      if (parts.part[i] == 0) continue;
      RC_ASSERT(static_cast<double>(n_train) + static_cast<double>(size[groups.of_item[i]]) >
                request.share[0] * static_cast<double>(n));
    }
  }
}

}  // namespace
}  // namespace cupel

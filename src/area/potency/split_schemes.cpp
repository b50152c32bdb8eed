#include "area/potency/split_schemes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "area/potency/splits.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/item_columns.hpp"
#include "split/ordered_parts.hpp"
#include "split/scaffold_parts.hpp"
#include "split/sklearn_shuffle.hpp"
#include "split/spectral_clusters.hpp"

namespace cupel::potency {
namespace {

using Input = const SchemeInput&;
using Numbers = std::vector<std::uint32_t>;

constexpr double kThreshold = 0.4;         ///< Tanimoto of ECFP4 from which two are similar
constexpr double kDiverseShare = 0.25;     ///< Janela & Bajorath
constexpr std::uint32_t kAceClusters = 5;  ///< MoleculeACE
constexpr int kEnoughCliffs = 2;           ///< MoleculeACE: more than so many, to stratify

double test_share(Input input) { return input.request.share.back(); }

ItemParts two_parts(std::size_t n_items, std::span<const std::uint32_t> test) {
  std::vector<std::int32_t> part(n_items, 0);
  for (const auto item : test) part[item] = 1;
  return all_in_parts(std::move(part));
}

/// Numbers of a column at each item's first row.
std::vector<std::size_t> column_rows(Input input) {
  std::vector<std::size_t> rows;
  for (const auto row : input.items.first_row) {
    rows.push_back(static_cast<std::size_t>(input.data().source_row[row]));
  }
  return rows;
}

/// Groups by the spec's column, else by a label of the ligands.
ItemClusters groups_of(Input input, const std::string& label) {
  if (input.spec.parts.column.empty()) return label_groups(input.data(), input.items, label);
  return first_met(group_column(input.loaded.samples, input.spec.parts.column, column_rows(input)));
}

ItemParts deal_labelled(Input input, const ItemTraits& traits) {
  Numbers each(input.items.size());
  for (std::uint32_t i = 0; i < each.size(); ++i) each[i] = i;
  return all_in_parts(deal_groups(each, each.size(), input.request, traits, input.own_seed()));
}

ItemParts make_random(Input input, const Context& /*context*/) {
  return deal_labelled(input, input.items.traits);
}

ItemParts make_stratified(Input input, const Context& /*context*/) {
  ItemTraits traits = input.items.traits;
  traits.label = quantile_labels(input.items.target, std::max(input.spec.parts.bins, 1U));
  return deal_labelled(input, traits);
}

ItemParts make_shuffle(Input input, const Context& /*context*/) {
  const auto splits = sklearn_shuffle_split(static_cast<std::uint32_t>(input.items.size()),
                                            {.n_splits = input.repeat + 1,
                                             .test_size = test_share(input),
                                             .seed = static_cast<std::uint32_t>(input.seed)});
  return two_parts(input.items.size(), splits.back().test);
}

ItemParts make_stratified_shuffle(Input input, const Context& /*context*/) {
  const auto label = quantile_labels(input.items.target, std::max(input.spec.parts.bins, 1U));
  const auto splits =
      sklearn_stratified_shuffle_split(label, {.n_splits = input.repeat + 1,
                                               .test_size = test_share(input),
                                               .seed = static_cast<std::uint32_t>(input.seed)});
  return two_parts(input.items.size(), splits.back().test);
}

ItemParts make_scaffold(Input input, const Context& /*context*/) {
  const ItemClusters groups = label_groups(input.data(), input.items, "scaffold");
  return split_scaffold(groups.of_item, groups.count, input.request, input.items.traits);
}

ItemParts make_scaffold_balanced(Input input, const Context& /*context*/) {
  const ItemClusters groups = label_groups(input.data(), input.items, "scaffold");
  return split_scaffold_balanced(groups.of_item, groups.count, input.request, input.items.traits,
                                 input.seed + input.repeat);
}

ItemParts make_groups(Input input, const Context& /*context*/) {
  const ItemClusters groups = groups_of(input, "scaffold");
  ItemParts parts = all_in_parts(deal_groups(groups.of_item, groups.count, input.request,
                                             input.items.traits, input.own_seed()));
  parts.group.assign(groups.of_item.begin(), groups.of_item.end());
  return parts;
}

ItemParts make_analogue_series(Input input, const Context& /*context*/) {
  const ItemClusters groups = groups_of(input, "scaffold");
  return split_largest_group(groups.of_item, groups.count, input.items.traits, input.repeat);
}

/// 1 for an item with a row that is a cliff compound; empty if the data have no such label.
Numbers cliff_flags(Input input) {
  for (const auto& label : input.data().sample_labels) {
    if (label.name != "cliff") continue;
    Numbers flags(input.items.size(), 0);
    const auto& rows = input.items.task.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto code = label.code[rows[i]];
      if (code != LabelBlock::kUnknown && label.levels[code] == "cliff") {
        flags[input.items.item_of_row[i]] = 1;
      }
    }
    return flags;
  }
  return {};
}

/// scikit-learn's train_test_split of one cluster, stratified by the flags where that is possible.
Numbers test_of_cluster(const Numbers& members, const Numbers& flags, double share,
                        std::uint32_t seed) {
  if (members.size() < 2) return {};
  Numbers label;
  for (const auto item : members) label.push_back(flags.empty() ? 0U : flags[item]);
  const auto n_cliffs = std::count(label.begin(), label.end(), 1U);
  const auto n_others = static_cast<std::ptrdiff_t>(label.size()) - n_cliffs;
  const SklearnShuffleOptions options{.test_size = share, .seed = seed};
  const bool has_strata = n_cliffs > kEnoughCliffs && n_others >= 2 && label.size() >= 10;
  const auto split =
      has_strata ? sklearn_stratified_shuffle_split(label, options)
                 : sklearn_shuffle_split(static_cast<std::uint32_t>(members.size()), options);
  Numbers test;
  for (const auto i : split.front().test) test.push_back(members[i]);
  return test;
}

ItemParts make_cluster_stratified(Input input, const Context& context) {
  const std::size_t k = input.spec.parts.clusters > 0 ? input.spec.parts.clusters : kAceClusters;
  const auto similarity = item_similarity(input.data(), input.items, context);
  const ItemClusters clusters = spectral_clusters(*similarity, k, input.own_seed(), context);
  std::vector<Numbers> members(clusters.count);
  for (std::uint32_t i = 0; i < clusters.of_item.size(); ++i) {
    members[clusters.of_item[i]].push_back(i);
  }
  const Numbers flags = cliff_flags(input);
  Numbers test;
  for (const auto& cluster : members) {
    const Numbers more = test_of_cluster(cluster, flags, test_share(input),
                                         static_cast<std::uint32_t>(input.seed + input.repeat));
    test.insert(test.end(), more.begin(), more.end());
  }
  ItemParts parts = two_parts(input.items.size(), test);
  parts.facts = {{"clusters", static_cast<double>(clusters.count)}};
  return parts;
}

ItemParts make_diverse(Input input, const Context& context) {
  const auto similarity = item_similarity(input.data(), input.items, context);
  const ItemParts picked =
      split_maxmin(*similarity, role_request(kDiverseShare, 0.0), {}, input.own_seed(), context);
  Numbers subset;
  for (std::uint32_t i = 0; i < picked.part.size(); ++i) {
    if (picked.part[i] == 1) subset.push_back(i);
  }
  const auto split = sklearn_shuffle_split(
      static_cast<std::uint32_t>(subset.size()),
      {.test_size = test_share(input), .seed = static_cast<std::uint32_t>(input.seed)});
  Numbers test;
  for (const auto i : split.front().test) test.push_back(subset[i]);
  ItemParts parts = two_parts(input.items.size(), test);
  for (std::uint32_t i = 0; i < picked.part.size(); ++i) {
    if (picked.part[i] == 0) leave_out_item(parts, i, "not_in_the_diverse_subset");
  }
  return parts;
}

/// pandas' nlargest(round(share n)): round half to even, ties by the first row.
ItemParts make_potent(Input input, const Context& /*context*/) {
  const auto n = static_cast<std::uint32_t>(input.items.size());
  Numbers order(n);
  for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return input.items.target[a] > input.items.target[b]; });
  order.resize(static_cast<std::size_t>(std::nearbyint(test_share(input) * n)));
  return two_parts(n, order);
}

/// A compound belongs to its earliest row: what was known of it first.
ItemParts make_time(Input input, const Context& /*context*/) {
  if (input.spec.parts.column.empty()) {
    fail_input("the scheme time needs the column with the time", {},
               "name it in the study (column: YEAR), or with --value on the command line");
  }
  const auto& rows = input.items.task.rows;
  std::vector<std::size_t> source;
  for (const auto row : rows) {
    source.push_back(static_cast<std::size_t>(input.data().source_row[row]));
  }
  const auto of_row = value_column(input.loaded.samples, input.spec.parts.column, source);
  std::vector<double> value(input.items.size(), std::nan(""));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double& first = value[input.items.item_of_row[i]];
    if (std::isnan(first) || of_row[i] < first) first = of_row[i];
  }
  PartRequest request = input.request;
  request.tolerance = 1.0;  // years are few, and never cut: what comes out is what the data have
  return split_sorted(value, request, input.items.traits);
}

ItemParts make_by_method(Input input, const Context& context) {
  const ItemMethod& method = *find_scheme(input.spec.scheme).method;
  ItemSplitInput in{.n_items = input.items.size(),
                    .traits = input.items.traits,
                    .targets = input.items.target,
                    .request = input.request,
                    .options = {.threshold = input.spec.parts.threshold.value_or(kThreshold),
                                .n_clusters = input.spec.parts.clusters,
                                .max_left_out = input.spec.parts.max_left_out},
                    .seed = input.own_seed()};
  std::unique_ptr<Similarity> similarity;
  if (method.needs_similarity) {
    similarity = item_similarity(input.data(), input.items, context);
    in.similarity = similarity.get();
  }
  Matrix<double> vectors;
  if (method.needs_vectors) {
    vectors = item_vectors(input.data(), input.items);
    in.vectors = &vectors;
  }
  return split_items(method, in, context);
}

std::vector<Scheme> own_schemes() {
  return {
      {.name = "random",
       .description = "Compounds at random, all rows of one together",
       .folds = Folds::unless_test,
       .make = make_random},
      {.name = "stratified",
       .description = "The same, bins of the target spread evenly over the folds",
       .folds = Folds::unless_test,
       .make = make_stratified},
      {.name = "shuffle",
       .description = "Rows at random: scikit-learn's ShuffleSplit for the seed, bit for bit",
       .source = "scikit-learn; Janela & Bajorath 2022 (complete set)",
       .items = ItemKind::row,
       .parts_validation = false,
       .make = make_shuffle},
      {.name = "stratified_shuffle",
       .description = "The same within bins of the target: StratifiedShuffleSplit",
       .source = "scikit-learn",
       .items = ItemKind::row,
       .parts_validation = false,
       .make = make_stratified_shuffle},
      {.name = "scaffold",
       .description = "Murcko scaffolds whole, largest to training first",
       .source = "DeepChem, doi:10.1039/C7SC02664A",
       .is_random = false,
       .make = make_scaffold},
      {.name = "scaffold_balanced",
       .description = "Scaffolds whole in random order, those above half a test set to training",
       .source = "chemprop, doi:10.1021/acs.jcim.9b00237",
       .make = make_scaffold_balanced},
      {.name = "groups",
       .description = "Scaffolds, or the groups of a column, dealt evenly",
       .folds = Folds::on_demand,
       .make = make_groups},
      {.name = "analogue_series",
       .description = "The largest scaffold, or group of a column, is the test set",
       .source = "Janela & Bajorath 2022, doi:10.1038/s42256-022-00581-6 (cluster set)",
       .parts_validation = false,
       .make = make_analogue_series},
      {.name = "cluster_stratified",
       .description = "Spectral clusters, then a fifth of each, stratified by cliff compounds",
       .source = "MoleculeACE, doi:10.1021/acs.jcim.2c01073",
       .parts_validation = false,
       .make = make_cluster_stratified},
      {.name = "diverse",
       .description = "A MaxMin-picked quarter, shuffled as by `shuffle`; the rest is left out",
       .source = "Janela & Bajorath 2022, doi:10.1038/s42256-022-00581-6",
       .parts_validation = false,
       .make = make_diverse},
      {.name = "potent",
       .description = "The most potent tenth is the test set",
       .source = "Janela & Bajorath 2022, doi:10.1038/s42256-022-00581-6",
       .test = 0.1,
       .parts_validation = false,
       .is_random = false,
       .make = make_potent},
      {.name = "time",
       .description = "The latest compounds of a column are the test set; ties stay together",
       .is_random = false,
       .make = make_time},
  };
}

std::vector<Scheme> all_schemes() {
  std::vector<Scheme> all = own_schemes();
  for (const auto& method : item_methods()) {
    const bool is_ours = std::any_of(
        all.begin(), all.end(), [&](const Scheme& scheme) { return scheme.name == method.name; });
    const bool takes_columns = !method.needs_column.empty() && method.name != "lo";
    if (is_ours || takes_columns) continue;
    const bool two_parts_only = method.name == "lo" || method.name == "focused";
    const std::string without_chance[] = {"lo", "focused", "perimeter", "max_dissimilarity",
                                          "kennard_stone"};
    all.push_back({.name = method.name,
                   .description = method.description,
                   .source = method.source,
                   .folds = method.spreads_labels ? Folds::on_demand : Folds::never,
                   .parts_validation = !two_parts_only,
                   .is_random = !contains(without_chance, method.name),
                   .make = make_by_method,
                   .method = &method});
  }
  return all;
}

}  // namespace

std::uint64_t SchemeInput::own_seed() const noexcept {
  return Rng(seed, "split: " + spec.scheme + ": " + items.task.task, repeat).next64();
}

std::span<const Scheme> schemes() {
  static const std::vector<Scheme> kSchemes = all_schemes();
  return kSchemes;
}

const Scheme& find_scheme(std::string_view name) {
  for (const auto& scheme : schemes()) {
    if (scheme.name == name) return scheme;
  }
  const auto known = potency_split_schemes();
  const std::string near = nearest_word(name, known);
  fail_input(
      "unknown split scheme \"" + std::string(name) + "\"", {},
      (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "schemes: " + join(known, ", "));
}

}  // namespace cupel::potency

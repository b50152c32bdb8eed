#include "split/item_methods.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cupel/error.hpp"
#include "split/item_clusters.hpp"
#include "split/lead_parts.hpp"
#include "split/least_leakage.hpp"
#include "split/ordered_parts.hpp"
#include "split/scaffold_parts.hpp"
#include "split/separator.hpp"

namespace cupel {
namespace {

using Input = const ItemSplitInput&;

NeighbourGraph graph_of(Input input, const Context& context) {
  return build_graph(*input.similarity, input.options.threshold, context);
}

ItemParts deal(const ItemClusters& clusters, Input input) {
  ItemParts parts = all_in_parts(
      deal_groups(clusters.of_item, clusters.count, input.request, input.traits, input.seed));
  parts.group.assign(clusters.of_item.begin(), clusters.of_item.end());
  parts.facts = {{"groups", static_cast<double>(clusters.count)}};
  return parts;
}

SeparatorOptions separator_options(Input input) {
  SeparatorOptions options{.max_left_out = input.options.max_left_out};
  if (input.options.starts > 0) options.starts = input.options.starts;
  return options;
}

ItemParts make_random(Input input, const Context& /*context*/) {
  return split_random(input.n_items, input.request, input.traits, input.seed);
}

ItemParts make_multilabel(Input input, const Context& /*context*/) {
  if (!input.traits.weight.empty()) {
    fail(ErrorKind::usage, "the method multilabel counts items and takes no weights", {},
         "leave --weight out, or use the method random with one label");
  }
  return split_multilabel(input.labels, input.request, input.seed);
}

ItemParts make_sorted(Input input, const Context& /*context*/) {
  return split_sorted(input.values, input.request, input.traits);
}

ItemParts make_groups(Input input, const Context& /*context*/) {
  ItemClusters clusters{.of_item = input.group};
  for (const auto group : input.group)
    clusters.count = std::max<std::size_t>(clusters.count, group + 1);
  return deal(clusters, input);
}

ItemParts make_components(Input input, const Context& context) {
  return split_components(graph_of(input, context), input.options.threshold, input.request,
                          input.traits, input.seed);
}

ItemParts make_butina(Input input, const Context& context) {
  return deal(butina_clusters(graph_of(input, context), input.options.threshold), input);
}

ItemParts make_kmeans(Input input, const Context& context) {
  const std::size_t k = input.options.n_clusters > 0
                            ? input.options.n_clusters
                            : std::min<std::size_t>(10 * input.request.share.size(),
                                                    std::max<std::size_t>(1, input.n_items / 2));
  return deal(kmeans_clusters(*input.vectors, k, input.seed, context), input);
}

ItemParts make_guaranteed(Input input, const Context& context) {
  return split_guaranteed(graph_of(input, context), input.options.threshold, input.request,
                          input.traits, separator_options(input), input.seed, context);
}

ItemParts make_hi(Input input, const Context& context) {
  return split_hi(graph_of(input, context), input.options.threshold, input.request, input.traits,
                  separator_options(input), input.seed, context);
}

ItemParts make_datasail(Input input, const Context& context) {
  LeastLeakageOptions options;
  if (input.options.starts > 0) options.starts = input.options.starts;
  if (input.options.n_clusters > 0) options.n_clusters = input.options.n_clusters;
  return split_least_leakage(*input.similarity, input.request, input.traits, options, input.seed,
                             context);
}

ItemParts make_lo(Input input, const Context& context) {
  return split_lo(
      graph_of(input, context), input.options.threshold, input.targets, input.request, input.traits,
      {.min_members = input.options.min_members, .min_spread = input.options.min_spread});
}

ItemParts make_focused(Input input, const Context& context) {
  return split_focused(*input.similarity, graph_of(input, context), input.options.threshold,
                       input.request, input.traits, context);
}

ItemParts make_perimeter(Input input, const Context& context) {
  return split_perimeter(*input.similarity, input.request, input.traits, context);
}

ItemParts make_max_dissimilarity(Input input, const Context& context) {
  return split_max_dissimilarity(*input.similarity, input.request, input.traits, context);
}

ItemParts make_maxmin(Input input, const Context& context) {
  return split_maxmin(*input.similarity, input.request, input.traits, input.seed, context);
}

constexpr const char* kNoCrossing = "no pair across parts with similarity >= threshold";

ItemParts make_kennard_stone(Input input, const Context& context) {
  return split_kennard_stone(*input.similarity, input.request, input.traits, context);
}

/// Both tools take what comes out; here it has to be near what was asked for.
ItemParts checked_scaffolds(ItemParts parts, Input input) {
  check_shares(parts.part, input.request, input.traits, "whole groups are filled in one by one",
               "allow a larger tolerance, ask for other shares, or use the method groups");
  return parts;
}

ItemParts make_scaffold(Input input, const Context& /*context*/) {
  const ItemClusters groups = first_met(input.group);
  return checked_scaffolds(
      split_scaffold(groups.of_item, groups.count, input.request, input.traits), input);
}

ItemParts make_scaffold_balanced(Input input, const Context& /*context*/) {
  const ItemClusters groups = first_met(input.group);
  return checked_scaffolds(split_scaffold_balanced(groups.of_item, groups.count, input.request,
                                                   input.traits, input.seed),
                           input);
}

std::vector<ItemMethod> all_methods() {
  return {
      {.name = "random",
       .description = "Items at random; with --label classes or binned values are spread evenly",
       .promises = "sizes within one item",
       .spreads_labels = true,
       .make = make_random},
      {.name = "multilabel",
       .description = "Items at random, several 0/1 labels (--label a,b,c) spread evenly",
       .source = "Sechidis et al. 2011, doi:10.1007/978-3-642-23808-6_10",
       .needs_column = "--label",
       .make = make_multilabel},
      {.name = "sorted",
       .description =
           "By a column (time, target property): training low or early, test high or late",
       .promises = "no test value below a training value; equal values stay together",
       .needs_column = "--value",
       .make = make_sorted},
      {.name = "groups",
       .description = "Groups given in a column (scaffold, family, donor) stay together",
       .promises = "no group in two parts",
       .spreads_labels = true,
       .needs_column = "--group",
       .make = make_groups},
      {.name = "scaffold",
       .description = "As DeepChem: Murcko scaffolds (or --group) whole, largest to training first",
       .promises = "no scaffold in two parts",
       .source = "Wu et al. 2018 (DeepChem), doi:10.1039/C7SC02664A",
       .one_test_set = true,
       .needs_column = "--group",
       .make = make_scaffold},
      {.name = "scaffold_balanced",
       .description =
           "As chemprop: scaffolds (or --group) whole in random order, those above half a test "
           "set to training first",
       .promises = "no scaffold in two parts",
       .source = "Yang et al. 2019 (chemprop), doi:10.1021/acs.jcim.9b00237",
       .one_test_set = true,
       .needs_column = "--group",
       .make = make_scaffold_balanced},
      {.name = "components",
       .description = "Items that hang together at the threshold (single linkage) stay together",
       .promises = kNoCrossing,
       .needs_similarity = true,
       .needs_threshold = true,
       .spreads_labels = true,
       .make = make_components},
      {.name = "butina",
       .description = "Taylor-Butina clusters stay together",
       .promises =
           "cluster members are within the threshold of their centre; pairs across parts may "
           "be similar",
       .source = "Butina 1999, doi:10.1021/ci9803381",
       .needs_similarity = true,
       .needs_threshold = true,
       .spreads_labels = true,
       .make = make_butina},
      {.name = "kmeans",
       .description = "k-means clusters of vectors stay together",
       .promises = "no cluster in two parts",
       .source = "Arthur and Vassilvitskii 2007 (k-means++)",
       .needs_vectors = true,
       .spreads_labels = true,
       .make = make_kmeans},
      {.name = "guaranteed",
       .description =
           "As GraphPart: parts of even labels without similar pairs, few items left out",
       .promises = kNoCrossing,
       .source = "Teufel et al. 2023, doi:10.1093/nargab/lqad088",
       .needs_similarity = true,
       .needs_threshold = true,
       .spreads_labels = true,
       .make = make_guaranteed},
      {.name = "hi",
       .description =
           "As Lo-Hi's Hi: parts without similar pairs that leave out as little as found",
       .promises = kNoCrossing,
       .source = "Steshin 2023, doi:10.48550/arXiv.2310.06399",
       .needs_similarity = true,
       .needs_threshold = true,
       .spreads_labels = true,
       .make = make_hi},
      {.name = "lo",
       .description =
           "As Lo-Hi's Lo: test clusters of varied targets around one training item each",
       .promises = "every test item has exactly one training item >= threshold",
       .source = "Steshin 2023, doi:10.48550/arXiv.2310.06399",
       .needs_similarity = true,
       .needs_threshold = true,
       .needs_column = "--target-column",
       .make = make_lo},
      {.name = "focused",
       .description = "Components nearest to the rest go to test: separated, but not far away",
       .promises = kNoCrossing,
       .source = "focused splits of the SPECTRA agent (2026)",
       .needs_similarity = true,
       .needs_threshold = true,
       .make = make_focused},
      {.name = "datasail",
       .description = "As DataSAIL: keeps every item, least similarity summed across parts",
       .promises = "no item left out",
       .source = "Joeres et al. 2025, doi:10.1038/s41467-025-58606-8",
       .needs_similarity = true,
       .make = make_datasail},
      {.name = "perimeter",
       .description = "The least similar pairs go to test: extrapolation to the rim",
       .source = "splito, PerimeterSplit",
       .needs_similarity = true,
       .make = make_perimeter},
      {.name = "max_dissimilarity",
       .description = "Training around one pole of the data, test around the other",
       .source = "after splito, MaxDissimilaritySplit",
       .needs_similarity = true,
       .make = make_max_dissimilarity},
      {.name = "maxmin",
       .description = "A diverse test set: each item as unlike those chosen before as can be",
       .source = "after DeepChem, MaxMinSplitter",
       .needs_similarity = true,
       .make = make_maxmin},
      {.name = "kennard_stone",
       .description = "A diverse training set that the test set lies within: interpolation",
       .source = "Kennard & Stone 1969, doi:10.1080/00401706.1969.10490666",
       .needs_similarity = true,
       .make = make_kennard_stone},
  };
}

void check_needs(const ItemMethod& method, Input input) {
  const auto refuse = [&](const std::string& what, const std::string& hint) {
    fail(ErrorKind::usage, "the method " + method.name + " needs " + what, {}, hint);
  };
  if (method.needs_similarity && input.similarity == nullptr) {
    refuse("a similarity", "name one with --kind; `cupel list similarities` explains them");
  }
  if (method.needs_vectors && (input.vectors == nullptr || input.vectors->rows != input.n_items)) {
    refuse("vectors", "use a kind on vectors (--kind cosine, euclid, pearson)");
  }
  if (method.one_test_set && input.request.are_folds) {
    fail(ErrorKind::usage, "the method " + method.name + " makes one test set, and no folds", {},
         "leave --folds out, or use the method groups");
  }
  if (!input.traits.label.empty() && !method.spreads_labels) {
    fail(ErrorKind::usage, "the method " + method.name + " does not spread labels over the parts",
         {},
         "leave --label out, or use random, groups, components, butina, kmeans, guaranteed or hi");
  }
  const bool has_column = method.needs_column == "--value"   ? !input.values.empty()
                          : method.needs_column == "--group" ? !input.group.empty()
                          : method.needs_column == "--label" ? input.labels.cols > 0
                                                             : !input.targets.empty();
  if (!method.needs_column.empty() && !has_column) {
    refuse("the column given by " + method.needs_column, "");
  }
}

}  // namespace

std::span<const ItemMethod> item_methods() {
  static const std::vector<ItemMethod> kMethods = all_methods();
  return kMethods;
}

const ItemMethod* find_item_method(std::string_view name) {
  std::string plain(name);
  std::replace(plain.begin(), plain.end(), '-', '_');
  for (const auto& method : item_methods()) {
    if (method.name == plain) return &method;
  }
  return nullptr;
}

ItemParts split_items(const ItemMethod& method, const ItemSplitInput& input,
                      const Context& context) {
  check_needs(method, input);
  if (input.n_items < input.request.share.size()) {
    fail_input(
        fmt::format("{} items cannot fill {} parts", input.n_items, input.request.share.size()));
  }
  ItemParts parts = method.make(input, context);
  for (std::size_t i = 0; i < parts.part.size(); ++i) {
    if ((parts.part[i] == kNoPart) != (parts.reason[i] != 0)) {
      fail(ErrorKind::internal, "item " + std::to_string(i) + " has neither a part nor a reason");
    }
  }
  return parts;
}

}  // namespace cupel

#include "split/spectra.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/python_random.hpp"
#include "split/spectra_walk.hpp"

namespace cupel {
namespace {

struct VariantName {
  SpectraVariant variant;
  std::string_view name;
};
constexpr std::array<VariantName, 4> kVariants = {{
    {SpectraVariant::spectrae_1_0_3, "spectrae-1.0.3"},
    {SpectraVariant::paper_sd, "paper-sd"},
    {SpectraVariant::paper_msd, "paper-msd"},
    {SpectraVariant::v2, "2.0"},
}};

constexpr double kDensityLimit = 0.4;

}  // namespace

std::string_view to_string(SpectraVariant variant) noexcept {
  for (const auto& known : kVariants) {
    if (known.variant == variant) return known.name;
  }
  return "";
}

std::vector<std::string> spectra_variant_names() {
  std::vector<std::string> names;
  for (const auto& known : kVariants) names.emplace_back(known.name);
  return names;
}

SpectraVariant parse_spectra_variant(std::string_view name) {
  for (const auto& known : kVariants) {
    if (known.name == name) return known.variant;
  }
  const auto names = spectra_variant_names();
  const std::string near = nearest_word(name, names);
  fail(ErrorKind::usage, "there is no SPECTRA variant \"" + std::string(name) + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "variants: " + join(names, ", "));
}

std::string_view to_string(SpectraLeftOut reason) noexcept {
  switch (reason) {
    case SpectraLeftOut::none:
      return "";
    case SpectraLeftOut::no_edge:
      return "no_edge";
    case SpectraLeftOut::universal:
      return "universal";
    case SpectraLeftOut::similar:
      return "similar";
    case SpectraLeftOut::no_live_neighbour:
      return "no_live_neighbour";
  }
  return "";
}

std::string_view explain(SpectraLeftOut reason) noexcept {
  switch (reason) {
    case SpectraLeftOut::none:
      return "";
    case SpectraLeftOut::no_edge:
      return "similar to no other sample, so never a node of the property graph";
    case SpectraLeftOut::universal:
      return "similar to all others of its component, deleted before the walk";
    case SpectraLeftOut::similar:
      return "similar to a sample that was kept before it";
    case SpectraLeftOut::no_live_neighbour:
      return "still there when no edge was left; the paper's scripts drop these";
  }
  return "";
}

std::size_t SpectraSplit::count(SpectraLeftOut reason) const noexcept {
  return static_cast<std::size_t>(std::count(left_out.begin(), left_out.end(), reason));
}

std::array<std::string, 21> spectra_series() {
  std::array<std::string, 21> texts;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.2f", 0.05 * static_cast<double>(i));
    texts[i] = text.data();
  }
  return texts;
}

void check_spectra_graph(const SpectraGraph& graph, const SpectraComponents& components,
                         SpectraVariant variant) {
  const std::string other =
      "ask for a stricter similarity, or for cupel's own series, which has no such limit";
  if (graph.n_edges() == 0) {
    fail_input(
        "no two samples are similar: the property graph has no edge, and every split is a "
        "random one",
        {}, "lower the threshold of the similarity");
  }
  if (graph.is_weighted()) return;
  const std::string density = "density " + format_double(graph.density()) + " (" +
                              std::to_string(graph.n_nodes()) + " nodes, " +
                              std::to_string(graph.n_edges()) + " edges)";
  if (variant == SpectraVariant::spectrae_1_0_3) {
    if (components.cliques.size() == components.n_components) {
      fail_input(components.n_components == 1
                     ? "the property graph is fully connected: all " +
                           std::to_string(graph.n_nodes()) +
                           " samples are similar to each other; spectrae 1.0.3 refuses it"
                     : "all " + std::to_string(components.n_components) +
                           " components of the property graph are fully connected; spectrae 1.0.3 "
                           "refuses it",
                 {}, other);
    }
    if (components.deadly_clique != 0) {
      fail_input("a clique of " + std::to_string(components.deadly_clique) +
                     " samples is at least half of the graph that is left when spectrae 1.0.3 "
                     "removes it: there the package itself ends in RuntimeError (dictionary "
                     "changed size during iteration), so there is nothing to reproduce",
                 {}, "use --variant paper-sd or 2.0, which treat cliques as any other component");
    }
  }
  if ((variant == SpectraVariant::spectrae_1_0_3 || variant == SpectraVariant::v2) &&
      graph.density() >= kDensityLimit) {
    fail_input(density + ": SPECTRA " + std::string(to_string(variant)) +
                   " refuses a density of 0.4 or more, because next to nothing would be left",
               {}, other);
  }
}

namespace {

/// Training and test of what a walk kept, as scikit-learn divides it.
void divide(SpectraSplit& split, detail::SpectraWalk&& walk, std::size_t smallest) {
  split.left_out = std::move(walk.left_out);
  split.n_units = walk.kept.size() + walk.n_cliques;
  const std::size_t n_pool = walk.kept.size();
  const double n_test = std::ceil(split.spec.test_size * static_cast<double>(n_pool));
  if (split.n_units <= smallest) {
    split.refusal = "only " + std::to_string(split.n_units) + " units of " +
                    std::to_string(split.left_out.size()) + " samples are left; SPECTRA " +
                    std::string(to_string(split.spec.variant)) + " makes no split of " +
                    std::to_string(smallest) + " or fewer";
    return;
  }
  if (n_test >= static_cast<double>(n_pool)) {
    split.refusal = "only " + std::to_string(n_pool) +
                    " samples outside of cliques are left to be divided; scikit-learn refuses that";
    return;
  }
  const auto order = sklearn_train_test_split(static_cast<std::uint32_t>(n_pool),
                                              split.spec.test_size, split.spec.seed);
  split.train = std::move(walk.in_clique);
  split.train.reserve(split.train.size() + order.train.size());
  for (const std::uint32_t place : order.train) split.train.push_back(walk.kept[place]);
  for (const std::uint32_t place : order.test) split.test.push_back(walk.kept[place]);
}

void divide_msd(SpectraSplit& split, detail::MsdDivision&& made) {
  split.left_out = std::move(made.walk.left_out);
  split.n_units = made.walk.kept.size();
  if (made.train.empty() || made.test.empty()) {
    split.refusal = "only " + std::to_string(split.n_units) + " samples are left to be divided";
    return;
  }
  split.train = std::move(made.train);
  split.test = std::move(made.test);
}

}  // namespace

SpectraSplit make_spectra_split(const SpectraGraph& graph, const SpectraComponents& components,
                                const SpectraSpec& spec) {
  if (!(spec.parameter >= 0.0 && spec.parameter <= 1.0)) {
    fail(ErrorKind::usage,
         "the spectral parameter " + format_double(spec.parameter) + " is not between 0 and 1");
  }
  constexpr std::size_t kSmallestV1 = 5;
  constexpr std::size_t kSmallestV2 = 10;
  SpectraSplit split{.spec = spec, .train = {}, .test = {}, .left_out = {}, .refusal = {}};
  switch (spec.variant) {
    case SpectraVariant::spectrae_1_0_3:
      divide(split, detail::walk_spectrae(graph, components, spec), kSmallestV1);
      break;
    case SpectraVariant::paper_sd:
      divide(split, detail::walk_paper_sd(graph, spec), 1);
      break;
    case SpectraVariant::paper_msd:
      divide_msd(split, detail::divide_paper_msd(graph, spec));
      break;
    case SpectraVariant::v2:
      divide(split, detail::walk_v2(graph, spec), kSmallestV2);
      break;
  }
  return split;
}

std::vector<SpectraSplit> make_spectra_splits(const SpectraGraph& graph,
                                              const SpectraComponents& components,
                                              std::span<const SpectraSpec> specs,
                                              const Context& context) {
  std::vector<SpectraSplit> splits(specs.size());
  parallel_for(context, specs.size(),
               [&](std::size_t k) { splits[k] = make_spectra_split(graph, components, specs[k]); });
  return splits;
}

OverlapProfile measure_spectra_overlap(const SpectraGraph& graph, const SpectraSplit& split) {
  OverlapProfile profile{.n_train = split.train.size(), .n_test = split.test.size()};
  if (split.train.empty() || split.test.empty()) return profile;
  std::vector<std::uint8_t> is_train(graph.n_nodes(), 0);
  for (const std::uint32_t sample : split.train) {
    if (graph.node[sample] != SpectraGraph::kNoNode) is_train[graph.node[sample]] = 1;
  }
  std::vector<double> nearest;
  std::size_t n_with = 0;
  double sum = 0.0;
  for (const std::uint32_t sample : split.test) {
    double best = graph.is_weighted() ? -HUGE_VAL : 0.0;
    std::size_t n_links = 0;
    const std::uint32_t u = graph.node[sample];
    for (std::uint64_t k = u == SpectraGraph::kNoNode ? 0 : graph.begin[u];
         u != SpectraGraph::kNoNode && k < graph.begin[u + 1]; ++k) {
      if (is_train[graph.neighbour[k]] == 0) continue;
      const double value = graph.is_weighted() ? graph.weight[k] : 1.0;
      best = std::max(best, value);
      sum += value;
      ++n_links;
    }
    if (n_links < split.train.size()) best = std::max(best, 0.0);  // pairs that are not listed
    n_with += n_links > 0 ? 1 : 0;
    nearest.push_back(best);
  }
  const auto n_test = static_cast<double>(nearest.size());
  profile.share_with_neighbour = static_cast<double>(n_with) / n_test;
  profile.mean_pair = sum / (n_test * static_cast<double>(split.train.size()));
  profile.threshold = graph.is_weighted() ? graph.sorted_values.front() : 1.0;
  if (!graph.is_weighted()) return profile;
  std::sort(nearest.begin(), nearest.end());
  const auto quantile = [&](double q) {  // linear between order statistics
    const double at = q * (n_test - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, nearest.size() - 1);
    return nearest[low] + (at - static_cast<double>(low)) * (nearest[high] - nearest[low]);
  };
  double nearest_sum = 0.0;
  for (const double value : nearest) nearest_sum += value;
  profile.nearest_mean = nearest_sum / n_test;
  profile.nearest_median = quantile(0.5);
  profile.nearest_p90 = quantile(0.9);
  profile.nearest_max = nearest.back();
  return profile;
}

}  // namespace cupel

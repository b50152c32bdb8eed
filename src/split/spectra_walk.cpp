#include "split/spectra_walk.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "split/live_nodes.hpp"
#include "split/python_random.hpp"

namespace cupel::detail {
namespace {

/// Does any edge join two live nodes? Edges only die, so the place of the last one found is where
/// the next search begins: O(V + E) in all, and mostly far less.
class EdgeWitness {
 public:
  explicit EdgeWitness(const SpectraGraph& graph) : graph_(graph) {}
  bool any(const LiveNodes& live) noexcept {
    for (; node_ < graph_.n_nodes(); ++node_, next_ = 0) {
      if (!live.contains(node_)) continue;
      const auto neighbours = graph_.neighbours(node_);
      while (next_ < neighbours.size() && !live.contains(neighbours[next_])) ++next_;
      if (next_ < neighbours.size()) return true;
    }
    return false;
  }

 private:
  const SpectraGraph& graph_;
  std::uint32_t node_ = 0;
  std::size_t next_ = 0;
};

/// Deletes live neighbours of `node` with probability `lambda`, a random number each unless lambda
/// is 0 or 1; `may_go(place)` decides after the coin.
template <typename MayGo>
void delete_neighbours(const SpectraGraph& graph, std::uint32_t node, double lambda,
                       bool draws_at_zero, const MayGo& may_go, PythonRandom& random,
                       LiveNodes& live, SpectraWalk& walk) {
  if (node >= graph.n_nodes() || (lambda == 0.0 && !draws_at_zero)) return;
  for (std::uint64_t k = graph.begin[node]; k < graph.begin[node + 1]; ++k) {
    const std::uint32_t v = graph.neighbour[k];
    if (!live.contains(v)) continue;
    if (lambda != 1.0 && !(random.random() < lambda && may_go(k))) continue;
    live.remove(v);
    walk.left_out[graph.sample[v]] = SpectraLeftOut::similar;
  }
}

/// The walk that spectrae and paper-sd share: uniform live nodes until no edge is left.
/// `samples`: of all nodes; those beyond the graph's are samples without any edge.
template <typename MayGo>
void walk_uniformly(const SpectraGraph& graph, std::span<const std::uint32_t> samples,
                    const SpectraSpec& spec, bool draws_at_zero, const MayGo& may_go,
                    LiveNodes& live, SpectraWalk& walk) {
  PythonRandom random(spec.seed);
  EdgeWitness edges(graph);
  while (edges.any(live)) {
    const std::uint32_t node = live.select(random.below(static_cast<std::uint32_t>(live.count())));
    walk.kept.push_back(samples[node]);
    delete_neighbours(graph, node, spec.parameter, draws_at_zero, may_go, random, live, walk);
    live.remove(node);
  }
}

/// The samples of the graph's nodes, then those without any edge: the paper's graphs have them all
/// as nodes.
std::vector<std::uint32_t> with_isolated(const SpectraGraph& graph) {
  std::vector<std::uint32_t> samples = graph.sample;
  for (std::uint32_t s = 0; s < graph.n_samples; ++s) {
    if (graph.node[s] == SpectraGraph::kNoNode) samples.push_back(s);
  }
  return samples;
}

/// scipy.stats.percentileofscore(all pairs, value), kind "rank".
double percentile_of(const SpectraGraph& graph, double value) {
  const auto& sorted = graph.sorted_values;
  const double n_zero = static_cast<double>(graph.n_pairs - sorted.size());
  const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), value);
  const double left = static_cast<double>(low - sorted.begin()) + (value > 0 ? n_zero : 0.0);
  const double right = static_cast<double>(high - sorted.begin()) + (value > 0 ? n_zero : 0.0);
  return (left + right + (left < right ? 1.0 : 0.0)) * (50.0 / static_cast<double>(graph.n_pairs));
}

/// The lowest weight whose percentile is above 100 (1 - lambda); infinity if there is none. The
/// percentile rises with the weight, so one search serves all edges.
double lowest_weight_that_goes(const SpectraGraph& graph, double lambda) {
  const double bar = (1 - lambda) * 100;
  const auto found =
      std::partition_point(graph.sorted_values.begin(), graph.sorted_values.end(),
                           [&](double value) { return !(bar < percentile_of(graph, value)); });
  return found == graph.sorted_values.end() ? HUGE_VAL : *found;
}

}  // namespace

SpectraWalk walk_spectrae(const SpectraGraph& graph, const SpectraComponents& components,
                          const SpectraSpec& spec) {
  SpectraWalk walk;
  walk.left_out.assign(graph.n_samples, SpectraLeftOut::none);
  for (std::size_t s = 0; s < graph.n_samples; ++s) {
    if (graph.node[s] == SpectraGraph::kNoNode) walk.left_out[s] = SpectraLeftOut::no_edge;
  }
  LiveNodes live(graph.n_nodes());
  if (graph.is_weighted()) {
    const double lowest = lowest_weight_that_goes(graph, spec.parameter);
    walk_uniformly(
        graph, graph.sample, spec, true, [&](std::uint64_t k) { return graph.weight[k] >= lowest; },
        live, walk);
  } else {
    for (const auto& clique : components.cliques) {
      for (const std::uint32_t node : clique) {
        walk.in_clique.push_back(graph.sample[node]);
        live.remove(node);
      }
    }
    walk.n_cliques = components.cliques.size();
    for (const std::uint32_t node : components.universal) {
      live.remove(node);
      walk.left_out[graph.sample[node]] = SpectraLeftOut::universal;
    }
    walk_uniformly(
        graph, graph.sample, spec, false, [](std::uint64_t) { return true; }, live, walk);
  }
  live.for_each([&](std::uint32_t node) { walk.kept.push_back(graph.sample[node]); });
  return walk;
}

SpectraWalk walk_paper_sd(const SpectraGraph& graph, const SpectraSpec& spec) {
  SpectraWalk walk;
  walk.left_out.assign(graph.n_samples, SpectraLeftOut::none);
  const auto samples = with_isolated(graph);
  LiveNodes live(samples.size());
  walk_uniformly(graph, samples, spec, false, [](std::uint64_t) { return true; }, live, walk);
  live.for_each([&](std::uint32_t node) {
    walk.left_out[samples[node]] = SpectraLeftOut::no_live_neighbour;
  });
  return walk;
}

namespace {

double value_or(const std::vector<double>& values, std::size_t i, double otherwise) {
  return values.empty() ? otherwise : values[i];
}

/// Nodes by falling score, ties by node order.
std::vector<std::uint32_t> nodes_by_score(const SpectraGraph& graph,
                                          std::span<const std::uint32_t> samples,
                                          const MsdScore& msd) {
  const auto degree = [&graph](std::size_t node) {
    return node < graph.n_nodes() ? static_cast<double>(graph.degree(node)) : 0.0;
  };
  double most_samples = 0.0;
  double most_frequent = 0.0;
  double highest_degree = 0.0;
  for (std::size_t u = 0; u < samples.size(); ++u) {
    most_samples = std::max(most_samples, value_or(msd.n_samples, samples[u], 1.0));
    most_frequent = std::max(most_frequent, value_or(msd.mutation_frequency, samples[u], 1.0));
    highest_degree = std::max(highest_degree, degree(u));
  }
  std::vector<double> score(samples.size());
  for (std::size_t u = 0; u < samples.size(); ++u) {
    const double number = value_or(msd.n_samples, samples[u], 1.0) / most_samples;
    const double mutation = 1 - value_or(msd.mutation_frequency, samples[u], 1.0) / most_frequent;
    score[u] = (1.0 / 3) * (msd.tau_number * number + msd.tau_mutation * mutation +
                            msd.tau_degree * (1 - degree(u) / highest_degree));
  }
  std::vector<std::uint32_t> order(samples.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return score[a] > score[b]; });
  return order;
}

/// One random division of the subset-sum search, and how far it is from 80/20 in nodes and samples.
struct Division {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
  double distance = 1e8;
};

Division draw_division(std::span<std::uint32_t> kept, const MsdScore& msd, double total,
                       double test_size, PythonRandom& random) {
  const double share = 1 - test_size;
  const double want_train = total * share;
  const double want_test = total * test_size;
  Division drawn;
  double train_sum = 0.0;
  double test_sum = 0.0;
  std::vector<std::uint32_t> later;
  random.shuffle(kept);
  for (const std::uint32_t sample : kept) {
    const double weight = value_or(msd.n_samples, sample, 1.0);
    const bool to_train = random.random() < share;
    double& sum = to_train ? train_sum : test_sum;
    if (sum + weight < (to_train ? want_train : want_test)) {
      (to_train ? drawn.train : drawn.test).push_back(sample);
      sum += weight;
    } else {
      later.push_back(sample);
    }
  }
  for (const std::uint32_t sample : later) {
    const bool to_train = random.random() < share;
    (to_train ? drawn.train : drawn.test).push_back(sample);
    (to_train ? train_sum : test_sum) += value_or(msd.n_samples, sample, 1.0);
  }
  const auto n = static_cast<double>(kept.size());
  drawn.distance = std::abs(static_cast<double>(drawn.train.size()) - n * share) +
                   std::abs(static_cast<double>(drawn.test.size()) - n * test_size) +
                   std::abs(train_sum - want_train) + std::abs(test_sum - want_test);
  return drawn;
}

}  // namespace

MsdDivision divide_paper_msd(const SpectraGraph& graph, const SpectraSpec& spec) {
  MsdDivision made;
  SpectraWalk& walk = made.walk;
  walk.left_out.assign(graph.n_samples, SpectraLeftOut::none);
  const auto samples = with_isolated(graph);
  LiveNodes live(samples.size());
  PythonRandom random(spec.seed);
  EdgeWitness edges(graph);
  for (const std::uint32_t node : nodes_by_score(graph, samples, spec.msd)) {
    if (!live.contains(node)) continue;
    if (!edges.any(live)) break;
    walk.kept.push_back(samples[node]);
    delete_neighbours(
        graph, node, spec.parameter * spec.parameter, false, [](std::uint64_t) { return true; },
        random, live, walk);
    live.remove(node);
  }
  live.for_each([&](std::uint32_t node) {
    walk.left_out[samples[node]] = SpectraLeftOut::no_live_neighbour;
  });
  double total = 0.0;
  for (const std::uint32_t sample : walk.kept) total += value_or(spec.msd.n_samples, sample, 1.0);
  auto order = walk.kept;
  Division best;
  constexpr int kTrials = 500;
  for (int trial = 0; trial < kTrials; ++trial) {
    Division drawn = draw_division(order, spec.msd, total, spec.test_size, random);
    if (drawn.distance < best.distance) best = std::move(drawn);
  }
  made.train = std::move(best.train);
  made.test = std::move(best.test);
  return made;
}

namespace {

/// All pairs above this are similar: zero for a binary graph, else the place of lambda between the
/// highest and the lowest similarity of all pairs, those that are not listed (0) among them.
double v2_threshold(const SpectraGraph& graph, double lambda) {
  if (!graph.is_weighted()) return 0.0;
  const auto n = static_cast<std::uint64_t>(graph.n_samples);
  double low = graph.sorted_values.front();
  double high = graph.sorted_values.back();
  if (graph.n_edges() < n * (n - 1) / 2) {
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
  }
  return low + (1 - lambda) * (high - low);
}

}  // namespace

SpectraWalk walk_v2(const SpectraGraph& graph, const SpectraSpec& spec) {
  SpectraWalk walk;
  walk.left_out.assign(graph.n_samples, SpectraLeftOut::none);
  std::vector<std::uint32_t> scan(graph.n_samples);
  std::iota(scan.begin(), scan.end(), 0U);
  if (spec.parameter == 0.0) {
    walk.kept = std::move(scan);
    return walk;
  }
  const double threshold = v2_threshold(graph, spec.parameter);
  PythonRandom random(spec.seed);
  std::vector<std::uint8_t> is_similar(graph.n_samples, 0);
  while (!scan.empty()) {
    const std::uint32_t place = random.below(static_cast<std::uint32_t>(scan.size()));
    const std::uint32_t chosen = scan[place];
    scan.erase(scan.begin() + place);
    walk.kept.push_back(chosen);
    std::fill(is_similar.begin(), is_similar.end(), std::uint8_t{0});
    if (const std::uint32_t u = graph.node[chosen]; u != SpectraGraph::kNoNode) {
      for (std::uint64_t k = graph.begin[u]; k < graph.begin[u + 1]; ++k) {
        const double value = graph.is_weighted() ? graph.weight[k] : 1.0;
        is_similar[graph.sample[graph.neighbour[k]]] = value > threshold ? 1 : 0;
      }
    }
    PythonIntSet similar;
    PythonIntSet rest;
    for (const std::uint32_t sample : scan) {
      if (is_similar[sample] != 0) similar.add(sample);
      rest.add(sample);
    }
    for (const std::uint32_t sample : similar.values()) {
      if (!graph.is_weighted() && !(random.random() < spec.parameter)) continue;
      rest.remove(sample);
      walk.left_out[sample] = SpectraLeftOut::similar;
    }
    scan = rest.values();
  }
  return walk;
}

}  // namespace cupel::detail

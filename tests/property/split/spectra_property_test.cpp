// What must hold for every SPECTRA split of every graph, by brute force over all pairs.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "../../unit/split/spectra_graphs.hpp"
#include "cupel/error.hpp"
#include "split/spectra.hpp"

namespace cupel {
namespace {

struct Case {
  std::uint32_t n = 0;
  std::vector<SpectraPair> pairs;
  SpectraSpec spec;
  bool weighted = false;
};

Case draw_case() {
  Case made;
  made.n = *rc::gen::inRange(12U, 120U);
  made.pairs = test::family_pairs({.n = made.n,
                                   .salt = *rc::gen::inRange(0U, 1000000U),
                                   .family_size = *rc::gen::inRange(2U, 20U),
                                   .family_promille = *rc::gen::element(300U, 800U, 1000U),
                                   .other_permillion = *rc::gen::element(0U, 3000U, 50000U),
                                   .shuffled = *rc::gen::arbitrary<bool>(),
                                   .zeros = *rc::gen::arbitrary<bool>()});
  made.spec.variant = *rc::gen::element(SpectraVariant::spectrae_1_0_3, SpectraVariant::paper_sd,
                                        SpectraVariant::paper_msd, SpectraVariant::v2);
  made.spec.parameter = *rc::gen::element(0.0, 0.05, 0.3, 0.5, 0.95, 1.0);
  made.spec.seed = *rc::gen::arbitrary<std::uint32_t>();
  made.weighted = *rc::gen::arbitrary<bool>();
  return made;
}

struct Made {
  SpectraGraph graph;
  SpectraComponents components;
  SpectraSplit split;
};

Made make(const Case& drawn) {
  Made made;
  made.graph = make_spectra_graph(drawn.n, drawn.pairs, drawn.weighted);
  made.components = find_spectra_components(made.graph);
  try {
    check_spectra_graph(made.graph, made.components, drawn.spec.variant);
  } catch (const Error&) {
    RC_DISCARD("the variant refuses the graph");
  }
  made.split = make_spectra_split(made.graph, made.components, drawn.spec);
  if (!made.split.refusal.empty()) RC_DISCARD("too few are left");
  return made;
}

RC_GTEST_PROP(Spectra, EverySampleIsOnceInTrainTestOrLeftOut, ()) {
  const Case drawn = draw_case();
  const auto split = make(drawn).split;
  std::vector<int> times(drawn.n, 0);
  for (const auto sample : split.train) ++times[sample];
  for (const auto sample : split.test) ++times[sample];
  for (std::uint32_t s = 0; s < drawn.n; ++s) {
    RC_ASSERT(times[s] + (split.left_out[s] != SpectraLeftOut::none ? 1 : 0) == 1);
  }
}

RC_GTEST_PROP(Spectra, AtLambdaOneNoTwoKeptSamplesAreSimilar, ()) {
  Case drawn = draw_case();
  drawn.spec.parameter = 1.0;
  const Made made = make(drawn);
  std::set<std::uint32_t> kept(made.split.train.begin(), made.split.train.end());
  kept.insert(made.split.test.begin(), made.split.test.end());
  std::set<std::pair<std::uint32_t, std::uint32_t>> within_cliques;  // spectrae's units of training
  if (drawn.spec.variant == SpectraVariant::spectrae_1_0_3 && !drawn.weighted) {
    for (const auto& clique : made.components.cliques) {
      for (const auto a : clique) {
        for (const auto b : clique) {
          within_cliques.insert({made.graph.sample[a], made.graph.sample[b]});
        }
      }
    }
  }
  // 2.0 weighted deletes what lies above the lowest similarity of all pairs, not all of it.
  double bar = 0.0;
  if (drawn.spec.variant == SpectraVariant::v2 && drawn.weighted &&
      made.graph.n_edges() == std::uint64_t{drawn.n} * (drawn.n - 1) / 2) {
    bar = made.graph.sorted_values.front();
  }
  for (const auto& pair : drawn.pairs) {
    if (pair.value <= bar || !kept.contains(pair.i) || !kept.contains(pair.j)) continue;
    RC_ASSERT(within_cliques.contains({pair.i, pair.j}));
  }
  const auto overlap = measure_spectra_overlap(made.graph, made.split);
  if (bar == 0.0) RC_ASSERT(overlap.share_with_neighbour == 0.0);
}

RC_GTEST_PROP(Spectra, OverlapIsTheBruteForceOne, ()) {
  const Case drawn = draw_case();
  const Made made = make(drawn);
  const std::set<std::uint32_t> train(made.split.train.begin(), made.split.train.end());
  std::size_t n_with = 0;
  for (const auto sample : made.split.test) {
    n_with +=
        std::any_of(drawn.pairs.begin(), drawn.pairs.end(),
                    [&](const SpectraPair& pair) {
                      return pair.value != 0.0 && ((pair.i == sample && train.contains(pair.j)) ||
                                                   (pair.j == sample && train.contains(pair.i)));
                    })
            ? 1
            : 0;
  }
  const double share = static_cast<double>(n_with) / static_cast<double>(made.split.test.size());
  RC_ASSERT(measure_spectra_overlap(made.graph, made.split).share_with_neighbour == share);
}

RC_GTEST_PROP(Spectra, SameSeedSameAnswerForAnyNumberOfThreads, ()) {
  const Case drawn = draw_case();
  const Made made = make(drawn);
  std::vector<SpectraSpec> specs(5, drawn.spec);
  for (std::uint32_t k = 0; k < specs.size(); ++k) specs[k].seed += k % 3;
  const auto one = make_spectra_splits(made.graph, made.components, specs, {.n_threads = 1});
  const auto two = make_spectra_splits(made.graph, made.components, specs, {.n_threads = 3});
  for (std::size_t k = 0; k < specs.size(); ++k) {
    RC_ASSERT(one[k].train == two[k].train && one[k].test == two[k].test);
  }
  RC_ASSERT(one[0].train == made.split.train && one[3].train == made.split.train);
}

RC_GTEST_PROP(Spectra, NobodyIsKeptAtLambdaZeroThatHasToGoAndNobodyElse, ()) {
  Case drawn = draw_case();
  drawn.spec.parameter = 0.0;
  const auto split = make(drawn).split;
  RC_ASSERT(split.count(SpectraLeftOut::similar) == 0U);
}

}  // namespace
}  // namespace cupel

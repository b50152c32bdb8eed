// SPECTRA's splits on graphs small enough to be followed by hand.
#include "split/spectra.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cupel/error.hpp"
#include "spectra_graphs.hpp"
#include "split/live_nodes.hpp"
#include "split/spectra_files.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Pairs = std::vector<SpectraPair>;

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "";
}

SpectraSplit split_of(std::size_t n, const Pairs& pairs, SpectraSpec spec, bool weighted = false) {
  const auto graph = make_spectra_graph(n, pairs, weighted);
  return make_spectra_split(graph, find_spectra_components(graph), spec);
}

/// A path of `n` samples: 0 - 1 - 2 - ...
Pairs path(std::uint32_t n) {
  Pairs pairs;
  for (std::uint32_t i = 0; i + 1 < n; ++i) pairs.push_back({.i = i, .j = i + 1, .value = 1.0});
  return pairs;
}

Pairs clique(std::uint32_t first, std::uint32_t size) {
  Pairs pairs;
  for (std::uint32_t i = first; i < first + size; ++i) {
    for (std::uint32_t j = i + 1; j < first + size; ++j)
      pairs.push_back({.i = i, .j = j, .value = 1});
  }
  return pairs;
}

Pairs joined(Pairs a, const Pairs& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(SpectraGraph, NodesAndNeighboursAsNetworkxCopiesThem) {
  // networkx.Graph with these edges in this order, then .copy(): {5: [3, 1], 3: [5, 9, 1],
  // 9: [3, 1], 1: [5, 3, 9]}.
  const Pairs pairs = {{5, 3, 1}, {0, 2, 0}, {9, 3, 1}, {1, 9, 1}, {5, 1, 1}, {1, 3, 1}};
  const auto graph = make_spectra_graph(10, pairs, false);
  EXPECT_THAT(graph.sample, ElementsAre(5, 3, 9, 1));
  EXPECT_THAT(graph.neighbours(0), ElementsAre(1, 3));
  EXPECT_THAT(graph.neighbours(1), ElementsAre(0, 2, 3));
  EXPECT_THAT(graph.neighbours(2), ElementsAre(1, 3));
  EXPECT_THAT(graph.neighbours(3), ElementsAre(0, 1, 2));
  EXPECT_EQ(graph.node[0], SpectraGraph::kNoNode) << "a pair of value 0 is no edge";
  EXPECT_EQ(graph.n_edges(), 5U);
  EXPECT_DOUBLE_EQ(graph.density(), 5.0 / 6.0);
}

TEST(SpectraGraph, WeightsFollowTheirNeighbours) {
  const Pairs pairs = {{0, 1, 0.1}, {2, 1, 0.2}, {0, 2, 0.3}, {3, 1, 0.0}};
  const auto graph = make_spectra_graph(4, pairs, true);
  EXPECT_THAT(graph.weight, ElementsAre(0.1, 0.3, 0.1, 0.2, 0.3, 0.2));
  EXPECT_THAT(graph.sorted_values, ElementsAre(0.1, 0.2, 0.3));
  EXPECT_EQ(graph.n_pairs, 4U);
}

TEST(SpectraGraph, FromANeighbourGraph) {
  const std::vector<Hit> hits = {{2, 0, 0.5}, {1, 2, 0.25}};
  const auto graph = make_spectra_graph(make_graph(4, hits), true);
  EXPECT_THAT(graph.sample, ElementsAre(0, 2, 1));
  EXPECT_THAT(graph.weight, ElementsAre(0.5, 0.5, 0.25, 0.25));
  EXPECT_EQ(graph.n_pairs, 6U) << "pairs that are not listed are pairs of similarity 0";
}

TEST(SpectraGraph, BadPairsSayWhichAndWhy) {
  const auto make = [](Pairs pairs) { return [pairs] { make_spectra_graph(3, pairs, false); }; };
  EXPECT_THAT(message_of(make({{0, 1, 1}, {0, 3, 1}})), HasSubstr("pair 2 is of samples 0, 3"));
  EXPECT_THAT(message_of(make({{1, 1, 1}})), HasSubstr("sample 1 with itself"));
  EXPECT_THAT(message_of(make({{0, 1, 1}, {1, 0, 1}})), HasSubstr("0 and 1 is given twice"));
  EXPECT_THAT(message_of(make({{0, 1, 0}, {1, 0, 0}, {0, 2, 0}, {1, 2, 0}})),
              HasSubstr("have only 3"));
}

TEST(SpectraComponents, CliquesAndUniversalNodes) {
  // A triangle, a star around 3 (its centre is linked to all others), and a path of four.
  Pairs pairs = clique(0, 3);
  for (std::uint32_t i = 4; i < 8; ++i) pairs.push_back({.i = 3, .j = i, .value = 1});
  for (std::uint32_t i = 8; i < 11; ++i) pairs.push_back({.i = i, .j = i + 1, .value = 1});
  const auto graph = make_spectra_graph(13, pairs, false);
  const auto found = find_spectra_components(graph);
  EXPECT_EQ(found.n_components, 3U);
  EXPECT_EQ(found.largest, 5U);
  ASSERT_EQ(found.cliques.size(), 1U);
  EXPECT_THAT(found.cliques[0], UnorderedElementsAre(0, 1, 2));
  EXPECT_THAT(found.universal, ElementsAre(3));
  EXPECT_EQ(found.deadly_clique, 0U);
}

TEST(SpectraSplit, SpectraeAccountsForCliquesUniversalNodesAndLostSamples) {
  Pairs pairs = clique(0, 3);
  for (std::uint32_t i = 4; i < 8; ++i) pairs.push_back({.i = 3, .j = i, .value = 1});
  for (std::uint32_t i = 8; i < 11; ++i) pairs.push_back({.i = i, .j = i + 1, .value = 1});
  const auto split = split_of(13, pairs, {.parameter = 0.0, .seed = 1});
  EXPECT_EQ(split.left_out[12], SpectraLeftOut::no_edge);
  EXPECT_EQ(split.left_out[3], SpectraLeftOut::universal) << "even at lambda 0";
  EXPECT_EQ(split.n_units, 9U) << "the triangle is one unit, four leaves, four of the path";
  EXPECT_THAT(std::vector(split.train.begin(), split.train.begin() + 3),
              UnorderedElementsAre(0, 1, 2));
  EXPECT_EQ(split.test.size(), 2U) << "ceil(0.2 * 8)";
  EXPECT_EQ(split.train.size() + split.test.size(), 11U);
}

TEST(SpectraSplit, VariantsTreatIsolatesAsTheyDo) {
  // A long path and 20 samples without any edge.
  const auto pairs = path(60);
  for (const auto variant : {SpectraVariant::spectrae_1_0_3, SpectraVariant::paper_sd,
                             SpectraVariant::paper_msd, SpectraVariant::v2}) {
    SCOPED_TRACE(std::string(to_string(variant)));
    const auto split = split_of(80, pairs, {.variant = variant, .parameter = 1.0, .seed = 3});
    std::set<std::uint32_t> kept(split.train.begin(), split.train.end());
    kept.insert(split.test.begin(), split.test.end());
    const auto n_isolates = std::count_if(kept.begin(), kept.end(), [](auto s) { return s >= 60; });
    if (variant == SpectraVariant::spectrae_1_0_3) {
      EXPECT_EQ(n_isolates, 0);
      EXPECT_EQ(split.count(SpectraLeftOut::no_edge), 20U);
    }
    if (variant == SpectraVariant::paper_sd) {
      EXPECT_GT(n_isolates, 0);
      EXPECT_GT(split.count(SpectraLeftOut::no_live_neighbour), 0U);
    }
    if (variant == SpectraVariant::v2) {
      EXPECT_EQ(n_isolates, 20);
    }
    EXPECT_EQ(kept.size() + static_cast<std::size_t>(std::count_if(
                                split.left_out.begin(), split.left_out.end(),
                                [](auto reason) { return reason != SpectraLeftOut::none; })),
              80U);
  }
}

TEST(SpectraSplit, MsdTakesTheHighestScoreFirst) {
  // Two stars; the leaves have the lowest degree, so all leaves are kept and no centre is.
  Pairs pairs;
  for (std::uint32_t i = 2; i < 10; ++i) pairs.push_back({.i = i % 2, .j = i, .value = 1});
  SpectraSpec spec{.variant = SpectraVariant::paper_msd, .parameter = 1.0, .seed = 5};
  spec.msd = {.tau_degree = 1.0};
  auto split = split_of(10, pairs, spec);
  EXPECT_EQ(split.left_out[0], SpectraLeftOut::similar);
  EXPECT_EQ(split.left_out[1], SpectraLeftOut::similar);
  // With all weight on the number of samples the centres come first, and no leaf is kept.
  spec.msd = {.n_samples = {9, 8, 1, 1, 1, 1, 1, 1, 1, 1}};
  split = split_of(10, pairs, spec);
  EXPECT_EQ(split.n_units, 2U);
  EXPECT_EQ(split.count(SpectraLeftOut::similar), 8U);
}

TEST(SpectraSplit, MsdSquaresLambda) {
  const auto pairs = test::family_pairs({.n = 600, .salt = 5, .family_promille = 500});
  const auto n_at = [&](SpectraVariant variant, double lambda) {
    const auto split = split_of(600, pairs, {.variant = variant, .parameter = lambda, .seed = 1});
    return split.train.size() + split.test.size();
  };
  // 0.5 deletes with probability 0.25: more is left than at 0.75, which deletes with 0.5625.
  EXPECT_GT(n_at(SpectraVariant::paper_msd, 0.5), n_at(SpectraVariant::paper_msd, 0.75));
  EXPECT_GT(n_at(SpectraVariant::paper_msd, 0.3), n_at(SpectraVariant::paper_sd, 0.3));
}

TEST(SpectraSplit, WeightedKeepsWhatIsBelowThePercentile) {
  // Ten pairs of weights .1 to 1; at lambda 0.5 only weights above the median may delete. Node 0 is
  // linked to all others: at most the five heaviest can be deleted by it.
  Pairs pairs;
  for (std::uint32_t j = 1; j <= 10; ++j) pairs.push_back({.i = 0, .j = j, .value = j / 10.0});
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    const auto split = split_of(11, pairs, {.parameter = 0.5, .seed = seed}, true);
    for (std::uint32_t j = 1; j <= 4; ++j) {
      EXPECT_NE(split.left_out[j], SpectraLeftOut::similar)
          << "weight " << j << " of seed " << seed;
    }
  }
}

TEST(SpectraSplit, TooFewLeftIsARefusal) {
  const auto few = split_of(6, path(6), {.parameter = 1.0, .seed = 1});
  EXPECT_THAT(few.refusal, HasSubstr("5 or fewer"));
  EXPECT_TRUE(few.train.empty() && few.test.empty());
  const auto v2 =
      split_of(15, path(15), {.variant = SpectraVariant::v2, .parameter = 1.0, .seed = 1});
  EXPECT_THAT(v2.refusal, HasSubstr("10 or fewer"));
  // Six cliques and a path whose middle goes: enough units, but one sample to divide.
  Pairs pairs;
  for (std::uint32_t c = 0; c < 6; ++c) pairs = joined(pairs, clique(3 * c, 2));
  pairs = joined(pairs, {{18, 19, 1}, {19, 20, 1}});
  const auto split = split_of(21, pairs, {.parameter = 1.0, .seed = 1});
  EXPECT_EQ(split.n_units, 8U);
  EXPECT_EQ(split.test.size(), 1U);
}

TEST(SpectraGuards, SayWhatThePackageSays) {
  const auto check = [](std::size_t n, const Pairs& pairs, SpectraVariant variant) {
    return message_of([&] {
      const auto graph = make_spectra_graph(n, pairs, false);
      check_spectra_graph(graph, find_spectra_components(graph), variant);
    });
  };
  const auto v1 = SpectraVariant::spectrae_1_0_3;
  EXPECT_THAT(check(5, clique(0, 5), v1), HasSubstr("fully connected: all 5"));
  EXPECT_THAT(check(6, joined(clique(0, 3), clique(3, 3)), v1), HasSubstr("all 2 components"));
  EXPECT_THAT(check(4, path(4), v1), HasSubstr("density 0.5 (4 nodes, 3 edges)"));
  EXPECT_THAT(check(4, path(4), SpectraVariant::v2), HasSubstr("0.4 or more"));
  EXPECT_EQ(check(4, path(4), SpectraVariant::paper_sd), "");
  EXPECT_EQ(check(40, path(40), v1), "");
  EXPECT_THAT(check(3, {{0, 1, 0}}, v1), HasSubstr("no edge"));
  // networkx ends in RuntimeError when a clique of half the graph is removed.
  EXPECT_THAT(
      check(20, joined(clique(0, 5), Pairs{{8, 9, 1}, {9, 10, 1}, {10, 11, 1}, {11, 12, 1}}), v1),
      HasSubstr("clique of 5"));
  EXPECT_EQ(
      check(20, joined(clique(0, 4), Pairs{{8, 9, 1}, {9, 10, 1}, {10, 11, 1}, {11, 12, 1}}), v1),
      "");
}

TEST(SpectraOverlap, CountsTestSamplesWithATrainingNeighbour) {
  const Pairs pairs = {{0, 1, 0.5}, {0, 2, 0.25}, {3, 4, 1.0}, {2, 3, 0.75}};
  SpectraSplit split;
  split.train = {0, 3};
  split.test = {1, 2, 5};
  const auto weighted = measure_spectra_overlap(make_spectra_graph(6, pairs, true), split);
  EXPECT_DOUBLE_EQ(weighted.share_with_neighbour, 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(weighted.nearest_mean, (0.5 + 0.75 + 0.0) / 3);
  EXPECT_DOUBLE_EQ(weighted.nearest_median, 0.5);
  EXPECT_DOUBLE_EQ(weighted.nearest_max, 0.75);
  EXPECT_DOUBLE_EQ(weighted.mean_pair, (0.5 + 0.25 + 0.75) / 6);
  const auto binary = measure_spectra_overlap(make_spectra_graph(6, pairs, false), split);
  EXPECT_DOUBLE_EQ(binary.share_with_neighbour, 2.0 / 3.0);
  EXPECT_TRUE(std::isnan(binary.nearest_mean));
}

TEST(SpectraSplit, ParameterOutsideIsRefused) {
  EXPECT_THAT(message_of([] { split_of(40, path(40), {.parameter = 1.5}); }), HasSubstr("1.5"));
  EXPECT_THAT(message_of([] { parse_spectra_variant("spectrae-1.0.2"); }),
              HasSubstr("did you mean \"spectrae-1.0.3\"?"));
}

TEST(LiveNodes, SelectsByRank) {
  for (const std::size_t n : {1U, 63U, 64U, 65U, 1000U}) {
    LiveNodes live(n);
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < n; ++i) {
      if (n > 1 && test::mix({n, i}) % 3 == 0) {
        live.remove(i);
      } else {
        expected.push_back(i);
      }
    }
    ASSERT_EQ(live.count(), expected.size());
    for (std::uint32_t rank = 0; rank < expected.size(); ++rank) {
      ASSERT_EQ(live.select(rank), expected[rank]) << n;
    }
  }
}

// ---- pairs as text

TEST(SpectraPairs, FormsOfALine) {
  const auto pairs = parse_spectra_pairs(
      "i\tj\tvalue\n0\t1\t0.5\n2,3,1\r\n4 5 True\n\n6\t7\n8\t9\t0", "p.tsv", {});
  ASSERT_EQ(pairs.size(), 5U);
  EXPECT_EQ(pairs[0].value, 0.5);
  EXPECT_EQ(pairs[1].j, 3U);
  EXPECT_EQ(pairs[2].value, 1.0);
  EXPECT_EQ(pairs[3].value, 1.0);
  EXPECT_EQ(pairs[4].value, 0.0);
  EXPECT_TRUE(parse_spectra_pairs("", "p.tsv", {}).empty());
}

TEST(SpectraPairs, BadLinesAreNamed) {
  const auto parse = [](const std::string& text) {
    return message_of([&] { parse_spectra_pairs(text, "p.tsv", {}); });
  };
  EXPECT_THAT(parse("0\t1\t1\n0\t2\tx\n"), HasSubstr("p.tsv:2:3 (value \"x\")"));
  EXPECT_THAT(parse("0\t1\tnan\n"), HasSubstr("not a finite number"));
  EXPECT_THAT(parse("0\t1.5\t1\n"), HasSubstr("p.tsv:1:2"));
  EXPECT_THAT(parse("-1\t1\t1\n"), HasSubstr("whole number from 0"));
  EXPECT_THAT(parse("0\t1\t1\t7\n"), HasSubstr("three fields"));
}

TEST(SpectraPairs, PiecesDoNotMatter) {
  std::string text;
  for (std::uint32_t i = 0; i < 600000; ++i) text += std::to_string(i) + "\t7\t0.25\n";
  const auto pairs = parse_spectra_pairs(text, "p.tsv", {.n_threads = 2});
  ASSERT_EQ(pairs.size(), 600000U);
  for (std::uint32_t i = 0; i < pairs.size(); ++i) ASSERT_EQ(pairs[i].i, i);
  text += "1\t2\tbad\n";
  EXPECT_THAT(message_of([&] { parse_spectra_pairs(text, "p.tsv", {.n_threads = 2}); }),
              HasSubstr("p.tsv:600001:3"));
}

}  // namespace
}  // namespace cupel

// The engine against plain loops over all pairs, for every sink, shape and number of threads.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>

#include "../../unit/similarity/toy.hpp"
#include "similarity/dense.hpp"
#include "similarity/fingerprint.hpp"
#include "similarity/graph.hpp"

namespace cupel {
namespace {

std::unique_ptr<Similarity> draw_fingerprints(std::uint64_t seed, bool symmetric) {
  const std::size_t n = *rc::gen::inRange<std::size_t>(0, 90);
  const std::size_t m = *rc::gen::inRange<std::size_t>(1, 150);
  const std::size_t n_bits = *rc::gen::element<std::size_t>(17, 166, 512, 700, 1024, 2048);
  const double density = *rc::gen::element(0.01, 0.03, 0.3, 0.9);
  const auto measure =
      *rc::gen::element(BitMeasure::tanimoto, BitMeasure::dice, BitMeasure::cosine);
  const auto set =
      *rc::gen::element(InstructionSet::portable, InstructionSet::avx2, InstructionSet::avx512);
  std::unique_ptr<PackedBits> cols;
  if (!symmetric) {
    cols = std::make_unique<PackedBits>(test::clustered_bits(m, n_bits, 4, density, seed));
  }
  return fingerprint_similarity(test::clustered_bits(n, n_bits, 5, density, seed), std::move(cols),
                                {.measure = measure, .kernels = bit_kernels(set)});
}

std::unique_ptr<Similarity> draw_similarity() {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const bool symmetric = *rc::gen::arbitrary<bool>();
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return draw_fingerprints(seed, symmetric);
    case 1: {
      Matrix<double> rows(*rc::gen::inRange<std::size_t>(1, 140), 5);
      Matrix<double> cols(*rc::gen::inRange<std::size_t>(1, 80), 5);
      Rng rng(seed, "vectors");
      for (double& value : rows.values) value = rng.below(3) - 1.0;
      for (double& value : cols.values) value = rng.below(3) - 1.0;
      const auto measure =
          *rc::gen::element(VectorMeasure::cosine, VectorMeasure::pearson, VectorMeasure::euclid);
      return dense_similarity(rows, symmetric ? nullptr : &cols, measure, "toy").similarity;
    }
    default: {
      const std::size_t n = *rc::gen::inRange<std::size_t>(0, 60);
      const std::size_t m = symmetric ? n : *rc::gen::inRange<std::size_t>(0, 60);
      return std::make_unique<test::TableSimilarity>(n, m, symmetric, seed,
                                                     *rc::gen::element(2U, 4U, 11U, 1000U));
    }
  }
}

double draw_threshold() {
  return *rc::gen::element(1.0 / 3.0, 0.3, 0.5, 2.0 / 3.0, 0.4, 0.7, 1.0, 0.0, -0.5, 1.5,
                           std::nextafter(0.5, 1.0), std::nextafter(1.0 / 3.0, 1.0));
}

Context threads(unsigned n) {
  Context context;
  context.n_threads = n;
  return context;
}

RC_GTEST_PROP(Engine, PairsAreThoseOfThePlainLoop, ()) {
  const auto similarity = draw_similarity();
  const double threshold = draw_threshold();
  std::vector<Hit> expected;
  for (const Hit& pair : test::all_pairs(*similarity)) {
    if (pair.value >= threshold) expected.push_back(pair);
  }
  for (const unsigned n : {1U, 2U, 5U}) {
    RC_ASSERT(test::same_hits(pairs_at_least(*similarity, threshold, threads(n)), expected));
    RC_ASSERT(count_pairs_at_least(*similarity, threshold, threads(n)) == expected.size());
  }
}

RC_GTEST_PROP(Engine, ValuesDoNotDependOnTheTileAndAreSymmetric, ()) {
  const auto similarity = draw_similarity();
  const std::size_t n = similarity->n_rows();
  const std::size_t m = similarity->n_cols();
  RC_PRE(n > 0 && m > 0);
  std::vector<double> whole(n * m);
  similarity->values({0, n}, {0, m}, whole);
  const Range rows{*rc::gen::inRange<std::size_t>(0, n), n};
  const Range cols{*rc::gen::inRange<std::size_t>(0, m), m};
  std::vector<double> part(rows.size() * cols.size());
  similarity->values(rows, cols, part);
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    for (std::size_t j = cols.begin; j < cols.end; ++j) {
      RC_ASSERT(part[(i - rows.begin) * cols.size() + (j - cols.begin)] == whole[i * m + j]);
      RC_ASSERT(std::isfinite(whole[i * m + j]));
      if (similarity->is_symmetric()) RC_ASSERT(whole[i * m + j] == whole[j * m + i]);
    }
  }
}

RC_GTEST_PROP(Engine, NearestAndTopKAreThoseOfSorting, ()) {
  const auto similarity = draw_similarity();
  const std::size_t k = *rc::gen::element<std::size_t>(1, 2, 5, 1000);
  const auto expected = test::plain_top_k(*similarity, k);
  for (const unsigned n : {1U, 2U, 5U}) {
    const auto lists = top_k(*similarity, k, threads(n));
    const auto best = nearest(*similarity, threads(n));
    RC_ASSERT(lists.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      RC_ASSERT(lists[i].size() == expected[i].size());
      for (std::size_t r = 0; r < expected[i].size(); ++r) {
        RC_ASSERT(lists[i][r].col == expected[i][r].col);
        RC_ASSERT(lists[i][r].value == expected[i][r].value);
      }
      RC_ASSERT(best[i].col == (expected[i].empty() ? Nearest::kNone : expected[i][0].col));
      if (!expected[i].empty()) RC_ASSERT(best[i].value == expected[i][0].value);
    }
  }
}

RC_GTEST_PROP(Engine, HistogramCountsEveryPairOnce, ()) {
  const auto similarity = draw_similarity();
  const std::size_t n_bins = *rc::gen::element<std::size_t>(1, 3, 20);
  std::vector<std::uint64_t> expected(n_bins, 0);
  double sum = 0.0;
  const auto all = test::all_pairs(*similarity);
  for (const Hit& pair : all) {
    const double place = std::clamp(pair.value * static_cast<double>(n_bins), 0.0,
                                    static_cast<double>(n_bins) - 1.0);
    ++expected[static_cast<std::size_t>(place)];
    sum += pair.value;
  }
  const auto one = histogram(*similarity, n_bins, 0.0, 1.0, threads(1));
  RC_ASSERT(one.counts == expected);
  RC_ASSERT(one.n_pairs == all.size());
  RC_ASSERT(std::abs(one.sum - sum) <= 1e-9 * (1.0 + std::abs(sum)));
  for (const unsigned n : {2U, 5U}) {
    const auto more = histogram(*similarity, n_bins, 0.0, 1.0, threads(n));
    RC_ASSERT(more.counts == expected);
    RC_ASSERT(more.sum == one.sum);
  }
}

/// Components by repeated relabelling, numbered by their lowest node.
std::vector<std::uint32_t> plain_components(std::size_t n, const std::vector<Hit>& edges) {
  std::vector<std::uint32_t> label(n);
  std::iota(label.begin(), label.end(), 0U);
  for (bool changed = true; changed;) {
    changed = false;
    for (const Hit& edge : edges) {
      const std::uint32_t low = std::min(label[edge.row], label[edge.col]);
      changed = changed || label[edge.row] != low || label[edge.col] != low;
      label[edge.row] = label[edge.col] = low;
    }
  }
  std::map<std::uint32_t, std::uint32_t> number;
  for (auto& value : label) {
    value = number.try_emplace(value, static_cast<std::uint32_t>(number.size())).first->second;
  }
  return label;
}

RC_GTEST_PROP(Graph, HoldsTheEdgesAndTheirComponents, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 60);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const test::TableSimilarity similarity(n, n, true, seed, *rc::gen::element(4U, 40U));
  const double threshold = *rc::gen::element(0.3, 1.0 / 3.0, 0.9, 0.95, 1.0);
  auto hits = pairs_at_least(similarity, threshold, threads(1));
  for (const unsigned n_threads : {1U, 2U, 5U}) {
    const auto graph = build_graph(similarity, threshold, threads(n_threads));
    RC_ASSERT(graph.n_nodes() == n);
    RC_ASSERT(graph.n_edges() == hits.size());
    std::size_t seen = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      std::uint32_t previous = 0;
      for (std::size_t k = 0; k < graph.degree(i); ++k, ++seen) {
        const std::uint32_t j = graph.neighbours(i)[k];
        RC_ASSERT(k == 0 || j > previous);
        RC_ASSERT(graph.weights(i)[k] == similarity.at(i, j));
        RC_ASSERT(similarity.at(i, j) >= threshold && i != j);
        previous = j;
      }
    }
    RC_ASSERT(seen == 2 * hits.size());
  }
  // In any order, with the ends either way round.
  Rng rng(seed, "shuffle");
  rng.shuffle(std::span(hits));
  for (auto& hit : hits) {
    if (rng.below(2) == 0) std::swap(hit.row, hit.col);
  }
  const auto graph = build_graph(similarity, threshold, threads(1));
  const auto made = make_graph(n, hits);
  RC_ASSERT(made.begin == graph.begin);
  RC_ASSERT(made.neighbour == graph.neighbour);
  RC_ASSERT(made.weight == graph.weight);
  // At a higher threshold too.
  const double higher = *rc::gen::element(threshold, 0.96, 1.0);
  const double at = std::max(threshold, higher);
  std::erase_if(hits, [&](const Hit& hit) { return hit.value < at; });
  const auto expected = plain_components(n, hits);
  RC_ASSERT(connected_components(graph, at).of_node == expected);
  RC_ASSERT(components_at_least(similarity, at, threads(2)).of_node == expected);
  const auto part = at_threshold(graph, at);
  const auto direct = build_graph(similarity, at, threads(2));
  RC_ASSERT(part.begin == direct.begin);
  RC_ASSERT(part.neighbour == direct.neighbour);
  RC_ASSERT(part.weight == direct.weight);
  const auto counts = degrees(graph, at);
  for (std::size_t i = 0; i < n; ++i) RC_ASSERT(counts[i] == direct.degree(i));
  // A community lies within a component.
  const auto parts = communities(graph, at, seed);
  std::map<std::uint32_t, std::uint32_t> component_of;
  for (std::size_t i = 0; i < n; ++i) {
    const auto found = component_of.try_emplace(parts.of_node[i], expected[i]).first->second;
    RC_ASSERT(found == expected[i]);
  }
}

}  // namespace
}  // namespace cupel

// Neighbours against the definition, pair by pair in integers, for every instruction set, shape of
// the data and number of threads.
#include "model/nearest_neighbours.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "../../unit/similarity/toy.hpp"

namespace cupel {
namespace {

struct Counts {
  std::uint64_t common = 0;
  std::uint64_t query = 0;
  std::uint64_t row = 0;
};

Counts count(const PackedBits& x, std::uint32_t query, std::uint32_t row) {
  Counts counts;
  for (std::size_t w = 0; w < x.n_words; ++w) {
    const auto ones = [](std::uint64_t word) {
      return static_cast<std::uint64_t>(std::popcount(word));
    };
    counts.common += ones(x.row(query)[w] & x.row(row)[w]);
    counts.query += ones(x.row(query)[w]);
    counts.row += ones(x.row(row)[w]);
  }
  return counts;
}

/// Is p nearer to the query than q? Without a division.
bool nearer(Nearness nearness, const Counts& p, const Counts& q) {
  if (nearness == Nearness::euclid) return p.row + 2 * q.common < q.row + 2 * p.common;
  return p.common * (q.query + q.row - q.common) > q.common * (p.query + p.row - p.common);
}

RC_GTEST_PROP(NearestNeighbours, AreThoseOfTheDefinition, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const std::size_t n = *rc::gen::element<std::size_t>(3, 40, 400, 900);
  const std::size_t n_bits = *rc::gen::element<std::size_t>(17, 166, 512, 1024, 2048);
  const double density = *rc::gen::element(0.005, 0.03, 0.3, 0.9);
  PackedBits x = test::clustered_bits(n, n_bits, 7, density, seed);
  const std::size_t n_empty = *rc::gen::inRange<std::size_t>(0, 3);
  for (std::size_t i = 0; i < n_empty; ++i) std::ranges::fill(x.row(i), std::uint64_t{0});
  Rng rng(seed, "rows");
  std::vector<std::uint32_t> base;
  std::vector<std::uint32_t> queries;
  for (std::uint32_t i = 0; i < n; ++i) (rng.below(4) == 0 ? queries : base).push_back(i);
  rng.shuffle(std::span(base));
  const auto k = *rc::gen::inRange<std::uint32_t>(1, 12);
  const auto nearness = *rc::gen::element(Nearness::tanimoto, Nearness::euclid);
  const auto set =
      *rc::gen::element(InstructionSet::portable, InstructionSet::avx2, InstructionSet::avx512);
  Context context;
  context.n_threads = *rc::gen::inRange(1U, 4U);
  const auto found = nearest(x, base, queries,
                             {.k = k, .nearness = nearness, .kernels = bit_kernels(set)}, context);

  RC_ASSERT(found.n_queries() == queries.size());
  for (std::size_t q = 0; q < queries.size(); ++q) {
    std::vector<Counts> counts;
    for (const std::uint32_t row : base) counts.push_back(count(x, queries[q], row));
    std::vector<std::uint32_t> order(base.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return nearer(nearness, counts[a], counts[b]);
    });
    std::size_t n_near = std::min<std::size_t>(k, order.size());
    while (n_near < order.size() &&
           !nearer(nearness, counts[order[n_near - 1]], counts[order[n_near]])) {
      ++n_near;
    }
    order.resize(n_near);
    const std::vector<std::uint32_t> mine(
        found.neighbour.begin() + static_cast<std::ptrdiff_t>(found.begin[q]),
        found.neighbour.begin() + static_cast<std::ptrdiff_t>(found.begin[q + 1]));
    RC_ASSERT(mine == order);
    for (std::size_t i = 0; i < n_near; ++i) {
      const Counts& c = counts[order[i]];
      const auto all = static_cast<double>(c.query + c.row - c.common);
      const auto common = static_cast<double>(c.common);
      const double expected = nearness == Nearness::euclid ? -std::sqrt(all - common)
                              : all == 0.0                 ? 0.0
                                                           : common / all;
      RC_ASSERT(found.similarity[found.begin[q] + i] == expected);
    }
  }
}

RC_GTEST_PROP(NearestNeighbours, NumbersAreThoseOfTheDefinition, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const std::size_t n = *rc::gen::inRange<std::size_t>(2, 200);
  Matrix<float> x(n, *rc::gen::inRange<std::size_t>(1, 4));
  Rng rng(seed, "numbers");
  for (float& value : x.values) value = static_cast<float>(rng.below(5));  // many ties
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  const auto k = *rc::gen::inRange<std::uint32_t>(1, 9);
  const auto found = nearest(x, rows, rows, {.k = k}, {});
  for (std::uint32_t q = 0; q < n; ++q) {
    std::vector<std::pair<double, std::uint32_t>> all;
    for (const std::uint32_t row : rows) {
      double sum = 0.0;
      for (std::size_t f = 0; f < x.cols; ++f) {
        sum += std::pow(static_cast<double>(x(q, f)) - static_cast<double>(x(row, f)), 2.0);
      }
      all.emplace_back(sum, row);
    }
    std::sort(all.begin(), all.end());
    std::size_t n_near = std::min<std::size_t>(k, n);
    while (n_near < n && all[n_near].first == all[n_near - 1].first) ++n_near;
    RC_ASSERT(found.begin[q + 1] - found.begin[q] == n_near);
    for (std::size_t i = 0; i < n_near; ++i) {
      RC_ASSERT(found.neighbour[found.begin[q] + i] == all[i].second);
    }
  }
}

}  // namespace
}  // namespace cupel

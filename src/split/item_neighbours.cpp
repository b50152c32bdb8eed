#include "split/item_neighbours.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

void sort_lists(ItemNeighbours& neighbours, const Context& context) {
  constexpr std::size_t kBlock = 64;
  const std::size_t n = neighbours.n_items();
  parallel_for(context, (n + kBlock - 1) / kBlock, [&](std::size_t block) {
    for (std::size_t i = block * kBlock; i < std::min((block + 1) * kBlock, n); ++i) {
      std::sort(neighbours.list.begin() + static_cast<std::ptrdiff_t>(neighbours.begin[i]),
                neighbours.list.begin() + static_cast<std::ptrdiff_t>(neighbours.begin[i + 1]),
                [](const Nearest& a, const Nearest& b) {
                  return a.value != b.value ? a.value > b.value : a.col < b.col;
                });
    }
  });
}

}  // namespace

ItemNeighbours all_neighbours(const Similarity& similarity, const Context& context) {
  const std::size_t n = similarity.n_rows();
  ItemNeighbours all{.is_complete = true};
  if (n == 0) return all;
  all.begin.resize(n + 1);
  for (std::size_t i = 0; i <= n; ++i) all.begin[i] = i * (n - 1);
  all.list.resize(n * (n - 1));
  constexpr std::size_t kBlock = 16;
  parallel_for(context, (n + kBlock - 1) / kBlock, [&](std::size_t block) {
    std::vector<double> row(n);
    for (std::size_t i = block * kBlock; i < std::min((block + 1) * kBlock, n); ++i) {
      similarity.values({i, i + 1}, {0, n}, row);
      auto place = all.begin[i];
      for (std::size_t j = 0; j < n; ++j) {
        if (j != i) all.list[place++] = {static_cast<std::uint32_t>(j), row[j]};
      }
    }
  });
  sort_lists(all, context);
  all.floor = n > 1 ? all.list[all.begin[1] - 1].value : 0.0;
  for (std::size_t i = 1; i < n; ++i) {
    all.floor = std::min(all.floor, all.list[all.begin[i + 1] - 1].value);
  }
  return all;
}

ItemNeighbours neighbours_at_least(const Similarity& similarity, double floor,
                                   std::uint64_t max_pairs, const Context& context) {
  std::vector<Hit> hits;
  for_pairs_at_least(similarity, floor, context, [&](const std::vector<Hit>& block) {
    if (hits.size() + block.size() > max_pairs) {
      fail(ErrorKind::numeric,
           fmt::format("more than {} pairs have a similarity of at least {}, too many to keep",
                       max_pairs, floor),
           {}, "use a higher threshold");
    }
    hits.insert(hits.end(), block.begin(), block.end());
  });
  ItemNeighbours kept{.floor = floor};
  kept.begin.assign(similarity.n_rows() + 1, 0);
  for (const auto& hit : hits) {
    ++kept.begin[hit.row + 1];
    ++kept.begin[hit.col + 1];
  }
  for (std::size_t i = 1; i < kept.begin.size(); ++i) kept.begin[i] += kept.begin[i - 1];
  kept.list.resize(2 * hits.size());
  auto place = kept.begin;
  for (const auto& hit : hits) {
    kept.list[place[hit.row]++] = {hit.col, hit.value};
    kept.list[place[hit.col]++] = {hit.row, hit.value};
  }
  sort_lists(kept, context);
  return kept;
}

double floor_for_pairs(const Similarity& similarity, std::uint64_t wanted, std::uint64_t seed) {
  constexpr std::size_t kDraws = 20000;
  const auto n = static_cast<std::uint32_t>(similarity.n_rows());
  std::vector<double> drawn;
  Rng rng(seed, "similarity floor");
  while (drawn.size() < kDraws) {
    const std::uint32_t i = rng.below(n);
    const std::uint32_t j = rng.below(n);
    if (i != j) drawn.push_back(similarity.at(i, j));
  }
  std::sort(drawn.begin(), drawn.end(), std::greater<>());
  const double n_pairs = 0.5 * static_cast<double>(n) * (static_cast<double>(n) - 1.0);
  const double share = std::min(1.0, static_cast<double>(wanted) / n_pairs);
  const auto place =
      std::min(static_cast<std::size_t>(share * static_cast<double>(kDraws)), kDraws - 1);
  // Values may be tied (most pairs of sets share nothing): then the next higher value.
  const auto last = std::upper_bound(drawn.begin(), drawn.end(), drawn[place], std::greater<>());
  if (static_cast<double>(last - drawn.begin()) <= 2.0 * share * kDraws) return drawn[place];
  const auto first = std::lower_bound(drawn.begin(), drawn.end(), drawn[place], std::greater<>());
  return first == drawn.begin() ? drawn[place] : *(first - 1);
}

}  // namespace cupel

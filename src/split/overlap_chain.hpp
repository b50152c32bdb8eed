#pragma once
/// The chain of training sets of one test set, from random to as dissimilar as the sizes allow. See
/// overlap_series.hpp.
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "split/item_neighbours.hpp"
#include "split/overlap_series.hpp"

namespace cupel::detail {

struct ChainStep {
  std::uint32_t shut_out = 0;  ///< item
  double closeness = 0.0;      ///< its similarity to the nearest test item
  bool was_training = false;
  std::uint32_t added = 0;  ///< its replacement, if it was a training item
};

struct OverlapChain {
  std::vector<std::uint32_t> test;   ///< ascending
  std::vector<std::uint32_t> start;  ///< random training items, ascending
  std::vector<ChainStep> steps;
  std::vector<double> overlap;  ///< steps + 1: after 0, 1, ... steps

  [[nodiscard]] double lowest() const;
  /// Numbers of steps after which the overlap is lower than ever before, from 0 on.
  [[nodiscard]] std::vector<std::size_t> record_lows() const;
  [[nodiscard]] std::vector<std::uint32_t> training_after(std::size_t n_steps) const;
};

/// What the levels are about: overlap of one test item, given its nearest training similarity.
struct OverlapRule {
  OverlapMeasure measure = OverlapMeasure::nearest_mean;
  double threshold = 0.0;
  [[nodiscard]] double of(double nearest) const noexcept {
    if (measure == OverlapMeasure::nearest_mean) return nearest;
    return nearest >= threshold ? 1.0 : 0.0;
  }
};

/// Items that take part, and what is known about them.
struct SeriesItems {
  const ItemNeighbours* neighbours = nullptr;
  std::vector<double> weight;  ///< all > 0
  [[nodiscard]] std::size_t size() const noexcept { return weight.size(); }
};

/// `n_test` items in neighbourhoods of `size`: random items, each with its size - 1 most similar
/// ones that are still free. Ascending.
std::vector<std::uint32_t> draw_test_items(const SeriesItems& items, std::size_t n_test,
                                           std::size_t size, Rng& rng);

/// `n` of `pool` at random, the last tenth of them chosen so that the weights add up to nearly n
/// times the pool's mean. Ascending.
std::vector<std::uint32_t> draw_training_items(const SeriesItems& items,
                                               std::span<const std::uint32_t> pool, std::size_t n,
                                               Rng& rng);

OverlapChain make_chain(const SeriesItems& items, std::vector<std::uint32_t> test,
                        std::size_t n_train, const OverlapRule& rule, Rng& rng);

/// Overlap when the 0, 1, 2, ... most test-like items are shut out and all others are trained on:
/// where the chain ends for every size of the training set. One value per size, from the whole pool
/// down to one item.
std::vector<double> lowest_overlaps(const SeriesItems& items, std::span<const std::uint32_t> test,
                                    const OverlapRule& rule);

}  // namespace cupel::detail

#pragma once
/// Which test sets an overlap series uses: several draws, and the chains of those that span most.
/// See overlap_series.hpp.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "split/item_neighbours.hpp"
#include "split/overlap_chain.hpp"
#include "split/overlap_series.hpp"

namespace cupel::detail {

/// Everything that all repeats share. Items are renumbered: those of weight 0 are gone.
struct Series {
  const OverlapSeriesOptions* options = nullptr;
  const Context* context = nullptr;
  const Similarity* similarity = nullptr;  ///< among the items that take part
  ItemNeighbours neighbours;
  SeriesItems items;
  OverlapRule rule;
  std::vector<std::size_t> sizes;  ///< of neighbourhoods, to be tried
  std::size_t n_test = 0;
  std::size_t n_train = 0;
};

/// One chain per repeat.
struct Chains {
  std::vector<OverlapChain> of_repeat;
  std::size_t neighbourhood_size = 1;
  double highest = 0.0;  ///< what all repeats can serve
  double lowest = 0.0;
  double mean_start = 0.0;

  [[nodiscard]] double span() const noexcept { return highest - lowest; }
};

/// round(share * n), at least 1.
std::size_t items_of_share(double share, std::size_t n);

/// Sets Series::n_train: the share asked for, or the most that reaches the lowest level.
void choose_n_train(Series& series);

/// Of all sizes of neighbourhoods the smallest that spans nearly the widest range; if levels are
/// asked for, of those that reach the lowest of them (of all, if none does).
Chains choose_chains(const Series& series);

/// "; at similarity 0.4 an item has 3.1 neighbours on average ...", "" without a threshold.
std::string describe_density(const Series& series);

/// A level that the sizes do not allow: says what is feasible.
[[noreturn]] void fail_too_low(const Series& series, double level);

}  // namespace cupel::detail

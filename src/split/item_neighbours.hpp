#pragma once
/// Every item's neighbours from most to least similar: what splitters walk along.
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/engine.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

struct ItemNeighbours {
  std::vector<std::uint64_t> begin{0};  ///< n_items + 1
  std::vector<Nearest> list;            ///< by falling value, then rising number
  double floor = 0.0;        ///< pairs below it are not listed; of a complete list, the least value
  bool is_complete = false;  ///< all pairs are listed

  [[nodiscard]] std::size_t n_items() const noexcept { return begin.size() - 1; }
  [[nodiscard]] std::span<const Nearest> of(std::size_t item) const noexcept {
    return {list.data() + begin[item], static_cast<std::size_t>(begin[item + 1] - begin[item])};
  }
};

/// All pairs of a symmetric similarity. 16 n^2 bytes.
ItemNeighbours all_neighbours(const Similarity& similarity, const Context& context);

/// Pairs with value >= floor. Throws Error{numeric} if there are more than `max_pairs`.
ItemNeighbours neighbours_at_least(const Similarity& similarity, double floor,
                                   std::uint64_t max_pairs, const Context& context);

/// The value that about `wanted` of all pairs reach, from 20,000 pairs drawn at random.
double floor_for_pairs(const Similarity& similarity, std::uint64_t wanted, std::uint64_t seed);

}  // namespace cupel

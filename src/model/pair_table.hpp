#pragma once
/// Samples of a data set seen as cells of a two-way table: two entity codes and a value each.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cupel/dataset.hpp"

namespace cupel {

struct PairTable {
  std::size_t n_first = 0;  ///< number of ids of the first entity in the data set
  std::size_t n_second = 0;
  std::vector<std::uint32_t> first;  ///< code per pair
  std::vector<std::uint32_t> second;
  std::vector<double> value;

  [[nodiscard]] std::size_t size() const noexcept { return value.size(); }
};

/// With the targets of `rows`.
PairTable training_pairs(const Dataset& data, std::span<const std::uint32_t> rows,
                         std::string_view first, std::string_view second);

/// Pairs ordered by a code: those of level i are `order[begin[i]] .. order[begin[i + 1] - 1]`,
/// in their original order. O(n + levels), counting sort.
struct Grouping {
  std::vector<std::uint32_t> begin;  ///< n_levels + 1
  std::vector<std::uint32_t> order;

  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t level) const noexcept {
    return {order.data() + begin[level], begin[level + 1] - begin[level]};
  }
};
Grouping group_by(std::span<const std::uint32_t> codes, std::size_t n_levels);

}  // namespace cupel

#include "model/pair_table.hpp"

namespace cupel {

PairTable training_pairs(const Dataset& data, std::span<const std::uint32_t> rows,
                         std::string_view first, std::string_view second) {
  const Entity& a = data.entity(first);
  const Entity& b = data.entity(second);
  PairTable pairs;
  pairs.n_first = a.ids.size();
  pairs.n_second = b.ids.size();
  pairs.first.reserve(rows.size());
  pairs.second.reserve(rows.size());
  pairs.value.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    pairs.first.push_back(a.code_of_sample[row]);
    pairs.second.push_back(b.code_of_sample[row]);
    pairs.value.push_back(data.target(row));
  }
  return pairs;
}

Grouping group_by(std::span<const std::uint32_t> codes, std::size_t n_levels) {
  Grouping grouping;
  grouping.begin.assign(n_levels + 1, 0);
  for (const std::uint32_t code : codes) ++grouping.begin[code + 1];
  for (std::size_t i = 0; i < n_levels; ++i) grouping.begin[i + 1] += grouping.begin[i];
  grouping.order.resize(codes.size());
  std::vector<std::uint32_t> next(grouping.begin.begin(), grouping.begin.end() - 1);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    grouping.order[next[codes[i]]++] = static_cast<std::uint32_t>(i);
  }
  return grouping;
}

}  // namespace cupel

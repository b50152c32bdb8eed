#include "split/units.hpp"

#include <algorithm>
#include <numeric>

namespace cupel {
namespace {

constexpr std::uint64_t kNoKey = ~std::uint64_t{0};
constexpr std::uint64_t kLargestTable = std::uint64_t{1} << 26U;  // 256 MiB of numbers

/// Renumbers keys below `n_keys` densely, in ascending order. O(n + n_keys) while a table of all
/// keys is small, else O(n log n).
Units dense_units(const std::vector<std::uint64_t>& keys, std::uint64_t n_keys) {
  Units units;
  units.of_sample.assign(keys.size(), Units::kNone);
  if (n_keys <= kLargestTable) {
    std::vector<std::uint32_t> number(n_keys, Units::kNone);
    for (const auto key : keys) {
      if (key != kNoKey) number[key] = 0;
    }
    for (auto& value : number) {
      if (value == 0) value = units.count++;
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i] != kNoKey) units.of_sample[i] = number[keys[i]];
    }
    return units;
  }
  std::vector<std::uint64_t> known = keys;
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  if (!known.empty() && known.back() == kNoKey) known.pop_back();
  units.count = static_cast<std::uint32_t>(known.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == kNoKey) continue;
    const auto place = std::lower_bound(known.begin(), known.end(), keys[i]);
    units.of_sample[i] = static_cast<std::uint32_t>(place - known.begin());
  }
  return units;
}

}  // namespace

Units pair_units(const Dataset& data) {
  std::vector<std::uint64_t> keys(data.n_samples(), 0);
  std::uint64_t n_keys = 1;
  for (const auto& entity : data.entities) {
    n_keys *= entity.ids.size();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      keys[i] = keys[i] * entity.ids.size() + entity.code_of_sample[i];
    }
  }
  return dense_units(keys, n_keys);
}

Units entity_units(const Dataset& data, std::string_view entity) {
  return entity_units(data, entity, {});
}

Units entity_units(const Dataset& data, std::string_view entity,
                   std::span<const std::uint32_t> group_of_id) {
  const Entity& owner = data.entity(entity);
  std::vector<std::uint64_t> keys(owner.code_of_sample.begin(), owner.code_of_sample.end());
  if (group_of_id.empty()) return dense_units(keys, owner.ids.size());
  for (auto& key : keys) key = group_of_id[key];
  return dense_units(keys, *std::max_element(group_of_id.begin(), group_of_id.end()) + 1ULL);
}

Units label_units(const Dataset& data, std::string_view entity, std::string_view label) {
  const Entity& owner = data.entity(entity);
  const LabelBlock* block = owner.find_label(label);
  std::vector<std::uint64_t> keys(data.n_samples(), kNoKey);
  for (std::size_t i = 0; i < keys.size() && block != nullptr; ++i) {
    const std::uint32_t code = block->code[owner.code_of_sample[i]];
    if (code != LabelBlock::kUnknown) keys[i] = code;
  }
  return dense_units(keys, block == nullptr ? 0 : block->levels.size());
}

std::vector<std::uint32_t> deal_units(std::span<const std::uint32_t> rows_of_unit,
                                      std::uint32_t n_folds, Rng& rng) {
  std::vector<std::uint32_t> order(rows_of_unit.size());
  std::iota(order.begin(), order.end(), 0U);
  rng.shuffle(std::span(order));
  std::vector<std::uint64_t> rows_of_fold(n_folds, 0);
  std::vector<std::uint32_t> fold_of_unit(rows_of_unit.size(), 0);
  for (const auto unit : order) {
    const auto lightest = std::min_element(rows_of_fold.begin(), rows_of_fold.end());
    fold_of_unit[unit] = static_cast<std::uint32_t>(lightest - rows_of_fold.begin());
    *lightest += rows_of_unit[unit];
  }
  return fold_of_unit;
}

std::vector<std::uint8_t> draw_units(std::span<const std::uint32_t> rows_of_unit, double share,
                                     Rng& rng) {
  std::vector<std::uint32_t> order;
  std::uint64_t n_rows = 0;
  for (std::uint32_t unit = 0; unit < rows_of_unit.size(); ++unit) {
    if (rows_of_unit[unit] == 0) continue;
    order.push_back(unit);
    n_rows += rows_of_unit[unit];
  }
  std::vector<std::uint8_t> drawn(rows_of_unit.size(), 0);
  if (order.size() < 2 || share <= 0.0) return drawn;
  rng.shuffle(std::span(order));
  order.pop_back();  // one unit always stays
  const double wanted = share * static_cast<double>(n_rows);
  double taken = 0.0;
  for (const auto unit : order) {
    if (taken >= wanted) break;
    // The last unit is taken only if that comes nearer to the wanted share.
    const auto rows = static_cast<double>(rows_of_unit[unit]);
    if (taken > 0.0 && taken + rows - wanted > wanted - taken) break;
    drawn[unit] = 1;
    taken += rows;
  }
  return drawn;
}

std::vector<std::uint32_t> count_rows(const Units& units, std::span<const std::uint32_t> samples) {
  std::vector<std::uint32_t> counts(units.count, 0);
  for (const auto sample : samples) {
    const auto unit = units.of_sample[sample];
    if (unit != Units::kNone) ++counts[unit];
  }
  return counts;
}

}  // namespace cupel

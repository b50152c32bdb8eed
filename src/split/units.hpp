#pragma once
/// The units that a split may not cut: pairs, cell lines, drugs (or compounds), tissues.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "cupel/dataset.hpp"

namespace cupel {

/// A unit number per sample, dense from 0, ascending with the codes of the entities.
struct Units {
  static constexpr std::uint32_t kNone = LabelBlock::kUnknown;  ///< the sample has no unit
  std::vector<std::uint32_t> of_sample;
  std::uint32_t count = 0;
};

Units pair_units(const Dataset& data);
Units entity_units(const Dataset& data, std::string_view entity);
/// `group_of_id` joins ids: one number per id of the entity; empty = every id its own unit.
Units entity_units(const Dataset& data, std::string_view entity,
                   std::span<const std::uint32_t> group_of_id);
/// Samples whose entity lacks the label have no unit.
Units label_units(const Dataset& data, std::string_view entity, std::string_view label);

/// Deals units to `n_folds` folds: units in random order, each to the fold with the fewest rows so
/// far (lowest number on ties). Sizes differ by at most the largest unit, and no fold is empty
/// when there are at least as many units as folds. O(units * folds).
std::vector<std::uint32_t> deal_units(std::span<const std::uint32_t> rows_of_unit,
                                      std::uint32_t n_folds, Rng& rng);

/// Picks units at random until they hold `share` of the rows: at least one unit, and never all.
/// Returns a flag per unit; units without rows are never picked. Fewer than two units: none.
std::vector<std::uint8_t> draw_units(std::span<const std::uint32_t> rows_of_unit, double share,
                                     Rng& rng);

/// Rows per unit, counted over the given samples.
std::vector<std::uint32_t> count_rows(const Units& units, std::span<const std::uint32_t> samples);

}  // namespace cupel

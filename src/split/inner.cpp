#include "split/inner.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "split/units.hpp"

namespace cupel {
namespace {

/// The flag of each of `rows` by a draw over one kind of unit; empty if there are too few units.
std::vector<std::uint8_t> draw_rows(const Units& units, std::span<const std::uint32_t> rows,
                                    double fraction, Rng rng) {
  const auto counts = count_rows(units, rows);
  const auto n_units = std::count_if(counts.begin(), counts.end(), [](auto n) { return n > 0; });
  if (n_units < 2) return {};
  const auto drawn = draw_units(counts, fraction, rng);
  std::vector<std::uint8_t> flags;
  flags.reserve(rows.size());
  for (const auto row : rows) {
    const auto unit = units.of_sample[row];
    flags.push_back(unit != Units::kNone && drawn[unit] != 0 ? 1 : 0);
  }
  return flags;
}

UnitHoldout by_flags(std::span<const std::uint32_t> rows, const std::vector<std::uint8_t>& flags,
                     std::string unit) {
  UnitHoldout split;
  split.unit = std::move(unit);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    (!flags.empty() && flags[i] != 0 ? split.validation : split.train).push_back(rows[i]);
  }
  return split;
}

}  // namespace

UnitHoldout hold_out_units(const Dataset& data, std::span<const std::uint32_t> rows,
                           std::span<const std::string> blind_to, double fraction,
                           std::uint64_t seed, std::span<const std::uint32_t> compound_of_drug) {
  const bool blind_to_drug = contains(blind_to, "drug");
  const bool blind_to_cell = contains(blind_to, "cell") || contains(blind_to, "cell.tissue");
  std::vector<std::uint8_t> drugs;
  std::vector<std::uint8_t> cells;
  std::string cell_unit = "cell";
  if (blind_to_drug) {
    drugs = draw_rows(entity_units(data, "drug", compound_of_drug), rows, fraction,
                      Rng(seed, "inner split: drug"));
  }
  if (contains(blind_to, "cell.tissue")) {
    cells = draw_rows(label_units(data, "cell", "tissue"), rows, fraction,
                      Rng(seed, "inner split: tissue"));
    if (!cells.empty()) cell_unit = "cell.tissue";
  }
  if (blind_to_cell && cells.empty()) {
    cells = draw_rows(entity_units(data, "cell"), rows, fraction, Rng(seed, "inner split: cell"));
  }
  if (drugs.empty() && cells.empty()) {
    return by_flags(
        rows, draw_rows(pair_units(data), rows, fraction, Rng(seed, "inner split: pair")), "pair");
  }
  if (cells.empty()) return by_flags(rows, drugs, "drug");
  if (drugs.empty()) return by_flags(rows, cells, cell_unit);
  UnitHoldout split;
  split.unit = "drug and " + cell_unit;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& part = drugs[i] != cells[i] ? split.left_out
                 : drugs[i] != 0      ? split.validation
                                      : split.train;
    part.push_back(rows[i]);
  }
  // In a sparse table nothing may be left on the diagonal: then one unit has to do.
  if (split.train.empty() || split.validation.empty()) return by_flags(rows, drugs, "drug");
  return split;
}

}  // namespace cupel

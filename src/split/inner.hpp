#pragma once
/// A validation set drawn from given training rows by the same unit as the test set, so that tuning
/// meets the same kind of novelty as the test.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"

namespace cupel {

struct UnitHoldout {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> left_out;  ///< both-blind only: share one of their two units
  std::string unit;                     ///< "pair", "cell", "drug", "drug and cell", "cell.tissue"
};

/// Splits `rows` (sample indices). The unit follows from `blind_to` (Split::blind_to): nothing ->
/// pairs, "cell" -> cell lines, "cell.tissue" -> tissues, "drug" -> drugs, both -> both, where the
/// rows off the diagonal are left out. `fraction` is the share of rows (of each unit's axis for
/// both) that goes to validation. Where a unit has fewer than two members, the next finer one is
/// used (tissue -> cell -> pair), and likewise drugs alone where both leave nothing on the
/// diagonal; `unit` says so. `compound_of_drug` keeps drug ids of one compound together (empty =
/// each id by itself). Same seed, same answer. Order of rows is kept.
UnitHoldout hold_out_units(const Dataset& data, std::span<const std::uint32_t> rows,
                           std::span<const std::string> blind_to, double fraction,
                           std::uint64_t seed,
                           std::span<const std::uint32_t> compound_of_drug = {});

}  // namespace cupel

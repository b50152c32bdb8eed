#pragma once
/// Which records are the same molecule, which the same compound, and whether their values agree.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cupel {

struct MoleculeGroups {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// Per record: the first record with the same canonical SMILES, if that is another one.
  std::vector<std::size_t> duplicate_of;
  /// Per record: the first record with the same parent but another canonical SMILES (a salt, a
  /// stereoisomer, another protonation), if it is no duplicate.
  std::vector<std::size_t> replicate_of;
  /// Per record: largest minus smallest value among the records of its parent; NaN below two
  /// values.
  std::vector<double> spread;
  std::size_t n_molecules = 0;  ///< different canonical SMILES
  std::size_t n_compounds = 0;  ///< different parents
};

/// `canonical` and `parent` are "" for records that cannot be read: these are alike no other.
/// `values` is empty, or a value per record, NaN where missing. O(n log n).
MoleculeGroups group_molecules(std::span<const std::string> canonical,
                               std::span<const std::string> parent, std::span<const double> values);

}  // namespace cupel

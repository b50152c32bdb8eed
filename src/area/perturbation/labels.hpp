#pragma once
/// Labels of perturbed cells: "A", "A+B", "B+A", "A_B", GEARS' "A+ctrl", guides.
///
/// The canonical id of a perturbation is its members sorted as text and joined by "+"; members that
/// are the control are dropped, repeated members count once. So "B+A", "A+B" and "A+B+ctrl" are one
/// perturbation, and "ctrl+A" is "A".
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/table.hpp"
#include "io/cells.hpp"

namespace cupel::perturbation {

struct LabelRules {
  std::string control;                              ///< label of the unperturbed cells
  std::vector<std::string> separators = {"+"};      ///< between members; empty = no combinations
  std::map<std::string, std::string> guide_target;  ///< not empty: labels (members) are guides
};

/// The separators of a text: alternatives are parted by blanks ("+ _"); "" = none.
std::vector<std::string> parse_separators(std::string_view text);

struct ParsedLabel {
  enum class Kind : std::uint8_t { missing, control, perturbed, unmapped };
  Kind kind = Kind::missing;
  std::string id;                    ///< canonical; "" unless perturbed
  std::vector<std::string> members;  ///< sorted, unique
  std::string unmapped;              ///< the guide that the map does not know
};

/// Blanks around the label and its members are dropped; an empty label is missing, an empty member
/// ("A+") is dropped. With a guide map, a guide whose target is the control (or empty) is one.
ParsedLabel parse_label(std::string_view label, const LabelRules& rules);

/// Columns `guide` and `target` of the table (else its first two) as a map. Throws Error{input} for
/// a guide with two targets.
std::map<std::string, std::string> guide_targets(const Table& table);

/// What the cells of a column are.
struct ParsedColumn {
  static constexpr std::uint32_t kMissing = Categories::kMissing;
  static constexpr std::uint32_t kControl = Categories::kMissing - 1;
  std::vector<std::string> ids;                   ///< canonical, sorted
  std::vector<std::vector<std::string>> members;  ///< per id
  std::vector<std::vector<std::string>> written;  ///< per id: the labels that mean it, sorted
  std::vector<std::uint32_t> code;                ///< per cell: index of ids, kControl or kMissing
  std::uint64_t n_control = 0;
  std::uint64_t n_missing = 0;        ///< cells with an empty or missing label
  std::uint64_t n_unmapped = 0;       ///< cells whose guide has no target in the map
  std::vector<std::string> unmapped;  ///< these guides
};

/// Throws Error{input} where no cell is control: with the levels there are and the nearest one.
ParsedColumn parse_column(const Categories& labels, const LabelRules& rules,
                          const std::string& source);

}  // namespace cupel::perturbation

#pragma once
/// Activity cliffs: pairs of similar molecules with very different potency, by every definition in
/// use. Rules and their sources: docs/reference/cliffs.md.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cupel/context.hpp"

namespace cupel::potency {

struct CliffRule {
  /// moleculeace, moleculeace-at-least, moleculeace-murcko, ecfp, mmp, sali, sas
  std::string name;
  std::string description;  ///< one sentence with the definition
  std::string source;
  std::map<std::string, std::string> defaults;  ///< options with their default values, as text
};
std::span<const CliffRule> cliff_rules();
/// Throws Error{usage} with the nearest name.
const CliffRule& find_cliff_rule(std::string_view name);

/// What the options mean: name and one sentence, in the order of the documentation.
struct CliffOption {
  std::string name;
  std::string description;
};
std::span<const CliffOption> cliff_options();

struct CliffPair {
  std::uint32_t first = 0;  ///< index of a molecule, first < second
  std::uint32_t second = 0;
  double similarity = 0.0;  ///< the largest that made them similar; mmp: share of heavy atoms
  /// Every reason that holds, joined by "+": "ecfp", "scaffold", "levenshtein", "mmp"
  std::string because;
  double log_difference = 0.0;  ///< |difference| in log10 units
  double score = 0.0;           ///< SALI where the rule has one, else log_difference
  double sali = 0.0;            ///< |difference| / (1 - ECFP4 Tanimoto), the latter at most 0.99
};

struct Cliffs {
  std::vector<CliffPair> pairs;      ///< ordered by first, then second
  std::vector<std::uint8_t> flag;    ///< per molecule: in at least one pair
  std::vector<std::string> problem;  ///< per molecule: why it was not looked at, else ""
  std::string parameters;            ///< options in force, "fold=10 similarity=0.9"
  /// What the rule counted beside, as the quadrants of sas.
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  /// sas: the least similarity of a cliff; sali: the least SALI. One per group, by its number.
  std::vector<double> limits;
};

/// `value_nM`: potency in nM, > 0 (NaN = unknown: in no pair; not positive: a problem). The
/// moleculeace rules and ecfp divide the values as they are; with the option compare=log, and in
/// all other rules, differences of log10 are compared, and a difference within 1e-9 of the limit is
/// on it. SMILES are used as written: Levenshtein rules depend on who wrote them. Pairs of equal
/// potency are never cliffs. O(n^2) similarities, on all threads; memory O(n + pairs).
Cliffs find_cliffs(std::span<const std::string> smiles, std::span<const double> value_nM,
                   const CliffRule& rule, const std::map<std::string, std::string>& options,
                   const Context& context);

/// The same within groups (assays): pairs only of molecules with one number in `group`; shares and
/// means of sali and sas are each group's own; counts are added up.
Cliffs find_cliffs_within(std::span<const std::string> smiles, std::span<const double> value_nM,
                          std::span<const std::uint32_t> group, const CliffRule& rule,
                          const std::map<std::string, std::string>& options,
                          const Context& context);

}  // namespace cupel::potency

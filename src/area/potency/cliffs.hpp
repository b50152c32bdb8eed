#pragma once
/// Activity cliffs: pairs of similar molecules with very different potency, by every definition in
/// use. Rules and their sources: docs/reference/cliffs.md.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"

namespace cupel::potency {

struct CliffRule {
  std::string
      name;  ///< moleculeace, moleculeace-at-least, moleculeace-murcko, ecfp, mmp, sali, sas
  std::string description;  ///< one sentence with the definition
  std::string source;
  std::map<std::string, std::string> defaults;  ///< options with their default values, as text
};
std::span<const CliffRule> cliff_rules();
/// Throws Error{usage} with the nearest name.
const CliffRule& find_cliff_rule(std::string_view name);

struct CliffPair {
  std::uint32_t first = 0;  ///< index of a molecule, first < second
  std::uint32_t second = 0;
  double similarity = 0.0;      ///< the largest that made them similar
  std::string because;          ///< "ecfp", "scaffold", "levenshtein", "mmp", ...
  double log_difference = 0.0;  ///< |difference| in log10 units
  double score = 0.0;           ///< SALI where the rule has one, else log_difference
};

struct Cliffs {
  std::vector<CliffPair> pairs;      ///< ordered by first, then second
  std::vector<std::uint8_t> flag;    ///< per molecule: in at least one pair
  std::vector<std::string> problem;  ///< per molecule: why it was not looked at, else ""
};

/// `value_nM`: potency in nM, > 0 (NaN = unknown: in no pair). Rules that need the linear values
/// take them as they are; all others take log10. SMILES are used as written: Levenshtein rules
/// depend on who wrote them. O(n^2) similarities, on all threads.
Cliffs find_cliffs(std::span<const std::string> smiles, std::span<const double> value_nM,
                   const CliffRule& rule, const std::map<std::string, std::string>& options,
                   const Context& context);

}  // namespace cupel::potency

// The rules of activity cliffs by name, and the options they have.
#include <array>

#include "area/potency/cliffs.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::potency {
namespace {

using Defaults = std::map<std::string, std::string>;

Defaults structural(const std::string& by, const std::string& scaffold,
                    const std::string& at_least) {
  return {{"similarity", "0.9"}, {"fold", "10"},  {"at_least", at_least},
          {"compare", "ratio"},  {"by", by},      {"scaffold", scaffold},
          {"radius", "2"},       {"bits", "1024"}};
}

const std::string kAce = "van Tilborg, Alenicheva & Grisoni 2022, doi:10.1021/acs.jcim.2c01073";
const std::string kAllThree = "ecfp+scaffold+levenshtein";

std::vector<CliffRule> make_rules() {
  return {
      {"moleculeace",
       "ECFP4 Tanimoto, or that of the whole molecules made generic, or 1 - Levenshtein / longer "
       "length of the SMILES as written is >= 0.9, and the larger potency in nM over the smaller "
       "is "
       "> 10",
       kAce + " (how the released column cliff_mol was made)",
       structural(kAllThree, "generic_whole", "no")},
      {"moleculeace-at-least", "moleculeace with the fold >= 10, as its function is_cliff has it",
       kAce, structural(kAllThree, "generic_whole", "yes")},
      {"moleculeace-murcko",
       "moleculeace with the Bemis-Murcko scaffold in place of the generic whole molecule", kAce,
       structural(kAllThree, "murcko", "no")},
      {"ecfp", "ECFP4 Tanimoto >= 0.9, and the larger potency in nM over the smaller is > 10",
       "the first of MoleculeACE's three similarities", structural("ecfp", "generic_whole", "no")},
      {"mmp",
       "Matched molecular pair (one acyclic single bond cut, size-restricted) and a difference of "
       "at least 2 log10 units",
       "Hu et al. 2012, doi:10.1021/ci3001138; pairs by Hussain & Rea 2010, doi:10.1021/ci900450m",
       {{"difference", "2"},
        {"max_substituent_atoms", "13"},
        {"max_difference", "8"},
        {"min_core_ratio", "2"},
        {"cuts", "acyclic"}}},
      {"sali",
       "The pairs with the largest |difference| / (1 - ECFP4 Tanimoto): a share of all pairs, or "
       "those above a limit",
       "Guha & Van Drie 2008, doi:10.1021/ci7004093",
       {{"top", "0.001"}, {"limit", "0"}, {"cap", "0.99"}, {"radius", "2"}, {"bits", "1024"}}},
      {"sas",
       "The quadrant of the structure-activity similarity map with similarity >= mean + 2 standard "
       "deviations of all pairs (or a given value) and a difference of at least 1 log10 unit",
       "Shanmugasundaram & Maggiora 2001; Medina-Franco 2012, doi:10.1021/ci300362x",
       {{"similarity", "mean+2sd"}, {"difference", "1"}, {"radius", "2"}, {"bits", "1024"}}},
  };
}

const std::array<CliffOption, 16> kOptions{{
    {"similarity", "least similarity of a pair; sas: also mean+2sd, of all pairs"},
    {"fold", "ratio of potencies that a cliff exceeds"},
    {"at_least", "yes: a ratio of exactly `fold` is a cliff too"},
    {"compare",
     "ratio: divide the values in nM as they are; log: compare differences of log10, with those "
     "within 1e-9 of the limit on it (for values given as p units, which are rounded)"},
    {"by", "which similarities count, joined by +: ecfp, scaffold, levenshtein"},
    {"scaffold", "whose ECFP4 is compared: murcko, generic, generic_whole"},
    {"radius", "radius of the Morgan fingerprint"},
    {"bits", "its folded width"},
    {"difference", "least difference in log10 units"},
    {"max_substituent_atoms", "heavy atoms of a substituent, at most"},
    {"max_difference", "heavy atoms by which the two substituents may differ"},
    {"min_core_ratio", "heavy atoms of the core over those of either substituent, at least"},
    {"cuts",
     "bonds that are cut: acyclic (single, not in a ring, not to H) or rdkit (the default of "
     "RDKit's rdMMPA)"},
    {"top", "share of all pairs that are cliffs, the largest SALI first; ties by row"},
    {"limit", "least SALI of a cliff, instead of `top`; 0 = use `top`"},
    {"cap", "largest similarity in the denominator, so that equal fingerprints have a SALI"},
}};

}  // namespace

std::span<const CliffRule> cliff_rules() {
  static const std::vector<CliffRule> rules = make_rules();
  return rules;
}

std::span<const CliffOption> cliff_options() { return kOptions; }

const CliffRule& find_cliff_rule(std::string_view name) {
  std::vector<std::string> names;
  for (const CliffRule& rule : cliff_rules()) {
    if (rule.name == name) return rule;
    names.push_back(rule.name);
  }
  const std::string nearest = nearest_word(name, names);
  fail(ErrorKind::usage, "there is no cliff rule \"" + std::string(name) + "\"", {},
       nearest.empty() ? "choose one of " + join(names, ", ") : "did you mean " + nearest + "?");
}

}  // namespace cupel::potency

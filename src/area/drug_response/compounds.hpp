#pragma once
/// Which drug ids are one compound: re-screens, salts and synonyms leak across a drug-blind split.
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"

namespace cupel {

struct CompoundGroup {
  std::vector<std::uint32_t> drugs;  ///< codes of at least two ids of the drug entity, ascending
  std::string reason;                ///< what joined them: "same SMILES", "same name", ...; several
                                     ///< reasons are joined by " and "
};

struct Compounds {
  std::vector<std::uint32_t> compound_of_drug;  ///< per drug id: lowest code of its group
  std::vector<CompoundGroup> groups;            ///< ordered by first member
};

/// Joins ids (transitively) that share any of
/// * the canonical SMILES of the largest fragment, neutralised, without stereo (label `smiles`),
/// * the PubChem id (label `pubchem`),
/// * the name (label `name`, else the id unless it is a number) in lower case without punctuation,
/// * or where a synonym (label `synonyms`, separated by comma or semicolon) of one is the name of
///   the other, unless their SMILES differ: GDSC lists SN-38 as a synonym of camptothecin. Synonyms
///   alone never join: many are too short to be unique.
Compounds find_compounds(const Entity& drug);

/// Lower case letters and digits only: "AZD-6482 " -> "azd6482".
std::string normalise_compound_name(std::string_view name);

}  // namespace cupel

#pragma once
/// Variants as sets of mutations, read from texts such as "A199D:P200H".
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "similarity/items.hpp"
#include "similarity/token_sets.hpp"

namespace cupel {

/// How the mutations of a text are told apart:
/// ":" ProteinGym ("A199D:P200H"); "-" barcodes of single letters ("SA108D-SN144D"); "," ";" "|"
/// "/" "+" "_" "space"; "bracket" = a "-" that is followed by "[" (SPECTRA's tuberculosis barcodes,
/// "[759807, 767320]:761155:C:T-[2153889, 2156592]:2154724:C:A", whose mutations hold ':' and may
/// hold '-').
const std::vector<std::string>& mutation_separators();

/// Decides for all texts of a data set together, and only if nothing else is possible: texts
/// with "[" are barcodes if every part reads [number, number]:number:letters:letters; else at most
/// one separator may occur, and every part must read letters, digits, letters (A199D, SA108D,
/// K3del, W5*). Throws Error{usage} with an example otherwise. No separator anywhere gives ":" (it
/// makes no difference). The word NO_MUTATION of SPECTRA's files is passed over.
std::string detect_mutation_separator(const std::vector<const Items*>& all);

/// The mutations of a text without blanks around them, empty ones left out. An empty text is the
/// wild type: no mutations.
std::vector<std::string_view> split_mutations(std::string_view text, std::string_view separator);

struct MutationSets {
  TokenSets rows;
  std::optional<TokenSets> cols;
};
MutationSets mutation_sets(const Items& rows, const Items* cols, const std::string& separator);

}  // namespace cupel

#pragma once
/// Wildman & Crippen's logP and molar refractivity (1999, doi:10.1021/ci990307l), equal to RDKit's
/// calcCrippenDescriptors to the last bit, three times as fast.
///
/// RDKit matches each of its 110 patterns against the whole molecule until every atom has a type.
/// Here an atom asks only the patterns whose first atom can be its element, in the same order, and
/// the match starts at the atom. Patterns, values and order of the sums are RDKit's own.

namespace RDKit {
class ROMol;
}

namespace cupel::detail {

struct Crippen {
  double logp = 0.0;
  double refractivity = 0.0;
};
Crippen crippen(const RDKit::ROMol& molecule);

}  // namespace cupel::detail

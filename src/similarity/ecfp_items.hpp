#pragma once
/// The fingerprints behind the kind `ecfp-tanimoto` as items of bits, for what needs them made once
/// (a corpus against many batches) or changed (the null model).
#include <string>

#include "cupel/context.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "similarity/items.hpp"
#include "similarity/kinds.hpp"

namespace cupel {

struct EcfpKind {
  EcfpOptions fingerprint;
  KindOptions bits_options;  ///< for the kind `fingerprint-tanimoto`, which gives the same values
};
/// Throws Error{usage} as the kind does.
EcfpKind ecfp_kind(const KindOptions& options);

/// SMILES to bits, ids kept. SMILES that cannot be read are left out with reason `bad_smiles`;
/// `source_row` is the index in `smiles`.
Items ecfp_items(const Items& smiles, const EcfpOptions& options, const Context& context);

}  // namespace cupel

#pragma once
/// The similarity of an entity's ids (drugs, cell lines) by what the data set knows of them: a
/// feature block or a label.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "similarity/items.hpp"
#include "similarity/null_model.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

struct EntitySimilarity {
  std::unique_ptr<Similarity> similarity;  ///< symmetric, among the items
  std::vector<std::uint32_t>
      code_of_item;                ///< the entity's codes that have the features, ascending
  std::string features;            ///< the block or label it is computed from
  double default_threshold = 0.0;  ///< the kind's usual cut for "similar"
};

/// `kind` names a kind of the registry (similarity/kinds.hpp); "" = the natural one of the block:
/// fingerprint-tanimoto for a binary one, centred-pearson for any other (profiles of expression
/// all correlate before what they have in common is removed). A kind on SMILES, sequences or
/// mutations reads the label `smiles`, `sequence` or `mutations`; a kind on bits needs a binary
/// block, one on vectors takes any. `features` names the block or label; "" = the only one that
/// fits. Throws Error{input} if none or several fit, or fewer than two ids have it; Error{usage}
/// for an unknown kind.
EntitySimilarity entity_similarity(const Entity& entity, std::string_view kind,
                                   std::string_view features, const Context& context);

/// The block or label that these words choose.
std::string similarity_features(const Entity& entity, std::string_view kind,
                                std::string_view features);

/// The same choice of kind and features: what similarity chance gives between unrelated ids.
NullModel entity_null_model(const Entity& entity, std::string_view kind, std::string_view features,
                            const Context& context);

/// Rows of a binary block as packed bits: its own `bits`, else a bit where the value is not 0.
PackedBits packed_rows(const FeatureBlock& block, const std::vector<std::uint32_t>& codes);

}  // namespace cupel

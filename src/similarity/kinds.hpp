#pragma once
/// The registry of similarities: one name, one function from items and options to a Similarity.
/// A name may be written with - or _ ("ecfp-tanimoto" = "ecfp_tanimoto").
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cupel/context.hpp"
#include "similarity/items.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

enum class ItemForm { smiles, sequence, mutations, bits, vector, matrix };
std::string_view to_string(ItemForm form) noexcept;

using KindOptions = std::map<std::string, std::string>;  ///< as text: {"radius", "2"}

struct SimilarityKind {
  std::string name;         ///< "ecfp-tanimoto"
  std::string description;  ///< one sentence with the formula, for `cupel list` and docs
  std::string options;      ///< names, defaults and meaning, for help
  std::string source;       ///< paper or tool, DOI
  ItemForm form = ItemForm::sequence;
  double default_threshold = 0.0;  ///< the field's usual cut for "similar"
  /// `cols` null: among the rows themselves. The result keeps what it needs of the items.
  /// Throws Error{usage} for an unknown or wrong option, Error{input} for items it cannot take.
  std::unique_ptr<Similarity> (*make)(const Items& rows, const Items* cols,
                                      const KindOptions& options, const Context& context) = nullptr;
};

std::span<const SimilarityKind> similarity_kinds();
/// Throws Error{usage} with the nearest name.
const SimilarityKind& find_similarity_kind(std::string_view name);
std::unique_ptr<Similarity> make_similarity(std::string_view kind, const Items& rows,
                                            const Items* cols, const KindOptions& options,
                                            const Context& context);

}  // namespace cupel

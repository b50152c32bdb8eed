#include "similarity/kinds.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "similarity/kind_groups.hpp"
#include "similarity/sequence_kinds.hpp"

namespace cupel {
namespace {

std::vector<SimilarityKind> all_kinds() {
  std::vector<SimilarityKind> kinds;
  for (const auto group : {fingerprint_kinds(), sequence_kinds(), vector_kinds()}) {
    kinds.insert(kinds.end(), group.begin(), group.end());
  }
  return kinds;
}

}  // namespace

std::string_view to_string(ItemForm form) noexcept {
  switch (form) {
    case ItemForm::smiles:
      return "smiles";
    case ItemForm::sequence:
      return "sequence";
    case ItemForm::mutations:
      return "mutations";
    case ItemForm::bits:
      return "bits";
    case ItemForm::vector:
      return "vector";
    case ItemForm::matrix:
      break;
  }
  return "matrix";
}

std::span<const SimilarityKind> similarity_kinds() {
  static const std::vector<SimilarityKind> kKinds = all_kinds();
  return kKinds;
}

const SimilarityKind& find_similarity_kind(std::string_view name) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '_', '-');
  std::vector<std::string> names;
  for (const auto& kind : similarity_kinds()) {
    if (kind.name == wanted) return kind;
    names.push_back(kind.name);
  }
  const std::string near = nearest_word(wanted, names);
  fail(ErrorKind::usage, "there is no kind of similarity \"" + std::string(name) + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "known: " + join(names, ", "));
}

std::unique_ptr<Similarity> make_similarity(std::string_view kind, const Items& rows,
                                            const Items* cols, const KindOptions& options,
                                            const Context& context) {
  return find_similarity_kind(kind).make(rows, cols, options, context);
}

}  // namespace cupel

#include <array>
#include <utility>

#include "base/options.hpp"
#include "cupel/error.hpp"
#include "similarity/dense.hpp"
#include "similarity/given_pairs.hpp"
#include "similarity/kind_groups.hpp"

namespace cupel {
namespace {

void check_vectors(const Items& items, VectorMeasure measure) {
  if (items.vectors.rows == items.size()) return;
  fail_input(
      "the similarity " + std::string(to_string(measure)) + " needs a vector of numbers per item",
      {.file = items.source}, "`cupel list similarities` shows what each kind needs");
}

template <VectorMeasure kMeasure>
std::unique_ptr<Similarity> make_vectors(const Items& rows, const Items* cols,
                                         const KindOptions& given, const Context& context) {
  const Options options(given, std::string(to_string(kMeasure)));
  options.finish();
  check_vectors(rows, kMeasure);
  if (cols != nullptr) check_vectors(*cols, kMeasure);
  auto made = dense_similarity(rows.vectors, cols != nullptr ? &cols->vectors : nullptr, kMeasure,
                               rows.source);
  if (made.rows_without_length > 0) {
    context.say(LogLevel::warning,
                std::to_string(made.rows_without_length) + " items of " + rows.source +
                    " have a vector without length (all zeros" +
                    (kMeasure == VectorMeasure::pearson ? ", or all values equal" : "") +
                    "); their similarity to everything is 0");
  }
  return std::move(made.similarity);
}

/// Among one set: `vectors` of the rows is the square table. Between two: rows x columns.
std::unique_ptr<Similarity> make_matrix(const Items& rows, const Items* cols,
                                        const KindOptions& given, const Context&) {
  const Options options(given, "matrix");
  options.finish();
  if (cols == nullptr && !rows.pairs.empty()) return pairs_similarity(rows);
  const std::size_t n_cols = cols != nullptr ? cols->size() : rows.size();
  if (rows.vectors.rows != rows.size() || rows.vectors.cols != n_cols) {
    fail_input("the similarity matrix needs a table of " + std::to_string(rows.size()) + " x " +
                   std::to_string(n_cols) + " similarities; this has " +
                   std::to_string(rows.vectors.rows) + " x " + std::to_string(rows.vectors.cols),
               {.file = rows.source}, "give a row and a column per item, in the same order");
  }
  return matrix_similarity(rows.vectors, cols == nullptr, rows.source);
}

}  // namespace

std::span<const SimilarityKind> vector_kinds() {
  static const std::array<SimilarityKind, 5> kKinds{{
      {.name = "cosine",
       .description = "vectors of numbers; u v / (|u| |v|), from -1 to 1",
       .options = "none",
       .source = "Salton 1983, ISBN 0070544840",
       .form = ItemForm::vector,
       .default_threshold = 0.9,
       .make = make_vectors<VectorMeasure::cosine>},
      {.name = "pearson",
       .description = "vectors of numbers; correlation, the cosine of u - mean(u) and v - mean(v)",
       .options = "none",
       .source = "Pearson 1895, doi:10.1098/rspl.1895.0041",
       .form = ItemForm::vector,
       .default_threshold = 0.9,
       .make = make_vectors<VectorMeasure::pearson>},
      {.name = "centred-pearson",
       .description =
           "vectors of numbers; correlation after the mean of each column over all items "
           "is subtracted: what two profiles share beyond what all profiles share",
       .options = "none",
       .source = "gene-centred correlation, Eisen et al. 1998, doi:10.1073/pnas.95.25.14863",
       .form = ItemForm::vector,
       .default_threshold = 0.5,
       .make = make_vectors<VectorMeasure::centred_pearson>},
      {.name = "euclid",
       .description = "vectors of numbers; 1 / (1 + |u - v|), so that scales of columns matter",
       .options = "none",
       .source = "textbook",
       .form = ItemForm::vector,
       .default_threshold = 0.5,
       .make = make_vectors<VectorMeasure::euclid>},
      {.name = "matrix",
       .description = "a given table of similarities, symmetric among one set",
       .options = "none",
       .source = "given by the user",
       .form = ItemForm::matrix,
       .default_threshold = 0.5,
       .make = make_matrix},
  }};
  return kKinds;
}

}  // namespace cupel

#pragma once
/// Similarity of vectors of numbers, by matrix products:
///   cosine   u v / (|u| |v|)
///   pearson  the cosine of u - mean(u) and v - mean(v)
///   centred-pearson  pearson after each column's mean over all items (of both sets) is subtracted
///   euclid   1 / (1 + |u - v|)
/// A row without length (cosine: all zeros; pearson: all equal) has similarity 0 to every row.
///
/// Products are made in tiles of a fixed grid, padded to full size, and for one set of vectors only
/// in the upper triangle: which numbers are added in which order depends on the pair alone, so that
/// a value depends neither on the tile that was asked for nor on the thread, and s(i, j) == s(j,
/// i). Where a product would lose digits (nearly equal vectors) the differences are squared and
/// added, so that equal vectors have similarity 1.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "cupel/matrix.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

enum class VectorMeasure { cosine, pearson, centred_pearson, euclid };
std::string_view to_string(VectorMeasure measure) noexcept;

struct DenseSimilarity {
  std::unique_ptr<Similarity> similarity;
  std::size_t rows_without_length = 0;  ///< of both sets
};

/// `cols` null: among the rows. Throws Error{input} for values that are not finite and for sets
/// with different numbers of columns; `source` names the data in messages.
DenseSimilarity dense_similarity(const Matrix<double>& rows, const Matrix<double>* cols,
                                 VectorMeasure measure, const std::string& source);

/// A table of similarities that was computed elsewhere. Symmetric if it is square and
/// `among_itself`: then (i, j) and (j, i) may differ by 1e-9 (relative above 1), and the value
/// above the diagonal is taken. Throws Error{input} otherwise, and for values that are not finite.
std::unique_ptr<Similarity> matrix_similarity(Matrix<double> values, bool among_itself,
                                              const std::string& source);

}  // namespace cupel

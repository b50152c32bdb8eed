#pragma once
/// The items that similarities are computed between, as read from a file or taken from a data set.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {

/// A similarity that was given, not computed; row < col, both items of the same file.
struct GivenPair {
  std::uint32_t row = 0;
  std::uint32_t col = 0;
  double value = 0.0;
};

/// Exactly one of texts, vectors, bits and pairs is filled, as the kind of similarity needs it:
/// texts are SMILES, sequences or mutation sets. The kind `matrix` has either the square, symmetric
/// matrix in `vectors` or `pairs` (each once, by row, then column; pairs that are not given are 0).
struct Items {
  std::string source;  ///< file, for messages
  std::vector<std::string> ids;
  std::vector<std::string> texts;
  Matrix<double> vectors;
  PackedBits bits;
  std::vector<GivenPair> pairs;
  std::vector<double> targets;             ///< NaN = unknown; empty = not given
  std::vector<std::string> target_levels;  ///< class labels: targets are indices into them
  std::string target_name;
  std::vector<std::string> feature_names;  ///< of vectors and 0/1 columns, if they have names
  /// Per item: its 0-based row in the file; empty = item i is row i. Rows that are no items are
  /// in `left_out`, so that size() + rows left out == n_source_rows.
  std::vector<std::uint64_t> source_row;
  std::uint64_t n_source_rows = 0;  ///< 0 = as many as items
  std::vector<LeftOut> left_out;
  std::vector<InputFile> inputs;
  Diagnostics diagnostics;

  [[nodiscard]] std::size_t size() const noexcept { return ids.size(); }
  /// The item's row in its file.
  [[nodiscard]] std::uint64_t row_of(std::size_t item) const noexcept {
    return source_row.empty() ? item : source_row[item];
  }
  /// "" = unknown or not given; else the number in shortest form, or the class label.
  [[nodiscard]] std::string target_text(std::size_t item) const;
};

}  // namespace cupel

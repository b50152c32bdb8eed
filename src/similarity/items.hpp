#pragma once
/// The items that similarities are computed between, as read from a file or taken from a data set.
#include <cstddef>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {

/// Exactly one of texts, vectors and bits is filled, as the kind of similarity needs it: texts are
/// SMILES, sequences or mutation sets; a kind `matrix` needs ids alone.
struct Items {
  std::string source;  ///< file, for messages
  std::vector<std::string> ids;
  std::vector<std::string> texts;
  Matrix<double> vectors;
  PackedBits bits;
  std::vector<double> targets;  ///< NaN = unknown; empty = not given
  std::vector<InputFile> inputs;
  Diagnostics diagnostics;

  [[nodiscard]] std::size_t size() const noexcept { return ids.size(); }
};

}  // namespace cupel

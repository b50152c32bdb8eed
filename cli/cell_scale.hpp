#pragma once
/// What the values of a file of cells are: as --scale says, else as they measure where that leaves
/// no doubt; then it is said, not assumed in silence.
#include <string>

#include "app.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"

namespace cupel::cli {

/// How the command spells what it advises.
struct ScaleAdvice {
  std::string for_counts = "--normalize 10000 --log1p makes log1p of counts";
  std::string for_unclear = "--scale counts, normalized or log1p says it";
};

constexpr std::size_t kRowsMeasured = 2000;

/// `given`: --scale, may be empty. --scale log1p with a transform means what the transform makes,
/// where the file holds whole numbers. Throws Error{usage} where log1p would be taken twice,
/// Error{input} where nothing was said and the values leave it open.
Scale scale_of_file(const std::string& given, const CellTransform& transform,
                    const MatrixFacts& facts, const std::string& source, const ScaleAdvice& advice,
                    const Session& session);

}  // namespace cupel::cli

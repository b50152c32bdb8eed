#pragma once
/// Cells as points of a space: all genes, principal components of them, or an embedding that the
/// file brings along.
#include <cstddef>
#include <string>
#include <string_view>

#include "cupel/context.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"
#include "metric/energy_distance.hpp"

namespace cupel::perturbation {

struct SpaceOptions {
  std::string space = "X";   ///< "X", "pca:50", "obsm:X_pca"
  std::string matrix = "X";  ///< which the genes come from
  CellTransform transform;   ///< of every cell (not of embeddings)
};

struct CellSpace {
  Points points;     ///< one per cell of the file
  std::string text;  ///< "50 principal components of log1p(..) of 2000 genes, centred, not scaled"
};

/// pca:N takes the first N eigenvectors of the covariance of all cells and genes, centred and not
/// scaled: scanpy.pp.pca without highly-variable genes, up to signs. O(cells genes^2 + genes^3);
/// more than kMaxPcaGenes genes are refused. Throws Error{usage} for a space that is none,
/// Error{input} for values that are not finite.
CellSpace read_space(const CellFile& file, const SpaceOptions& options, const Context& context);

inline constexpr std::size_t kMaxPcaGenes = 6000;

/// Coordinates of points on their first `n_components` principal axes. Needs 1 <= n_components <=
/// min(cells - 1, genes).
Points principal_components(const Points& points, std::size_t n_components, const Context& context);

}  // namespace cupel::perturbation

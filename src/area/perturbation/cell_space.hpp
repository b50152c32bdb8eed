#pragma once
/// Cells as points of a space: all genes, principal components of them, or an embedding that the
/// file brings along.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
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

/// All cells of a matrix. Throws Error{input} for values that are not finite.
Points points_of(const CellMatrix& matrix, const Context& context);
/// Rows of `more` below those of `points`: both dense or both sparse, with the same dimensions.
void append(Points& points, const Points& more);

/// Mean and first principal axes (orthonormal rows) of points. Needs 1 <= n_components <=
/// min(points - 1, dimensions). Throws Error{numeric} if the iteration did not converge.
struct PrincipalAxes {
  std::vector<double> mean;
  Matrix<double> axes;
};
PrincipalAxes principal_axes(const Points& points, std::size_t n_components,
                             const Context& context);
/// Coordinates on the axes, dense.
Points project(const PrincipalAxes& axes, const Points& points, const Context& context);

}  // namespace cupel::perturbation

#pragma once
/// Distances between blocks of points by matrix products.
#include <cstddef>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "metric/energy_distance.hpp"

namespace cupel {

inline constexpr std::size_t kPointTile = 256;

/// |x|^2 of every point.
std::vector<double> squares_of(const Points& points);

/// kPointTile points of a set (or what is left of it), ready to be compared with others.
class PointTile {
 public:
  PointTile(const Points& points, std::span<const double> squares, const PointSet& set,
            std::size_t first);
  /// Squared distances to points [first, first + n) of `other`, n <= kPointTile, row-major. A pair
  /// that is near beside its norms is computed term by term.
  void squared_to(const PointSet& other, std::size_t first, std::size_t n,
                  std::vector<double>& out);
  /// Sum of the Euclidean distances to all points of `other`; `same`: it is the same set, and a
  /// point is at distance 0 from itself.
  double sum_to(const PointSet& other, bool same);
  [[nodiscard]] std::size_t size() const noexcept { return n_; }

 private:
  const Points& points_;
  std::span<const double> squares_;
  const PointSet& set_;
  std::size_t first_;
  std::size_t n_;
  std::vector<double> rows_;
  std::vector<double> other_rows_;
  std::vector<double> buffer_;
};

/// |a| x |b| distances (squared where asked).
Matrix<double> distances_between(const Points& points, std::span<const double> squares,
                                 const PointSet& a, const PointSet& b, bool squared,
                                 const Context& context);

}  // namespace cupel

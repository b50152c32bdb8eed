#include "metric/point_tiles.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "simd/blas.hpp"

namespace cupel {
namespace {

void densify(const Points& points, const PointSet& set, std::size_t first, std::size_t n,
             std::vector<double>& out) {
  out.assign(n * points.n_dimensions, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    points.add_row(set[first + i],
                   std::span(out).subspan(i * points.n_dimensions, points.n_dimensions));
  }
}

}  // namespace

std::vector<double> squares_of(const Points& points) {
  std::vector<double> squares(points.size(), 0.0);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (auto k = points.begin[i]; k < points.begin[i + 1]; ++k) {
      squares[i] += points.values[k] * points.values[k];
    }
  }
  return squares;
}

PointTile::PointTile(const Points& points, std::span<const double> squares, const PointSet& set,
                     std::size_t first)
    : points_(points),
      squares_(squares),
      set_(set),
      first_(first),
      n_(std::min(kPointTile, set.size() - first)) {
  densify(points_, set_, first_, n_, rows_);
}

void PointTile::squared_to(const PointSet& other, std::size_t first, std::size_t n,
                           std::vector<double>& out) {
  const std::size_t d = points_.n_dimensions;
  densify(points_, other, first, n, other_rows_);
  out.assign(n_ * n, 0.0);
  if (d > 0) {
    blas::multiply(n_, n, d, 1.0, rows_.data(), false, other_rows_.data(), true, 0.0, out.data());
  }
  for (std::size_t i = 0; i < n_; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double norms = squares_[set_[first_ + i]] + squares_[other[first + j]];
      double square = norms - 2.0 * out[i * n + j];
      if (square < 1e-3 * norms) {
        square = 0.0;
        for (std::size_t g = 0; g < d; ++g) {
          const double difference = rows_[i * d + g] - other_rows_[j * d + g];
          square += difference * difference;
        }
      }
      out[i * n + j] = square;
    }
  }
}

double PointTile::sum_to(const PointSet& other, bool same) {
  double sum = 0.0;
  for (std::size_t first = 0; first < other.size(); first += kPointTile) {
    const std::size_t n = std::min(kPointTile, other.size() - first);
    squared_to(other, first, n, buffer_);
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (same && first_ + i == first + j) continue;
        sum += std::sqrt(buffer_[i * n + j]);
      }
    }
  }
  return sum;
}

Matrix<double> distances_between(const Points& points, std::span<const double> squares,
                                 const PointSet& a, const PointSet& b, bool squared,
                                 const Context& context) {
  Matrix<double> out(a.size(), b.size());
  parallel_for(context, (a.size() + kPointTile - 1) / kPointTile, [&](std::size_t block) {
    PointTile rows(points, squares, a, block * kPointTile);
    std::vector<double> tile;
    for (std::size_t first = 0; first < b.size(); first += kPointTile) {
      const std::size_t n = std::min(kPointTile, b.size() - first);
      rows.squared_to(b, first, n, tile);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          out(block * kPointTile + i, first + j) =
              squared ? tile[i * n + j] : std::sqrt(tile[i * n + j]);
        }
      }
    }
  });
  return out;
}

}  // namespace cupel

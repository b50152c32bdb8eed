#include "stat/smooth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cupel {

CellSmoother::CellSmoother(double low, double high, std::size_t n_cells, std::vector<double> grid,
                           double half_width)
    : low_(low),
      cells_per_unit_(static_cast<double>(n_cells) / (high - low)),
      grid_(std::move(grid)),
      half_width_(half_width) {
  for (std::size_t c = 0; c < n_cells; ++c) {
    centre_.push_back(low + (static_cast<double>(c) + 0.5) / cells_per_unit_);
  }
}

std::size_t CellSmoother::cell_of(double x) const noexcept {
  const double place = std::floor((x - low_) * cells_per_unit_);
  return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(centre_.size() - 1)));
}

std::vector<double> CellSmoother::smooth(std::span<const double> weight,
                                         std::span<const double> sum) const {
  std::vector<double> curve;
  curve.reserve(grid_.size());
  for (const double g : grid_) {
    double s0 = 0.0;
    double s1 = 0.0;
    double s2 = 0.0;
    double t0 = 0.0;
    double t1 = 0.0;
    const std::size_t last = cell_of(g + half_width_);
    for (std::size_t c = cell_of(g - half_width_); c <= last; ++c) {
      const double d = (centre_[c] - g) / half_width_;
      if (std::abs(d) >= 1.0) continue;
      const double cube = std::abs(d * d * d);
      const double kernel = (1.0 - cube) * (1.0 - cube) * (1.0 - cube);
      s0 += kernel * weight[c];
      s1 += kernel * weight[c] * d;
      s2 += kernel * weight[c] * d * d;
      t0 += kernel * sum[c];
      t1 += kernel * sum[c] * d;
    }
    const double determinant = s0 * s2 - s1 * s1;
    if (s0 <= 0.0) {
      curve.push_back(std::numeric_limits<double>::quiet_NaN());
    } else if (determinant <= 1e-12 * s0 * s0) {
      curve.push_back(t0 / s0);
    } else {
      curve.push_back((s2 * t0 - s1 * t1) / determinant);
    }
  }
  return curve;
}

}  // namespace cupel

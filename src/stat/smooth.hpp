#pragma once
/// Local-linear smoothing with a fixed window (Fan 1992, doi:10.1080/01621459.1992.10476255; the
/// weights of Cleveland's LOWESS 1979, doi:10.1080/01621459.1979.10481038, without its robustness
/// steps and with a window of fixed width instead of a fixed number of neighbours).
///
/// At g the weights are w_i (1 - (|x_i - g| / h)^3)^3 for |x_i - g| < h, and the value is that of
/// the weighted straight line at g. Undefined (NaN) where the window holds no weight; the weighted
/// mean where all weight is at one x. Data come as sums in narrow cells of x, each taken to lie at
/// its centre, so that a bootstrap smooths cells and not rows.
#include <cstddef>
#include <span>
#include <vector>

namespace cupel {

class CellSmoother {
 public:
  /// Cells of equal width from `low` to `high`; `grid` are the places of the curve.
  CellSmoother(double low, double high, std::size_t n_cells, std::vector<double> grid,
               double half_width);

  [[nodiscard]] std::size_t n_cells() const noexcept { return centre_.size(); }
  /// The ends belong to the first and last cell; so does what lies outside.
  [[nodiscard]] std::size_t cell_of(double x) const noexcept;
  /// weight[c] = sum of w in cell c, sum[c] = sum of w y. Per place of the grid: the curve.
  [[nodiscard]] std::vector<double> smooth(std::span<const double> weight,
                                           std::span<const double> sum) const;

 private:
  double low_;
  double cells_per_unit_;
  std::vector<double> centre_;
  std::vector<double> grid_;
  double half_width_;
};

}  // namespace cupel

#pragma once
/// Metrics of rows with multiplicities, for many draws of a bootstrap at once.
///
/// A draw gives every unit (a row, a drug, a family) a whole number, and each row counts as often
/// as its unit. The value is that of `evaluate` on the rows written out so many times. What can be
/// done once is done once: metrics that are functions of sums (mse, rmse, mae, r2, pearson, mcc)
/// add the rows of a unit first and cost O(units x draws); rank metrics (auroc, auprc, spearman)
/// sort once and walk the sorted rows, O(rows x draws), with all draws of a block side by side.
/// Any other metric is evaluated on the rows written out.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "cupel/matrix.hpp"

namespace cupel {

struct WeightedRows {
  std::span<const double> truth;
  std::span<const std::uint32_t> unit;  ///< per row: < n_units
  std::size_t n_units = 0;
  /// P spans over the same rows; everything is finite.
  std::span<const std::span<const double>> predictions;
};

/// Values of one metric for P predictors on the same rows. Const members may be called from any
/// thread.
class WeightedMetric {
 public:
  virtual ~WeightedMetric() = default;
  /// `counts`: n_units x draws. Result: P x draws; NaN = undefined.
  [[nodiscard]] virtual Matrix<double> evaluate(const Matrix<std::uint16_t>& counts) const = 0;
};

/// Keeps what it needs of the rows. Throws Error{usage} for an unknown metric, Error{internal} for
/// spans of different lengths or a value that is not finite.
std::unique_ptr<WeightedMetric> make_weighted_metric(std::string_view metric,
                                                     const WeightedRows& rows);

}  // namespace cupel

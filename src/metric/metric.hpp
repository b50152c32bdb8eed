#pragma once
/// The registry of metrics: one name, one function of (truth, prediction).
///
/// Conventions. Every value equals scikit-learn's / SciPy's on the same rows. A metric that has no
/// value (too few rows, constant truth, constant prediction under a correlation, one class only,
/// a non-finite input) is NaN, never 0: scikit-learn returns 0 or 1 in some of these cases, and a
/// mean over groups that hides them is not comparable between models. "Constant" means constant up
/// to rounding: norm(x - mean) <= 1e-13 |mean|, SciPy's threshold of NearConstantInputWarning.
///
/// Rows without a prediction (NaN) must be removed by the caller, with `complete_rows`, so that all
/// predictors of a comparison are scored on the same rows.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

struct MetricInfo {
  std::string name;         ///< "rmse"
  std::string title;        ///< "RMSE"
  std::string description;  ///< one sentence with the formula and what is undefined
  std::string source;       ///< paper or reference implementation
  bool higher_is_better = true;
  bool same_unit_as_target = false;
  bool needs_labels = false;  ///< truth is 0/1; see `binarise` in metric/groups.hpp
  /// Value on rows that are finite and of equal count; NaN where undefined.
  double (*function)(std::span<const double> truth, std::span<const double> prediction) = nullptr;
};

/// All metrics, in the order of the documentation.
std::span<const MetricInfo> metrics();
/// nullptr if there is no such metric.
const MetricInfo* find_metric(std::string_view name) noexcept;
/// Throws Error{usage} that names the nearest metric.
const MetricInfo& metric(std::string_view name);

/// Value of metric `name` on all rows; NaN where undefined. Labels of a `needs_labels` metric are 0
/// and 1, and the prediction is a score that grows with the probability of label 1; `mcc` calls a
/// row positive where that score is > 0 (pass `Binarised::margin`, whose zero is the cut-off).
/// Throws Error{usage} for an unknown name, Error{internal} for spans of different lengths.
double evaluate(std::string_view name, std::span<const double> truth,
                std::span<const double> prediction);
double evaluate(const MetricInfo& info, std::span<const double> truth,
                std::span<const double> prediction);

/// Rows on which truth and prediction are both finite, ascending.
std::vector<std::uint32_t> complete_rows(std::span<const double> truth,
                                         std::span<const double> prediction);
std::vector<double> gather(std::span<const double> values, std::span<const std::uint32_t> rows);

}  // namespace cupel

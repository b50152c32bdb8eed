#pragma once
/// The formulas behind the registry. Preconditions (checked by `evaluate`): spans of equal length,
/// all values finite. NaN where a metric is undefined. Errors are O(n), ranks O(n log n).
#include <limits>
#include <span>

namespace cupel::detail {

inline constexpr double kNotDefined = std::numeric_limits<double>::quiet_NaN();

using Values = std::span<const double>;

double mse(Values truth, Values prediction);
double rmse(Values truth, Values prediction);
double mae(Values truth, Values prediction);
double within_10_fold(Values truth, Values prediction);
double within_2_fold(Values truth, Values prediction);
double r2(Values truth, Values prediction);
double pearson(Values truth, Values prediction);
double spearman(Values truth, Values prediction);
double kendall(Values truth, Values prediction);
double auroc(Values labels, Values score);
double average_precision(Values labels, Values score);
double matthews(Values labels, Values margin);

}  // namespace cupel::detail

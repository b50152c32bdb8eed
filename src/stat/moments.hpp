#pragma once
/// Mean and population standard deviation, summed in the order of the values; NaN without values.
#include <span>

namespace cupel {

double mean(std::span<const double> values) noexcept;
/// sqrt(sum (x - mean)^2 / n), in two passes.
double standard_deviation(std::span<const double> values) noexcept;

}  // namespace cupel

#pragma once
/// The studentised range: (largest - smallest) of k independent normal means over an independent
/// estimate of their standard error with v degrees of freedom (Tukey's q).
///
/// With infinite v the upper tail is k int phi(z) [Phi(z)^(k-1) - (Phi(z) - Phi(z - q))^(k-1)] dz,
/// z the largest, by Gauss and Legendre's rule in panels; every term is positive, so small tails
/// keep their relative accuracy. With v degrees of freedom it is averaged over s = chi_v / sqrt(v):
/// int f_v(s) upper(q s) ds, by the trapezoid rule in log s, which converges exponentially there.
/// Equals scipy.stats.studentized_range to 1e-8 (tests/golden/stat).
#include <cstddef>
#include <limits>

namespace cupel {

inline constexpr double kInfiniteFreedom = std::numeric_limits<double>::infinity();

/// P(Q >= q). NaN for fewer than two groups or degrees of freedom not above 0.
double studentized_range_upper(double q, std::size_t n_groups,
                               double degrees_of_freedom = kInfiniteFreedom);
/// P(Q < q).
double studentized_range_cdf(double q, std::size_t n_groups,
                             double degrees_of_freedom = kInfiniteFreedom);
/// q with P(Q < q) = probability; NaN outside (0, 1).
double studentized_range_quantile(double probability, std::size_t n_groups,
                                  double degrees_of_freedom = kInfiniteFreedom);

}  // namespace cupel

#include "stat/studentized_range.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <numbers>

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// A normal beyond this many standard deviations does not count.
constexpr double kReach = 8.5;
/// Terms below this share of the largest one end a sum.
constexpr double kNegligible = 1e-19;

double normal_density(double z) {
  return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi);
}
double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// The upper tail with a known standard error.
double upper_of_range(double q, double k) {
  if (q <= 0.0) return 1.0;
  const auto density = [&](double z) {
    const double below = normal_cdf(z);
    const double share = std::min(1.0, normal_cdf(z - q) / below);
    return k * normal_density(z) * std::pow(below, k - 1.0) *
           -std::expm1((k - 1.0) * std::log1p(-share));
  };
  // The mass lies where the largest is near q / 2 or above the middle.
  const double begin = -kReach;
  const double end = 0.5 * std::min(q, 80.0) + kReach;
  const int n_panels = static_cast<int>(std::ceil((end - begin) / 2.5));
  const double width = (end - begin) / n_panels;
  double sum = 0.0;
  for (int panel = 0; panel < n_panels; ++panel) {
    const double low = begin + panel * width;
    sum += boost::math::quadrature::gauss<double, 20>::integrate(density, low, low + width);
  }
  return std::min(1.0, sum);
}

/// The average of `upper_of_range(q s)` over s = exp(u).
double upper_with_freedom(double q, double k, double freedom) {
  const double constant =
      std::numbers::ln2 + 0.5 * freedom * std::log(0.5 * freedom) - std::lgamma(0.5 * freedom);
  const auto term = [&](double u) {
    const double log_density = constant + freedom * (u - 0.5 * std::exp(2.0 * u));
    if (log_density < -700.0) return 0.0;
    return std::exp(log_density) * upper_of_range(q * std::exp(u), k);
  };
  const double step = std::min(0.1, 1.0 / (3.0 * std::sqrt(2.0 * freedom)));
  double sum = term(0.0);
  double largest = sum;
  for (const double direction : {1.0, -1.0}) {
    for (int i = 1;; ++i) {
      const double u = direction * i * step;
      const double value = term(u);
      sum += value;
      largest = std::max(largest, value);
      // To the left the tail may have its mass far from u = 0, behind nothing at all.
      const bool is_past = value < kNegligible * largest || std::abs(u) > 700.0;
      if (direction > 0.0 ? value <= kNegligible * largest : is_past) break;
    }
  }
  return std::clamp(sum * step, 0.0, 1.0);
}

}  // namespace

double studentized_range_upper(double q, std::size_t n_groups, double degrees_of_freedom) {
  if (std::isnan(q) || n_groups < 2 || !(degrees_of_freedom > 0.0)) return kNaN;
  if (q <= 0.0) return 1.0;
  const auto k = static_cast<double>(n_groups);
  return std::isinf(degrees_of_freedom) ? upper_of_range(q, k)
                                        : upper_with_freedom(q, k, degrees_of_freedom);
}

double studentized_range_cdf(double q, std::size_t n_groups, double degrees_of_freedom) {
  return 1.0 - studentized_range_upper(q, n_groups, degrees_of_freedom);
}

double studentized_range_quantile(double probability, std::size_t n_groups,
                                  double degrees_of_freedom) {
  if (!(probability > 0.0 && probability < 1.0) || n_groups < 2 || !(degrees_of_freedom > 0.0)) {
    return kNaN;
  }
  const auto miss = [&](double q) {
    return (1.0 - probability) - studentized_range_upper(q, n_groups, degrees_of_freedom);
  };
  double high = 8.0;
  while (miss(high) < 0.0 && high < 1e12) high *= 2.0;
  std::uintmax_t steps = 200;
  const auto bracket = boost::math::tools::toms748_solve(
      miss, 0.0, high, boost::math::tools::eps_tolerance<double>(46), steps);
  return 0.5 * (bracket.first + bracket.second);
}

}  // namespace cupel

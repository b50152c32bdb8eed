// Welch's t from moments; Student's t from Boost.
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "area/perturbation/preset_profiles.hpp"

namespace cupel::perturbation {

MomentTest welch_from_moments(const Moments& group, const Moments& reference) {
  const std::size_t n_genes = group.mean.size();
  MomentTest out{.statistic = std::vector<double>(n_genes, 0.0),
                 .p_value = std::vector<double>(n_genes, 1.0)};
  for (std::size_t j = 0; j < n_genes; ++j) {
    const double a = group.variance[j] / group.n;
    const double b = reference.variance[j] / reference.n;
    const double t = (group.mean[j] - reference.mean[j]) / std::sqrt(a + b);
    if (std::isnan(t)) continue;
    out.statistic[j] = t;
    if (std::isinf(t)) {
      // No spread on either side: scipy has no degrees of freedom there, and no p-value.
      continue;
    }
    const double freedom =
        (a + b) * (a + b) / (a * a / (group.n - 1.0) + b * b / (reference.n - 1.0));
    if (!(freedom > 0.0)) continue;
    out.p_value[j] = 2.0 * boost::math::cdf(boost::math::complement(
                               boost::math::students_t(freedom), std::abs(t)));
  }
  return out;
}

}  // namespace cupel::perturbation

#pragma once
/// The area under a spectral performance curve (AUSPC; Ektefaie et al. 2024,
/// doi:10.1038/s42256-024-00931-6), with an explicit x-axis and range.
///
/// The area is the trapezoid rule over the means at distinct x. Its standard error is
/// sqrt(sum w_i^2 se_i^2) with the trapezoid's own weights w (half the steps to both neighbours);
/// PertEval-scFM uses half a step everywhere, which is about half of it.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace cupel {

/// Mean performance at one place of the spectrum.
struct SpcPoint {
  double x = 0.0;
  double value = 0.0;           ///< mean over repeats
  double standard_error = 0.0;  ///< NaN = not known (one repeat)
  std::size_t n_repeats = 0;
};

/// Means per distinct x, ascending, of repeated points; points with an undefined value are left
/// out. The standard error is sd / sqrt(n) over repeats.
std::vector<SpcPoint> mean_points(std::span<const double> x, std::span<const double> value);

struct Auspc {
  double area = 0.0;        ///< trapezoid; NaN with fewer than two distinct x
  double normalised = 0.0;  ///< area / (x_high - x_low): the mean height, comparable over ranges
  double standard_error = 0.0;           ///< of `area`; NaN if a point has none
  double standard_error_perteval = 0.0;  ///< with d/2 everywhere, for comparison with that tool
  double x_low = 0.0;
  double x_high = 0.0;
  std::size_t n_points = 0;
};
/// `points` ascending in x.
Auspc auspc(std::span<const SpcPoint> points);

/// Trapezoid weights of the places x (ascending): area = sum w_i y_i.
std::vector<double> trapezoid_weights(std::span<const double> x);

/// AU-GOOD (Fernandez-Diaz et al. 2025, Hestia): the expected performance where the nearest
/// training similarity is distributed as in deployment: sum over thresholds b_1 < b_2 < ... of
/// P(b_{i-1} < s <= b_i) performance_i, weights normalised; the first bin is s <= b_1. Deployment
/// similarities above the last threshold join its bin, where Hestia drops them; `n_above` counts
/// them.
struct AuGood {
  double value = 0.0;
  std::size_t n_above = 0;
};
AuGood au_good(std::span<const double> thresholds, std::span<const double> performance,
               std::span<const double> deployment_similarity);

}  // namespace cupel

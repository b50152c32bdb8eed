#pragma once
/// Intervals, p-values and power from resampled values (see resample.hpp).
///
/// Undefined (NaN) draws are left out and counted; with more than 10 % of them there is no interval
/// (NaN), because the rest would be a selected sample.
#include <cstddef>
#include <span>

#include "stat/resample.hpp"

namespace cupel {

struct Interval {
  double low = 0.0;
  double high = 0.0;
  double confidence = 0.95;
  std::size_t n_draws = 0;    ///< draws used
  std::size_t n_dropped = 0;  ///< undefined draws
  /// False where the point lies outside all draws (the bias correction is then clamped to half a
  /// draw), where BCa runs into the ends of the draws, or where there is no interval.
  bool is_reliable = true;
};

/// Quantiles (1 -+ confidence) / 2 of the draws, linear between order statistics.
Interval percentile_interval(std::span<const double> draws, double confidence = 0.95);

/// Bias-corrected and accelerated (Efron 1987, doi:10.1080/01621459.1987.10478410). The bias
/// z0 = Phi^-1(share of draws below the point, ties count half); the acceleration from the leave-
/// one-out values of all resampled units, sum over units d^3 / (6 (sum d^2)^1.5), with
/// d = (n - 1)/n (mean - value) per kind of unit (Davison and Hinkley 1997, eq. 5.23 ff. for
/// several samples). Without jackknife values it is the bias-corrected interval.
Interval bca_interval(const Sample& sample, double confidence = 0.95);
Interval bca_interval(double point, std::span<const double> draws,
                      std::span<const double> jackknife_a, std::span<const double> jackknife_b,
                      double confidence = 0.95);

/// Two-sided p-value of "the quantity is `null`" by inversion of the percentile interval:
/// min(1, 2 min(1 + #{draws <= null}, 1 + #{draws >= null}) / (B + 1)). NaN with > 10 % undefined.
double bootstrap_p_value(std::span<const double> draws, double null = 0.0);

/// Standard deviation of the defined draws (n - 1); NaN with > 10 % undefined or < 2 draws.
double standard_error(std::span<const double> draws);

/// Difference that a two-sided test at `alpha` finds with probability `power`, given its standard
/// error: (z(1 - alpha/2) + z(power)) x standard error.
double minimum_detectable_difference(double standard_error, double alpha = 0.05,
                                     double power = 0.8);

}  // namespace cupel

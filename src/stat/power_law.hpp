#pragma once
/// Learning curves: power-law fit, plateau, crossing.
///
/// value(n) = a n^-b + c with b > 0: c is what infinitely many training samples would give (Cortes
/// et al. 1993; Hestness et al. 2017, arXiv:1712.00409; for drug response Partin et al. 2021,
/// doi:10.1186/s12859-021-04163-y). Works for errors (a > 0) and for scores (a < 0).
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "stat/interval.hpp"

namespace cupel {

struct PowerLaw {
  double a = 0.0;
  double b = 0.0;
  double c = 0.0;             ///< plateau; NaN if the curve could not be fitted
  double residual_sum = 0.0;  ///< weighted sum of squares
  std::size_t n_points = 0;
  /// True where the best b lies at an end of [0.01, 10]: the curve has no bend (or only one), and
  /// c is an extrapolation that should not be quoted.
  bool at_bound = false;
  [[nodiscard]] double operator()(double n) const;
};

/// Separable least squares: for a given b the best a and c are linear; b by a grid in log b and
/// Brent's method. Needs values at >= 3 distinct sizes. Weights: empty = all 1. NaN values are left
/// out. O(points x 100).
PowerLaw fit_power_law(std::span<const double> sizes, std::span<const double> values,
                       std::span<const double> weights = {});

/// A learning curve: `values` is repeats x sizes, NaN = not run.
struct LearningCurve {
  std::vector<double> sizes;  ///< ascending
  Matrix<double> values;
  /// Mean over the repeats that have a value; NaN if none has.
  [[nodiscard]] std::vector<double> mean() const;
};

struct CurveOptions {
  std::size_t n_draws = 1000;
  double confidence = 0.95;
  std::uint64_t seed = 0;
  double plateau_tolerance = 0.02;  ///< share of |c|: within it the curve is called finished
};

enum class Plateau { reached, not_reached, cannot_tell };

struct CurveFit {
  PowerLaw law;                 ///< fit of the mean curve
  Interval plateau_interval;    ///< of c, percentile
  bool from_residuals = false;  ///< one repeat only: residual instead of repeat bootstrap
  Plateau plateau = Plateau::cannot_tell;
  double gap = 0.0;  ///< value at the largest size minus c
  Interval gap_interval;
};

/// Fits the mean curve and resamples repeats (rows of `values`); with fewer than 3 repeats it
/// resamples the residuals of the mean curve. Reached: the whole interval of the gap lies within
/// plateau_tolerance x |c|; not reached: the whole interval lies outside; else cannot tell.
CurveFit fit_learning_curve(const LearningCurve& curve, const CurveOptions& options,
                            const Context& context);

struct Crossing {
  double size = 0.0;           ///< first size from which the model stays better; NaN = never
  bool always = false;         ///< better from the smallest size on (size = sizes[0])
  Interval interval;           ///< over the draws in which there is a crossing
  double share_crossed = 0.0;  ///< share of the draws in which the model ends up better
};

/// Training size from which `model` is better than `baseline` for good, by linear interpolation of
/// the mean difference in log n, with an interval by resampling paired repeats. Both curves have
/// the same sizes and repeats.
Crossing crossing_size(const LearningCurve& model, const LearningCurve& baseline,
                       bool higher_is_better, const CurveOptions& options, const Context& context);

}  // namespace cupel

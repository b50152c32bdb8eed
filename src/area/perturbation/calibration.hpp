#pragma once
/// Can a metric tell anything on this data set? Each metric is shown a prediction that must win
/// (the other half of the cells: a technical duplicate) and one that must lose (a mean that knows
/// nothing of the single perturbation), both made from the same half, against the truth of the
/// other.
///
/// Dynamic range fraction (Miller et al. 2025, doi:10.1101/2025.10.20.683304; scPertEval):
/// (positive - negative) / (perfect - negative + 1e-6) where more is better, (negative - positive)
/// / (negative + 1e-6) for errors, per row, clipped to [-1, 1], undefined below ten rows. Baseline
/// discrimination score (Vollenweider and Buehlmann 2026): share of rows whose positive beats their
/// negative; ties count half.
#include <span>
#include <string_view>
#include <vector>

#include "area/perturbation/test_scores.hpp"

namespace cupel::perturbation {

struct MetricCalibration {
  std::vector<double> drf;               ///< per test row, mean over views
  std::vector<double> wins;              ///< per test row: share of views that the duplicate wins
  std::vector<double> interpolated_drf;  ///< positive = interpolated duplicate
  Estimate drf_mean;
  Estimate bds;
  Estimate interpolated_drf_mean;
  Estimate interpolated_bds;
  double drf_median = kUndefined;
  bool negative_is_control = false;  ///< metrics of changes from the mean perturbation
  bool tells = false;                ///< interval of DRF above 0 and of BDS above 1/2
};

/// Two-sided p of Student's t to 1e-9, fast: every gene of every view is tested. NaN for a t that
/// is not finite.
double two_sided_p(double t, double degrees);

/// One row's dynamic range fraction.
double dynamic_range_fraction(const SampleMetric& metric, double positive,
                              double negative) noexcept;

/// The interpolated duplicate: gene by gene alpha x duplicate + (1 - alpha) x mean, alpha = 1 -
/// adjusted p (Benjamini-Hochberg) of the duplicate's Welch t against its own control. The
/// variances are those of all cells. Test rows x n_genes, on the repeat's own control.
std::vector<double> interpolated_duplicate(const Dataset& data, const HalfView& view,
                                           const TestRows& test, std::span<const double> duplicate,
                                           std::span<const double> mean);

/// In the order of the scorer. Cost: 8 scorings of the test rows per view.
std::vector<MetricCalibration> calibrate(const Scorer& scorer, const Dataset& data,
                                         const TestRows& test, const PerturbationDraws& draws,
                                         std::size_t max_views, const Context& context);

}  // namespace cupel::perturbation

#pragma once
/// The noise ceiling: what an independent repeat of the same experiment would score.
///
/// The cells of every sample are split into disjoint halves, each with its own half of the control
/// cells, and one half is scored as the prediction of the other, in both directions and over all
/// seeds of the data set; a row's ceiling is the mean of these. Halves that share cells
/// (a bootstrap of twice the cells, as cell-eval 0.8) or the control look better than any
/// experiment can be; the inflation by a shared control is given beside.
///
/// A half has half of the cells. Where a rule is known, the value is carried over to a repeat with
/// all cells: correlations r > 0 by Spearman-Brown, 2 r / (1 + r); squared errors by 1/2; distances
/// and absolute errors by 1/sqrt(2).
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "area/perturbation/test_scores.hpp"

namespace cupel::perturbation {

/// How a metric's value of half the cells becomes that of all cells.
enum class Projection : std::uint8_t { none, spearman_brown, half, root_half };
/// By the metric's name: pearson..., spearman..., cosine...; mse...; rmse..., l2..., mae....
/// None for ranks, shares, overlaps and R2. Of mse_unbiased only the truth's noise is taken, and
/// what is left of a repeat halves as well.
Projection projection_of(std::string_view metric) noexcept;
/// `times`: how many times more cells; 2 from half of them to all.
double project(Projection projection, double value, double times = 2.0) noexcept;

struct MetricCeiling {
  bool uses_control = false;  ///< its value depends on the control profile
  Projection projection = Projection::none;
  std::vector<double> half;    ///< per test row: half against half, own controls
  std::vector<double> shared;  ///< the same with the control of all control cells on both sides
  std::vector<double> full;    ///< projected to all cells; as `half` where no rule is known
  /// Per test row: one biological replicate against another, mean over all pairs, projected to as
  /// many replicates as have the sample; NaN without replicates.
  std::vector<double> replicates;
  /// Per test row: `shared` projected to all cells. Predictors are scored with the data set's
  /// controls, whose noise is then in truth and prediction: this is the ceiling to hold them to.
  std::vector<double> matched;
  Estimate half_mean;
  Estimate full_mean;
  Estimate matched_mean;
  Estimate replicates_mean;
  Estimate inflation;  ///< shared - own, in the metric's own direction (positive = looks better)
};

struct NoiseCeiling {
  std::size_t n_views = 0;  ///< seeds x 2 directions
  /// Per view: test rows x metrics, half against half, the data set's controls.
  std::vector<Matrix<double>> views = {};
  std::vector<MetricCeiling> metrics;  ///< in the order of the scorer
  /// Per test row: mean over genes of variance / cells, the squared error of a prediction that
  /// knows the true mean; a repeat of the experiment has twice that.
  std::vector<double> measurement_mse = {};
  Estimate measurement_mse_mean = {};
};

/// Without halves the metrics' values are NaN. Cost: 3 scorings of the test rows per view.
NoiseCeiling noise_ceiling(const Scorer& scorer, const Dataset& data, const TestRows& test,
                           const PerturbationDraws& draws, std::size_t max_views,
                           const Context& context);

/// Squared standard error of every gene of a sample's mean profile, summed over genes; NaN where
/// the sample has one cell. Of a control likewise.
double noise_of_sample(const ProfileData& profiles, std::size_t sample) noexcept;
double noise_of_control(const ProfileData& profiles, std::size_t context) noexcept;

}  // namespace cupel::perturbation

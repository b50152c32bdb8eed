#pragma once
/// Expression metrics of cell-eval2 (0.20) on profiles: the control is the truth's on both sides,
/// errors with the noise of both means taken out, and a cap on what a prediction may claim as
/// noise.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "metric/discrimination.hpp"

namespace cupel::perturbation::cell_eval2 {

/// Perturbations x genes, with what sampling noise adds to the squared distance of a profile,
/// summed over genes: the jackknife for group sums, tr(Sigma) / n for means; 0 for one cell.
struct Profiles {
  Matrix<double> mean;
  std::vector<double> noise;
};

struct Expression {
  Profiles truth;
  Profiles predicted;
  std::vector<double> control;  ///< of the truth
  double control_noise = 0.0;
  /// Of the prediction's own cells; used by the replicate anchor only.
  std::vector<double> predicted_control;
  /// Gene that a perturbation targets, by name.
  std::vector<std::optional<std::uint32_t>> own_gene;
  double mass_target = 0.0;  ///< what expm1 of a profile should add up to
};

std::vector<double> mae(const Expression& e);
std::vector<double> mse(const Expression& e);
/// Of changes; with the truth's control on both sides they equal mae and mse.
std::vector<double> delta_mae(const Expression& e);
std::vector<double> delta_mse(const Expression& e);
/// Pearson of the changes: NaN where the true change is constant (nothing to correlate with), -1
/// where the predicted one is.
std::vector<double> delta_pearson(const Expression& e);
/// (|p - t|^2 over all genes - noise_p - noise_t - own gene's square) / genes without the own one.
std::vector<double> mse_unbiased(const Expression& e);
/// The same with the noise claimed by the prediction capped: by that of the truth, and in sum by
/// the spread of the predicted profiles over perturbations (repeating one block of cells earns
/// nothing).
std::vector<double> mse_unbiased_capped(const Expression& e);
/// (|t - control|^2 - noise_t - noise_control - own gene's square) / genes without the own one.
std::vector<double> distance_unbiased(const Expression& e);
/// sum expm1(true profile) / mass_target: 1 for group sums, far below for means of logs.
std::vector<double> real_mass_ratio(const Expression& e);
/// Sum of mse_unbiased_capped / sum of distance_unbiased over perturbations where both are finite.
/// NaN where the sum of distances is not positive: such a truth shows no effect.
double mse_unbiased_capped_norm(std::span<const double> capped, std::span<const double> distance);
/// 1 - mid-rank / (n - 1) without the genes that any perturbation of the panel targets.
std::vector<double> discrimination(const Expression& e, ProfileDistance distance,
                                   const Context& context);

}  // namespace cupel::perturbation::cell_eval2

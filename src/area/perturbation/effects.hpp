#pragma once
/// How large a perturbation's effect is beyond the noise of its measurement: what there is to
/// learn.
///
/// The squared length of the measured change, ||d||^2, is too large by the noise in it: with
/// S = var / n + var_control / n_control per gene, ||d||^2 - sum S estimates ||true change||^2
/// without bias, whatever the correlations of the genes. Its variance is 2 tr(V^2) + 4 d'V d with
/// the covariance V of the noise, of which S is the diagonal. Genes are correlated, so both terms
/// are taken as multiples (>= 1) of what the diagonal gives; the multiples come from the halves of
/// the data: half of their difference, e, has the covariance V, and <e_s, e_t>^2 over seeds s < t
/// and <d, e_s>^2 estimate tr(V^2) and d'V d. They are means over the samples,
/// weighted by cells.
#include <cstddef>
#include <span>
#include <vector>

#include "area/perturbation/test_scores.hpp"

namespace cupel::perturbation {

/// How much correlated genes widen intervals; 1 = as if independent (no halves to tell).
struct NoiseCorrelation {
  double squares = 1.0;  ///< tr(V^2) / sum S^2
  double along = 1.0;    ///< d'V d / sum S d^2
  bool is_measured = false;
};
NoiseCorrelation noise_correlation(const Dataset& data);

struct EffectSize {
  double squared = kUndefined;  ///< estimate of ||true change||^2; may be negative
  double low = kUndefined;      ///< 95 % interval
  double high = kUndefined;
  double noise = kUndefined;     ///< expected squared length of the noise
  std::size_t n_responding = 0;  ///< genes with |t| above `responding_t`
  /// The interval is above 0, and ||d||^2 above the 97.5 % point of pure noise (a chi-square law
  /// with matched moments).
  bool is_learnable = false;
};
/// One per sample of the data set. Samples with one cell have NaN.
std::vector<EffectSize> effect_sizes(const Dataset& data, const NoiseCorrelation& correlation);

/// |t| that one gene among `n_genes` exceeds without any effect in one sample of twenty.
double responding_t(std::size_t n_genes);

/// Of a combination whose members were all measured alone in its context: how far its change is
/// from the sum of theirs.
struct Interaction {
  std::uint32_t sample = 0;
  std::vector<std::uint32_t> members = {};  ///< samples
  /// ||change - sum of changes||^2 without the noise, its interval, and as a share of the
  /// combination's own squared effect (NaN where that is not above the noise).
  double squared = kUndefined;
  double low = kUndefined;
  double high = kUndefined;
  double relative = kUndefined;
  bool is_beyond_noise = false;
};
std::vector<Interaction> interactions(const Dataset& data, const NoiseCorrelation& correlation);

}  // namespace cupel::perturbation

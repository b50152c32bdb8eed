#pragma once
/// How much of the measured responses is one and the same shift: what the mean of other
/// perturbations predicts without knowing anything of a perturbation (Systema, Vinas Torne et al.
/// 2025, doi:10.1038/s41587-025-02777-8).
#include <cstddef>
#include <vector>

#include "area/perturbation/test_scores.hpp"

namespace cupel::perturbation {

struct SystematicVariation {
  std::uint32_t context = 0;
  std::size_t n_perturbations = 0;
  /// Systema's measure: mean cosine of a perturbation's change with the mean change of all (the
  /// perturbation itself and the noise of the shared control are in both).
  Estimate cosine = {};
  /// The same with the perturbation's change from one half of the cells and controls, the mean
  /// of the *other* perturbations from the other half: nothing is shared but the shift itself.
  /// Noise makes it smaller than the true value. NaN without halves.
  Estimate cosine_of_halves = {};
  /// Share of the squared changes that the mean change accounts for, as measured, and of the true
  /// changes: (||mean||^2 - noise) / (mean ||d||^2 - noise), NaN where nothing is above the noise.
  double share = kUndefined;
  double share_beyond_noise = kUndefined;
};

/// One per context that has at least two perturbations, in the order of the contexts. Singles and
/// combinations alike.
std::vector<SystematicVariation> systematic_variation(const Dataset& data, std::size_t n_draws,
                                                      double confidence, std::uint64_t seed,
                                                      const Context& context);

}  // namespace cupel::perturbation

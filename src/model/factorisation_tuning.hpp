#pragma once
/// Choice of rank and penalty of a factorisation on held-out pairs.
#include <cstdint>
#include <vector>

#include "model/factorisation.hpp"

namespace cupel {

struct FactorisationGrid {
  std::vector<std::uint32_t> ranks = {0, 8, 30, 60};
  std::vector<double> penalties = {10.0, 7.0, 5.0, 3.5, 2.5, 1.5, 0.8};
  std::uint32_t sweeps = 12;  ///< at most, for the last fit
};

/// Goes through rising ranks, and for each through falling penalties, every fit starting from the
/// last one; leaves a rank once the error on `tune` rises, and stops at the first rank that is no
/// better than the one before. A rank starts one penalty above the one that was best so far. Takes
/// the best by RMSE on `tune` (a larger rank must gain 0.1 %), and refits it on `all`. Pairs of
/// `tune` with an unseen side say nothing about the rank: without a pair whose two sides are known
/// the rank is 0.
Factorisation fit_tuned_factorisation(PairTable fit, const PairTable& tune, PairTable all,
                                      const FactorisationGrid& grid, std::uint64_t seed,
                                      const Context& context);

}  // namespace cupel

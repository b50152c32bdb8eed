#pragma once
/// Choice of rank and penalty of a factorisation on held-out pairs.
#include <cstdint>
#include <vector>

#include "model/factorisation.hpp"

namespace cupel {

struct FactorisationGrid {
  std::vector<std::uint32_t> ranks = {0, 8, 30};
  std::vector<double> penalties = {30.0, 15.0, 8.0, 4.0};
  std::uint32_t sweeps = 12;  ///< at most, for the last fit
};

/// Fits on `fit` along falling penalties (each starts from the last, and a rank is left once the
/// error on `tune` rises), takes the best by RMSE on `tune`, the smaller rank at a tie, and refits
/// it on `all`. Pairs of `tune` with an unseen side say nothing about the rank: without a pair
/// whose two sides are known the rank is 0.
Factorisation fit_tuned_factorisation(PairTable fit, const PairTable& tune, PairTable all,
                                      const FactorisationGrid& grid, std::uint64_t seed,
                                      const Context& context);

}  // namespace cupel

#pragma once
/// The five models of the simulated study, fitted by simple means.
#include <cstdint>
#include <string>
#include <vector>

#include "area/drug_response/simulate.hpp"
#include "cupel/split.hpp"

namespace cupel::detail {

/// Additive effects and a low-rank identity part, fitted to `target` on some rows; unseen levels
/// have no effect. Additive by backfitting; each rank in turn by alternating ridge regressions.
struct IdentityFit {
  double mean = 0.0;
  std::vector<double> drug, cell;
  std::vector<std::vector<double>> drug_factor, cell_factor;  ///< one vector per rank

  [[nodiscard]] double predict(std::uint32_t drug_code, std::uint32_t cell_code) const;
};
IdentityFit fit_identities(const Simulation& simulation, const std::vector<double>& target,
                           const std::vector<std::uint32_t>& rows, std::uint32_t rank,
                           double penalty);

/// Predictions of one of simulated_models() for the test rows of a split.
std::vector<double> predict_model(const std::string& model, const Simulation& simulation,
                                  const Split& split, std::uint64_t seed);

}  // namespace cupel::detail

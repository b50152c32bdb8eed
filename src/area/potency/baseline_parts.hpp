#pragma once
/// What the files of this folder that define baselines share. Not for use outside.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/options.hpp"
#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"
#include "model/function_predictor.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::potency {

/// One line of the registry: its description, what the data must have, and how to make it.
struct BaselineEntry {
  PredictorInfo info;  ///< without `parameters`
  bool is_default = true;
  std::vector<std::string> needs;  ///< "fingerprint", "scaffold", "size": of the ligand
  /// Reads the options; may add to what the predictor sees.
  std::function<FitFunction(Options&, PredictorInfo&)> make;
};

std::vector<BaselineEntry> simple_baselines();
std::vector<BaselineEntry> neighbour_baselines();
std::vector<BaselineEntry> learner_baselines();

std::vector<double> targets_of(const Dataset& data, std::span<const std::uint32_t> samples);
double mean_of(std::span<const double> values);

/// Features of all ligands: bits as they are; numbers standardised on the training samples (mean 0,
/// standard deviation 1; a constant is 0, a missing value the mean).
struct LigandTable {
  std::shared_ptr<const PackedBits> bits;
  Matrix<float> numbers;              ///< if bits is null
  std::vector<std::uint8_t> present;  ///< per ligand
};
LigandTable ligand_table(const Dataset& data, const std::string& block,
                         std::span<const std::uint32_t> train);
/// Several blocks side by side, as numbers: bits are 0 and 1. Ligands that have all of them.
LigandTable ligand_table(const Dataset& data, const std::vector<std::string>& blocks,
                         std::span<const std::uint32_t> train);

/// Predicts ligands that have features.
using PredictLigands = std::function<std::vector<double>(
    std::span<const std::uint32_t> ligands, const Context& context, Diagnostics& diagnostics)>;
/// Fits on ligands[i] with target y[i]; what it returns may keep the table.
using FitLigands = std::function<PredictLigands(
    std::shared_ptr<const LigandTable> table, std::vector<std::uint32_t> ligands,
    std::vector<double> y, std::uint64_t seed, const Context& context)>;

/// A learner on one block of ligand features. Ligands without them are left out of training, and
/// are given its mean (counted as `no_features_ligand`).
FitFunction fit_on(const std::string& block, FitLigands fit);
/// The same on several blocks side by side, as numbers.
FitFunction fit_on(const std::vector<std::string>& blocks, FitLigands fit);

/// The learner fitted on training targets that were dealt out anew, one draw by the seed.
FitLigands y_randomised(FitLigands fit);

// Learners by name, for baselines and reference models alike.
FitLigands ridge_learner(Options& options);
FitLigands forest_learner(Options& options);
FitLigands boosting_learner(Options& options);
FitLigands network_learner(Options& options);
/// k, metric, weight; `bits`: Tanimoto is possible, and the default.
FitLigands knn_learner(Options& options, bool bits, std::uint32_t default_k = 5);

}  // namespace cupel::potency

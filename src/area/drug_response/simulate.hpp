#pragma once
/// A drug-response study with known truth: data, five models' predictions, and the study file.
///
///   y = mu + drug + cell + features + identity + noise
///
/// * drug: 60 % of it follows from the molecule's fragments, the rest belongs to the drug alone;
/// * cell: half of it follows from the line's latent programmes, which expression shows;
/// * features: weights of the drug (by its fragments) times programmes of the line: what a model of
///   chemistry and expression can learn, also for drugs and lines it has not seen;
/// * identity: a low-rank interaction that no feature shows: only ids can learn it;
/// * noise: a share of the pairs is measured twice, so that it can be estimated.
/// Each part has exactly its share of the variance over the full grid of drugs and lines. The
/// shares follow GDSC: between-drug variance about 70 %, line 11 %, noise about 10 %.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"

namespace cupel {

struct SimulateOptions {
  std::uint32_t n_drugs = 60;
  std::uint32_t n_cells = 150;
  std::uint32_t n_genes = 120;
  std::uint32_t n_tissues = 10;
  std::uint32_t n_folds = 5;
  double replicated = 0.10;  ///< share of the measured pairs that is measured twice
  double measured = 0.95;    ///< share of the grid that is measured
  double mean = 2.8;         ///< ln uM
  double sd = 2.7;
  double drug_share = 0.65;
  double cell_share = 0.11;
  double feature_share = 0.10;
  double identity_share = 0.04;
  double noise_share = 0.10;
};

/// The five models and what is true of them.
struct SimulatedModel {
  std::string name;   ///< learned, drug_means, ids_only, leaked, noise
  std::string truth;  ///< one sentence
};
std::vector<SimulatedModel> simulated_models();

/// Data and truth in memory.
struct Simulation {
  std::vector<std::string> drugs, smiles, pathways;
  std::vector<std::string> cells, tissues;
  Matrix<double> expression;                                         ///< cells x genes
  Matrix<double> drug_part, cell_part, feature_part, identity_part;  ///< drugs x cells, centred
  std::vector<double> drug_by_chemistry;   ///< per drug: what its fragments say of drug_part
  std::vector<double> cell_by_expression;  ///< per line: what its programmes say of cell_part
  std::vector<std::uint32_t> drug_of_row, cell_of_row;
  std::vector<double> value;  ///< per row: the measured response
};

/// Throws Error{usage} for shares that do not add up to 1, or sizes too small for the folds.
Simulation simulate_data(const SimulateOptions& options, std::uint64_t seed);

/// Writes responses.csv (with fold columns), drugs.csv, cells.csv, expression.csv, truth.csv, one
/// predictions file per model (row, drug, cell, split, fold, prediction) and study.yaml to
/// `folder`, which is made if need be. The seed is the context's. Returns the path of the study
/// file.
std::filesystem::path simulate_drug_response(const std::filesystem::path& folder,
                                             const SimulateOptions& options,
                                             const Context& context);

}  // namespace cupel

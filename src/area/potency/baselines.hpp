#pragma once
/// Baselines of ligand potency, each with what it sees:
///
/// | sees | baselines |
/// |---|---|
/// | targets | global_mean, median, y_randomised_knn (labels shuffled) |
/// | size (one descriptor, OLS) | heavy_atoms, molecular_weight, logp, tpsa |
/// | scaffold | scaffold_mean |
/// | physchem | physchem_ridge, physchem_forest, physchem_boosting |
/// | neighbours | nearest_1, knn (k, metric, weight), knn_weighted (similarity-weighted 5-NN),
/// knn_grid | | fingerprint | {ecfp,maccs}_{ridge,forest,boosting} |
///
/// A predictor that sees `neighbours` looks molecules up and learns no weight of a substructure;
/// one that sees `fingerprint` does. Every predictor sees `targets`.
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"

namespace cupel::potency {

/// Blocks of the entity "ligand" that the area computes: fingerprint, maccs (packed), physchem,
/// size.
std::vector<std::string> default_baselines(const Dataset& data);
/// Throws Error{usage} with the nearest name, or for an option that the baseline does not have.
std::unique_ptr<Predictor> make_baseline(const std::string& name,
                                         const std::map<std::string, std::string>& options,
                                         const Dataset& data, const std::string& as = "");
/// What a reference model on such features ("ligand.maccs", or just "maccs") reads: the names of
/// the blocks; none given = fingerprint.
std::vector<std::string> reference_blocks(const std::vector<std::string>& features);
/// ridge, forest, xgboost, knn on the given features: {"ligand.fingerprint", "ligand.physchem"}.
std::unique_ptr<Predictor> make_reference(const std::string& reference, const std::string& name,
                                          const std::vector<std::string>& features,
                                          const std::map<std::string, std::string>& options,
                                          const Dataset& data, const std::string& title = {});
/// Every baseline, with its default options in `parameters`.
std::vector<PredictorInfo> baseline_catalogue();
struct BaselineDoc {
  std::string name;
  std::string description;
};
std::vector<BaselineDoc> baseline_docs();

}  // namespace cupel::potency

#pragma once
/// The baselines and built-in reference models of the area drug response, by name.
///
/// A sample is about a `drug` and a `cell`; what a baseline needs beyond the targets (tissue
/// labels, fingerprints, expression) is optional in the data, and decides what is on by default.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"

namespace cupel::drug_response {

/// Every baseline with its default parameters, in the order of the information ladder,
/// oracles last.
std::vector<PredictorInfo> baseline_catalogue();

/// Error{usage} for an unknown name or option (with the nearest known one), Error{input} if the
/// data lack what the baseline needs. `as`: another name for it in the study.
std::unique_ptr<Predictor> make_baseline(std::string_view name,
                                         const std::map<std::string, std::string>& options,
                                         const Dataset& data, const std::string& as = {});

/// Names of the baselines that are run unless the study says otherwise: no oracle, and only those
/// whose inputs are in the data.
std::vector<std::string> default_baselines(const Dataset& data);

/// A model on features, to audit where the user brings none. `kind` is ridge, xgboost or mlp,
/// `features` names blocks as "drug.fingerprint", "cell.expression"; empty = all blocks there are.
std::unique_ptr<Predictor> make_reference(std::string_view kind, std::string name,
                                          const std::vector<std::string>& features,
                                          const std::map<std::string, std::string>& options,
                                          const Dataset& data, const std::string& title = {});

}  // namespace cupel::drug_response

#pragma once
/// The baselines and built-in reference models of the area perturbation, by name.
///
/// x is a profile, c the control profile of the sample's own context, d = x - c the response. All
/// means are over training rows only; no baseline reads a target of a row that it predicts, but for
/// the oracles, which say so. Controls of any context are known to all.
///
/// | it sees | baselines |
/// |---|---|
/// | no target | no_change, control_mean |
/// | targets | global_mean (= perturbation_mean unweighted), perturbation_mean |
/// | targets, control, context | mean_shift, context_mean, generic_response |
/// | perturbation | perturbation_mean_across_contexts, two_way_additive |
/// | members of a combination | matching_mean, additive |
/// | embedding of the perturbation | linear, ridge, knn |
/// | the row itself | technical_duplicate, interpolated_duplicate, generic_response_oracle |
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "area/area.hpp"
#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"

namespace cupel::perturbation {

/// Every baseline with its default parameters, in the order of the information ladder, oracles
/// last.
std::vector<PredictorInfo> baseline_catalogue();

/// Error{usage} for an unknown name or option (with the nearest known one), Error{input} if the
/// data lack what the baseline needs. `as`: another name for it in the study.
std::unique_ptr<Predictor> make_baseline(std::string_view name,
                                         const std::map<std::string, std::string>& options,
                                         const Dataset& data, const std::string& as = {});

/// What is run unless the study says otherwise: baselines of contexts where there are several, of
/// combinations where there are some, of embeddings where perturbations have one, and the oracles
/// of the ceiling where the cells are split into halves.
std::vector<std::string> default_baselines(const Dataset& data);

/// The others, and why.
std::vector<LeftOutBaseline> left_out_baselines(const Dataset& data);

/// linear, ridge or knn as a model under audit. `features` names a block of the perturbations
/// ("perturbation.go", or "go"); empty = derived from the profiles.
std::unique_ptr<Predictor> make_reference(std::string_view kind, const std::string& name,
                                          const std::vector<std::string>& features,
                                          const std::map<std::string, std::string>& options,
                                          const Dataset& data, const std::string& title = {});

}  // namespace cupel::perturbation

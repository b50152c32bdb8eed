#pragma once
/// What the presets cell-eval and vcc2025 share.
#include <span>
#include <string>
#include <vector>

#include "area/perturbation/presets.hpp"
#include "base/options.hpp"
#include "cupel/context.hpp"

namespace cupel::perturbation {

/// All metrics of cell-eval but clustering_agreement.
std::vector<PresetMetric> cell_eval_metrics();
const std::vector<std::string>& cell_eval_option_help();
/// `metrics` of two files; takes skip, ceiling and ceiling_seed from the options and refuses
/// others.
ScoreResult score_cell_eval_profile(const ScoreRequest& request,
                                    std::span<const PresetMetric> metrics, Options& options,
                                    const Context& context);

}  // namespace cupel::perturbation

#pragma once
/// Predicted profiles of a split as .h5ad, which scanpy opens and cupel reads again.
#include <filesystem>

#include "cupel/context.hpp"
#include "study/run.hpp"

namespace cupel {

/// A row per predictor (and seed) and test sample: obs has predictor, is_model, seed, fold,
/// perturbation, context; X the profile. Baselines are left out where the file would have more than
/// 40 million values: `cupel baseline` makes them again. Makes the folder. Throws Error{io}.
void write_predicted_profiles(const StudyRun& run, const SplitResult& split,
                              const std::filesystem::path& path, const Context& context);

}  // namespace cupel

#pragma once
/// Protocol checks of predicted profiles: what is missing, what is undefined, what does not depend
/// on the perturbation at all.
#include <vector>

#include "area/area.hpp"
#include "study/run.hpp"

namespace cupel {

/// Appends notes about one model on one split.
void check_profiles(const StudyRun& run, const SplitResult& split, const Entry& entry,
                    std::vector<ProtocolNote>& notes);

/// The test rows hold only so many levels of an entity.
ProtocolNote few_levels(const SplitResult& split, const Entity& entity, std::size_t n_levels);

}  // namespace cupel

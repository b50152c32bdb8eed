#pragma once
/// Numbers that a model's authors printed, against what its predictions give; and how the model
/// was selected.
#include <vector>

#include "area/area.hpp"
#include "study/run.hpp"

namespace cupel {

void check_claims(const StudyRun& run, std::vector<ProtocolNote>& notes);

}  // namespace cupel

/// k nearest neighbours on one side's features.
#include "area/drug_response/baseline_parts.hpp"

namespace cupel::drug_response {

std::vector<BaselineEntry> neighbour_baselines() { return {}; }

}  // namespace cupel::drug_response

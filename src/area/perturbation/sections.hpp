#pragma once
/// What a report says of a perturbation data set before it says anything of a model: which metrics
/// can tell anything, where noise sets the ceiling, where each model stands between the best blind
/// baseline and that ceiling, which metrics can be gamed, how much of the responses is one shared
/// shift, and on which perturbations anything can be learned.
#include <vector>

#include "area/area.hpp"
#include "area/perturbation/test_scores.hpp"

namespace cupel::perturbation {

/// For Area::sections of the area, which gives its own metrics of samples as `scorer`. Sections
/// that need halves of the cells are left out, with a sentence, where the data set has none.
std::vector<AreaSection> make_sections(const Scorer& scorer, const SectionRequest& request,
                                       const Context& context);

}  // namespace cupel::perturbation

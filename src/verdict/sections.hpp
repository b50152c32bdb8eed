#pragma once
/// What the area adds to the report in its own words, split by split (Area::sections).
#include <string>
#include <vector>

#include "area/area.hpp"
#include "cupel/context.hpp"
#include "study/run.hpp"

namespace cupel {

struct SplitSections {
  std::string split;
  std::vector<AreaSection> sections;
};

/// Splits without sections are left out. Of several seeds of a model the first one is shown.
std::vector<SplitSections> make_sections(const StudyRun& run, const Context& context);

}  // namespace cupel

#pragma once
/// The one description of the keys of a spectrum study.
#include "study/schema.hpp"

namespace cupel::detail {

const SectionSpec& spectrum_schema();

}  // namespace cupel::detail

#pragma once
/// The section `data` of a study file.
#include <map>
#include <string>

#include "area/area.hpp"
#include "cupel/study.hpp"
#include "study/section_reader.hpp"

namespace cupel::detail {

/// A mapping of scalars and lists as text; lists are joined by commas.
std::map<std::string, std::string> text_map(const YamlValue& value);

/// Throws Error{input} at the place for what the area does not know or lacks.
DataSpec read_data(const SectionReader& data, const Area& area, const std::string& source);

}  // namespace cupel::detail

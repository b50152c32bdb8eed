#pragma once
/// The section splits[] of a study file. For study_parse.cpp.
#include <string>
#include <vector>

#include "cupel/study.hpp"
#include "study/section_reader.hpp"

namespace cupel::detail {

/// One entry; `names` are those of the entries before it. Throws Error{input} with the place.
SplitSpec read_split(const SectionReader& in, const std::vector<std::string>& names,
                     const std::string& source);

/// Names become parts of file names and columns of CSV files.
void check_name(const std::string& name, const Where& where);

}  // namespace cupel::detail

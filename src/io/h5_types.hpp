#pragma once
/// HDF5's types and filters in words.
#include <vector>

#include "io/h5_file.hpp"

namespace cupel::h5 {

Type type_of(Id type);
/// Of a compound type.
std::vector<Field> fields_of(Id type);
/// Of the properties a dataset was made with.
std::vector<Filter> filters_of(Id properties);

}  // namespace cupel::h5

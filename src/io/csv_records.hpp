#pragma once
/// One record of delimited text at a time, by a plain state machine: slow and forgiving. For
/// headers, guesses and error messages; the data go through csv_scan.hpp.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/csv_scan.hpp"

namespace cupel::detail {

struct RecordCells {
  std::vector<std::string_view> cells;  ///< as they stand, with quotes
  std::size_t next = 0;                 ///< where the next record begins (text.size() = none)
};
RecordCells split_record(std::string_view text, std::size_t begin, const CsvDialect& dialect);

/// The value of a cell as it stands: without its quotes, doubled quotes made single in `scratch`.
std::string_view unquoted(std::string_view cell, char quote, std::string& scratch);

/// The delimiter that cuts the first records into the same number of cells as the header; of
/// several, the one with most cells.
char guess_delimiter(std::string_view text, char quote);

}  // namespace cupel::detail

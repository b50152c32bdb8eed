#pragma once
/// What is wrong with a delimited file, where, and how to mend it. Only called on the way out, so
/// everything is found again by walking the file from its begin.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/error.hpp"
#include "cupel/table.hpp"
#include "io/csv_scan.hpp"

namespace cupel::detail {

struct CsvText {
  std::string_view text;  ///< without byte order mark
  std::string source;
  CsvDialect dialect;
  std::vector<std::string> names;  ///< empty until the header was read
};

/// Line of the record, column and value of the cell at `offset`; `value` in a printable form.
Where locate(const CsvText& csv, std::size_t offset);
/// At most 80 bytes, whole characters, control characters and invalid bytes as \xNN.
std::string printable(std::string_view value);

[[noreturn]] void fail_encoding(const CsvText& csv, std::size_t offset);
[[noreturn]] void fail_scan(const CsvText& csv, ScanProblem problem, std::size_t offset);
/// `offset` = begin of the record.
[[noreturn]] void fail_ragged(const CsvText& csv, std::size_t offset, std::size_t n_cells);
[[noreturn]] void fail_type(const CsvText& csv, std::size_t offset, std::string_view value,
                            ColumnType wanted);

}  // namespace cupel::detail

#pragma once
/// Delimited text (CSV, TSV, ...) to a typed Table.
///
/// Dialect: RFC 4180 (doubled quotes, line feeds and delimiters inside quotes), UTF-8 with or
/// without byte order mark, LF or CRLF or a mix, last line with or without a line end, empty lines
/// at the end. The first record is the header; an empty name becomes `unnamed_N` (N = its column).
/// Everything else that is odd is an Error{input} with file, row, column, name, value and a fix.
///
/// Types are found over all rows: `integer` (fits 64 bits, no leading zeros) -> `number` (decimal,
/// `inf`, `-inf`; never hexadecimal) -> `text`. Ids with leading zeros and integers beyond 64 bits
/// stay text. A column in which everything is missing is `number`. Blanks around numbers are
/// ignored, text is kept as it stands. Quoted and bare cells mean the same.
///
/// O(bytes); the work is cut at fixed positions, so the result does not depend on n_threads.
/// Memory: input + 4 bytes per cell + the table.
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/table.hpp"

namespace cupel {

struct CsvOptions {
  char delimiter = 0;                ///< 0 = whichever of , ; tab | cuts the first rows evenly
  char quote = '"';                  ///< 0 = quotes are ordinary characters (as in many TSV files)
  std::vector<std::string> columns;  ///< names to keep (in file order); empty = all
  std::map<std::string, ColumnType> types;  ///< forced types by column name
  std::vector<std::string> missing_values = {"",     "NA",   "N/A",  "NaN",  "nan", "-nan",
                                             "null", "NULL", "None", "#N/A", "<NA>"};
};

/// Reads a file ("-" = standard input), gzip or zstd by its first bytes.
/// Throws Error{io} if it cannot be read, Error{input} if its content is not valid.
Table read_csv(const std::filesystem::path& path, const CsvOptions& options,
               const Context& context);

/// The same from memory. `source` is the file name in error messages.
Table parse_csv(std::string_view bytes, const std::string& source, const CsvOptions& options,
                const Context& context);

}  // namespace cupel

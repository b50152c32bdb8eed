// Names and annotations of the cells or genes that a matrix file does not hold itself.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "cupel/error.hpp"
#include "io/cell_formats.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "io/csv_records.hpp"

namespace cupel::detail {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

/// One column of names has no delimiter to guess.
CsvDialect dialect_of(std::string_view text) {
  const char guess = guess_delimiter(text, '"');
  return {.delimiter = guess == 0 ? '\t' : guess, .quote = '"'};
}

std::size_t count_records(std::string_view text, const CsvDialect& dialect) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  std::size_t n = 0;
  for (std::size_t at = 0; at < text.size(); ++n) at = split_record(text, at, dialect).next;
  return n;
}

bool are_unique(const Column& column) {
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (column.is_missing(i) || !seen.insert(column.as_text(i)).second) return false;
  }
  return true;
}

/// 0, 1, 2, ... or 1, 2, 3, ...: the index that R and pandas write when there is none.
bool are_row_numbers(const Column& column) {
  if (column.size() == 0 || column.is_missing(0)) return false;
  const std::string first = column.as_text(0);
  if (first != "0" && first != "1") return false;
  const std::size_t start = first == "0" ? 0 : 1;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (column.is_missing(i) || column.as_text(i) != std::to_string(start + i)) return false;
  }
  return true;
}

AxisNames take_names(Table table, std::size_t index) {
  AxisNames names{.source = table.source, .ids = {}, .table = {}};
  const Column& column = table.columns[index];
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    names.ids.push_back(column.is_missing(i) ? "" : column.as_text(i));
    if (names.ids.back().empty()) {
      fail_input("a name is missing: its cell or gene could not be told from others",
                 {.file = table.source, .row = table.line(i), .column_name = column.name},
                 "write a name in every line");
    }
  }
  table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(index));
  names.table = std::move(table);
  return names;
}

/// Lists without a header: barcodes.tsv, genes.tsv (id, symbol), features.tsv (id, symbol, type).
AxisNames headless_names(std::string_view text, const std::string& source,
                         const CsvDialect& dialect, const Context& context) {
  const std::size_t n_columns = split_record(text, 0, dialect).cells.size();
  const std::vector<std::string> usual = {"id", "symbol", "feature_type"};
  CsvOptions options{.delimiter = dialect.delimiter};
  std::string headed;
  for (std::size_t c = 0; c < n_columns; ++c) {
    const std::string name = c < usual.size() ? usual[c] : "column_" + std::to_string(c + 1);
    if (c < 2) options.types[name] = ColumnType::text;
    headed += (c == 0 ? std::string() : std::string(1, dialect.delimiter)) + name;
  }
  headed += '\n';
  headed += text;
  Table table = parse_csv(headed, source, options, context);
  for (std::size_t i = 0; i < table.line_of_row.size(); ++i) --table.line_of_row[i];
  if (table.line_of_row.empty()) {
    for (std::size_t i = 0; i < table.n_rows; ++i) table.line_of_row.push_back(i + 1);
  }
  const bool by_symbol = n_columns > 1 && are_unique(table.columns[1]);
  if (n_columns == 1) return take_names(std::move(table), 0);
  // The names leave the table; the other one stays as an annotation.
  return take_names(std::move(table), by_symbol ? 1 : 0);
}

}  // namespace

std::size_t count_records(const std::filesystem::path& path) {
  const std::string bytes = read_bytes(path);
  const std::string_view text = without_mark(bytes);
  return count_records(text, dialect_of(text));
}

AxisNames axis_from_table(Table table) {
  if (table.columns.empty()) fail_input("there is no column of names", {.file = table.source});
  const bool numbered = are_row_numbers(table.columns[0]);
  if (numbered && table.columns.size() > 1 && table.columns[1].type == ColumnType::text &&
      are_unique(table.columns[1])) {
    table.columns.erase(table.columns.begin());
  }
  return take_names(std::move(table), 0);
}

AxisNames read_axis_names(const std::filesystem::path& path, std::size_t n,
                          const Context& context) {
  const std::string bytes = read_bytes(path);
  const std::string_view text = without_mark(bytes);
  const CsvDialect dialect = dialect_of(text);
  const std::size_t n_records = count_records(text, dialect);
  if (n_records == n) return headless_names(text, path.string(), dialect, context);
  CsvOptions options{.delimiter = dialect.delimiter};
  const RecordCells header = split_record(text, 0, dialect);
  std::string scratch;
  if (!header.cells.empty()) {
    const std::string first(unquoted(header.cells[0], '"', scratch));
    options.types[first.empty() ? "unnamed_1" : first] = ColumnType::text;
  }
  AxisNames names = axis_from_table(parse_csv(text, path.string(), options, context));
  if (names.ids.size() != n) {
    fail_input("there are " + std::to_string(names.ids.size()) + " names for " + std::to_string(n) +
                   " rows or columns of the matrix",
               {.file = path.string()}, "one line per cell or gene, in the order of the matrix");
  }
  return names;
}

void note_duplicates(const std::vector<std::string>& ids, std::string_view what,
                     Diagnostics& diagnostics) {
  std::unordered_set<std::string_view> seen;
  for (const auto& id : ids) {
    if (seen.insert(id).second) continue;
    diagnostics.add("duplicate_" + std::string(what), Severity::warning,
                    "the name of a " + std::string(what) + " occurs more than once", id);
  }
}

}  // namespace cupel::detail

#include "io/csv_problem.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/csv_records.hpp"

namespace cupel::detail {
namespace {

std::string quoted_delimiter(char delimiter) {
  return delimiter == '\t' ? "tab" : fmt::format("\"{}\"", delimiter);
}

std::string cells(std::size_t n) { return fmt::format("{} cell{}", n, n == 1 ? "" : "s"); }

}  // namespace

std::string printable(std::string_view value) {
  constexpr std::size_t kLongest = 80;
  const bool cut = value.size() > kLongest;
  if (cut) {
    value = value.substr(0, kLongest);
    while (!value.empty() && (static_cast<unsigned char>(value.back()) & 0xC0U) == 0x80U) {
      value.remove_suffix(1);
    }
    if (!value.empty() && static_cast<unsigned char>(value.back()) >= 0xC0U) {
      value.remove_suffix(1);
    }
  }
  std::string text;
  while (!value.empty()) {
    const std::size_t valid = std::min(find_invalid_byte(value), value.size());
    for (const char c : value.substr(0, valid)) {
      const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
      text += c == '\n' ? "\\n" : control ? fmt::format("\\x{:02x}", c) : std::string(1, c);
    }
    value.remove_prefix(valid);
    if (value.empty()) break;
    text += fmt::format("\\x{:02x}", static_cast<unsigned char>(value.front()));
    value.remove_prefix(1);
  }
  return cut ? text + "..." : text;
}

Where locate(const CsvText& csv, std::size_t offset) {
  std::size_t begin = 0;
  RecordCells record = split_record(csv.text, 0, csv.dialect);
  while (record.next <= offset && record.next < csv.text.size()) {
    begin = record.next;
    record = split_record(csv.text, begin, csv.dialect);
  }
  Where where{.file = csv.source};
  const auto before = csv.text.substr(0, begin);
  where.row = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  for (const auto& cell : record.cells) {
    if (cell.data() > csv.text.data() + offset) break;
    where.value = printable(cell);
    ++where.column;
  }
  if (where.column <= csv.names.size()) where.column_name = csv.names[where.column - 1];
  return where;
}

void fail_encoding(const CsvText& csv, std::size_t offset) {
  const std::string_view text = csv.text;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    fail_input("the file is UTF-16, cupel reads UTF-8", {.file = csv.source, .row = 1},
               "save it as \"CSV UTF-8\", or: iconv -f UTF-16 -t UTF-8 OLD > NEW");
  }
  if (text.starts_with("PK\x03\x04")) {
    fail_input("the file is a zip archive (as .xlsx is), not delimited text", {.file = csv.source},
               "export the sheet as CSV, or unpack the archive");
  }
  if (text[offset] == '\0') {
    fail_input("a NUL byte: this is binary data or a damaged file, not delimited text",
               locate(csv, offset), "write the file again; `tr -d '\\000'` removes such bytes");
  }
  fail_input(
      fmt::format("the byte 0x{:02x} is not UTF-8", static_cast<unsigned char>(text[offset])),
      locate(csv, offset),
      "convert the file, most likely: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW");
}

void fail_scan(const CsvText& csv, ScanProblem problem, std::size_t offset) {
  const std::string names_quote(1, csv.dialect.quote);
  switch (problem) {
    case ScanProblem::stray_quote:
      fail_input("a quote in the middle of a cell that does not begin with one",
                 locate(csv, offset),
                 "put the whole cell between quotes and double the quotes inside it");
    case ScanProblem::text_after_quote:
      fail_input(
          fmt::format("a quoted cell goes on after its closing quote (the next should be {})",
                      quoted_delimiter(csv.dialect.delimiter)),
          locate(csv, offset == 0 ? 0 : offset - 1),
          "double the quotes that are part of the value (\"\"), or close the quote that was "
          "left open in an earlier cell");
    case ScanProblem::open_quote:
      fail_input("a quote is opened and never closed", locate(csv, offset == 0 ? 0 : offset - 1),
                 "add the closing quote; if the file just stops here, it was cut off: fetch or "
                 "write it again");
    case ScanProblem::lone_return:
      fail_input("a carriage return that ends no line (line ends are LF or CRLF)",
                 locate(csv, offset),
                 "convert line ends (`dos2unix -c mac FILE`), or quote the cell that contains it");
    case ScanProblem::none:
      break;
  }
  fail(ErrorKind::internal, "a scan without a problem was reported", {.file = csv.source});
}

void fail_ragged(const CsvText& csv, std::size_t offset, std::size_t n_cells) {
  Where where = locate(csv, offset);
  where.column = n_cells;
  where.column_name.clear();
  where.value.clear();
  const RecordCells record = split_record(csv.text, offset, csv.dialect);
  if (n_cells == 1 && record.cells.front().empty()) {
    where.column = 0;
    fail_input("an empty line in the middle of the data", where, "delete the line");
  }
  where.value = printable(record.cells[std::min(n_cells, record.cells.size()) - 1]);
  std::string hint = fmt::format("quote cells that contain {}, or complete the line",
                                 quoted_delimiter(csv.dialect.delimiter));
  if (n_cells == csv.names.size() + 1) {
    hint += "; if R's write.table wrote the file, use col.names = NA or row.names = FALSE";
  }
  fail_input(fmt::format("the line has {}, the header has {}", cells(n_cells), csv.names.size()),
             where, hint);
}

void fail_type(const CsvText& csv, std::size_t offset, std::string_view value, ColumnType wanted) {
  Where where = locate(csv, offset);
  where.value = printable(value);
  const bool comma = value.find(',') != std::string_view::npos;
  fail_input(
      fmt::format("the value is not {}", wanted == ColumnType::integer ? "an integer" : "a number"),
      where,
      comma ? "write numbers with a decimal point"
            : "correct the value, leave the cell empty, or name it as a missing value");
}

}  // namespace cupel::detail

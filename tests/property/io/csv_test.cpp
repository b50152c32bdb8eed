// What must hold for every table: the reader undoes the writer, however the work is cut and by
// whichever instruction set.
#include "io/csv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "cupel/error.hpp"
#include "fast_float/fast_float.h"
#include "io/csv_cells.hpp"
#include "io/csv_scan.hpp"
#include "io/write.hpp"

namespace cupel {
namespace {

using namespace detail;

/// Text in which everything that matters to a reader is likely.
rc::Gen<std::string> any_text() {
  const auto piece = rc::gen::element<std::string>(
      "\"", "\"\"", "\n", "\r\n", "\r", ",", ";", "\t", "|", " ", "a", "0", "-1.5", "NA", "é",
      "日本", "\xF0\x9F\xA7\xAA", "\xEF\xBB\xBF", "a longer word, with a comma");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const auto& p : pieces) text += p;
                        return text;
                      });
}

Table any_table() {
  Table table;
  table.n_rows = *rc::gen::inRange<std::size_t>(1, 40);
  const auto n_columns = *rc::gen::inRange<std::size_t>(1, 5);
  for (std::size_t c = 0; c < n_columns; ++c) {
    Column& column = table.columns.emplace_back();
    column.name = "c" + std::to_string(c) + *any_text();
    column.type = *rc::gen::element(ColumnType::text, ColumnType::integer, ColumnType::number);
    for (std::size_t r = 0; r < table.n_rows; ++r) {
      if (column.type == ColumnType::text) column.push_text(*any_text());
      if (column.type == ColumnType::integer)
        column.integers.push_back(*rc::gen::arbitrary<std::int64_t>());
      if (column.type == ColumnType::number) {
        const double x = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
        column.numbers.push_back(std::isnan(x) ? 0.25 : x);
      }
    }
  }
  return table;
}

CsvOptions same_types(const Table& table, char delimiter) {
  CsvOptions options{.delimiter = delimiter, .missing_values = {}};
  for (const auto& column : table.columns) options.types[column.name] = column.type;
  return options;
}

void expect_same(const Table& a, const Table& b) {
  RC_ASSERT(a.n_rows == b.n_rows);
  RC_ASSERT(a.columns.size() == b.columns.size());
  for (std::size_t c = 0; c < a.columns.size(); ++c) {
    RC_ASSERT(a.columns[c].name == b.columns[c].name);
    RC_ASSERT(a.columns[c].type == b.columns[c].type);
    RC_ASSERT(a.columns[c].text_bytes == b.columns[c].text_bytes);
    RC_ASSERT(a.columns[c].text_ends == b.columns[c].text_ends);
    RC_ASSERT(a.columns[c].integers == b.columns[c].integers);
    RC_ASSERT(a.columns[c].missing == b.columns[c].missing);
    RC_ASSERT(a.columns[c].numbers.size() == b.columns[c].numbers.size());
    for (std::size_t r = 0; r < a.columns[c].numbers.size(); ++r) {
      RC_ASSERT(std::bit_cast<std::uint64_t>(a.columns[c].numbers[r]) ==
                std::bit_cast<std::uint64_t>(b.columns[c].numbers[r]));
    }
  }
}

RC_GTEST_PROP(CsvProperty, ReaderUndoesWriter, ()) {
  const char delimiter = *rc::gen::element(',', ';', '\t', '|');
  const Table table = any_table();
  const std::string text = to_csv(table, delimiter);
  expect_same(parse_csv(text, "t", same_types(table, delimiter), {}), table);
}

RC_GTEST_PROP(CsvProperty, LinesAreWhereRowsBegin, ()) {
  const Table table = any_table();
  const std::string text = to_csv(table);
  const Table read = parse_csv(text, "t", same_types(table, ','), {});
  CsvWriter out;
  std::size_t line = 1;
  const auto count = [&](std::string_view s) {
    return static_cast<std::size_t>(std::count(s.begin(), s.end(), '\n'));
  };
  for (const auto& column : table.columns) out.text(column.name);
  out.end_row();
  line += count(out.take());
  for (std::size_t r = 0; r < table.n_rows; ++r) {
    RC_ASSERT(read.line(r) == line);
    for (const auto& column : table.columns) {
      column.type == ColumnType::text ? out.text(column.text(r)) : out.integer(0);
    }
    out.end_row();
    line += count(out.take());
  }
}

/// Rows with quoted line feeds, of changing length, so that cuts fall everywhere.
RC_GTEST_PROP(CsvProperty, CutsAndThreadsChangeNothing, ()) {
  const auto blocks = *rc::gen::container<std::vector<std::string>>(200, any_text());
  Table table;
  table.columns.resize(3);
  table.columns[0].name = "text";
  table.columns[1] = {.name = "number", .type = ColumnType::number};
  table.columns[2] = {.name = "integer", .type = ColumnType::integer};
  const std::size_t n_rows = *rc::gen::inRange<std::size_t>(3'000, 9'000);
  for (std::size_t r = 0; r < n_rows; ++r) {
    table.columns[0].push_text(blocks[r * 7919 % blocks.size()]);
    table.columns[1].numbers.push_back(std::sin(static_cast<double>(r)) * 1e3);
    table.columns[2].integers.push_back(static_cast<std::int64_t>(r));
  }
  table.n_rows = n_rows;
  const std::string text = to_csv(table);
  const CsvOptions options = same_types(table, ',');
  const Table one = parse_csv(text, "t", options, {.n_threads = 1});
  const Table four = parse_csv(text, "t", options, {.n_threads = 4});
  expect_same(one, table);
  expect_same(four, table);
  RC_ASSERT(one.line_of_row == four.line_of_row);
  std::size_t line = 2;
  for (std::size_t r = 0; r < n_rows; ++r) {
    RC_ASSERT(one.line(r) == line);
    const std::string_view cell = table.columns[0].text(r);
    line += 1 + static_cast<std::size_t>(std::count(cell.begin(), cell.end(), '\n'));
  }
}

/// The same with cuts every few bytes: the pieces hold the cells of the whole.
RC_GTEST_PROP(CsvProperty, PiecesHoldTheCellsOfTheWhole, ()) {
  const std::string text = to_csv(any_table());
  const auto step = *rc::gen::inRange<std::size_t>(1, 300);
  std::vector<Survey> surveys;
  for (std::size_t at = 0; at < text.size(); at += step) {
    surveys.push_back(survey(std::string_view(text).substr(at, step), {}, best_simd_level()));
  }
  CellIndex whole;
  index_cells(text, {}, best_simd_level(), whole);
  RC_ASSERT(whole.problem == ScanProblem::none);
  const auto cuts = cut_at_records(text, {}, step, surveys);
  RC_ASSERT(cuts.back().first_record == whole.n_records);
  std::size_t n_cells = 0;
  for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
    const std::size_t begin = cuts[k].begin;
    CellIndex piece;
    index_cells(std::string_view(text).substr(begin, cuts[k + 1].begin - begin), {},
                SimdLevel::portable, piece);
    RC_ASSERT(piece.n_records == cuts[k + 1].first_record - cuts[k].first_record);
    for (std::size_t i = 1; i <= piece.n_cells(); ++i) {
      RC_ASSERT(piece.ends[i] + begin == whole.ends[++n_cells]);
    }
  }
  RC_ASSERT(n_cells == whole.n_cells());
}

RC_GTEST_PROP(CsvProperty, InstructionSetsAgreeOnAnyText, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      *rc::gen::inRange<std::size_t>(0, 200), any_text());
  std::string text;
  for (const auto& piece : pieces) text += piece;
  CellIndex portable;
  index_cells(text, {}, SimdLevel::portable, portable);
  for (const SimdLevel level : {SimdLevel::sse2, best_simd_level()}) {
    CellIndex other;
    index_cells(text, {}, level, other);
    RC_ASSERT(other.ends == portable.ends);
    RC_ASSERT(other.n_records == portable.n_records);
    RC_ASSERT(other.n_quoted_line_feeds == portable.n_quoted_line_feeds);
    RC_ASSERT(other.problem == portable.problem);
    RC_ASSERT(other.problem_at == portable.problem_at);
    const Survey a = survey(text, {}, SimdLevel::portable);
    const Survey b = survey(text, {}, level);
    RC_ASSERT(a.n_quotes == b.n_quotes);
    RC_ASSERT(a.n_line_feeds_outside == b.n_line_feeds_outside);
    RC_ASSERT(a.n_line_feeds_inside == b.n_line_feeds_inside);
  }
}

/// Digits, points and signs in any order: the fast path says what fast_float says, or passes it on.
RC_GTEST_PROP(CsvProperty, NumbersAreRoundedAsByTheLibrary, ()) {
  const auto characters =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("00123456789.-e")));
  const std::string buffer = *rc::gen::element<std::string>("", "123456789,") + characters;
  const std::string_view cell = std::string_view(buffer).substr(buffer.size() - characters.size());
  double expected = 0.0;
  const auto parsed = fast_float::from_chars(cell.data(), cell.data() + cell.size(), expected);
  const bool valid = parsed.ec == std::errc() && parsed.ptr == cell.data() + cell.size();
  double value = 0.0;
  RC_ASSERT(parse_number(cell, buffer.data(), NumberRule::forced, value) == valid);
  if (valid) {
    RC_ASSERT(std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(expected));
  }
  std::int64_t expected_integer = 0;
  const auto integer = std::from_chars(cell.data(), cell.data() + cell.size(), expected_integer);
  const bool is_integer = integer.ec == std::errc() && integer.ptr == cell.data() + cell.size();
  std::int64_t number = 0;
  RC_ASSERT(parse_integer(cell, buffer.data(), NumberRule::forced, number) == is_integer);
  if (is_integer) RC_ASSERT(number == expected_integer);
}

RC_GTEST_PROP(CsvProperty, DecimalsOfEveryLengthAreExact, ()) {
  for (int repeat = 0; repeat < 100; ++repeat) {
    std::string cell = *rc::gen::container<std::string>(
        *rc::gen::inRange<std::size_t>(1, 17), rc::gen::elementOf(std::string("0123456789")));
    cell.insert(*rc::gen::inRange<std::size_t>(0, cell.size() + 1), ".");
    if (*rc::gen::arbitrary<bool>()) cell.insert(0, "-");
    double expected = 0.0;
    fast_float::from_chars(cell.data(), cell.data() + cell.size(), expected);
    double value = 0.0;
    RC_ASSERT(parse_number(cell, cell.data(), NumberRule::forced, value));
    RC_ASSERT(std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(expected));
  }
}

}  // namespace
}  // namespace cupel

#pragma once
/// A table of typed columns with missing values, as any reader gives it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

enum class ColumnType { text, integer, number };
std::string_view to_string(ColumnType type) noexcept;

/// One column. Exactly one of the three value vectors is filled, by `type`.
struct Column {
  std::string name;
  ColumnType type = ColumnType::text;
  std::vector<double> numbers;           ///< `number`; NaN where missing
  std::vector<std::int64_t> integers;    ///< `integer`; 0 where missing
  std::string text_bytes;                ///< `text`: all values one after another (UTF-8)
  std::vector<std::uint64_t> text_ends;  ///< `text`: end offset of each value in `text_bytes`
  std::vector<std::uint8_t> missing;     ///< empty = nothing is missing; else one flag per row

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool is_missing(std::size_t row) const noexcept {
    return !missing.empty() && missing[row] != 0;
  }
  /// Precondition: type == text.
  [[nodiscard]] std::string_view text(std::size_t row) const noexcept;
  /// Any type as text: integers without a point, numbers in their shortest exact form.
  [[nodiscard]] std::string as_text(std::size_t row) const;
  /// Any numeric type as double, NaN where missing. Precondition: type != text.
  [[nodiscard]] double as_number(std::size_t row) const noexcept;
  void push_text(std::string_view value);
};

struct Table {
  std::string source;  ///< file name for error messages
  std::size_t n_rows = 0;
  std::vector<Column> columns;
  std::vector<std::uint64_t> line_of_row;  ///< 1-based line where each row starts; empty = row + 2

  [[nodiscard]] const Column* find(std::string_view name) const noexcept;
  /// Throws Error{input} that lists the columns there are and suggests the nearest name.
  [[nodiscard]] const Column& at(std::string_view name) const;
  [[nodiscard]] std::size_t line(std::size_t row) const noexcept {
    return line_of_row.empty() ? row + 2 : static_cast<std::size_t>(line_of_row[row]);
  }
};

/// Leaves these rows only, in this order; columns stay where they are.
void keep_rows(Table& table, std::span<const std::size_t> rows);

}  // namespace cupel

#include "split/roles.hpp"

#include <charconv>
#include <cmath>
#include <string>

#include "base/text.hpp"

namespace cupel {
namespace {

[[noreturn]] void fail_fold(const Table& table, const Column& column, std::size_t row) {
  fail_input("a fold must be a whole number from 0 on",
             {.file = table.source,
              .row = table.line(row),
              .column_name = column.name,
              .value = column.as_text(row)},
             "number the folds 0, 1, 2, ...; leave the cell empty to leave the row out");
}

}  // namespace

std::vector<std::int64_t> read_folds(const Table& table, const Column& column) {
  std::vector<std::int64_t> folds(table.n_rows, kNoFold);
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    if (column.is_missing(row)) continue;
    if (column.type == ColumnType::text) {
      const auto text = column.text(row);
      if (text.empty()) continue;
      const auto result = std::from_chars(text.data(), text.data() + text.size(), folds[row]);
      if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) {
        fail_fold(table, column, row);
      }
    } else {
      const double value = column.as_number(row);
      if (std::isnan(value)) continue;
      if (value != std::floor(value) || std::abs(value) > 1e6) fail_fold(table, column, row);
      folds[row] = static_cast<std::int64_t>(value);
    }
    if (folds[row] < 0) fail_fold(table, column, row);
  }
  return folds;
}

Role parse_role(std::string_view text, const Where& where) {
  for (const Role role : {Role::train, Role::validation, Role::test, Role::left_out}) {
    if (text == to_string(role)) return role;
  }
  if (text == "valid" || text == "val") return Role::validation;  // as many published splits say
  const std::vector<std::string> known = {"train", "validation", "test", "left_out"};
  const std::string near = nearest_word(text, known);
  fail_input(
      "unknown role \"" + std::string(text) + "\"", where,
      (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "roles: " + join(known, ", "));
}

std::vector<Role> read_roles(const Table& table, const Column& column) {
  std::vector<Role> roles(table.n_rows, Role::left_out);
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    const std::string text = column.is_missing(row) ? "" : column.as_text(row);
    if (text.empty()) continue;
    roles[row] = parse_role(
        text,
        {.file = table.source, .row = table.line(row), .column_name = column.name, .value = text});
  }
  return roles;
}

}  // namespace cupel

#include "split/item_columns.hpp"

#include <cmath>
#include <map>
#include <set>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/ordered_parts.hpp"

namespace cupel {
namespace {

constexpr std::size_t kFewLevels = 10;

const Column& number_column(const Table& table, const std::string& name) {
  const Column& column = table.at(name);
  if (column.type == ColumnType::text) {
    fail_input("this column has to hold numbers", {.file = table.source, .column_name = name});
  }
  return column;
}

/// A number per level, in the order of the text; missing cells get `missing`.
std::vector<std::uint32_t> level_numbers(const Column& column, std::span<const std::size_t> rows,
                                         std::uint32_t& n_levels) {
  std::map<std::string, std::uint32_t> number;
  for (const auto row : rows) {
    if (!column.is_missing(row)) number.emplace(column.as_text(row), 0U);
  }
  n_levels = 0;
  for (auto& [text, code] : number) code = n_levels++;
  std::vector<std::uint32_t> codes;
  for (const auto row : rows) {
    codes.push_back(column.is_missing(row) ? n_levels : number.at(column.as_text(row)));
  }
  return codes;
}

}  // namespace

std::vector<std::size_t> table_rows(const Table& table, const Items& items) {
  std::uint64_t n = items.size();
  for (const auto& one : items.left_out) n += one.source_rows.size();
  if (table.n_rows != n) {
    fail_input("columns can only be read from a table with a row per item; this file has " +
                   std::to_string(table.n_rows) + " rows as a table and " + std::to_string(n) +
                   " items",
               {.file = table.source}, "put the items and the column into one CSV file");
  }
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < items.size(); ++i) {
    rows.push_back(static_cast<std::size_t>(items.row_of(i)));
  }
  return rows;
}

std::vector<double> weight_column(const Table& table, const std::string& name,
                                  std::span<const std::size_t> rows) {
  const Column& column = number_column(table, name);
  std::vector<double> weights;
  for (const auto row : rows) {
    weights.push_back(column.as_number(row));
    if (std::isfinite(weights.back()) && weights.back() > 0.0) continue;
    fail_input("a weight has to be a number above 0",
               {.file = table.source,
                .row = table.line(row),
                .column_name = name,
                .value = column.as_text(row)},
               "remove the row, or give it a weight");
  }
  return weights;
}

std::vector<double> value_column(const Table& table, const std::string& name,
                                 std::span<const std::size_t> rows) {
  const Column& column = table.at(name);
  std::vector<double> values;
  if (column.type != ColumnType::text) {
    for (const auto row : rows) values.push_back(column.as_number(row));
    return values;
  }
  std::uint32_t n_levels = 0;
  for (const auto rank : level_numbers(column, rows, n_levels)) {
    values.push_back(rank == n_levels ? std::nan("") : static_cast<double>(rank));
  }
  return values;
}

std::vector<std::uint32_t> label_column(const Table& table, const std::string& name,
                                        std::span<const std::size_t> rows, std::uint32_t n_bins) {
  const Column& column = table.at(name);
  std::uint32_t n_levels = 0;
  auto codes = level_numbers(column, rows, n_levels);
  if (column.type == ColumnType::text || n_levels <= kFewLevels) return codes;
  return quantile_labels(value_column(table, name, rows), n_bins);
}

std::vector<std::uint32_t> group_column(const Table& table, const std::string& name,
                                        std::span<const std::size_t> rows) {
  std::uint32_t n_levels = 0;
  auto codes = level_numbers(table.at(name), rows, n_levels);
  std::uint32_t next = n_levels;
  for (auto& code : codes) {
    if (code == n_levels) code = next++;
  }
  return codes;
}

Matrix<double> label_columns(const Table& table, std::span<const std::string> names,
                             std::span<const std::size_t> rows) {
  Matrix<double> labels(rows.size(), names.size());
  for (std::size_t c = 0; c < names.size(); ++c) {
    const Column& column = number_column(table, names[c]);
    for (std::size_t i = 0; i < rows.size(); ++i) labels(i, c) = column.as_number(rows[i]);
  }
  return labels;
}

Items plain_items(const Table& table, const std::string& id_column,
                  const std::string& target_column) {
  Items items{.source = table.source};
  const Column* ids = nullptr;
  if (!id_column.empty()) {
    ids = &table.at(id_column);
  } else {
    for (const auto& column : table.columns) {
      if (lower(column.name) == "id" || lower(column.name) == "name") ids = &column;
      if (ids != nullptr) break;
    }
  }
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    items.ids.push_back(ids == nullptr ? std::to_string(row) : ids->as_text(row));
  }
  if (!target_column.empty()) {
    const Column& column = number_column(table, target_column);
    for (std::size_t row = 0; row < table.n_rows; ++row) {
      items.targets.push_back(column.as_number(row));
    }
  }
  items.n_source_rows = table.n_rows;
  return items;
}

}  // namespace cupel

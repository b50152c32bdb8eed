// Members of the plain types in include/cupel that are more than a line.
#include <algorithm>
#include <cmath>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/dataset.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "cupel/predictor.hpp"
#include "cupel/split.hpp"
#include "cupel/table.hpp"

namespace cupel {

std::string_view to_string(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::text:
      return "text";
    case ColumnType::integer:
      return "integer";
    case ColumnType::number:
      return "number";
  }
  return "text";
}

std::size_t Column::size() const noexcept {
  switch (type) {
    case ColumnType::text:
      return text_ends.size();
    case ColumnType::integer:
      return integers.size();
    case ColumnType::number:
      return numbers.size();
  }
  return 0;
}

std::string_view Column::text(std::size_t row) const noexcept {
  const std::uint64_t begin = row == 0 ? 0 : text_ends[row - 1];
  return std::string_view(text_bytes).substr(begin, text_ends[row] - begin);
}

std::string Column::as_text(std::size_t row) const {
  switch (type) {
    case ColumnType::text:
      return std::string(text(row));
    case ColumnType::integer:
      return is_missing(row) ? "" : std::to_string(integers[row]);
    case ColumnType::number:
      return is_missing(row) ? "" : format_double(numbers[row]);
  }
  return {};
}

double Column::as_number(std::size_t row) const noexcept {
  if (is_missing(row)) return kUndefined;
  return type == ColumnType::integer ? static_cast<double>(integers[row]) : numbers[row];
}

void Column::push_text(std::string_view value) {
  text_bytes += value;
  text_ends.push_back(text_bytes.size());
}

const Column* Table::find(std::string_view name) const noexcept {
  for (const auto& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

const Column& Table::at(std::string_view name) const {
  if (const Column* column = find(name)) return *column;
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.name);
  const std::string near = nearest_word(name, names);
  if (names.size() > 12) {
    names.resize(12);
    names.emplace_back("...");
  }
  fail_input(
      "there is no column \"" + std::string(name) + "\"", {.file = source, .row = 1},
      (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "columns: " + join(names, ", "));
}

const FeatureBlock* Entity::find_features(std::string_view block) const noexcept {
  for (const auto& item : features) {
    if (item.name == block) return &item;
  }
  return nullptr;
}

const LabelBlock* Entity::find_label(std::string_view label) const noexcept {
  for (const auto& item : labels) {
    if (item.name == label) return &item;
  }
  return nullptr;
}

const Entity* Dataset::find_entity(std::string_view wanted) const noexcept {
  for (const auto& item : entities) {
    if (item.name == wanted) return &item;
  }
  return nullptr;
}

const Entity& Dataset::entity(std::string_view wanted) const {
  if (const Entity* found = find_entity(wanted)) return *found;
  fail(ErrorKind::internal, "the data set has no entity \"" + std::string(wanted) + "\"");
}

std::string_view to_string(Role role) noexcept {
  switch (role) {
    case Role::left_out:
      return "left_out";
    case Role::train:
      return "train";
    case Role::validation:
      return "validation";
    case Role::test:
      return "test";
  }
  return "left_out";
}

std::vector<std::uint32_t> Split::rows(Role wanted) const {
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < role.size(); ++i) {
    if (role[i] == wanted) found.push_back(static_cast<std::uint32_t>(i));
  }
  return found;
}

std::size_t Split::count(Role wanted) const noexcept {
  return static_cast<std::size_t>(std::count(role.begin(), role.end(), wanted));
}

std::string Split::sha256() const {
  Sha256 hash;
  hash.field(name).field(scheme).field(std::to_string(fold)).field(std::to_string(repeat));
  hash.field(std::to_string(seed)).field(parameters);
  hash.update(role.data(), role.size() * sizeof(Role));
  return hash.hex();
}

std::string_view to_string(Rung rung) noexcept {
  switch (rung) {
    case Rung::null:
      return "null";
    case Rung::means:
      return "means";
    case Rung::identities:
      return "identities";
    case Rung::constrained:
      return "constrained";
    case Rung::full:
      return "full";
    case Rung::model:
      return "model";
    case Rung::ceiling:
      return "ceiling";
  }
  return "null";
}

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::learned:
      return "learned";
    case Verdict::not_shown:
      return "not shown";
    case Verdict::worse:
      return "worse";
    case Verdict::cannot_tell:
      return "cannot tell";
  }
  return "cannot tell";
}

void keep_rows(Table& table, std::span<const std::size_t> rows) {
  std::vector<std::uint64_t> lines;
  for (const std::size_t row : rows) lines.push_back(table.line(row));
  const auto kept = [&](auto& values) {
    if (values.empty()) return;
    std::remove_reference_t<decltype(values)> chosen;
    for (const std::size_t row : rows) chosen.push_back(values[row]);
    values = std::move(chosen);
  };
  for (auto& column : table.columns) {
    if (column.type == ColumnType::text) {
      Column chosen;
      for (const std::size_t row : rows) chosen.push_text(column.text(row));
      column.text_bytes = std::move(chosen.text_bytes);
      column.text_ends = std::move(chosen.text_ends);
    }
    kept(column.numbers);
    kept(column.integers);
    kept(column.missing);
  }
  table.line_of_row = std::move(lines);
  table.n_rows = rows.size();
}

}  // namespace cupel

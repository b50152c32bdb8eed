#include "area/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "area/join.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/finding.hpp"
#include "io/csv.hpp"

namespace cupel::detail {

std::string column_of(const DataSpec& spec, const std::string& role) {
  const auto found = spec.columns.find(role);
  return found == spec.columns.end() ? role : found->second;
}

void TableReader::mark_text(const std::string& file, const std::string& column) {
  types_[file][column] = ColumnType::text;
}

void TableReader::mark_ids(const DataSpec& spec, const std::string& samples_file) {
  const auto mark = [&](const auto& item) {
    mark_text(item.file, item.id);
    if (!item.via.empty()) mark_text(samples_file, item.via);
  };
  for (const auto& item : spec.entity_tables) mark(item);
  for (const auto& item : spec.feature_tables) mark(item);
}

const Table& TableReader::read(const std::string& role, const std::string& file) {
  auto& place = tables_[file];
  if (place) return *place;
  const auto path = resolve_file(file, base_folder_, catalogue_);
  std::error_code ignored;
  CsvOptions options;
  options.types = types_[file];
  place = std::make_unique<Table>(read_csv(path, options, context_));
  inputs_.push_back({.role = role,
                     .file = file,
                     .sha256 = sha256_file(path),
                     .bytes = std::filesystem::file_size(path, ignored)});
  return *place;
}

std::string TableReader::sha256() const {
  Sha256 hash;
  for (const auto& input : inputs_) hash.field(input.role).field(input.sha256);
  return hash.hex();
}

void LeftOutRows::add(const std::string& reason, std::uint64_t row) {
  for (auto& item : items) {
    if (item.reason == reason) {
      item.source_rows.push_back(row);
      return;
    }
  }
  items.push_back({reason, {row}});
}

std::string id_at(const Column& column, std::size_t row) {
  if (column.is_missing(row)) return "";
  return column.type == ColumnType::text ? std::string(trimmed(column.text(row)))
                                         : column.as_text(row);
}

std::pair<double, std::string> target_at(const Column& column, std::size_t row) {
  if (column.is_missing(row)) return {kUndefined, "target_missing"};
  double value = kUndefined;
  if (column.type == ColumnType::text) {
    const auto text = trimmed(column.text(row));
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) {
      return {kUndefined, "target_not_a_number"};
    }
  } else {
    value = column.as_number(row);
  }
  if (!std::isfinite(value)) return {kUndefined, "target_not_finite"};
  return {value, ""};
}

double combine_replicates(std::vector<double> values, ReplicatePolicy policy) {
  if (policy == ReplicatePolicy::mean) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  }
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

Entity make_entity(const std::string& name, const std::vector<std::string>& id_of_row) {
  Entity entity;
  entity.name = name;
  entity.ids = id_of_row;
  std::sort(entity.ids.begin(), entity.ids.end());
  entity.ids.erase(std::unique(entity.ids.begin(), entity.ids.end()), entity.ids.end());
  entity.code_of_sample.reserve(id_of_row.size());
  for (const auto& id : id_of_row) {
    const auto place = std::lower_bound(entity.ids.begin(), entity.ids.end(), id);
    entity.code_of_sample.push_back(static_cast<std::uint32_t>(place - entity.ids.begin()));
  }
  return entity;
}

LabelBlock make_label(const std::string& name, const std::vector<std::string>& values) {
  LabelBlock block{.name = name, .levels = values, .code = {}};
  std::sort(block.levels.begin(), block.levels.end());
  block.levels.erase(std::unique(block.levels.begin(), block.levels.end()), block.levels.end());
  if (!block.levels.empty() && block.levels.front().empty()) {
    block.levels.erase(block.levels.begin());
  }
  block.code.reserve(values.size());
  for (const auto& value : values) {
    const auto place = std::lower_bound(block.levels.begin(), block.levels.end(), value);
    block.code.push_back(value.empty() ? LabelBlock::kUnknown
                                       : static_cast<std::uint32_t>(place - block.levels.begin()));
  }
  return block;
}

std::vector<std::string> join_keys(const Entity& entity,
                                   const std::vector<std::uint64_t>& source_row,
                                   const Table& samples, const std::string& via,
                                   Diagnostics& diagnostics) {
  std::vector<std::string> keys(entity.ids.size());
  if (via.empty()) {
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = join_key(entity.ids[i]);
    return keys;
  }
  const Column& column = samples.at(via);
  for (std::size_t i = 0; i < source_row.size(); ++i) {
    const std::string key = join_key(id_at(column, source_row[i]));
    std::string& known = keys[entity.code_of_sample[i]];
    if (known.empty()) {
      known = key;
    } else if (!key.empty() && key != known) {
      diagnostics.add("several_join_ids_" + entity.name, Severity::warning,
                      "Rows that give their " + entity.name + " another " + via +
                          " than its first row does; the first counts.",
                      fmt::format("line {}: {} and {}", samples.line(source_row[i]), known, key));
    }
  }
  return keys;
}

}  // namespace cupel::detail

#include "area/join.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <unordered_map>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::detail {
namespace {

bool same_line(const Table& table, std::size_t a, std::size_t b) {
  return std::all_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
    return column.is_missing(a) == column.is_missing(b) && column.as_text(a) == column.as_text(b);
  });
}

double median(std::vector<float>& values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

/// Columns of the table that become features; the rest of those asked for is counted.
std::vector<const Column*> feature_columns(const Table& table, const FeatureTableSpec& spec,
                                           const std::string& what, Diagnostics& diagnostics) {
  std::vector<const Column*> chosen;
  for (const auto& column : table.columns) {
    if (column.name == spec.id) continue;
    if (!spec.columns.empty() && !matches_glob(column.name, spec.columns)) continue;
    if (column.type == ColumnType::text) {
      diagnostics.add("not_numeric_" + what, Severity::note,
                      "Columns of " + table.source +
                          " that hold text were left out of the features; give them as labels of "
                          "the entity if they matter.",
                      column.name);
    } else {
      chosen.push_back(&column);
    }
  }
  if (!chosen.empty()) return chosen;
  fail_input("no numeric column" + (spec.columns.empty() ? std::string(" beside the id")
                                                         : " matches \"" + spec.columns + "\""),
             {.file = table.source}, "check `columns` of the feature table \"" + spec.name + "\"");
}

}  // namespace

std::string join_key(std::string_view text) {
  text = trimmed(text);
  const auto point = text.find('.');
  if (point == std::string_view::npos || point == 0 || point + 1 == text.size()) {
    return std::string(text);
  }
  const auto whole = text.substr(0, point);
  const auto rest = text.substr(point + 1);
  const bool integral = std::all_of(whole.begin(), whole.end(),
                                    [](unsigned char c) { return std::isdigit(c) != 0; }) &&
                        rest.find_first_not_of('0') == std::string_view::npos;
  return std::string(integral ? whole : text);
}

bool matches_glob(std::string_view text, std::string_view pattern) noexcept {
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t star = std::string_view::npos;
  std::size_t after_star = 0;
  while (i < text.size()) {
    if (j < pattern.size() && (pattern[j] == '?' || (pattern[j] == text[i] && pattern[j] != '*'))) {
      ++i;
      ++j;
    } else if (j < pattern.size() && pattern[j] == '*') {
      star = j++;
      after_star = i;
    } else if (star != std::string_view::npos) {
      j = star + 1;
      i = ++after_star;
    } else {
      return false;
    }
  }
  while (j < pattern.size() && pattern[j] == '*') ++j;
  return j == pattern.size();
}

Join join_table(const Table& table, const std::string& id_column,
                const std::vector<std::string>& keys, const std::string& what,
                Diagnostics& diagnostics) {
  const Column& ids = table.at(id_column);
  std::unordered_map<std::string, std::uint32_t> row_of_key;
  for (std::uint32_t row = 0; row < table.n_rows; ++row) {
    const std::string key = ids.is_missing(row) ? "" : join_key(ids.as_text(row));
    if (key.empty()) {
      diagnostics.add("no_id_" + what, Severity::warning,
                      "Lines of " + table.source + " without an id were left out.",
                      fmt::format("line {}", table.line(row)));
      continue;
    }
    const auto [known, is_new] = row_of_key.try_emplace(key, row);
    if (is_new) continue;
    const bool same = same_line(table, known->second, row);
    diagnostics.add(
        (same ? "repeated_id_" : "conflicting_id_") + what,
        same ? Severity::note : Severity::warning,
        "Ids that " + table.source +
            (same ? " repeats with the same values; the first line counts."
                  : " repeats with other values; the first line counts."),
        fmt::format("{} (lines {} and {})", key, table.line(known->second), table.line(row)));
  }
  Join join;
  join.row_of_id.assign(keys.size(), Join::kNoRow);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto found = keys[i].empty() ? row_of_key.end() : row_of_key.find(keys[i]);
    if (found == row_of_key.end()) continue;
    join.row_of_id[i] = found->second;
    ++join.n_joined;
  }
  if (join.n_joined > 0 || keys.empty()) return join;
  const auto any_key =
      std::find_if(keys.begin(), keys.end(), [](const auto& k) { return !k.empty(); });
  fail_input(
      fmt::format("not one of the {} ids of the responses (such as \"{}\") is in this column "
                  "(which holds values such as \"{}\")",
                  keys.size(), any_key == keys.end() ? "" : *any_key,
                  table.n_rows == 0 ? "" : ids.as_text(0)),
      {.file = table.source, .column_name = id_column},
      "name the column with the same kind of id, or give `via`: the column of the responses that "
      "holds this kind of id");
}

void add_labels(Entity& entity, const Table& table, const EntityTableSpec& spec, const Join& join) {
  const auto add = [&](const std::string& name, const Column& column) {
    LabelBlock block{.name = name, .levels = {}, .code = {}};
    std::vector<std::string> values(entity.ids.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto row = join.row_of_id[i];
      if (row == Join::kNoRow || column.is_missing(row)) continue;
      values[i] = column.type == ColumnType::text ? std::string(trimmed(column.text(row)))
                                                  : column.as_text(row);
    }
    block.levels = values;
    std::sort(block.levels.begin(), block.levels.end());
    block.levels.erase(std::unique(block.levels.begin(), block.levels.end()), block.levels.end());
    if (!block.levels.empty() && block.levels.front().empty()) {
      block.levels.erase(block.levels.begin());
    }
    for (const auto& value : values) {
      const auto place = std::lower_bound(block.levels.begin(), block.levels.end(), value);
      block.code.push_back(value.empty()
                               ? LabelBlock::kUnknown
                               : static_cast<std::uint32_t>(place - block.levels.begin()));
    }
    entity.labels.push_back(std::move(block));
  };
  std::vector<std::string> taken = {spec.id};
  for (const auto& [label, column] : spec.labels) {
    add(label, table.at(column));
    taken.push_back(column);
  }
  for (const auto& column : table.columns) {
    const bool is_taken = std::find(taken.begin(), taken.end(), column.name) != taken.end();
    if (!is_taken && column.type == ColumnType::text && entity.find_label(column.name) == nullptr) {
      add(column.name, column);
    }
  }
}

void add_features(Entity& entity, const Table& table, const FeatureTableSpec& spec,
                  const Join& join, Diagnostics& diagnostics) {
  const std::string what = spec.entity + "_" + spec.name;
  const auto columns = feature_columns(table, spec, what, diagnostics);
  FeatureBlock block{.name = spec.name,
                     .values = Matrix<float>(entity.ids.size(), columns.size()),
                     .feature_names = {},
                     .present = std::vector<std::uint8_t>(entity.ids.size(), 0),
                     .binary = spec.binary};
  for (std::size_t i = 0; i < entity.ids.size(); ++i) {
    block.present[i] = join.row_of_id[i] == Join::kNoRow ? 0 : 1;
  }
  std::vector<float> known;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const Column& column = *columns[j];
    block.feature_names.push_back(column.name);
    known.clear();
    std::vector<std::size_t> gaps;
    for (std::size_t i = 0; i < entity.ids.size(); ++i) {
      if (block.present[i] == 0) continue;
      const auto value = static_cast<float>(column.as_number(join.row_of_id[i]));
      block.values(i, j) = value;
      if (std::isfinite(value))
        known.push_back(value);
      else
        gaps.push_back(i);
      if (spec.binary && std::isfinite(value) && value != 0.0F && value != 1.0F) {
        fail_input("a feature table marked `binary` holds 0 and 1 only",
                   {.file = table.source,
                    .row = table.line(join.row_of_id[i]),
                    .column_name = column.name,
                    .value = column.as_text(join.row_of_id[i])},
                   "leave out `binary: true` for feature table \"" + spec.name + "\"");
      }
    }
    const auto fill = static_cast<float>(median(known));
    for (const auto i : gaps) {
      block.values(i, j) = spec.binary ? std::round(fill) : fill;
      diagnostics.add("missing_value_" + what, Severity::note,
                      "Missing or infinite feature values of " + table.source +
                          " were replaced by the column's median over all joined ids.",
                      entity.ids[i] + ", " + column.name);
    }
  }
  entity.features.push_back(std::move(block));
}

}  // namespace cupel::detail

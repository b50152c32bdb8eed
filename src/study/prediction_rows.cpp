#include "study/prediction_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

std::string place(const Table& table, std::size_t i, const std::string& what) {
  return "line " + std::to_string(table.line(i)) + ": " + what;
}

/// Code of an id, or kNone. "905938.0", as pandas writes integers beside missing values, is 905938.
std::uint32_t code_of(const Entity& entity, std::string_view id) {
  const auto find = [&](std::string_view wanted) {
    const auto found = std::lower_bound(entity.ids.begin(), entity.ids.end(), wanted);
    return found != entity.ids.end() && *found == wanted
               ? static_cast<std::uint32_t>(found - entity.ids.begin())
               : kNone;
  };
  id = trimmed(id);
  const std::uint32_t code = find(id);
  return code == kNone && id.ends_with(".0") ? find(id.substr(0, id.size() - 2)) : code;
}

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  return names;
}

}  // namespace

PredictionColumns find_prediction_columns(const Table& table,
                                          const std::map<std::string, std::string>& columns,
                                          const std::string& prediction,
                                          const std::map<std::string, std::string>& data_columns) {
  PredictionColumns found;
  const auto named = [](const std::map<std::string, std::string>& names, const std::string& role) {
    const auto item = names.find(role);
    return item == names.end() ? std::string() : item->second;
  };
  if (const std::string row = named(columns, "row"); !row.empty()) {
    found.row = &table.at(row);
  } else if (columns.contains("drug") && columns.contains("cell")) {
    found.drug = &table.at(named(columns, "drug"));
    found.cell = &table.at(named(columns, "cell"));
  } else if (table.find("row") != nullptr) {
    found.row = table.find("row");
  } else {
    found.drug = table.find("drug");
    found.cell = table.find("cell");
    if (found.drug == nullptr) found.drug = table.find(named(data_columns, "drug"));
    if (found.cell == nullptr) found.cell = table.find(named(data_columns, "cell"));
    if (found.drug == nullptr || found.cell == nullptr) {
      fail_input("the predictions do not say which rows they are for",
                 {.file = table.source, .row = 1},
                 "the file needs a column `row` (0-based data row of the responses), or `drug` and "
                 "`cell`; other names are given with `columns`. It has: " +
                     join(names_of(table), ", "));
    }
  }
  found.prediction = &table.at(prediction);
  if (found.prediction->type == ColumnType::text && table.n_rows > 0) {
    std::size_t bad = 0;
    while (bad + 1 < table.n_rows && found.prediction->is_missing(bad)) ++bad;
    for (std::size_t i = 0; i < table.n_rows; ++i) {
      const std::string text(found.prediction->text(i));
      char* end = nullptr;
      (void)std::strtod(text.c_str(), &end);
      if (text.empty() || *end == '\0') continue;
      bad = i;
      break;
    }
    fail_input("a prediction is not a number",
               {.file = table.source,
                .row = table.line(bad),
                .column_name = found.prediction->name,
                .value = std::string(found.prediction->text(bad)).substr(0, 80)},
               "write numbers, and leave the cell empty where there is no prediction");
  }
  if (found.row != nullptr && found.row->type == ColumnType::text && table.n_rows > 0) {
    fail_input("`row` has to be the 0-based number of a data row of the responses",
               {.file = table.source,
                .row = table.line(0),
                .column_name = found.row->name,
                .value = std::string(found.row->text(0)).substr(0, 80)},
               "to match by ids, give the columns `drug` and `cell` instead");
  }
  return found;
}

SampleLookup::SampleLookup(const Dataset& data)
    : data_(data), sample_of_row_(data.n_source_rows, kNone) {
  for (std::size_t s = 0; s < data.n_samples(); ++s) {
    if (data.source_row[s] < sample_of_row_.size()) {
      sample_of_row_[data.source_row[s]] = static_cast<std::uint32_t>(s);
    }
  }
  const Entity* drug = data.find_entity("drug");
  const Entity* cell = data.find_entity("cell");
  if (drug == nullptr || cell == nullptr) return;
  std::vector<std::uint64_t> key(data.n_samples());
  for (std::size_t s = 0; s < key.size(); ++s) {
    key[s] = std::uint64_t{drug->code_of_sample[s]} << 32U | cell->code_of_sample[s];
  }
  sample_of_pair_.resize(key.size());
  std::iota(sample_of_pair_.begin(), sample_of_pair_.end(), 0U);
  std::stable_sort(sample_of_pair_.begin(), sample_of_pair_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return key[a] < key[b]; });
  for (const std::uint32_t s : sample_of_pair_) pair_.push_back(key[s]);
}

std::span<const std::uint32_t> SampleLookup::find(const Table& table,
                                                  const PredictionColumns& columns, std::size_t i,
                                                  Diagnostics& diagnostics) const {
  return columns.row != nullptr ? find_row(table, *columns.row, i, diagnostics)
                                : find_pair(table, columns, i, diagnostics);
}

std::span<const std::uint32_t> SampleLookup::find_row(const Table& table, const Column& column,
                                                      std::size_t i,
                                                      Diagnostics& diagnostics) const {
  const double row = column.as_number(i);
  if (!(row >= 0.0) || row >= static_cast<double>(sample_of_row_.size()) ||
      std::floor(row) != row) {
    diagnostics.add("prediction_unknown_row", Severity::serious,
                    "predictions name rows that the responses do not have (rows count from 0, "
                    "without the header); these lines were ignored",
                    place(table, i, "row " + column.as_text(i)));
    return {};
  }
  const std::uint32_t& sample = sample_of_row_[static_cast<std::size_t>(row)];
  if (sample == kNone) {
    diagnostics.add("prediction_of_left_out_row", Severity::note,
                    "predictions for rows that were left out of the data set were ignored",
                    place(table, i, "row " + column.as_text(i)));
    return {};
  }
  return {&sample, 1};
}

std::span<const std::uint32_t> SampleLookup::find_pair(const Table& table,
                                                       const PredictionColumns& columns,
                                                       std::size_t i,
                                                       Diagnostics& diagnostics) const {
  const std::string drug = columns.drug->as_text(i);
  const std::string cell = columns.cell->as_text(i);
  const std::uint32_t drug_code = code_of(data_.entity("drug"), drug);
  const std::uint32_t cell_code = code_of(data_.entity("cell"), cell);
  if (drug_code == kNone) {
    diagnostics.add("prediction_unknown_drug", Severity::serious,
                    "predictions name drugs that the data do not have; these lines were ignored",
                    place(table, i, drug));
  }
  if (cell_code == kNone) {
    diagnostics.add("prediction_unknown_cell", Severity::serious,
                    "predictions name cell lines that the data do not have; these lines were "
                    "ignored",
                    place(table, i, cell));
  }
  if (drug_code == kNone || cell_code == kNone) return {};
  const std::uint64_t key = std::uint64_t{drug_code} << 32U | cell_code;
  const auto [first, last] = std::equal_range(pair_.begin(), pair_.end(), key);
  if (first == last) {
    diagnostics.add("prediction_unknown_pair", Severity::warning,
                    "predictions for pairs of drug and cell line that were not measured (or were "
                    "left out) were ignored",
                    place(table, i, drug + ", " + cell));
  }
  return {sample_of_pair_.data() + (first - pair_.begin()), static_cast<std::size_t>(last - first)};
}

double checked_prediction(const Table& table, const PredictionColumns& columns, std::size_t i,
                          Diagnostics& diagnostics) {
  const double value = columns.prediction->as_number(i);
  if (std::isnan(value)) {
    diagnostics.add("prediction_without_value", Severity::warning,
                    "lines without a number (empty or NaN) count as no prediction",
                    place(table, i, columns.prediction->name));
  } else if (std::isinf(value)) {
    diagnostics.add("prediction_infinite", Severity::serious,
                    "infinite predictions count as no prediction",
                    place(table, i, columns.prediction->name));
    return std::numeric_limits<double>::quiet_NaN();
  }
  return value;
}

std::string sample_text(const Dataset& data, std::uint32_t sample) {
  std::string out = "row " + std::to_string(data.source_row[sample]);
  std::vector<std::string> ids;
  for (const auto& entity : data.entities) {
    ids.push_back(entity.ids[entity.code_of_sample[sample]]);
  }
  return ids.empty() ? out : out + " (" + join(ids, ", ") + ")";
}

void keep_first_per_sample(std::vector<SamplePrediction>& predictions, const Dataset& data,
                           const Table& table, Diagnostics& diagnostics) {
  std::sort(predictions.begin(), predictions.end(),
            [](const SamplePrediction& a, const SamplePrediction& b) {
              return a.sample != b.sample ? a.sample < b.sample : a.line < b.line;
            });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const SamplePrediction& next = predictions[i];
    if (kept == 0 || predictions[kept - 1].sample != next.sample) {
      predictions[kept++] = next;
      continue;
    }
    SamplePrediction& first = predictions[kept - 1];
    const bool same = first.value == next.value || std::isnan(next.value);
    const std::string example = sample_text(data, next.sample) + ": lines " +
                                std::to_string(table.line(first.line)) + " and " +
                                std::to_string(table.line(next.line));
    if (same) {
      diagnostics.add("duplicate_prediction", Severity::warning,
                      "rows were predicted more than once with the same value; counted once",
                      example);
    } else if (std::isnan(first.value)) {
      first = next;  // the first line held no number
    } else {
      diagnostics.add("conflicting_prediction", Severity::serious,
                      "rows were predicted more than once with different values; the first in the "
                      "file was used, which may not be the one that was meant",
                      example);
    }
  }
  predictions.resize(kept);
}

}  // namespace cupel

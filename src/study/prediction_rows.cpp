#include "study/prediction_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_fingerprint.hpp"

namespace cupel {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

std::string place(const Table& table, std::size_t i, const std::string& what) {
  return "line " + std::to_string(table.line(i)) + ": " + what;
}

std::uint32_t code_among(const std::vector<std::string>& ids, std::string_view id) {
  const auto found = std::lower_bound(ids.begin(), ids.end(), id);
  return found != ids.end() && *found == id ? static_cast<std::uint32_t>(found - ids.begin())
                                            : kNone;
}

/// "cell lines", "drugs".
std::string plural(const std::string& entity) {
  return entity == "cell" ? "cell lines" : entity + "s";
}

/// Names that a column about the entity can have.
std::vector<std::string> roles_of(const std::string& entity) {
  if (entity == "ligand") return {"ligand", "id", "smiles"};
  return {entity};
}

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  return names;
}

std::string named(const std::map<std::string, std::string>& names, const std::string& role) {
  const auto item = names.find(role);
  return item == names.end() ? std::string() : item->second;
}

const Column* id_column(const Table& table, const std::string& entity,
                        const std::map<std::string, std::string>& columns,
                        const std::map<std::string, std::string>& data_columns) {
  for (const auto& role : roles_of(entity)) {
    if (const auto name = named(columns, role); !name.empty()) return &table.at(name);
  }
  for (const auto& role : roles_of(entity)) {
    if (const Column* column = table.find(role); column != nullptr) return column;
  }
  for (const auto& role : roles_of(entity)) {
    if (const Column* column = table.find(named(data_columns, role)); column != nullptr) {
      return column;
    }
  }
  return nullptr;
}

std::string entity_words(const Dataset& data, const std::string& between) {
  std::vector<std::string> words;
  for (const auto& entity : data.entities) {
    words.push_back("`" + (entity.name == "ligand" ? "smiles" : entity.name) + "`");
  }
  return join(words, between);
}

}  // namespace

PredictionColumns find_prediction_columns(const Table& table, const Dataset& data,
                                          const std::map<std::string, std::string>& columns,
                                          const std::string& prediction,
                                          const std::map<std::string, std::string>& data_columns) {
  PredictionColumns found;
  bool names_ids = false;
  for (const auto& entity : data.entities) {
    for (const auto& role : roles_of(entity.name)) names_ids |= columns.contains(role);
  }
  if (const std::string row = named(columns, "row"); !row.empty()) {
    found.row = &table.at(row);
  } else if (!names_ids && table.find("row") != nullptr) {
    found.row = table.find("row");
  } else {
    for (const auto& entity : data.entities) {
      found.ids.push_back(id_column(table, entity.name, columns, data_columns));
    }
    if (std::find(found.ids.begin(), found.ids.end(), nullptr) != found.ids.end()) {
      fail_input(
          "the predictions do not say which rows they are for", {.file = table.source, .row = 1},
          "the file needs a column `row` (0-based data row of the responses), or " +
              entity_words(data, " and ") +
              "; other names are given with `columns`. It has: " + join(names_of(table), ", "));
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
               "to match by ids, give the columns " + entity_words(data, " and ") + " instead");
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
  if (data.entities.size() > 2) {
    fail(ErrorKind::internal, "predictions are matched by at most two entities");
  }
  std::vector<std::uint64_t> key(data.n_samples(), 0);
  for (const auto& entity : data.entities) {
    for (std::size_t s = 0; s < key.size(); ++s) {
      key[s] = key[s] << 32U | entity.code_of_sample[s];
    }
  }
  sample_of_key_.resize(key.size());
  std::iota(sample_of_key_.begin(), sample_of_key_.end(), 0U);
  std::stable_sort(sample_of_key_.begin(), sample_of_key_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return key[a] < key[b]; });
  for (const std::uint32_t s : sample_of_key_) key_.push_back(key[s]);
  const Entity& first = data.entities.front();
  if (first.find_label("canonical") == nullptr) return;
  for (const char* name : {"smiles", "canonical"}) {
    const LabelBlock& label = *first.find_label(name);
    for (std::uint32_t code = 0; code < first.ids.size(); ++code) {
      if (label.code[code] == LabelBlock::kUnknown) continue;
      const auto [known, is_new] =
          code_of_smiles_.try_emplace(label.levels[label.code[code]], code);
      if (!is_new && known->second != code) known->second = kNone;
    }
  }
}

/// kNone if the data have no such id. "905938.0", as pandas writes integers beside missing values,
/// is 905938; a molecule may be written in another way than in the data.
std::uint32_t SampleLookup::code_of(std::size_t entity, const std::string& id) const {
  const auto& ids = data_.entities[entity].ids;
  const std::string_view text = trimmed(id);
  std::uint32_t code = code_among(ids, text);
  if (code == kNone && text.ends_with(".0"))
    code = code_among(ids, text.substr(0, text.size() - 2));
  if (code != kNone || entity > 0 || code_of_smiles_.empty()) return code;
  auto found = code_of_smiles_.find(std::string(text));
  if (found == code_of_smiles_.end()) {
    found = code_of_smiles_.find(canonical_smiles(std::string(text)));
  }
  return found == code_of_smiles_.end() ? kNone : found->second;
}

std::span<const std::uint32_t> SampleLookup::find(const Table& table,
                                                  const PredictionColumns& columns, std::size_t i,
                                                  Diagnostics& diagnostics) const {
  return columns.row != nullptr ? find_row(table, *columns.row, i, diagnostics)
                                : find_ids(table, columns, i, diagnostics);
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

std::span<const std::uint32_t> SampleLookup::find_ids(const Table& table,
                                                      const PredictionColumns& columns,
                                                      std::size_t i,
                                                      Diagnostics& diagnostics) const {
  std::uint64_t key = 0;
  bool is_known = true;
  std::vector<std::string> ids;
  for (std::size_t e = 0; e < data_.entities.size(); ++e) {
    ids.push_back(columns.ids[e]->as_text(i));
    const std::uint32_t code = code_of(e, ids.back());
    key = key << 32U | code;
    if (code != kNone) continue;
    is_known = false;
    const std::string& name = data_.entities[e].name;
    diagnostics.add(
        "prediction_unknown_" + name, Severity::serious,
        "predictions name " + plural(name) + " that the data do not have; these lines were ignored",
        place(table, i, ids.back()));
  }
  if (!is_known) return {};
  const auto [first, last] = std::equal_range(key_.begin(), key_.end(), key);
  if (first == last) {
    const bool is_response = data_.entities.front().name == "drug";
    diagnostics.add("prediction_unknown_pair", Severity::warning,
                    std::string("predictions for pairs of ") +
                        (is_response ? "drug and cell line" : "ligand and assay") +
                        " that were not measured (or were left out) were ignored",
                    place(table, i, join(ids, ", ")));
  }
  return {sample_of_key_.data() + (first - key_.begin()), static_cast<std::size_t>(last - first)};
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

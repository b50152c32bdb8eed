#include "similarity/items_columns.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::detail {
namespace {

const std::vector<std::string> kIdNames{"id",
                                        "ids",
                                        "item_id",
                                        "sample_id",
                                        "compound_id",
                                        "molecule_id",
                                        "molecule_chembl_id",
                                        "name",
                                        "accession",
                                        "entry",
                                        "sequence_id",
                                        "protein_id",
                                        "cmpd_chemblid",
                                        "index",
                                        "unnamed_1"};
const std::vector<std::string> kTargetNames{"target", "label", "y",     "activity", "fitness",
                                            "score",  "value", "class", "pic50",    "affinity"};

std::vector<std::string> matching(const Table& table, std::span<const std::string> names) {
  std::vector<std::string> found;
  for (const auto& name : names) {
    for (const auto& column : table.columns) {
      if (lower(column.name) == name) found.push_back(column.name);
    }
  }
  return found;
}

std::string column_names(const Table& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) {
    if (names.size() == 12) {
      names.emplace_back("...");
      break;
    }
    names.push_back(column.name);
  }
  return join(names, ", ");
}

std::optional<double> as_double(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_missing_word(std::string_view text) {
  static const std::vector<std::string> kWords{"",     "na",   "n/a",  "nan",
                                               "null", "none", "#n/a", "<na>"};
  return contains(kWords, lower(trimmed(text)));
}

}  // namespace

std::span<const std::string> usual_names(ItemForm form) {
  static const std::vector<std::string> kSmiles{"smiles", "canonical_smiles", "isomeric_smiles",
                                                "mol"};
  static const std::vector<std::string> kSequence{
      "sequence", "seq", "protein_sequence", "mutated_sequence", "aa_sequence", "primary"};
  static const std::vector<std::string> kMutations{"mutations", "mutation", "mutant", "mutants",
                                                   "variant"};
  static const std::vector<std::string> kBits{"fingerprint", "fp", "bits", "bitstring"};
  switch (form) {
    case ItemForm::smiles:
      return kSmiles;
    case ItemForm::sequence:
      return kSequence;
    case ItemForm::mutations:
      return kMutations;
    case ItemForm::bits:
      return kBits;
    default:
      return {};
  }
}

std::string named_column(const Table& table, const std::string& name, const std::string& flag) {
  for (const auto& column : table.columns) {
    if (column.name == name) return name;
  }
  for (const auto& column : table.columns) {
    if (lower(column.name) == lower(name)) return column.name;
  }
  fail_input("there is no column \"" + name + "\"", {.file = table.source, .row = 1},
             flag + " takes one of: " + column_names(table));
}

std::string find_text_column(const Table& table, ItemForm form, const ItemsOptions& options) {
  if (!options.text_column.empty()) {
    return named_column(table, options.text_column, "--text-column");
  }
  const auto names = usual_names(form);
  const auto found = matching(table, names);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    fail_input(
        "no column has one of the usual names: " + join(names, ", "),
        {.file = table.source, .row = 1},
        "say which holds the items with --text-column NAME; there are: " + column_names(table));
  }
  fail_input("several columns could hold the items: " + join(found, ", "),
             {.file = table.source, .row = 1}, "choose one with --text-column NAME");
}

std::string find_id_column(const Table& table, const ItemsOptions& options) {
  if (!options.id_column.empty()) return named_column(table, options.id_column, "--id-column");
  const auto found = matching(table, kIdNames);
  return found.empty() ? "" : found.front();
}

std::string find_target_column(const Table& table, const ItemsOptions& options, Items& items) {
  if (!options.read_targets) return "";
  if (!options.target_column.empty()) {
    return named_column(table, options.target_column, "--target-column");
  }
  const auto found = matching(table, kTargetNames);
  if (found.size() > 1) {
    items.diagnostics.add("targets_not_read", Severity::note,
                          "several columns could be the target (" + join(found, ", ") +
                              "), so none was read; choose one with --target-column");
  }
  return found.size() == 1 ? found.front() : "";
}

void set_ids(Items& items, const Column* ids) {
  items.ids.clear();
  for (std::size_t i = 0; i < items.source_row.size(); ++i) {
    const auto row = static_cast<std::size_t>(items.source_row[i]);
    items.ids.push_back(ids == nullptr ? std::to_string(row) : ids->as_text(row));
  }
}

void set_targets(Items& items, const Column* column) {
  if (column == nullptr) return;
  items.target_name = column->name;
  std::vector<std::string> text;
  std::size_t n_numbers = 0;
  std::size_t n_words = 0;
  for (const std::uint64_t row : items.source_row) {
    const auto at = static_cast<std::size_t>(row);
    text.push_back(column->is_missing(at) ? "" : column->as_text(at));
    if (is_missing_word(text.back())) {
      text.back().clear();
    } else {
      ++(as_double(text.back()) ? n_numbers : n_words);
    }
  }
  items.targets.assign(text.size(), std::nan(""));
  if (n_numbers == 0 && n_words > 0) {
    items.target_levels = text;
    auto& levels = items.target_levels;
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    std::erase(levels, "");
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i].empty()) continue;
      const auto place = std::lower_bound(levels.begin(), levels.end(), text[i]);
      items.targets[i] = static_cast<double>(place - levels.begin());
    }
    return;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i].empty()) continue;
    if (const auto value = as_double(text[i])) {
      items.targets[i] = *value;
    } else {
      items.diagnostics.add(
          "target_not_a_number", Severity::warning,
          "targets of column \"" + column->name + "\" that are no numbers count as unknown",
          "row " + std::to_string(items.source_row[i]) + ": " + text[i]);
    }
  }
}

void leave_out(Items& items, std::string_view reason, std::string_view why, std::uint64_t row,
               std::string_view example) {
  auto place = std::find_if(items.left_out.begin(), items.left_out.end(),
                            [&](const LeftOut& one) { return one.reason == reason; });
  if (place == items.left_out.end()) {
    items.left_out.push_back({.reason = std::string(reason), .source_rows = {}});
    place = items.left_out.end() - 1;
  }
  place->source_rows.push_back(row);
  std::string text = "row " + std::to_string(row);
  if (!example.empty()) text += ": " + std::string(example.substr(0, 120));
  items.diagnostics.add(reason, Severity::warning, why, text);
}

void require_items(const Items& items) {
  if (items.size() > 0) return;
  std::string why;
  for (const auto& one : items.left_out) {
    why += (why.empty() ? "" : ", ") + std::to_string(one.source_rows.size()) + " x " + one.reason;
  }
  fail_input("no row of the file is an item" + (why.empty() ? why : " (" + why + ")"),
             {.file = items.source},
             "check that the kind of similarity fits the file, and "
             "--text-column or --features");
}

void note_input(Items& items, std::string_view bytes) {
  items.inputs.push_back(
      {.role = "items", .file = items.source, .sha256 = sha256_hex(bytes), .bytes = bytes.size()});
}

std::string plain_extension(const std::filesystem::path& path) {
  std::filesystem::path name = lower(path.filename().string());
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  return name.extension().string();
}

}  // namespace cupel::detail

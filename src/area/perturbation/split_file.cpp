// Splits over labels: a CSV with perturbation[,context] and role or fold.
#include <algorithm>
#include <cmath>
#include <set>

#include "area/perturbation/baseline_parts.hpp"
#include "area/perturbation/labels.hpp"
#include "area/perturbation/split_parts.hpp"
#include "area/perturbation/splits.hpp"
#include "area/tables.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "io/write.hpp"
#include "split/from_spec.hpp"

namespace cupel::perturbation {

PerturbationNames::PerturbationNames(const Dataset& data) : control_(profile_data(data).control) {
  const Entity& entity = data.entities[0];
  for (std::uint32_t p = 0; p < entity.ids.size(); ++p) code_.emplace(entity.ids[p], p);
  const LabelBlock* written = entity.find_label("written");
  for (std::uint32_t p = 0; written != nullptr && p < entity.ids.size(); ++p) {
    constexpr std::string_view kBetween = " | ";
    std::string_view rest = written->levels[written->code[p]];
    while (!rest.empty()) {
      const auto end = std::min(rest.find(kBetween), rest.size());
      code_.emplace(std::string(rest.substr(0, end)), p);
      rest.remove_prefix(std::min(end + kBetween.size(), rest.size()));
    }
  }
}

std::uint32_t PerturbationNames::find(const std::string& label) const {
  if (const auto found = code_.find(label); found != code_.end()) return found->second;
  const auto parsed = parse_label(label, {.control = control_, .separators = {"+"}});
  const auto found = code_.find(parsed.id);
  return found == code_.end() ? LabelBlock::kUnknown : found->second;
}

std::vector<std::string> labels_as_written(const Dataset& data) {
  const Entity& entity = data.entities[0];
  const LabelBlock* written = entity.find_label("written");
  std::vector<std::string> labels = entity.ids;
  for (std::size_t p = 0; written != nullptr && p < labels.size(); ++p) {
    const std::string& all = written->levels[written->code[p]];
    labels[p] = all.substr(0, all.find(" | "));
  }
  return labels;
}

namespace {

/// Samples of a line of the file: of its context, or of all contexts.
std::vector<std::uint32_t> rows_of_line(const Dataset& data, std::uint32_t perturbation,
                                        const std::string& context) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
    const bool fits = context.empty() || data.entities[1].ids[context_of(data, row)] == context;
    if (perturbation_of(data, row) == perturbation && fits) rows.push_back(row);
  }
  return rows;
}

Role parse_role(const Table& table, const Column& column, std::size_t row) {
  const std::string word = lower(detail::id_at(column, row));
  if (word == "train") return Role::train;
  if (word == "validation" || word == "val") return Role::validation;
  if (word == "test") return Role::test;
  if (word == "left_out" || word.empty()) return Role::left_out;
  fail_input("a role must be train, validation, test or left_out",
             {.file = table.source, .row = table.line(row), .column_name = "role", .value = word});
}

/// Line of the file for every sample; kNoLine = not named.
constexpr std::uint64_t kNoLine = ~std::uint64_t{0};
struct Lines {
  std::vector<std::uint64_t> line;
  std::vector<std::string> unknown;    ///< labels that no sample has
  std::vector<std::string> elsewhere;  ///< those that none has in the context of the line
};

/// `wanted`: the lines of this fold only, where folds and roles are given.
Lines read_lines(const Dataset& data, const Table& table, const Column& column,
                 const Column* fold_column, std::uint32_t wanted) {
  const PerturbationNames names(data);
  const Column& perturbations = table.at("perturbation");
  const Column* contexts = table.find("context");
  Lines lines{.line = std::vector<std::uint64_t>(data.n_samples(), kNoLine)};
  const std::string& control = profile_data(data).control;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    if (fold_column != nullptr && fold_column->as_number(row) != wanted) continue;
    const std::string label = detail::id_at(perturbations, row);
    if (label == control || label.empty()) continue;
    const auto code = names.find(label);
    const auto samples =
        code == LabelBlock::kUnknown
            ? std::vector<std::uint32_t>{}
            : rows_of_line(data, code, contexts == nullptr ? "" : detail::id_at(*contexts, row));
    if (code == LabelBlock::kUnknown) {
      lines.unknown.push_back(label);
    } else if (samples.empty()) {
      lines.elsewhere.push_back(label + " in " +
                                (contexts == nullptr ? "" : detail::id_at(*contexts, row)));
    }
    for (const auto sample : samples) {
      auto& line = lines.line[sample];
      if (line != kNoLine && detail::id_at(column, line) != detail::id_at(column, row)) {
        fail_input("two lines give a perturbation two roles",
                   {.file = table.source, .row = table.line(row), .value = label},
                   "label both by context, or drop one");
      }
      line = row;
    }
  }
  return lines;
}

std::string first_of(const std::vector<std::string>& all) {
  constexpr std::size_t kShown = 5;
  const auto n = static_cast<std::ptrdiff_t>(std::min(kShown, all.size()));
  return join({all.begin(), all.begin() + n}, ", ") + (all.size() > kShown ? ", ..." : "");
}

/// A label that the data do not have is misspelt, or has too few cells: an error, as nothing would
/// be trained or tested on it. One that only lacks the context of its line is skipped.
void report_unknown(const Dataset& data, const Lines& lines, const Table& table,
                    const Context& context) {
  if (!lines.unknown.empty()) {
    fail_input(
        std::to_string(lines.unknown.size()) +
            " labels of the split are about no sample of the data: " + first_of(lines.unknown),
        {.file = table.source, .column_name = "perturbation"},
        "labels of the data: " + first_of(labels_as_written(data)) +
            "; groups with few cells are no samples (--min-cells)");
  }
  if (!lines.elsewhere.empty()) {
    context.say(LogLevel::warning, table.source + ": " + std::to_string(lines.elsewhere.size()) +
                                       " lines are skipped, as the data have no sample of the "
                                       "perturbation in this context: " +
                                       first_of(lines.elsewhere));
  }
}

/// Whole numbers of the column; kNoFold for an empty cell.
constexpr std::uint32_t kNoFold = LabelBlock::kUnknown;
std::uint32_t fold_at(const Table& table, const Column& column, std::size_t row) {
  if (column.is_missing(row)) return kNoFold;
  const double value = column.type == ColumnType::text ? -1.0 : column.as_number(row);
  if (value >= 0.0 && value < 1e6 && value == std::floor(value)) {
    return static_cast<std::uint32_t>(value);
  }
  fail_input("a fold must be a whole number from 0",
             {.file = table.source, .row = table.line(row), .value = column.as_text(row)});
}

bool names_training(const Table& table, const Column& roles) {
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    if (parse_role(table, roles, row) == Role::train) return true;
  }
  return false;
}

void set_role(Split& split, std::uint32_t sample, Role role) {
  if (role == Role::left_out) {
    leave_out(split, sample, "left_out_as_given");
  } else {
    split.role[sample] = role;
  }
}

}  // namespace

Table read_split_table(const std::filesystem::path& path, const Context& context) {
  Table table = read_csv(path, {}, context);
  CsvOptions options;
  for (const char* name : {"perturbation", "context"}) {
    if (table.find(name) != nullptr) options.types.emplace(name, ColumnType::text);
  }
  return options.types.empty() ? table : read_csv(path, options, context);
}

std::vector<Split> named_file_splits(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                                     const std::filesystem::path& path, const Context& context) {
  const Table table = read_split_table(path, context);
  if (table.find("perturbation") == nullptr) return {};
  const Column* roles = table.find("role");
  const Column* fold_column = table.find("fold");
  if (roles == nullptr && fold_column == nullptr) {
    fail_input("a split over perturbations needs a column role or fold", {.file = table.source});
  }
  std::set<std::uint32_t> folds;
  for (std::size_t row = 0; row < table.n_rows && fold_column != nullptr; ++row) {
    folds.insert(fold_at(table, *fold_column, row));
  }
  folds.erase(kNoFold);
  if (fold_column == nullptr) folds = {0};
  const Column& column = roles != nullptr ? *roles : *fold_column;
  std::vector<Split> splits;
  for (const auto fold : folds) {
    const Lines lines =
        read_lines(data, table, column, roles != nullptr ? fold_column : nullptr, fold);
    if (splits.empty()) report_unknown(data, lines, table, context);
    Split split = empty_split(data, spec, seed);
    split.fold = fold;
    split.parameters = "file=" + path.filename().string();
    const bool rest_is_train = roles != nullptr && !names_training(table, *roles);
    if (rest_is_train && splits.empty()) {
      context.say(LogLevel::warning, table.source + " names no training rows: the " +
                                         std::to_string(std::ranges::count(lines.line, kNoLine)) +
                                         " samples that it does not name are trained on");
    }
    for (std::uint32_t s = 0; s < data.n_samples(); ++s) {
      if (lines.line[s] == kNoLine && rest_is_train) {
        split.role[s] = Role::train;
      } else if (lines.line[s] == kNoLine) {
        leave_out(split, s, "not_in_split_file");
      } else if (roles != nullptr) {
        set_role(split, s, parse_role(table, column, lines.line[s]));
      } else {
        split.role[s] = fold_at(table, column, lines.line[s]) == fold ? Role::test : Role::train;
      }
    }
    splits.push_back(std::move(split));
  }
  return splits;
}

void write_split_labels(const std::filesystem::path& path, const Dataset& data,
                        std::span<const Split> splits) {
  const auto labels = labels_as_written(data);
  CsvWriter csv;
  csv.text("perturbation").text("context");
  if (splits.size() > 1) csv.text("fold");
  csv.text("role");
  csv.end_row();
  for (const auto& split : splits) {
    for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
      csv.text(labels[perturbation_of(data, row)]);
      csv.text(data.entities[1].ids[context_of(data, row)]);
      if (splits.size() > 1) csv.integer(split.fold);
      csv.text(to_string(split.role[row]));
      csv.end_row();
    }
  }
  csv.save(path);
}

}  // namespace cupel::perturbation

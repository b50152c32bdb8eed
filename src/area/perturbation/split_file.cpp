// Splits over labels: a CSV with perturbation[,context] and role or fold.
#include <algorithm>
#include <set>

#include "area/perturbation/baseline_parts.hpp"
#include "area/perturbation/labels.hpp"
#include "area/perturbation/split_parts.hpp"
#include "area/tables.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"
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

std::vector<std::string> written_labels(const Dataset& data) {
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

struct Lines {
  std::vector<std::string> value;   ///< per sample: role or fold as text; "" = not named
  std::vector<std::uint64_t> line;  ///< per sample: row of the table
  std::size_t n_unknown = 0;
};

Lines read_lines(const Dataset& data, const Table& table, const Column& column) {
  const PerturbationNames names(data);
  const Column& perturbations = table.at("perturbation");
  const Column* contexts = table.find("context");
  Lines lines{.value = std::vector<std::string>(data.n_samples()),
              .line = std::vector<std::uint64_t>(data.n_samples(), 0)};
  const std::string& control = profile_data(data).control;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    const std::string label = detail::id_at(perturbations, row);
    if (label == control || label.empty()) continue;
    const auto code = names.find(label);
    const auto samples =
        code == LabelBlock::kUnknown
            ? std::vector<std::uint32_t>{}
            : rows_of_line(data, code, contexts == nullptr ? "" : detail::id_at(*contexts, row));
    lines.n_unknown += samples.empty() ? 1 : 0;
    const std::string value = detail::id_at(column, row);
    for (const auto sample : samples) {
      if (!lines.value[sample].empty() && lines.value[sample] != value) {
        fail_input("two lines give a perturbation two roles",
                   {.file = table.source, .row = table.line(row), .value = label},
                   "label both by context, or drop one");
      }
      lines.value[sample] = value;
      lines.line[sample] = row;
    }
  }
  return lines;
}

}  // namespace

std::vector<Split> named_file_splits(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                                     const std::filesystem::path& path, const Context& context) {
  const Table table =
      read_csv(path, {.types = {{"perturbation", ColumnType::text}, {"context", ColumnType::text}}},
               context);
  if (table.find("perturbation") == nullptr) return {};
  const bool has_roles = table.find("role") != nullptr;
  if (!has_roles && table.find("fold") == nullptr) {
    fail_input("a split over perturbations needs a column role or fold", {.file = table.source});
  }
  const Column& column = table.at(has_roles ? "role" : "fold");
  const Lines lines = read_lines(data, table, column);
  if (lines.n_unknown > 0) {
    context.say(LogLevel::warning, std::to_string(lines.n_unknown) + " lines of " + table.source +
                                       " are about no sample of the data");
  }
  std::set<std::uint32_t> folds;
  for (std::uint32_t s = 0; s < data.n_samples() && !has_roles; ++s) {
    if (!lines.value[s].empty()) {
      folds.insert(static_cast<std::uint32_t>(column.as_number(lines.line[s])));
    }
  }
  if (has_roles) folds = {0};
  std::vector<Split> splits;
  for (const auto fold : folds) {
    Split split = empty_split(data, spec, seed);
    split.fold = fold;
    split.parameters = "file=" + path.filename().string();
    for (std::uint32_t s = 0; s < data.n_samples(); ++s) {
      if (lines.value[s].empty()) {
        leave_out(split, s, "not_in_split_file");
      } else if (!has_roles) {
        const bool is_test = static_cast<std::uint32_t>(column.as_number(lines.line[s])) == fold;
        split.role[s] = is_test ? Role::test : Role::train;
      } else if (const Role role = parse_role(table, column, lines.line[s]);
                 role == Role::left_out) {
        leave_out(split, s, "left_out_as_given");
      } else {
        split.role[s] = role;
      }
    }
    splits.push_back(std::move(split));
  }
  return splits;
}

}  // namespace cupel::perturbation

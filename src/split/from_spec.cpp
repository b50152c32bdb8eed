#include "split/from_spec.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/files.hpp"
#include "split/roles.hpp"

namespace cupel {
namespace {

std::vector<std::uint32_t> rows_of(const Dataset& data, const TaskRows* task) {
  if (task != nullptr) return task->rows;
  std::vector<std::uint32_t> all(data.n_samples());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

std::vector<Split> from_folds(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                              const GivenRows& given, const AddValidation& add_validation,
                              const TaskRows* task) {
  const auto rows = rows_of(data, task);
  const auto fold_of = [&](std::uint32_t row) { return given.fold[data.source_row[row]]; };
  std::vector<std::uint32_t> folds;
  for (const auto row : rows) {
    if (fold_of(row) != kNoFold) folds.push_back(static_cast<std::uint32_t>(fold_of(row)));
  }
  std::sort(folds.begin(), folds.end());
  folds.erase(std::unique(folds.begin(), folds.end()), folds.end());
  if (folds.size() < 2) {
    fail_input(given.origin + " gives fewer than two folds" +
                   (task == nullptr ? "" : " to the assay \"" + task->task + "\"") +
                   ", so there is no training or no test set",
               {}, "give every row the number of the fold in which it is tested");
  }
  check_wanted_folds(spec, folds);
  std::vector<Split> splits;
  for (const auto fold : folds) {
    if (!is_wanted(spec, fold)) continue;
    Split split = empty_split(data, spec, seed, task);
    split.fold = fold;
    split.parameters = given.origin + ";validation=" + format_double(spec.validation);
    for (const auto row : rows) {
      if (fold_of(row) == kNoFold)
        leave_out(split, row, "no_fold_given");
      else if (fold_of(row) == fold)
        split.role[row] = Role::test;
    }
    add_validation(split);
    splits.push_back(std::move(split));
  }
  return splits;
}

std::vector<Split> from_roles(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                              const GivenRows& given, const AddValidation& add_validation,
                              const TaskRows* task) {
  check_wanted_folds(spec, std::vector<std::uint32_t>{0});
  Split split = empty_split(data, spec, seed, task);
  split.parameters = given.origin;
  for (const auto row : rows_of(data, task)) {
    split.role[row] = given.role[data.source_row[row]];
    if (split.role[row] == Role::left_out) leave_out(split, row, "left_out_as_given");
  }
  if (split.count(Role::validation) == 0) add_validation(split);
  std::vector<Split> splits;
  splits.push_back(std::move(split));
  return splits;
}

const Table& table_of(const Table* samples, const SplitSpec& spec) {
  if (samples != nullptr) return *samples;
  fail(ErrorKind::internal, "split \"" + spec_name(spec) + "\" needs the table of the samples");
}

}  // namespace

std::string spec_name(const SplitSpec& spec) {
  if (!spec.name.empty()) return spec.name;
  return spec.scheme.empty() ? "file" : spec.scheme;
}

Split empty_split(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                  const TaskRows* task) {
  Split split;
  split.name = spec_name(spec);
  split.scheme = spec.scheme.empty() ? "file" : spec.scheme;
  split.seed = seed;
  split.role.assign(data.n_samples(), Role::train);
  split.reason.assign(data.n_samples(), 0);
  split.reasons = {""};
  if (task == nullptr) return split;
  split.task = task->task;
  if (task->rows.size() == data.n_samples()) return split;
  split.reasons.emplace_back(kOtherTask);
  split.role.assign(data.n_samples(), Role::left_out);
  split.reason.assign(data.n_samples(), 1);
  for (const auto row : task->rows) {
    split.role[row] = Role::train;
    split.reason[row] = 0;
  }
  return split;
}

void leave_out(Split& split, std::size_t sample, const std::string& reason) {
  auto place = std::find(split.reasons.begin(), split.reasons.end(), reason);
  if (place == split.reasons.end()) place = split.reasons.insert(place, reason);
  split.role[sample] = Role::left_out;
  split.reason[sample] = static_cast<std::uint8_t>(place - split.reasons.begin());
}

void check_not_empty(const Split& split) {
  std::string fold = "fold " + std::to_string(split.fold) + " of split \"" + split.name + "\"";
  if (!split.task.empty()) fold += " (assay \"" + split.task + "\")";
  for (const Role role : {Role::test, Role::train}) {
    if (split.count(role) > 0) continue;
    fail_input(fold + " has no " + std::string(to_string(role)) + " rows, so nothing can be judged",
               {}, "use fewer folds, another scheme, or mend the column or file of the split");
  }
}

bool is_wanted(const SplitSpec& spec, std::uint32_t fold) {
  return spec.only_folds.empty() ||
         std::find(spec.only_folds.begin(), spec.only_folds.end(), fold) != spec.only_folds.end();
}

void check_wanted_folds(const SplitSpec& spec, std::span<const std::uint32_t> folds) {
  for (const auto wanted : spec.only_folds) {
    if (std::find(folds.begin(), folds.end(), wanted) != folds.end()) continue;
    fail_input("split \"" + spec_name(spec) + "\" has no fold " + std::to_string(wanted), {},
               folds.empty() ? ""
                             : "its folds are " + std::to_string(folds.front()) + " to " +
                                   std::to_string(folds.back()));
  }
}

void check_validation(const SplitSpec& spec) {
  if (spec.validation >= 0.0 && spec.validation < 1.0) return;
  fail_input(
      "the validation share of split \"" + spec_name(spec) + "\" must be at least 0 and below 1",
      {.value = format_double(spec.validation)}, "0.1 is usual");
}

std::optional<GivenRows> read_given(const Dataset& data, const SplitSpec& spec,
                                    const Table* samples, const std::string& base_folder,
                                    const Context& context) {
  if (!spec.file.empty()) {
    const std::filesystem::path given(spec.file);
    const auto path = given.is_absolute() ? given : std::filesystem::path(base_folder) / given;
    SplitFile file = read_split_file(path, data, context);
    return GivenRows{.fold = std::move(file.fold),
                     .role = std::move(file.role),
                     .origin = "file=" + given.filename().string()};
  }
  if (!spec.fold_column.empty()) {
    const Table& table = table_of(samples, spec);
    return GivenRows{.fold = read_folds(table, table.at(spec.fold_column)),
                     .role = {},
                     .origin = "fold_column=" + spec.fold_column};
  }
  if (!spec.role_column.empty()) {
    const Table& table = table_of(samples, spec);
    return GivenRows{.fold = {},
                     .role = read_roles(table, table.at(spec.role_column)),
                     .origin = "role_column=" + spec.role_column};
  }
  return std::nullopt;
}

std::vector<Split> splits_from_given(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                                     const GivenRows& given, const AddValidation& add_validation,
                                     const TaskRows* task) {
  return given.role.empty() ? from_folds(data, spec, seed, given, add_validation, task)
                            : from_roles(data, spec, seed, given, add_validation, task);
}

}  // namespace cupel

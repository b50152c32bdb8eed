#pragma once
/// What every maker of splits shares, whatever the area: an empty split of a spec, folds and roles
/// that are given by rows, and the checks that a split can be judged at all.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"
#include "cupel/table.hpp"

namespace cupel {

/// The samples of one task (assay); a split of a task leaves all others out as `other_task`.
struct TaskRows {
  std::string task;
  std::vector<std::uint32_t> rows;  ///< sample indices, ascending
};
inline constexpr const char* kOtherTask = "other_task";

/// The spec's name, else its scheme, else "file".
std::string spec_name(const SplitSpec& spec);
/// All rows in training, but for those of other tasks. `task` null: the data are one task.
Split empty_split(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                  const TaskRows* task = nullptr);
void leave_out(Split& split, std::size_t sample, const std::string& reason);

/// Throws Error{input} if there is no test or no training row.
void check_not_empty(const Split& split);
bool is_wanted(const SplitSpec& spec, std::uint32_t fold);
/// Throws Error{input} for a fold of `only_folds` that is not there.
void check_wanted_folds(const SplitSpec& spec, std::span<const std::uint32_t> folds);
/// Throws Error{input} unless the validation share is in [0, 1).
void check_validation(const SplitSpec& spec);

/// Turns some training rows into validation rows; called once the test rows are known.
using AddValidation = std::function<void(Split&)>;

/// Folds or roles by source row, as a file or a column gives them. One of the vectors is filled.
struct GivenRows {
  std::vector<std::int64_t> fold;
  std::vector<Role> role;
  std::string origin;  ///< "fold_column=NAME", "role_column=NAME", "file=NAME"
};
/// nullopt if the spec names neither a file nor a column. `samples` null: a column is a bug.
std::optional<GivenRows> read_given(const Dataset& data, const SplitSpec& spec,
                                    const Table* samples, const std::string& base_folder,
                                    const Context& context);
/// The folds that are given, by number; roles are one split with fold 0. `only_folds` is obeyed.
std::vector<Split> splits_from_given(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                                     const GivenRows& given, const AddValidation& add_validation,
                                     const TaskRows* task = nullptr);

}  // namespace cupel

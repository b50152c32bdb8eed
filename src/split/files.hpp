#pragma once
/// Splits on disk: a CSV with one line per data row of the source file (`row,role` for one split,
/// `row,fold` for the folds of one repeat; `row` counts data rows from 0) and beside it a JSON file
/// (`split.csv` -> `split.json`) with scheme, parameters, seed, hashes, and counts per role and
/// reason.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/split.hpp"

namespace cupel {

/// Writes `row,role`. Rows that are not samples (left out while loading) have the role left_out.
void write_split_file(const std::filesystem::path& path, const Dataset& data, const Split& split);

/// Writes `row,role` of a split per task (assay): rows of different tasks are different rows, so
/// that one file holds them all. Throws Error{usage} for two splits of one task.
void write_task_file(const std::filesystem::path& path, const Dataset& data,
                     std::span<const Split> splits);

/// Writes `row,fold` of one repeat: the fold in which each row is tested, empty for rows that never
/// are. Throws Error{usage} if the splits are of several repeats or schemes, or test a row twice.
void write_fold_file(const std::filesystem::path& path, const Dataset& data,
                     std::span<const Split> folds);

/// Writes an overlap series: one line per split and id of its entity,
/// `fold,level,repeat,control,drug,role,reason`.
void write_series_file(const std::filesystem::path& path, const Dataset& data,
                       std::span<const Split> splits);

/// What a split file gives, by source row. Exactly one of the two vectors is filled.
struct SplitFile {
  std::vector<Role> role;
  std::vector<std::int64_t> fold;  ///< kNoFold = none
};

/// Throws Error{input} for a wrong number of rows, a row out of range, twice or missing, an unknown
/// role, or a file without `role` and `fold`; also when the JSON beside it names another number of
/// data rows.
SplitFile read_split_file(const std::filesystem::path& path, const Dataset& data,
                          const Context& context);

/// One line of the accounting; the counts of a split add up to `Dataset::n_source_rows`.
struct RowCount {
  std::string role;    ///< train, validation, test, left_out
  std::string reason;  ///< why left out: of the loader or of the split; else ""
  std::uint64_t count = 0;
};
std::vector<RowCount> count_source_rows(const Dataset& data, const Split& split);

}  // namespace cupel

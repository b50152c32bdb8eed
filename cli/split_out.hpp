#pragma once
/// What `cupel split` writes and prints of splits of a data set, whatever the area.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "app.hpp"
#include "cupel/dataset.hpp"
#include "cupel/split.hpp"
#include "json_out.hpp"

namespace cupel::cli {

struct SplitOut {
  std::string scheme;
  std::string out;  ///< --out; `_repeatN` goes before its extension where there are several
  std::uint32_t repeats = 1;
  std::uint64_t seed = 0;
};

/// The file of a repeat: `out`, or `out_repeatN` where there are several.
std::filesystem::path file_of_repeat(const SplitOut& call, std::uint32_t repeat);

/// One file per repeat: `row,role` if no assay has two splits in it, else `row,fold`. Returns the
/// files.
std::vector<std::string> write_split_files(const SplitOut& call, const Dataset& data,
                                           std::span<const Split> splits);
/// The files and a line per split, then `more` lines; or all of it as JSON with `more_json`.
int print_splits(const SplitOut& call, const std::vector<std::string>& files,
                 std::span<const Split> splits, const std::string& more, const JsonOut* more_json,
                 Session& session);

/// An overlap series is one file: the roles of the entity's ids in every split.
int write_series(const SplitOut& call, const Dataset& data, const std::vector<Split>& splits,
                 Session& session);

}  // namespace cupel::cli

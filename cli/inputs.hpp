#pragma once
/// Flags that several commands share: which data, which split.
#include <optional>
#include <string>
#include <vector>

#include "app.hpp"
#include "area/area.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"

namespace cupel::cli {

struct DataFlags {
  std::string area = "drug_response";
  std::string data;                  ///< --data
  std::vector<std::string> columns;  ///< --columns drug=..,cell=..,target=..
  std::string unit;
  std::string drugs;                   ///< --drugs
  std::string cells;                   ///< --cells
  std::vector<std::string> features;   ///< --features cell.expression=FILE
  std::vector<std::string> molecules;  ///< --molecules radius=2,bits=1024,standardise=parent
  std::vector<std::string> cliffs;     ///< --cliffs rule=moleculeace
  ProfileSpec profiles;                ///< --control, --scale, ...: area perturbation
};

/// `required`: --data has to be given.
void add_data_flags(Arguments& arguments, DataFlags& flags, bool required);
/// How a file of cells becomes profiles (area perturbation).
void add_profile_flags(Arguments& arguments, DataFlags& flags,
                       const std::string& matrix_flag = "--matrix",
                       const std::string& control_flag = "--control");

/// "a=b,c=d" (repeatable) to a map. Throws Error{usage} if a part has no "=" or a key comes twice.
std::map<std::string, std::string> parse_pairs(const std::vector<std::string>& words,
                                               const std::string& flag);

/// The flags as the study file would have them. The id column of --drugs, --cells and --features
/// is the one named like the responses' column, else `drug` (`cell`), else `id`, else the first;
/// labels are found by their usual names (smiles, name, target, pathway, synonyms, tissue).
/// --data may be `catalogue:NAME`: a whole entry of the catalogue.
DataSpec data_spec(const DataFlags& flags, const Session& session);

LoadedData load_data(const DataFlags& flags, const Session& session);

/// The split of a split.csv: `row,role`, or `row,fold` with `fold`. A file of roles of data with
/// several assays is one split per assay. Throws Error{usage} if a fold is needed and not given, or
/// given and not there.
std::vector<Split> load_splits(const std::string& path, std::optional<std::uint32_t> fold,
                               const LoadedData& loaded, const Session& session);

/// Names of the areas, for --area.
std::vector<std::string> area_names();

/// Diagnostics as log lines: serious ones and warnings, notes with -v.
void show(const Diagnostics& diagnostics, const Session& session);

}  // namespace cupel::cli

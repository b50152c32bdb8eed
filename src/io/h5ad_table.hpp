#pragma once
/// Dataframes of .h5ad files: groups with a dataset per column (anndata 0.7 and later) and compound
/// datasets (before).
#include <map>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/table.hpp"
#include "io/h5_file.hpp"

namespace cupel::h5 {

struct Frame {
  std::vector<std::string> names;  ///< of the rows
  Table table;
  std::map<std::string, std::vector<std::string>> levels;  ///< of the categorical columns
  bool is_old = false;                                     ///< written by anndata before 0.8
};

/// Throws Error{input} for what contradicts itself; columns that a table cannot hold are left out
/// and counted.
Frame read_frame(const File& file, const std::string& path, const Context& context,
                 Diagnostics& diagnostics);

}  // namespace cupel::h5

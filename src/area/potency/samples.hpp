#pragma once
/// The table of the samples: one file, or one file per assay read as one table with an assay
/// column. Rows are numbered through in the order of the assays' names.
#include <cstdint>
#include <string>
#include <vector>

#include "area/tables.hpp"

namespace cupel::potency {

struct SampleTable {
  Table table;
  std::string assay_column;  ///< "" = the samples are not of named assays
  std::vector<std::string> files;
  std::vector<std::uint64_t> begin;  ///< first row of each file

  /// "line 17", with the file's name where there are several.
  [[nodiscard]] std::string place(std::uint64_t row) const;
};

/// Throws Error{io} if a file cannot be read, Error{input} if a file lacks a column that a role
/// names, or has one with the name that the assay column gets.
SampleTable read_samples(const DataSpec& spec, detail::TableReader& reader);

}  // namespace cupel::potency

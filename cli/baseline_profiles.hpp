#pragma once
/// Predicted profiles as a file that cupel, scanpy and the tools of the field read.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "inputs.hpp"

namespace cupel::cli {

struct PredictedProfiles {
  const Dataset& data;
  const DataFlags& flags;
  std::string baseline;
  std::string parameters;
  std::string cells = "profile";  ///< or tile, dispersed: as many cells as the truth has
  std::vector<std::uint32_t> rows;
  std::vector<double> values;  ///< rows x n_outputs

  void add(const std::vector<std::uint32_t>& test, const std::vector<double>& predicted);
  /// perturbation, context, then a column per gene; without the controls.
  [[nodiscard]] std::string csv() const;
  /// .h5ad: a cell per row and one per context's control, with the labels and column names of the
  /// data; else CSV.
  /// With `cells`, and the control cells of the data. Throws Error{usage} for a CSV then.
  void save(const std::filesystem::path& path, const Context& context) const;
};

}  // namespace cupel::cli

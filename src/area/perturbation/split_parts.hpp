#pragma once
/// What the files of this folder that make splits share. Not for use outside.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"

namespace cupel::perturbation {

/// Codes of perturbations by canonical id and by every label of the file that means them.
class PerturbationNames {
 public:
  explicit PerturbationNames(const Dataset& data);
  /// kUnknown for a label that the data do not have.
  [[nodiscard]] std::uint32_t find(const std::string& label) const;

 private:
  std::map<std::string, std::uint32_t> code_;
  std::string control_;
};

/// Roles by perturbation and context from a cell-load TOML file.
Split cell_load_split(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                      const std::filesystem::path& path);

/// Roles by perturbation from GEARS' simulation split.
Split gears_split(const Dataset& data, const SplitSpec& spec, std::uint64_t seed);

/// Splits of a CSV with a column `perturbation`; empty where it has none.
std::vector<Split> named_file_splits(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                                     const std::filesystem::path& path, const Context& context);

}  // namespace cupel::perturbation

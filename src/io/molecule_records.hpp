#pragma once
/// Files cut into records of molecules, one after another; no chemistry here.
#include <filesystem>
#include <memory>
#include <string>

#include "io/molecules.hpp"

namespace cupel::detail {

struct RawMolecule {
  MoleculeRecord record;  ///< with a problem if the file itself shows one
  std::string block;      ///< of SD files: the entry up to "M  END"
};

class MoleculeSource {
 public:
  virtual ~MoleculeSource() = default;
  /// False at the end of the file. `raw` comes empty.
  virtual bool next(RawMolecule& raw) = 0;
};

/// By `options.format`, or the file's name.
std::unique_ptr<MoleculeSource> open_molecules(const std::filesystem::path& path,
                                               const MoleculeFileOptions& options);

}  // namespace cupel::detail

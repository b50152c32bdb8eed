#pragma once
/// What the commands about molecules share: which file, which columns, what was wrong with records.
#include <map>
#include <string>
#include <vector>

#include "app.hpp"
#include "io/molecules.hpp"
#include "json_out.hpp"

namespace cupel::cli {

struct MoleculeFlags {
  std::string input;
  std::string format;
  std::string smiles_column;
  std::string id_column;
  std::string standardise = "none";
  std::string problems;  ///< file for the list of bad records
  double max_atoms = static_cast<double>(kMaxMoleculeAtoms);
  bool strict = false;
};

void add_molecule_flags(Arguments& arguments, MoleculeFlags& flags);
MoleculeFileOptions molecule_options(const MoleculeFlags& flags);

/// Counts the records with a problem and writes the list that --problems asks for.
class MoleculeProblems {
 public:
  void add(const MoleculeRecord& record);
  /// Writes the list, warns with the first places; Error{input} with --strict.
  void finish(const MoleculeFlags& flags, const Session& session) const;
  [[nodiscard]] std::size_t count() const noexcept { return rows_.size(); }
  /// [{reason, count}]
  [[nodiscard]] std::vector<JsonOut> json() const;

 private:
  std::vector<MoleculeRecord> rows_;
  std::map<std::string, std::size_t> by_code_;
};

}  // namespace cupel::cli

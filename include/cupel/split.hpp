#pragma once
/// A role for every sample, with provenance.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/overlap.hpp"

namespace cupel {

enum class Role : std::uint8_t { left_out = 0, train = 1, validation = 2, test = 3 };
std::string_view to_string(Role role) noexcept;

struct Split {
  std::string name;  ///< groups the folds of one scheme in scores and report: "mixed"
  std::string
      scheme;  ///< "mixed", "cancer_blind", "drug_blind", "both_blind", "tissue_blind", "file"
  /// Where the folds of a split are about data sets of their own (assays), the id of this one; rows
  /// of the others are left out. Every predictor is then fitted and scored within its task.
  std::string task;
  std::uint32_t fold = 0;
  std::uint32_t repeat = 0;
  std::uint64_t seed = 0;
  std::string parameters;  ///< canonical text of everything else that shaped it
  /// Entities whose test members are all unseen in training ("drug", "cell"), or a label as
  /// "cell.tissue". Empty = mixed. *Measured* on the rows, not believed from the scheme.
  std::vector<std::string> blind_to;
  /// Of an overlap series: the level asked for (larger = more overlap), the entity it is about, and
  /// whether this is the random control of the same sizes. NaN and "" for every other scheme.
  double level = OverlapProfile::kNone;
  std::string series_entity;
  bool is_control = false;
  OverlapProfile overlap;            ///< measured, where a similarity is known
  std::vector<Role> role;            ///< n_samples
  std::vector<std::uint8_t> reason;  ///< n_samples: index into reasons, for left_out rows
  std::vector<std::string> reasons;  ///< reasons[0] = "" (not left out)

  [[nodiscard]] std::vector<std::uint32_t> rows(Role wanted) const;
  [[nodiscard]] std::size_t count(Role wanted) const noexcept;
  /// SHA-256 over roles and provenance, hex.
  [[nodiscard]] std::string sha256() const;
};

}  // namespace cupel

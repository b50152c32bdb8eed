#pragma once
/// Samples, the entities they are about, their targets and the entities' features.
///
/// A drug-response sample is about two entities, `drug` and `cell`; a QSAR sample about one,
/// `ligand`. Everything known of an entity hangs on the entity, never on the sample.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/diagnostics.hpp"
#include "cupel/matrix.hpp"

namespace cupel {

struct PackedBits;
struct ProfileData;

/// A numeric view of an entity (expression, fingerprint, ...). Shape: n_ids x n_features.
struct FeatureBlock {
  std::string name;                        ///< "expression", "fingerprint", "mutation", ...
  Matrix<float> values;                    ///< a row per entity; rows of absent entities are 0
  std::vector<std::string> feature_names;  ///< n_features, or empty
  std::vector<std::uint8_t> present;       ///< per entity: 1 = has this view
  bool binary = false;                     ///< 0/1 values: Tanimoto is the natural similarity
  /// A binary view of many entities is kept packed, a row per entity, and `values` stays empty:
  /// 50,000 fingerprints of 2048 bits are 12 MB so, and 400 MB as floats.
  std::shared_ptr<const PackedBits> bits;
};

/// A categorical annotation of an entity (tissue, pathway, target, SMILES, name, ...).
struct LabelBlock {
  static constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();
  std::string name;
  std::vector<std::string> levels;  ///< sorted, unique
  std::vector<std::uint32_t> code;  ///< per entity: index into levels, or kUnknown
};

struct Entity {
  std::string name;                           ///< "drug", "cell"
  std::vector<std::string> ids;               ///< sorted, unique
  std::vector<std::uint32_t> code_of_sample;  ///< n_samples: index into ids
  std::vector<FeatureBlock> features;
  std::vector<LabelBlock> labels;

  [[nodiscard]] const FeatureBlock* find_features(std::string_view block) const noexcept;
  [[nodiscard]] const LabelBlock* find_label(std::string_view label) const noexcept;
};

/// Pairs of samples whose difference is asked for: activity cliffs, edges of a free-energy network.
struct PairBlock {
  std::string name;                   ///< "cliff"
  std::vector<std::uint32_t> first;   ///< sample indices
  std::vector<std::uint32_t> second;  ///< as many
  [[nodiscard]] std::size_t size() const noexcept { return first.size(); }
};

/// Rows of the input file that did not become samples: one line per reason.
struct LeftOut {
  std::string reason;  ///< snake_case: `target_missing`, `unknown_cell`
  std::vector<std::uint64_t> source_rows;
};

/// A file that was read, for provenance.
struct InputFile {
  std::string role;  ///< "responses", "drug table", "cell expression", "predictions of NAME"
  std::string file;  ///< as written in the study
  std::string sha256;
  std::uint64_t bytes = 0;
};

struct Dataset {
  std::string area;
  std::string name;
  std::vector<Entity> entities;
  Matrix<double> targets;  ///< n_samples x n_outputs
  std::string target_name;
  std::vector<std::string> output_names;  ///< n_outputs where there are several (genes)
  /// Of expression profiles (area perturbation): controls, noise, halves; data/profiles.hpp.
  std::shared_ptr<const ProfileData> profiles;
  /// What is known of a sample and not of an entity; code per sample. "cliff" has the levels
  /// "cliff" and "noncliff": metrics are also taken within each level ("rmse_cliff").
  std::vector<LabelBlock> sample_labels;
  std::vector<PairBlock> pairs;
  std::string unit;                       ///< "ln uM", "AUC", "" = not stated
  std::vector<std::uint64_t> source_row;  ///< n_samples: 0-based data row in the input file
  std::uint64_t n_source_rows = 0;        ///< = n_samples + rows left out
  std::vector<LeftOut> left_out;
  std::string sha256;  ///< of all input bytes, in a fixed order
  Diagnostics diagnostics;

  [[nodiscard]] std::size_t n_samples() const noexcept { return targets.rows; }
  [[nodiscard]] std::size_t n_outputs() const noexcept { return targets.cols; }
  [[nodiscard]] double target(std::size_t sample) const noexcept { return targets(sample, 0); }
  [[nodiscard]] const Entity* find_entity(std::string_view entity) const noexcept;
  /// Throws Error{internal} if the area has no such entity.
  [[nodiscard]] const Entity& entity(std::string_view entity) const;
};

}  // namespace cupel

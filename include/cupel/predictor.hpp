#pragma once
/// One interface for baselines, reference models, users' commands and ready-made predictions.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/split.hpp"

namespace cupel {

/// Rung of the information ladder, from knowing nothing to knowing everything.
enum class Rung : std::uint8_t { null, means, identities, constrained, full, model, ceiling };
std::string_view to_string(Rung rung) noexcept;

/// What a predictor may look at: "targets", "drug_id", "cell_id", "tissue", "drug_features",
/// "cell_features", ... An area declares its own words.
using Information = std::set<std::string>;

struct PredictorInfo {
  std::string name;   ///< snake_case, unique in a study
  std::string title;  ///< for people: "Drug mean"
  Rung rung = Rung::null;
  Information sees;
  bool is_model = false;    ///< under audit, as opposed to a baseline
  bool is_oracle = false;   ///< looks at test targets; never a bar, always labelled
  bool trainable = false;   ///< can be refitted by cupel (twins and learning curves need it)
  std::string twin_of;      ///< name of the model whose randomised twin this is, or empty
  std::string description;  ///< one sentence with the formula
  std::string fallback;     ///< what is predicted for unseen levels
  std::string source;       ///< paper or tool, DOI
  std::string parameters;   ///< canonical text of all options; part of the trial's hash
};

struct Prediction {
  std::vector<double> values;  ///< rows x n_outputs, row-major; NaN = no prediction
  Diagnostics diagnostics;     ///< fall-backs used, missing rows, ...
};

struct FitRequest {
  const Dataset& data;
  std::span<const std::uint32_t> train;       ///< sample indices
  std::span<const std::uint32_t> validation;  ///< may be empty
  const Split& split;                         ///< for inner splits by the same unit, and look-ups
  std::uint64_t seed = 0;
};

class Fitted {
 public:
  virtual ~Fitted() = default;
  /// Predicts the given samples. Must not read their targets.
  [[nodiscard]] virtual Prediction predict(const Dataset& data, std::span<const std::uint32_t> rows,
                                           const Context& context) const = 0;
};

class Predictor {
 public:
  virtual ~Predictor() = default;
  [[nodiscard]] virtual const PredictorInfo& info() const noexcept = 0;
  [[nodiscard]] virtual std::unique_ptr<Fitted> fit(const FitRequest& request,
                                                    const Context& context) const = 0;
};

}  // namespace cupel

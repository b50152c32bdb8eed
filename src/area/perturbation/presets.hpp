#pragma once
/// Presets: the metrics of a published tool under its own conventions, by its own names. One file
/// per tool (preset_*.cpp), one line each in the registry (presets.cpp).
#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/finding.hpp"
#include "cupel/matrix.hpp"
#include "io/cells.hpp"
#include "io/matrix_facts.hpp"

namespace cupel::perturbation {

/// Column of predicted cells that says of a file that it holds the test perturbations only.
inline constexpr std::string_view kRoleColumn = "cupel_role";

/// Truth and prediction as files of cells (a predicted profile is a file of one cell).
struct ScoreRequest {
  const CellFile* truth = nullptr;
  const CellFile* predicted = nullptr;
  std::string group_by;
  std::string reference;  ///< label of the control cells in both files
  std::string context;    ///< column; "" = one context
  std::string matrix = "X";
  Scale scale = Scale::unknown;  ///< what the values are; presets say what they need
  CellTransform transform;       ///< on top of what the preset does itself
  std::vector<std::string>
      train;  ///< labels of the training perturbations, where a preset needs them
  /// (label, context) that are scored, context "" = in every context. Empty = all of the truth, or
  /// those with `test` in the prediction's column kRoleColumn, as `cupel baseline` writes it.
  std::set<std::pair<std::string, std::string>> scored;
  std::map<std::string, std::string> options;  ///< of the preset: "panel=...", "seed=0"
  /// For cells in memory at a time; what does not fit is read again. Profiles come on top.
  std::size_t memory_bytes = std::size_t{4} << 30;
};

/// One number; perturbation "" = over all of them, context "" = over all or the only one.
struct ProfileScore {
  std::string perturbation;
  std::string context;
  std::string metric;
  double value = kUndefined;
};

struct PresetMetric {
  std::string name;
  bool higher_is_better = true;
  bool per_perturbation = true;
  double perfect = kUndefined;  ///< value of an exact prediction
  std::string description;      ///< formula and conventions, one or two sentences
};

struct ScoreResult {
  std::vector<ProfileScore> scores;
  std::vector<std::string> conventions;  ///< in words: what was done, what is undefined
  Diagnostics diagnostics;
};

struct Preset {
  std::string name;  ///< "cell-eval"
  std::string title;
  std::string source;   ///< tool, version, DOI
  std::string summary;  ///< one sentence
  std::vector<PresetMetric> metrics;
  std::vector<std::string> option_help;  ///< "KEY: what, default"
  ScoreResult (*function)(const ScoreRequest& request, const Context& context) = nullptr;
};

std::span<const Preset> presets();
/// Throws Error{usage} with the names there are and the nearest one.
const Preset& preset(std::string_view name);

}  // namespace cupel::perturbation

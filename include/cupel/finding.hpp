#pragma once
/// Scores and findings: what the report is made of.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// One line of scores.csv.
struct ScoreRow {
  std::string split;
  std::uint32_t fold = 0;
  std::uint64_t seed = 0;
  std::string predictor;
  std::string metric;
  std::string group_kind;     ///< "all", "drug", "cell", "macro_drug", "macro_cell"
  std::string group;          ///< id of the group; "" for all and macro
  double value = kUndefined;  ///< NaN = undefined, kept
  std::size_t n = 0;          ///< rows (all, drug, cell) or groups with a defined value (macro)
};

enum class Verdict : std::uint8_t { learned, not_shown, worse, cannot_tell };
std::string_view to_string(Verdict verdict) noexcept;  // "learned", "not shown", ...

struct Finding {
  std::string hypothesis;  ///< id of the hypothesis
  std::string predictor;
  std::string against;  ///< the strongest predictor that is blind to the hypothesis
  std::string split;
  std::string metric;
  std::string unit;              ///< resampled unit: "drug", "cell", "drug and cell"
  double estimate = kUndefined;  ///< gain of the predictor over `against`; positive = better
  double low = kUndefined;
  double high = kUndefined;
  double margin = kUndefined;  ///< gain that matters
  double p_value = kUndefined;
  double p_adjusted = kUndefined;  ///< Holm over the contrasts of the study
  double minimum_detectable = kUndefined;
  double share_explained = kUndefined;  ///< share of the skill that `against` reaches
  double share_low = kUndefined;
  double share_high = kUndefined;
  std::size_t n_rows = 0;
  std::size_t n_units = 0;
  Verdict verdict = Verdict::cannot_tell;
  std::string sentence;        ///< the finding in words
  std::string recommendation;  ///< what to do
};

}  // namespace cupel

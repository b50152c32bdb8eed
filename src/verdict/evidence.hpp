#pragma once
/// Resampled statistics of all predictors of a split on the same rows. Comparisons are paired
/// because the draws are shared.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/finding.hpp"
#include "stat/resample.hpp"
#include "study/run.hpp"

namespace cupel {

struct Bounds {
  double low = kUndefined;
  double high = kUndefined;
};
/// BCa interval of the sample; normal around the point where BCa is not reliable.
Bounds interval(const Sample& sample, double confidence);
/// Two-sided p-value of "is zero": the normal tail of point / bootstrap standard error.
double p_value_zero(const Sample& sample);

/// Predictors of a split that are compared on the same rows.
struct EntryGroup {
  std::vector<std::uint8_t> mask;     ///< per row of the split: 1 = all of them have a value
  std::vector<const Entry*> entries;  ///< the baselines, then the models with these rows
};
/// One group per distinct set of rows on which models have predictions; the first one holds all
/// baselines on all the rows that they have in common.
std::vector<EntryGroup> group_entries(const StudyRun& run, const SplitResult& split);

/// Mean of paired samples, draw by draw: of the seeds of one predictor. At least one.
Sample mean_sample(std::span<const Sample* const> samples);

/// What predictors are compared by: a statistic of rows (stat/resample.hpp) or, where targets are
/// vectors, the mean over samples of one of the area's metrics.
struct Measure {
  std::string name;  ///< "rmse", "macro_drug_pearson", "pearson_delta"
  bool higher_is_better = true;
};

/// All predictors that have a value on every row of a set of rows of one split.
struct Evidence {
  const SplitResult* split = nullptr;
  std::string unit;  ///< "drug", "cell", "drug and cell"
  std::size_t n_rows = 0;
  std::size_t n_units = 0;              ///< the smaller number, where two are resampled
  std::vector<std::size_t> predictors;  ///< indices into StudyRun::predictors
  std::vector<Measure> measures;
  std::vector<std::vector<Sample>> values;  ///< [measure][position in predictors]

  /// nullptr if the predictor or the measure is not there.
  [[nodiscard]] const Sample* find(std::string_view measure, std::size_t predictor) const;
  [[nodiscard]] bool holds(std::size_t predictor) const;
};

/// The measure that a metric or hypothesis names, with the names of the data's entities; nothing if
/// it cannot be resampled.
std::optional<Measure> find_measure(std::string_view name, const StudyRun& run);
/// All of them.
std::vector<Measure> measures_of(const StudyRun& run);

/// What is resampled on a split: what it is blind to, or what the study says.
ResampleUnit choose_unit(const StudyRun& run, const SplitResult& split);

/// For every split one Evidence per distinct set of rows on which models have predictions; the
/// first one of a split holds all baselines on all its rows. Draws are shared within one.
std::vector<Evidence> gather_evidence(const StudyRun& run, const Context& context);

}  // namespace cupel

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

/// All predictors that have a value on every row of a set of rows of one split.
struct Evidence {
  const SplitResult* split = nullptr;
  std::string unit;  ///< "drug", "cell", "drug and cell"
  std::size_t n_rows = 0;
  std::size_t n_units = 0;              ///< the smaller number, where two are resampled
  std::vector<std::size_t> predictors;  ///< indices into StudyRun::predictors
  std::vector<Statistic> statistics;
  std::vector<std::vector<Sample>> values;  ///< [statistic][position in predictors]

  /// nullptr if the predictor or the statistic is not there.
  [[nodiscard]] const Sample* find(Statistic statistic, std::size_t predictor) const;
};

/// The statistic that a metric or hypothesis names ("rmse", "macro_drug_pearson"), with the names
/// of the data's entities; nothing if it cannot be resampled.
std::optional<Statistic> find_statistic(std::string_view name, const Dataset& data);
std::string statistic_name(Statistic statistic, const Dataset& data);

/// For every split one Evidence per distinct set of rows on which models have predictions; the
/// first one of a split holds all baselines on all its rows. Draws are shared within one.
std::vector<Evidence> gather_evidence(const StudyRun& run, const Context& context);

}  // namespace cupel

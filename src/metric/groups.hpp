#pragma once
/// Metrics within groups (per drug, per cell line), after removing known group effects, and on a
/// binarised response.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "metric/metric.hpp"

namespace cupel {

struct GroupScore {
  std::uint32_t group = 0;
  double value = 0.0;  ///< NaN = undefined
  std::size_t n = 0;   ///< rows of the group
};

struct GroupOptions {
  std::size_t min_rows = 2;  ///< smaller groups are undefined (NaN); Heo et al. 2026 use 5
};

/// Value of the metric in each group that has at least one row, by ascending code. Rows whose code
/// is >= n_groups (for example LabelBlock::kUnknown) belong to no group. O(n log n).
std::vector<GroupScore> evaluate_groups(std::string_view metric_name, std::span<const double> truth,
                                        std::span<const double> prediction,
                                        std::span<const std::uint32_t> groups, std::size_t n_groups,
                                        const GroupOptions& options = {});

/// Unweighted means over groups. Published code differs on groups without a value: drevalpy counts
/// a constant prediction as 0, Branson et al. leave the group out. Both are given, with counts.
struct Macro {
  double mean_defined = 0.0;      ///< mean over groups with a value; NaN if there is none
  double mean_zero_filled = 0.0;  ///< undefined groups count as 0; NaN if there is no group
  std::size_t n_groups = 0;
  std::size_t n_undefined = 0;
};
Macro macro_average(std::span<const GroupScore> scores);

/// Mean of the values in each group; NaN for a group without rows. Codes >= n_groups are skipped.
std::vector<double> group_means(std::span<const double> values,
                                std::span<const std::uint32_t> groups, std::size_t n_groups);

/// values - reference, row by row; a difference that is only rounding (<= 8 ulp of the larger one)
/// is 0 exactly, so that a predictor equal to the reference has a constant residual, not noise.
std::vector<double> remove_reference(std::span<const double> values,
                                     std::span<const double> reference);
/// values - means[group]; `fallback` is subtracted where the group has no mean.
std::vector<double> remove_group_means(std::span<const double> values,
                                       std::span<const std::uint32_t> groups,
                                       std::span<const double> means, double fallback);
/// drevalpy's "normalised" metric: the metric of (truth - reference, prediction - reference), where
/// `reference` is what a mean-effects baseline fitted on the training rows predicts for each row.
double evaluate_normalised(std::string_view metric_name, std::span<const double> truth,
                           std::span<const double> prediction, std::span<const double> reference);

/// A cut-off per drug: a response strictly below it is "sensitive". NaN = the drug has no training
/// response. All rules look at training responses only, and take rows in any order.
std::vector<double> median_cutoffs(std::span<const double> train_values,
                                   std::span<const std::uint32_t> train_drugs, std::size_t n_drugs);
/// The waterfall rule of Barretina et al. 2012 (doi:10.1038/nature11003, supplement), as
/// PharmacoGx's callingWaterfall reads it: sort the responses; where they lie on a line (Pearson of
/// value and rank > 0.95) take the median, else the point farthest from the line through the two
/// extremes. Fewer than 3 responses: the median.
std::vector<double> waterfall_cutoffs(std::span<const double> train_values,
                                      std::span<const std::uint32_t> train_drugs,
                                      std::size_t n_drugs);
std::vector<double> fixed_cutoffs(double threshold, std::size_t n_drugs);

/// Rows as a classification task. Rows whose drug has no cut-off are left out and counted.
struct Binarised {
  std::vector<std::uint32_t> rows;  ///< rows kept
  std::vector<double> labels;       ///< per kept row: 1 = truth < cut-off (sensitive)
  std::vector<double> score;        ///< -prediction: ranks sensitive rows first, for auroc, auprc
  std::vector<double> margin;       ///< cut-off - prediction: > 0 = called sensitive, for mcc
  std::size_t n_without_cutoff = 0;
};
Binarised binarise(std::span<const double> truth, std::span<const double> prediction,
                   std::span<const std::uint32_t> drugs, std::span<const double> cutoffs);

}  // namespace cupel

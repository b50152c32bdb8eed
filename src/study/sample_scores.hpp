#pragma once
/// Where the target of a sample is a vector (an expression profile): every predictor's metrics of
/// every test sample, which scores, intervals and verdicts are means of.
///
/// A metric may be undefined for a sample: for everybody (a context with one test sample has
/// nothing to discriminate), or for one predictor (no change has no direction). Neither is ever
/// taken for a number.
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/finding.hpp"
#include "study/run.hpp"

namespace cupel {

/// The area scores samples by its own metrics.
bool has_vector_targets(const StudyRun& run) noexcept;

/// Index into Area::sample_metrics(); nothing if there is no such metric.
std::optional<std::size_t> find_sample_metric(const Area& area, std::string_view name);

/// Fills Entry::metrics of all splits.
void score_samples(StudyRun& run, const Context& context);

/// The primary metric of predictions for the test rows of one fold: mean over the samples for which
/// it is defined; NaN if there is none.
double mean_primary(const StudyRun& run, const Split& fold, std::span<const double> prediction);
/// The same per test row, in row order.
std::vector<double> primary_of_rows(const StudyRun& run, const Split& fold,
                                    std::span<const double> prediction);

/// "A" or, where the data have several contexts, "A @ K562".
std::string sample_name(const Dataset& data, std::uint32_t sample);

/// Rows of scores.csv: per fold the mean of every metric ("all", n = samples for which it is
/// defined), per level of the second entity where it has several, and per sample (group_kind = the
/// first entity's name, group = `sample_name`).
std::vector<ScoreRow> sample_score_rows(const StudyRun& run);

}  // namespace cupel

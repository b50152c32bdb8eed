#pragma once
/// Evidence where targets are vectors: means over samples of the area's metrics, resampled over
/// what the samples are about, with the same draws for all predictors and metrics.
///
/// A metric counts on the rows for which at least one predictor has a value. A predictor without a
/// value on one of them has no mean (NaN): it is shown as undefined, and is never a bar. Where the
/// split is blind to contexts, but the test rows hold fewer than five of them, perturbations are
/// resampled: the contexts are then given, and nothing is said about others.
#include <cstdint>
#include <vector>

#include "verdict/evidence.hpp"

namespace cupel {

/// Test rows that hold fewer levels than this are not resampled over them.
inline constexpr std::size_t kFewestResampledLevels = 5;

/// Rows that count for an entry: those with a prediction and, of a model, a primary metric; all
/// with a prediction where the metric is defined for none.
std::vector<std::uint8_t> sample_mask(const StudyRun& run, const SplitResult& split,
                                      const Entry& entry);

Evidence sample_evidence(const StudyRun& run, const SplitResult& split,
                         const std::vector<std::uint8_t>& mask,
                         const std::vector<const Entry*>& entries, const Context& context);

}  // namespace cupel

#pragma once
/// From evidence to findings: which contrast tests which hypothesis, and what it shows.
///
/// The bar of a hypothesis is the strongest baseline that is blind to it, on the same rows. The
/// gain over the bar is positive when the model is better; it is judged against a margin that
/// matters, with Holm's correction over all contrasts of the study:
///   worse        the gain is negative beyond doubt, and the loss more than the margin
///   learned      the gain is positive beyond doubt, and larger than the margin
///   not shown    any gain is smaller than the margin, or the interval excludes a gain that matters
///   cannot tell  the interval holds both no gain and a gain that matters; or the gain would matter
///                but is not beyond doubt once all contrasts are counted; or no split tests it
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "area/area.hpp"
#include "cupel/finding.hpp"
#include "verdict/evidence.hpp"

namespace cupel {

/// The rule above, by itself. `margin` >= 0; NaN in any argument gives cannot_tell.
Verdict decide(double estimate, double low, double high, double p_adjusted, double margin,
               double confidence);

/// The model looks at something that the hypothesis is about (or does not say what it looks at):
/// only then can a gain over the bar be that.
bool may_learn(const PredictorInfo& model, const Hypothesis& hypothesis);

/// A baseline that may be the bar of the hypothesis: it sees nothing of what the hypothesis is
/// about, stands on no higher rung, and is no oracle.
bool is_blind(const PredictorInfo& info, const Hypothesis& hypothesis);

/// The split is blind to what the hypothesis needs, or mixed where it needs that.
bool tests(const Hypothesis& hypothesis, const SplitResult& split);

/// The gain that matters against a bar with this value of the metric: absolute, or as a share of
/// the bar's error; of a score, a share of what is missing to 1.
double margin_of(const MarginSpec& margin, bool higher_is_better, double bar);

/// What to do about a hypothesis that is not shown against a bar with this title.
std::string advice_if_not_shown(const Hypothesis& hypothesis, std::string_view bar);

/// The finding's gain is small either way: two one-sided tests, by the 1 - 2 alpha interval of the
/// same draws within +-margin. False where the evidence does not hold both predictors.
bool is_equivalent(const StudyRun& run, std::span<const Evidence> evidence, const Finding& finding);

/// One finding per model, hypothesis and split that tests it (and one that says what is missing
/// where none does); hypotheses about pairs are pair_scores.hpp's. `protocol` may overrule: a score
/// better than the measurement's noise shows nothing.
std::vector<Finding> judge(const StudyRun& run, const std::vector<Evidence>& evidence,
                           std::span<const ProtocolNote> protocol);

}  // namespace cupel

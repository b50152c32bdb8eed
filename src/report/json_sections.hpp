#pragma once
/// The sections of report.json; the contract is web/src/report_types.ts. Included by .cpp files of
/// src/report only, which all include nlohmann's forward header through here.
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/results.hpp"
#include "report/text.hpp"

namespace cupel::detail {

using Json = nlohmann::ordered_json;

Json data_section(const AuditResults& results);
Json diagnostics_section(const AuditResults& results);
Json splits_section(const AuditResults& results);
Json predictors_section(const AuditResults& results);
Json metrics_section(const AuditResults& results);
Json protocol_section(const AuditResults& results);

Json scores_section(const AuditResults& results);
Json groups_section(const AuditResults& results);
Json ladders_section(const AuditResults& results);
Json rankings_section(const AuditResults& results);
Json corrected_tests_section(const AuditResults& results);
/// Repeated cross-validation of one task: all contestants over all folds.
Json multiple_comparison_section(const AuditResults& results);

Json twins_section(const AuditResults& results);
Json curves_section(const AuditResults& results, const Context& context);

/// null where no split has tasks, or the data have no pairs.
Json tasks_section(const AuditResults& results);
Json pairs_section(const AuditResults& results);
Json distances_section(const AuditResults& results);
/// What the area adds, split by split.
Json area_sections(const AuditResults& results);

Json summary_section(const AuditResults& results, const Summary& summary);
Json findings_section(const AuditResults& results);
/// What findings_section wrote; null becomes NaN.
std::vector<Finding> read_findings(const Json& section);
Json hypotheses_section(const AuditResults& results);
Json explanations_section(const AuditResults& results);
Json methods_section(const AuditResults& results);

/// The primary metric of every predictor on every fold of the split, seeds averaged; published ones
/// too.
using FoldValues = std::map<std::string, std::vector<double>>;
FoldValues fold_values(const AuditResults& results, const SplitResult& split);
/// Models, and of the baselines the best of each rung, as far as they have a value on every fold.
std::vector<std::string> contestants(const AuditResults& results, const FoldValues& values);
/// The folds are about tasks of their own.
bool has_tasks(const SplitResult& split);
bool higher_is_better_of(const StudyRun& run, const std::string& metric);

/// To seven significant digits, for long columns; scores.csv has all digits. NaN becomes null.
double shortened(double value);
Json shortened(const std::vector<double>& values);

/// The first evidence of the split that holds the predictor: a baseline's is on all rows, a
/// model's on the rows it predicts; nullptr if there is none.
const Evidence* evidence_of(const AuditResults& results, const std::string& split,
                            std::size_t predictor);

/// True if nearly every sample has a level of the entity to itself: nothing can be computed within
/// its levels, and "between its levels" is all there is.
bool is_one_per_sample(const Dataset& data, const Entity& entity);

}  // namespace cupel::detail

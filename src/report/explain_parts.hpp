#pragma once
/// What the explanations are put together from; each adds what its data and results call for.
#include <vector>

#include "report/text.hpp"

namespace cupel::detail {

/// Drugs and cell lines: what the means of either explain.
void explain_response(const AuditResults& results, std::vector<Explanation>& all);
/// Folds that are tasks: why errors are averaged over them.
void explain_tasks(const AuditResults& results, std::vector<Explanation>& all);
/// Why a split with near neighbours in training asks for interpolation.
void explain_distances(const AuditResults& results, std::vector<Explanation>& all);
/// What a cliff is, and what copying neighbours does there.
void explain_pairs(const AuditResults& results, std::vector<Explanation>& all);
/// What scores without predictions can and cannot show.
void explain_published(const AuditResults& results, std::vector<Explanation>& all);

}  // namespace cupel::detail

#pragma once
/// What is known of a sample and not of its ligand: whether it is on an activity cliff of its
/// assay, and whether its value is a limit.
#include "area/potency/rows.hpp"
#include "area/potency/samples.hpp"
#include "cupel/context.hpp"
#include "cupel/study.hpp"

namespace cupel::potency {

/// Sample label "censored" (levels censored, exact) if any value is a limit.
void add_censored(Dataset& data, const Rows& rows);

/// Sample label "cliff" (levels cliff, noncliff): of the column if one is named, else of the rule.
/// Pairs "cliff": of the rule, within each assay. With both, compounds on which they disagree are
/// counted (cliff_column_differs). Throws Error{input} for a column that is missing or not 0/1,
/// Error{usage} for an unknown rule.
void add_cliffs(Dataset& data, const Rows& rows, const CliffSpec& spec, const SampleTable& samples,
                const Context& context);

}  // namespace cupel::potency

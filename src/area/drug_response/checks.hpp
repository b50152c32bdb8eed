#pragma once
/// Checks of the loaded responses that need no other table.
#include <span>
#include <string>

#include "cupel/dataset.hpp"

namespace cupel::detail {

/// Compares the range of the target with what its stated unit allows, and says what it looks like:
/// ln IC50 in uM lies within about -12 to 15 with a median between -3 and 7; natural logs of nM are
/// 6.9 higher, of mol/l 13.8 lower; log10 values have less than half the spread; AUC and squashed
/// responses lie between 0 and 1; raw concentrations are positive and skewed. A heuristic: it only
/// warns, with the numbers it saw. Fewer than 50 values: nothing is said.
void check_unit(std::span<const double> target, const std::string& unit, Diagnostics& diagnostics);

/// Notes replicated pairs, copied rows and replicates that disagree by more than twice the
/// standard deviation of the whole target.
void check_replicates(Dataset& data);

/// One drug, one cell line, a constant target: what cannot be judged then.
/// Throws Error{input} for no sample or a constant target.
void check_shape(Dataset& data, const std::string& file);

}  // namespace cupel::detail

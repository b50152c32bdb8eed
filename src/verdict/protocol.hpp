#pragma once
/// Protocol checks: faults of evaluation that can be seen in predictions, targets and claims.
/// Each check is named by its code and says what was seen, never what was meant:
///   swapped_r2            the printed R2 equals r2(prediction, truth), the swapped arguments
///   claim_reproduced, claim_is_one_fold, claim_differs
///   selected_on_test      epoch or settings chosen on the test fold (declared, or several epochs
///   given) rescaled_predictions  predictions on another scale than the targets (squashed,
///   z-scored, log10) better_than_noise     error below what repeated measurements allow
///   copied_test_rows      more near-exact predictions than the noise allows
///   missing_predictions   rows without a prediction
///   normalised_targets    targets standardised per group over all rows, test rows included
///   normalised_features   features standardised over all entities, test entities included
///   few_units             too few drugs or lines for an interval to mean much
///   constant_predictions  the same value for every row, or for every row of each drug
#include <vector>

#include "area/area.hpp"
#include "study/run.hpp"
#include "verdict/noise.hpp"

namespace cupel {

std::vector<ProtocolNote> check_protocol(const StudyRun& run, const Noise& noise);

}  // namespace cupel

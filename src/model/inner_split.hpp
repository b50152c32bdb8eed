#pragma once
/// Rows on which a learner tunes itself, drawn by the same unit as the split it will be judged on
/// (split/inner.hpp): pairs for a mixed split, whole entities for a blind one.
#include <cstdint>
#include <vector>

#include "cupel/predictor.hpp"

namespace cupel {

struct InnerSplit {
  std::vector<std::uint32_t> fit;   ///< sample indices
  std::vector<std::uint32_t> tune;  ///< may be empty: too little data to tune on
  bool from_validation = false;     ///< `tune` is the split's own validation set
};

/// Takes the validation rows where there are any and they are unseen in the same way as the test
/// rows (none of their units is in training); else holds out `share` of the training rows by
/// hold_out_units, which never cuts replicates of a pair apart. Blind to two entities: rows of
/// held-out and kept units mixed are in neither list, and twice the share of each is held out.
/// Deterministic in request.seed, not in the order of the rows of a unit.
InnerSplit inner_split(const FitRequest& request, double share = 0.1);

}  // namespace cupel

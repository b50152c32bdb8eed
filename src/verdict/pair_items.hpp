#pragma once
/// The rows and pairs of a split as items of stat/unit_means.hpp, a fold per segment.
#include <cstdint>
#include <optional>
#include <vector>

#include "cupel/dataset.hpp"
#include "stat/unit_means.hpp"
#include "study/run.hpp"
#include "verdict/evidence.hpp"

namespace cupel::detail {

struct PairItems {
  UnitItems cliff;     ///< rows of compounds in a pair; squared errors
  UnitItems noncliff;  ///< the other rows
  /// Pairs within the test set of a fold: 1 = the larger is predicted larger, 1/2 = equal
  /// predictions. An item is about both compounds.
  UnitItems sign;
  /// Pairs of a test and a training compound, whose value is known. An item is about the test
  /// compound: what was trained on is given, here as everywhere.
  UnitItems sign_to_train;
  std::size_t n_rows = 0;
  std::size_t n_units = 0;  ///< of the first entity, over all rows
};

/// Rows on which all entries of the group have a value. A row counts as "in a pair" by the samples'
/// label of the block's name (level of the block's name), where there is one; else by the pairs.
PairItems make_pair_items(const StudyRun& run, const SplitResult& split, const EntryGroup& group,
                          const PairBlock& block);

/// Per sample: its position in the split's rows as a test row of the fold.
std::vector<std::optional<std::size_t>> positions_in_fold(const Dataset& data,
                                                          const SplitResult& split,
                                                          std::size_t fold);

}  // namespace cupel::detail

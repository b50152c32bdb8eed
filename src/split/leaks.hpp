#pragma once
/// What leaks from training to test in a split, whoever made it.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/split.hpp"

namespace cupel {

struct Leak {
  /// `pair_on_both_sides`: a (drug, cell line) pair is tested and trained on (replicates cut
  /// apart); `copied_row_on_both_sides`: the same with the same value; `compound_on_both_sides`: in
  /// a split blind to drugs by id, a tested compound is trained on under another id; `not_blind`:
  /// the scheme promises units that training has not seen, but test rows share them.
  std::string code;
  Severity severity = Severity::serious;
  std::string sentence;
  std::size_t n_test_rows = 0;        ///< test rows touched
  std::vector<std::string> evidence;  ///< the first Diagnostics::kMaxExamples
};

/// Training means training and validation rows. `compound_of_drug` as in SplitSources; empty = the
/// compound check is not made. O(rows log rows).
std::vector<Leak> find_leaks(const Dataset& data, const Split& split,
                             std::span<const std::uint32_t> compound_of_drug);

}  // namespace cupel

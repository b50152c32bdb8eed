#pragma once
/// `cupel split pairs ROWS`: rows about two entities at once (ligand and protein, drug and cell
/// line), so that neither side of a test row is similar to training.
#include "split_items.hpp"

namespace cupel::cli {

/// Declares the flags that only this method has. Of the others it uses those in `shared`.
struct PairSplitShared {
  double test = 0.2;
  double tolerance = 0.05;
  std::uint32_t clusters = 0;
  std::uint32_t starts = 0;
  std::string weight;
};
using RunPairSplit =
    std::function<int(const ItemSplitCall& call, const PairSplitShared& shared, Session& session)>;
RunPairSplit define_split_pairs(Arguments& arguments);

}  // namespace cupel::cli

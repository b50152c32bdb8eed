#pragma once
/// What a test set of molecules has in common with its training set: the numbers that say how much
/// of a score looking molecules up can explain.
#include <cstdint>
#include <span>
#include <string>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/overlap.hpp"
#include "cupel/split.hpp"

namespace cupel::potency {

/// Over the distinct test ligands of all folds, each against the training and validation ligands of
/// its own fold. NaN: the data do not have what it takes (fingerprints, labels).
struct SplitFacts {
  std::size_t n_test = 0;
  double nearest_mean = OverlapProfile::kNone;    ///< Tanimoto to the nearest training ligand
  double nearest_median = OverlapProfile::kNone;  ///< of the folds' medians, their mean
  double share_near = OverlapProfile::kNone;      ///< have one of at least kNear
  double share_copy = OverlapProfile::kNone;      ///< have one of exactly 1
  double share_ligand = 0.0;                      ///< the ligand itself is in training
  double share_parent = OverlapProfile::kNone;    ///< ... one of the same parent
  double share_scaffold = OverlapProfile::kNone;  ///< ... one of the same scaffold
  static constexpr double kNear = 0.4;
};

SplitFacts measure_split(const Dataset& data, std::span<const Split> folds, const Context& context);

/// One line: "nearest training molecule: Tanimoto 0.79 on average, ...".
std::string facts_words(const SplitFacts& facts);

}  // namespace cupel::potency

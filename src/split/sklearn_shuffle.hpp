#pragma once
/// scikit-learn's random splits for an integer random_state, row by row and in its order.
///
/// Both are what `check_random_state(seed)`, i.e. numpy's RandomState, gives: repeat r goes on with
/// the random numbers where repeat r - 1 stopped. Checked against scikit-learn 1.x bit for bit
/// (tests/golden/split/make_molecule_splits.py).
#include <cstdint>
#include <span>
#include <vector>

#include "split/python_random.hpp"

namespace cupel {

struct SklearnShuffleOptions {
  std::uint32_t n_splits = 1;
  double test_size = 0.2;  ///< test rows: ceil(test_size * n); training gets the others
  std::uint32_t seed = 0;
};

/// ShuffleSplit(n_splits, test_size=.., random_state=seed).split(range(n)). Throws Error{input} if
/// a side would be empty.
std::vector<SklearnSplit> sklearn_shuffle_split(std::uint32_t n,
                                                const SklearnShuffleOptions& options);

/// StratifiedShuffleSplit(...).split(X, label); train_test_split(.., stratify=label) is its first
/// split. Classes are any numbers, in ascending order. Throws Error{input} where scikit-learn
/// does: a class with one member, or fewer test or training rows than classes.
std::vector<SklearnSplit> sklearn_stratified_shuffle_split(std::span<const std::uint32_t> label,
                                                           const SklearnShuffleOptions& options);

}  // namespace cupel

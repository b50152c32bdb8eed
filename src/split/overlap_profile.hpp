#pragma once
/// How much of a test set is already known from training, measured exactly on every test x training
/// pair.
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/overlap.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

/// Equal bins of `OverlapProfile::nearest_histogram` over [0, 1]; the last is closed, values
/// outside count in the first or last bin.
inline constexpr std::size_t kNearestBins = 50;

/// Per test item, in the order of the test items.
struct TestOverlap {
  std::vector<double> nearest;              ///< similarity of the most similar training item
  std::vector<std::uint32_t> nearest_item;  ///< that item (as numbered by the similarity); the
                                            ///< first of the training list on ties
  std::vector<double> pair_sum;             ///< over all training items, added in their order
};

/// `test` and `train` number the items of a symmetric similarity (or its rows and columns). No
/// training items: nearest is NaN. O(test x items of the similarity) values.
TestOverlap measure_test_items(const Similarity& similarity, std::span<const std::uint32_t> train,
                               std::span<const std::uint32_t> test, const Context& context);

/// The same for all rows (test) and columns (training) of a rectangular similarity, tile by tile.
TestOverlap measure_test_items(const Similarity& test_by_train, const Context& context);

/// Quantiles interpolate linearly, as numpy's. Everything is NaN if a side is empty.
OverlapProfile summarise_overlap(const TestOverlap& items, std::size_t n_train, double threshold);

/// Symmetric similarity, disjoint lists of items. `threshold` NaN: no share_with_neighbour.
/// Throws Error{internal} if an item is on both sides.
OverlapProfile measure_overlap(const Similarity& similarity, std::span<const std::uint32_t> train,
                               std::span<const std::uint32_t> test, double threshold,
                               const Context& context);

/// Rows are the test items, columns the training items.
OverlapProfile measure_overlap(const Similarity& test_by_train, double threshold,
                               const Context& context);

}  // namespace cupel

#pragma once
/// Parts along an order (time, target, distance) and parts with even labels.
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "similarity/similarity.hpp"
#include "split/item_parts.hpp"

namespace cupel {

/// Items by rising value, cut into the parts in order: the earliest (lowest) are part 0, the last
/// part (test) has the latest (highest). Equal values are never cut apart; items of unknown value
/// (NaN) are left out ("no_value"). Used for time and for the target property.
ItemParts split_sorted(std::span<const double> values, const PartRequest& request,
                       const ItemTraits& traits);

/// Class per item: equal-count bins of the values, for stratification; equal values share a bin.
/// NaN is a class of its own.
std::vector<std::uint32_t> quantile_labels(std::span<const double> values, std::size_t n_bins);

/// Iterative stratification (Sechidis et al. 2011, doi:10.1007/978-3-642-23808-6_10) of 0/1 labels
/// (items x labels; anything but 1 is not the label): always the rarest label left, its items one
/// by one to the part that lacks it most, then the one that lacks items most, then at random.
/// Weights play no role.
ItemParts split_multilabel(const Matrix<double>& labels, const PartRequest& request,
                           std::uint64_t seed);

/// Test items (the last part, then validation if asked for) at the rim: the two least similar items
/// of those left, again and again (splito's perimeter split). Extrapolation; nothing is promised
/// about pairs. O(n^2 log n), 16 n^2 bytes.
ItemParts split_perimeter(const Similarity& similarity, const PartRequest& request,
                          const ItemTraits& traits, const Context& context);

/// Two poles, the least similar pair: items by (similarity to the second) - (similarity to the
/// first); those that lean most to the second are the test items. O(n^2).
ItemParts split_max_dissimilarity(const Similarity& similarity, const PartRequest& request,
                                  const ItemTraits& traits, const Context& context);

/// Test is a diverse cover of the data (MaxMin): a random item, then always the one whose highest
/// similarity to those chosen is lowest; validation goes on from there. Test items are far from
/// each other, not from training: a hard test of coverage, not of novelty. O(n x test).
ItemParts split_maxmin(const Similarity& similarity, const PartRequest& request,
                       const ItemTraits& traits, std::uint64_t seed, const Context& context);

/// Training is the cover (Kennard & Stone 1969, doi:10.1080/00401706.1969.10490666): the two least
/// similar items, then always the one whose highest similarity to those chosen is lowest, until the
/// share of training is full; validation goes on from there, the rest is the test set. A test of
/// interpolation: every test item lies inside. Nothing is random. O(n^2).
ItemParts split_kennard_stone(const Similarity& similarity, const PartRequest& request,
                              const ItemTraits& traits, const Context& context);

}  // namespace cupel

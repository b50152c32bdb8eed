#pragma once
/// Groups of items (scaffolds) filled into training, validation and test one after another, by the
/// two conventions that are in use. No group is cut.
///
/// The group numbers are the order in which they are first met. Parts are those of
/// `role_request`; their sizes may be far from the shares where a group is large: both tools let
/// them, and so do these (a part may stay empty).
#include <cstdint>
#include <span>

#include "split/item_parts.hpp"

namespace cupel {

/// DeepChem's ScaffoldSplitter (Wu et al. 2018, doi:10.1039/C7SC02664A): groups by falling size,
/// then by *falling* first item (it sorts by the pair, in reverse); a group goes to training unless
/// that would exceed its share of the weight, else to validation unless training and validation
/// would exceed theirs, else to test. Later small groups still fill training up. Nothing is random.
ItemParts split_scaffold(std::span<const std::uint32_t> group_of_item, std::size_t n_groups,
                         const PartRequest& request, const ItemTraits& traits);

/// chemprop's scaffold_balanced (Yang et al. 2019, doi:10.1021/acs.jcim.9b00237): groups above half
/// of the validation or of the test share first, then all others, both in the order of CPython's
/// `random.seed(seed); random.shuffle(big); random.shuffle(small)`; a group goes to training if it
/// fits there, else to validation if it fits there, else to test. Without a validation part,
/// "above half" means the test alone. Seeds from 2^32 on are taken modulo 2^32.
ItemParts split_scaffold_balanced(std::span<const std::uint32_t> group_of_item,
                                  std::size_t n_groups, const PartRequest& request,
                                  const ItemTraits& traits, std::uint64_t seed);

/// The heaviest group (rank 0), the next (rank 1), ... is the test set; ties: first met first.
/// `request` has no validation part. Throws Error{input} if there are fewer groups.
ItemParts split_largest_group(std::span<const std::uint32_t> group_of_item, std::size_t n_groups,
                              const ItemTraits& traits, std::size_t rank);

}  // namespace cupel

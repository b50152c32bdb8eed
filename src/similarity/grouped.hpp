#pragma once
/// Groups of items as items: what is alike in any of its members is alike.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "similarity/similarity.hpp"

namespace cupel {

/// Similarity of two groups = the highest between a member of the one and a member of the other
/// (single linkage). `members` holds, per group, items of the symmetric similarity, at least one
/// each.
std::unique_ptr<Similarity> group_items(std::unique_ptr<Similarity> similarity,
                                        std::vector<std::vector<std::uint32_t>> members);

}  // namespace cupel

#pragma once
/// Feature blocks of an entity, reduced to principal components that are fitted on the training
/// entities only, side by side in one table.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"

namespace cupel {

struct EntityFeatures {
  Matrix<float> table;            ///< n_ids x columns
  std::vector<std::uint8_t> has;  ///< per id: 1 = at least one of the blocks is there
};

/// `n_components` per block at most. Every training entity counts once, whatever its number of
/// rows. An absent block of an entity is set to the training mean (0 after centring); where blocks
/// are absent from some entities and not from others, a column tells (1 = absent).
EntityFeatures entity_components(const Entity& entity, std::span<const std::string> blocks,
                                 std::span<const std::uint32_t> training_samples,
                                 std::size_t n_components, std::uint64_t seed);

}  // namespace cupel

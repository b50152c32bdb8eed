#pragma once
/// The similarities of sequences and of mutation sets, for the registry.
#include <span>

#include "similarity/kinds.hpp"

namespace cupel {

std::span<const SimilarityKind> sequence_kinds();

}  // namespace cupel

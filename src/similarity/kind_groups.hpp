#pragma once
/// The groups of which the registry of similarities is made.
#include <span>

#include "similarity/kinds.hpp"

namespace cupel {

std::span<const SimilarityKind> fingerprint_kinds();
std::span<const SimilarityKind> vector_kinds();

}  // namespace cupel

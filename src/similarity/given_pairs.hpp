#pragma once
/// A similarity that was given as a list of pairs; every other pair is 0, an item with itself 1.
#include <memory>

#include "similarity/items.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

/// `items.pairs`: row < col, each once, by row, then column. Keeps a copy: 24 bytes a pair.
std::unique_ptr<Similarity> pairs_similarity(const Items& items);

}  // namespace cupel

#pragma once
/// The tile engine: visits all pairs of a Similarity once, in parallel, and feeds a sink. Results
/// are the same for any number of threads.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

/// Pairs with value >= threshold, by row, then column; row < col for a symmetric similarity.
std::vector<Hit> pairs_at_least(const Similarity& similarity, double threshold,
                                const Context& context);

/// The same, block of rows after block of rows in order, without keeping them.
void for_pairs_at_least(const Similarity& similarity, double threshold, const Context& context,
                        const std::function<void(const std::vector<Hit>&)>& take);

struct Nearest {
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;  ///< there is no other item
  std::uint32_t col = kNone;
  double value = 0.0;
};
/// The most similar column of every row (not itself, for a symmetric similarity); the lowest column
/// on ties.
std::vector<Nearest> nearest(const Similarity& similarity, const Context& context);

/// The k most similar columns of every row, best first, ties by column; fewer if there are fewer.
std::vector<std::vector<Nearest>> top_k(const Similarity& similarity, std::size_t k,
                                        const Context& context);

/// Counts of values per bin: bin b holds [low + b * width, low + (b + 1) * width), the ends are
/// closed in the last bin; values outside go to the first or last bin.
struct SimilarityHistogram {
  double low = 0.0;
  double high = 1.0;
  std::vector<std::uint64_t> counts;
  double sum = 0.0;  ///< of all values, added in a fixed order
  std::uint64_t n_pairs = 0;
};
SimilarityHistogram histogram(const Similarity& similarity, std::size_t n_bins, double low,
                              double high, const Context& context);

}  // namespace cupel

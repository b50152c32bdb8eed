#pragma once
/// The tile engine: visits all pairs of a Similarity in parallel, tile by tile, and feeds a sink.
///
/// Results are the same for any number of threads. Every function reports progress by blocks of
/// rows and stops at a tile when it is cancelled. Memory beside the result: a tile per thread, and
/// where pairs are handed over a window of blocks, 256 MiB or one block per thread (rows of a tile
/// x columns x 16 bytes, if every pair is a hit), whichever is more.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/memory.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

/// Pairs with value >= threshold, by row, then column; row < col for a symmetric similarity.
/// Throws Error{input} before it starts if they are expected not to fit (16 bytes a pair).
std::vector<Hit> pairs_at_least(const Similarity& similarity, double threshold,
                                const Context& context, const MemoryLimit& memory = {});

/// The same, block of rows after block of rows in order, without keeping them. `take` is called on
/// the calling thread.
void for_pairs_at_least(const Similarity& similarity, double threshold, const Context& context,
                        const std::function<void(const std::vector<Hit>&)>& take);

/// How many pairs pairs_at_least would give.
std::uint64_t count_pairs_at_least(const Similarity& similarity, double threshold,
                                   const Context& context);

struct Nearest {
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;  ///< there is no other item
  std::uint32_t col = kNone;
  double value = 0.0;
};
/// The most similar column of every row (not itself, for a symmetric similarity); the lowest column
/// on ties. A symmetric similarity is computed once per pair, unless it can screen: then every row
/// is screened against its best so far.
std::vector<Nearest> nearest(const Similarity& similarity, const Context& context);

/// The k most similar columns of every row, best first, ties by column; fewer if there are fewer.
/// Throws Error{input} if they do not fit (16 bytes an entry).
std::vector<std::vector<Nearest>> top_k(const Similarity& similarity, std::size_t k,
                                        const Context& context, const MemoryLimit& memory = {});

/// Counts of values per bin: bin b holds [low + b * width, low + (b + 1) * width), the ends are
/// closed in the last bin; values outside go to the first or last bin.
struct SimilarityHistogram {
  double low = 0.0;
  double high = 1.0;
  std::vector<std::uint64_t> counts;
  double sum = 0.0;  ///< of all values, added in a fixed order
  std::uint64_t n_pairs = 0;
};
/// Throws Error{usage} without bins or if low >= high.
SimilarityHistogram histogram(const Similarity& similarity, std::size_t n_bins, double low,
                              double high, const Context& context);

}  // namespace cupel

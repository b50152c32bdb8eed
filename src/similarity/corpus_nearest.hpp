#pragma once
/// The most similar text of a corpus for every item of a data set: how near the items are to what a
/// model was pre-trained on. The corpus is streamed in batches, so it may be larger than memory;
/// every item x text pair is compared, by the same kernels as elsewhere, so the result is exact.
/// Memory: the items, and one batch with what the kind makes of it.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "io/corpus.hpp"
#include "similarity/items.hpp"
#include "similarity/kinds.hpp"

namespace cupel {

struct CorpusBatch {
  std::size_t n_texts = 50'000;
  std::size_t n_bytes = std::size_t{16} << 20;
};

struct CorpusNearest {
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  /// Per item; the first text on ties.
  std::vector<double> similarity;
  std::vector<std::uint64_t> number;  ///< of the text in the corpus, 0-based; kNone = no text
  std::vector<std::string> id;
  std::vector<std::string> text;
  std::uint64_t n_texts = 0;     ///< of the corpus, left-out ones included
  std::uint64_t n_left_out = 0;  ///< SMILES that cannot be read
  Diagnostics diagnostics;
};

/// Kinds of the forms smiles and sequence. Throws Error{usage} for others, Error{input} for an
/// empty corpus, and as stream_corpus.
CorpusNearest nearest_in_corpus(const Items& items, const SimilarityKind& kind,
                                const KindOptions& options, const std::filesystem::path& path,
                                const CorpusOptions& corpus, const CorpusBatch& batch,
                                const Context& context);

}  // namespace cupel

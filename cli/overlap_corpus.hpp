#pragma once
/// `cupel overlap --corpus`: how near a data set is to what a model was pre-trained on.
#include <optional>
#include <string>

#include "item_inputs.hpp"

namespace cupel::cli {

struct CorpusFlags {
  std::string corpus;
  std::string text_column;
  std::string id_column;
};

void add_corpus_flags(Arguments& arguments, CorpusFlags& flags);

struct CorpusRequest {
  std::string data;
  double threshold = 0.0;
  std::uint32_t n_worst = 20;
  bool no_null = false;
  std::string out;
};

/// Prints the result, writes nearest.csv, and gives the share of items with a neighbour.
double run_corpus(const CorpusFlags& flags, const CorpusRequest& request,
                  const SimilarityKind& kind, const KindOptions& options, const ItemFlags& items,
                  Session& session);

}  // namespace cupel::cli

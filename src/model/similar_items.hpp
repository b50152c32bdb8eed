#pragma once
/// What the most similar training items say: the copier (1-NN) and the similarity-weighted k-NN.
#include <cstddef>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

struct SimilarAnswers {
  std::vector<double> nearest;   ///< per test item: similarity of its nearest training item
  std::vector<double> copied;    ///< mean target of the nearest training items; ties all count
  std::vector<double> weighted;  ///< sum s y / sum s over the k nearest and their ties, s > 0 only;
                                 ///< the training mean where no training item has s > 0
};

/// `test_by_train`: rows are test items, columns training items. O(rows x columns).
SimilarAnswers ask_similar_items(const Similarity& test_by_train,
                                 std::span<const double> train_targets, std::size_t k,
                                 const Context& context);

}  // namespace cupel

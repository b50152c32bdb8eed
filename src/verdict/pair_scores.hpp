#pragma once
/// On pairs of samples whose difference is asked for (activity cliffs): error on the compounds of
/// cliff pairs and on the others, and whether the larger of two is predicted larger. A model is
/// cliff-aware only if it beats the area's neighbour baseline in this.
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/finding.hpp"
#include "study/run.hpp"
#include "verdict/evidence.hpp"

namespace cupel {

struct BoundedValue {
  double value = kUndefined;
  double low = kUndefined;
  double high = kUndefined;
};

struct PairScore {
  std::string split;
  std::string predictor;
  BoundedValue rmse_cliff;  ///< mean over folds, as the primary scores
  BoundedValue rmse_noncliff;
  BoundedValue gap;  ///< rmse_cliff - rmse_noncliff
  /// Share of pairs with both compounds in the test set whose order is predicted; equal predictions
  /// count half.
  BoundedValue sign_accuracy;
  /// The same for pairs of a test and a training compound, whose value is known.
  BoundedValue sign_accuracy_to_train;
  std::size_t n_cliff = 0;  ///< test rows
  std::size_t n_noncliff = 0;
  std::size_t n_pairs = 0;
  std::size_t n_pairs_to_train = 0;
};

/// A pair for people to look at: the largest differences first, spread over tasks.
struct ShownPair {
  std::string split;
  std::string task;
  std::uint32_t first = 0;  ///< samples; the first is the more potent
  std::uint32_t second = 0;
  bool first_is_test = false;
  bool second_is_test = false;
  std::vector<std::string> predictors;
  std::vector<double> predicted_first;  ///< NaN for a training sample
  std::vector<double> predicted_second;
};

struct PairComparison {
  std::string block;  ///< name of the pairs: "cliff"; "" = the data have none
  std::vector<PairScore> scores;
  std::vector<Finding> findings;  ///< hypothesis "activity_cliffs", per model and split
  std::vector<ShownPair> shown;
  std::vector<std::string> sentences;
};

PairComparison compare_pairs(const StudyRun& run, const Context& context);

}  // namespace cupel

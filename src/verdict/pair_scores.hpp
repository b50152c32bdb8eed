#pragma once
/// On pairs of samples whose difference is asked for (activity cliffs): error on the compounds of
/// cliff pairs and on the others, and whether the larger of two is predicted larger. A model is
/// cliff-aware only if it beats the area's neighbour baseline in both.
///
/// Intervals and contrasts: bootstrap over the compounds (first entity), with draws shared by all
/// predictors; a row weighs as its compound, a pair within the test set the product of both counts,
/// a pair to training as its test compound (what was trained on is given). Values are taken within
/// a fold, then averaged over the folds that have them, seeds averaged.
///
/// The rule. Gain in error = RMSE of the neighbour baseline - RMSE of the model on compounds of
/// pairs; gain in order = sign accuracy of the model - that of the baseline, on the pairs within
/// the test set (with fewer than 20 of these, on the pairs to training).
///   learned      the gain in error is `learned` by judge.hpp's `decide`, and the gain in order is
///                positive beyond doubt too
///   worse        the gain in error is `worse` by `decide`
///   not shown    there is no gain in error that matters, or the order excludes a gain
///   cannot tell  otherwise
/// Both gains must hold, so where both are positive the p-value is the larger of the two
/// (intersection-union test); Holm over all claims about pairs of the study.
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

/// The rule above; `error` with its adjusted p-value, `order` the gain in order.
Verdict decide_pairs(const Finding& error, const BoundedValue& order, double confidence);

struct PairComparison {
  std::string block;  ///< name of the pairs: "cliff"; "" = the data have none
  std::vector<PairScore> scores;
  std::vector<Finding> findings;  ///< hypothesis "activity_cliffs", per model and split
  std::vector<ShownPair> shown;
  std::vector<std::string> sentences;
};

PairComparison compare_pairs(const StudyRun& run, const Context& context);

}  // namespace cupel

#pragma once
/// Prediction files on the test rows of a split, for `score` and `compare`.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app.hpp"
#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"
#include "cupel/split.hpp"
#include "inputs.hpp"

namespace cupel::cli {

struct PredictionFlags {
  std::string split;
  std::optional<std::uint32_t> fold;
  std::vector<std::string> columns;  ///< --prediction-columns
};

/// `required`: --split has to be given.
void add_prediction_flags(Arguments& arguments, PredictionFlags& flags, bool required = true);

struct ScoredPredictions {
  std::string name;
  std::vector<std::uint32_t> rows;  ///< test samples, split after split
  std::vector<std::size_t> begin;   ///< first of each split, and the number of all
  std::vector<double> values;       ///< NaN = none
  std::size_t n_train = 0;
  std::size_t n_predicted = 0;
  Diagnostics diagnostics;
  /// A stand-in with this name, for tables that want a predictor.
  [[nodiscard]] std::unique_ptr<Predictor> make_predictor() const;
};

/// Throws Error{input} if no test row has a prediction.
ScoredPredictions read_scored(const std::string& file, const PredictionFlags& flags,
                              const DataFlags& data_flags, const Dataset& data,
                              const std::vector<Split>& splits, const Session& session);

}  // namespace cupel::cli

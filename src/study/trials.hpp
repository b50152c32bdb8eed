#pragma once
/// Trials: one cell of the matrix split x predictor x seed, named by the hash of its inputs.
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"
#include "cupel/split.hpp"
#include "study/store.hpp"

namespace cupel {

struct Trial {
  const Split* split = nullptr;
  const Predictor* predictor = nullptr;
  std::uint64_t seed = 0;
  TrialResult result;  ///< predictions of the split's test rows, in row order
};

/// Hash of all that predictors can see of a data set: targets, entities, features, labels.
std::string fingerprint(const Dataset& data);

/// Name of a trial: data, split, predictor with its parameters, seed, format of the result.
std::string trial_hash(const std::string& data_fingerprint, const Trial& trial);

struct TrialCounts {
  std::size_t n_run = 0;
  std::size_t n_reused = 0;
};

/// Carries out every trial that the store does not have, in parallel over trials; each is saved as
/// soon as it is done. Costly predictors start first; results do not depend on the order.
TrialCounts run_trials(const Dataset& data, const std::string& data_fingerprint,
                       std::vector<Trial>& trials, Store& store, const std::string& task,
                       const Context& context);

}  // namespace cupel

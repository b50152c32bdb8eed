#pragma once
/// Where a model stands between the best blind baseline (0) and an independent repeat of the
/// experiment (1), all scored with the controls of the data set: (model - baseline) / (ceiling -
/// baseline), in every metric's own direction.
#include <cstddef>
#include <span>
#include <vector>

#include "area/perturbation/ceiling.hpp"
#include "area/perturbation/test_scores.hpp"

namespace cupel::perturbation {

inline constexpr std::size_t kNoPredictor = static_cast<std::size_t>(-1);

/// Scores of every predictor: predictors x (test rows x metrics).
using PredictorScores = std::vector<Matrix<double>>;

/// Per metric: the baseline with the best mean (no model, no oracle) among those that are defined
/// for at least half as many rows as the predictor that is defined for most, or kNoPredictor.
std::vector<std::size_t> best_blind_baselines(std::span<const SampleMetric> metrics,
                                              std::span<const TestPredictions> predictors,
                                              const PredictorScores& scores);

struct Position {
  std::size_t metric = 0;
  std::size_t predictor = 0;
  std::size_t baseline = kNoPredictor;
  Estimate model = {};  ///< means over the rows where all three are defined
  Estimate floor = {};
  Estimate ceiling = {};
  Estimate room = {};  ///< how much better the ceiling is than the floor; positive = there is room
  /// NaN where the room is not above 0 beyond chance: there is nothing to stand between.
  Estimate position = {};
  [[nodiscard]] bool has_room() const noexcept { return room.low > 0.0; }
};
/// Models x metrics.
std::vector<Position> positions(std::span<const SampleMetric> metrics,
                                std::span<const TestPredictions> predictors,
                                const PredictorScores& scores, const NoiseCeiling& ceiling,
                                const PerturbationDraws& draws);

/// One test row and model on one metric. The interval is the delete-half jackknife over the views:
/// the spread of the same position measured on halves of the cells.
struct RowPosition {
  double value = kUndefined;
  double low = kUndefined;
  double high = kUndefined;
};
/// Per model (in the order of `models`, indices of predictors) and test row.
std::vector<std::vector<RowPosition>> row_positions(
    const Scorer& scorer, const Dataset& data, const TestRows& test,
    std::span<const TestPredictions> predictors, std::span<const std::size_t> models,
    std::size_t baseline, std::size_t metric, const PredictorScores& scores,
    const NoiseCeiling& ceiling, const Context& context);

}  // namespace cupel::perturbation

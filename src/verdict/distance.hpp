#pragma once
/// Error against the similarity of a test sample to the nearest training sample: in bins, and as a
/// smooth curve with an interval; and from which similarity on a model is better than copying.
///
/// Nearest = largest Tanimoto similarity to the training members of the row's fold. Bins pool the
/// rows of all folds: [0, .3) [.3, .4) ... [.9, 1]; a bin with fewer than 20 rows joins the next
/// one. Bootstrap over the members of the entity, draws shared by all predictors: BCa in bins,
/// bias-corrected for the curve (local-linear with a tricube window of half width 0.15 on cells
/// of 0.005, stat/smooth.hpp; undefined with fewer than 20 rows within 0.05). Intervals are
/// pointwise: they are not corrected for looking at several bins.
#include <cstddef>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "study/run.hpp"
#include "verdict/pair_scores.hpp"

namespace cupel {

struct DistanceBin {
  double low = 0.0;  ///< similarity, [low, high)
  double high = 1.0;
  std::size_t n = 0;
};

struct DistanceCurve {
  std::string predictor;
  std::vector<BoundedValue> rmse;    ///< per bin; bootstrap over the unit
  std::vector<BoundedValue> smooth;  ///< at `grid`: sqrt of the local-linear mean squared error
  std::vector<BoundedValue> gain;    ///< per bin: RMSE of the neighbour baseline - RMSE
};

struct DistanceProfile {
  std::string split;
  std::string entity;
  std::string similarity;       ///< kind and parameters
  std::string against;          ///< the neighbour baseline
  std::vector<double> nearest;  ///< per row of the split; NaN = no features
  double median = kUndefined;
  std::vector<DistanceBin> bins;
  std::vector<double> grid;
  std::vector<DistanceCurve> curves;
  std::vector<std::string> sentences;
};

/// For every split whose first entity has a binary block called `fingerprint`; none if the area
/// has no neighbour baseline.
std::vector<DistanceProfile> distance_profiles(const StudyRun& run, const Context& context);

}  // namespace cupel

#pragma once
/// tasks.csv, pairs.csv and distances.csv: what the sections over assays, activity cliffs and the
/// similarity to training are made of, with all digits.
#include <string>

#include "report/results.hpp"

namespace cupel {

/// split, metric, task, predictor, published, value, n_test.
std::string tasks_csv(const TaskComparison& tasks);
/// A line per split and predictor: errors on both kinds of compounds, their gap, shares of pairs
/// in the right order, with intervals and counts.
std::string pairs_csv(const PairComparison& pairs);
/// A line per split, predictor and bin of similarity, and per point of the smooth curve.
std::string distances_csv(const std::vector<DistanceProfile>& distances);

}  // namespace cupel

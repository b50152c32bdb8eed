#pragma once
/// Scores per fold and predictor from a CSV: cupel's own scores.csv, a long table (a line per fold
/// and model), or a wide one (a column per model).
#include <string>
#include <vector>

#include "compare_scores.hpp"
#include "cupel/matrix.hpp"

namespace cupel::cli {

struct ScoreTable {
  std::vector<std::string> models;
  std::vector<std::string> blocks;   ///< folds on which all models have a score
  Matrix<double> scores;             ///< blocks x models
  std::vector<std::string> dropped;  ///< folds without a score of some model
};

/// Several lines of one fold and model (seeds) are averaged. Throws Error{input} with the columns
/// there are, Error{usage} where a flag has to choose.
ScoreTable read_score_table(const std::string& file, const ScoreTableFlags& flags,
                            const Session& session);

}  // namespace cupel::cli

#pragma once
/// `cupel compare --test`: a table of scores per fold, and which predictors can be told apart.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app.hpp"

namespace cupel::cli {

struct ScoreTableFlags {
  std::string test;                 ///< --test; "" = prediction files are compared instead
  std::string metric = "rmse";      ///< --metric
  std::string better;               ///< --better higher|lower; "" = known from the metric
  std::string split;                ///< --of-split, of a scores.csv of several splits
  std::vector<std::string> blocks;  ///< --blocks
  std::string model;                ///< --model
  std::string value;                ///< --value
  std::uint32_t cv_folds = 5;       ///< --cv-folds
  std::optional<double> margin;     ///< --margin
};

void add_score_table_flags(Arguments& arguments, ScoreTableFlags& flags);

/// Throws Error{usage, input}.
int compare_score_table(const std::string& file, const ScoreTableFlags& flags, double confidence,
                        Session& session);

}  // namespace cupel::cli

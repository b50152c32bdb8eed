#pragma once
/// Over tasks (assays): every predictor's score in every task, and each model against each bar with
/// the task as the exchangeable unit. Models that are known by published scores only take part here
/// and nowhere else: without predictions nothing can be paired within a task.
///
/// A model's gain over a baseline is taken task by task, on the tasks that both have a value for.
/// Tested are all models, published ones too, against the bar of every hypothesis of the area (the
/// blind baseline over which the mean gain is smallest), and beside that against the area's
/// neighbour baseline. Interval: BCa over tasks with draws that all predictors share; p-value:
/// Wilcoxon's signed rank; verdict: `decide` of judge.hpp. Holm's families are the contrasts of one
/// metric with a hypothesis, and those of one metric just beside: the primary metric decides, the
/// others (RMSE on cliffs) illustrate.
#include <cstddef>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "cupel/context.hpp"
#include "cupel/finding.hpp"
#include "study/run.hpp"

namespace cupel {

struct TaskPredictor {
  PredictorInfo info;
  bool is_published = false;  ///< scores of others, no predictions
  double mean = kUndefined;   ///< over tasks
  double low = kUndefined;    ///< BCa over tasks
  double high = kUndefined;
};

/// One metric of one split: predictors x tasks; the seeds of a predictor and the folds of a task
/// are averaged. NaN = undefined or not given.
struct TaskTable {
  std::string split;
  std::string metric;
  bool higher_is_better = false;
  std::vector<std::string> tasks;
  std::vector<std::size_t> n_test;  ///< per task
  std::vector<TaskPredictor> predictors;
  Matrix<double> values;
};

/// A model against one baseline, or a published model against it.
struct TaskContrast {
  std::string split;
  std::string metric;
  std::string hypothesis;  ///< whose bar `against` is; "" = just beside
  std::string model;
  std::string against;
  bool is_published = false;
  std::size_t n_tasks = 0;   ///< tasks on which both have a value
  std::size_t n_better = 0;  ///< tasks on which the model is better
  std::size_t n_worse = 0;
  double difference = kUndefined;  ///< mean over tasks; positive = the model is better
  double low = kUndefined;         ///< BCa over tasks
  double high = kUndefined;
  double p_value = kUndefined;     ///< Wilcoxon signed-rank over tasks
  double p_adjusted = kUndefined;  ///< Holm within the family, see above
  double margin = kUndefined;
  bool equivalent = false;  ///< two one-sided tests: the 1 - 2 alpha interval lies within +-margin
  Verdict verdict = Verdict::cannot_tell;
  std::string sentence;
  std::string recommendation;
};

struct TaskComparison {
  std::vector<TaskTable> tables;        ///< per split with tasks: primary metric first, rmse_cliff
  std::vector<TaskContrast> contrasts;  ///< every model against the bar of every hypothesis
  std::vector<std::string> sentences;  ///< what to remember: "5-NN beats 7 of 7 deep models on ..."
};

/// What a metric's title says more within a level of a label: " on cliff compounds".
std::string level_words(const std::string& level);

/// Empty if no split has tasks.
TaskComparison compare_tasks(const StudyRun& run, const std::vector<ScoreRow>& scores,
                             const Context& context);

}  // namespace cupel

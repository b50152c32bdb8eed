#include "report/comparison_csv.hpp"

#include "io/write.hpp"

namespace cupel {
namespace {

void add_bounded(CsvWriter& csv, const BoundedValue& bounded) {
  csv.number(bounded.value).number(bounded.low).number(bounded.high);
}

void add_count(CsvWriter& csv, std::size_t count) { csv.integer(static_cast<std::int64_t>(count)); }

void add_table(CsvWriter& csv, const TaskTable& table) {
  for (std::size_t p = 0; p < table.predictors.size(); ++p) {
    for (std::size_t t = 0; t < table.tasks.size(); ++t) {
      csv.text(table.split).text(table.metric).text(table.tasks[t]);
      csv.text(table.predictors[p].info.name);
      csv.text(table.predictors[p].is_published ? "true" : "false");
      csv.number(table.values(p, t));
      add_count(csv, table.n_test[t]);
      csv.end_row();
    }
  }
}

// A bin has a range and a count, a point of the smooth curve one similarity.
void add_curve(CsvWriter& csv, const DistanceProfile& profile, const DistanceCurve& curve) {
  for (std::size_t b = 0; b < profile.bins.size() && b < curve.rmse.size(); ++b) {
    csv.text(profile.split).text(curve.predictor).text("bin");
    csv.number(profile.bins[b].low).number(profile.bins[b].high);
    add_count(csv, profile.bins[b].n);
    add_bounded(csv, curve.rmse[b]);
    add_bounded(csv, b < curve.gain.size() ? curve.gain[b] : BoundedValue{});
    csv.end_row();
  }
  for (std::size_t g = 0; g < profile.grid.size() && g < curve.smooth.size(); ++g) {
    csv.text(profile.split).text(curve.predictor).text("smooth");
    csv.number(profile.grid[g]).number(profile.grid[g]).missing();
    add_bounded(csv, curve.smooth[g]);
    add_bounded(csv, {});
    csv.end_row();
  }
}

}  // namespace

std::string tasks_csv(const TaskComparison& tasks) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"split", "metric", "task", "predictor", "published", "value",
                                   "n_test"});
  for (const auto& table : tasks.tables) add_table(csv, table);
  return csv.take();
}

std::string pairs_csv(const PairComparison& pairs) {
  CsvWriter csv;
  std::vector<std::string> head{"split", "predictor"};
  for (const char* name :
       {"rmse_cliff", "rmse_noncliff", "gap", "sign_accuracy", "sign_accuracy_to_train"}) {
    head.emplace_back(name);
    head.emplace_back(std::string(name) + "_low");
    head.emplace_back(std::string(name) + "_high");
  }
  for (const char* name : {"n_cliff", "n_noncliff", "n_pairs", "n_pairs_to_train"}) {
    head.emplace_back(name);
  }
  csv.row(head);
  for (const auto& score : pairs.scores) {
    csv.text(score.split).text(score.predictor);
    add_bounded(csv, score.rmse_cliff);
    add_bounded(csv, score.rmse_noncliff);
    add_bounded(csv, score.gap);
    add_bounded(csv, score.sign_accuracy);
    add_bounded(csv, score.sign_accuracy_to_train);
    add_count(csv, score.n_cliff);
    add_count(csv, score.n_noncliff);
    add_count(csv, score.n_pairs);
    add_count(csv, score.n_pairs_to_train);
    csv.end_row();
  }
  return csv.take();
}

std::string distances_csv(const std::vector<DistanceProfile>& distances) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"split", "predictor", "part", "similarity_low",
                                   "similarity_high", "n", "rmse", "rmse_low", "rmse_high", "gain",
                                   "gain_low", "gain_high"});
  for (const auto& profile : distances) {
    for (const auto& curve : profile.curves) add_curve(csv, profile, curve);
  }
  return csv.take();
}

}  // namespace cupel

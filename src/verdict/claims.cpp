#include "verdict/claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "metric/metric.hpp"
#include "stat/moments.hpp"
#include "study/sample_scores.hpp"

namespace cupel {
namespace {

using Values = std::span<const double>;
using Score = std::function<double(Values truth, Values prediction)>;

// Value per fold on the rows that have a prediction.
std::vector<double> per_fold(const SplitResult& split, const Entry& entry, const Score& score) {
  std::vector<double> values;
  for (std::size_t f = 0; f < split.folds.size(); ++f) {
    std::vector<double> truth;
    std::vector<double> prediction;
    for (std::size_t i = split.fold_begin[f]; i < split.fold_begin[f + 1]; ++i) {
      if (std::isnan(entry.values[i])) continue;
      truth.push_back(split.truth[i]);
      prediction.push_back(entry.values[i]);
    }
    values.push_back(score(truth, prediction));
  }
  return values;
}

// Means over samples per fold, where samples have metrics of their own.
std::vector<double> sample_means(const StudyRun& run, const SplitResult& split, const Entry& entry,
                                 const std::string& name) {
  std::vector<double> values(split.folds.size(), kUndefined);
  const auto metric = find_sample_metric(*run.area, name);
  for (std::size_t f = 0; metric && f < split.folds.size(); ++f) {
    std::vector<double> defined;
    for (std::size_t i = split.fold_begin[f]; i < split.fold_begin[f + 1]; ++i) {
      const double value = entry.metrics(i, *metric);
      if (!std::isnan(value)) defined.push_back(value);
    }
    if (!defined.empty()) values[f] = mean(defined);
  }
  return values;
}

class ClaimCheck {
 public:
  ClaimCheck(const StudyRun& run, const SplitResult& split, const Entry& entry,
             const PredictorInfo& info, const ClaimSpec& claim, std::vector<ProtocolNote>& notes)
      : split_(split), info_(info), claim_(claim), notes_(notes) {
    if (has_vector_targets(run)) {
      right_ = swapped_ = sample_means(run, split, entry, claim.metric);
      return;
    }
    right_ = per_fold(split, entry, [&](Values truth, Values prediction) {
      return evaluate(claim.metric, truth, prediction);
    });
    swapped_ = per_fold(split, entry, [&](Values truth, Values prediction) {
      return evaluate(claim.metric, prediction, truth);
    });
  }

  void check() {
    const bool of_fold = claim_.fold.has_value() && *claim_.fold < right_.size();
    const double value = of_fold ? right_[*claim_.fold] : mean(right_);
    const double other = of_fold ? swapped_[*claim_.fold] : mean(swapped_);
    const std::string where =
        of_fold ? fmt::format("fold {}", *claim_.fold) : "the mean over folds";
    if (std::abs(value - claim_.value) <= claim_.tolerance) {
      add("claim_reproduced", Severity::note, "Printed value reproduced",
          fmt::format("The printed {} of {}, {}, follows from its predictions ({}).", claim_.metric,
                      info_.title, claim_.value, where),
          value, other, "");
    } else if (std::abs(other - claim_.value) <= claim_.tolerance) {
      add("swapped_r2", Severity::serious, "Arguments of the metric swapped",
          fmt::format("The printed {} of {}, {}, is {}(prediction, truth) of {}: truth and "
                      "prediction were swapped. The right value is {:.6f}.",
                      claim_.metric, info_.title, claim_.value, claim_.metric, where, value),
          value, other,
          "Call r2_score(y_true, y_pred); the printed number must not be compared with others.");
    } else if (const auto fold = matching_fold(); fold && !of_fold) {
      add("claim_is_one_fold", Severity::warning, "Printed value is one fold's",
          fmt::format(
              "The printed {} of {}, {}, is that of fold {}; the mean over folds is {:.6f}.",
              claim_.metric, info_.title, claim_.value, *fold, value),
          value, other, "Report the mean over folds and its spread.");
    } else {
      add("claim_differs", Severity::warning, "Printed value not reproduced",
          fmt::format("The printed {} of {} is {}; its predictions give {:.6f} ({}).",
                      claim_.metric, info_.title, claim_.value, value, where),
          value, other,
          "Check that the predictions are those of the printed run, on all its rows.");
    }
  }

 private:
  [[nodiscard]] std::optional<std::size_t> matching_fold() const {
    for (std::size_t f = 0; f < right_.size(); ++f) {
      if (std::abs(right_[f] - claim_.value) <= claim_.tolerance) return f;
    }
    return std::nullopt;
  }

  void add(std::string code, Severity severity, std::string title, std::string sentence,
           double value, double other, std::string recommendation) {
    notes_.push_back({.code = std::move(code),
                      .severity = severity,
                      .model = info_.name,
                      .title = std::move(title),
                      .sentence = std::move(sentence),
                      .evidence = {{"split", split_.name},
                                   {"printed", fmt::format("{}", claim_.value)},
                                   {"from the predictions", fmt::format("{:.7g}", value)},
                                   {"with swapped arguments", fmt::format("{:.7g}", other)}},
                      .recommendation = std::move(recommendation)});
  }

  const SplitResult& split_;
  const PredictorInfo& info_;
  const ClaimSpec& claim_;
  std::vector<ProtocolNote>& notes_;
  std::vector<double> right_;
  std::vector<double> swapped_;
};

void check_selection(const ModelSpec& spec, const PredictorInfo& info,
                     std::vector<ProtocolNote>& notes) {
  if (spec.selected_on == "test") {
    notes.push_back(
        {.code = "selected_on_test",
         .severity = Severity::serious,
         .model = info.name,
         .title = "Selected on the test fold",
         .sentence = info.title + " chose its epoch or settings by the score on the test "
                                  "fold (declared): its score is the best of many looks, "
                                  "an upper limit.",
         .evidence = {{"selected_on", "test"}},
         .recommendation = "Choose on a validation set drawn by the same unit as the test set."});
  }
}

}  // namespace

void check_claims(const StudyRun& run, std::vector<ProtocolNote>& notes) {
  for (const auto& spec : run.study.models) {
    for (const auto& split : run.splits) {
      // The first seed stands for the model.
      const auto entry = std::find_if(
          split.entries.begin(), split.entries.end(),
          [&](const Entry& e) { return run.predictors[e.predictor]->info().name == spec.name; });
      if (entry == split.entries.end()) continue;
      for (const auto& claim : spec.claims) {
        if (!claim.split.empty() && claim.split != split.name) continue;
        ClaimCheck(run, split, *entry, run.predictors[entry->predictor]->info(), claim, notes)
            .check();
      }
    }
    for (const auto& predictor : run.predictors) {
      if (predictor->info().name == spec.name) check_selection(spec, predictor->info(), notes);
    }
  }
}

}  // namespace cupel

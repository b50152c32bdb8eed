#include "verdict/sections.hpp"

#include <algorithm>

namespace cupel {

std::vector<SplitSections> make_sections(const StudyRun& run, const Context& context) {
  std::vector<SplitSections> all;
  if (run.area == nullptr) return all;
  for (const auto& split : run.splits) {
    std::vector<TestPredictions> predictors;
    for (const auto& entry : split.entries) {
      const PredictorInfo* info = &run.predictors[entry.predictor]->info();
      if (std::ranges::find(predictors, info, &TestPredictions::info) != predictors.end()) continue;
      predictors.push_back({.info = info, .values = entry.values});
    }
    SplitSections one{.split = split.name,
                      .sections = run.area->sections({.study = run.study,
                                                      .data = run.data,
                                                      .split = split.name,
                                                      .folds = split.folds,
                                                      .rows = split.rows,
                                                      .fold = split.fold,
                                                      .predictors = predictors},
                                                     context)};
    if (!one.sections.empty()) all.push_back(std::move(one));
    context.check_cancelled();
  }
  return all;
}

}  // namespace cupel

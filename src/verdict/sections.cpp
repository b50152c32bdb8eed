#include "verdict/sections.hpp"

#include <algorithm>

namespace cupel {
namespace {

AreaSection left_out_section(const std::vector<LeftOutBaseline>& left_out) {
  AreaSection section;
  section.id = "baselines_left_out";
  section.title = "Baselines that are not on the ladder";
  section.of_data = true;
  section.sentences.push_back(
      "The area knows " + std::to_string(left_out.size()) +
      " more; each can be asked for by its name under baselines in the study file.");
  SectionTable table{.title = "Why they are left out",
                     .columns = {{"title", "Baseline", false, 3, ""},
                                 {"name", "Name", false, 3, ""},
                                 {"reason", "Reason", false, 3, ""}},
                     .rows = {}};
  for (const auto& one : left_out) table.rows.push_back({one.title, one.name, one.reason});
  section.tables.push_back(std::move(table));
  return section;
}

// Without those that were asked for.
std::vector<LeftOutBaseline> left_out(const StudyRun& run) {
  auto all = run.area->left_out_baselines(run.data);
  std::erase_if(all, [&](const LeftOutBaseline& one) {
    return std::ranges::any_of(run.predictors, [&](const auto& predictor) {
      return !predictor->info().is_model && predictor->info().name == one.name;
    });
  });
  return all;
}

}  // namespace

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
    // What is about the data is said once.
    if (!all.empty()) std::erase_if(one.sections, [](const auto& own) { return own.of_data; });
    if (!one.sections.empty()) all.push_back(std::move(one));
    context.check_cancelled();
  }
  if (const auto reasons = left_out(run); !reasons.empty() && !all.empty()) {
    all.front().sections.push_back(left_out_section(reasons));
  }
  return all;
}

}  // namespace cupel

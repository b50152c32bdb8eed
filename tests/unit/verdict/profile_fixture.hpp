#pragma once
// A small screen made by hand: contexts x perturbations, each with a shift that all share, a
// response of its own and measurement noise; folds over perturbations; predictors that know
// nothing, the shift only, or the own response.
#include <memory>
#include <string>

#include "area/area.hpp"
#include "base/random.hpp"
#include "data/profiles.hpp"
#include "model/function_predictor.hpp"
#include "study/run.hpp"
#include "study/sample_scores.hpp"

namespace cupel::toy {

struct Screen {
  std::size_t n_perturbations = 24;
  std::size_t n_contexts = 1;
  std::size_t n_genes = 60;
  std::size_t n_folds = 3;
  double noise = 0.05;  ///< standard error of a profile
  std::uint64_t seed = 5;
};

inline std::string numbered(const char* prefix, std::size_t i) {
  return prefix + std::to_string(100 + i);
}

/// Without predictors: `add_predictor`.
inline StudyRun screen(const Screen& size) {
  StudyRun run;
  run.area = &find_area("perturbation");
  run.study.area = "perturbation";
  run.study.statistics.draws = 300;
  run.study.primary_metric = "l2";
  run.study.seed = size.seed;
  Dataset& data = run.data;
  data.area = "perturbation";
  data.name = "toy screen";
  data.entities.resize(2);
  data.entities[0].name = "perturbation";
  data.entities[1].name = "context";
  auto profiles = std::make_shared<ProfileData>();
  Rng rng(size.seed, "toy screen");
  const std::size_t n = size.n_perturbations * size.n_contexts;
  data.targets = Matrix<double>(n, size.n_genes);
  profiles->controls = Matrix<double>(size.n_contexts, size.n_genes);
  profiles->variance = Matrix<double>(n, size.n_genes, size.noise * size.noise * 50.0);  // 50 cells
  profiles->t_statistic = Matrix<double>(n, size.n_genes);
  profiles->n_cells.assign(n, 50);
  profiles->n_control_cells.assign(size.n_contexts, 200);
  profiles->control = "control";
  profiles->pseudobulk = "mean of log1p";
  profiles->target_genes.resize(n);
  for (std::size_t g = 0; g < size.n_genes; ++g) {
    data.output_names.push_back(numbered("g", g));
  }
  profiles->genes = data.output_names;
  std::vector<double> shift(size.n_genes);
  for (double& value : shift) value = 0.4 * rng.normal();
  for (std::size_t c = 0; c < size.n_contexts; ++c) {
    data.entities[1].ids.push_back(numbered("c", c));
    for (double& value : profiles->controls.row(c)) value = 2.0 + 0.3 * rng.normal();
  }
  for (std::size_t p = 0; p < size.n_perturbations; ++p) {
    data.entities[0].ids.push_back(numbered("p", p));
    profiles->members.push_back({data.entities[0].ids.back()});
    std::vector<double> own(size.n_genes);
    for (double& value : own) value = 0.3 * rng.normal();
    for (std::size_t c = 0; c < size.n_contexts; ++c) {
      const std::size_t row = p * size.n_contexts + c;
      data.entities[0].code_of_sample.push_back(static_cast<std::uint32_t>(p));
      data.entities[1].code_of_sample.push_back(static_cast<std::uint32_t>(c));
      data.source_row.push_back(row);
      for (std::size_t g = 0; g < size.n_genes; ++g) {
        const double change = shift[g] + own[g];
        data.targets(row, g) = profiles->controls(c, g) + change + size.noise * rng.normal();
        profiles->t_statistic(row, g) = change / size.noise;
      }
    }
  }
  data.n_source_rows = n;
  data.profiles = profiles;

  SplitResult split{.name = "unseen", .fold_begin = {0}};
  split.blind_to = {"perturbation"};
  for (std::size_t f = 0; f < size.n_folds; ++f) {
    Split fold{.name = "unseen", .scheme = "unseen_perturbation"};
    fold.fold = static_cast<std::uint32_t>(f);
    fold.blind_to = {"perturbation"};
    for (std::size_t row = 0; row < n; ++row) {
      const bool is_test = (row / size.n_contexts) % size.n_folds == f;
      fold.role.push_back(is_test ? Role::test : Role::train);
      if (!is_test) continue;
      split.rows.push_back(static_cast<std::uint32_t>(row));
      split.fold.push_back(static_cast<std::uint32_t>(f));
    }
    split.folds.push_back(std::move(fold));
    split.fold_begin.push_back(split.rows.size());
  }
  run.splits.push_back(std::move(split));
  return run;
}

/// `predict(row, gene, fold)`; predictions are evaluated at once.
template <typename Predict>
void add_predictor(StudyRun& run, PredictorInfo info, const Predict& predict) {
  SplitResult& split = run.splits.front();
  Entry entry{.predictor = run.predictors.size(), .seed = 0, .values = {}, .metrics = {}};
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    for (std::size_t g = 0; g < run.data.n_outputs(); ++g) {
      entry.values.push_back(predict(split.rows[i], g, split.fold[i]));
    }
  }
  split.entries.push_back(std::move(entry));
  if (info.title.empty()) info.title = info.name;
  run.predictors.push_back(make_predictor(std::move(info), nullptr));
}

inline double control_of(const StudyRun& run, std::uint32_t row, std::size_t gene) {
  return run.data.profiles->controls(run.data.entities[1].code_of_sample[row], gene);
}

/// Mean change of the training rows of a fold.
inline std::vector<double> mean_change(const StudyRun& run, std::size_t fold) {
  std::vector<double> mean(run.data.n_outputs(), 0.0);
  const auto train = run.splits.front().folds[fold].rows(Role::train);
  for (const std::uint32_t row : train) {
    for (std::size_t g = 0; g < mean.size(); ++g) {
      mean[g] +=
          (run.data.targets(row, g) - control_of(run, row, g)) / static_cast<double>(train.size());
    }
  }
  return mean;
}

/// no_change and mean_shift.
inline void add_baselines(StudyRun& run) {
  add_predictor(
      run, {.name = "no_change", .rung = Rung::null, .sees = {"control", "context_id"}},
      [&](std::uint32_t row, std::size_t g, std::uint32_t) { return control_of(run, row, g); });
  std::vector<std::vector<double>> means;
  for (std::size_t f = 0; f < run.splits.front().folds.size(); ++f) {
    means.push_back(mean_change(run, f));
  }
  add_predictor(
      run,
      {.name = "mean_shift", .rung = Rung::means, .sees = {"targets", "control", "context_id"}},
      [&](std::uint32_t row, std::size_t g, std::uint32_t fold) {
        return control_of(run, row, g) + means[fold][g];
      });
}

}  // namespace cupel::toy

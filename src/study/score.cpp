#include "study/score.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/parallel.hpp"
#include "io/write.hpp"
#include "metric/groups.hpp"
#include "metric/metric.hpp"
#include "model/level_means.hpp"
#include "study/sample_scores.hpp"

namespace cupel {
namespace {

// Targets whose differences are factors of ten: "-log10 M", "log10 nM", "p", "pIC50".
bool is_log10(const std::string& unit) {
  if (unit == "p" || unit.starts_with("log10") || unit.starts_with("-log10")) return true;
  return unit.size() > 1 && unit[0] == 'p' && unit[1] >= 'A' && unit[1] <= 'Z';
}

// Entities are crossed where samples are about two of them (a drug on a cell line): then a member
// has many rows, and scores within it say something. Samples of one entity, or of one within a task
// (compounds of an assay), have no such groups.
bool is_crossed(const Dataset& data, const Split& fold) {
  return data.entities.size() > 1 && fold.task.empty();
}

// What the training rows of a fold say of each of its test rows.
struct Reference {
  std::string suffix;          // "_minus_drug_mean"
  std::vector<double> values;  // per test row of the fold
};

// The means that the mean baselines predict, summed in the same order: a baseline minus itself is
// 0.
std::vector<LevelMeans> training_means(const Dataset& data, const Split& fold) {
  const auto train = fold.rows(Role::train);
  std::vector<double> values;
  for (const std::uint32_t row : train) values.push_back(data.target(row));
  std::vector<LevelMeans> means;
  for (const auto& entity : data.entities) {
    std::vector<std::uint32_t> codes;
    for (const std::uint32_t row : train) codes.push_back(entity.code_of_sample[row]);
    means.push_back(level_means(codes, values, entity.ids.size()));
  }
  return means;
}

std::vector<Reference> references(const Dataset& data, std::span<const LevelMeans> means,
                                  std::span<const std::uint32_t> rows) {
  const double overall = means.front().overall;
  std::vector<Reference> all;
  Reference additive{.suffix = "_minus_additive",
                     .values = std::vector<double>(rows.size(), overall)};
  for (std::size_t e = 0; e < data.entities.size(); ++e) {
    Reference one{.suffix = "_minus_" + data.entities[e].name + "_mean", .values = {}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      one.values.push_back(means[e].of(data.entities[e].code_of_sample[rows[i]], overall));
      additive.values[i] += one.values.back() - overall;
    }
    all.push_back(std::move(one));
  }
  if (data.entities.size() > 1) all.push_back(std::move(additive));
  return all;
}

// Cut-off of every test row, learned from training: below it the response counts as sensitive. A
// drug without training responses gets the cut-off of all training rows as one drug.
std::vector<double> cut_offs(const StudyRun& run, const Split& fold,
                             std::span<const std::uint32_t> rows) {
  const Entity& drug = run.data.entities.front();
  const BinariseSpec& rule = run.study.binarise;
  std::vector<double> values;
  std::vector<std::uint32_t> drugs;
  for (const std::uint32_t row : fold.rows(Role::train)) {
    values.push_back(run.data.target(row));
    drugs.push_back(drug.code_of_sample[row]);
  }
  const auto learn = [&](std::span<const std::uint32_t> codes, std::size_t n_codes) {
    if (rule.rule == "threshold") return fixed_cutoffs(rule.threshold, n_codes);
    if (rule.rule == "waterfall") return waterfall_cutoffs(values, codes, n_codes);
    return median_cutoffs(values, codes, n_codes);
  };
  const auto per_drug = learn(drugs, drug.ids.size());
  const double fallback = learn(std::vector<std::uint32_t>(drugs.size(), 0), 1).front();
  std::vector<double> cuts;
  for (const std::uint32_t row : rows) {
    const double cut = per_drug[drug.code_of_sample[row]];
    cuts.push_back(std::isnan(cut) ? fallback : cut);
  }
  return cuts;
}

// A fold's test rows and all that is known of them before any prediction.
struct FoldView {
  std::vector<std::uint32_t> rows;
  std::vector<double> truth;
  std::vector<Reference> references;
  std::vector<double> cuts;  // empty when the rule is "none"
  bool is_crossed = false;
};

FoldView view_fold(const StudyRun& run, const SplitResult& split, std::size_t f) {
  FoldView view;
  const auto begin = static_cast<std::ptrdiff_t>(split.fold_begin[f]);
  const auto end = static_cast<std::ptrdiff_t>(split.fold_begin[f + 1]);
  view.rows.assign(split.rows.begin() + begin, split.rows.begin() + end);
  view.truth.assign(split.truth.begin() + begin, split.truth.begin() + end);
  view.is_crossed = is_crossed(run.data, split.folds[f]);
  if (!view.is_crossed) return view;
  view.references = references(run.data, training_means(run.data, split.folds[f]), view.rows);
  if (run.study.binarise.rule != "none") view.cuts = cut_offs(run, split.folds[f], view.rows);
  return view;
}

// The rows of a fold for which a predictor has a value.
struct Present {
  std::vector<std::uint32_t> rows;
  std::vector<double> truth;
  std::vector<double> prediction;
  std::vector<std::size_t> position;  // in the fold
};

Present keep_present(const FoldView& view, std::span<const double> prediction) {
  Present present;
  for (std::size_t i = 0; i < view.rows.size(); ++i) {
    if (std::isnan(prediction[i])) continue;
    present.rows.push_back(view.rows[i]);
    present.truth.push_back(view.truth[i]);
    present.prediction.push_back(prediction[i]);
    present.position.push_back(i);
  }
  return present;
}

class FoldScorer {
 public:
  FoldScorer(const StudyRun& run, ScoreRow head, std::vector<ScoreRow>& scores)
      : run_(run), head_(std::move(head)), scores_(scores) {}

  void add_all(const std::string& metric, double value, std::size_t n) {
    add(metric, "all", "", value, n);
  }

  void add_groups(const std::string& metric, const Present& present, std::span<const double> truth,
                  std::span<const double> prediction, bool keep_each) {
    for (const auto& entity : run_.data.entities) {
      std::vector<std::uint32_t> groups;
      for (const std::uint32_t row : present.rows) groups.push_back(entity.code_of_sample[row]);
      const auto values = evaluate_groups(metric, truth, prediction, groups, entity.ids.size());
      double sum = 0.0;
      std::size_t n_defined = 0;
      for (const auto& group : values) {
        if (keep_each) add(metric, entity.name, entity.ids[group.group], group.value, group.n);
        if (std::isnan(group.value)) continue;
        sum += group.value;
        ++n_defined;
      }
      add(metric, "macro_" + entity.name, "",
          n_defined > 0 ? sum / static_cast<double>(n_defined) : kUndefined, n_defined);
    }
  }

  void score(const FoldView& view, const Present& present) {
    auto metrics = plain_metrics();
    if (is_log10(run_.data.unit)) {
      metrics.insert(metrics.end(), {"within_10_fold", "within_2_fold"});
    }
    for (const auto& metric : metrics) {
      add_all(metric, evaluate(metric, present.truth, present.prediction), present.rows.size());
      if (view.is_crossed) add_groups(metric, present, present.truth, present.prediction, true);
    }
    for (const auto& label : run_.data.sample_labels) score_levels(label, present, metrics);
    for (const auto& reference : view.references) {
      std::vector<double> known;
      for (const std::size_t i : present.position) known.push_back(reference.values[i]);
      for (const char* metric : {"r2", "pearson", "spearman"}) {
        add_all(metric + reference.suffix,
                evaluate_normalised(metric, present.truth, present.prediction, known),
                known.size());
      }
    }
    if (!view.cuts.empty()) score_binary(view, present);
  }

 private:
  void add(std::string metric, std::string kind, std::string group, double value, std::size_t n) {
    ScoreRow row = head_;
    row.metric = std::move(metric);
    row.group_kind = std::move(kind);
    row.group = std::move(group);
    row.value = value;
    row.n = n;
    scores_.push_back(std::move(row));
  }

  // "rmse_cliff", "rmse_noncliff": on the rows of each level of a label of the samples.
  void score_levels(const LabelBlock& label, const Present& present,
                    std::span<const std::string> metrics) {
    for (std::uint32_t level = 0; level < label.levels.size(); ++level) {
      std::vector<double> truth;
      std::vector<double> prediction;
      for (std::size_t i = 0; i < present.rows.size(); ++i) {
        if (label.code[present.rows[i]] != level) continue;
        truth.push_back(present.truth[i]);
        prediction.push_back(present.prediction[i]);
      }
      for (const auto& metric : metrics) {
        add_all(metric + "_" + label.levels[level], evaluate(metric, truth, prediction),
                truth.size());
      }
    }
  }

  // Sensitive = response below the drug's cut-off; the score is how far below it is predicted.
  void score_binary(const FoldView& view, const Present& present) {
    std::vector<double> sensitive;
    std::vector<double> score;
    for (std::size_t i = 0; i < present.truth.size(); ++i) {
      const double cut = view.cuts[present.position[i]];
      sensitive.push_back(present.truth[i] < cut ? 1.0 : 0.0);
      score.push_back(cut - present.prediction[i]);
    }
    for (const char* metric : {"auroc", "auprc", "mcc"}) {
      add_all(metric, evaluate(metric, sensitive, score), sensitive.size());
      add_groups(metric, present, sensitive, score, false);
    }
  }

  const StudyRun& run_;
  ScoreRow head_;
  std::vector<ScoreRow>& scores_;
};

}  // namespace

std::vector<std::string> plain_metrics() {
  return {"r2", "rmse", "mae", "pearson", "spearman", "kendall"};
}

std::vector<ScoreRow> score_run(const StudyRun& run, const Context& context) {
  if (has_vector_targets(run)) return sample_score_rows(run);
  struct Item {
    const SplitResult* split;
    const Entry* entry;
    std::size_t fold;
    const FoldView* view;
  };
  std::vector<std::vector<FoldView>> views(run.splits.size());
  std::vector<Item> items;
  for (std::size_t s = 0; s < run.splits.size(); ++s) {
    const SplitResult& split = run.splits[s];
    for (std::size_t f = 0; f < split.folds.size(); ++f)
      views[s].push_back(view_fold(run, split, f));
    for (const auto& entry : split.entries) {
      for (std::size_t f = 0; f < split.folds.size(); ++f) {
        items.push_back({&split, &entry, f, &views[s][f]});
      }
    }
  }
  std::vector<std::vector<ScoreRow>> parts(items.size());
  parallel_for(context, items.size(), [&](std::size_t i) {
    const Item& item = items[i];
    const std::size_t begin = item.split->fold_begin[item.fold];
    const std::span<const double> prediction(item.entry->values.data() + begin,
                                             item.split->fold_begin[item.fold + 1] - begin);
    const Present present = keep_present(*item.view, prediction);
    FoldScorer(run,
               {.split = item.split->name,
                .fold = static_cast<std::uint32_t>(item.fold),
                .seed = item.entry->seed,
                .predictor = run.predictors[item.entry->predictor]->info().name},
               parts[i])
        .score(*item.view, present);
  });
  std::vector<ScoreRow> scores;
  for (auto& part : parts) {
    scores.insert(scores.end(), std::make_move_iterator(part.begin()),
                  std::make_move_iterator(part.end()));
  }
  return scores;
}

std::string scores_csv(const std::vector<ScoreRow>& scores) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"split", "fold", "seed", "predictor", "metric", "group_kind",
                                   "group", "value", "n"});
  for (const auto& score : scores) {
    csv.text(score.split).integer(score.fold).integer(static_cast<std::int64_t>(score.seed));
    csv.text(score.predictor).text(score.metric).text(score.group_kind).text(score.group);
    csv.number(score.value).integer(static_cast<std::int64_t>(score.n)).end_row();
  }
  return csv.take();
}

}  // namespace cupel

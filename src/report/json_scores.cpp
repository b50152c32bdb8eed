// Sections about how well each predictor did: scores, groups, ladders, rankings, corrected tests.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "metric/metric.hpp"
#include "report/json_sections.hpp"
#include "stat/tests.hpp"
#include "study/sample_scores.hpp"

namespace cupel::detail {
namespace {

double mean_defined(const std::vector<double>& values) {
  double sum = 0.0;
  std::size_t n = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++n;
  }
  return n > 0 ? sum / static_cast<double>(n) : kUndefined;
}

double deviation(const std::vector<double>& values) {
  const double mean = mean_defined(values);
  double sum = 0.0;
  std::size_t n = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += (value - mean) * (value - mean);
    ++n;
  }
  return n > 1 ? std::sqrt(sum / static_cast<double>(n - 1)) : kUndefined;
}

std::size_t predictor_index(const StudyRun& run, const std::string& name) {
  for (std::size_t p = 0; p < run.predictors.size(); ++p) {
    if (run.predictors[p]->info().name == name) return p;
  }
  return run.predictors.size();
}

Bounds resampled_range(const AuditResults& results, const std::string& split,
                       const std::string& predictor, const std::string& metric,
                       const std::string& group_kind) {
  const std::string name = group_kind == "all" ? metric : group_kind + "_" + metric;
  const auto measure = find_measure(name, results.run);
  if (!measure) return {};
  const std::size_t p = predictor_index(results.run, predictor);
  const Evidence* evidence = evidence_of(results, split, p);
  if (evidence == nullptr) return {};
  return interval(*evidence->find(measure->name, p), results.run.study.statistics.confidence);
}

const TaskTable* find_table(const TaskComparison& tasks, const std::string& split,
                            const std::string& metric) {
  for (const auto& table : tasks.tables) {
    if (table.split == split && table.metric == metric) return &table;
  }
  return nullptr;
}

// Mean difference of the primary metric of the samples of a fold that both have a value for.
double sample_gain(const StudyRun& run, const SplitResult& split, const Entry& model,
                   const Entry& bar, std::size_t fold) {
  const auto primary = find_sample_metric(*run.area, run.study.primary_metric);
  if (!primary) return kUndefined;
  std::vector<double> gains;
  for (std::size_t i = split.fold_begin[fold]; i < split.fold_begin[fold + 1]; ++i) {
    gains.push_back(model.metrics(i, *primary) - bar.metrics(i, *primary));
  }
  return mean_defined(gains);
}

// Gain of a model over a baseline per fold, on the rows that the model predicts; seeds averaged.
std::vector<double> paired_gains(const AuditResults& results, const SplitResult& split,
                                 const std::string& model, const std::string& bar) {
  const std::string& metric = results.run.study.primary_metric;
  const Entry* reference = nullptr;
  for (const auto& entry : split.entries) {
    if (results.run.predictors[entry.predictor]->info().name == bar) reference = &entry;
  }
  std::vector<double> gains;
  for (std::size_t f = 0; f < split.folds.size(); ++f) {
    std::vector<double> seeds;
    for (const auto& entry : split.entries) {
      if (results.run.predictors[entry.predictor]->info().name != model) continue;
      if (has_vector_targets(results.run)) {
        seeds.push_back(sample_gain(results.run, split, entry, *reference, f));
        continue;
      }
      std::vector<double> truth;
      std::vector<double> prediction;
      std::vector<double> other;
      for (std::size_t i = split.fold_begin[f]; i < split.fold_begin[f + 1]; ++i) {
        if (std::isnan(entry.values[i]) || std::isnan(reference->values[i])) continue;
        truth.push_back(split.truth[i]);
        prediction.push_back(entry.values[i]);
        other.push_back(reference->values[i]);
      }
      seeds.push_back(evaluate(metric, truth, prediction) - evaluate(metric, truth, other));
    }
    const double gain = mean_defined(seeds);
    if (!std::isnan(gain)) gains.push_back(higher_is_better_of(results.run, metric) ? gain : -gain);
  }
  return gains;
}

// Groups that the report leaves out: levels of a single sample, and tasks where a fold is one.
bool is_shown_kind(const AuditResults& results, const std::string& split_name,
                   const std::string& kind) {
  const Dataset& data = results.run.data;
  const bool is_macro = kind.starts_with("macro_");
  const Entity* entity = data.find_entity(is_macro ? kind.substr(6) : kind);
  if (entity == nullptr) return true;
  if (is_one_per_sample(data, *entity)) return false;
  if (!is_macro || entity->name != task_word(data)) return true;
  return std::none_of(
      results.run.splits.begin(), results.run.splits.end(),
      [&](const SplitResult& split) { return split.name == split_name && has_tasks(split); });
}

}  // namespace

FoldValues fold_values(const AuditResults& results, const SplitResult& split) {
  std::map<std::string, std::vector<std::vector<double>>> by_fold;
  for (const auto& score : results.scores) {
    if (score.split != split.name || score.group_kind != "all" ||
        score.metric != results.run.study.primary_metric) {
      continue;
    }
    auto& folds = by_fold[score.predictor];
    folds.resize(split.folds.size());
    folds[score.fold].push_back(score.value);
  }
  FoldValues values;
  for (const auto& [predictor, folds] : by_fold) {
    for (const auto& seeds : folds) values[predictor].push_back(mean_defined(seeds));
  }
  for (const auto& published : results.run.published) {
    const auto found = published.values.find(results.run.study.primary_metric);
    if (published.split == split.name && found != published.values.end()) {
      values[published.info.name] = found->second;
    }
  }
  return values;
}

bool has_tasks(const SplitResult& split) {
  return !split.folds.empty() && !split.folds.front().task.empty();
}

bool higher_is_better_of(const StudyRun& run, const std::string& name) {
  if (has_vector_targets(run)) {
    const auto m = find_sample_metric(*run.area, name);
    return !m || run.area->sample_metrics()[*m].higher_is_better;
  }
  const MetricInfo* info = find_metric(name);
  return info == nullptr || info->higher_is_better;
}

std::vector<std::string> contestants(const AuditResults& results, const FoldValues& values) {
  const bool higher = higher_is_better_of(results.run, results.run.study.primary_metric);
  std::map<Rung, std::pair<std::string, double>> best;
  std::vector<std::string> names;
  const auto is_complete = [&](const std::string& name) {
    const auto found = values.find(name);
    return found != values.end() && std::none_of(found->second.begin(), found->second.end(),
                                                 [](double value) { return std::isnan(value); });
  };
  for (const auto& name : model_names(results.run)) {
    if (is_complete(name)) names.push_back(name);
  }
  for (const auto& predictor : results.run.predictors) {
    const PredictorInfo& info = predictor->info();
    if (info.is_model || info.is_oracle || !is_complete(info.name)) continue;
    const auto found = values.find(info.name);
    const double value = (higher ? 1.0 : -1.0) * mean_defined(found->second);
    const auto known = best.find(info.rung);
    if (known == best.end() || value > known->second.second) best[info.rung] = {info.name, value};
  }
  for (const auto& [rung, entry] : best) names.push_back(entry.first);
  return names;
}

Json scores_section(const AuditResults& results) {
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  struct Group {
    std::vector<double> values;
    std::size_t n = 0;
    std::size_t n_undefined = 0;
  };
  std::map<Key, Group> groups;
  std::vector<Key> order;
  std::map<std::pair<std::string, std::string>, bool> shown;  // by split and kind
  const auto is_shown = [&](const ScoreRow& score) {
    const auto [found, is_new] = shown.try_emplace({score.split, score.group_kind});
    if (is_new) found->second = is_shown_kind(results, score.split, score.group_kind);
    return found->second;
  };
  // Of samples with metrics of their own: those of a fold without a value are counted.
  std::map<std::string, std::vector<std::size_t>> fold_sizes;
  for (const auto& split : results.run.splits) {
    for (std::size_t f = 0; has_vector_targets(results.run) && f < split.folds.size(); ++f) {
      fold_sizes[split.name].push_back(split.fold_begin[f + 1] - split.fold_begin[f]);
    }
  }
  for (const auto& score : results.scores) {
    if (!is_shown(score)) continue;
    const bool is_macro = score.group_kind.starts_with("macro_");
    if (score.group_kind != "all" && !is_macro) {
      if (std::isnan(score.value)) {
        ++groups[{score.split, score.predictor, score.metric, "macro_" + score.group_kind}]
              .n_undefined;
      }
      continue;
    }
    const Key key{score.split, score.predictor, score.metric, score.group_kind};
    Group& group = groups[key];
    if (group.values.empty()) order.push_back(key);
    group.values.push_back(score.value);
    group.n += score.n;
    if (!is_macro && std::isnan(score.value)) ++group.n_undefined;
    if (fold_sizes.contains(score.split)) {
      group.n_undefined += fold_sizes.at(score.split).at(score.fold) - score.n;
    }
  }
  Json all = Json::array();
  for (const auto& key : order) {
    const auto& [split, predictor, metric, kind] = key;
    const Group& group = groups[key];
    const Bounds range = resampled_range(results, split, predictor, metric, kind);
    all.push_back({{"split", split},
                   {"predictor", predictor},
                   {"metric", metric},
                   {"group_kind", kind},
                   {"mean", mean_defined(group.values)},
                   {"sd", deviation(group.values)},
                   {"low", range.low},
                   {"high", range.high},
                   {"n", group.n},
                   {"n_undefined", group.n_undefined},
                   {"values", shortened(group.values)}});
  }
  return all;
}

Json groups_section(const AuditResults& results) {
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  struct Cell {
    double sum = 0.0;
    std::size_t n_defined = 0;
    std::size_t n = 0;
  };
  std::map<Key, std::map<std::string, Cell>> groups;
  std::vector<Key> order;
  std::map<std::string, bool> shown;  // by kind
  for (const auto& score : results.scores) {
    if (score.group_kind == "all" || score.group_kind.starts_with("macro_")) continue;
    const auto [found, is_new] = shown.try_emplace(score.group_kind);
    if (is_new) found->second = is_shown_kind(results, score.split, score.group_kind);
    if (!found->second) continue;
    // The page shows these; scores.csv has all of them.
    if (score.metric == "mae" || score.metric == "kendall") continue;
    const Key key{score.split, score.predictor, score.metric, score.group_kind};
    auto& group = groups[key];
    if (group.empty()) order.push_back(key);
    Cell& cell = group[score.group];
    cell.n += score.n;
    if (std::isnan(score.value)) continue;
    cell.sum += score.value;
    ++cell.n_defined;
  }
  Json all = Json::array();
  for (const auto& key : order) {
    std::vector<std::string> names;
    std::vector<double> values;
    std::vector<std::size_t> counts;
    for (const auto& [name, cell] : groups[key]) {
      names.push_back(name);
      values.push_back(cell.n_defined > 0 ? cell.sum / static_cast<double>(cell.n_defined)
                                          : kUndefined);
      counts.push_back(cell.n);
    }
    all.push_back({{"split", std::get<0>(key)},
                   {"predictor", std::get<1>(key)},
                   {"metric", std::get<2>(key)},
                   {"group_kind", std::get<3>(key)},
                   {"groups", names},
                   {"values", shortened(values)},
                   {"n", counts}});
  }
  return all;
}

namespace {

struct Step {
  const PredictorInfo* info = nullptr;
  double value = kUndefined;
  Bounds range;
  bool is_published = false;
};

// Where the folds are tasks: the mean over them, and how sure it is over them.
std::vector<Step> task_steps(const TaskTable& table) {
  std::vector<Step> steps;
  for (const auto& predictor : table.predictors) {
    if (std::isnan(predictor.mean)) continue;
    steps.push_back(
        {&predictor.info, predictor.mean, {predictor.low, predictor.high}, predictor.is_published});
  }
  return steps;
}

std::vector<Step> resampled_steps(const AuditResults& results, const SplitResult& split) {
  const StudyRun& run = results.run;
  const auto measure = find_measure(run.study.primary_metric, run);
  std::vector<Step> steps;
  for (std::size_t p = 0; p < run.predictors.size(); ++p) {
    const Evidence* evidence = evidence_of(results, split.name, p);
    if (evidence == nullptr || !measure) continue;
    const Sample& sample = *evidence->find(measure->name, p);
    // Of profiles a metric without a value is an answer: it stands on the ladder as such.
    if (std::isnan(sample.point) && !has_vector_targets(run)) continue;
    steps.push_back({&run.predictors[p]->info(), sample.point,
                     interval(sample, run.study.statistics.confidence)});
  }
  return steps;
}

Json steps_json(std::vector<Step> steps, bool higher) {
  std::map<Rung, double> best;
  for (const auto& step : steps) {
    if (std::isnan(step.value)) continue;
    const auto [known, is_new] = best.try_emplace(step.info->rung, step.value);
    if (higher ? step.value > known->second : step.value < known->second) {
      known->second = step.value;
    }
  }
  std::stable_sort(steps.begin(), steps.end(), [&](const Step& a, const Step& b) {
    const PredictorInfo& x = *a.info;
    const PredictorInfo& y = *b.info;
    if (x.is_model != y.is_model) return y.is_model;
    if (!x.is_model && x.rung != y.rung) return x.rung < y.rung;
    if (std::isnan(a.value) != std::isnan(b.value)) return std::isnan(a.value);
    return higher ? a.value < b.value : a.value > b.value;
  });
  Json list = Json::array();
  for (const auto& step : steps) {
    list.push_back(
        {{"predictor", step.info->name},
         {"title", step.info->title},
         {"rung", to_string(step.info->rung)},
         {"value", step.value},
         {"low", step.range.low},
         {"high", step.range.high},
         {"is_model", step.info->is_model},
         {"is_published", step.is_published},
         {"best_of_rung", !std::isnan(step.value) && step.value == best.at(step.info->rung)}});
  }
  return list;
}

}  // namespace

Json ladders_section(const AuditResults& results) {
  const StudyRun& run = results.run;
  const std::string& metric = run.study.primary_metric;
  const auto measure = find_measure(metric, run);
  const bool higher = measure && measure->higher_is_better;
  Json all = Json::array();
  for (const auto& split : run.splits) {
    const TaskTable* table = find_table(results.tasks, split.name, metric);
    const double ceiling = metric == "rmse" ? results.noise.sd
                           : metric == "r2" ? results.noise.ceiling_r2
                                            : kUndefined;
    all.push_back({{"split", split.name},
                   {"metric", metric},
                   {"higher_is_better", higher},
                   {"over", table == nullptr ? "" : task_word(run.data)},
                   {"ceiling", ceiling},
                   {"steps", steps_json(table == nullptr ? resampled_steps(results, split)
                                                         : task_steps(*table),
                                        higher)}});
  }
  return all;
}

Json rankings_section(const AuditResults& results) {
  const std::string& metric = results.run.study.primary_metric;
  const bool higher = higher_is_better_of(results.run, metric);
  Json all = Json::array();
  for (const auto& split : results.run.splits) {
    const FoldValues values = fold_values(results, split);
    const auto names = contestants(results, values);
    if (names.size() < 3 || split.folds.size() < 2) continue;
    Matrix<double> scores(split.folds.size(), names.size());
    for (std::size_t k = 0; k < names.size(); ++k) {
      for (std::size_t f = 0; f < split.folds.size(); ++f) scores(f, k) = values.at(names[k])[f];
    }
    const RankComparison comparison = compare_ranks(scores, higher);
    const double critical = nemenyi_critical_difference(
        names.size(), split.folds.size(), 1.0 - results.run.study.statistics.confidence);
    Json ranks = Json::array();
    for (std::size_t k = 0; k < names.size(); ++k) {
      const PredictorInfo& info = *find_info(results.run, names[k]);
      ranks.push_back({{"predictor", info.name},
                       {"title", info.title},
                       {"rank", comparison.average_rank[k]},
                       {"is_model", info.is_model}});
    }
    std::vector<std::vector<std::string>> cliques;
    for (const auto& clique : rank_cliques(comparison.average_rank, critical)) {
      auto& members = cliques.emplace_back();
      for (const std::size_t k : clique) members.push_back(names[k]);
    }
    all.push_back({{"split", split.name},
                   {"metric", metric},
                   {"n_blocks", split.folds.size()},
                   {"chi2", comparison.friedman.statistic},
                   {"p_value", comparison.friedman.p_value},
                   {"critical_difference", critical},
                   {"ranks", ranks},
                   {"cliques", cliques}});
  }
  return all;
}

Json corrected_tests_section(const AuditResults& results) {
  const StudyRun& run = results.run;
  struct Row {
    std::string split, predictor, against;
    TTest test;
    std::size_t n_folds;
  };
  std::vector<Row> rows;
  std::vector<double> p_values;
  for (const auto& split : run.splits) {
    // Tasks share no training rows: their contrasts are those of tasks_section.
    if (split.folds.size() < 2 || has_tasks(split)) continue;
    const Split& first = split.folds.front();
    const double ratio = static_cast<double>(first.count(Role::test)) /
                         static_cast<double>(std::max<std::size_t>(first.count(Role::train), 1));
    std::set<std::pair<std::string, std::string>> done;
    for (const auto& finding : results.findings) {
      if (finding.split != split.name || !is_primary(results, finding)) continue;
      if (!done.insert({finding.predictor, finding.against}).second) continue;
      const auto gains = paired_gains(results, split, finding.predictor, finding.against);
      if (gains.size() < 2) continue;
      rows.push_back({split.name, finding.predictor, finding.against,
                      corrected_cv_t_test(gains, ratio, run.study.statistics.confidence),
                      gains.size()});
      p_values.push_back(rows.back().test.p_value);
    }
  }
  const auto adjusted = holm(p_values);
  Json all = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    all.push_back({{"split", rows[i].split},
                   {"metric", run.study.primary_metric},
                   {"predictor", rows[i].predictor},
                   {"against", rows[i].against},
                   {"difference", rows[i].test.mean},
                   {"low", rows[i].test.low},
                   {"high", rows[i].test.high},
                   {"p_value", rows[i].test.p_value},
                   {"p_adjusted", adjusted[i]},
                   {"n_folds", rows[i].n_folds}});
  }
  return all;
}

}  // namespace cupel::detail

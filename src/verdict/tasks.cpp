#include "verdict/tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "metric/metric.hpp"
#include "stat/tests.hpp"
#include "stat/unit_means.hpp"
#include "verdict/evidence.hpp"
#include "verdict/judge.hpp"

namespace cupel {
namespace {

// Tasks in the order of the folds, and which one every fold is about.
struct Tasks {
  std::vector<std::string> ids;
  std::vector<std::size_t> of_fold;
};

Tasks tasks_of(const SplitResult& split) {
  Tasks tasks;
  for (const auto& fold : split.folds) {
    if (fold.task.empty()) return {};
    const auto found = std::find(tasks.ids.begin(), tasks.ids.end(), fold.task);
    tasks.of_fold.push_back(static_cast<std::size_t>(found - tasks.ids.begin()));
    if (found == tasks.ids.end()) tasks.ids.push_back(fold.task);
  }
  return tasks;
}

// Mean per task over folds and seeds; undefined values are left out of it.
class TaskMeans {
 public:
  explicit TaskMeans(std::size_t n_tasks) : sum_(n_tasks, 0.0), n_(n_tasks, 0) {}
  void add(std::size_t task, double value) {
    if (std::isnan(value)) return;
    sum_[task] += value;
    ++n_[task];
  }
  [[nodiscard]] std::vector<double> values() const {
    std::vector<double> out(sum_.size(), kUndefined);
    for (std::size_t t = 0; t < out.size(); ++t) {
      if (n_[t] > 0) out[t] = sum_[t] / static_cast<double>(n_[t]);
    }
    return out;
  }

 private:
  std::vector<double> sum_;
  std::vector<std::size_t> n_;
};

// "rmse" of "rmse_cliff".
const MetricInfo* base_metric(const std::string& name) {
  if (const MetricInfo* plain = find_metric(name)) return plain;
  return find_metric(name.substr(0, name.find('_')));
}

std::string metric_title(const std::string& name) {
  const MetricInfo* base = base_metric(name);
  if (base == nullptr) return name;
  if (base->name == name) return base->title;
  return base->title + level_words(name.substr(base->name.size() + 1));
}

// The primary metric, then the same within the levels of the samples' labels.
std::vector<std::string> metrics_of(const StudyRun& run) {
  std::vector<std::string> names{run.study.primary_metric};
  for (const auto& label : run.data.sample_labels) {
    for (const auto& level : label.levels) names.push_back(names.front() + "_" + level);
  }
  return names;
}

Sample mean_over_tasks(std::span<const double> values, const UnitDraws& draws) {
  const auto mean = [&](auto weight_of) {
    double sum = 0.0;
    double total = 0.0;
    for (std::size_t t = 0; t < values.size(); ++t) {
      if (std::isnan(values[t])) continue;
      const double weight = weight_of(t);
      sum += weight * values[t];
      total += weight;
    }
    return total > 0.0 ? sum / total : kUndefined;
  };
  Sample sample{.point = mean([](std::size_t) { return 1.0; })};
  for (std::size_t d = 0; d < draws.n_draws(); ++d) {
    const auto counts = draws.counts.row(d);
    sample.draws.push_back(mean([&](std::size_t t) { return static_cast<double>(counts[t]); }));
  }
  for (std::size_t out = 0; out < values.size(); ++out) {
    if (std::isnan(values[out])) continue;
    sample.jackknife_a.push_back(mean([&](std::size_t t) { return t == out ? 0.0 : 1.0; }));
  }
  return sample;
}

class Comparison {
 public:
  Comparison(const StudyRun& run, const std::vector<ScoreRow>& scores, const Context& context)
      : run_(run), scores_(scores), context_(context) {}

  TaskComparison compare() {
    for (const auto& split : run_.splits) {
      const Tasks tasks = tasks_of(split);
      if (tasks.ids.size() < 2) continue;
      draws_ = draw_units(tasks.ids.size(), run_.study.statistics.draws, run_.study.seed,
                          "bootstrap tasks", context_);
      for (const auto& metric : metrics_of(run_)) {
        TaskTable table = make_table(split, tasks, metric);
        if (table.predictors.empty()) continue;
        add_contrasts(split, table);
        out_.tables.push_back(std::move(table));
      }
    }
    judge_all();
    for (const auto& table : out_.tables) {
      if (table.metric == run_.study.primary_metric) summarise(table);
    }
    return std::move(out_);
  }

 private:
  std::vector<std::size_t> count_test_rows(const SplitResult& split, const Tasks& tasks,
                                           const std::string& metric) const {
    // Of a label's level only its rows count.
    const std::string level = metric == run_.study.primary_metric
                                  ? std::string()
                                  : metric.substr(run_.study.primary_metric.size() + 1);
    std::vector<std::size_t> n(tasks.ids.size(), 0);
    for (std::size_t i = 0; i < split.rows.size(); ++i) {
      if (level.empty() || has_level(split.rows[i], level)) ++n[tasks.of_fold[split.fold[i]]];
    }
    return n;
  }

  bool has_level(std::uint32_t sample, const std::string& level) const {
    return std::ranges::any_of(run_.data.sample_labels, [&](const LabelBlock& label) {
      const std::uint32_t code = label.code[sample];
      return code != LabelBlock::kUnknown && label.levels[code] == level;
    });
  }

  TaskTable make_table(const SplitResult& split, const Tasks& tasks, const std::string& metric) {
    const MetricInfo* info = base_metric(metric);
    TaskTable table{.split = split.name,
                    .metric = metric,
                    .higher_is_better = info != nullptr && info->higher_is_better,
                    .tasks = tasks.ids,
                    .n_test = count_test_rows(split, tasks, metric)};
    std::map<std::string, TaskMeans> means;
    for (const auto& score : scores_) {
      if (score.split != split.name || score.metric != metric || score.group_kind != "all")
        continue;
      means.try_emplace(score.predictor, tasks.ids.size())
          .first->second.add(tasks.of_fold.at(score.fold), score.value);
    }
    std::vector<std::vector<double>> rows;
    for (const auto& predictor : run_.predictors) {
      const auto found = means.find(predictor->info().name);
      if (found == means.end()) continue;
      table.predictors.push_back({.info = predictor->info()});
      rows.push_back(found->second.values());
    }
    for (const auto& published : run_.published) {
      const auto found = published.values.find(metric);
      if (published.split != split.name || found == published.values.end()) continue;
      TaskMeans one(tasks.ids.size());
      for (std::size_t f = 0; f < found->second.size(); ++f) {
        one.add(tasks.of_fold.at(f), found->second[f]);
      }
      table.predictors.push_back({.info = published.info, .is_published = true});
      auto& info_of = table.predictors.back().info;
      info_of.is_model = true;
      if (info_of.sees.empty()) info_of.sees = run_.area->model_information(run_.data);
      if (info_of.title.empty()) info_of.title = info_of.name;
      rows.push_back(one.values());
    }
    table.values = Matrix<double>(rows.size(), tasks.ids.size());
    for (std::size_t p = 0; p < rows.size(); ++p) {
      std::ranges::copy(rows[p], table.values.row(p).begin());
      const Sample mean = mean_over_tasks(rows[p], draws_);
      const Bounds range = interval(mean, run_.study.statistics.confidence);
      table.predictors[p].mean = mean.point;
      table.predictors[p].low = range.low;
      table.predictors[p].high = range.high;
    }
    return table;
  }

  // Gain of the model over the baseline per task; NaN where one of them has no value.
  static std::vector<double> gains(const TaskTable& table, std::size_t model, std::size_t bar) {
    const double sign = table.higher_is_better ? 1.0 : -1.0;
    std::vector<double> out;
    for (std::size_t t = 0; t < table.tasks.size(); ++t) {
      out.push_back(sign * (table.values(model, t) - table.values(bar, t)));
    }
    return out;
  }

  static double mean_defined(std::span<const double> values) {
    double sum = 0.0;
    double n = 0.0;
    for (const double value : values) {
      if (std::isnan(value)) continue;
      sum += value;
      n += 1.0;
    }
    return n > 0.0 ? sum / n : kUndefined;
  }

  // The blind baseline over which the model's mean gain is smallest, on the tasks both have.
  static std::optional<std::size_t> find_bar(const TaskTable& table, std::size_t model,
                                             const Hypothesis& hypothesis) {
    std::optional<std::size_t> best;
    double smallest = 0.0;
    for (std::size_t p = 0; p < table.predictors.size(); ++p) {
      if (table.predictors[p].is_published || !is_blind(table.predictors[p].info, hypothesis)) {
        continue;
      }
      const double gain = mean_defined(gains(table, model, p));
      if (std::isnan(gain) || (best && gain >= smallest)) continue;
      best = p;
      smallest = gain;
    }
    return best;
  }

  void add_contrasts(const SplitResult& split, const TaskTable& table) {
    const std::string neighbour = run_.area->neighbour_baseline();
    const auto beside = std::ranges::find_if(table.predictors, [&](const TaskPredictor& predictor) {
      return !neighbour.empty() && predictor.info.name == neighbour;
    });
    for (std::size_t model = 0; model < table.predictors.size(); ++model) {
      if (!table.predictors[model].info.is_model) continue;
      for (const auto& hypothesis : run_.area->hypotheses()) {
        if (hypothesis.about_pairs || !tests(hypothesis, split) ||
            !may_learn(table.predictors[model].info, hypothesis)) {
          continue;
        }
        if (const auto bar = find_bar(table, model, hypothesis)) {
          add_contrast(table, model, *bar, hypothesis.id);
        }
      }
      if (beside != table.predictors.end()) {
        add_contrast(table, model, static_cast<std::size_t>(beside - table.predictors.begin()), "");
      }
    }
  }

  void add_contrast(const TaskTable& table, std::size_t model, std::size_t bar,
                    const std::string& hypothesis) {
    const std::vector<double> gain = gains(table, model, bar);
    std::vector<double> defined;
    double bar_sum = 0.0;
    TaskContrast contrast{.split = table.split,
                          .metric = table.metric,
                          .hypothesis = hypothesis,
                          .model = table.predictors[model].info.name,
                          .against = table.predictors[bar].info.name,
                          .is_published = table.predictors[model].is_published};
    for (std::size_t t = 0; t < gain.size(); ++t) {
      if (std::isnan(gain[t])) continue;
      defined.push_back(gain[t]);
      bar_sum += table.values(bar, t);
      contrast.n_better += gain[t] > 0.0 ? 1 : 0;
      contrast.n_worse += gain[t] < 0.0 ? 1 : 0;
    }
    contrast.n_tasks = defined.size();
    if (defined.empty()) return;
    const Sample mean = mean_over_tasks(gain, draws_);
    const Bounds range = interval(mean, run_.study.statistics.confidence);
    contrast.difference = mean.point;
    contrast.low = range.low;
    contrast.high = range.high;
    contrast.p_value = wilcoxon_signed_rank(defined).p_value;
    contrast.margin = margin_of(run_.study.margin, table.higher_is_better,
                                bar_sum / static_cast<double>(defined.size()));
    const Bounds narrow = interval(mean, 2.0 * run_.study.statistics.confidence - 1.0);
    contrast.equivalent =
        equivalence(narrow.low, narrow.high, contrast.margin) == Equivalence::equivalent;
    out_.contrasts.push_back(std::move(contrast));
  }

  // Holm within the families: a metric's contrasts with a hypothesis, and those just beside.
  void judge_all() {
    std::map<std::pair<std::string, bool>, std::vector<std::size_t>> families;
    for (std::size_t i = 0; i < out_.contrasts.size(); ++i) {
      const TaskContrast& contrast = out_.contrasts[i];
      families[{contrast.metric, contrast.hypothesis.empty()}].push_back(i);
    }
    for (const auto& [family, members] : families) {
      std::vector<double> p_values;
      for (const std::size_t i : members) p_values.push_back(out_.contrasts[i].p_value);
      const std::vector<double> adjusted = holm(p_values);
      for (std::size_t i = 0; i < members.size(); ++i) {
        TaskContrast& contrast = out_.contrasts[members[i]];
        contrast.p_adjusted = adjusted[i];
        contrast.verdict =
            decide(contrast.difference, contrast.low, contrast.high, contrast.p_adjusted,
                   contrast.margin, run_.study.statistics.confidence);
        contrast.sentence = sentence_of(contrast);
        contrast.recommendation = recommendation_of(contrast);
      }
    }
  }

  std::string title_of(const std::string& name) const {
    for (const auto& predictor : run_.predictors) {
      if (predictor->info().name == name) return predictor->info().title;
    }
    for (const auto& published : run_.published) {
      if (published.info.name == name && !published.info.title.empty()) return published.info.title;
    }
    return name;
  }

  std::string tasks_word(std::size_t n) const {
    const bool is_assay = run_.data.find_entity("assay") != nullptr;
    return std::string(is_assay ? "assay" : "task") + (n == 1 ? "" : "s");
  }

  std::string sentence_of(const TaskContrast& contrast) const {
    const MetricInfo* base = base_metric(contrast.metric);
    const bool higher = base != nullptr && base->higher_is_better;
    const bool model_leads = contrast.n_better >= contrast.n_worse;
    const std::string model = title_of(contrast.model);
    const std::string bar = title_of(contrast.against);
    const char* end = contrast.verdict == Verdict::learned     ? "a gain that matters"
                      : contrast.verdict == Verdict::not_shown ? "no gain that matters"
                      : contrast.verdict == Verdict::worse     ? "a loss that matters"
                                                               : "not enough to tell";
    return fmt::format(
        "{} has the {} {} than {} on {} of {} {} (mean gain of {} {:+.3g} [{:.3g}, {:.3g}], margin "
        "{:.2g}): {}{}.",
        model_leads ? model : bar, higher ? "higher" : "lower", metric_title(contrast.metric),
        model_leads ? bar : model, model_leads ? contrast.n_better : contrast.n_worse,
        contrast.n_tasks, tasks_word(contrast.n_tasks), model, contrast.difference, contrast.low,
        contrast.high, contrast.margin, end,
        contrast.equivalent ? "; the two are equivalent within the margin" : "");
  }

  Hypothesis hypothesis_of(const TaskContrast& contrast) const {
    for (const auto& hypothesis : run_.area->hypotheses()) {
      if (hypothesis.id == contrast.hypothesis) return hypothesis;
    }
    return {};  // just beside a baseline
  }

  std::string recommendation_of(const TaskContrast& contrast) const {
    const std::string bar = title_of(contrast.against);
    switch (contrast.verdict) {
      case Verdict::learned:
        return fmt::format("Report the gain over {} in every {}, not the raw score alone.", bar,
                           tasks_word(1));
      case Verdict::not_shown:
        return advice_if_not_shown(hypothesis_of(contrast), bar);
      case Verdict::worse:
        return fmt::format("Use {} instead, or find out what the model loses to it.", bar);
      case Verdict::cannot_tell:
        return fmt::format(
            "Add {} (there are {}){}.", tasks_word(2), contrast.n_tasks,
            contrast.is_published ? ", or get the predictions, so that rows can be paired" : "");
    }
    return {};
  }

  const TaskPredictor* best_of(const TaskTable& table, bool models) const {
    const TaskPredictor* best = nullptr;
    for (const auto& predictor : table.predictors) {
      if (predictor.info.is_model != models || predictor.info.is_oracle) continue;
      if (std::isnan(predictor.mean)) continue;
      if (best == nullptr ||
          (table.higher_is_better ? predictor.mean > best->mean : predictor.mean < best->mean)) {
        best = &predictor;
      }
    }
    return best;
  }

  void summarise(const TaskTable& table) {
    const std::string metric = metric_title(table.metric);
    const TaskPredictor* model = best_of(table, true);
    const TaskPredictor* baseline = best_of(table, false);
    if (model != nullptr && baseline != nullptr) {
      out_.sentences.push_back(fmt::format(
          "Mean {} over {} {}: best model {} {:.3f} [{:.3f}, {:.3f}], best baseline {} {:.3f} "
          "[{:.3f}, {:.3f}].",
          metric, table.tasks.size(), tasks_word(table.tasks.size()), model->info.title,
          model->mean, model->low, model->high, baseline->info.title, baseline->mean, baseline->low,
          baseline->high));
    }
    for (const bool published : {true, false}) summarise_beside(table, published);
  }

  // How many models the neighbour baseline beats on most tasks, and each of them.
  void summarise_beside(const TaskTable& table, bool published) {
    std::vector<const TaskContrast*> beside;
    for (const auto& contrast : out_.contrasts) {
      if (contrast.split == table.split && contrast.metric == table.metric &&
          contrast.hypothesis.empty() && contrast.is_published == published) {
        beside.push_back(&contrast);
      }
    }
    if (beside.empty()) return;
    std::ranges::stable_sort(beside, std::greater<>(), [](const TaskContrast* contrast) {
      return std::pair(contrast->n_worse, contrast->n_tasks);
    });
    if (!published && beside.size() == 1) {
      out_.sentences.push_back(beside.front()->sentence);
      return;
    }
    const auto n_beaten = std::ranges::count_if(beside, [](const TaskContrast* contrast) {
      return 2 * contrast->n_worse > contrast->n_tasks;
    });
    out_.sentences.push_back(fmt::format(
        "{} has the {} {} than {} of {} {} on most {}: {}.", title_of(beside.front()->against),
        table.higher_is_better ? "higher" : "lower", metric_title(table.metric),
        n_beaten == 0 ? "none" : std::to_string(n_beaten), beside.size(),
        published ? "published models" : "models under audit", tasks_word(2), by_count(beside)));
  }

  // "AFP, CNN and MLP on 30 of 30; SVM on 12 of 30": models of one count stand together.
  std::string by_count(std::span<const TaskContrast* const> beside) const {
    std::string list;
    for (std::size_t i = 0; i < beside.size();) {
      const TaskContrast& first = *beside[i];
      std::string names;
      for (; i < beside.size() && beside[i]->n_worse == first.n_worse &&
             beside[i]->n_tasks == first.n_tasks;
           ++i) {
        names += (names.empty() ? "" : ", ") + title_of(beside[i]->model);
      }
      list += fmt::format("{}{} on {} of {}", list.empty() ? "" : "; ", names, first.n_worse,
                          first.n_tasks);
    }
    return list;
  }

  const StudyRun& run_;
  const std::vector<ScoreRow>& scores_;
  const Context& context_;
  UnitDraws draws_;
  TaskComparison out_;
};

}  // namespace

std::string level_words(const std::string& level) {
  if (level == "cliff") return " on cliff compounds";
  if (level == "noncliff") return " on other compounds";
  return " (" + level + ")";
}

TaskComparison compare_tasks(const StudyRun& run, const std::vector<ScoreRow>& scores,
                             const Context& context) {
  return Comparison(run, scores, context).compare();
}

}  // namespace cupel

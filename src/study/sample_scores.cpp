#include "study/sample_scores.hpp"

#include <cmath>

#include "base/parallel.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

struct Mean {
  double sum = 0.0;
  std::size_t n = 0;
  void add(double value) {
    if (std::isnan(value)) return;
    sum += value;
    ++n;
  }
  [[nodiscard]] double value() const { return n > 0 ? sum / static_cast<double>(n) : kUndefined; }
};

class FoldRows {
 public:
  FoldRows(const StudyRun& run, const SplitResult& split, const Entry& entry, std::size_t fold)
      : run_(run), split_(split), entry_(entry), fold_(fold) {}

  void add_to(std::vector<ScoreRow>& out) const {
    const auto metrics = run_.area->sample_metrics();
    const Entity& first = run_.data.entities.front();
    const Entity& second = run_.data.entities.back();
    const bool has_levels = run_.data.entities.size() > 1 && second.ids.size() > 1;
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      Mean all;
      std::vector<Mean> levels(second.ids.size());
      for (std::size_t i = begin(); i < end(); ++i) {
        all.add(entry_.metrics(i, m));
        levels[second.code_of_sample[split_.rows[i]]].add(entry_.metrics(i, m));
      }
      out.push_back(row(metrics[m].name, "all", "", all.value(), all.n));
      for (std::size_t k = 0; has_levels && k < levels.size(); ++k) {
        if (levels[k].n == 0) continue;
        out.push_back(
            row(metrics[m].name, second.name, second.ids[k], levels[k].value(), levels[k].n));
      }
      for (std::size_t i = begin(); i < end(); ++i) {
        out.push_back(row(metrics[m].name, first.name, sample_name(run_.data, split_.rows[i]),
                          entry_.metrics(i, m), 1));
      }
    }
  }

 private:
  [[nodiscard]] std::size_t begin() const { return split_.fold_begin[fold_]; }
  [[nodiscard]] std::size_t end() const { return split_.fold_begin[fold_ + 1]; }

  [[nodiscard]] ScoreRow row(const std::string& metric, const std::string& kind,
                             const std::string& group, double value, std::size_t n) const {
    return {.split = split_.name,
            .fold = static_cast<std::uint32_t>(fold_),
            .seed = entry_.seed,
            .predictor = run_.predictors[entry_.predictor]->info().name,
            .metric = metric,
            .group_kind = kind,
            .group = group,
            .value = value,
            .n = n};
  }

  const StudyRun& run_;
  const SplitResult& split_;
  const Entry& entry_;
  std::size_t fold_;
};

}  // namespace

bool has_vector_targets(const StudyRun& run) noexcept {
  return run.area != nullptr && !run.area->sample_metrics().empty();
}

std::optional<std::size_t> find_sample_metric(const Area& area, std::string_view name) {
  const auto metrics = area.sample_metrics();
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].name == name) return m;
  }
  return std::nullopt;
}

void score_samples(StudyRun& run, const Context& context) {
  struct Item {
    SplitResult* split;
    Entry* entry;
    std::size_t fold;
  };
  const std::size_t n_metrics = run.area->sample_metrics().size();
  std::vector<Item> items;
  for (auto& split : run.splits) {
    for (auto& entry : split.entries) {
      entry.metrics = Matrix<double>(split.rows.size(), n_metrics, kUndefined);
      for (std::size_t f = 0; f < split.folds.size(); ++f) items.push_back({&split, &entry, f});
    }
  }
  const std::size_t n_outputs = run.data.n_outputs();
  parallel_for(context, items.size(), [&](std::size_t k) {
    const auto& [split, entry, fold] = items[k];
    const std::size_t begin = split->fold_begin[fold];
    const std::size_t n = split->fold_begin[fold + 1] - begin;
    const std::span<const double> values(entry->values.data() + begin * n_outputs, n * n_outputs);
    const Matrix<double> scores = run.area->score_samples(
        run.data, split->folds[fold], std::span(split->rows).subspan(begin, n), values);
    if (scores.rows != n || scores.cols != n_metrics) {
      fail(ErrorKind::internal, "score_samples of the area has another shape than its metrics");
    }
    for (std::size_t i = 0; i < n; ++i) {
      std::ranges::copy(scores.row(i), entry->metrics.row(begin + i).begin());
    }
  });
}

std::vector<double> primary_of_rows(const StudyRun& run, const Split& fold,
                                    std::span<const double> prediction) {
  const auto primary = find_sample_metric(*run.area, run.study.primary_metric);
  const auto rows = fold.rows(Role::test);
  std::vector<double> out(rows.size(), kUndefined);
  if (!primary) return out;
  const Matrix<double> scores = run.area->score_samples(run.data, fold, rows, prediction);
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = scores(i, *primary);
  return out;
}

double mean_primary(const StudyRun& run, const Split& fold, std::span<const double> prediction) {
  Mean mean;
  for (const double value : primary_of_rows(run, fold, prediction)) mean.add(value);
  return mean.value();
}

std::string sample_name(const Dataset& data, std::uint32_t sample) {
  const Entity& first = data.entities.front();
  std::string name = first.ids[first.code_of_sample[sample]];
  const Entity& second = data.entities.back();
  if (data.entities.size() > 1 && second.ids.size() > 1) {
    name += " @ " + second.ids[second.code_of_sample[sample]];
  }
  return name;
}

std::vector<ScoreRow> sample_score_rows(const StudyRun& run) {
  std::vector<ScoreRow> rows;
  for (const auto& split : run.splits) {
    for (const auto& entry : split.entries) {
      for (std::size_t f = 0; f < split.folds.size(); ++f) {
        FoldRows(run, split, entry, f).add_to(rows);
      }
    }
  }
  return rows;
}

}  // namespace cupel

#include "study/published.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "io/csv.hpp"
#include "metric/metric.hpp"

namespace cupel {
namespace {

struct MetricColumn {
  std::string metric;
  const Column* column = nullptr;
};

/// "rmse", or "rmse_cliff" where the samples have a label with the level "cliff".
void check_metric(const std::string& name, const Dataset& data, const PublishedSpec& spec) {
  std::vector<std::string> known;
  for (const auto& metric : metrics()) {
    known.push_back(metric.name);
    for (const auto& label : data.sample_labels) {
      for (const auto& level : label.levels) known.push_back(metric.name + "_" + level);
    }
  }
  if (contains(known, name)) return;
  const std::string near = nearest_word(name, known);
  fail_input("published scores: there is no metric \"" + name + "\" in this study",
             {.file = spec.file}, near.empty() ? "" : "did you mean \"" + near + "\"?");
}

std::vector<MetricColumn> metric_columns(const Table& table, const PublishedSpec& spec,
                                         const Dataset& data) {
  std::vector<MetricColumn> out;
  for (const auto& [metric, name] : spec.metrics) {
    check_metric(metric, data, spec);
    const Column& column = table.at(name);
    if (column.type == ColumnType::text && table.n_rows > 0) {
      fail_input("published scores have to be numbers",
                 {.file = table.source,
                  .row = table.line(0),
                  .column_name = name,
                  .value = std::string(column.text(0)).substr(0, 80)},
                 "leave the cell empty where there is no score");
    }
    out.push_back({metric, &column});
  }
  return out;
}

std::string model_at(const std::vector<const Column*>& columns, std::size_t row) {
  std::vector<std::string> words;
  for (const Column* column : columns) {
    if (!column->is_missing(row)) words.emplace_back(trimmed(column->as_text(row)));
  }
  return join(words, " ");
}

/// The folds of the split that are about the task.
std::vector<std::size_t> folds_of(const SplitResult& split, const std::string& task) {
  std::vector<std::size_t> out;
  for (std::size_t f = 0; f < split.folds.size(); ++f) {
    if (split.folds[f].task == task) out.push_back(f);
  }
  return out;
}

class PublishedTable {
 public:
  PublishedTable(const PublishedSpec& spec, const Table& table, const SplitResult& split,
                 const Area& area, const Dataset& data)
      : spec_(spec),
        table_(table),
        split_(split),
        sees_(spec.sees.empty() ? area.model_information(data)
                                : Information(spec.sees.begin(), spec.sees.end())),
        task_(table.at(spec.task)),
        metrics_(metric_columns(table, spec, data)) {
    for (const auto& name : spec.model) model_.push_back(&table.at(name));
  }

  std::vector<PublishedScores> read(Diagnostics& diagnostics) {
    std::vector<std::string> seen;
    std::size_t n_matched = 0;
    for (std::size_t row = 0; row < table_.n_rows; ++row) {
      const std::string model = model_at(model_, row);
      if (!contains(seen, model)) seen.push_back(model);
      if (!spec_.only.empty() && !contains(spec_.only, model)) continue;
      const std::string task(trimmed(task_.as_text(row)));
      const auto folds = folds_of(split_, task);
      if (folds.empty()) {
        diagnostics.add("published_unknown_task", Severity::warning,
                        "Lines of published scores about assays that the split \"" + split_.name +
                            "\" does not have were ignored.",
                        "line " + std::to_string(table_.line(row)) + ": " + task);
        continue;
      }
      ++n_matched;
      add(scores_of(model), row, folds, diagnostics);
    }
    for (const auto& name : spec_.only) {
      if (contains(seen, name)) continue;
      const std::string near = nearest_word(name, seen);
      fail_input(
          "the published scores have no model \"" + name + "\"", {.file = table_.source},
          (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "models: " + join(seen, ", "));
    }
    if (n_matched > 0) return std::move(scores_);
    std::vector<std::string> tasks;
    for (const auto& fold : split_.folds) tasks.push_back(fold.task);
    fail_input("not one line of the published scores is about an assay of the split \"" +
                   split_.name + "\"",
               {.file = table_.source, .column_name = spec_.task},
               "the column holds values such as \"" +
                   (table_.n_rows > 0 ? task_.as_text(0) : std::string()) +
                   "\"; assays: " + join(tasks, ", "));
  }

 private:
  PublishedScores& scores_of(const std::string& model) {
    for (auto& known : scores_) {
      if (known.info.title == model) return known;
    }
    PublishedScores fresh{.split = split_.name};
    fresh.info.name = model;
    fresh.info.title = model;
    fresh.info.rung = Rung::model;
    fresh.info.is_model = true;
    fresh.info.sees = sees_;
    fresh.info.description = "Printed scores from " + spec_.file + "; no predictions.";
    fresh.info.source = spec_.source;
    for (const auto& item : metrics_) {
      fresh.values[item.metric].assign(split_.folds.size(), kUndefined);
    }
    scores_.push_back(std::move(fresh));
    return scores_.back();
  }

  void add(PublishedScores& scores, std::size_t row, const std::vector<std::size_t>& folds,
           Diagnostics& diagnostics) const {
    for (const auto& item : metrics_) {
      auto& values = scores.values[item.metric];
      if (!std::isnan(values[folds.front()])) {
        diagnostics.add("published_repeated_line", Severity::warning,
                        "Lines of published scores that repeat a model and assay; the first "
                        "counts.",
                        "line " + std::to_string(table_.line(row)) + ": " + scores.info.title);
        return;
      }
      for (const std::size_t f : folds) values[f] = item.column->as_number(row);
    }
  }

  const PublishedSpec& spec_;
  const Table& table_;
  const SplitResult& split_;
  Information sees_;
  const Column& task_;
  std::vector<MetricColumn> metrics_;
  std::vector<const Column*> model_;
  std::vector<PublishedScores> scores_;
};

}  // namespace

std::vector<PublishedScores> read_published(const Study& study,
                                            const std::vector<SplitResult>& splits,
                                            const Area& area, const Dataset& data,
                                            const CatalogueOptions& catalogue,
                                            const Context& context, std::vector<InputFile>& inputs,
                                            Diagnostics& diagnostics) {
  std::vector<PublishedScores> all;
  for (const auto& spec : study.published) {
    const auto split = std::find_if(splits.begin(), splits.end(),
                                    [&](const SplitResult& one) { return one.name == spec.split; });
    if (split == splits.end()) {
      fail_input("published scores name the split \"" + spec.split + "\", which has no folds",
                 {.file = study.source});
    }
    const auto path = resolve_file(spec.file, study.base_folder, catalogue);
    CsvOptions options;
    options.types[spec.task] = ColumnType::text;
    const Table table = read_csv(path, options, context);
    std::error_code ignored;
    inputs.push_back({.role = "published scores",
                      .file = spec.file,
                      .sha256 = sha256_file(path),
                      .bytes = std::filesystem::file_size(path, ignored)});
    for (auto& scores : PublishedTable(spec, table, *split, area, data).read(diagnostics)) {
      all.push_back(std::move(scores));
    }
  }
  return all;
}

}  // namespace cupel

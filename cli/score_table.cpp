#include "score_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"

namespace cupel::cli {
namespace {

const std::vector<std::string> kModelNames{"predictor", "model", "method"};
const std::vector<std::string> kBlockNames{"repeat",  "cv_cycle", "cycle", "fold",
                                           "cv_fold", "task",     "assay", "dataset"};
const std::vector<std::string> kValueNames{"value", "score"};

std::string columns_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  return join(names, ", ");
}

const Column* first_of(const Table& table, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (const Column* found = table.find(name)) return found;
  }
  return nullptr;
}

std::vector<const Column*> block_columns(const Table& table, const ScoreTableFlags& flags) {
  std::vector<const Column*> columns;
  for (const auto& name : flags.blocks) columns.push_back(&table.at(name));
  if (!columns.empty()) return columns;
  for (const auto& name : kBlockNames) {
    if (const Column* found = table.find(name)) columns.push_back(found);
  }
  return columns;
}

std::string block_of(const std::vector<const Column*>& columns, const Table& table,
                     std::size_t row) {
  if (columns.empty()) return "line " + std::to_string(table.line(row));
  std::vector<std::string> parts;
  for (const Column* column : columns) parts.push_back(column->name + " " + column->as_text(row));
  return join(parts, ", ");
}

void require_numbers(const Table& table, const Column& column) {
  if (column.type != ColumnType::text) return;
  fail_input("the column of the scores does not hold numbers alone",
             {.file = table.source,
              .row = table.line(0),
              .column_name = column.name,
              .value = table.n_rows > 0 ? column.as_text(0) : ""},
             "name the column with --value, or repair the cells");
}

// Scores as they are read: a list per block and model, in the order of the file.
class Collected {
 public:
  void add(const std::string& block, const std::string& model, double value) {
    const std::size_t b = index_of(blocks_, block);
    const std::size_t m = index_of(models_, model);
    auto& cell = cells_[{b, m}];
    cell.first += value;
    cell.second += 1.0;
  }

  ScoreTable table(const std::string& file) const {
    if (models_.size() < 2) {
      fail_input(
          "there are scores of " + std::to_string(models_.size()) + " predictors: two are needed",
          {.file = file}, "a line per fold and predictor, or a column per predictor");
    }
    ScoreTable out{.models = models_};
    std::vector<double> values;
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      std::vector<double> row;
      for (std::size_t m = 0; m < models_.size(); ++m) {
        const auto cell = cells_.find({b, m});
        if (cell == cells_.end()) break;
        const double mean = cell->second.first / cell->second.second;
        if (!std::isfinite(mean)) break;
        row.push_back(mean);
      }
      if (row.size() < models_.size()) {
        out.dropped.push_back(blocks_[b]);
        continue;
      }
      out.blocks.push_back(blocks_[b]);
      values.insert(values.end(), row.begin(), row.end());
    }
    if (out.blocks.size() < 2) {
      fail_input("all predictors have a score on " + std::to_string(out.blocks.size()) +
                     " folds only: two are needed",
                 {.file = file},
                 out.dropped.empty() ? "give the columns that name the folds with --blocks"
                                     : "without some predictor's score: " + out.dropped.front());
    }
    out.scores = Matrix<double>(out.blocks.size(), models_.size());
    out.scores.values = std::move(values);
    return out;
  }

 private:
  static std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    names.push_back(name);
    return names.size() - 1;
  }

  std::vector<std::string> blocks_;
  std::vector<std::string> models_;
  std::map<std::pair<std::size_t, std::size_t>, std::pair<double, double>> cells_;
};

// Rows of a scores.csv that are about the metric over all rows of the split asked for.
std::vector<std::size_t> rows_of_scores(const Table& table, const ScoreTableFlags& flags) {
  const Column* metric = table.find("metric");
  const Column* kind = table.find("group_kind");
  const Column* split = table.find("split");
  std::vector<std::size_t> rows;
  std::set<std::string> metrics;
  std::set<std::string> splits;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    if (kind != nullptr && kind->as_text(row) != "all") continue;
    if (metric != nullptr && split != nullptr) {
      splits.insert(split->as_text(row));
      if (!flags.split.empty() && split->as_text(row) != flags.split) continue;
    }
    if (metric != nullptr) {
      metrics.insert(metric->as_text(row));
      if (metric->as_text(row) != flags.metric) continue;
    }
    rows.push_back(row);
  }
  const auto listed = [](const std::set<std::string>& names) {
    return join(std::vector<std::string>(names.begin(), names.end()), ", ");
  };
  if (rows.empty()) {
    fail_input("there is no score of metric \"" + flags.metric + "\"" +
                   (flags.split.empty() ? "" : " on split \"" + flags.split + "\""),
               {.file = table.source},
               "metrics: " + listed(metrics) + "; splits: " + listed(splits));
  }
  if (flags.split.empty() && splits.size() > 1) {
    fail(ErrorKind::usage, "the scores are of several splits", {.file = table.source},
         "choose one with --of-split: " + listed(splits));
  }
  return rows;
}

ScoreTable read_long(const Table& table, const Column& model, const ScoreTableFlags& flags) {
  const Column* value = !flags.value.empty() ? &table.at(flags.value) : table.find(flags.metric);
  if (value == nullptr) value = first_of(table, kValueNames);
  if (value == nullptr) {
    fail_input("which column holds the scores?", {.file = table.source},
               "give --value COLUMN; columns: " + columns_of(table));
  }
  require_numbers(table, *value);
  const auto blocks = block_columns(table, flags);
  if (blocks.empty()) {
    fail_input("which columns name the folds?", {.file = table.source},
               "give --blocks COLUMN; columns: " + columns_of(table));
  }
  Collected collected;
  for (const std::size_t row : rows_of_scores(table, flags)) {
    collected.add(block_of(blocks, table, row), model.as_text(row), value->as_number(row));
  }
  return collected.table(table.source);
}

ScoreTable read_wide(const Table& table, const ScoreTableFlags& flags) {
  const auto blocks = block_columns(table, flags);
  Collected collected;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    const std::string block = block_of(blocks, table, row);
    for (const auto& column : table.columns) {
      if (column.type == ColumnType::text || std::ranges::count(blocks, &column) > 0) continue;
      collected.add(block, column.name, column.as_number(row));
    }
  }
  return collected.table(table.source);
}

}  // namespace

ScoreTable read_score_table(const std::string& file, const ScoreTableFlags& flags,
                            const Session& session) {
  const Table table = read_csv(file, {}, session.context);
  const Column* model = flags.model.empty() ? first_of(table, kModelNames) : &table.at(flags.model);
  return model == nullptr ? read_wide(table, flags) : read_long(table, *model, flags);
}

}  // namespace cupel::cli

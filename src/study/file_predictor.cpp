#include "study/file_predictor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "study/prediction_rows.hpp"

namespace cupel {
namespace {

constexpr double kNoPrediction = std::numeric_limits<double>::quiet_NaN();

class FittedFile final : public Fitted {
 public:
  FittedFile(const FilePredictor& predictor, Split split, std::uint64_t seed)
      : predictor_(predictor), split_(std::move(split)), seed_(seed) {}
  [[nodiscard]] Prediction predict(const Dataset& data, std::span<const std::uint32_t> rows,
                                   const Context&) const override {
    return predictor_.predict(data, split_, seed_, rows);
  }

 private:
  const FilePredictor& predictor_;
  Split split_;
  std::uint64_t seed_;
};

/// The column that plays a role, or nullptr if the study names none.
const Column* role_column(const Table& table, const ModelSpec& spec, const std::string& role) {
  const auto named = spec.columns.find(role);
  return named == spec.columns.end() ? nullptr : &table.at(named->second);
}

/// A whole number >= 0 from a fold, seed or epoch column.
std::int64_t whole(const Table& table, const Column& column, std::size_t i) {
  const double value = column.type == ColumnType::text ? kNoPrediction : column.as_number(i);
  if (value >= 0.0 && value < 9e15 && std::floor(value) == value) {
    return static_cast<std::int64_t>(value);
  }
  fail_input("a fold, seed or epoch has to be a whole number from 0",
             {.file = table.source,
              .row = table.line(i),
              .column_name = column.name,
              .value = column.as_text(i)},
             "number the runs, for example 0, 1, 2");
}

template <typename T>
std::vector<T> sorted(const std::set<std::int64_t>& values) {
  std::vector<T> out;
  for (const auto value : values) out.push_back(static_cast<T>(value));
  return out;
}

std::string canonical(const ModelSpec& spec, const std::string& sha256) {
  std::string text = "file=" + sha256 + " column=" + spec.column;
  for (const auto& [role, column] : spec.columns) text += " " + role + "=" + column;
  return text;
}

}  // namespace

const PredictionFiles::File& PredictionFiles::read(const std::filesystem::path& path,
                                                   const Context& context) {
  auto& file = files_[path];
  if (!file) {
    auto fresh = std::make_unique<File>();
    fresh->table = read_csv(path, {}, context);
    if (path != "-") {
      fresh->sha256 = sha256_file(path);
      fresh->bytes = std::filesystem::file_size(path);
    }
    file = std::move(fresh);
  }
  return *file;
}

FilePredictor::FilePredictor(const ModelSpec& spec, const PredictionFiles::File& file,
                             const Dataset& data,
                             const std::map<std::string, std::string>& data_columns,
                             const Information& sees) {
  info_.name = spec.name;
  info_.title = spec.title.empty() ? spec.name : spec.title;
  info_.rung = Rung::model;
  info_.sees = spec.sees.empty() ? sees : Information(spec.sees.begin(), spec.sees.end());
  info_.is_model = true;
  info_.description =
      "Ready predictions from column \"" + spec.column + "\" of " + spec.predictions;
  info_.fallback = "rows without a prediction are left out of every comparison";
  info_.parameters = canonical(spec, file.sha256);
  load(file.table, spec, data, data_columns);
}

void FilePredictor::load(const Table& table, const ModelSpec& spec, const Dataset& data,
                         const std::map<std::string, std::string>& data_columns) {
  if (table.n_rows == 0) {
    fail_input("the file holds no predictions", {.file = table.source},
               "write one line per test row");
  }
  const PredictionColumns columns =
      find_prediction_columns(table, data, spec.columns, spec.column, data_columns);
  const Column* split = role_column(table, spec, "split");
  const Column* fold = role_column(table, spec, "fold");
  const Column* seed = role_column(table, spec, "seed");
  const Column* epoch = role_column(table, spec, "epoch");
  has_split_ = split != nullptr;
  has_fold_ = fold != nullptr;
  const SampleLookup lookup(data);
  std::map<Run, std::vector<SamplePrediction>> lines;
  std::set<std::int64_t> seeds;
  std::set<std::int64_t> epochs;
  std::vector<SamplePrediction>* run_lines = nullptr;
  Run last;
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    Run run;
    if (split != nullptr) run.split = split->as_text(i);
    if (fold != nullptr) run.fold = whole(table, *fold, i);
    if (seed != nullptr) run.seed = whole(table, *seed, i);
    if (epoch != nullptr) run.epoch = whole(table, *epoch, i);
    if (run_lines == nullptr || run != last) {
      if (seed != nullptr) seeds.insert(run.seed);
      if (epoch != nullptr) epochs.insert(run.epoch);
      run_lines = &lines[run];
      last = run;
    }
    const double value = checked_prediction(table, columns, i, diagnostics_);
    for (const std::uint32_t sample : lookup.find(table, columns, i, diagnostics_)) {
      run_lines->push_back({sample, static_cast<std::uint32_t>(i), value});
    }
  }
  seeds_ = sorted<std::uint64_t>(seeds);
  epochs_ = sorted<std::int64_t>(epochs);
  std::size_t n_used = 0;
  for (auto& [run, found] : lines) {
    keep_first_per_sample(found, data, table, diagnostics_);
    n_used += found.size();
    auto& values = runs_[run];
    values.reserve(found.size());
    for (const auto& item : found) values.push_back({item.sample, item.value});
  }
  if (n_used > 0) return;
  std::string why;
  for (const auto& item : diagnostics_.all()) {
    why += (why.empty() ? "" : "; ") + std::to_string(item.count) + " x " + item.code + " (" +
           (item.examples.empty() ? "" : item.examples.front()) + ")";
  }
  fail_input("not one line is about a row of the data: " + why, {.file = table.source},
             "compare the ids with those of the responses, or match by `row`");
}

std::unique_ptr<Fitted> FilePredictor::fit(const FitRequest& request, const Context&) const {
  const bool known = std::find(seeds_.begin(), seeds_.end(), request.seed) != seeds_.end();
  if (!seeds_.empty() && !known) {
    fail_input("model \"" + info_.name + "\" has no predictions with seed " +
               std::to_string(request.seed));
  }
  return std::make_unique<FittedFile>(*this, request.split, request.seed);
}

Prediction FilePredictor::predict(const Dataset& data, const Split& split, std::uint64_t seed,
                                  std::span<const std::uint32_t> rows,
                                  std::optional<std::int64_t> epoch) const {
  Prediction out;
  out.values.assign(rows.size(), kNoPrediction);
  Run run{.split = has_split_ ? split.name : "",
          .fold = has_fold_ ? static_cast<std::int64_t>(split.fold) : -1,
          .seed = seeds_.empty() ? -1 : static_cast<std::int64_t>(seed),
          .epoch = -1};
  if (epoch) run.epoch = *epoch;
  for (auto e = epochs_.rbegin(); !epoch && e != epochs_.rend(); ++e) {
    run.epoch = *e;
    if (runs_.contains(run)) break;  // a run may have stopped before the last epoch of others
  }
  const auto found = runs_.find(run);
  static const std::vector<Value> kNothing;
  const std::vector<Value>& values = found == runs_.end() ? kNothing : found->second;
  const auto before = [](const Value& value, std::uint32_t sample) {
    return value.sample < sample;
  };
  std::size_t n_used = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto item = std::lower_bound(values.begin(), values.end(), rows[i], before);
    const bool there = item != values.end() && item->sample == rows[i];
    if (there) {
      out.values[i] = item->value;
      ++n_used;
    }
    if (!there || std::isnan(item->value)) {
      out.diagnostics.add("missing_prediction", Severity::warning,
                          "test rows have no prediction; they are left out of every comparison "
                          "with this model",
                          sample_text(data, rows[i]));
    }
  }
  if (has_fold_ && n_used < values.size()) {
    const std::set<std::uint32_t> tested(rows.begin(), rows.end());
    for (const auto& item : values) {
      if (tested.contains(item.sample)) continue;
      out.diagnostics.add("prediction_for_other_row", Severity::serious,
                          "predictions are labelled with a fold that does not test their rows: the "
                          "model was not split as the study says; they were ignored",
                          sample_text(data, item.sample));
    }
  }
  return out;
}

Diagnostics FilePredictor::check_coverage(const Dataset& data,
                                          std::span<const Split> splits) const {
  Diagnostics out;
  if (has_fold_ || has_split_) return out;
  std::vector<std::uint8_t> tested(data.n_samples(), 0);
  for (const auto& split : splits) {
    for (std::size_t s = 0; s < split.role.size(); ++s) {
      if (split.role[s] == Role::test) tested[s] = 1;
    }
  }
  for (const auto& [run, values] : runs_) {
    for (const auto& item : values) {
      if (tested[item.sample] != 0) continue;
      out.add("prediction_for_other_row", Severity::note,
              "predictions for rows that no split tests were not used",
              sample_text(data, item.sample));
    }
  }
  return out;
}

FileModel make_file_predictor(const ModelSpec& spec, const Dataset& data,
                              const std::string& base_folder, const CatalogueOptions& catalogue,
                              const Information& sees, const Context& context,
                              PredictionFiles* files,
                              const std::map<std::string, std::string>& data_columns) {
  PredictionFiles own;
  const auto path = resolve_file(spec.predictions, base_folder, catalogue);
  const auto& file = (files != nullptr ? *files : own).read(path, context);
  FileModel out;
  out.predictor = std::make_unique<FilePredictor>(spec, file, data, data_columns, sees);
  out.seeds = out.predictor->seeds();
  if (out.seeds.empty()) out.seeds = {0};
  out.input = {.role = "predictions of " + spec.name,
               .file = spec.predictions,
               .sha256 = file.sha256,
               .bytes = file.bytes};
  out.diagnostics = out.predictor->diagnostics();
  return out;
}

void expand_wide_models(Study& study, const CatalogueOptions& catalogue, const Context& context,
                        PredictionFiles* files) {
  PredictionFiles own;
  std::vector<ModelSpec> models;
  std::set<std::string> names;
  for (auto& spec : study.models) {
    if (spec.kind != ModelKind::predictions || spec.column != "*") {
      models.push_back(spec);
      continue;
    }
    const auto path = resolve_file(spec.predictions, study.base_folder, catalogue);
    const Table& table = (files != nullptr ? *files : own).read(path, context).table;
    const DataSpec data = study.data.catalogue.empty() ? study.data : apply_catalogue(study.data);
    std::set<std::string> taken{"row", "drug",  "cell", "ligand", "assay",
                                "id",  "split", "fold", "seed",   "epoch"};
    for (const auto& [role, column] : spec.columns) taken.insert(column);
    for (const auto& [role, column] : data.columns) taken.insert(column);
    std::size_t n_found = 0;
    for (const auto& column : table.columns) {
      if (column.type == ColumnType::text || taken.contains(column.name)) continue;
      ModelSpec one = spec;
      one.name = column.name;
      one.column = column.name;
      one.title = column.name;
      models.push_back(std::move(one));
      ++n_found;
    }
    if (n_found == 0) {
      fail_input("columns_as_models: all found no numeric column without another role",
                 {.file = table.source, .row = 1}, "name the columns: columns_as_models: [A, B]");
    }
  }
  for (const auto& spec : models) {
    if (!names.insert(spec.name).second) {
      fail_input("two models are named \"" + spec.name + "\"", {.file = study.source},
                 "name the columns of the wide file instead of `all`");
    }
  }
  study.models = std::move(models);
}

}  // namespace cupel

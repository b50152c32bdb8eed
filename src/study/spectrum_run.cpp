#include "study/spectrum_run.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "study/command_predictor.hpp"
#include "study/item_baselines.hpp"
#include "study/store.hpp"

namespace cupel {
namespace {

const Column* first_of(const Table& table, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (const Column* found = table.find(name)) return found;
  }
  return nullptr;
}

/// Predictions of a file for every split: by id, and by parameter and repeat where the file has
/// them.
std::vector<std::vector<double>> read_predictions(const ModelSpec& model,
                                                  const SpectrumSeries& series,
                                                  const SpectrumStudy& study,
                                                  const CatalogueOptions& catalogue,
                                                  SpectrumRun& run, const Context& context) {
  const Table table =
      read_csv(resolve_file(model.predictions, study.base_folder, catalogue), {}, context);
  const Column& ids = table.at(model.columns.at("id"));
  const Column& values = table.at(model.column);
  const Column* parameters = first_of(table, {"parameter", "lambda", "level"});
  const Column* repeats = first_of(table, {"repeat", "replicate"});
  if (values.type == ColumnType::text) {
    fail_input("the predictions are no numbers",
               {.file = table.source, .column_name = values.name});
  }
  using Key = std::tuple<std::string, double, double>;
  std::map<Key, double> known;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    const Key key{ids.as_text(row), parameters == nullptr ? 0.0 : parameters->as_number(row),
                  repeats == nullptr ? 0.0 : repeats->as_number(row)};
    if (!known.try_emplace(key, values.as_number(row)).second) {
      run.diagnostics.add("duplicate_prediction", Severity::warning,
                          "ids that are predicted twice for one split; the first line was taken",
                          ids.as_text(row));
    }
  }
  std::vector<std::vector<double>> out;
  for (const Split& split : series.splits) {
    std::vector<double> predictions;
    std::size_t n_found = 0;
    for (const std::uint32_t item : split.rows(Role::test)) {
      const auto found =
          known.find({series.set.items.ids[item], parameters == nullptr ? 0.0 : split.level,
                      repeats == nullptr ? 0.0 : double(split.repeat)});
      const bool is_there = found != known.end() && !(split.is_control && parameters != nullptr);
      predictions.push_back(is_there ? found->second : OverlapProfile::kNone);
      n_found += is_there ? 1 : 0;
    }
    // A random control has other training items: ready predictions do not know it.
    if (n_found == 0 || split.is_control) predictions.clear();
    out.push_back(std::move(predictions));
  }
  return out;
}

void add_trials(SpectrumRun& run, const std::vector<std::unique_ptr<Predictor>>& predictors,
                const SpectrumStudy& study, const SpectrumRunOptions& options,
                const Context& context) {
  const Dataset data = as_dataset(run.series.set, study.title);
  std::vector<Trial> trials;
  for (const auto& predictor : predictors) {
    for (const Split& split : run.series.splits) {
      trials.push_back({.split = &split,
                        .predictor = predictor.get(),
                        .seed = study.seed + split.repeat,
                        .result = {}});
    }
  }
  Store store(options.store);
  run.counts = run_trials(data, fingerprint(data), trials, store, "fitting on the series", context);
  run.diagnostics.merge(store.diagnostics());
  std::size_t next = 0;
  for (std::size_t p = 0; p < predictors.size(); ++p) {
    auto& row = run.predictions.emplace_back();
    for (std::size_t s = 0; s < run.series.splits.size(); ++s, ++next) {
      run.diagnostics.merge(trials[next].result.diagnostics);
      row.push_back(std::move(trials[next].result.values));
    }
  }
}

}  // namespace

SpectrumRun run_spectrum_study(const SpectrumStudy& study, const SpectrumRunOptions& options,
                               const Context& context) {
  SpectrumRun run;
  run.series = load_spectrum_series(study, options.catalogue, context);
  const ItemSet& set = run.series.set;
  std::vector<std::unique_ptr<Predictor>> predictors;
  const auto names = study.baselines.empty() ? item_baseline_names(set) : study.baselines;
  for (const auto& name : names) {
    ItemBaseline baseline = make_item_baseline(name, set);
    run.predictors.push_back({.info = baseline.predictor->info(),
                              .may_be_bar = baseline.may_be_bar,
                              .copies_nearest = baseline.copies_nearest});
    predictors.push_back(std::move(baseline.predictor));
  }
  for (const auto& model : study.models) {
    if (model.kind != ModelKind::command) continue;
    predictors.push_back(make_command_predictor(model, study.base_folder, options.work, {"input"}));
    run.predictors.push_back({.info = predictors.back()->info(), .may_be_bar = false});
  }
  add_trials(run, predictors, study, options, context);
  for (const auto& model : study.models) {
    if (model.kind != ModelKind::predictions) continue;
    PredictorInfo info;
    info.name = model.name;
    info.title = model.title.empty() ? model.name : model.title;
    info.rung = Rung::model;
    info.is_model = true;
    run.predictors.push_back({.info = std::move(info), .may_be_bar = false});
    run.predictions.push_back(
        read_predictions(model, run.series, study, options.catalogue, run, context));
  }
  return run;
}

}  // namespace cupel

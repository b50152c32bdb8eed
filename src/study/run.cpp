#include "study/run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "metric/metric.hpp"
#include "study/command_predictor.hpp"
#include "study/file_predictor.hpp"
#include "study/plan_curves.hpp"
#include "study/plan_twins.hpp"
#include "study/published.hpp"
#include "study/sample_scores.hpp"
#include "study/trials.hpp"

namespace cupel {
namespace {

class Stopwatch {
 public:
  explicit Stopwatch(std::vector<Stage>& stages) : stages_(stages) {}
  void lap(std::string name) {
    const auto now = std::chrono::steady_clock::now();
    stages_.push_back({std::move(name), std::chrono::duration<double>(now - started_).count()});
    started_ = now;
  }

 private:
  std::vector<Stage>& stages_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

// The metric on the rows that have a prediction.
double evaluate_defined(const std::string& name, const std::vector<double>& truth,
                        const std::vector<double>& prediction) {
  const auto rows = complete_rows(truth, prediction);
  return evaluate(name, gather(truth, rows), gather(prediction, rows));
}

std::vector<std::unique_ptr<Predictor>> make_baselines(const Study& study, const Area& area,
                                                       const Dataset& data) {
  std::vector<BaselineSpec> wanted;
  if (study.default_baselines) {
    for (const auto& name : area.default_baselines(data)) {
      if (!contains(study.exclude_baselines, name)) wanted.push_back({.name = name});
    }
  }
  // One that is asked for takes the place of the default of its name, unless it has its own.
  const auto called = [](const BaselineSpec& spec) {
    return spec.as.empty() ? spec.name : spec.as;
  };
  for (const auto& spec : study.baselines) {
    std::erase_if(wanted, [&](const BaselineSpec& known) { return called(known) == called(spec); });
    wanted.push_back(spec);
  }
  // The null predictor is the zero of every skill: it is always there.
  const std::string null = area.null_baseline();
  const bool has_null = std::any_of(wanted.begin(), wanted.end(),
                                    [&](const BaselineSpec& spec) { return spec.name == null; });
  if (!has_null) wanted.insert(wanted.begin(), BaselineSpec{.name = null});
  std::vector<std::unique_ptr<Predictor>> baselines;
  for (const auto& spec : wanted) baselines.push_back(area.make_baseline(spec, data));
  return baselines;
}

struct ModelSet {
  std::vector<std::unique_ptr<Predictor>> predictors;
  std::vector<std::vector<std::uint64_t>> seeds;
};

// Predictions for several epochs show what choosing the best epoch on the test rows is worth.
void check_epochs(const FilePredictor& model, const StudyRun& run,
                  std::vector<ProtocolNote>& notes) {
  if (model.epochs().size() < 2) return;
  const MetricInfo& primary = metric(run.study.primary_metric);
  const std::uint64_t seed = model.seeds().empty() ? 0 : model.seeds().front();
  for (const auto& split : run.splits) {
    double last = 0.0;
    double best = 0.0;
    for (const auto& fold : split.folds) {
      const auto rows = fold.rows(Role::test);
      std::vector<double> truth;
      for (const std::uint32_t row : rows) truth.push_back(run.data.target(row));
      double best_of_fold = kUndefined;
      for (const std::int64_t epoch : model.epochs()) {
        const Prediction prediction = model.predict(run.data, fold, seed, rows, epoch);
        const double value = evaluate_defined(primary.name, truth, prediction.values);
        const bool better = primary.higher_is_better ? value > best_of_fold : value < best_of_fold;
        if (std::isnan(best_of_fold) || better) best_of_fold = value;
        if (epoch == model.epochs().back()) last += value;
      }
      best += best_of_fold;
    }
    const auto n_folds = static_cast<double>(split.folds.size());
    notes.push_back(
        {.code = "epochs_given",
         .severity = Severity::warning,
         .model = model.info().name,
         .title = "Several epochs on the test fold",
         .sentence =
             model.info().title + " comes with predictions of " +
             std::to_string(model.epochs().size()) + " epochs on the test rows of " + split.name +
             "; the last one is scored. Choosing the best epoch of each fold on the test rows "
             "would turn a mean " +
             primary.name + " of " + format_double(last / n_folds) + " into " +
             format_double(best / n_folds) + ".",
         .evidence = {{"split", split.name},
                      {"last epoch", format_double(last / n_folds)},
                      {"best epoch per fold", format_double(best / n_folds)}},
         .recommendation = "Choose the epoch on a validation set, and give that epoch only."});
  }
}

// What a file of predicted profiles need not say again: how labels are read, and the columns.
ModelSpec with_data_defaults(ModelSpec spec, const DataSpec& given) {
  const DataSpec data = given.catalogue.empty() ? given : apply_catalogue(given);
  for (const auto& [role, column] : data.columns) spec.columns.try_emplace(role, column);
  spec.options.try_emplace("control", data.profiles.control);
  spec.options.try_emplace("separator", data.profiles.separator);
  if (!data.profiles.guide_map.empty()) {
    spec.options.try_emplace("guide_map", data.profiles.guide_map);
  }
  return spec;
}

// Models that are files of a format of the area; nullptr for all others.
std::vector<std::unique_ptr<Predictor>> make_area_models(const Study& study, const Area& area,
                                                         const LoadedData& loaded,
                                                         const CatalogueOptions& catalogue,
                                                         std::vector<InputFile>& inputs,
                                                         const Context& context) {
  std::vector<std::unique_ptr<Predictor>> models(study.models.size());
  if (area.sample_metrics().empty()) return models;
  for (std::size_t m = 0; m < models.size(); ++m) {
    if (study.models[m].kind != ModelKind::predictions) continue;
    models[m] = area.make_file_model(with_data_defaults(study.models[m], study.data), loaded,
                                     study.base_folder, catalogue, inputs, context);
  }
  return models;
}

ModelSet make_models(StudyRun& run, const RunOptions& options, PredictionFiles& files,
                     std::vector<std::unique_ptr<Predictor>> of_area, const Context& context) {
  const Study& study = run.study;
  const Area& area = *run.area;
  const Dataset& data = run.data;
  ModelSet models;
  const Information sees = area.model_information(data);
  for (std::size_t m = 0; m < study.models.size(); ++m) {
    const ModelSpec& spec = study.models[m];
    std::vector<std::uint64_t> seeds{study.seed};
    if (of_area[m]) {
      models.predictors.push_back(std::move(of_area[m]));
      models.seeds.push_back(std::move(seeds));
      continue;
    }
    switch (spec.kind) {
      case ModelKind::predictions: {
        auto model = make_file_predictor(spec, data, study.base_folder, options.catalogue, sees,
                                         context, &files, study.data.columns);
        seeds = model.seeds;
        run.inputs.push_back(model.input);
        Diagnostics diagnostics = model.diagnostics;
        std::vector<Split> folds;
        for (const auto& split : run.splits) {
          folds.insert(folds.end(), split.folds.begin(), split.folds.end());
        }
        diagnostics.merge(model.predictor->check_coverage(data, folds));
        if (!diagnostics.empty()) {
          run.notes.push_back(
              {"", run.predictors.size() + models.predictors.size(), std::move(diagnostics)});
        }
        check_epochs(*model.predictor, run, run.protocol);
        models.predictors.push_back(std::move(model.predictor));
        break;
      }
      case ModelKind::command:
        if (data.n_outputs() > 1) {
          fail_input(
              "model \"" + spec.name + "\": a command predicts numbers, and the targets of " +
                  study.area + " are profiles",
              {.file = study.source},
              "run the program yourself and name its predictions (`predictions: FILE.h5ad`)");
        }
        for (auto& program : command_programs(spec, study.base_folder)) {
          run.inputs.push_back(std::move(program));
        }
        models.predictors.push_back(
            make_command_predictor(spec, study.base_folder, options.work, sees));
        break;
      case ModelKind::reference:
        models.predictors.push_back(area.make_reference(spec, data));
        break;
    }
    if (spec.kind != ModelKind::predictions) {
      for (std::uint32_t s = 1; s < spec.seeds; ++s) seeds.push_back(study.seed + s);
    }
    models.seeds.push_back(std::move(seeds));
  }
  return models;
}

SplitResult start_result(const Dataset& data, std::vector<Split> folds) {
  SplitResult result;
  result.name = folds.front().name;
  result.folds = std::move(folds);
  result.fold_begin.push_back(0);
  for (std::size_t f = 0; f < result.folds.size(); ++f) {
    for (const std::uint32_t row : result.folds[f].rows(Role::test)) {
      result.rows.push_back(row);
      result.fold.push_back(static_cast<std::uint32_t>(f));
      if (data.n_outputs() == 1) result.truth.push_back(data.target(row));
    }
    result.fold_begin.push_back(result.rows.size());
  }
  for (const auto& what : result.folds.front().blind_to) {
    const bool in_all =
        std::all_of(result.folds.begin(), result.folds.end(),
                    [&](const Split& fold) { return contains(fold.blind_to, what); });
    if (in_all) result.blind_to.push_back(what);
  }
  return result;
}

// A trial and the place its predictions go to.
struct Slot {
  std::size_t split;
  std::size_t entry;
  std::size_t fold;
};

class Runner {
 public:
  Runner(StudyRun& run, const RunOptions& options, const Context& context)
      : run_(run), context_(context), watch_(run.stages), store_(options.store) {}

  void go(const RunOptions& options) {
    load(options);
    main_trials();
    if (run_.study.twins.draws > 0 && !has_vector_targets(run_)) twin_trials();
    if (run_.study.learning_curve.sizes > 0) curve_trials();
    if (!run_.series.empty()) series_trials();
  }

 private:
  void load(const RunOptions& options);
  void main_trials();
  void twin_trials();
  void curve_trials();
  void series_trials();
  void score_members(SeriesResult& series) const;
  void carry_out(std::vector<Trial>& trials, const std::string& task);
  void note(const std::string& split, std::size_t predictor, const Diagnostics& diagnostics);
  [[nodiscard]] bool takes_part(std::size_t predictor, const std::string& split) const;
  [[nodiscard]] double score(const Split& split, const std::vector<double>& prediction) const;
  [[nodiscard]] std::vector<std::size_t> curve_predictors(const SplitResult& split) const;
  void curves_over(const SplitResult& split, const std::string& over);

  StudyRun& run_;
  const Context& context_;
  Stopwatch watch_;
  Store store_;
  std::string fingerprint_;
  std::vector<std::vector<std::uint64_t>> seeds_;  // per predictor
  std::size_t n_baselines_ = 0;
  std::set<std::size_t> for_series_;  // baselines that take part in an overlap series only
};

void Runner::load(const RunOptions& options) {
  run_.area = &find_area(run_.study.area);
  PredictionFiles files;
  expand_wide_models(run_.study, options.catalogue, context_, &files);
  const std::string& folder = run_.study.base_folder;
  LoadedData loaded = run_.area->load(run_.study.data, folder, options.catalogue, context_);
  for (const auto& spec : run_.study.splits) {
    auto folds = run_.area->make_splits(loaded, spec, folder, context_);
    if (spec.scheme == "overlap") {
      run_.series.push_back({.name = spec.name, .spec = spec.overlap, .splits = std::move(folds)});
    } else {
      run_.splits.push_back(start_result(loaded.data, std::move(folds)));
    }
  }
  std::vector<InputFile> model_inputs;
  auto of_area =
      make_area_models(run_.study, *run_.area, loaded, options.catalogue, model_inputs, context_);
  run_.data = std::move(loaded.data);
  run_.inputs = std::move(loaded.inputs);
  run_.inputs.insert(run_.inputs.end(), model_inputs.begin(), model_inputs.end());
  fingerprint_ = fingerprint(run_.data);
  run_.predictors = make_baselines(run_.study, *run_.area, run_.data);
  const std::size_t n_wanted = run_.predictors.size();
  for (auto& series : run_.series) {
    series.nearest = add_nearest_copier(*run_.area, run_.data, series, run_.predictors);
  }
  for (std::size_t p = n_wanted; p < run_.predictors.size(); ++p) for_series_.insert(p);
  n_baselines_ = run_.predictors.size();
  seeds_.assign(n_baselines_, {run_.study.seed});
  ModelSet models = make_models(run_, options, files, std::move(of_area), context_);
  for (auto& model : models.predictors) run_.predictors.push_back(std::move(model));
  for (auto& seeds : models.seeds) seeds_.push_back(std::move(seeds));
  std::set<std::string> names;
  for (const auto& predictor : run_.predictors) {
    if (!names.insert(predictor->info().name).second) {
      fail_input("two predictors are called \"" + predictor->info().name + "\"",
                 {.file = run_.study.source}, "give the model another name");
    }
  }
  run_.published = read_published(run_.study, run_.splits, *run_.area, run_.data, options.catalogue,
                                  context_, run_.inputs, run_.data.diagnostics);
  for (const auto& scores : run_.published) {
    if (names.insert(scores.info.name).second) continue;
    fail_input("published scores are given for \"" + scores.info.name +
                   "\", which is the name of another predictor",
               {.file = run_.study.source}, "leave it out with `only`");
  }
  watch_.lap("read data, make splits");
}

bool Runner::takes_part(std::size_t predictor, const std::string& split) const {
  if (predictor < n_baselines_) return !for_series_.contains(predictor);
  const auto& wanted = run_.study.models[predictor - n_baselines_].splits;
  return wanted.empty() || contains(wanted, split);
}

void Runner::carry_out(std::vector<Trial>& trials, const std::string& task) {
  const TrialCounts counts = run_trials(run_.data, fingerprint_, trials, store_, task, context_);
  run_.n_trials += counts.n_run + counts.n_reused;
  run_.n_trials_reused += counts.n_reused;
}

void Runner::note(const std::string& split, std::size_t predictor, const Diagnostics& diagnostics) {
  if (diagnostics.empty()) return;
  for (auto& known : run_.notes) {
    if (known.split != split || known.predictor != predictor) continue;
    known.diagnostics.merge(diagnostics);
    return;
  }
  run_.notes.push_back({split, predictor, diagnostics});
}

void Runner::main_trials() {
  std::vector<Trial> trials;
  std::vector<Slot> slots;
  for (std::size_t s = 0; s < run_.splits.size(); ++s) {
    SplitResult& split = run_.splits[s];
    for (std::size_t p = 0; p < run_.predictors.size(); ++p) {
      if (!takes_part(p, split.name)) continue;
      for (const std::uint64_t seed : seeds_[p]) {
        split.entries.push_back(
            {.predictor = p,
             .seed = seed,
             .values = std::vector<double>(split.rows.size() * run_.data.n_outputs()),
             .metrics = {}});
        for (std::size_t f = 0; f < split.folds.size(); ++f) {
          trials.push_back(
              {.split = &split.folds[f], .predictor = run_.predictors[p].get(), .seed = seed});
          slots.push_back({s, split.entries.size() - 1, f});
        }
      }
    }
  }
  carry_out(trials, "fit and predict");
  for (std::size_t t = 0; t < trials.size(); ++t) {
    SplitResult& split = run_.splits[slots[t].split];
    Entry& entry = split.entries[slots[t].entry];
    std::copy(trials[t].result.values.begin(), trials[t].result.values.end(),
              entry.values.begin() + static_cast<std::ptrdiff_t>(split.fold_begin[slots[t].fold] *
                                                                 run_.data.n_outputs()));
    trials[t].result.values = {};
    note(split.name, entry.predictor, trials[t].result.diagnostics);
  }
  // A model may have nothing to say on a split (predictions for other splits only): it is then
  // not a participant, which the file predictor has counted.
  for (auto& split : run_.splits) {
    std::erase_if(split.entries, [](const Entry& entry) {
      return std::all_of(entry.values.begin(), entry.values.end(),
                         [](double value) { return std::isnan(value); });
    });
  }
  watch_.lap("fit and predict");
  if (!has_vector_targets(run_)) return;
  score_samples(run_, context_);
  watch_.lap("metrics of samples");
}

double Runner::score(const Split& split, const std::vector<double>& prediction) const {
  if (has_vector_targets(run_)) return mean_primary(run_, split, prediction);
  std::vector<double> truth;
  for (const std::uint32_t row : split.rows(Role::test)) truth.push_back(run_.data.target(row));
  return evaluate_defined(run_.study.primary_metric, truth, prediction);
}

void Runner::twin_trials() {
  struct Place {
    std::size_t twin;
    std::size_t draw;  // n_draws = the model itself
  };
  const TwinSpec& spec = run_.study.twins;
  std::vector<std::unique_ptr<Predictor>> twins;
  std::vector<Trial> trials;
  std::vector<Place> places;
  for (const auto& split : run_.splits) {
    if (!spec.splits.empty() && !contains(spec.splits, split.name)) continue;
    const std::size_t n_folds = std::min<std::size_t>(spec.folds, split.folds.size());
    for (std::size_t p = n_baselines_; p < run_.predictors.size(); ++p) {
      if (!run_.predictors[p]->info().trainable || !takes_part(p, split.name)) continue;
      const auto views = run_.area->views_of(run_.study.models[p - n_baselines_]);
      for (const auto& plan : plan_twins(run_.data, spec, views)) {
        const std::size_t index = run_.twins.size();
        run_.twins.push_back({.split = split.name,
                              .model = p,
                              .mode = plan.mode,
                              .kind = plan.kind,
                              .view = plan.view});
        run_.twins[index].draws.resize(plan.n_draws);
        for (std::size_t draw = 0; draw <= plan.n_draws; ++draw) {
          const Predictor* predictor = run_.predictors[p].get();
          if (draw < plan.n_draws) {
            twins.push_back(make_planned_twin(*predictor, plan, static_cast<std::uint32_t>(draw)));
            predictor = twins.back().get();
          }
          for (std::size_t f = 0; f < n_folds; ++f) {
            trials.push_back(
                {.split = &split.folds[f], .predictor = predictor, .seed = seeds_[p].front()});
            places.push_back({index, draw});
          }
        }
      }
    }
  }
  if (trials.empty()) return;
  carry_out(trials, "twins on randomised features");
  for (std::size_t t = 0; t < trials.size(); ++t) {
    TwinResult& twin = run_.twins[places[t].twin];
    const double value = score(*trials[t].split, trials[t].result.values);
    (places[t].draw < twin.draws.size() ? twin.draws[places[t].draw] : twin.real).push_back(value);
  }
  watch_.lap("twins on randomised features");
}

std::vector<std::size_t> Runner::curve_predictors(const SplitResult& split) const {
  const auto& wanted = run_.study.learning_curve.predictors;
  std::vector<std::size_t> chosen;
  for (std::size_t p = 0; p < run_.predictors.size(); ++p) {
    const PredictorInfo& info = run_.predictors[p]->info();
    const bool cheap = info.name == "drug_mean" || info.name == "cell_mean" ||
                       info.name == "tissue_drug_mean" || info.name == "additive" ||
                       info.name == "id_factorisation" ||
                       (has_vector_targets(run_) && info.rung == Rung::means);
    const bool by_default = p < n_baselines_ ? cheap : info.trainable;
    if (!takes_part(p, split.name)) continue;
    if (wanted.empty() ? by_default : contains(wanted, info.name)) chosen.push_back(p);
  }
  return chosen;
}

void Runner::curves_over(const SplitResult& split, const std::string& over) {
  const LearningCurveSpec& spec = run_.study.learning_curve;
  CurveResult curve{.split = split.name, .over = over};
  curve.predictors = curve_predictors(split);
  const std::size_t n_repeats = std::min<std::size_t>(spec.repeats, split.folds.size());
  std::size_t n_units = std::numeric_limits<std::size_t>::max();
  for (std::size_t r = 0; r < n_repeats; ++r) {
    n_units = std::min(n_units, count_units(run_.data, split.folds[r], over));
  }
  curve.sizes = curve_sizes(n_units, spec.sizes);
  if (curve.predictors.empty() || curve.sizes.size() < 3) return;
  std::vector<Split> subsets;
  for (std::size_t r = 0; r < n_repeats; ++r) {
    for (const std::size_t size : curve.sizes) {
      // The largest size is the whole training set of the fold, whose trial is done already.
      subsets.push_back(size == n_units
                            ? split.folds[r]
                            : curve_split(run_.data, split.folds[r], over, size, run_.study.seed));
    }
  }
  std::vector<Trial> trials;
  for (const std::size_t p : curve.predictors) {
    for (const auto& subset : subsets) {
      trials.push_back(
          {.split = &subset, .predictor = run_.predictors[p].get(), .seed = seeds_[p].front()});
    }
  }
  carry_out(trials, "learning curve over " + over + ", " + split.name);
  const std::size_t n_sizes = curve.sizes.size();
  curve.n_pairs.assign(n_sizes, 0);
  for (std::size_t i = 0; i < subsets.size(); ++i) {
    curve.n_pairs[i % n_sizes] += subsets[i].count(Role::train) / n_repeats;
  }
  curve.values.assign(curve.predictors.size(),
                      std::vector(n_repeats, std::vector<double>(n_sizes, kUndefined)));
  for (std::size_t t = 0; t < trials.size(); ++t) {
    const std::size_t subset = t % subsets.size();
    curve.values[t / subsets.size()][subset / n_sizes][subset % n_sizes] =
        score(*trials[t].split, trials[t].result.values);
  }
  run_.curves.push_back(std::move(curve));
}

void Runner::curve_trials() {
  const LearningCurveSpec& spec = run_.study.learning_curve;
  for (const auto& split : run_.splits) {
    if (!spec.splits.empty() && !contains(spec.splits, split.name)) continue;
    std::vector<std::string> units = spec.over;
    if (units.empty()) {
      for (const auto& entity : run_.data.entities) {
        if (contains(split.blind_to, entity.name)) units.push_back(entity.name + "s");
      }
      if (units.empty()) units.emplace_back("pairs");
    }
    for (const auto& over : units) curves_over(split, over);
  }
  watch_.lap("learning curves");
}

// A curve is a mean of the primary metric: of profiles that is all it needs.
void Runner::score_members(SeriesResult& series) const {
  for (auto& member : series.members) {
    for (std::size_t s = 0; s < series.splits.size(); ++s) {
      auto& values = member.predictions[s];
      if (!values.empty()) values = primary_of_rows(run_, series.splits[s], values);
    }
  }
}

void Runner::series_trials() {
  std::vector<std::uint64_t> seeds;
  for (const auto& own : seeds_) seeds.push_back(own.front());
  for (auto& series : run_.series) {
    const auto members = series_members(series, run_.series, run_.predictors, run_.study.models);
    run_series(series, members, run_.predictors, seeds,
               [&](std::vector<Trial>& trials, const std::string& task) {
                 carry_out(trials, task);
                 for (std::size_t t = 0; t < trials.size(); ++t) {
                   note(series.name, members[t / series.splits.size()],
                        trials[t].result.diagnostics);
                 }
               });
    if (has_vector_targets(run_)) score_members(series);
    watch_.lap("overlap series " + series.name);
  }
}

}  // namespace

bool SplitResult::is_blind_to(const std::string& entity) const {
  return std::any_of(blind_to.begin(), blind_to.end(), [&](const std::string& what) {
    return what == entity || what.starts_with(entity + ".");
  });
}

StudyRun run_study(const Study& study, const RunOptions& options, const Context& context) {
  StudyRun run;
  run.study = study;
  Runner(run, options, context).go(options);
  return run;
}

}  // namespace cupel

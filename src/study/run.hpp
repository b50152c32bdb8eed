#pragma once
/// From a parsed study to the predictions of every predictor on every fold: the plan (split x
/// predictor x seed), carried out in parallel through the store, so that what is done is never done
/// again. Nothing here knows an area by name.
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"
#include "study/series.hpp"

namespace cupel {

struct RunOptions {
  std::filesystem::path store;  ///< folder of the trial store
  std::filesystem::path work;   ///< folder for the files of user commands
  CatalogueOptions catalogue;
};

/// The test predictions of one predictor and seed over all folds of a split.
struct Entry {
  std::size_t predictor = 0;  ///< index into StudyRun::predictors
  std::uint64_t seed = 0;
  std::vector<double> values;  ///< SplitResult::rows x n_outputs; NaN = missing
  /// Where targets are vectors: SplitResult::rows x the area's sample metrics, NaN = undefined.
  Matrix<double> metrics;
};

/// One split scheme of the study over its folds, with all predictions aligned.
struct SplitResult {
  std::string name;
  std::vector<Split> folds;
  std::vector<std::string> blind_to;    ///< what *every* fold is blind to
  std::vector<std::uint32_t> rows;      ///< test samples, fold after fold
  std::vector<std::uint32_t> fold;      ///< per row: index into folds
  std::vector<std::size_t> fold_begin;  ///< n_folds + 1
  std::vector<double>
      truth;  ///< per row; empty where targets are vectors (Dataset::targets has them)
  std::vector<Entry> entries;  ///< predictors in order, seeds in order

  /// The entity itself ("cell") or one of its labels ("cell.tissue") is unseen in every fold.
  [[nodiscard]] bool is_blind_to(const std::string& entity) const;
};

/// A model against itself on features without information, on the same folds.
struct TwinResult {
  std::string split;
  std::size_t model = 0;  ///< index into StudyRun::predictors
  std::string mode;
  std::string kind;
  std::string view;
  std::vector<double> real;                ///< primary metric per fold
  std::vector<std::vector<double>> draws;  ///< per draw: primary metric per fold
};

struct CurveResult {
  std::string split;
  std::string over;                     ///< pairs, cells, drugs
  std::vector<std::size_t> sizes;       ///< number of units
  std::vector<std::size_t> n_pairs;     ///< mean number of training rows
  std::vector<std::size_t> predictors;  ///< indices into StudyRun::predictors
  /// [predictor][repeat][size]: primary metric; NaN = undefined.
  std::vector<std::vector<std::vector<double>>> values;
};

/// Scores of a model that comes without predictions, per fold of the split (NaN = not given).
struct PublishedScores {
  PredictorInfo info;  ///< is_model
  std::string split;
  std::map<std::string, std::vector<double>> values;  ///< metric -> value per fold
};

struct PredictorNotes {
  std::string split;
  std::size_t predictor = 0;
  Diagnostics diagnostics;
};

struct Stage {
  std::string name;
  double seconds = 0.0;
};

struct StudyRun {
  Study study;
  const Area* area = nullptr;
  Dataset data;
  std::vector<InputFile> inputs;
  std::vector<std::unique_ptr<Predictor>> predictors;  ///< baselines, then models
  std::vector<SplitResult> splits;
  std::vector<TwinResult> twins;
  std::vector<CurveResult> curves;
  std::vector<SeriesResult> series;
  std::vector<PublishedScores> published;
  std::vector<PredictorNotes> notes;
  std::vector<ProtocolNote> protocol;  ///< those found while running (leaks between roles)
  std::vector<Stage> stages;
  std::size_t n_trials = 0;
  std::size_t n_trials_reused = 0;
};

/// Loads, splits, fits and predicts. Throws Error; a killed or cancelled run loses no trial.
StudyRun run_study(const Study& study, const RunOptions& options, const Context& context);

}  // namespace cupel

#pragma once
/// Every baseline and model of a spectrum study on every split of its series, through the store.
#include <filesystem>
#include <vector>

#include "cupel/predictor.hpp"
#include "study/spectrum_series.hpp"
#include "study/trials.hpp"

namespace cupel {

struct SpectrumRunOptions {
  std::filesystem::path store;  ///< folder of the trials
  std::filesystem::path work;   ///< folder for the files of commands
  CatalogueOptions catalogue;
};

struct SpectrumRunPredictor {
  PredictorInfo info;
  bool may_be_bar = true;
  bool copies_nearest = false;
};

struct SpectrumRun {
  SpectrumSeries series;
  std::vector<SpectrumRunPredictor> predictors;
  /// [predictor][split]: test rows of the split; empty = none.
  std::vector<std::vector<std::vector<double>>> predictions;
  TrialCounts counts;
  Diagnostics diagnostics;
};

SpectrumRun run_spectrum_study(const SpectrumStudy& study, const SpectrumRunOptions& options,
                               const Context& context);

}  // namespace cupel

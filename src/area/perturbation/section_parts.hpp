#pragma once
/// The pieces that the sections of the report are put together from.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "area/perturbation/calibration.hpp"
#include "area/perturbation/ceiling.hpp"
#include "area/perturbation/effects.hpp"
#include "area/perturbation/position.hpp"
#include "area/perturbation/probes.hpp"
#include "area/perturbation/systematic.hpp"

namespace cupel::perturbation {

/// Everything that is measured of one split, once, for all sections.
struct Measured {
  const Scorer& scorer;
  const SectionRequest& request;
  TestRows test;
  std::size_t primary = 0;  ///< metric
  PerturbationDraws draws;
  PredictorScores scores = {};
  NoiseCeiling ceiling = {};
  std::vector<MetricCalibration> calibration = {};
  std::vector<std::size_t> best_blind = {};  ///< per metric: predictor
  std::vector<Position> positions = {};
  std::vector<ProbedPredictor> probed = {};
  NoiseCorrelation correlation = {};
  std::vector<EffectSize> effects = {};  ///< per sample
  std::vector<SystematicVariation> systematic = {};
  std::vector<Interaction> interactions = {};
  std::vector<std::size_t> models = {};                      ///< predictors under audit
  std::vector<std::vector<RowPosition>> row_positions = {};  ///< models x test rows, primary
};

AreaSection calibration_section(const Measured& measured);
AreaSection ceiling_section(const Measured& measured);
AreaSection position_section(const Measured& measured);
AreaSection probe_section(const Measured& measured);
AreaSection systematic_section(const Measured& measured);
AreaSection learnable_section(const Measured& measured);
AreaSection combination_section(const Measured& measured);  ///< no sentences: none tested
/// About the data, whatever the split.
AreaSection effect_section(const Measured& measured);
AreaSection interaction_section(const Measured& measured);  ///< no sentences: none measured

AreaSection named_section(std::string id, std::string title);

/// Words.
std::string number(double value, int digits = 3);                  ///< "0.42", "not defined"
std::string with_interval(const Estimate& value, int digits = 3);  ///< "0.42 (0.31 to 0.50)"
std::string interval_text(const Estimate& value, int digits = 3);  ///< "0.31 to 0.50", ""
std::string cell(double value);  ///< full precision, "" = undefined
std::string listed(std::span<const std::string> names, std::size_t most = 12);
std::string counted(std::size_t n, const std::string& one, const std::string& many);

}  // namespace cupel::perturbation

#include "report/json_spectrum.hpp"

#include <nlohmann/json.hpp>

#include "metric/metric.hpp"
#include "report/json_sections.hpp"

namespace cupel::detail {
namespace {

Json estimate_json(const Estimate& estimate) {
  return {{"value", shortened(estimate.value)},
          {"low", shortened(estimate.low)},
          {"high", shortened(estimate.high)}};
}

Json estimates_json(const std::vector<Estimate>& estimates) {
  Json array = Json::array();
  for (const auto& estimate : estimates) array.push_back(estimate_json(estimate));
  return array;
}

Json overlap_json(const OverlapProfile& overlap) {
  return {{"n_train", overlap.n_train},
          {"n_test", overlap.n_test},
          {"threshold", shortened(overlap.threshold)},
          {"share_with_neighbour", shortened(overlap.share_with_neighbour)},
          {"nearest_mean", shortened(overlap.nearest_mean)},
          {"nearest_median", shortened(overlap.nearest_median)},
          {"nearest_p90", shortened(overlap.nearest_p90)},
          {"nearest_max", shortened(overlap.nearest_max)},
          {"mean_pair", shortened(overlap.mean_pair)},
          {"nearest_histogram", overlap.nearest_histogram}};
}

Json levels_json(const std::vector<SpectrumLevel>& levels) {
  Json array = Json::array();
  for (const auto& level : levels) {
    const bool has_control = level.control_overlap.n_test > 0;
    array.push_back(
        {{"parameter", shortened(level.parameter)},
         {"x", shortened(level.x)},
         {"n_repeats", level.n_repeats},
         {"n_train", shortened(level.n_train)},
         {"n_test", shortened(level.n_test)},
         {"n_left_out", shortened(level.n_left_out)},
         {"overlap", overlap_json(level.overlap)},
         {"control_overlap", has_control ? overlap_json(level.control_overlap) : Json(nullptr)}});
  }
  return array;
}

Json curve_json(const Spectrum& spectrum, const SpectrumCurve& curve) {
  const SpectrumPredictor& predictor = spectrum.input.predictors.at(curve.predictor);
  return {{"predictor", predictor.name},
          {"title", predictor.title},
          {"rung", to_string(predictor.rung)},
          {"is_model", predictor.is_model},
          {"may_be_bar", predictor.may_be_bar},
          {"copies_nearest", predictor.copies_nearest},
          {"points", estimates_json(curve.points)},
          {"control", estimates_json(curve.control)},
          {"auspc", estimate_json(curve.auspc)},
          {"auspc_se", shortened(curve.auspc_se)},
          {"auspc_control", estimate_json(curve.auspc_control)},
          {"is_complete", curve.is_complete}};
}

// The best baseline at each level is no single predictor: it has no name.
Json contrast_json(const Spectrum& spectrum, const SpectrumContrast& contrast) {
  const auto& predictors = spectrum.input.predictors;
  return {{"model", predictors.at(contrast.model).name},
          {"against", contrast.is_pointwise ? "" : predictors.at(contrast.against).name},
          {"is_bar", contrast.is_bar},
          {"is_pointwise", contrast.is_pointwise},
          {"is_nearest", contrast.is_nearest},
          {"difference", estimate_json(contrast.difference)},
          {"levels", estimates_json(contrast.levels)},
          {"p_value", shortened(contrast.p_value)},
          {"p_adjusted", shortened(contrast.p_adjusted)},
          {"margin", shortened(contrast.margin)},
          {"verdict", to_string(contrast.verdict)},
          {"sentence", contrast.sentence}};
}

Json falls_json(const Spectrum& spectrum) {
  Json array = Json::array();
  for (const auto& fall : spectrum.falls) {
    array.push_back({{"predictor", spectrum.input.predictors.at(fall.predictor).name},
                     {"from", shortened(spectrum.levels.at(fall.from_level).parameter)},
                     {"to", shortened(spectrum.levels.at(fall.to_level).parameter)},
                     {"total", estimate_json(fall.total)},
                     {"by_overlap", estimate_json(fall.by_overlap)},
                     {"by_size", estimate_json(fall.by_size)}});
  }
  return array;
}

Json worst_pairs_json(const std::vector<WorstPair>& pairs) {
  Json array = Json::array();
  for (const auto& pair : pairs) {
    array.push_back({{"parameter", shortened(pair.parameter)},
                     {"test", pair.test},
                     {"train", pair.train},
                     {"similarity", shortened(pair.similarity)},
                     {"test_target", shortened(pair.test_target)},
                     {"train_target", shortened(pair.train_target)}});
  }
  return array;
}

// Imported scores may be of a metric that cupel does not compute.
std::string title_of_metric(const SpectrumOptions& options) {
  const bool is_known = options.of_rows || find_metric(options.metric) != nullptr;
  return is_known ? metric_title(options) : options.metric;
}

Json spectrum_json(const Spectrum& spectrum) {
  const SpectrumInput& input = spectrum.input;
  Json curves = Json::array();
  for (const auto& curve : spectrum.curves) curves.push_back(curve_json(spectrum, curve));
  Json contrasts = Json::array();
  for (const auto& contrast : spectrum.contrasts) {
    contrasts.push_back(contrast_json(spectrum, contrast));
  }
  const Monotonicity& falling = spectrum.monotonicity;
  return {{"name", input.name},
          {"title", input.title},
          {"mode", input.mode},
          {"entity", input.entity},
          {"parameter_title", input.parameter_title},
          {"falls_with_parameter", input.falls_with_parameter},
          {"similarity", input.similarity},
          {"similarity_parameters", input.similarity_parameters},
          {"null_p99", shortened(input.null_p99)},
          {"null_note", input.null_note},
          {"metric", spectrum.options.metric},
          {"metric_title", title_of_metric(spectrum.options)},
          {"higher_is_better", spectrum.higher_is_better},
          {"axis", to_string(spectrum.options.axis)},
          {"x_low", shortened(spectrum.x_low)},
          {"x_high", shortened(spectrum.x_high)},
          {"is_partial", spectrum.is_partial},
          {"confidence", spectrum.options.confidence},
          {"draws", spectrum.options.n_draws},
          {"levels", levels_json(spectrum.levels)},
          {"curves", curves},
          {"contrasts", contrasts},
          {"falls", falls_json(spectrum)},
          {"n_rows_dropped", spectrum.n_rows_dropped},
          {"monotonicity",
           {{"spearman", shortened(falling.spearman)},
            {"low", shortened(falling.low)},
            {"high", shortened(falling.high)},
            {"is_falling", falling.is_falling},
            {"sentence", falling.sentence}}},
          {"worst_pairs", worst_pairs_json(input.worst_pairs)},
          {"sentences", spectrum.sentences}};
}

}  // namespace

nlohmann::ordered_json spectra_json(const std::vector<Spectrum>& spectra) {
  Json array = Json::array();
  for (const auto& spectrum : spectra) array.push_back(spectrum_json(spectrum));
  return array;
}

}  // namespace cupel::detail

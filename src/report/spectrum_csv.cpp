#include "report/spectrum_csv.hpp"

#include "io/write.hpp"

namespace cupel {
namespace {

void add_estimate(CsvWriter& csv, const Estimate& estimate) {
  csv.number(estimate.value).number(estimate.low).number(estimate.high);
}

void add_line(CsvWriter& csv, const Spectrum& spectrum, const SpectrumCurve& curve,
              std::size_t at) {
  const SpectrumLevel& level = spectrum.levels[at];
  const SpectrumPredictor& predictor = spectrum.input.predictors[curve.predictor];
  csv.text(spectrum.input.name).text(predictor.name).text(spectrum.options.metric);
  csv.number(level.parameter).number(level.x).number(level.overlap.nearest_mean);
  csv.number(level.overlap.share_with_neighbour);
  csv.integer(static_cast<std::int64_t>(level.n_repeats)).number(level.n_train);
  csv.number(level.n_test);
  add_estimate(csv, curve.points[at]);
  add_estimate(csv, at < curve.control.size() ? curve.control[at] : Estimate{});
  add_estimate(csv, curve.auspc);
  csv.end_row();
}

}  // namespace

std::string spectrum_csv(const std::vector<Spectrum>& spectra) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"series", "predictor", "metric", "level", "x", "nearest_mean",
                                   "share_with_neighbour", "n_repeats", "n_train", "n_test",
                                   "value", "low", "high", "control", "control_low", "control_high",
                                   "auspc", "auspc_low", "auspc_high"});
  for (const auto& spectrum : spectra) {
    for (const auto& curve : spectrum.curves) {
      for (std::size_t at = 0; at < spectrum.levels.size(); ++at) {
        add_line(csv, spectrum, curve, at);
      }
    }
  }
  return csv.take();
}

}  // namespace cupel

// The files and the text of `cupel spectra`.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/write.hpp"
#include "metric/metric.hpp"
#include "report/spectra.hpp"
#include "report/spectrum_page.hpp"

namespace cupel {
namespace {

std::string cell(double value, const char* form = "{:.3f}") {
  return std::isfinite(value) ? fmt::format(fmt::runtime(form), value) : "-";
}

std::string count(double value) { return fmt::format("{:.0f}", value); }

void write_points(const SpectraOutcome& outcome, const std::filesystem::path& file) {
  const Spectrum& spectrum = outcome.spectrum;
  CsvWriter csv;
  csv.row(std::vector<std::string>{
      "predictor",    "level",          "parameter",   "x",           "value",
      "low",          "high",           "control",     "control_low", "control_high",
      "n_repeats",    "n_train",        "n_test",      "n_left_out",  "share_with_neighbour",
      "nearest_mean", "nearest_median", "nearest_p90", "nearest_max", "mean_pair",
      "set_jaccard"});
  for (const auto& curve : spectrum.curves) {
    for (std::size_t l = 0; l < spectrum.levels.size(); ++l) {
      const SpectrumLevel& level = spectrum.levels[l];
      const Estimate control = curve.control.empty() ? Estimate{} : curve.control[l];
      csv.text(spectrum.input.predictors[curve.predictor].name);
      csv.integer(static_cast<std::int64_t>(l));
      for (const double value :
           {level.parameter, level.x, curve.points[l].value, curve.points[l].low,
            curve.points[l].high, control.value, control.low, control.high}) {
        csv.number(value);
      }
      csv.integer(static_cast<std::int64_t>(level.n_repeats));
      for (const double value :
           {level.n_train, level.n_test, level.n_left_out, level.overlap.share_with_neighbour,
            level.overlap.nearest_mean, level.overlap.nearest_median, level.overlap.nearest_p90,
            level.overlap.nearest_max, level.overlap.mean_pair,
            outcome.set_jaccard.empty() ? kUndefined : outcome.set_jaccard[l]}) {
        csv.number(value);
      }
      csv.end_row();
    }
  }
  csv.save(file);
}

void write_areas(const Spectrum& spectrum, const std::filesystem::path& file) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"predictor", "title", "is_model", "may_be_bar", "auspc", "low",
                                   "high", "standard_error", "control_auspc", "x_low", "x_high",
                                   "is_complete"});
  for (const auto& curve : spectrum.curves) {
    const auto& predictor = spectrum.input.predictors[curve.predictor];
    csv.text(predictor.name).text(predictor.title);
    csv.integer(predictor.is_model ? 1 : 0).integer(predictor.may_be_bar ? 1 : 0);
    for (const double value : {curve.auspc.value, curve.auspc.low, curve.auspc.high, curve.auspc_se,
                               curve.auspc_control.value, spectrum.x_low, spectrum.x_high}) {
      csv.number(value);
    }
    csv.integer(curve.is_complete ? 1 : 0).end_row();
  }
  csv.save(file);
}

void write_splits(const SpectraOutcome& outcome, const std::filesystem::path& file) {
  CsvWriter csv;
  csv.row(std::vector<std::string>{"parameter", "repeat", "is_control", "n_train", "n_test",
                                   "threshold", "share_with_neighbour", "nearest_mean", "mean_pair",
                                   "set_jaccard"});
  for (const auto& split : outcome.splits) {
    csv.number(split.parameter).integer(split.repeat).integer(split.is_control ? 1 : 0);
    csv.integer(static_cast<std::int64_t>(split.overlap.n_train));
    csv.integer(static_cast<std::int64_t>(split.overlap.n_test));
    for (const double value :
         {split.overlap.threshold, split.overlap.share_with_neighbour, split.overlap.nearest_mean,
          split.overlap.mean_pair, split.set_jaccard}) {
      csv.number(value);
    }
    csv.end_row();
  }
  csv.save(file);
}

std::string levels_text(const SpectraOutcome& outcome) {
  const Spectrum& spectrum = outcome.spectrum;
  const bool has_sets = !outcome.set_jaccard.empty();
  std::string out =
      fmt::format("{:>16} {:>8} {:>8} {:>10} {:>10}{}\n", spectrum.input.parameter_title, "train",
                  "test", "neighbour", "nearest", has_sets ? "  set Jaccard" : "");
  for (std::size_t l = 0; l < spectrum.levels.size(); ++l) {
    const auto& level = spectrum.levels[l];
    out += fmt::format("{:>16} {:>8} {:>8} {:>10} {:>10}", cell(level.parameter, "{:.4g}"),
                       level.n_train > 0.0 ? count(level.n_train) : "-", count(level.n_test),
                       cell(level.overlap.share_with_neighbour), cell(level.overlap.nearest_mean));
    if (has_sets) out += fmt::format("  {:>11}", cell(outcome.set_jaccard[l], "{:.4f}"));
    out += "\n";
  }
  return out;
}

std::string curves_text(const Spectrum& spectrum) {
  std::size_t width = 9;
  for (const auto& one : spectrum.input.predictors) width = std::max(width, one.title.size() + 4);
  std::string out = fmt::format("{:<{}} {:>7} {:>19}", "predictor", width, "AUSPC", "interval");
  for (const auto& level : spectrum.levels) {
    out += fmt::format(" {:>8}", cell(level.parameter, "{:.4g}"));
  }
  out += "\n";
  for (const auto& curve : spectrum.curves) {
    const auto& predictor = spectrum.input.predictors[curve.predictor];
    out += fmt::format(
        "{:<{}} {:>7} {:>19}",
        predictor.title + (predictor.is_model ? " *" : "") + (curve.is_complete ? "" : " ~"), width,
        cell(curve.auspc.value),
        fmt::format("[{}, {}]", cell(curve.auspc.low), cell(curve.auspc.high)));
    for (const auto& point : curve.points) out += fmt::format(" {:>8}", cell(point.value));
    out += "\n";
  }
  if (std::ranges::any_of(spectrum.curves, [](const auto& one) { return !one.is_complete; })) {
    out += "~ no value at some levels: the area is over a shorter range, not to be compared\n";
  }
  return out;
}

}  // namespace

void write_spectra(const SpectraOutcome& outcome, const std::string& title,
                   const SpectraOptions& options) {
  write_spectrum_report(
      options.out,
      {.title = title, .command_line = options.command_line, .data_lines = outcome.data_lines},
      {outcome.spectrum});
  write_points(outcome, options.out / "spectrum.csv");
  write_areas(outcome.spectrum, options.out / "auspc.csv");
  if (!outcome.splits.empty()) write_splits(outcome, options.out / "splits.csv");
}

std::string spectra_text(const SpectraOutcome& outcome) {
  const Spectrum& spectrum = outcome.spectrum;
  std::string out = fmt::format("{} by {}, {} levels from most to least overlap; * = model\n\n",
                                metric_title(spectrum.options), spectrum.input.parameter_title,
                                spectrum.levels.size());
  out += levels_text(outcome) + "\n" + curves_text(spectrum) + "\n";
  for (const auto& sentence : spectrum.sentences) out += "- " + sentence + "\n";
  return out;
}

}  // namespace cupel

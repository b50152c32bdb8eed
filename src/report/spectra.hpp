#pragma once
/// `cupel spectra`: from a study to its spectrum, the files of its folder, and the lines to print.
#include <filesystem>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "data/catalogue.hpp"
#include "study/spectrum_study.hpp"
#include "verdict/spectrum.hpp"

namespace cupel {

struct SpectraOptions {
  std::filesystem::path out;    ///< spectrum.json, spectrum.csv, auspc.csv, splits.csv, report.html
  std::filesystem::path store;  ///< of the trials; "" = OUT/store
  CatalogueOptions catalogue;
  std::string command_line;
};

/// A curve printed elsewhere, on the range it has and on the levels of this study.
struct PublishedArea {
  std::string model;
  double whole = kUndefined;  ///< all its points
  std::size_t n_points = 0;
  double shared = kUndefined;  ///< its points at this study's levels, normalised
  std::size_t n_shared = 0;
};

struct SpectraOutcome {
  Spectrum spectrum;
  /// Per level: |A n B| / |A u B| of the mutations of test and training, mean over repeats; empty =
  /// the items have no sets.
  std::vector<double> set_jaccard;
  /// Every split of the series and its measured overlap.
  struct SplitRow {
    double parameter = 0.0;
    std::uint32_t repeat = 0;
    bool is_control = false;
    OverlapProfile overlap;
    double set_jaccard = kUndefined;
  };
  std::vector<SplitRow> splits;
  std::vector<PublishedArea> published;
  std::vector<std::string> data_lines;
  Diagnostics diagnostics;
  std::size_t n_trials_run = 0;
  std::size_t n_trials_reused = 0;
};

SpectraOutcome run_spectra(const SpectrumStudy& study, const SpectraOptions& options,
                           const Context& context);

/// Writes the files. Throws Error{io}.
void write_spectra(const SpectraOutcome& outcome, const std::string& title,
                   const SpectraOptions& options);

/// The compact table and the sentences.
std::string spectra_text(const SpectraOutcome& outcome);

}  // namespace cupel

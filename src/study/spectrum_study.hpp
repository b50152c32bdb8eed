#pragma once
/// The study file of `cupel spectra`: items with a target and a similarity, a series of splits,
/// models, baselines. Plain data; paths are relative to `base_folder`, or `catalogue:NAME`.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/overlap.hpp"
#include "cupel/study.hpp"

namespace cupel {

struct SpectrumStudy {
  std::string title;
  std::string source;
  std::string base_folder;
  std::uint64_t seed = 0;
  std::string metric;
  std::string axis = "parameter";  ///< parameter, overlap, novelty

  struct ItemFile {
    std::string file;
    bool has_header = true;  ///< false: the first column is the id, the second the text
    std::string id;
    std::string text;
    std::string target;
    std::vector<std::string> features;
    std::string target_file;  ///< a second file with ids and targets; without header: both columns
    bool target_has_header = true;
    std::string target_id;
    bool only_in_series = false;  ///< targets come with the imported splits
  } items;

  std::string kind;
  std::map<std::string, std::string> kind_options;
  double threshold = OverlapProfile::kNone;

  struct Series {
    std::string folder;   ///< imported: a folder, or catalogue:NAME of an entry
    std::string variant;  ///< made: a variant of SPECTRA
    std::vector<double> lambdas;
    std::vector<double> levels;  ///< made: cupel's own series; empty = 8, evenly spread
    std::uint32_t repeats = 3;
    double test_share = 0.2;
    bool has_controls = true;  ///< random splits of the same sizes
  } series;

  std::vector<ModelSpec> models;
  std::vector<std::string> baselines;  ///< empty = all that the items allow
  std::uint32_t draws = 1000;
  double confidence = 0.95;
  double margin = 0.02;
  bool margin_is_relative = true;

  struct Published {  ///< points of curves that were printed elsewhere, to stand beside
    std::string file;
    std::string x;
    std::string value;
    std::string model;
  } published;
};

/// Throws Error{input} with line and column at the first thing that is not as it should be.
SpectrumStudy parse_spectrum_study(std::string_view yaml, const std::string& source,
                                   const std::string& base_folder);
SpectrumStudy read_spectrum_study(const std::filesystem::path& path);

/// JSON Schema of the study file, and docs/reference/spectrum_study.md.
std::string spectrum_schema_as_json();
std::string spectrum_schema_as_markdown();

}  // namespace cupel

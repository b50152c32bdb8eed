#pragma once
/// The main job as one call: run the study, judge it, write the report's folder.
#include <filesystem>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/finding.hpp"
#include "cupel/study.hpp"
#include "data/catalogue.hpp"

namespace cupel {

struct AuditOptions {
  std::filesystem::path out;    ///< folder of the report; made if missing
  std::filesystem::path store;  ///< folder of the trials; empty = out/store
  CatalogueOptions catalogue;
  std::string command_line;  ///< for the report: the command that makes it again
  std::string study_text;    ///< bytes of the study file and the flags that override it
};

struct ModelOutcome {
  std::string name;
  std::string title;
  std::vector<std::string>
      lines;  ///< one per hypothesis and split: "learned  cell_features (cancer_blind): ..."
  std::vector<std::string> flags;  ///< codes of serious protocol notes
  std::string brief;  ///< of a model with published scores: all of it in one line; else ""
};

struct AuditOutcome {
  std::string headline;
  std::vector<ModelOutcome> models;
  std::vector<Finding> findings;
  std::filesystem::path report_html;  ///< empty when the page was not built in
  std::filesystem::path report_json;
  std::size_t n_trials = 0;
  std::size_t n_trials_reused = 0;
  bool was_complete = false;  ///< the same study stood there already: no work was done
  double seconds = 0.0;
};

/// Writes report.json, report.html, scores.csv, findings.csv, predictions/*.csv, splits/*.csv and,
/// last, manifest.json. A study whose manifest stands there, with the same inputs and all files
/// intact, is not done again. Throws Error; what was finished stays in the store.
AuditOutcome audit(const Study& study, const AuditOptions& options, const Context& context);

}  // namespace cupel

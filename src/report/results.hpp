#pragma once
/// Everything a report is made of, after the study ran and was judged.
#include <string>
#include <vector>

#include "cupel/finding.hpp"
#include "study/run.hpp"
#include "verdict/distance.hpp"
#include "verdict/evidence.hpp"
#include "verdict/noise.hpp"
#include "verdict/pair_scores.hpp"
#include "verdict/sections.hpp"
#include "verdict/spectrum.hpp"
#include "verdict/tasks.hpp"

namespace cupel {

struct AuditResults {
  StudyRun run;
  Noise noise;
  std::vector<ScoreRow> scores;
  std::vector<Evidence> evidence;
  std::vector<ProtocolNote> protocol;
  std::vector<Finding> findings;  ///< the primary ones first
  std::vector<Spectrum> spectra;  ///< one per overlap series of the study
  TaskComparison tasks;
  PairComparison pairs;
  std::vector<DistanceProfile> distances;
  std::vector<SplitSections> sections;
  std::string study_hash;
  std::string command_line;  ///< the command that makes this report again
  double total_seconds = 0.0;
  unsigned n_threads = 1;
};

}  // namespace cupel

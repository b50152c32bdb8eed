#include "commands.hpp"

namespace cupel::cli {

std::vector<Command> all_commands() {
  return {
      {"audit", "Audit models: splits, blind baselines, comparison, verdict, report", define_audit},
      {"demo", "Simulate models with known truth, audit them, show the report", define_demo},
      {"baseline", "Fit one baseline on a split and write its predictions", define_baseline},
      {"split", "Make a split and write it with its provenance", define_split},
      {"inspect", "What a file of cells holds, and what its values look like", define_inspect},
      {"molecules", "Read, standardise and compare molecules; duplicates and replicates",
       define_molecules},
      {"fingerprint", "Fingerprints and descriptors of molecules", define_fingerprint},
      {"similarity", "All pairs of items above a similarity: the neighbour graph",
       define_similarity},
      {"overlap", "How much of a test set is known from training (or a corpus)", define_overlap},
      {"de", "Differential expression of every perturbation, streamed from a file of cells",
       define_de},
      {"score", "Score predictions on the test rows of a split", define_score},
      {"compare", "Compare prediction files, paired, with intervals", define_compare},
      {"cliffs", "Which molecules are on activity cliffs, by a named rule", define_cliffs},
      {"edistance", "Energy distance of every perturbation to the control, with a test",
       define_edistance},
      {"spectra", "Performance as the overlap of test and training falls", define_spectra},
      {"auspc", "Area under a spectral performance curve, with differences", define_auspc},
      {"simulate", "Simulate a drug-response study with known truth", define_simulate},
      {"data", "List, fetch or verify known data sets", define_data},
      {"list", "List baselines, metrics, splits, similarities and models", define_list},
      {"report", "Make report.html again from report.json", define_report},
      {"schema", "JSON Schema or reference page of the study file", define_schema},
      {"doctor", "What this build and this machine can do", define_doctor},
      {"completion", "Completion script for bash, zsh or fish", define_completion},
      {"version", "Print the version", define_version},
  };
}

}  // namespace cupel::cli

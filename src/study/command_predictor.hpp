#pragma once
/// A model under audit that is the user's own program.
///
/// For every trial a folder WORK/MODEL/SPLIT-rREPEAT-fFOLD-sSEED-HASH/ is made and kept, with
///     train.csv       row, the entities' ids (drug, cell), target
///     validation.csv  the same, only if the command uses {validation}
///     test.csv        row and ids, *without* the target
///     command.txt, stdout.txt, stderr.txt
/// and the command is run by /bin/sh in the study's folder. It writes {out}: a CSV with `row` (or
/// the ids) and `prediction`, one line per test row. {drugs} and {cells} are CSV files with the
/// ids, labels and features of all drugs and cell lines, {fold}, {split} and {seed} the trial.
/// The validation rows are in no file unless the command asks for them.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"
#include "cupel/study.hpp"

namespace cupel {

/// A non-zero exit code, a time-out (the whole process group is killed), and an output that is
/// missing, unreadable or about no test row are Error{input} with the last lines of stderr; test
/// rows without a prediction, predictions for other rows, duplicates and NaN are counted in the
/// prediction's diagnostics. The files that the command names are part of the trial's hash, so that
/// a changed program is run again.
std::unique_ptr<Predictor> make_command_predictor(const ModelSpec& spec,
                                                  const std::string& base_folder,
                                                  const std::filesystem::path& work,
                                                  const Information& sees);

/// The files that the model's command names: a changed program is another study.
std::vector<InputFile> command_programs(const ModelSpec& spec, const std::string& base_folder);

/// Replaces {name} by its value; other braces stay.
std::string fill_template(const std::string& text,
                          const std::vector<std::pair<std::string, std::string>>& values);

}  // namespace cupel

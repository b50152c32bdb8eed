#pragma once
/// Splits of perturbations. What is tested, and on what is trained:
///
/// unseen_perturbation: the perturbations dealt to the fold, in all contexts. Trained on the rest,
///   less combinations that hold a tested single (left out as `holds_tested_single`, as GEARS'
///   split `single` does).
/// unseen_combination: the combinations dealt to the fold. All singles are trained on.
/// unseen_context: all of one context, a fold per context (or contexts dealt to `folds`).
/// unseen_pair: (perturbation, context) pairs of perturbations that were measured in several
///   contexts; pairs of one perturbation go to different folds, so that it is trained on elsewhere.
/// gears_simulation: GEARS' `simulation`, with its validation set (split_gears.hpp).
/// cell_load: `test` and `val` of a cell-load TOML file (`file`).
/// overlap: a series over perturbations whose responses are less and less similar. The block
///   "profile" is the mean log2 fold change over the contexts of *all* data, as SPECTRA on
///   perturbations has it (PertEval-scFM); similarity cosine unless asked; or an embedding.
/// file: CSV with perturbation[,context] and role, fold (that tests it) or both; or row files.
///
/// Validation rows are drawn from training by perturbation. `blind_to` is measured: "perturbation",
/// "context", and "combination" where only combinations are tested, none of which is trained on
/// while some of their members are.
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "area/area.hpp"

namespace cupel::perturbation {

std::vector<Split> make_perturbation_splits(const LoadedData& loaded, const SplitSpec& spec,
                                            const std::string& base_folder, const Context& context);

std::vector<std::string> perturbation_split_schemes();
/// What is tested, for sentences; "" where the name says it.
std::string scheme_in_words(std::string_view scheme);
/// Name and one sentence of each.
std::vector<std::pair<std::string, std::string>> perturbation_split_meanings();

/// A table over labels: `perturbation` and `context`, where it has them, are text ("007" stays).
Table read_split_table(const std::filesystem::path& path, const Context& context);

/// Writes perturbation,context,role (labels as the data write them); of several splits
/// perturbation,context,fold,role: every sample in every fold, so that nothing is lost.
void write_split_labels(const std::filesystem::path& path, const Dataset& data,
                        std::span<const Split> splits);

/// The label of every perturbation as the file of cells writes it (the first, where several do).
std::vector<std::string> labels_as_written(const Dataset& data);

}  // namespace cupel::perturbation

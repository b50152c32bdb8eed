#pragma once
/// Splits of perturbations.
///
/// | scheme | test fold | training |
/// |---|---|---|
/// | unseen_perturbation | the perturbations dealt to the fold, in all contexts | the rest, less
/// combinations that hold a tested single (left out as `holds_tested_single`; GEARS' `single`) |
/// | unseen_combination | the combinations dealt to the fold | all singles and the other
/// combinations | | unseen_context | all of one context; one fold per context, or contexts dealt to
/// `folds` | the other contexts | | unseen_pair | (perturbation, context) pairs of perturbations
/// that were measured in several contexts; every tested one is trained on in another context | the
/// rest | | gears_simulation | GEARS' `simulation`: subgroups of split_gears.hpp | GEARS' training
/// set, its validation set | | cell_load | `test` of a cell-load TOML file (`file`), `val` is
/// validation | the rest | | overlap | a series over perturbations by the similarity of their
/// responses (block "profile" = mean log2 fold change over all contexts of *all* data, as SPECTRA
/// on perturbations does), or by an embedding | split/make_overlap.hpp | | file | CSV with
/// perturbation[,context] and role or fold, or the common row files | as given |
///
/// Validation rows are drawn by perturbation (unseen_context: by perturbation too) from training.
/// `blind_to` is measured: "perturbation", "context", and "combination" where only combinations are
/// tested, none of which is trained on while some of their members are.
#include <string>
#include <vector>

#include "area/area.hpp"

namespace cupel::perturbation {

std::vector<Split> make_perturbation_splits(const LoadedData& loaded, const SplitSpec& spec,
                                            const std::string& base_folder, const Context& context);

std::vector<std::string> perturbation_split_schemes();

}  // namespace cupel::perturbation

#pragma once
/// Splits of molecules, each made within every assay (a fold per assay and fold number).
///
// clang-format off
/// | scheme | test | source |
/// |---|---|---|
/// | given | as role_column, fold_column or file say | |
/// | random | compounds (all rows of one ligand together) dealt to folds | |
/// | stratified | the same within bins of the target | |
/// | shuffle | repeats of random 80/20 of rows, numpy's ShuffleSplit for a seed | scikit-learn |
/// | stratified_shuffle | the same within bins of the target | scikit-learn |
/// | scaffold | Murcko scaffolds whole, largest to training first | DeepChem |
/// | scaffold_balanced | scaffolds whole in random order, those above half a test set to training | chemprop |
/// | groups | scaffolds, or the groups of a column, dealt evenly | |
/// | analogue_series | the largest scaffold, or group of a column | Janela & Bajorath 2022 |
/// | cluster_stratified | clusters, then 20 % of each, stratified by cliff compounds | MoleculeACE |
/// | diverse | a MaxMin-picked quarter, of which 20 % are tested; the rest is left out | Janela & Bajorath 2022 (their code: 80/20 within the quarter) |
/// | potent | the most potent tenth | Janela & Bajorath 2022 |
/// | time | the latest compounds of a column | |
/// | butina, kmeans, components, guaranteed, hi, lo, maxmin, kennard_stone, perimeter, ... | every method of split/item_methods.hpp that needs no column of its own | there |
/// | overlap | an overlap series on `ligand` | |
// clang-format on
#include "area/area.hpp"

namespace cupel::potency {

std::vector<Split> make_potency_splits(const LoadedData& loaded, const SplitSpec& spec,
                                       const std::string& base_folder, const Context& context);
std::vector<std::string> potency_split_schemes();

}  // namespace cupel::potency

#pragma once
/// Splits of molecules, each made within every assay (a fold per assay and fold number).
///
/// | scheme | test | source |
/// |---|---|---|
/// | given | role_column, fold_column or file | |
/// | random | compounds (all rows of one ligand together) dealt to folds | |
/// | stratified | the same within bins of the target | |
/// | scaffold | Murcko scaffolds whole, largest to training first | DeepChem |
/// | scaffold_balanced | scaffolds whole in random order, those above half a test set to training |
/// chemprop | | cluster_stratified | clusters, then 20 % of each, stratified by cliff compounds |
/// MoleculeACE | | diverse | MaxMin-picked 25 % subset, random halves of it | Janela & Bajorath
/// 2022 | | analogue_series | the largest analogue series is the test set | Janela & Bajorath 2022
/// | | potent | the most potent tenth is the test set | Janela & Bajorath 2022 | | shuffle |
/// repeats of random 80/20, numpy's ShuffleSplit for a seed | scikit-learn | | time | the latest
/// rows of a column | | | butina, kmeans, hi, lo, maxmin, ... | the item methods of
/// split/item_methods.hpp | | | overlap | an overlap series on `ligand` | |
#include "area/area.hpp"

namespace cupel::potency {

std::vector<Split> make_potency_splits(const LoadedData& loaded, const SplitSpec& spec,
                                       const std::string& base_folder, const Context& context);
std::vector<std::string> potency_split_schemes();

}  // namespace cupel::potency

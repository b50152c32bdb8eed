// The section splits[] of the study file.
#include "area/perturbation/splits.hpp"
#include "area/potency/splits.hpp"
#include "base/text.hpp"
#include "split/make.hpp"
#include "study/schema_words.hpp"

namespace cupel::detail {

using namespace words;

namespace {

/// Those of drug response first, then those of molecules alone, then those of perturbations.
std::vector<std::string> all_schemes() {
  std::vector<std::string> names = split_schemes();
  for (const auto& name : potency::potency_split_schemes()) {
    if (!contains(names, name)) names.push_back(name);
  }
  for (const auto& name : perturbation::perturbation_split_schemes()) {
    if (!contains(names, name)) names.push_back(name);
  }
  return names;
}

}  // namespace

SectionSpec split_section() {
  return {
      .name = "splits[]",
      .doc = "One way to part train and test, with all its folds and repeats.",
      .keys = {
          {.name = "name",
           .value = text(),
           .doc = "Name in scores and report; default: the scheme."},
          {.name = "scheme",
           .value = choice(all_schemes()),
           .doc = "What is unseen in training; default `file` if the rows' folds or roles are "
                  "given, else required. Those after `file` are for molecules "
                  "(area `potency`), and made within every assay; `unseen_...`, "
                  "`gears_simulation` and `cell_load` are of area `perturbation`."},
          {.name = "folds",
           .value = integer(0, 1000),
           .default_yaml = "5",
           .doc =
               "Number of folds, at least 2; each is the test set once. 0 with "
               "`tissue_blind`: one fold per tissue. Of molecules, only `random` and `stratified` "
               "make folds unasked; `groups`, `components`, `butina`, `kmeans`, `guaranteed` and "
               "`hi` do if this is given; the others have one test set per repeat."},
          {.name = "repeats",
           .value = integer(1, 1000),
           .default_yaml = "1",
           .doc = "How often the folds are drawn anew; with `overlap` the default is 2."},
          {.name = "validation",
           .value = number(0.0, 0.9),
           .default_yaml = "0",
           .doc =
               "Share of the units that are not in the test set that becomes the validation "
               "set. Of molecules with one test set: share of all rows, as DeepChem and chemprop "
               "count it (but for `shuffle`, `stratified_shuffle`, `analogue_series`, "
               "`cluster_stratified`, `diverse`, `potent`, `lo` and `focused`)."},
          {.name = "fold_column",
           .value = text(),
           .doc = "Column of the responses with each row's test fold."},
          {.name = "role_column",
           .value = text(),
           .doc = "Column of the responses with train, validation, test or left_out."},
          {.name = "file",
           .value = text(),
           .doc = "A split.csv: `row,role` or `row,fold`; `perturbation`: also "
                  "`perturbation[,context],role`; `cell_load`: the TOML file."},
          {.name = "merge_compounds",
           .value = boolean(),
           .default_yaml = "true",
           .doc = "`drug_blind`, `both_blind`, `overlap`: ids of one compound stay on one side. Of "
                  "molecules: salts and stereoisomers of one parent do, but for `shuffle` and "
                  "`stratified_shuffle`, which deal rows."},
          {.name = "only_folds",
           .value = list(integer(0, 999)),
           .doc = "Run these folds only; default: all. In area potency folds are numbered over all "
                  "assays, as in the report."},
          {.name = "seed", .value = integer(0, kMaxSeed), .doc = "Default: the study's seed."},
          {.name = "entity",
           .value = choice({"drug", "cell", "ligand", "perturbation"}),
           .doc = "`overlap`: whose similarity between test and training falls."},
          {.name = "similarity",
           .value = text(),
           .doc =
               "`overlap`: kind of similarity (`cupel list similarities`); default: "
               "fingerprint-tanimoto for a binary feature table, centred-pearson for any other."},
          {.name = "features",
           .value = text(),
           .doc = "`overlap`: the feature table or label that the similarity is computed from; "
                  "default: the only one that fits."},
          {.name = "levels",
           .value = any_of(integer(2, 100), {list(number(-1.0, 1.0))}),
           .default_yaml = "6",
           .doc = "`overlap`: number of levels, from a random split's overlap to the least that "
                  "the data allow, or a list of the overlaps wanted."},
          {.name = "test",
           .value = number(0.01, 0.9),
           .default_yaml = "0.2",
           .doc = "`overlap`: share of the entities that is tested, the same at all levels. Of "
                  "molecules: share of the one test set (`potent`: 0.1); `random` and `stratified` "
                  "then make no folds."},
          {.name = "train",
           .value = number(0.01, 0.95),
           .doc = "`overlap`: share of the entities that is trained on, the same at all levels; "
                  "the smaller, the less overlap can be reached. Default 0.5."},
          {.name = "threshold",
           .value = number(-1.0, 1.0),
           .doc = "`overlap`: similarity from which two of them are neighbours; default: the "
                  "kind's. Of molecules: Tanimoto from which two are similar; default 0.4."},
          {.name = "column",
           .value = text(),
           .doc = "Of molecules, a column of their table: the time for `time`, what stays together "
                  "for `groups` and `analogue_series` (default: the Murcko scaffold)."},
          {.name = "clusters",
           .value = integer(2, 10000),
           .doc = "`kmeans`, `datasail`, `cluster_stratified`: number of clusters."},
          {.name = "bins",
           .value = integer(2, 100),
           .default_yaml = "5",
           .doc = "`stratified`, `stratified_shuffle`: bins of equal count of the target."},
          {.name = "tolerance",
           .value = number(0.0, 1.0),
           .default_yaml = "0.05",
           .doc = "Of molecules: how far a part may end from its share."},
          {.name = "measure",
           .value = choice({"nearest_mean", "share_with_neighbour"}),
           .default_yaml = "nearest_mean",
           .doc = "`overlap`: what falls from level to level: the mean similarity of the test "
                  "items to their nearest training item, or the share that has a neighbour."},
          {.name = "control",
           .value = choice({"size_matched", "none"}),
           .default_yaml = "size_matched",
           .doc = "`overlap`: beside every split a random one of the same sizes."},
          {.name = "predictors",
           .value = list(text()),
           .doc = "`overlap`: baselines and models that take part; default: all that can be "
                  "trained anew."},
      }};
}

}  // namespace cupel::detail

#pragma once
/// The parsed study file: plain data, one struct per section. Paths are as written; a path is
/// relative to `base_folder`, or `catalogue:NAME` for a file of the catalogue of known data sets.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cupel {

/// A table that describes an entity, one line per id. Its other columns become labels.
struct EntityTableSpec {
  std::string entity;  ///< "drug", "cell"
  std::string file;
  std::string id;  ///< column with the entity's id
  std::string
      via;  ///< column of the *responses* that holds the id to join by, if not the entity's own
  std::map<std::string, std::string> labels;  ///< label -> column: {tissue: TISSUE, smiles: SMILES}
};

/// A wide numeric table, one line per id of the entity, one column per feature.
struct FeatureTableSpec {
  std::string entity;
  std::string name;  ///< "expression", "mutation", "copy_number", ...
  std::string file;
  std::string id;
  std::string via;      ///< as in EntityTableSpec
  std::string columns;  ///< glob of the columns to take, "" = all numeric but the id: "*_mut"
  bool binary = false;
};

enum class JoinPolicy { keep, leave_out };          ///< rows whose ids do not join with every table
enum class ReplicatePolicy { keep, mean, median };  ///< several rows about the same entities

/// How SMILES become molecules and features (area potency).
struct MoleculeSpec {
  std::string standardise = "none";  ///< a scheme of io/molecules.hpp
  std::uint32_t radius = 2;          ///< of the circular fingerprint
  std::uint32_t bits = 2048;
};

/// Which pairs of molecules are activity cliffs (area potency).
struct CliffSpec {
  std::string rule;    ///< of area/potency/cliffs.hpp; "" = none
  std::string column;  ///< a 0/1 column that flags the cliff compounds, instead of the rule's
};

/// How a file of cells becomes profiles (area perturbation). Columns of the cells' annotations are
/// named in DataSpec::columns: perturbation, context, replicate, guide.
struct ProfileSpec {
  std::string control;              ///< label of the unperturbed cells; needed
  std::string matrix = "X";         ///< X, layers/NAME, raw/X
  std::string scale;                ///< what the values are: counts, log1p, normalized; needed
  std::string normalize = "none";   ///< none, median, or the sum that every cell is scaled to
  bool log1p = false;               ///< take log1p after that
  std::string pseudobulk = "mean";  ///< mean (of the cells' values), log_of_mean, group_sum
  double bulk_target = 5e4;         ///< of group_sum: ln(1 + target * sum of counts / total)
  std::string separator = "+";      ///< between the members of a combination; "" = no combinations
  std::string guide_map;            ///< file guide,target: labels of the column are guides
  std::uint32_t min_cells = 10;     ///< samples with fewer cells are left out
  std::string genes = "all";        ///< all, top_control:N (highest control mean), file:PATH
  std::uint32_t halves = 5;         ///< seeded splits into halves, for the noise ceiling
};

struct DataSpec {
  std::string catalogue;  ///< a catalogue entry that fills all of this, or ""
  std::string file;       ///< the samples ("responses")
  /// Task (assay) -> file, instead of `file`: one data set per file, read as one table.
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> columns;  ///< role -> column: drug, cell, target
  MoleculeSpec molecules;
  CliffSpec cliffs;
  ProfileSpec profiles;
  std::string unit;  ///< "ln uM", "AUC", ...; "" = not stated
  std::vector<EntityTableSpec> entity_tables;
  std::vector<FeatureTableSpec> feature_tables;
  JoinPolicy join = JoinPolicy::keep;
  ReplicatePolicy replicates = ReplicatePolicy::keep;
  bool drug_fingerprints = true;  ///< compute ECFP4 (2048 bits) where a `smiles` label is given
};

/// Of scheme `overlap`: a series of splits in which test and training become less and less similar,
/// at fixed sizes.
struct OverlapSpec {
  std::string entity;                    ///< whose similarity it is: "drug", "cell"
  std::string similarity;                ///< kind; "" = the natural one of the features
  std::string features;                  ///< feature block or label; "" = the only one that fits
  std::uint32_t levels = 6;              ///< number of levels, or ...
  std::vector<double> wanted;            ///< ... the levels themselves
  double test = 0.2;                     ///< share of the entities that is tested
  std::optional<double> train;           ///< share that is trained on; default: half of them
  std::optional<double> threshold;       ///< "neighbours"; default: the kind's
  std::string measure = "nearest_mean";  ///< or share_with_neighbour
  bool control = true;                   ///< beside every split a random one of the same sizes
  std::vector<std::string> predictors;   ///< names; empty = all that can be trained anew
};

/// What the schemes that part molecules can be told beside folds, repeats and validation (area
/// potency: area/potency/splits.hpp says which scheme takes what).
struct PartSpec {
  std::optional<double> test;       ///< share that is tested; unset: the scheme's own
  double tolerance = 0.05;          ///< how far a part may end from its share
  std::string column;               ///< of the samples: time, analogue series, group
  std::optional<double> threshold;  ///< similarity from which two are similar; unset: 0.4
  std::uint32_t clusters = 0;       ///< 0 = the scheme's own
  std::uint32_t bins = 5;           ///< of the target, for strata
  double max_left_out = 0.5;        ///< guaranteed, hi: refuse to leave out more
};

struct SplitSpec {
  std::string name;    ///< default: the scheme
  std::string scheme;  ///< mixed, cancer_blind, drug_blind, both_blind, tissue_blind, overlap, file
  std::uint32_t folds = 5;
  bool folds_given = false;  ///< the user asked for them; some schemes have one test set otherwise
  std::uint32_t repeats = 1;
  double validation = 0.0;      ///< share of the non-test units that becomes the validation set
  std::string fold_column;      ///< a column of the responses with the test fold of each row
  std::string role_column;      ///< a column with train/validation/test/left_out
  std::string file;             ///< a split.csv (row,role or row,fold)
  bool merge_compounds = true;  ///< blind to drugs: ids of one compound stay together
  std::vector<std::uint32_t> only_folds;  ///< run these folds only; empty = all
  std::optional<std::uint64_t> seed;      ///< default: the study's seed
  OverlapSpec overlap;
  PartSpec parts;
};

struct ClaimSpec {  ///< a number printed by the model's authors, to be checked
  std::string metric;
  double value = 0.0;
  std::string split;
  std::optional<std::uint32_t> fold;
  double tolerance = 5e-7;
};

enum class ModelKind { predictions, command, reference };

struct ModelSpec {
  std::string name;
  std::string title;
  ModelKind kind = ModelKind::predictions;
  // predictions
  std::string predictions;  ///< file
  std::string column;       ///< column with the prediction
  std::map<std::string, std::string>
      columns;  ///< role -> column: row | drug, cell; split, fold, seed, epoch
  // command
  std::string command;  ///< with {train} {test} {out} {seed} {drugs} {cells}
  double timeout_s = 7200.0;
  std::uint32_t seeds = 1;
  // reference
  std::string reference;              ///< ridge, xgboost, mlp
  std::vector<std::string> features;  ///< "drug.fingerprint", "cell.expression"; empty = all
  std::map<std::string, std::string> options;  ///< learner options, as text
  // all
  std::vector<std::string> sees;    ///< declared information; empty = the area's default for models
  std::vector<std::string> splits;  ///< names of the splits it takes part in; empty = all
  std::string selected_on;  ///< "", "validation", "test": what chose the epoch or the settings
  std::vector<ClaimSpec> claims;
};

struct BaselineSpec {
  std::string name;
  std::map<std::string, std::string> options;
  std::string as;  ///< what it is called in the study; "" = its name
};

/// Scores that others printed, without predictions: a line per model and task.
struct PublishedSpec {
  std::string file;                ///< CSV
  std::string split;               ///< name of the split of this study that they are for
  std::vector<std::string> model;  ///< columns that name the model, joined by a space
  std::string task;                ///< column with the task (assay)
  std::map<std::string, std::string> metrics;  ///< our metric -> column: rmse, rmse_cliff
  std::vector<std::string> only;               ///< names of the models to take; empty = all
  std::vector<std::string> sees;  ///< declared information; empty = the area's default for models
  std::string source;             ///< paper, DOI
};

struct TwinSpec {
  std::uint32_t draws = 3;  ///< K draws per kind and view; 0 = no twins
  std::vector<std::string> kinds = {"permuted", "identifiers"};  ///< also: random, labels
  /// drevalpy's svrc, svcc, svrd, svcd; of any entity: one, all_but
  std::vector<std::string> modes = {"svrc", "svrd"};
  std::vector<std::string> splits;  ///< empty = all
  std::uint32_t folds = 1;          ///< on the first so many folds of each split
};

struct LearningCurveSpec {
  std::vector<std::string> over;  ///< pairs, cells, drugs; empty = the unit of each split
  std::uint32_t sizes = 7;        ///< log-spaced sizes; 0 = no curves
  std::uint32_t repeats = 3;
  std::vector<std::string> predictors;  ///< empty = models that can be trained, and cheap baselines
  std::vector<std::string> splits;      ///< empty = all
};

struct MarginSpec {
  std::string metric;  ///< "" = the primary metric
  double value = 0.02;
  bool relative = true;  ///< share of the error of `against` (or of 1 - score), else absolute
};

struct StatisticsSpec {
  std::uint32_t draws = 2000;
  double confidence = 0.95;
  std::string unit = "auto";  ///< auto, drug, cell, both
};

struct BinariseSpec {
  std::string rule = "drug_median";  ///< drug_median, threshold, waterfall, none
  double threshold = 0.0;            ///< for rule threshold: response below it = sensitive
};

struct Study {
  std::string title;
  std::string area = "drug_response";
  std::string base_folder;  ///< folder of the study file
  std::string source;       ///< the study file, for messages
  std::uint64_t seed = 0;
  DataSpec data;
  std::vector<SplitSpec> splits;
  std::vector<ModelSpec> models;
  std::vector<PublishedSpec> published;
  bool default_baselines = true;
  std::vector<BaselineSpec> baselines;  ///< extra, or all when default_baselines is false
  std::vector<std::string> exclude_baselines;
  std::string primary_metric = "rmse";
  MarginSpec margin;
  StatisticsSpec statistics;
  BinariseSpec binarise;
  TwinSpec twins;
  LearningCurveSpec learning_curve;
};

}  // namespace cupel

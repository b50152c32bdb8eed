#include "study/study_parse.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cupel/error.hpp"
#include "study/schema.hpp"

namespace cupel {
namespace {

const std::string kData =
    "data:\n"
    "  responses: {file: r.csv, columns: {drug: D, cell: C, target: Y}, unit: ln uM}\n";

Study parse(const std::string& text) { return parse_study(text, "study.yaml", "/base"); }

/// The error that `text` must give.
Error error_of(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error for:\n" << text;
  return Error(ErrorKind::internal, "none");
}

struct BadStudy {
  std::string name;
  std::string text;
  std::size_t line;
  std::size_t column;
  std::string message;  ///< part of it
  std::string hint;     ///< part of it
};

void PrintTo(const BadStudy& bad, std::ostream* out) { *out << bad.name; }

class StudyErrors : public testing::TestWithParam<BadStudy> {};

TEST_P(StudyErrors, NamesThePlaceAndTheWayOut) {
  const BadStudy& bad = GetParam();
  const Error error = error_of(bad.text);
  EXPECT_EQ(error.kind(), ErrorKind::input);
  EXPECT_EQ(error.where().file, "study.yaml");
  EXPECT_EQ(error.where().row, bad.line) << error.what();
  EXPECT_EQ(error.where().column, bad.column) << error.what();
  EXPECT_NE(error.message().find(bad.message), std::string::npos) << error.what();
  EXPECT_NE(error.hint().find(bad.hint), std::string::npos) << error.what();
}

INSTANTIATE_TEST_SUITE_P(
    All, StudyErrors,
    testing::Values(
        BadStudy{"syntax", "data: [1, 2\nsplits: x", 2, 7, "not valid YAML", "indentation"},
        BadStudy{"tab", "data:\n\tresponses: 1\n", 2, 11, "not valid YAML", "tabs"},
        BadStudy{"empty", "# nothing\n", 0, 0, "empty", ""},
        BadStudy{"not_a_map", "- a\n- b\n", 1, 1, "has to be a mapping", "data:"},
        BadStudy{"two_documents", kData + "---\ntitle: x\n", 4, 1, "more than one YAML", "---"},
        BadStudy{"duplicate_key", kData + "title: a\ntitle: b\n", 4, 1, "given twice", "keep one"},
        BadStudy{"map_as_key", kData + "? {a: b}\n: c\n", 3, 3, "plain word", ""},
        BadStudy{"unknown_key", kData + "modles: {}\n", 3, 1, "unknown key \"modles\"",
                 "did you mean \"models\"?"},
        BadStudy{"unknown_nested_key", kData + "splits:\n  - {scheme: mixed, fold: 3}\n", 4, 21,
                 "unknown key \"fold\" in splits[0]", "did you mean \"folds\"?"},
        BadStudy{"missing_data", "title: x\n", 1, 1, "\"data\" is missing", "add `data:`"},
        BadStudy{"missing_column", "data: {responses: {file: a, columns: {drug: D, cell: C}}}\n", 1,
                 38, "\"target\" is missing in data.responses.columns", "target"},
        BadStudy{"no_value", kData + "title:\n", 3, 1, "title has no value", "default"},
        BadStudy{"null_word", "data: {responses: {file: null, columns: {drug: D}}}", 1, 20,
                 "has no value", "quote"},
        BadStudy{"wrong_choice", kData + "splits: [{scheme: cancer_blnd}]\n", 3, 19,
                 "splits[0].scheme has to be one of: mixed", "did you mean \"cancer_blind\"?"},
        BadStudy{"wrong_form", kData + "splits: {scheme: mixed}\n", 3, 9,
                 "splits cannot be a mapping; it has to be a list", ""},
        BadStudy{"list_for_text", kData + "title: [a]\n", 3, 8, "title cannot be a list", ""},
        BadStudy{"fraction", kData + "splits: [{scheme: mixed, folds: 2.5}]\n", 3, 33,
                 "has to be a whole number from 0 to 1000", ""},
        BadStudy{"too_small", kData + "splits: [{scheme: mixed, folds: 1}]\n", 3, 33,
                 "at least 2 folds", ""},
        BadStudy{"negative_seed", kData + "seed: -1\n", 3, 7, "a whole number from 0", ""},
        BadStudy{"nan", kData + "margin: {value: nan}\n", 3, 17, "a number", ""},
        BadStudy{"huge", kData + "margin: {value: 1e999}\n", 3, 17, "a number", ""},
        BadStudy{"boolean", kData + "margin: {relative: yes}\n", 3, 20, "true or false", ""},
        BadStudy{"duration", kData + "models: {m: {command: '{train}{test}{out}', timeout: 2w}}\n",
                 3, 54, "such as 90s", ""},
        BadStudy{"area", kData + "area: drug_respons\n", 3, 7, "area has to be",
                 "did you mean \"drug_response\"?"},
        BadStudy{"no_source", "data: {join: keep}\n", 1, 7, "`responses` or `catalogue`",
                 "cupel data list"},
        BadStudy{"overlap_without_entity", kData + "splits: [{scheme: overlap}]\n", 3, 19,
                 "needs an `entity`", "entity: drug"},
        BadStudy{"overlap_similarity",
                 kData + "splits: [{scheme: overlap, entity: drug, similarity: ecfp-tanimotto}]\n",
                 3, 54, "ecfp-tanimotto", "did you mean \"ecfp-tanimoto\"?"},
        BadStudy{"overlap_folds", kData + "splits: [{scheme: overlap, entity: drug, folds: 5}]\n",
                 3, 49, "folds has no meaning here", "levels"},
        BadStudy{"overlap_one_level",
                 kData + "splits: [{scheme: overlap, entity: drug, levels: [0.3]}]\n", 3, 50,
                 "at least 2 levels", "number"},
        BadStudy{"overlap_key", kData + "splits: [{scheme: overlap, entity: drug, level: 5}]\n", 3,
                 42, "unknown key \"level\"", "did you mean \"levels\"?"},
        BadStudy{"levels_of_folds", kData + "splits: [{scheme: mixed, levels: 5}]\n", 3, 34,
                 "levels has no meaning here", "scheme: overlap"},
        BadStudy{"twins_of_series",
                 kData + "splits: [{scheme: overlap, entity: drug}]\n"
                         "twins: {splits: [overlap_drug]}\n",
                 4, 18, "has levels, no folds", "another scheme"},
        BadStudy{"no_splits", kData + "splits: []\n", 3, 9, "nothing to test on", "mixed"},
        BadStudy{"no_scheme", kData + "splits: [{folds: 5}]\n", 3, 10, "needs a `scheme`", ""},
        BadStudy{"file_without_rows", kData + "splits: [{scheme: file}]\n", 3, 10,
                 "needs the rows' folds", "fold_column"},
        BadStudy{"two_row_sources", kData + "splits: [{file: a, fold_column: b}]\n", 3, 10,
                 "one place only", ""},
        BadStudy{"folds_of_given", kData + "splits: [{fold_column: b, folds: 5}]\n", 3, 34,
                 "no meaning", "remove folds"},
        BadStudy{"same_split_twice", kData + "splits: [{scheme: mixed}, {scheme: mixed}]\n", 3, 36,
                 "two splits are named", "name"},
        BadStudy{"fold_too_high", kData + "splits: [{scheme: mixed, only_folds: [5]}]\n", 3, 39,
                 "no fold 5", "4"},
        BadStudy{"fold_of_target", kData + "splits: [{fold_column: Y}]\n", 0, 0, "target column",
                 ""},
        BadStudy{"split_name", kData + "splits: [{scheme: mixed, name: a/b}]\n", 3, 32,
                 "cannot be a name", ""},
        BadStudy{"model_without_kind", kData + "models: {m: {title: x}}\n", 3, 10, "exactly one of",
                 ""},
        BadStudy{"model_of_two_kinds", kData + "models: {m: {predictions: x, reference: y}}\n", 3,
                 10, "exactly one of", ""},
        BadStudy{"foreign_key", kData + "models: {m: {predictions: x, timeout: 5s}}\n", 3, 39,
                 "no meaning", "command"},
        BadStudy{"options_of_file", kData + "models: {m: {predictions: x, options: {a: 1}}}\n", 3,
                 39, "no meaning", "reference"},
        BadStudy{"command_without_out", kData + "models: {m: {command: 'x {train} {test}'}}\n", 3,
                 23, "does not use {out}", "example"},
        BadStudy{"seeds_unused",
                 kData + "models: {m: {command: 'x {train} {test} {out}', seeds: 3}}\n", 3, 56,
                 "does not use {seed}", ""},
        BadStudy{"half_columns", kData + "models: {m: {predictions: x, columns: {drug: D}}}\n", 3,
                 39, "both drug and cell", ""},
        BadStudy{"two_columns",
                 kData + "models: {m: {predictions: x, column: a, columns: {prediction: b}}}\n", 3,
                 38, "different columns", ""},
        BadStudy{"unknown_split", kData + "models: {m: {predictions: x, splits: [mixd]}}\n", 3, 39,
                 "no split \"mixd\"", "did you mean \"mixed\"?"},
        BadStudy{"twin_split", kData + "twins: {splits: [x]}\n", 3, 18, "no split \"x\"", ""},
        BadStudy{"curve_split", kData + "learning_curve: {splits: [x]}\n", 3, 27, "no split", ""},
        BadStudy{
            "claim_split",
            kData + "models: {m: {predictions: x, claims: [{metric: r2, value: 1, split: q}]}}", 3,
            69, "no split \"q\"", ""},
        BadStudy{"wide_and_column",
                 kData + "models: {m: {predictions: x, column: a, columns_as_models: all}}\n", 3,
                 38, "not both", ""},
        BadStudy{"wide_claims",
                 kData + "models: {m: {predictions: x, columns_as_models: all, claims: "
                         "[{metric: r2, value: 1}]}}\n",
                 3, 62, "several models at once", "on its own"},
        BadStudy{"wide_empty", kData + "models: {m: {predictions: x, columns_as_models: []}}\n", 3,
                 49, "empty", ""},
        BadStudy{"same_model_twice",
                 kData + "models:\n  A: {predictions: x}\n  w: {predictions: y, "
                         "columns_as_models: [A]}\n",
                 5, 42, "two models are named \"A\"", ""},
        BadStudy{"baseline_form", kData + "baselines: [{a: {}, b: {}}]\n", 3, 13,
                 "{name: {option: value}}", ""},
        BadStudy{"baselines_word", kData + "baselines: defualt\n", 3, 12, "baselines has to be",
                 "did you mean \"default\"?"},
        BadStudy{"threshold_alone", kData + "binarise: {threshold: 1}\n", 3, 11, "belong together",
                 ""},
        BadStudy{"same_view_twice",
                 "data:\n  catalogue: x\n  features:\n"
                 "    - {entity: cell, name: e, file: a, id: i}\n"
                 "    - {entity: cell, name: e, file: b, id: i}\n",
                 5, 28, "\"cell.e\" is given twice", ""}),
    [](const auto& one) { return one.param.name; });

TEST(Study, WhatIsNotGivenHasTheDefaultOfTheStruct) {
  const Study study = parse(kData);
  const Study plain;
  EXPECT_EQ(study.area, plain.area);
  EXPECT_EQ(study.seed, plain.seed);
  EXPECT_EQ(study.primary_metric, plain.primary_metric);
  EXPECT_EQ(study.default_baselines, plain.default_baselines);
  EXPECT_EQ(study.margin.metric, plain.margin.metric);
  EXPECT_EQ(study.margin.value, plain.margin.value);
  EXPECT_EQ(study.margin.relative, plain.margin.relative);
  EXPECT_EQ(study.statistics.draws, plain.statistics.draws);
  EXPECT_EQ(study.statistics.confidence, plain.statistics.confidence);
  EXPECT_EQ(study.statistics.unit, plain.statistics.unit);
  EXPECT_EQ(study.binarise.rule, plain.binarise.rule);
  EXPECT_EQ(study.binarise.threshold, plain.binarise.threshold);
  EXPECT_EQ(study.twins.draws, plain.twins.draws);
  EXPECT_EQ(study.twins.kinds, plain.twins.kinds);
  EXPECT_EQ(study.twins.modes, plain.twins.modes);
  EXPECT_EQ(study.twins.folds, plain.twins.folds);
  EXPECT_EQ(study.learning_curve.sizes, plain.learning_curve.sizes);
  EXPECT_EQ(study.learning_curve.repeats, plain.learning_curve.repeats);
  EXPECT_EQ(study.data.join, plain.data.join);
  EXPECT_EQ(study.data.replicates, plain.data.replicates);
  EXPECT_EQ(study.data.drug_fingerprints, plain.data.drug_fingerprints);
  ASSERT_EQ(study.splits.size(), 1U);
  const SplitSpec split;
  EXPECT_EQ(study.splits[0].scheme, "mixed");
  EXPECT_EQ(study.splits[0].folds, split.folds);
  EXPECT_EQ(study.splits[0].repeats, split.repeats);
  EXPECT_EQ(study.splits[0].validation, split.validation);
  EXPECT_EQ(study.splits[0].merge_compounds, split.merge_compounds);
  const Study with_model = parse(kData + "models: {m: {command: 'a {train} {test} {out}'}}");
  EXPECT_EQ(with_model.models[0].timeout_s, ModelSpec{}.timeout_s);
  EXPECT_EQ(with_model.models[0].seeds, ModelSpec{}.seeds);
  const Study claim =
      parse(kData + "models: {m: {predictions: x, claims: [{metric: r2, value: 1}]}}");
  EXPECT_EQ(claim.models[0].claims[0].tolerance, ClaimSpec{}.tolerance);
  EXPECT_EQ(claim.models[0].claims[0].split, "mixed");
}

TEST(Study, AnOverlapSeriesHasTheDefaultsOfTheStruct) {
  const Study study = parse(kData + "splits: [{scheme: overlap, entity: cell}]");
  const SplitSpec& split = study.splits.at(0);
  const OverlapSpec plain;
  EXPECT_EQ(split.name, "overlap_cell");
  EXPECT_EQ(split.repeats, 2U);
  EXPECT_TRUE(split.merge_compounds);
  EXPECT_EQ(split.overlap.entity, "cell");
  EXPECT_EQ(split.overlap.similarity, plain.similarity);
  EXPECT_EQ(split.overlap.features, plain.features);
  EXPECT_EQ(split.overlap.levels, plain.levels);
  EXPECT_EQ(split.overlap.wanted, plain.wanted);
  EXPECT_EQ(split.overlap.test, plain.test);
  EXPECT_EQ(split.overlap.train, plain.train);
  EXPECT_EQ(split.overlap.threshold, plain.threshold);
  EXPECT_EQ(split.overlap.measure, plain.measure);
  EXPECT_EQ(split.overlap.control, plain.control);
  EXPECT_EQ(split.overlap.predictors, plain.predictors);
}

TEST(Study, TextStaysTextWhateverItLooksLike) {
  const Study study = parse(
      "title: NO\n"
      "data: {responses: {file: 1e3, columns: {drug: on, cell: 007, target: 1_0}, unit: yes}}\n");
  EXPECT_EQ(study.title, "NO");
  EXPECT_EQ(study.data.file, "1e3");
  EXPECT_EQ(study.data.columns.at("drug"), "on");
  EXPECT_EQ(study.data.columns.at("cell"), "007");
  EXPECT_EQ(study.data.columns.at("target"), "1_0");
  EXPECT_EQ(study.data.unit, "yes");
}

TEST(Study, EveryKeyArrives) {
  const Study study = parse(R"(
title: All of it
seed: 7
primary_metric: pearson
data:
  catalogue: gdsc2
  responses: {file: r.csv, columns: {drug: D, cell: C, target: Y}, unit: AUC}
  drugs: {file: d.csv, id: ID, via: PUBCHEM, smiles: S, target: T, clinical phase: P}
  cells: {file: c.csv, id: CID, tissue: TI}
  features:
    - {entity: cell, name: mutation, file: f.csv, id: X, via: V, columns: "*_mut", binary: true}
  join: leave_out
  replicates: mean
  drug_fingerprints: false
splits:
  - {scheme: mixed, fold_column: fold_mixed, only_folds: [0, 9]}
  - {name: lines, scheme: cancer_blind, folds: 3, repeats: 2, validation: 0.1, seed: 11}
  - {file: my.csv}
  - {scheme: overlap, entity: cell, similarity: cosine, features: expression, levels: 8, repeats: 3,
     test: 0.1, train: 0.4, threshold: 0.7, measure: share_with_neighbour, control: none,
     predictors: [ridge], seed: 3}
  - {name: by_hand, scheme: overlap, entity: drug, levels: [0.5, 0.3], validation: 0.1}
models:
  ready:
    title: Ready made
    predictions: p.csv
    column: P
    columns: {drug: d, cell: c, fold: f, seed: s, epoch: e, split: sp}
    selected_on: test
    splits: [mixed]
    claims: [{metric: r2, value: 0.877493, split: mixed, fold: 1, tolerance: 1e-4}]
  wide: {predictions: w.csv, columns: {row: r}, columns_as_models: [A, B]}
  rest: {predictions: w.csv, columns_as_models: all}
  trained: {command: "t {train} {test} {out} {seed}", timeout: 1.5h, seeds: 3, sees: [drug_id]}
  ridge: {reference: ridge, features: [drug.fingerprint], options: {alpha: [0.1, 1], x: y}, seeds: 2}
baselines: [default, drug_mean, {als: {rank: 10}}]
margin: {metric: rmse, value: 0.05, relative: false}
statistics: {draws: 500, confidence: 0.9, unit: drug}
binarise: {rule: threshold, threshold: -1.5}
twins: {draws: 5, kinds: [random], modes: [svcc], splits: [lines], folds: 2}
learning_curve: {over: [cells], sizes: 4, repeats: 1, predictors: [ridge], splits: [mixed]}
)");
  EXPECT_EQ(study.title, "All of it");
  EXPECT_EQ(study.base_folder, "/base");
  EXPECT_EQ(study.seed, 7U);
  EXPECT_EQ(study.data.catalogue, "gdsc2");
  ASSERT_EQ(study.data.entity_tables.size(), 2U);
  const EntityTableSpec& drugs = study.data.entity_tables[0];
  EXPECT_EQ(drugs.entity, "drug");
  EXPECT_EQ(drugs.id, "ID");
  EXPECT_EQ(drugs.via, "PUBCHEM");
  EXPECT_EQ(drugs.labels, (std::map<std::string, std::string>{
                              {"smiles", "S"}, {"target", "T"}, {"clinical phase", "P"}}));
  const FeatureTableSpec& view = study.data.feature_tables.at(0);
  EXPECT_EQ(view.columns, "*_mut");
  EXPECT_TRUE(view.binary);
  EXPECT_EQ(study.data.join, JoinPolicy::leave_out);
  EXPECT_EQ(study.data.replicates, ReplicatePolicy::mean);
  EXPECT_FALSE(study.data.drug_fingerprints);
  ASSERT_EQ(study.splits.size(), 5U);
  EXPECT_EQ(study.splits[0].only_folds, (std::vector<std::uint32_t>{0, 9}));
  EXPECT_EQ(study.splits[1].name, "lines");
  EXPECT_EQ(study.splits[1].seed, std::optional<std::uint64_t>(11));
  EXPECT_EQ(study.splits[2].scheme, "file");
  const SplitSpec& series = study.splits[3];
  EXPECT_EQ(series.name, "overlap_cell");
  EXPECT_EQ(series.repeats, 3U);
  EXPECT_EQ(series.seed, 3U);
  EXPECT_EQ(series.overlap.entity, "cell");
  EXPECT_EQ(series.overlap.similarity, "cosine");
  EXPECT_EQ(series.overlap.features, "expression");
  EXPECT_EQ(series.overlap.levels, 8U);
  EXPECT_EQ(series.overlap.test, 0.1);
  EXPECT_EQ(series.overlap.train, 0.4);
  EXPECT_EQ(series.overlap.threshold, 0.7);
  EXPECT_EQ(series.overlap.measure, "share_with_neighbour");
  EXPECT_FALSE(series.overlap.control);
  EXPECT_EQ(series.overlap.predictors, std::vector<std::string>{"ridge"});
  EXPECT_EQ(study.splits[4].name, "by_hand");
  EXPECT_EQ(study.splits[4].overlap.wanted, (std::vector<double>{0.5, 0.3}));
  EXPECT_EQ(study.splits[4].validation, 0.1);
  ASSERT_EQ(study.models.size(), 6U);
  const ModelSpec& ready = study.models[0];
  EXPECT_EQ(ready.column, "P");
  EXPECT_EQ(ready.columns.at("epoch"), "e");
  EXPECT_EQ(ready.claims.at(0).fold, std::optional<std::uint32_t>(1));
  EXPECT_EQ(ready.claims.at(0).tolerance, 1e-4);
  EXPECT_EQ(study.models[1].name, "A");
  EXPECT_EQ(study.models[2].column, "B");
  EXPECT_EQ(study.models[3].column, "*");
  EXPECT_EQ(study.models[4].timeout_s, 5400.0);
  EXPECT_EQ(study.models[4].kind, ModelKind::command);
  EXPECT_EQ(study.models[5].options.at("alpha"), "0.1,1");
  EXPECT_TRUE(study.default_baselines);
  ASSERT_EQ(study.baselines.size(), 2U);
  EXPECT_EQ(study.baselines[1].options.at("rank"), "10");
  EXPECT_FALSE(study.margin.relative);
  EXPECT_EQ(study.statistics.draws, 500U);
  EXPECT_EQ(study.binarise.threshold, -1.5);
  EXPECT_EQ(study.twins.kinds, std::vector<std::string>{"random"});
  EXPECT_EQ(study.learning_curve.over, std::vector<std::string>{"cells"});
}

// Of a word or a number both are taken, and nothing else.
TEST(Study, NormalizeIsAWordOrANumber) {
  const std::string head =
      "area: perturbation\ndata: {responses: {file: a.h5ad, columns: {perturbation: p}}, "
      "profiles: ";
  EXPECT_EQ(parse(head + "{control: c, scale: counts, normalize: 10000}}").data.profiles.normalize,
            "10000");
  EXPECT_EQ(parse(head + "{control: c, scale: counts, normalize: median}}").data.profiles.normalize,
            "median");
  EXPECT_THROW(parse(head + "{control: c, scale: counts, normalize: mode}}"), Error);
  EXPECT_THROW(parse(head + "{control: c, scale: counts, normalize: -1}}"), Error);
}

TEST(Study, BaselinesInEachForm) {
  EXPECT_FALSE(parse(kData + "baselines: none").default_baselines);
  EXPECT_FALSE(parse(kData + "baselines: [drug_mean]").default_baselines);
  const Study study = parse(kData + "baselines: {add: [x], exclude: [y]}");
  EXPECT_TRUE(study.default_baselines);
  EXPECT_EQ(study.baselines.at(0).name, "x");
  EXPECT_EQ(study.exclude_baselines, std::vector<std::string>{"y"});
}

TEST(Study, OneBaselineWithSeveralOptions) {
  const Study study = parse(kData + "baselines: [{knn: {k: 1, as: knn_1}}, {knn: {k: 3}}]");
  ASSERT_EQ(study.baselines.size(), 2U);
  EXPECT_EQ(study.baselines[0].name, "knn");
  EXPECT_EQ(study.baselines[0].as, "knn_1");
  EXPECT_EQ(study.baselines[0].options, (std::map<std::string, std::string>{{"k", "1"}}));
  EXPECT_EQ(study.baselines[1].as, "");
}

TEST(Study, NoneTurnsSectionsOff) {
  const Study study = parse(kData + "twins: none\nlearning_curve: none\nbinarise: none\n");
  EXPECT_EQ(study.twins.draws, 0U);
  EXPECT_EQ(study.learning_curve.sizes, 0U);
  EXPECT_EQ(study.binarise.rule, "none");
}

TEST(Study, AnchorsAreCopiedWithinLimits) {
  const Study study = parse(kData + "splits: [&a {scheme: mixed}]\ntwins: {splits: [mixed]}\n");
  EXPECT_EQ(study.splits.size(), 1U);
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) bomb += std::string(i > 0 ? "," : "") + "*" + char(c - 1);
    bomb += "]\n";
  }
  EXPECT_NE(error_of(bomb).message().find("too many values"), std::string::npos);
  EXPECT_NE(error_of("a: &x [*x]\n").message().find("contains it"), std::string::npos);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "[";
  EXPECT_EQ(error_of("a: " + deep).kind(), ErrorKind::input);
}

TEST(Study, FileIsReadRelativeToItsFolder) {
  const auto folder = std::filesystem::temp_directory_path() / "cupel_study_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "s.yaml") << kData;
  EXPECT_EQ(read_study(folder / "s.yaml").base_folder, folder.string());
  std::filesystem::remove_all(folder);
  try {
    (void)read_study(folder / "s.yaml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
  }
}

TEST(Schema, JsonNamesEveryKeyAndForbidsOthers) {
  const auto schema = nlohmann::json::parse(schema_as_json());
  EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema.at("additionalProperties"), false);
  EXPECT_EQ(schema.at("required"), nlohmann::json::array({"data"}));
  for (const auto& key : study_schema().keys) {
    EXPECT_TRUE(schema.at("properties").contains(key.name)) << key.name;
  }
  const auto& split = schema.at("properties").at("splits").at("items").at("properties");
  EXPECT_EQ(split.at("folds").at("minimum"), 0);
  EXPECT_EQ(split.at("folds").at("default"), 5);
}

TEST(Schema, EveryDefaultPassesItsOwnCheck) {
  const auto check = [](const auto& self, const SectionSpec& section) -> void {
    for (const auto& key : section.keys) {
      EXPECT_FALSE(key.doc.empty()) << section.name << "." << key.name;
      if (!key.default_yaml.empty()) {
        SectionSpec one{.name = section.name, .doc = "", .keys = {key}};
        const std::string text = key.name + ": " + key.default_yaml;
        EXPECT_NO_THROW(check_against_schema(parse_yaml(text, "d"), one, "d")) << text;
      }
      if (key.value.section) self(self, *key.value.section);
      if (key.value.item && key.value.item->section) self(self, *key.value.item->section);
    }
  };
  check(check, study_schema());
}

TEST(Schema, ReferencePageHasARowPerKey) {
  const std::string page = schema_as_markdown();
  EXPECT_NE(page.find("| `only_folds` |"), std::string::npos);
  EXPECT_NE(page.find("## `models.NAME.claims[]`"), std::string::npos);
}

TEST(Durations, AreSeconds) {
  EXPECT_EQ(parse_duration("90s"), 90.0);
  EXPECT_EQ(parse_duration("90"), 90.0);
  EXPECT_EQ(parse_duration("1.5h"), 5400.0);
  EXPECT_EQ(parse_duration("2 d"), 172800.0);
  EXPECT_FALSE(parse_duration("h"));
  EXPECT_FALSE(parse_duration(""));
  EXPECT_FALSE(parse_duration("1h30m"));
}

}  // namespace
}  // namespace cupel

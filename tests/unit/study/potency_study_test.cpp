// What a study of ligand potency says: roles, files, molecules, cliffs, schemes, printed scores.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "area/area.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"
#include "study/plan_twins.hpp"
#include "study/published.hpp"
#include "study/study_parse.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kData =
    "area: potency\n"
    "data: {responses: {file: m.csv, columns: {smiles: S, target: Y}}}\n";

Study parse(const std::string& text) { return parse_study(text, "study.yaml", "/base"); }

std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return std::string(error.what()) + " / " + error.hint();
  }
  return "no error";
}

TEST(PotencyStudy, IsReadInFull) {
  const Study study = parse(R"(
area: potency
data:
  responses:
    files: {A: a.csv, B: b.csv}
    columns: {smiles: S, target: Y, value_nM: V, relation: R}
    unit: nM
  molecules: {standardise: parent, radius: 3, bits: 1024}
  cliffs: {rule: ecfp, column: flag}
  replicates: median
splits:
  - {scheme: scaffold, test: 0.25}
  - {name: given, role_column: split}
models: {m: {predictions: p.csv, columns: {smiles: mol, assay: target}}}
published:
  - {file: t.csv, split: given, model: [a, b], task: d, metrics: {rmse: R, rmse_cliff: C}, only: [x y],
     sees: [targets], source: paper}
)");
  EXPECT_EQ(study.area, "potency");
  EXPECT_TRUE(study.data.file.empty());
  EXPECT_EQ(study.data.files, (std::map<std::string, std::string>{{"A", "a.csv"}, {"B", "b.csv"}}));
  EXPECT_EQ(study.data.columns.at("value_nM"), "V");
  EXPECT_EQ(study.data.molecules.standardise, "parent");
  EXPECT_EQ(study.data.molecules.radius, 3U);
  EXPECT_EQ(study.data.molecules.bits, 1024U);
  EXPECT_EQ(study.data.cliffs.rule, "ecfp");
  EXPECT_EQ(study.data.cliffs.column, "flag");
  EXPECT_EQ(study.data.replicates, ReplicatePolicy::median);
  EXPECT_EQ(study.splits[0].parts.test, std::optional<double>(0.25));
  EXPECT_EQ(study.binarise.rule, "none");
  EXPECT_EQ(study.models[0].columns.at("smiles"), "mol");
  ASSERT_EQ(study.published.size(), 1U);
  const PublishedSpec& printed = study.published.front();
  EXPECT_EQ(printed.split, "given");
  EXPECT_THAT(printed.model, ElementsAre("a", "b"));
  EXPECT_EQ(printed.metrics.at("rmse_cliff"), "C");
  EXPECT_THAT(printed.only, ElementsAre("x y"));
}

TEST(PotencyStudy, DefaultsAreThoseOfTheTools) {
  const Study study = parse(kData +
                            "splits: [{scheme: random}]\n"
                            "published: [{file: t.csv, model: a, task: d, metrics: {rmse: R}}]\n");
  EXPECT_EQ(study.data.molecules.radius, 2U);
  EXPECT_EQ(study.data.molecules.bits, 2048U);
  EXPECT_EQ(study.data.molecules.standardise, "none");
  EXPECT_EQ(study.published.front().split, "random");
  EXPECT_THAT(study.published.front().model, ElementsAre("a"));
}

TEST(PotencyStudy, WithoutASplitIsSplitAtRandom) {
  const Study study = parse(kData);
  ASSERT_EQ(study.splits.size(), 1U);
  EXPECT_EQ(study.splits.front().scheme, "random");
  EXPECT_EQ(study.splits.front().name, "random");
  EXPECT_EQ(study.splits.front().folds, 5U);
}

TEST(PotencyStudy, RefusalsNameThePlaceAndTheWayOut) {
  EXPECT_THAT(refusal("area: potency\ndata: {responses: {file: m.csv, columns: {smiles: S}}}\n"),
              HasSubstr("\"target\" is missing in data.responses.columns"));
  EXPECT_THAT(refusal("area: potency\ndata: {responses: {file: m.csv, columns: {target: S}}}\n"),
              HasSubstr("\"smiles\" is missing"));
  EXPECT_NO_THROW(
      parse("area: potency\ndata: {responses: {file: m.csv, columns: {target: Y, id: I}}}\n"
            "splits: [{scheme: random}]\n"));
  EXPECT_THAT(refusal("area: potency\ndata: {responses: {file: m, columns: {drug: D, smiles: S, "
                      "target: Y}}}\n"),
              AllOf(HasSubstr("no column role \"drug\""), HasSubstr("smiles")));
  EXPECT_THAT(refusal("area: potency\ndata: {responses: {file: m, files: {A: a}, columns: {smiles: "
                      "S, target: Y}}}\n"),
              HasSubstr("both `file` and `files`"));
  EXPECT_THAT(
      refusal(kData + "splits: [{scheme: cancer_blind}]\n"),
      AllOf(HasSubstr("area potency has no split scheme \"cancer_blind\""), HasSubstr("scaffold")));
  EXPECT_THAT(refusal(kData + "splits: [{scheme: random}]\nbinarise: {rule: waterfall}\n"),
              HasSubstr("binarise belongs to area drug_response"));
  EXPECT_THAT(
      refusal("data: {responses: {file: r, columns: {drug: D, cell: C, target: Y}}, cliffs: "
              "{rule: ecfp}}\n"),
      HasSubstr("cliffs has no meaning here"));
  EXPECT_THAT(
      refusal("data: {responses: {files: {A: a}, columns: {drug: D, cell: C, target: Y}}}\n"),
      HasSubstr("one per assay"));
  EXPECT_THAT(refusal(kData + "splits: [{scheme: random}, {scheme: scaffold}]\n"
                              "published: [{file: t, model: a, task: d, metrics: {rmse: R}}]\n"),
              HasSubstr("need the name of their split"));
}

class Published : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_published_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    study_.base_folder = folder_.string();
    spec_ = {.file = "t.csv",
             .split = "given",
             .model = {"algorithm", "descriptor"},
             .task = "dataset",
             .metrics = {{"rmse", "r"}, {"rmse_cliff", "c"}}};
    data_.sample_labels = {{.name = "cliff", .levels = {"cliff", "noncliff"}, .code = {}}};
    SplitResult split{.name = "given"};
    for (const char* task : {"A", "B"}) split.folds.push_back({.name = "given", .task = task});
    splits_.push_back(std::move(split));
    write(
        "dataset,algorithm,descriptor,r,c\nA,RF,ECFP,0.7,0.9\nB,RF,ECFP,0.8,\nA,MLP,ECFP,0.75,1\n"
        "C,RF,ECFP,1,1\nA,RF,ECFP,0.1,0.1\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& text) const { write_file_atomic(folder_ / "t.csv", text); }
  std::vector<PublishedScores> read() {
    study_.published = {spec_};
    diagnostics_ = {};
    return read_published(study_, splits_, find_area("potency"), data_, {}, {}, inputs_,
                          diagnostics_);
  }
  std::string refusal() {
    try {
      read();
    } catch (const Error& error) {
      return std::string(error.what()) + " / " + error.hint();
    }
    return "no error";
  }

  fs::path folder_;
  Study study_;
  PublishedSpec spec_;
  Dataset data_;
  std::vector<SplitResult> splits_;
  std::vector<InputFile> inputs_;
  Diagnostics diagnostics_;
};

TEST_F(Published, LinesAreMatchedWithFoldsByTask) {
  const auto scores = read();
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[0].info.name, "RF ECFP");
  EXPECT_TRUE(scores[0].info.is_model);
  EXPECT_TRUE(scores[0].info.sees.contains("ligand_graph"));
  EXPECT_THAT(scores[0].values.at("rmse"), ElementsAre(0.7, 0.8));
  EXPECT_EQ(scores[0].values.at("rmse_cliff")[0], 0.9);
  EXPECT_TRUE(std::isnan(scores[0].values.at("rmse_cliff")[1]));
  EXPECT_TRUE(std::isnan(scores[1].values.at("rmse")[1]));
  EXPECT_EQ(diagnostics_.find("published_unknown_task")->count, 1U);
  EXPECT_EQ(diagnostics_.find("published_repeated_line")->count, 1U);
  EXPECT_EQ(inputs_.front().role, "published scores");
  spec_.only = {"MLP ECFP"};
  spec_.sees = {"targets"};
  const auto one = read();
  ASSERT_EQ(one.size(), 1U);
  EXPECT_THAT(one[0].info.sees, ElementsAre("targets"));
}

TEST_F(Published, WhatIsMissingIsSaid) {
  spec_.only = {"RF ECFF"};
  EXPECT_THAT(refusal(), HasSubstr("did you mean \"RF ECFP\"?"));
  spec_.only.clear();
  spec_.metrics = {{"rmse", "R"}};
  EXPECT_THAT(refusal(), AllOf(HasSubstr("R"), HasSubstr("dataset, algorithm")));
  spec_.metrics = {{"rmse_clif", "c"}};
  EXPECT_THAT(refusal(), HasSubstr("did you mean \"rmse_cliff\"?"));
  spec_.metrics = {{"rmse", "algorithm"}};
  EXPECT_THAT(refusal(), HasSubstr("have to be numbers"));
  spec_.metrics = {{"rmse", "r"}};
  write("dataset,algorithm,descriptor,r,c\nX,RF,ECFP,0.7,0.9\n");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("not one line"), HasSubstr("assays: A, B")));
  spec_.split = "other";
  EXPECT_THAT(refusal(), HasSubstr("other"));
}

TEST(PotencyStudy, TwinsFitTheArea) {
  const std::string data = kData + "splits: [{scheme: random}]\n";
  const Study plain = parse(data);
  EXPECT_THAT(plain.twins.kinds, ElementsAre("permuted", "labels"));
  EXPECT_THAT(plain.twins.modes, ElementsAre("one"));
  const Study asked = parse(data + "twins: {kinds: [random], draws: 9}\n");
  EXPECT_THAT(asked.twins.kinds, ElementsAre("random"));
  EXPECT_THAT(asked.twins.modes, ElementsAre("one"));
  EXPECT_EQ(asked.twins.draws, 9U);
  EXPECT_THAT(refusal(data + "twins: {modes: [svrc]}\n"),
              AllOf(HasSubstr("\"svrc\" has no meaning in area potency"), HasSubstr("all_but")));
}

TEST(PotencyStudy, TwinsArePlannedForEveryViewThatTheModelReads) {
  Dataset data;
  data.entities = {{.name = "ligand"}, {.name = "assay"}};
  for (const char* block : {"fingerprint", "maccs", "physchem"}) {
    data.entities[0].features.push_back({.name = block});
  }
  const Area& area = find_area("potency");
  const auto planned = [&](const ModelSpec& model) {
    std::vector<std::string> out;
    for (const auto& plan : plan_twins(data, area.default_twins(), area.views_of(model))) {
      out.push_back(plan.mode + " " + plan.kind + " " + plan.view);
    }
    return out;
  };
  EXPECT_THAT(planned({.kind = ModelKind::reference, .reference = "ridge"}),
              ElementsAre("one permuted ligand.fingerprint", "labels labels targets"));
  EXPECT_THAT(planned({.kind = ModelKind::reference, .features = {"maccs", "ligand.physchem"}}),
              ElementsAre("one permuted ligand.maccs", "one permuted ligand.physchem",
                          "labels labels targets"));
}

TEST(PotencyStudy, FoldsAreNumberedOverAssays) {
  const Study study = parse(kData + "splits: [{scheme: scaffold, only_folds: [17]}]\n");
  EXPECT_THAT(study.splits[0].only_folds, ElementsAre(17U));  // five folds, but thirty assays
}

TEST(PotencyStudy, FilesAreNamedByTheirAssay) {
  const auto with = [](const std::string& files) {
    return refusal("area: potency\ndata: {responses: {" + files +
                   "columns: {smiles: S, target: Y}}}\nsplits: [{scheme: random}]\n");
  };
  EXPECT_THAT(with("files: {}, "), HasSubstr("\"file\" is missing"));
  EXPECT_THAT(with("files: [a.csv, b.csv], "), HasSubstr("files"));
  EXPECT_THAT(with("files: {A: a.csv}, file: b.csv, "), HasSubstr("both `file` and `files`"));
  EXPECT_THAT(with("files: {A: [a.csv]}, "), HasSubstr("study.yaml"));
  EXPECT_EQ(with("files: {A: a.csv}, "), "no error");
}

}  // namespace
}  // namespace cupel

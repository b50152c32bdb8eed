#include "area/drug_response/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <functional>

#include "cupel/error.hpp"
#include "io/write.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Load : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_load_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    spec_.file = "responses.csv";
    spec_.columns = {{"drug", "DRUG"}, {"cell", "CELL"}, {"target", "IC50"}};
    responses("DRUG,CELL,IC50\na,x,1.5\na,y,2\nb,x,3\nb,y,-1\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    write_file_atomic(folder_ / name, text);
  }
  void responses(const std::string& text) const { write("responses.csv", text); }
  DrugResponse load() const { return load_drug_response(spec_, folder_.string(), {}, {}); }
  Dataset data() const { return load().data; }
  std::string refusal() const {
    try {
      load();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  static std::size_t count(const Dataset& data, const char* code) {
    const auto* found = data.diagnostics.find(code);
    return found == nullptr ? 0 : found->count;
  }
  static std::size_t left_out(const Dataset& data, std::string_view reason) {
    for (const auto& item : data.left_out) {
      if (item.reason == reason) return item.source_rows.size();
    }
    return 0;
  }
  static void expect_account(const Dataset& data) {
    std::size_t n = data.n_samples();
    for (const auto& item : data.left_out) n += item.source_rows.size();
    EXPECT_EQ(n, data.n_source_rows);
  }

  fs::path folder_;
  DataSpec spec_;
};

TEST_F(Load, ReadsRowsInOrderWithSortedIds) {
  responses("DRUG,CELL,IC50\nb,y,1.5\na,y,2\nb,x,3\n");
  const auto loaded = load();
  EXPECT_THAT(loaded.data.targets.values, ElementsAre(1.5, 2, 3));
  EXPECT_THAT(loaded.data.entity("drug").ids, ElementsAre("a", "b"));
  EXPECT_THAT(loaded.data.entity("drug").code_of_sample, ElementsAre(1, 0, 1));
  EXPECT_THAT(loaded.data.source_row, ElementsAre(0, 1, 2));
  EXPECT_EQ(loaded.data.target_name, "IC50");
  ASSERT_EQ(loaded.inputs.size(), 1U);
  EXPECT_EQ(loaded.inputs[0].role, "responses");
  EXPECT_EQ(loaded.inputs[0].bytes, fs::file_size(folder_ / "responses.csv"));
  EXPECT_EQ(loaded.responses.n_rows, 3U);
  const std::string before = loaded.data.sha256;
  responses("DRUG,CELL,IC50\nb,y,1.5\na,y,2\nb,x,4\n");
  EXPECT_NE(data().sha256, before);
}

TEST_F(Load, IdsStayTextAndLoseOuterBlanks) {
  responses("DRUG,CELL,IC50\n007,1e5,1\n 7,x ,2\n");
  const auto made = data();
  EXPECT_THAT(made.entity("drug").ids, ElementsAre("007", "7"));
  EXPECT_THAT(made.entity("cell").ids, ElementsAre("1e5", "x"));
}

TEST_F(Load, UnusableRowsAreLeftOutWithTheirReason) {
  responses(
      "DRUG,CELL,IC50\na,x,1\n,x,2\na,,3\na,y,\na,z,NaN\na,y,inf\na,y,-inf\nb,x,2\nb,y,high\n , "
      ",1\n");
  const auto made = data();
  EXPECT_EQ(made.n_samples(), 2U);
  EXPECT_EQ(left_out(made, "drug_missing"), 2U);
  EXPECT_EQ(left_out(made, "cell_missing"), 1U);
  EXPECT_EQ(left_out(made, "target_missing"), 2U);
  EXPECT_EQ(left_out(made, "target_not_finite"), 2U);
  EXPECT_EQ(left_out(made, "target_not_a_number"), 1U);
  EXPECT_THAT(made.diagnostics.find("target_not_a_number")->examples,
              ElementsAre("line 10: \"high\""));
  expect_account(made);
}

TEST_F(Load, NothingToJudgeIsAnError) {
  responses("DRUG,CELL,IC50\na,x,\nb,y,NA\n");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("no row can be used"), HasSubstr("2 target_missing")));
  responses("DRUG,CELL,IC50\n");
  EXPECT_THAT(refusal(), HasSubstr("a header and no data"));
  responses("DRUG,CELL,IC50\na,x,2\nb,y,2\n");
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("all 2 usable targets are 2"), HasSubstr("responses.csv")));
  spec_.columns["target"] = "IC5O";
  EXPECT_THAT(refusal(), HasSubstr("did you mean \"IC50\""));
  spec_.file = "";
  EXPECT_THAT(refusal(), HasSubstr("names no responses"));
}

TEST_F(Load, OneDrugOrOneLineIsSaidSeriously) {
  responses("DRUG,CELL,IC50\na,x,1\na,y,2\n");
  EXPECT_EQ(data().diagnostics.find("one_drug")->severity, Severity::serious);
  EXPECT_EQ(count(data(), "one_cell"), 0U);
  responses("DRUG,CELL,IC50\na,x,1\nb,x,2\n");
  EXPECT_EQ(data().diagnostics.find("one_cell")->severity, Severity::serious);
}

TEST_F(Load, ReplicatesAreKeptOrAveraged) {
  responses("DRUG,CELL,IC50\na,x,1\na,x,2\na,x,2\na,y,0\nb,x,50\nb,x,-50\nb,y,3\n");
  const auto kept = data();
  EXPECT_EQ(kept.n_samples(), 7U);
  EXPECT_EQ(count(kept, "replicated_pair"), 3U);
  EXPECT_EQ(count(kept, "copied_row"), 1U);
  EXPECT_EQ(count(kept, "conflicting_replicate"), 1U);
  EXPECT_THAT(kept.diagnostics.find("conflicting_replicate")->examples[0],
              HasSubstr("b on x (data rows 4 and 5): 50 and -50"));
  spec_.replicates = ReplicatePolicy::mean;
  const auto averaged = data();
  EXPECT_EQ(averaged.n_samples(), 4U);
  EXPECT_NEAR(averaged.target(0), 5.0 / 3.0, 1e-12);
  EXPECT_EQ(left_out(averaged, "averaged_into_first_row"), 3U);
  EXPECT_EQ(count(averaged, "averaged_replicate"), 3U);
  expect_account(averaged);
}

TEST_F(Load, JoinsByAnotherColumnAndListsWhatDoesNotJoin) {
  responses("DRUG,CELL,IC50,COSMIC\na,x,1,905\na,y,2,906.0\nb,x,3,905\nb,z,4,\n");
  write("expression.csv", "COSMIC_ID,G1,G2,note\n906,1,2,u\n905.0,3,,v\n999,5,6,w\n");
  spec_.feature_tables = {{.entity = "cell",
                           .name = "expression",
                           .file = "expression.csv",
                           .id = "COSMIC_ID",
                           .via = "COSMIC"}};
  const auto kept = data();
  const auto& block = *kept.entity("cell").find_features("expression");
  EXPECT_THAT(block.present, ElementsAre(1, 1, 0));
  EXPECT_THAT(block.feature_names, ElementsAre("G1", "G2"));
  // The gap of 905 becomes the median of the joined lines' known values.
  EXPECT_THAT(block.values.values, ElementsAre(3, 2, 1, 2, 0, 0));
  EXPECT_EQ(count(kept, "missing_value_cell_expression"), 1U);
  EXPECT_EQ(count(kept, "not_numeric_cell_expression"), 1U);
  EXPECT_EQ(count(kept, "unjoined_cell_expression"), 1U);
  EXPECT_THAT(kept.diagnostics.find("unjoined_cell_expression")->examples, ElementsAre("z"));
  EXPECT_THAT(kept.diagnostics.find("unjoined_cell_expression")->message,
              HasSubstr("1 of 3 cell ids (1 rows)"));
  spec_.join = JoinPolicy::leave_out;
  const auto fewer = data();
  EXPECT_EQ(fewer.n_samples(), 3U);
  EXPECT_EQ(left_out(fewer, "unjoined_cell_expression"), 1U);
  EXPECT_THAT(fewer.entity("cell").ids, ElementsAre("x", "y"));
  expect_account(fewer);
}

TEST_F(Load, SeveralJoinIdsOfOneLineAreSaid) {
  responses("DRUG,CELL,IC50,COSMIC\na,x,1,905\nb,x,3,906\nb,y,4,906\n");
  write("cells.csv", "COSMIC_ID,TISSUE\n905,lung\n906,skin\n");
  spec_.entity_tables = {{.entity = "cell",
                          .file = "cells.csv",
                          .id = "COSMIC_ID",
                          .via = "COSMIC",
                          .labels = {{"tissue", "TISSUE"}}}};
  const auto made = data();
  EXPECT_EQ(count(made, "several_join_ids_cell"), 1U);
  const auto& tissue = *made.entity("cell").find_label("tissue");
  EXPECT_THAT(tissue.levels, ElementsAre("lung", "skin"));
  EXPECT_THAT(tissue.code, ElementsAre(0, 1));
}

TEST_F(Load, RepeatedIdsOfATableCountByTheirFirstLine) {
  write("cells.csv", "CELL,TISSUE\nx,lung\nx,skin\ny,lung\ny,lung\n,liver\n");
  spec_.entity_tables = {
      {.entity = "cell", .file = "cells.csv", .id = "CELL", .labels = {{"tissue", "TISSUE"}}}};
  const auto made = data();
  EXPECT_EQ(count(made, "conflicting_id_cell_table"), 1U);
  EXPECT_THAT(made.diagnostics.find("conflicting_id_cell_table")->examples,
              ElementsAre("x (lines 2 and 3)"));
  EXPECT_EQ(count(made, "repeated_id_cell_table"), 1U);
  EXPECT_EQ(count(made, "no_id_cell_table"), 1U);
  EXPECT_THAT(made.entity("cell").find_label("tissue")->levels, ElementsAre("lung"));
}

TEST_F(Load, WrongJoinColumnIsAnErrorThatShowsBothSides) {
  write("cells.csv", "CELL,TISSUE\nCOSMIC-1,lung\n");
  spec_.entity_tables = {{.entity = "cell", .file = "cells.csv", .id = "CELL"}};
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("such as \"x\""), HasSubstr("\"COSMIC-1\""), HasSubstr("via")));
}

TEST_F(Load, FeatureColumnsAreChosenByGlob) {
  write("features.csv", "CELL,A_mut,B_mut,C_cna\nx,0,1,5\ny,1,1,7\n");
  spec_.feature_tables = {{.entity = "cell",
                           .name = "mutation",
                           .file = "features.csv",
                           .id = "CELL",
                           .columns = "*_mut",
                           .binary = true}};
  EXPECT_THAT(data().entity("cell").find_features("mutation")->feature_names,
              ElementsAre("A_mut", "B_mut"));
  spec_.feature_tables[0].columns = "*_none";
  EXPECT_THAT(refusal(), HasSubstr("matches \"*_none\""));
  spec_.feature_tables[0].columns = "*";
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("0 and 1 only"), HasSubstr("C_cna"), HasSubstr("features.csv:2")));
}

TEST_F(Load, BadSmilesAreCountedWithTheirReason) {
  write("drugs.csv", "DRUG,SMILES\na,CCO\nb,C1CC\n");
  spec_.entity_tables = {
      {.entity = "drug", .file = "drugs.csv", .id = "DRUG", .labels = {{"smiles", "SMILES"}}}};
  const auto made = data();
  const auto& block = *made.entity("drug").find_features("fingerprint");
  EXPECT_THAT(block.present, ElementsAre(1, 0));
  EXPECT_EQ(block.values.cols, 2048U);
  EXPECT_TRUE(block.binary);
  EXPECT_THAT(made.diagnostics.find("bad_smiles")->examples[0], HasSubstr("b: \"C1CC\""));
  write("drugs.csv", "DRUG,SMILES\na,CCO\nb,\n");
  EXPECT_EQ(count(data(), "no_smiles"), 1U);
  spec_.drug_fingerprints = false;
  EXPECT_EQ(data().entity("drug").find_features("fingerprint"), nullptr);
}

/// 100 rows with ln IC50 like those of GDSC, changed to another unit.
std::string response_text(const std::function<double(double)>& convert) {
  std::string text = "DRUG,CELL,IC50\n";
  for (int i = 0; i < 100; ++i) {
    const double share = (i * 37 % 100 + 0.5) / 100.0;
    const double ln_um = 2.8 + 1.49 * std::log(share / (1.0 - share));  // logistic, sd 2.7
    text += "d" + std::to_string(i % 10) + ",c" + std::to_string(i / 10) + "," +
            std::to_string(convert(ln_um)) + "\n";
  }
  return text;
}

TEST_F(Load, WrongUnitsAreSeen) {
  const std::vector<std::pair<std::string, std::function<double(double)>>> units = {
      {"nM", [](double y) { return std::exp(y) * 1000.0; }},
      {"uM", [](double y) { return std::exp(y); }},
      {"ln nM", [](double y) { return y + std::log(1000.0); }},
      {"ln M", [](double y) { return y - std::log(1e6); }},
      {"log10 uM", [](double y) { return y / std::log(10.0); }},
      {"AUC", [](double y) { return 1.0 / (1.0 + std::exp(-y / 3.0)); }},
  };
  for (const auto& [unit, convert] : units) {
    responses(response_text(convert));
    spec_.unit = "ln uM";
    ASSERT_EQ(count(data(), "unit_looks_wrong"), 1U) << unit;
    EXPECT_THAT(data().diagnostics.find("unit_looks_wrong")->message,
                AllOf(HasSubstr("look like " + unit + " ("), HasSubstr("median")));
    spec_.unit = unit;
    EXPECT_EQ(count(data(), "unit_looks_wrong"), 0U) << unit;
  }
  responses(response_text([](double y) { return y; }));
  spec_.unit = "ln uM";
  EXPECT_EQ(count(data(), "unit_looks_wrong"), 0U);
  spec_.unit = "";
  EXPECT_THAT(data().diagnostics.find("unit_not_stated")->message, HasSubstr("look like ln uM"));
}

}  // namespace
}  // namespace cupel

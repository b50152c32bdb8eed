// Potency files to a data set: rows that are left out, units, replicates, ligands, assays, cliffs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "area/potency/load.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"
#include "simd/packed_bits.hpp"
#include "verdict/noise.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class PotencyLoad : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_potency_load_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    spec_.file = "m.csv";
    spec_.columns = {{"smiles", "SMILES"}, {"target", "pIC50"}};
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    write_file_atomic(folder_ / name, text);
  }
  LoadedData load() const { return potency::load_potency(spec_, folder_.string(), {}, {}); }
  Dataset data(const std::string& text) const {
    write("m.csv", text);
    return load().data;
  }
  std::string refusal() const {
    try {
      load();
    } catch (const Error& error) {
      return std::string(error.what()) + " / " + error.hint();
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

TEST_F(PotencyLoad, OneMoleculeIsOneLigandHoweverItIsWritten) {
  const Dataset d = data("SMILES,pIC50\nCCO,5\nOCC,6\nc1ccccc1O,7.5\n");
  ASSERT_EQ(d.entities.size(), 1U);
  const Entity& ligand = d.entities.front();
  EXPECT_EQ(ligand.name, "ligand");
  EXPECT_THAT(ligand.ids, ElementsAre("CCO", "Oc1ccccc1"));
  EXPECT_THAT(ligand.code_of_sample, ElementsAre(0, 0, 1));
  EXPECT_EQ(d.target(2), 7.5);
  const LabelBlock* smiles = ligand.find_label("smiles");
  ASSERT_NE(smiles, nullptr);
  EXPECT_EQ(smiles->levels[smiles->code[1]], "c1ccccc1O");  // as first written
  for (const char* label : {"canonical", "parent", "scaffold", "generic_scaffold"}) {
    EXPECT_NE(ligand.find_label(label), nullptr) << label;
  }
  EXPECT_EQ(count(d, "replicated_ligand"), 1U);
  EXPECT_THAT(find_area("potency").depict(d, 2), HasSubstr("<svg"));
  expect_account(d);
}

TEST_F(PotencyLoad, FeaturesHaveTheWantedShape) {
  spec_.molecules = {.standardise = "none", .radius = 2, .bits = 512};
  const Dataset d = data("SMILES,pIC50\nCCO,5\nc1ccccc1O,7.5\n");
  const Entity& ligand = d.entities.front();
  const FeatureBlock* bits = ligand.find_features("fingerprint");
  ASSERT_NE(bits, nullptr);
  ASSERT_NE(bits->bits, nullptr);
  EXPECT_TRUE(bits->binary);
  EXPECT_EQ(bits->bits->rows, 2U);
  EXPECT_EQ(bits->bits->n_bits, 512U);
  EXPECT_EQ(bits->values.cols, 0U);
  EXPECT_EQ(ligand.find_features("maccs")->bits->n_bits, 167U);
  EXPECT_EQ(ligand.find_features("physchem")->values.cols, 11U);
  const FeatureBlock* size = ligand.find_features("size");
  ASSERT_EQ(size->values.cols, 4U);
  EXPECT_FLOAT_EQ(size->values(0, 0), 3.0F);  // heavy atoms of ethanol
  EXPECT_FLOAT_EQ(size->values(1, 0), 7.0F);  // and of phenol
}

TEST_F(PotencyLoad, RowsThatCannotBeUsedAreCountedWithTheirReason) {
  const Dataset d = data("SMILES,pIC50\nCCO,5\n,6\nC1CC,7\nCCN,\nCCCl,many\nCCF,inf\nCCBr,4\n");
  EXPECT_EQ(d.n_samples(), 2U);
  EXPECT_EQ(left_out(d, "smiles_missing"), 1U);
  EXPECT_EQ(left_out(d, "smiles_unreadable"), 1U);
  EXPECT_EQ(left_out(d, "target_missing"), 1U);
  EXPECT_EQ(left_out(d, "target_not_a_number"), 1U);
  EXPECT_EQ(left_out(d, "target_not_finite"), 1U);
  EXPECT_THAT(d.diagnostics.find("smiles_unreadable")->examples.front(),
              AllOf(HasSubstr("line 4"), HasSubstr("C1CC")));
  EXPECT_THAT(d.source_row, ElementsAre(0, 6));
  expect_account(d);
}

TEST_F(PotencyLoad, ConcentrationsBecomePValues) {
  spec_.unit = "nM";
  const Dataset d = data("SMILES,pIC50\nCCO,1000\nCCN,1\nCCF,0\nCCCl,-3\n");
  EXPECT_DOUBLE_EQ(d.target(0), 6.0);
  EXPECT_DOUBLE_EQ(d.target(1), 9.0);
  EXPECT_EQ(left_out(d, "target_not_positive"), 2U);
  EXPECT_EQ(d.unit, "-log10 M");
  spec_.unit = "uM";
  EXPECT_DOUBLE_EQ(load().data.target(0), 3.0);
  spec_.unit = "M";
  EXPECT_DOUBLE_EQ(load().data.target(0), -3.0);
  spec_.unit = "log S";
  EXPECT_DOUBLE_EQ(load().data.target(0), 1000.0);
}

TEST_F(PotencyLoad, ValuesThatLookLikeAnotherUnitAreDoubted) {
  std::string nanomolar = "SMILES,pIC50\n";
  std::string mixed = "SMILES,pIC50\n";
  for (int i = 1; i <= 30; ++i) {
    const std::string chain(static_cast<std::size_t>(i), 'C');
    nanomolar += chain + "O," + std::to_string(i * 40) + "\n";
    mixed += chain + "O," + (i == 7 ? "450" : std::to_string(4 + i % 5)) + "\n";
  }
  EXPECT_EQ(count(data(nanomolar), "unit_looks_wrong"), 1U);
  EXPECT_EQ(count(data(mixed), "unit_mixed"), 1U);
  spec_.unit = "nM";
  EXPECT_EQ(count(data(nanomolar), "unit_looks_wrong"), 0U);
}

TEST_F(PotencyLoad, ReplicatesAreKeptOrCombined) {
  const std::string text = "SMILES,pIC50\nCCO,5\nCCO,7\nCCN,4\nOCC,9\n";
  const Dataset kept = data(text);
  EXPECT_EQ(kept.n_samples(), 4U);
  EXPECT_EQ(count(kept, "replicated_ligand"), 2U);
  EXPECT_EQ(count(kept, "conflicting_replicate"), 2U);
  spec_.replicates = ReplicatePolicy::mean;
  const Dataset mean = load().data;
  EXPECT_EQ(mean.n_samples(), 2U);
  EXPECT_DOUBLE_EQ(mean.target(0), 7.0);
  EXPECT_EQ(left_out(mean, "averaged_into_first_row"), 2U);
  expect_account(mean);
  spec_.replicates = ReplicatePolicy::median;
  EXPECT_DOUBLE_EQ(load().data.target(0), 7.0);
  write("m.csv", "SMILES,pIC50\nCCO,5\nCCO,5.5\nCCN,4\nOCC,9\n");
  EXPECT_DOUBLE_EQ(load().data.target(0), 5.5);
}

TEST_F(PotencyLoad, FormsOfOneParentWithOtherValuesAreSeen) {
  const Dataset d = data("SMILES,pIC50\nC[C@H](O)c1ccccc1,5\nC[C@@H](O)c1ccccc1,7.5\nCCO,4\n");
  EXPECT_EQ(d.entities.front().ids.size(), 3U);
  EXPECT_EQ(count(d, "stereo_siblings"), 1U);
  EXPECT_EQ(count(d, "conflicting_parent"), 1U);
  spec_.molecules.standardise = "parent";
  const Dataset merged = load().data;
  EXPECT_EQ(merged.entities.front().ids.size(), 2U);
  EXPECT_EQ(count(merged, "conflicting_replicate"), 1U);
}

TEST_F(PotencyLoad, ReplicatesThatAreKeptGiveTheCeiling) {
  std::string text = "SMILES,pIC50,assay\n";
  Rng rng(1, "replicates");
  for (int n = 1; n <= 40; ++n) {  // alkanes, three measurements in each of two assays
    for (const char* assay : {"A", "B"}) {
      for (int k = 0; k < 3; ++k) {
        const double value = 5.0 + 0.1 * n + (*assay == 'B' ? 2.0 : 0.0) + 0.3 * rng.normal();
        text += std::string(static_cast<std::size_t>(n), 'C') + "," + std::to_string(value) + "," +
                assay + "\n";
      }
    }
  }
  spec_.columns["assay"] = "assay";
  const Noise noise = estimate_noise(data(text));
  EXPECT_EQ(noise.n_groups, 80U);  // the other assay is no replicate: it is off by 2
  EXPECT_EQ(noise.n_rows, 240U);
  EXPECT_NEAR(noise.sd, 0.3, 0.04);
  EXPECT_GT(noise.ceiling_r2, 0.9);
  spec_.replicates = ReplicatePolicy::mean;
  EXPECT_EQ(estimate_noise(load().data).n_groups, 0U);
}

TEST_F(PotencyLoad, FormsOfParentsGiveNoCeilingButAHint) {
  std::string text = "SMILES,pIC50\n";
  for (int n = 2; n < 14; ++n) {  // twelve pairs of enantiomers, each 0.4 apart
    const std::string tail = "(O)" + std::string(static_cast<std::size_t>(n), 'C');
    text += "C[C@H]" + tail + "," + std::to_string(5.0 + 0.1 * n) + "\n";
    text += "C[C@@H]" + tail + "," + std::to_string(5.4 + 0.1 * n) + "\n";
  }
  const Dataset d = data(text);
  EXPECT_TRUE(std::isnan(estimate_noise(d).sd));
  const auto* hint = d.diagnostics.find("parent_spread");
  ASSERT_NE(hint, nullptr);
  EXPECT_EQ(hint->count, 12U);
  EXPECT_THAT(hint->message, testing::HasSubstr("deviation of 0.28"));  // 0.4 / sqrt 2
}

TEST_F(PotencyLoad, OneFilePerAssayBecomesOneTable) {
  write("a.csv", "SMILES,pIC50,note\nCCO,5,x\nCCN,6,y\nCCC,,z\n");
  write("b.csv", "pIC50,SMILES\n7,CCO\nbad,CCF\n8,C1C\n");
  spec_.file.clear();
  spec_.files = {{"beta", "b.csv"}, {"alpha", "a.csv"}};
  const LoadedData loaded = load();
  const Dataset& d = loaded.data;
  EXPECT_EQ(d.n_source_rows, 6U);
  ASSERT_EQ(d.entities.size(), 2U);
  EXPECT_THAT(d.entities[1].ids, ElementsAre("alpha", "beta"));
  EXPECT_THAT(d.entities[1].code_of_sample, ElementsAre(0, 0, 1));
  EXPECT_THAT(d.entities[0].ids, ElementsAre("CCN", "CCO"));
  EXPECT_THAT(d.entities[0].code_of_sample, ElementsAre(1, 0, 1));
  EXPECT_EQ(count(d, "replicated_ligand"), 0U);  // other assays
  EXPECT_THAT(d.diagnostics.find("target_not_a_number")->examples.front(),
              AllOf(HasSubstr("b.csv, line 3"), HasSubstr("bad")));
  EXPECT_THAT(d.diagnostics.find("target_missing")->examples.front(), HasSubstr("a.csv, line 4"));
  EXPECT_EQ(loaded.samples.n_rows, 6U);
  EXPECT_TRUE(loaded.samples.at("note").is_missing(3));
  EXPECT_EQ(loaded.samples.at("assay").as_text(5), "beta");
  EXPECT_EQ(loaded.inputs.size(), 2U);
  expect_account(d);
}

TEST_F(PotencyLoad, AnAssayColumnMakesAnEntityOnlyIfThereAreSeveral) {
  spec_.columns["assay"] = "kind";
  EXPECT_EQ(data("SMILES,pIC50,kind\nCCO,5,a\nCCN,6,b\nCCC,7,\n").entities.size(), 2U);
  EXPECT_EQ(left_out(load().data, "assay_missing"), 1U);
  EXPECT_EQ(data("SMILES,pIC50,kind\nCCO,5,a\nCCN,6,a\n").entities.size(), 1U);
}

TEST_F(PotencyLoad, IdsNameLigands) {
  spec_.columns["id"] = "ID";
  const Dataset d = data("ID,SMILES,pIC50\n007,CCO,5\n8,OCC,6\n007,CCN,7\n");
  EXPECT_THAT(d.entities.front().ids, ElementsAre("007", "8"));
  EXPECT_EQ(count(d, "several_molecules"), 1U);
}

TEST_F(PotencyLoad, FingerprintsOfATableReplaceMolecules) {
  spec_.columns = {{"id", "ID"}, {"target", "pIC50"}};
  spec_.feature_tables = {
      {.entity = "ligand", .name = "fingerprint", .file = "f.csv", .id = "ID", .binary = true}};
  write("f.csv", "ID,b0,b1,b2\na,1,0,1\nb,0,1,1\n");
  const Dataset d = data("ID,pIC50\na,5\nb,6\nc,7\n");
  const FeatureBlock* block = d.entities.front().find_features("fingerprint");
  ASSERT_NE(block, nullptr);
  ASSERT_NE(block->bits, nullptr);
  EXPECT_TRUE(block->bits->test(0, 2));
  EXPECT_FALSE(block->bits->test(1, 0));
  EXPECT_THAT(block->present, ElementsAre(1, 1, 0));
  EXPECT_EQ(count(d, "unjoined_ligand_fingerprint"), 1U);
  spec_.feature_tables.clear();
  EXPECT_THAT(refusal(), HasSubstr("neither molecules nor features"));
}

TEST_F(PotencyLoad, CliffsOfAColumnAndOfARule) {
  const std::string text =
      "SMILES,pIC50,flag\nCCCCCCCCCCO,5,1\nCCCCCCCCCCCO,7.5,1\nCCCCCCCCCCCCO,5.2,0\nc1ccccc1,6,0\n";
  spec_.cliffs.column = "flag";
  const Dataset column = data(text);
  ASSERT_EQ(column.sample_labels.size(), 1U);
  EXPECT_EQ(column.sample_labels[0].name, "cliff");
  EXPECT_THAT(column.sample_labels[0].levels, ElementsAre("cliff", "noncliff"));
  EXPECT_THAT(column.sample_labels[0].code, ElementsAre(0, 0, 1, 1));
  EXPECT_TRUE(column.pairs.empty());
  spec_.cliffs = {.rule = "moleculeace", .column = ""};
  const Dataset rule = load().data;
  ASSERT_EQ(rule.pairs.size(), 1U);
  EXPECT_THAT(rule.pairs[0].first, ElementsAre(0, 1));
  EXPECT_THAT(rule.pairs[0].second, ElementsAre(1, 2));
  EXPECT_THAT(rule.sample_labels[0].code, ElementsAre(0, 0, 0, 1));
  spec_.cliffs.column = "flag";
  const Dataset both = load().data;
  EXPECT_THAT(both.sample_labels[0].code, ElementsAre(0, 0, 1, 1));  // the column counts
  EXPECT_EQ(count(both, "cliff_column_differs"), 1U);
  spec_.cliffs = {.rule = "", .column = "pIC50"};
  EXPECT_THAT(refusal(), HasSubstr("0 or 1"));
  spec_.cliffs = {.rule = "moleculace", .column = ""};
  EXPECT_THAT(refusal(), HasSubstr("moleculeace"));
}

TEST_F(PotencyLoad, LimitsAreKeptAndLabelled) {
  spec_.columns["relation"] = "rel";
  const Dataset d = data("SMILES,pIC50,rel\nCCO,5,<\nCCN,6,=\nCCC,7,>\n");
  EXPECT_EQ(d.n_samples(), 3U);
  EXPECT_EQ(count(d, "censored_value"), 2U);
  ASSERT_EQ(d.sample_labels.size(), 1U);
  EXPECT_THAT(d.sample_labels[0].code, ElementsAre(0, 1, 0));
}

TEST_F(PotencyLoad, RefusalsSayWhatToDo) {
  write("m.csv", "molecule,pIC50\nCCO,5\n");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("SMILES"), HasSubstr("molecule")));
  write("m.csv", "SMILES,pIC50\nC1C,5\n");
  EXPECT_THAT(refusal(), HasSubstr("no row can be used (1 smiles_unreadable)"));
  write("m.csv", "SMILES,pIC50\nCCO,5\nCCN,5\n");
  EXPECT_THAT(refusal(), HasSubstr("all 2 usable values are 5"));
  spec_.feature_tables = {{.entity = "drug", .name = "x", .file = "f.csv", .id = "ID"}};
  EXPECT_THAT(refusal(), HasSubstr("must describe \"ligand\""));
}

}  // namespace
}  // namespace cupel

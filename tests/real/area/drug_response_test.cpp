// Counts of the real data sets, with CUPEL_MIRROR; skipped without it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "area/drug_response/compounds.hpp"
#include "area/drug_response/load.hpp"
#include "split/leaks.hpp"
#include "split/make.hpp"

namespace cupel {
namespace {

class RealDrugResponse : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("CUPEL_MIRROR") == nullptr) GTEST_SKIP() << "set CUPEL_MIRROR";
  }
  static DrugResponse load(const std::string& name, JoinPolicy join = JoinPolicy::keep) {
    DataSpec spec;
    spec.catalogue = name;
    spec.join = join;
    return load_drug_response(spec, "", catalogue_options(), {});
  }
};

std::size_t count_present(const Entity& entity, std::string_view block) {
  std::size_t n = 0;
  for (const auto present : entity.find_features(block)->present) n += present;
  return n;
}

std::size_t count_rows_present(const Entity& entity, std::string_view block) {
  const auto& present = entity.find_features(block)->present;
  std::size_t n = 0;
  for (const auto code : entity.code_of_sample) n += present[code];
  return n;
}

TEST_F(RealDrugResponse, Gdsc2HasTheKnownCounts) {
  const auto loaded = load("gdsc2-paso");
  const Dataset& data = loaded.data;
  EXPECT_EQ(data.n_samples(), 141222U);
  EXPECT_EQ(data.n_source_rows, 141222U);
  const Entity& drug = data.entity("drug");
  const Entity& cell = data.entity("cell");
  EXPECT_EQ(drug.ids.size(), 233U);
  EXPECT_EQ(cell.ids.size(), 688U);
  EXPECT_EQ(count_present(cell, "expression"), 662U);
  EXPECT_EQ(count_rows_present(cell, "expression"), 136432U);
  EXPECT_EQ(cell.find_features("expression")->values.cols, 1983U);
  EXPECT_EQ(count_present(drug, "fingerprint"), 233U);
  EXPECT_EQ(data.diagnostics.find("unjoined_cell_expression")->count, 26U);
  EXPECT_EQ(data.diagnostics.find("unjoined_cell_table")->count, 3U);
  EXPECT_EQ(data.diagnostics.find("unit_looks_wrong"), nullptr);
  ASSERT_NE(cell.find_label("tissue"), nullptr);
  EXPECT_EQ(loaded.inputs.size(), 4U);
}

TEST_F(RealDrugResponse, LeavingOutUnjoinedRowsKeepsTheAccount) {
  const auto loaded = load("gdsc2-paso", JoinPolicy::leave_out);
  EXPECT_EQ(loaded.data.n_samples(), 136432U);
  std::size_t left_out = 0;
  for (const auto& item : loaded.data.left_out) left_out += item.source_rows.size();
  EXPECT_EQ(loaded.data.n_samples() + left_out, loaded.data.n_source_rows);
}

TEST_F(RealDrugResponse, PublishedFoldsAreWhatTheySay) {
  const auto loaded = load("gdsc2-paso");
  const SplitSources sources{.responses = &loaded.responses};
  const auto folds = [&](const char* scheme, const char* column) {
    SplitSpec spec;
    spec.scheme = scheme;
    spec.fold_column = column;
    return make_splits(loaded.data, spec, sources, {});
  };
  const std::vector<std::string> none;
  std::size_t tested = 0;
  for (const auto& split : folds("mixed", "fold_mixed")) {
    EXPECT_EQ(split.blind_to, none);
    EXPECT_TRUE(find_leaks(loaded.data, split, {}).empty());
    tested += split.count(Role::test);
  }
  EXPECT_EQ(tested, 141222U);
  for (const auto& split : folds("cancer_blind", "fold_cell_blind")) {
    EXPECT_EQ(split.blind_to, std::vector<std::string>{"cell"});
  }
  const auto compounds = find_compounds(loaded.data.entity("drug"));
  std::size_t leaking = 0;
  for (const auto& split : folds("drug_blind", "fold_drug_blind")) {
    EXPECT_EQ(split.blind_to, std::vector<std::string>{"drug"});
    leaking += find_leaks(loaded.data, split, compounds.compound_of_drug).size();
  }
  // Bleomycin and Bleomycin (50 uM), Afuresertib and GSK2110183B: each pair has one SMILES, and
  // each member is tested in a fold whose training set holds the other.
  EXPECT_EQ(compounds.groups.size(), 2U);
  EXPECT_EQ(leaking, 4U);
  // A split that claims to be blind but is not.
  const auto wrong = folds("cancer_blind", "fold_mixed");
  ASSERT_EQ(find_leaks(loaded.data, wrong[0], {}).size(), 1U);
  EXPECT_EQ(find_leaks(loaded.data, wrong[0], {})[0].code, "not_blind");
}

TEST_F(RealDrugResponse, Gdsc1HasTheKnownCounts) {
  const auto loaded = load("gdsc1-v17");
  const Dataset& data = loaded.data;
  EXPECT_EQ(data.n_samples(), 213787U);
  const Entity& drug = data.entity("drug");
  const Entity& cell = data.entity("cell");
  EXPECT_EQ(drug.ids.size(), 265U);
  EXPECT_EQ(cell.ids.size(), 988U);
  EXPECT_EQ(count_present(cell, "expression"), 948U);
  EXPECT_EQ(count_rows_present(cell, "expression"), 208064U);
  EXPECT_EQ(cell.find_features("mutation")->values.cols, 270U);
  EXPECT_EQ(cell.find_features("copy_number")->values.cols, 407U);
  EXPECT_EQ(cell.find_label("tissue")->levels.size(), 27U);
  EXPECT_EQ(count_present(drug, "fingerprint"), 241U);
}

TEST_F(RealDrugResponse, FifteenRescreenedCompoundsAreFound) {
  const auto loaded = load("gdsc1-v17");
  const Entity& drug = loaded.data.entity("drug");
  const auto compounds = find_compounds(drug);
  const LabelBlock& name = *drug.find_label("name");
  std::size_t with_one_name = 0;
  std::size_t ids_beyond_the_first = 0;
  for (const auto& group : compounds.groups) {
    std::set<std::uint32_t> names;
    for (const auto code : group.drugs) names.insert(name.code[code]);
    if (names.size() == 1) ++with_one_name;
    ids_beyond_the_first += group.drugs.size() - 1;
  }
  EXPECT_EQ(with_one_name, 15U);
  // And bleomycin, screened again at another dose under another name.
  EXPECT_EQ(ids_beyond_the_first, 16U);
}

TEST_F(RealDrugResponse, DrugBlindFoldsKeepRescreensTogether) {
  const auto loaded = load("gdsc1-v17");
  const SplitSources sources{.compound_of_drug =
                                 find_compounds(loaded.data.entity("drug")).compound_of_drug};
  SplitSpec spec;
  spec.scheme = "drug_blind";
  for (const auto& split : make_splits(loaded.data, spec, sources, {})) {
    EXPECT_TRUE(find_leaks(loaded.data, split, sources.compound_of_drug).empty());
  }
  spec.merge_compounds = false;
  std::size_t leaking = 0;
  for (const auto& split : make_splits(loaded.data, spec, sources, {})) {
    leaking += find_leaks(loaded.data, split, sources.compound_of_drug).size();
  }
  EXPECT_GT(leaking, 0U);
}

TEST_F(RealDrugResponse, Tgsa580HasTheKnownCounts) {
  const auto loaded = load("tgsa580");
  EXPECT_EQ(loaded.data.n_samples(), 82833U);
  EXPECT_EQ(loaded.data.entity("drug").ids.size(), 170U);
  EXPECT_EQ(loaded.data.entity("cell").ids.size(), 580U);
  for (const auto* block : {"expression", "copy_number", "mutation"}) {
    EXPECT_EQ(count_present(loaded.data.entity("cell"), block), 580U) << block;
  }
  EXPECT_EQ(count_present(loaded.data.entity("drug"), "fingerprint"), 170U);
}

TEST_F(RealDrugResponse, EveryCatalogueFileIsInTheMirror) {
  for (const auto& entry : catalogue()) {
    for (const auto& status : verify_entry(entry, catalogue_options())) {
      EXPECT_EQ(status.state, FileState::verified) << status.file << " " << status.note;
    }
  }
}

}  // namespace
}  // namespace cupel

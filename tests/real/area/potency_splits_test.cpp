// Splits of the thirty MoleculeACE targets, with CUPEL_MIRROR; skipped without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "area/potency/assay_items.hpp"
#include "area/potency/load.hpp"
#include "area/potency/split_facts.hpp"
#include "area/potency/splits.hpp"

namespace cupel::potency {
namespace {

class RealPotencySplits : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("CUPEL_MIRROR") == nullptr) GTEST_SKIP() << "set CUPEL_MIRROR";
  }
  /// All targets, or those whose file name begins with `name`.
  static LoadedData load(const std::string& name) {
    DataSpec spec{.columns = {{"smiles", "smiles"}, {"target", "y [pEC50/pKi]"}},
                  .cliffs = {.rule = "", .column = "cliff_mol"}};
    const auto folder =
        std::filesystem::path(std::getenv("CUPEL_MIRROR")) / "potency" / "moleculeace";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string file = entry.path().filename().string();
      if (!file.starts_with("CHEMBL") || !file.starts_with(name)) continue;
      spec.files[entry.path().stem().string()] = entry.path().string();
    }
    return load_potency(spec, "", catalogue_options(), {.n_threads = 2});
  }
};

TEST_F(RealPotencySplits, GivenRolesAndScaffolds) {
  const LoadedData loaded = load("CHEMBL4");  // four of the thirty
  const Context context{.n_threads = 2};
  EXPECT_EQ(loaded.data.n_source_rows, 3844U);
  const auto given =
      make_potency_splits(loaded, {.scheme = "given", .role_column = "split"}, "", context);
  std::map<std::string, std::size_t> test_of;
  for (const auto& split : given) test_of[split.task] = split.count(Role::test);
  EXPECT_EQ(test_of, (std::map<std::string, std::size_t>{{"CHEMBL4005_Ki", 193U},
                                                         {"CHEMBL4203_Ki", 149U},
                                                         {"CHEMBL4616_EC50", 139U},
                                                         {"CHEMBL4792_Ki", 297U}}));
  const SplitFacts facts = measure_split(loaded.data, given, context);
  // By RDKit's Python; of all thirty, 96.3 % of the test compounds have one >= 0.4.
  EXPECT_NEAR(facts.share_near, 0.9241645, 1e-6);
  EXPECT_NEAR(facts.nearest_median, 0.7361977, 1e-6);  // mean of the medians
  EXPECT_NEAR(facts.nearest_mean, 0.7307475, 1e-6);
  for (const char* scheme : {"scaffold", "scaffold_balanced"}) {
    SCOPED_TRACE(scheme);
    const auto splits = make_potency_splits(loaded, {.scheme = scheme}, "", context);
    ASSERT_EQ(splits.size(), 4U);
    for (const auto& split : splits) {
      SCOPED_TRACE(split.task);
      const double n = static_cast<double>(split.count(Role::test) + split.count(Role::train));
      EXPECT_NEAR(static_cast<double>(split.count(Role::test)) / n, 0.2, 0.011);
      EXPECT_NE(std::find(split.blind_to.begin(), split.blind_to.end(), "ligand.scaffold"),
                split.blind_to.end());
    }
    const SplitFacts apart = measure_split(loaded.data, splits, context);
    EXPECT_EQ(apart.share_scaffold, 0.0);
    EXPECT_EQ(apart.share_parent, 0.0);
    EXPECT_LT(apart.nearest_mean, facts.nearest_mean - 0.05);
  }
}

TEST_F(RealPotencySplits, ClustersGiveSetsLikeTheReleasedOnes) {
  const LoadedData loaded = load("CHEMBL18");
  const Context context{.n_threads = 2};
  const auto given =
      make_potency_splits(loaded, {.scheme = "given", .role_column = "split"}, "", context);
  SplitSpec spec{.scheme = "cluster_stratified", .seed = 42};
  const auto ours = make_potency_splits(loaded, spec, "", context);
  ASSERT_EQ(ours.size(), given.size());
  const auto& cliff = loaded.data.sample_labels.front();
  for (std::size_t k = 0; k < ours.size(); ++k) {
    SCOPED_TRACE(ours[k].task);
    const auto cliff_share = [&](const Split& split) {
      double n = 0.0;
      for (const auto row : split.rows(Role::test)) n += cliff.levels[cliff.code[row]] == "cliff";
      return n / static_cast<double>(split.count(Role::test));
    };
    // A test set per cluster rounds up, in both.
    EXPECT_NEAR(static_cast<double>(ours[k].count(Role::test)),
                static_cast<double>(given[k].count(Role::test)), 5.0);
    EXPECT_NEAR(cliff_share(ours[k]), cliff_share(given[k]), 0.03);
  }
}

TEST_F(RealPotencySplits, HiKeepsItsPromise) {
  const LoadedData loaded = load("CHEMBL2835");
  SplitSpec spec{.scheme = "hi"};
  spec.parts.threshold = 0.7;
  const auto split = make_potency_splits(loaded, spec, "", {}).front();
  const AssayItems items =
      assay_items(loaded.data, assays_of(loaded.data).front(), ItemKind::ligand);
  const auto similarity = item_similarity(loaded.data, items, {});
  double highest = 0.0;
  for (const auto i : split.rows(Role::test)) {
    for (const auto j : split.rows(Role::train)) {
      highest = std::max(highest, similarity->at(items.item_of_row[i], items.item_of_row[j]));
    }
  }
  EXPECT_LT(highest, 0.7);
  EXPECT_GT(highest, 0.3);
}

}  // namespace
}  // namespace cupel::potency

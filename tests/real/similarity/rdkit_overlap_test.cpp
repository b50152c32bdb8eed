// Similarities and leakage of public sets of molecules, against RDKit and numpy; the numbers come
// from rdkit_overlap.py beside this file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "io/csv.hpp"
#include "similarity/engine.hpp"
#include "similarity/items_read.hpp"
#include "split/leakage.hpp"
#include "split/roles.hpp"

namespace cupel {
namespace {

class RdkitOverlap : public testing::Test {
 protected:
  void SetUp() override {
    const char* mirror = std::getenv("CUPEL_MIRROR");
    folder_ = std::filesystem::path(mirror ? mirror : "") / "potency";
    if (!mirror || !std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "CUPEL_MIRROR has no potency";
    }
  }
  Items read(const std::string& file, const ItemsOptions& options = {}) const {
    return read_items(folder_ / file, ItemForm::smiles, options, context_);
  }
  std::filesystem::path folder_;
  Context context_{.n_threads = 2};
};

TEST_F(RdkitOverlap, EsolHasTheTotalSimilarityThatDataSailDividesBy) {
  const Items items = read("moleculenet/ESOL_delaney-processed.csv");
  ASSERT_EQ(items.size(), 1128U);
  const auto s = make_similarity("ecfp-tanimoto", items, nullptr, {{"bits", "1024"}}, context_);
  double total = 2.0 * histogram(*s, 1, 0.0, 1.0, context_).sum;
  for (std::size_t i = 0; i < items.size(); ++i) total += s->at(i, i);
  EXPECT_NEAR(total, 105393.9231212429, 1e-7);
}

TEST_F(RdkitOverlap, LipophilicityHasTheEdgesOfRdkit) {
  const Items items = read("moleculenet/Lipophilicity.csv");
  ASSERT_EQ(items.size(), 4200U);
  const auto s = make_similarity("ecfp-tanimoto", items, nullptr, {}, context_);
  const auto hits = pairs_at_least(*s, 0.4, context_);
  EXPECT_EQ(hits.size(), 26549U);
  double sum = 0.0;
  for (const Hit& hit : hits) sum += hit.value;
  EXPECT_NEAR(sum, 14994.57630079468, 1e-8);
}

TEST_F(RdkitOverlap, LeakageOfAPublishedSplit) {
  const std::string file = "moleculeace/CHEMBL204_Ki.csv";
  const Items items = read(file, {.target_column = "y"});
  const Table table = read_csv(folder_ / file, {.columns = {"split"}}, context_);
  const auto roles = read_roles(table, table.at("split"));
  std::vector<std::uint32_t> train_rows;
  std::vector<std::uint32_t> test_rows;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    (roles[i] == Role::test ? test_rows : train_rows).push_back(i);
  }
  const Items train = select_items(items, train_rows);
  const Items test = select_items(items, test_rows);
  ASSERT_EQ(test.size(), 553U);
  const auto cross = make_similarity("ecfp-tanimoto", test, &train, {}, context_);
  const auto in_train = make_similarity("ecfp-tanimoto", train, nullptr, {}, context_);
  const auto in_test = make_similarity("ecfp-tanimoto", test, nullptr, {}, context_);
  const auto report =
      leakage_report(train, test, ItemForm::smiles, {cross.get(), in_train.get(), in_test.get()},
                     {.threshold = 0.7}, context_);
  EXPECT_NEAR(std::accumulate(report.nearest.begin(), report.nearest.end(), 0.0), 437.9246018278478,
              1e-9);
  EXPECT_DOUBLE_EQ(report.profile.share_with_neighbour, 0.8444846292947559);
  EXPECT_NEAR(report.profile.mean_pair, 0.16021802410486663, 1e-12);
  EXPECT_NEAR(report.datasail_l, 0.3197322830690878, 1e-12);
  std::uint64_t rows = 0;
  for (const auto j : report.nearest_item) rows += train.row_of(j);
  EXPECT_EQ(rows, 753889U);
  EXPECT_EQ(report.duplicates.n_test, 0U);
}

}  // namespace
}  // namespace cupel

// The graphs of SPECTRA's mutation data sets: nodes of the published lambda-0 files, edges as
// counted with the authors' rule (a shared mutation).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "io/compressed.hpp"
#include "similarity/graph.hpp"
#include "similarity/kinds.hpp"
#include "similarity/mutation_sets.hpp"

namespace cupel {
namespace {

class PublishedGraphs : public testing::Test {
 protected:
  void SetUp() override {
    const char* mirror = std::getenv("CUPEL_MIRROR");
    folder_ = std::filesystem::path(mirror ? mirror : "") / "spectra" / "SPECTRA_MSD";
    if (!mirror || !std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "CUPEL_MIRROR has no spectra/SPECTRA_MSD";
    }
  }

  /// The words in single quotes of a split file: train, then test.
  Items nodes(const std::string& file) const {
    Items items{.source = file};
    const std::string text = read_bytes(folder_ / file);
    for (std::size_t open = text.find('\''); open != std::string::npos;) {
      const std::size_t close = text.find('\'', open + 1);
      items.ids.push_back(text.substr(open + 1, close - open - 1));
      open = text.find('\'', close + 1);
    }
    items.texts = items.ids;
    return items;
  }

  /// Column 2 of a file of barcodes.
  Items barcodes(const std::string& file) const {
    Items items{.source = file};
    std::string text = read_bytes(folder_ / "TB_Covid_GFP" / "data" / file);
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string line = text.substr(begin, end - begin);
      const std::size_t tab = line.find('\t');
      if (tab != std::string::npos) {
        items.ids.push_back(line.substr(0, tab));
        items.texts.push_back(line.substr(tab + 1));
      }
      begin = end + 1;
    }
    return items;
  }

  std::filesystem::path folder_;
};

TEST_F(PublishedGraphs, RrmHasThePublishedEdges) {
  const Items items = nodes("ProteinGym_RRM/rrm_splits/lambda_0_0.txt");
  ASSERT_EQ(items.size(), 37693U);
  const auto share = make_similarity("mutation-share", items, nullptr, {}, {});
  EXPECT_EQ(share->parameters(), "separator=:");
  EXPECT_EQ(build_graph(*share, 1.0, {.n_threads = 2}).n_edges(), 5265665U);
}

TEST_F(PublishedGraphs, AmyloidHasThePublishedEdges) {
  const Items items = nodes("ProteinGym_Amyloid/amyloid_splits/lambda_0_0.txt");
  ASSERT_EQ(items.size(), 14469U);
  const auto share = make_similarity("mutation-share", items, nullptr, {}, {});
  EXPECT_EQ(build_graph(*share, 1.0, {.n_threads = 2}).n_edges(), 2135458U);
}

TEST_F(PublishedGraphs, SeparatorsOfAllBarcodesAreFoundForSure) {
  for (const char* drug : {"RIF", "INH", "PZA"}) {
    const Items items = barcodes(std::string("mutational_barcodes_reg_") + drug);
    ASSERT_GT(items.size(), 10000U);
    EXPECT_EQ(detect_mutation_separator({&items}), "bracket") << drug;
  }
  const Items gfp = barcodes("gfp_barcodes");
  ASSERT_GT(gfp.size(), 50000U);
  EXPECT_EQ(detect_mutation_separator({&gfp}), "-");
}

}  // namespace
}  // namespace cupel

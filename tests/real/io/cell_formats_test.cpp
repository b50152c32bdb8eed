// Real files in the formats beside h5ad, with CUPEL_MIRROR; skipped without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/text.hpp"
#include "io/cells.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

class RealCells : public testing::Test {
 protected:
  void SetUp() override {
    const char* mirror = std::getenv("CUPEL_MIRROR");
    if (mirror == nullptr) GTEST_SKIP() << "set CUPEL_MIRROR";
    folder_ = fs::path(mirror) / "perturbation";
  }
  fs::path folder_;
};

/// All of X as one block, with the sum of what was seen.
CellBlock<double> whole(const CellFile& file) {
  CellBlock<double> all;
  const std::size_t n = file.n_cells();
  file.matrix("X").stream({.memory_bytes = std::size_t{1} << 30, .max_block_rows = n}, {},
                          [&](CellBlock<double>& block) {
                            EXPECT_EQ(block.first_row, 0U);
                            all = std::move(block);
                          });
  return all;
}

TEST_F(RealCells, MatrixMarketOfDatlingerIsItsH5ad) {
  const fs::path folder = folder_ / "scperturb_datlinger";
  const auto text = open_cells(folder, {});
  const auto h5ad = open_cells(folder / "datlinger2021_tcr_2000genes_counts.h5ad", {});
  EXPECT_EQ(text->cell_ids(), h5ad->cell_ids());
  EXPECT_EQ(text->gene_ids(), h5ad->gene_ids());
  const auto a = whole(*text);
  const auto b = whole(*h5ad);
  ASSERT_EQ(a.n_rows, 7500U);
  EXPECT_EQ(a.values.size(), 135'077U);
  EXPECT_EQ(a.row_begin, b.row_begin);
  EXPECT_EQ(a.columns, b.columns);
  EXPECT_EQ(a.values, b.values);
}

/// The second file (GCT text, whatever its name says) holds robust z-scores over the plate of the
/// first: (x - median) / (1.4826 max(MAD, 0.1)), L1000's ZSPC, printed with four decimals.
TEST_F(RealCells, ZScoresOfThePlateFollowFromItsExpression) {
  const auto expression = open_cells(folder_ / "l1000_cmapPy/test_l1000.gct", {});
  const auto scores = open_cells(folder_ / "l1000_cmapPy/test_l1000.gctx", {});
  EXPECT_EQ(expression->format(), "gct");
  EXPECT_EQ(scores->format(), "gct");
  EXPECT_EQ(expression->cell_ids(), scores->cell_ids());
  EXPECT_EQ(expression->gene_ids(), scores->gene_ids());
  const auto labels = expression->obs_categories("pert_type");
  EXPECT_EQ(std::count(labels.code.begin(), labels.code.end(), 0U), 26);  // ctl_vehicle
  EXPECT_TRUE(expression->obs().at("pert_dose").is_missing(0));           // -666
  const auto x = whole(*expression);
  const auto z = whole(*scores);
  ASSERT_EQ(x.n_rows, 377U);
  ASSERT_EQ(x.n_cols, 978U);
  EXPECT_EQ(x.values[0], 11.3819);
  EXPECT_EQ(z.values[1], 0.4928);
  double largest = 0.0;
  std::vector<double> gene(x.n_rows);
  const auto median = [&] {
    std::nth_element(gene.begin(), gene.begin() + 188, gene.end());
    return gene[188];
  };
  for (std::size_t j = 0; j < x.n_cols; ++j) {
    for (std::size_t i = 0; i < x.n_rows; ++i) gene[i] = x.values[i * x.n_cols + j];
    const double middle = median();
    for (double& value : gene) value = std::abs(value - middle);
    const double scale = 1.4826 * std::max(median(), 0.1);
    for (std::size_t i = 0; i < x.n_rows; ++i) {
      const std::size_t at = i * x.n_cols + j;
      largest = std::max(largest, std::abs((x.values[at] - middle) / scale - z.values[at]));
    }
  }
  EXPECT_LT(largest, 5.001e-5);
}

}  // namespace
}  // namespace cupel

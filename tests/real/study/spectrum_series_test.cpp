// SPECTRA's published tuberculosis and GFP splits: sizes, sample-level overlap, Jaccard of the
// mutations. The expected numbers were computed from the same files by an independent script.
#include "study/spectrum_series.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "data/catalogue.hpp"

namespace cupel {
namespace {

struct Expected {
  std::string set;
  std::string items;
  double lambda;
  std::size_t n_train;
  std::size_t n_test;
  double jaccard;
  double share;
};

void check(const Expected& expected) {
  const char* mirror = std::getenv("CUPEL_MIRROR");
  if (mirror == nullptr) GTEST_SKIP() << "CUPEL_MIRROR is not set";
  SpectrumStudy study{.source = "test", .base_folder = ".", .metric = "auroc"};
  study.items.file = "catalogue:" + expected.items;
  study.items.has_header = false;
  study.items.only_in_series = true;
  study.kind = "mutation-share";
  study.series.folder = "catalogue:" + expected.set;
  study.series.has_controls = false;
  const SpectrumSeries series = load_spectrum_series(study, catalogue_options(), {});
  ASSERT_EQ(series.splits.size(), 9U);
  for (const Split& split : series.splits) {
    if (split.level == 1.0) {
      EXPECT_EQ(split.overlap.share_with_neighbour, 0.0);
    }
    if (split.level != expected.lambda || split.repeat != 0) continue;
    EXPECT_EQ(split.count(Role::train), expected.n_train);
    EXPECT_EQ(split.count(Role::test), expected.n_test);
    EXPECT_NEAR(split.overlap.share_with_neighbour, expected.share, 5e-5);
    EXPECT_NEAR(series.set.set_jaccard(split.rows(Role::test), split.rows(Role::train)),
                expected.jaccard, 5e-5);
  }
}

TEST(SpectrumSeriesReal, Rifampicin) {
  check({"spectra-rif", "mutational_barcodes_reg_RIF", 0.5, 7176, 1798, 0.0926, 0.9427});
}
TEST(SpectrumSeriesReal, RifampicinWithoutOverlap) {
  check({"spectra-rif", "mutational_barcodes_reg_RIF", 1.0, 5002, 1154, 0.0, 0.0});
}
TEST(SpectrumSeriesReal, Isoniazid) {
  check({"spectra-inh", "mutational_barcodes_reg_INH", 1.0, 8044, 2012, 0.0, 0.0});
}
TEST(SpectrumSeriesReal, Pyrazinamide) {
  check({"spectra-pza", "mutational_barcodes_reg_PZA", 1.0, 4225, 1056, 0.0, 0.0});
}
TEST(SpectrumSeriesReal, Gfp) {
  check({"spectra-gfp", "gfp_barcodes", 0.5, 1885, 471, 0.4489, 0.9214});
}

}  // namespace
}  // namespace cupel

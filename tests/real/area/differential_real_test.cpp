// Differential expression on real screens, with CUPEL_MIRROR; skipped without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "area/perturbation/differential.hpp"

namespace cupel::perturbation {
namespace {

class RealDifferential : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("CUPEL_MIRROR") == nullptr) GTEST_SKIP() << "set CUPEL_MIRROR";
  }
  static std::unique_ptr<CellFile> open(const std::string& name) {
    return open_cells(std::filesystem::path(std::getenv("CUPEL_MIRROR")) / "perturbation" / name,
                      {.n_threads = 2});
  }
  static std::map<std::string, std::size_t> significant(const DifferentialResult& result) {
    std::map<std::string, std::size_t> count;
    for (std::size_t g = 0; g < result.groups.size(); ++g) {
      count[result.groups[g]] = static_cast<std::size_t>(
          std::ranges::count_if(result.p_adjusted.row(g), [](double p) { return p < 0.05; }));
    }
    return count;
  }
};

TEST_F(RealDifferential, TieCorrectionFindsMoreInPapalexi) {
  const auto file = open("sceptre_papalexi/papalexi2021_lowmoi_299genes_counts.h5ad");
  DifferentialOptions options{.transform = {.target_sum = 1e4, .log1p = true}};
  const auto run = [&] {
    return differential_expression(file->matrix("X"), file->gene_ids(),
                                   file->obs_categories("perturbation"), "non-targeting", options,
                                   {.n_threads = 2});
  };
  const DifferentialResult tied = run();
  EXPECT_EQ(tied.groups.size(), 25U);
  EXPECT_EQ(tied.n_reference, 1923U);
  auto found = significant(tied);
  EXPECT_EQ(found["IFNGR2"], 105U);
  EXPECT_EQ(found["STAT1"], 96U);
  EXPECT_EQ(found["CUL3"], 8U);
  options.continuity = false;
  EXPECT_EQ(significant(run()), found);
  options.continuity = true;
  options.tie_correction = false;
  found = significant(run());
  EXPECT_EQ(found["IFNGR2"], 70U);
  EXPECT_EQ(found["STAT1"], 61U);
  EXPECT_EQ(found["CUL3"], 4U);
  // a small memory and other threads: the same bits
  options.tie_correction = true;
  options.memory_bytes = std::size_t{4} << 20;
  const DifferentialResult again = run();
  EXPECT_GT(again.n_passes, 1U);
  EXPECT_EQ(again.p_value.values, tied.p_value.values);
  EXPECT_EQ(again.log2_fold_change.values, tied.log2_fold_change.values);
}

TEST_F(RealDifferential, GeometricFoldChangesOfDevelAreInfiniteForThirtyTwoGenes) {
  const auto file = open("perturbench/devel.h5ad");
  std::vector<std::string> left_out;
  const auto results = differential_expression_by_context(
      file->matrix("X"), file->gene_ids(), file->obs_categories("condition"),
      file->obs_categories("cell_type"), "control",
      {.fold_change = FoldChange::geometric, .scale = Scale::log1p}, left_out, {.n_threads = 2});
  EXPECT_TRUE(left_out.empty());
  EXPECT_EQ(results.size(), 4U);
  const auto k562 = std::ranges::find(results, "k562", &ContextResult::context);
  ASSERT_NE(k562, results.end());
  const auto group = std::ranges::find(k562->result.groups, "KLF1");
  ASSERT_NE(group, k562->result.groups.end());
  const auto row = static_cast<std::size_t>(group - k562->result.groups.begin());
  EXPECT_EQ(std::ranges::count_if(k562->result.log2_fold_change.row(row),
                                  [](double x) { return std::isinf(x); }),
            32);
}

}  // namespace
}  // namespace cupel::perturbation

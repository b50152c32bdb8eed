// Closed forms of cell-eval2's metrics on differential expression.
#include "area/perturbation/cell_eval2_de.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace cupel::perturbation::cell_eval2 {
namespace {

/// One gene as both sides see it.
struct Gene {
  double truth = 0.0;      ///< log2 fold change
  double predicted = 0.0;  ///< log2 fold change
  double truth_p = 1.0;    ///< adjusted
  double predicted_p = 1.0;
};

/// One perturbation.
DePair pair_of(const std::vector<Gene>& genes) {
  DePair de;
  const auto side = [&](double Gene::* change, double Gene::* p) {
    DeSide out{.change = Matrix<double>(1, genes.size()),
               .p_value = Matrix<double>(1, genes.size()),
               .p_adjusted = Matrix<double>(1, genes.size())};
    for (std::size_t j = 0; j < genes.size(); ++j) {
      out.change(0, j) = genes[j].*change;
      out.p_value(0, j) = out.p_adjusted(0, j) = genes[j].*p;
    }
    return out;
  };
  de.truth = side(&Gene::truth, &Gene::truth_p);
  de.predicted = side(&Gene::predicted, &Gene::predicted_p);
  for (std::size_t j = 0; j < genes.size(); ++j) {
    de.genes.push_back(std::string("g") + static_cast<char>('a' + j % 26) + std::to_string(j));
  }
  de.own_gene = {std::nullopt};
  return de;
}

std::vector<Gene> significant_genes(std::size_t n, double scale) {
  std::vector<Gene> genes;
  for (std::size_t j = 0; j < n; ++j) {
    const double change = (j % 2 == 0 ? 1.0 : -1.0) * (1.0 + static_cast<double>(j));
    genes.push_back({change, scale * change, 0.01, 0.01});
  }
  genes.push_back({0.1, 50.0, 0.5, 0.5});  // outside the gate
  return genes;
}

TEST(CellEval2De, NmaeOfChanges) {
  EXPECT_DOUBLE_EQ(lfc_nmae(pair_of(significant_genes(10, 0.0)))[0], 1.0);
  EXPECT_DOUBLE_EQ(lfc_nmae(pair_of(significant_genes(10, 1.0)))[0], 0.0);
  EXPECT_DOUBLE_EQ(lfc_nmae(pair_of(significant_genes(10, 3.5)))[0], 2.5);
  EXPECT_DOUBLE_EQ(lfc_nmae(pair_of(significant_genes(10, -1.0)))[0], 2.0);
}

TEST(CellEval2De, NmaeNeedsTenGenesBesideTheOwnOne) {
  EXPECT_TRUE(std::isnan(lfc_nmae(pair_of(significant_genes(9, 0.5)))[0]));
  DePair ten = pair_of(significant_genes(10, 0.5));
  EXPECT_DOUBLE_EQ(lfc_nmae(ten)[0], 0.5);
  ten.own_gene[0] = 3;
  EXPECT_TRUE(std::isnan(lfc_nmae(ten)[0]));
}

TEST(CellEval2De, NmaeOfInfinitePredictionIsNoChange) {
  DePair de = pair_of(significant_genes(10, 1.0));
  de.predicted.change(0, 0) = INFINITY;
  EXPECT_DOUBLE_EQ(lfc_nmae(de)[0], 1.0 / 55.0);
}

TEST(CellEval2De, NmaeOfHalvesHasTheGateAndScaleOfAllCells) {
  const DePair all = pair_of(significant_genes(10, 0.0));
  DePair halves = pair_of(significant_genes(10, 0.5));
  EXPECT_DOUBLE_EQ(lfc_nmae_of_halves(all, halves)[0], 0.5);
  halves.genes[9] = "another";  // not tested in the halves: no difference there
  EXPECT_DOUBLE_EQ(lfc_nmae_of_halves(all, halves)[0], 0.5 * 45.0 / 55.0);
}

std::vector<Gene> one_miss_then_hits(std::size_t n_hits) {
  std::vector<Gene> genes = {{1.0, -9.0, 0.01, 0.001}};
  for (std::size_t j = 0; j < n_hits; ++j) genes.push_back({1.0, 1.0, 0.01, 0.01});
  return genes;
}

TEST(CellEval2Direction, ReachGoesOnPastAMissWhilePurityHolds) {
  const DePair nine = pair_of(one_miss_then_hits(9));
  EXPECT_DOUBLE_EQ(direction_reach(nine, Universe::adjudicated, false)[0], 1.0);
  EXPECT_DOUBLE_EQ(direction_sensitivity(nine, Universe::adjudicated)[0], 0.0);  // purity .975
  const DePair eight = pair_of(one_miss_then_hits(8));
  EXPECT_DOUBLE_EQ(direction_reach(eight, Universe::adjudicated, false)[0], 0.0);
  EXPECT_DOUBLE_EQ(direction_sensitivity(pair_of(one_miss_then_hits(39)), Universe::adjudicated)[0],
                   1.0);
}

TEST(CellEval2Direction, ReachIsTheDeepestPrefixAndLeavesTheOwnGeneOut) {
  std::vector<Gene> genes = one_miss_then_hits(9);
  genes.push_back({1.0, -1.0, 0.01, 0.02});  // a miss at the end: 9 of 11
  DePair de = pair_of(genes);
  EXPECT_DOUBLE_EQ(direction_reach(de, Universe::adjudicated, false)[0], 10.0 / 11.0);
  de.own_gene[0] = 0;  // the leading miss is the target: 9 of 9, then 9 of 10
  EXPECT_DOUBLE_EQ(direction_reach(de, Universe::adjudicated, false)[0], 1.0);
}

TEST(CellEval2Direction, RankingIsThePredictionsAndUnjudgedGenesDoNotCount) {
  std::vector<Gene> genes = {{1.0, 1.0, 0.01, 0.5},
                             {0.0, 1.0, 0.01, 0.1},   // significant, but no direction to judge
                             {1.0, 0.0, 0.01, 0.2}};  // no commitment: a miss, ranked before
  const DePair de = pair_of(genes);
  EXPECT_DOUBLE_EQ(direction_reach(de, Universe::adjudicated, false)[0], 0.0);
  genes[0].predicted_p = 0.15;
  EXPECT_DOUBLE_EQ(direction_reach(pair_of(genes), Universe::adjudicated, false)[0], 1.0 / 3.0);
}

TEST(CellEval2Direction, FidelityChargesMissesAgainstTheMajoritySign) {
  // All three significant genes go up (q = 1, d = .05); two of three calls are right.
  const auto f = direction_fidelity(
      pair_of({{1.0, 1.0, 0.01, 0.01}, {1.0, 1.0, 0.01, 0.01}, {1.0, -1.0, 0.01, 0.01}}))[0];
  EXPECT_NEAR(f.fidelity, -20.0 / 3.0, 1e-12);
  EXPECT_NEAR(f.fidelity_yield, -20.0 / 3.0, 1e-12);
  EXPECT_DOUBLE_EQ(f.fidelity_raw, 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(f.fidelity_yield_raw, 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(f.coverage, 1.0);
}

TEST(CellEval2Direction, YieldRawIsTheSmallerOfPrecisionAndRecall) {
  // Four significant genes; called: one of them right, and two others, one right.
  const auto f = direction_fidelity(pair_of({{1.0, 1.0, 0.01, 0.01},
                                             {1.0, 1.0, 0.01, 0.9},
                                             {-1.0, -1.0, 0.01, 0.9},
                                             {-1.0, -1.0, 0.01, 0.9},
                                             {1.0, 1.0, 0.9, 0.01},
                                             {1.0, -1.0, 0.9, 0.01}}))[0];
  EXPECT_DOUBLE_EQ(f.fidelity_yield_raw, 2.0 / 4.0);
  EXPECT_DOUBLE_EQ(f.fidelity_raw, 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(f.yield_raw, 2.0 / 4.0);
}

TEST(CellEval2Direction, NothingCalledAndNothingToCall) {
  const auto nothing = direction_fidelity(pair_of({{1.0, 1.0, 0.9, 0.9}}))[0];
  EXPECT_DOUBLE_EQ(nothing.fidelity_yield, 1.0);
  EXPECT_TRUE(std::isnan(nothing.fidelity_yield_raw));
  const auto silent = direction_fidelity(pair_of({{1.0, 1.0, 0.01, 0.9}}))[0];
  EXPECT_DOUBLE_EQ(silent.fidelity_yield, 0.0);
  EXPECT_DOUBLE_EQ(silent.fidelity_yield_raw, 0.0);
  EXPECT_TRUE(std::isnan(silent.fidelity));
}

TEST(CellEval2De, Jaccard) {
  DePair de = pair_of({{1, 1, 0.01, 0.01}, {1, 1, 0.01, 0.9}, {1, 1, 0.9, 0.01}, {1, 1, 0.9, 0.9}});
  EXPECT_DOUBLE_EQ(jaccard(de)[0], 1.0 / 3.0);
  de.own_gene[0] = 1;
  EXPECT_DOUBLE_EQ(jaccard(de)[0], 0.5);
  EXPECT_DOUBLE_EQ(jaccard(pair_of({{1, 1, 0.9, 0.9}}))[0], 1.0);
  EXPECT_DOUBLE_EQ(jaccard(pair_of({{1, 1, 0.01, 0.9}}))[0], 0.0);
}

TEST(CellEval2De, AgreementBeyondChance) {
  for (const auto& [tp, a, b, g] :
       {std::tuple{3.0, 5.0, 6.0, 20.0}, std::tuple{0.0, 5.0, 6.0, 20.0},
        std::tuple{5.0, 5.0, 5.0, 9.0}}) {
    const double informed = agreement(Agreement::informedness, tp, a, b, g);
    const double marked = agreement(Agreement::markedness, tp, a, b, g);
    const double mcc = agreement(Agreement::mcc, tp, a, b, g);
    EXPECT_NEAR(mcc, std::copysign(std::sqrt(informed * marked), informed), 1e-12);
  }
  EXPECT_DOUBLE_EQ(agreement(Agreement::mcc, 5.0, 5.0, 5.0, 9.0), 1.0);
  // Calling nearly everything says nearly nothing.
  EXPECT_NEAR(agreement(Agreement::mcc, 10.0, 10.0, 999.0, 1000.0), 0.0, 0.01);
  EXPECT_DOUBLE_EQ(agreement(Agreement::mcc, 0.0, 5.0, 0.0, 20.0), -1.0);
  EXPECT_DOUBLE_EQ(agreement(Agreement::informedness, 0.0, 0.0, 5.0, 20.0), -1.0);
  EXPECT_DOUBLE_EQ(agreement(Agreement::markedness, 5.0, 5.0, 20.0, 20.0), -1.0);
}

TEST(CellEval2De, OverlapCountsAmongTheDeepest) {
  // By |change| the truth ranks 0, 1, 2 and the prediction 2, 0 (1 is not called).
  const DePair de = pair_of({{3, -2, 0.01, 0.01}, {2, 9, 0.01, 0.9}, {1, 4, 0.01, 0.01}});
  EXPECT_DOUBLE_EQ(overlap(de, Side::truth, 0)[0], 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(overlap(de, Side::truth, 1)[0], 0.0);
  EXPECT_DOUBLE_EQ(overlap(de, Side::predicted, 0)[0], 1.0 / 2.0);
}

TEST(CellEval2De, TheReferenceDecidesWhoIsScored) {
  const DePair few = pair_of(significant_genes(9, 1.0));
  EXPECT_TRUE(std::isnan(recall(few)[0]));
  EXPECT_TRUE(std::isnan(direction_match(few)[0]));
  EXPECT_TRUE(std::isnan(spearman_of_changes(few, Sign::all)[0]));
  EXPECT_TRUE(std::isnan(pr_auc(few)[0]));
  const DePair enough = pair_of(significant_genes(10, 1.0));
  EXPECT_DOUBLE_EQ(recall(enough)[0], 1.0);
  EXPECT_DOUBLE_EQ(spearman_of_changes(enough, Sign::all)[0], 1.0);
  // Inside the gate a constant prediction is charged the worst value.
  EXPECT_DOUBLE_EQ(spearman_of_changes(pair_of(significant_genes(10, 0.0)), Sign::all)[0], -1.0);
}

}  // namespace
}  // namespace cupel::perturbation::cell_eval2

#pragma once
/// Tests between predictors, and corrections for many of them.
///
/// NaN p-values stay NaN and do not count as a test. A statistic of the form 0/0 (all differences
/// equal to zero) is NaN, as in SciPy: nothing was tested.
#include <cstddef>
#include <span>
#include <vector>

#include "cupel/matrix.hpp"

namespace cupel {

/// Adjusted p-values, in the order given. Holm 1979 (family-wise error), and Benjamini and
/// Hochberg 1995 (false discovery rate, doi:10.1111/j.2517-6161.1995.tb02031.x).
std::vector<double> holm(std::span<const double> p_values);
std::vector<double> benjamini_hochberg(std::span<const double> p_values);
/// Under any dependence: Benjamini and Hochberg's times 1 + 1/2 + .. + 1/m (Benjamini and Yekutieli
/// 2001, doi:10.1214/aos/1013699998).
std::vector<double> benjamini_yekutieli(std::span<const double> p_values);

struct TTest {
  double mean = 0.0;
  double low = 0.0;  ///< interval of the mean
  double high = 0.0;
  double statistic = 0.0;
  double p_value = 0.0;  ///< two-sided
  double degrees_of_freedom = 0.0;
};

/// t-test of paired differences against 0. Equals scipy.stats.ttest_rel.
TTest paired_t_test(std::span<const double> differences, double confidence = 0.95);

/// Corrected repeated k-fold cross-validation t-test (Nadeau and Bengio 2003,
/// doi:10.1023/A:1024068626366; Bouckaert and Frank 2004): training sets of folds overlap, so the
/// variance of the mean of J differences is (1/J + n_test/n_train) s^2. `test_over_train` is
/// n_test/n_train, 1/(k-1) for k-fold.
TTest corrected_cv_t_test(std::span<const double> differences, double test_over_train,
                          double confidence = 0.95);

struct TestResult {
  double statistic = 0.0;
  double p_value = 0.0;
};

/// Wilcoxon signed-rank, two-sided; zeros are dropped. Exact for n <= 50 without ties or zeros, and
/// for n <= 13 with them; else normal approximation with tie and without continuity correction.
/// Equals scipy.stats.wilcoxon(differences). Statistic: min(W+, W-).
TestResult wilcoxon_signed_rank(std::span<const double> differences);

/// (1 + #{null >= observed}) / (K + 1): the one-sided p-value of a permutation test
/// (doi:10.2202/1544-6115.1585). NaN if a value is NaN.
double permutation_p_value(double observed, std::span<const double> null_values);

/// Two one-sided tests from an interval: is |difference| < margin? To test at level alpha give the
/// 1 - 2 alpha interval (Schuirmann 1987, doi:10.1007/BF01068419).
enum class Equivalence { equivalent, not_equivalent, cannot_tell };
Equivalence equivalence(double low, double high, double margin);

/// Several predictors on several blocks (folds, drugs). `scores`: blocks x predictors, complete.
struct RankComparison {
  std::size_t n_blocks = 0;
  std::vector<double> average_rank;  ///< 1 = best
  TestResult friedman;               ///< equals scipy.stats.friedmanchisquare
  Matrix<double> conover;            ///< raw p-values, equals posthoc_conover_friedman
  Matrix<double> conover_holm;       ///< Holm over the pairs
};
/// Needs >= 3 predictors and >= 2 blocks for the tests (NaN otherwise). Throws Error{internal} on
/// NaN scores: take the blocks on which all predictors have a value.
RankComparison compare_ranks(const Matrix<double>& scores, bool higher_is_better);

/// Nemenyi's critical difference of average ranks, q(1-alpha, k, inf)/sqrt(2) sqrt(k(k+1)/(6N))
/// (Demsar 2006, jmlr.org/papers/v7/demsar06a.html).
double nemenyi_critical_difference(std::size_t n_predictors, std::size_t n_blocks,
                                   double alpha = 0.05);

/// Bars of a critical-difference diagram: maximal runs of predictors, in the order of their ranks,
/// of which no two differ. Each clique lists at least two predictors by ascending rank.
std::vector<std::vector<std::size_t>> rank_cliques(std::span<const double> average_rank,
                                                   double critical_difference);
std::vector<std::vector<std::size_t>> rank_cliques(std::span<const double> average_rank,
                                                   const Matrix<double>& p_values, double alpha);

}  // namespace cupel

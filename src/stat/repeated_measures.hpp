#pragma once
/// Predictors compared over the folds of a repeated cross-validation, as in the guidelines of Ash
/// et al. 2025 (Polaris; J. Chem. Inf. Model. 65, 9398): repeated-measures analysis of variance
/// with the fold as the subject and the predictor as the factor within it, then Tukey's honestly
/// significant differences on its error term.
///
/// The folds of a cross-validation share training rows, so they are not independent, and both tests
/// are optimistic: `corrected_cv_t_test` (tests.hpp) takes that into account.
#include <cstddef>
#include <vector>

#include "cupel/matrix.hpp"
#include "stat/tests.hpp"

namespace cupel {

/// Equals statsmodels' AnovaRM and pingouin's rm_anova. NaN with fewer than two folds or
/// predictors, or without any error variance.
struct RepeatedMeasures {
  std::size_t n_subjects = 0;    ///< folds
  std::size_t n_conditions = 0;  ///< predictors
  double f = 0.0;
  double degrees_of_freedom = 0.0;        ///< k - 1
  double degrees_of_freedom_error = 0.0;  ///< (k - 1)(n - 1)
  double mean_square_error = 0.0;
  double p_value = 0.0;
  /// Greenhouse and Geisser 1959, doi:10.1007/BF02289823: 1 = differences between predictors are
  /// equally variable, 1 / (k - 1) = the least; the degrees of freedom are multiplied by it.
  double epsilon = 0.0;
  double p_value_greenhouse_geisser = 0.0;
};
/// `scores`: folds x predictors, complete. Throws Error{internal} on NaN.
RepeatedMeasures repeated_measures_anova(const Matrix<double>& scores);

/// One pair of predictors. `difference` = mean of the first - mean of the second.
struct PairDifference {
  std::size_t first = 0;
  std::size_t second = 0;
  double difference = 0.0;
  double low = 0.0;
  double high = 0.0;
  double statistic = 0.0;  ///< q, or t
  double p_value = 0.0;    ///< adjusted for all pairs
  /// Cohen's d of paired samples: difference / sqrt((var first + var second) / 2).
  double effect_size = 0.0;
};
/// q = |difference| / sqrt(MSE / n), p from the studentised range with k groups and the error's
/// degrees of freedom, simultaneous intervals difference -+ q(confidence) sqrt(MSE / n). Pairs
/// (0, 1), (0, 2), ..., (1, 2), ...
std::vector<PairDifference> tukey_hsd(const Matrix<double>& scores, const RepeatedMeasures& anova,
                                      double confidence = 0.95);
/// The same pairs by Nadeau and Bengio's corrected t-test with Holm's correction; intervals are
/// those of single tests.
std::vector<PairDifference> corrected_t_pairs(const Matrix<double>& scores, double test_over_train,
                                              double confidence = 0.95);

/// Are the predictors' scores equally variable over folds? Levene's test about the medians (Brown
/// and Forsythe 1974, doi:10.1080/01621459.1974.10482955; scipy.stats.levene) and the ratio of the
/// largest to the smallest variance (above 3, at most 9, Tukey's intervals are off).
struct VarianceCheck {
  TestResult levene;
  double ratio = 0.0;
};
VarianceCheck check_variances(const Matrix<double>& scores);

}  // namespace cupel

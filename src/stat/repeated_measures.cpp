#include "stat/repeated_measures.hpp"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "cupel/error.hpp"
#include "stat/studentized_range.hpp"

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// Sums of squares below this share of the total are rounding.
constexpr double kNothing = 1e-24;

void check(const Matrix<double>& scores) {
  if (std::ranges::any_of(scores.values, [](double value) { return !std::isfinite(value); })) {
    fail(ErrorKind::internal, "comparison over folds got an undefined score", {},
         "take the folds on which all predictors have a value");
  }
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> column(const Matrix<double>& scores, std::size_t j) {
  std::vector<double> out;
  for (std::size_t i = 0; i < scores.rows; ++i) out.push_back(scores(i, j));
  return out;
}

/// Sum of (x - mean x)(y - mean y).
double cross_products(std::span<const double> x, std::span<const double> y) {
  const double mean_x = mean_of(x);
  const double mean_y = mean_of(y);
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mean_x) * (y[i] - mean_y);
  return sum;
}

double variance(std::span<const double> values) {
  return cross_products(values, values) / static_cast<double>(values.size() - 1);
}

double upper_f(double f, double freedom, double freedom_error) {
  if (std::isnan(f)) return kNaN;
  if (std::isinf(f)) return 0.0;
  const boost::math::fisher_f law(freedom, freedom_error);
  return boost::math::cdf(boost::math::complement(law, f));
}

/// Box's epsilon of the covariance of the conditions: (tr D)^2 / ((k - 1) tr D^2), D the covariance
/// centred in rows and columns.
double greenhouse_geisser(const Matrix<double>& scores) {
  const std::size_t k = scores.cols;
  Matrix<double> covariance(k, k);
  std::vector<std::vector<double>> columns;
  for (std::size_t j = 0; j < k; ++j) columns.push_back(column(scores, j));
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) covariance(i, j) = cross_products(columns[i], columns[j]);
  }
  std::vector<double> row_mean;
  for (std::size_t i = 0; i < k; ++i) row_mean.push_back(mean_of(covariance.row(i)));
  const double mean = mean_of(row_mean);
  double trace = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double centred = covariance(i, j) - row_mean[i] - row_mean[j] + mean;
      if (i == j) trace += centred;
      squares += centred * centred;
    }
  }
  return squares > 0.0 ? trace * trace / (static_cast<double>(k - 1) * squares) : kNaN;
}

PairDifference pair_of(const Matrix<double>& scores, std::size_t first, std::size_t second) {
  const std::vector<double> x = column(scores, first);
  const std::vector<double> y = column(scores, second);
  PairDifference pair{.first = first, .second = second, .difference = mean_of(x) - mean_of(y)};
  pair.effect_size = pair.difference / std::sqrt(0.5 * (variance(x) + variance(y)));
  return pair;
}

}  // namespace

RepeatedMeasures repeated_measures_anova(const Matrix<double>& scores) {
  check(scores);
  RepeatedMeasures out{.n_subjects = scores.rows,
                       .n_conditions = scores.cols,
                       .f = kNaN,
                       .mean_square_error = kNaN,
                       .p_value = kNaN,
                       .epsilon = kNaN,
                       .p_value_greenhouse_geisser = kNaN};
  if (scores.rows < 2 || scores.cols < 2) return out;
  const auto n = static_cast<double>(scores.rows);
  const auto k = static_cast<double>(scores.cols);
  const double mean = mean_of(scores.values);
  std::vector<double> condition_mean;
  for (std::size_t j = 0; j < scores.cols; ++j)
    condition_mean.push_back(mean_of(column(scores, j)));
  double between = 0.0;
  for (const double value : condition_mean) between += n * (value - mean) * (value - mean);
  double error = 0.0;
  double total = 0.0;
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const double subject_mean = mean_of(scores.row(i));
    for (std::size_t j = 0; j < scores.cols; ++j) {
      const double rest = scores(i, j) - subject_mean - condition_mean[j] + mean;
      error += rest * rest;
      total += (scores(i, j) - mean) * (scores(i, j) - mean);
    }
  }
  out.degrees_of_freedom = k - 1.0;
  out.degrees_of_freedom_error = (k - 1.0) * (n - 1.0);
  out.mean_square_error = error / out.degrees_of_freedom_error;
  if (error <= kNothing * total) return out;
  out.f = between / out.degrees_of_freedom / out.mean_square_error;
  out.p_value = upper_f(out.f, out.degrees_of_freedom, out.degrees_of_freedom_error);
  out.epsilon = greenhouse_geisser(scores);
  out.p_value_greenhouse_geisser = upper_f(out.f, out.epsilon * out.degrees_of_freedom,
                                           out.epsilon * out.degrees_of_freedom_error);
  return out;
}

std::vector<PairDifference> tukey_hsd(const Matrix<double>& scores, const RepeatedMeasures& anova,
                                      double confidence) {
  const double error = std::sqrt(anova.mean_square_error / static_cast<double>(anova.n_subjects));
  const double critical =
      studentized_range_quantile(confidence, anova.n_conditions, anova.degrees_of_freedom_error);
  std::vector<PairDifference> pairs;
  for (std::size_t i = 0; i < scores.cols; ++i) {
    for (std::size_t j = i + 1; j < scores.cols; ++j) {
      PairDifference pair = pair_of(scores, i, j);
      pair.statistic = std::isnan(anova.f) ? kNaN : std::abs(pair.difference) / error;
      pair.p_value = studentized_range_upper(pair.statistic, anova.n_conditions,
                                             anova.degrees_of_freedom_error);
      pair.low = pair.difference - critical * error;
      pair.high = pair.difference + critical * error;
      pairs.push_back(pair);
    }
  }
  return pairs;
}

std::vector<PairDifference> corrected_t_pairs(const Matrix<double>& scores, double test_over_train,
                                              double confidence) {
  check(scores);
  std::vector<PairDifference> pairs;
  std::vector<double> p_values;
  for (std::size_t i = 0; i < scores.cols; ++i) {
    for (std::size_t j = i + 1; j < scores.cols; ++j) {
      std::vector<double> differences;
      for (std::size_t fold = 0; fold < scores.rows; ++fold) {
        differences.push_back(scores(fold, i) - scores(fold, j));
      }
      const TTest test = corrected_cv_t_test(differences, test_over_train, confidence);
      PairDifference pair = pair_of(scores, i, j);
      pair.low = test.low;
      pair.high = test.high;
      pair.statistic = test.statistic;
      pairs.push_back(pair);
      p_values.push_back(test.p_value);
    }
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].p_value = adjusted[i];
  return pairs;
}

VarianceCheck check_variances(const Matrix<double>& scores) {
  check(scores);
  VarianceCheck out{.levene = {kNaN, kNaN}, .ratio = kNaN};
  if (scores.rows < 2 || scores.cols < 2) return out;
  const auto n = static_cast<double>(scores.rows);
  const auto k = static_cast<double>(scores.cols);
  std::vector<double> variances;
  std::vector<double> group_mean;
  double within = 0.0;
  for (std::size_t j = 0; j < scores.cols; ++j) {
    std::vector<double> values = column(scores, j);
    variances.push_back(variance(values));
    std::vector<double> sorted = values;
    std::ranges::sort(sorted);
    const double median = 0.5 * (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]);
    for (double& value : values) value = std::abs(value - median);
    group_mean.push_back(mean_of(values));
    within += cross_products(values, values);
  }
  const double mean = mean_of(group_mean);
  double between = 0.0;
  for (const double value : group_mean) between += n * (value - mean) * (value - mean);
  const double freedom_within = k * n - k;
  out.levene.statistic = freedom_within * between / ((k - 1.0) * within);
  out.levene.p_value = upper_f(out.levene.statistic, k - 1.0, freedom_within);
  const auto [low, high] = std::ranges::minmax(variances);
  out.ratio = high / low;
  return out;
}

}  // namespace cupel

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "cupel/error.hpp"
#include "stat/ranks.hpp"
#include "stat/studentized_range.hpp"
#include "stat/tests.hpp"

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct RankTable {
  Matrix<double> ranks;  ///< blocks x predictors, 1 = best
  std::vector<double> rank_sums;
  double squares = 0.0;  ///< sum of squared ranks
};

RankTable rank_blocks(const Matrix<double>& scores, bool higher_is_better) {
  RankTable table{.ranks = Matrix<double>(scores.rows, scores.cols),
                  .rank_sums = std::vector<double>(scores.cols, 0.0)};
  for (std::size_t block = 0; block < scores.rows; ++block) {
    std::vector<double> values(scores.row(block).begin(), scores.row(block).end());
    for (double& value : values) {
      if (std::isnan(value)) {
        fail(ErrorKind::internal, "comparison of ranks got an undefined score", {},
             "take the blocks on which all predictors have a value");
      }
      if (higher_is_better) value = -value;
    }
    const std::vector<double> ranks = mid_ranks(values);
    for (std::size_t p = 0; p < scores.cols; ++p) {
      table.ranks(block, p) = ranks[p];
      table.rank_sums[p] += ranks[p];
      table.squares += ranks[p] * ranks[p];
    }
  }
  return table;
}

/// Friedman's chi-squared with tie correction: (k-1) sum (R - n(k+1)/2)^2 / (A - n k (k+1)^2 / 4),
/// where A is the sum of squared ranks.
TestResult friedman(const RankTable& table) {
  const auto n = static_cast<double>(table.ranks.rows);
  const auto k = static_cast<double>(table.ranks.cols);
  double between = 0.0;
  for (const double sum : table.rank_sums) {
    between += (sum - 0.5 * n * (k + 1.0)) * (sum - 0.5 * n * (k + 1.0));
  }
  const double within = table.squares - 0.25 * n * k * (k + 1.0) * (k + 1.0);
  if (within <= 0.0) return {kNaN, kNaN};
  const double statistic = (k - 1.0) * between / within;
  const boost::math::chi_squared chi_squared(k - 1.0);
  return {statistic, boost::math::cdf(boost::math::complement(chi_squared, statistic))};
}

/// Conover and Iman 1979, LA-7677-MS: t-tests of rank sums after Friedman's test.
Matrix<double> conover(const RankTable& table, double friedman_statistic) {
  const auto n = static_cast<double>(table.ranks.rows);
  const auto k = static_cast<double>(table.ranks.cols);
  Matrix<double> p_values(table.ranks.cols, table.ranks.cols, 1.0);
  const double s2 = (table.squares - 0.25 * n * k * (k + 1.0) * (k + 1.0)) / (k - 1.0);
  const double freedom = n * k - k - n + 1.0;
  const double spread = std::max(0.0, 1.0 - friedman_statistic / (n * (k - 1.0)));
  const double error = std::sqrt(s2 * 2.0 * n * (k - 1.0) / freedom) * std::sqrt(spread);
  const boost::math::students_t t(freedom);
  for (std::size_t i = 0; i < p_values.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double statistic = std::abs(table.rank_sums[i] - table.rank_sums[j]) / error;
      const double p = std::isnan(statistic)   ? kNaN
                       : std::isinf(statistic) ? 0.0
                                               : 2.0 * cdf(complement(t, statistic));
      p_values(i, j) = p_values(j, i) = p;
    }
  }
  return p_values;
}

Matrix<double> holm_over_pairs(const Matrix<double>& p_values) {
  std::vector<double> pairs;
  for (std::size_t i = 0; i < p_values.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) pairs.push_back(p_values(i, j));
  }
  pairs = holm(pairs);
  Matrix<double> adjusted = p_values;
  std::size_t pair = 0;
  for (std::size_t i = 0; i < p_values.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) adjusted(i, j) = adjusted(j, i) = pairs[pair++];
  }
  return adjusted;
}

/// Runs of the ranked order within which `differ` holds for no pair.
template <typename Differ>
std::vector<std::vector<std::size_t>> runs_without_difference(std::span<const double> average_rank,
                                                              Differ differ) {
  const std::vector<std::uint32_t> order = ascending_order(average_rank);
  std::vector<std::vector<std::size_t>> cliques;
  std::size_t reached = 0;
  for (std::size_t first = 0; first < order.size(); ++first) {
    std::size_t last = first + 1;
    const auto fits = [&](std::size_t next) {
      return std::none_of(order.begin() + static_cast<std::ptrdiff_t>(first),
                          order.begin() + static_cast<std::ptrdiff_t>(next),
                          [&](std::uint32_t member) { return differ(member, order[next]); });
    };
    while (last < order.size() && fits(last)) ++last;
    if (last - first >= 2 && last > reached) {
      cliques.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(first),
                           order.begin() + static_cast<std::ptrdiff_t>(last));
    }
    reached = std::max(reached, last);
  }
  return cliques;
}

}  // namespace

RankComparison compare_ranks(const Matrix<double>& scores, bool higher_is_better) {
  const RankTable table = rank_blocks(scores, higher_is_better);
  RankComparison out{.n_blocks = scores.rows,
                     .average_rank = table.rank_sums,
                     .friedman = {kNaN, kNaN},
                     .conover = Matrix<double>(scores.cols, scores.cols, kNaN),
                     .conover_holm = Matrix<double>(scores.cols, scores.cols, kNaN)};
  for (double& rank : out.average_rank) rank /= static_cast<double>(scores.rows);
  if (scores.cols < 3 || scores.rows < 2) return out;
  out.friedman = friedman(table);
  if (std::isnan(out.friedman.statistic)) return out;
  out.conover = conover(table, out.friedman.statistic);
  out.conover_holm = holm_over_pairs(out.conover);
  return out;
}

double nemenyi_critical_difference(std::size_t n_predictors, std::size_t n_blocks, double alpha) {
  const auto k = static_cast<double>(n_predictors);
  const auto n = static_cast<double>(n_blocks);
  return studentized_range_quantile(1.0 - alpha, n_predictors) / std::sqrt(2.0) *
         std::sqrt(k * (k + 1.0) / (6.0 * n));
}

std::vector<std::vector<std::size_t>> rank_cliques(std::span<const double> average_rank,
                                                   double critical_difference) {
  return runs_without_difference(average_rank, [&](std::size_t i, std::size_t j) {
    return std::abs(average_rank[i] - average_rank[j]) >= critical_difference;
  });
}

std::vector<std::vector<std::size_t>> rank_cliques(std::span<const double> average_rank,
                                                   const Matrix<double>& p_values, double alpha) {
  return runs_without_difference(
      average_rank, [&](std::size_t i, std::size_t j) { return p_values(i, j) < alpha; });
}

}  // namespace cupel

// Properties of the metrics on random tables with many ties.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/random.hpp"
#include "metric/groups.hpp"
#include "metric/metric.hpp"

namespace cupel {
namespace {

struct Rows {
  std::vector<double> truth, prediction;
  std::vector<std::uint32_t> groups;
};

/// Values on a coarse grid, so that ties and constant groups are common.
Rows random_rows(bool binary = false) {
  const auto n = *rc::gen::inRange<std::size_t>(0, 60);
  const auto steps = *rc::gen::inRange(1, 12);
  Rows rows;
  for (std::size_t i = 0; i < n; ++i) {
    rows.truth.push_back(binary ? *rc::gen::inRange(0, 2) : 0.25 * *rc::gen::inRange(0, steps));
    rows.prediction.push_back(0.5 * *rc::gen::inRange(-steps, steps));
    rows.groups.push_back(*rc::gen::inRange<std::uint32_t>(0, 6));
  }
  return rows;
}

bool same(double a, double b, double tolerance = 1e-12) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

RC_GTEST_PROP(Metric, OrderOfRowsChangesNothing, ()) {
  for (const MetricInfo& info : metrics()) {
    const Rows rows = random_rows(info.needs_labels);
    std::vector<std::uint32_t> order(rows.truth.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    Rng(*rc::gen::inRange(0, 1000), "shuffle").shuffle(std::span(order));
    RC_ASSERT(same(evaluate(info, rows.truth, rows.prediction),
                   evaluate(info, gather(rows.truth, order), gather(rows.prediction, order))));
  }
}

RC_GTEST_PROP(Metric, CorrelationsIgnoreScaleAndShift, ()) {
  const Rows rows = random_rows();
  const double scale = 0.5 * *rc::gen::inRange(1, 20);
  const double shift = 0.5 * *rc::gen::inRange(-20, 20);
  std::vector<double> moved = rows.prediction, mirrored = rows.prediction;
  for (double& value : moved) value = scale * value + shift;
  for (double& value : mirrored) value = -value;
  for (const char* name : {"pearson", "spearman", "kendall"}) {
    const double value = evaluate(name, rows.truth, rows.prediction);
    RC_ASSERT(same(evaluate(name, rows.truth, moved), value));
    RC_ASSERT(same(evaluate(name, rows.truth, mirrored), -value));
    RC_ASSERT(same(evaluate(name, rows.prediction, rows.truth), value));
    RC_ASSERT(std::isnan(value) || std::abs(value) <= 1.0);
  }
}

RC_GTEST_PROP(Metric, KendallEqualsThePairwiseDefinition, ()) {
  const Rows rows = random_rows();
  const auto sign = [](double x) { return static_cast<double>((x > 0) - (x < 0)); };
  double product = 0.0, pairs_truth = 0.0, pairs_prediction = 0.0;
  for (std::size_t i = 0; i < rows.truth.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double t = sign(rows.truth[i] - rows.truth[j]);
      const double p = sign(rows.prediction[i] - rows.prediction[j]);
      product += t * p;
      pairs_truth += std::abs(t);
      pairs_prediction += std::abs(p);
    }
  }
  const double expected = product / std::sqrt(pairs_truth * pairs_prediction);  // 0/0 = NaN
  RC_ASSERT(same(evaluate("kendall", rows.truth, rows.prediction), expected));
}

RC_GTEST_PROP(Metric, AurocEqualsTheShareOfPairsWon, ()) {
  const Rows rows = random_rows(true);
  double won = 0.0, pairs = 0.0;
  for (std::size_t i = 0; i < rows.truth.size(); ++i) {
    for (std::size_t j = 0; j < rows.truth.size(); ++j) {
      if (rows.truth[i] < 0.5 || rows.truth[j] > 0.5) continue;
      pairs += 1.0;
      won += rows.prediction[i] > rows.prediction[j]    ? 1.0
             : rows.prediction[i] == rows.prediction[j] ? 0.5
                                                        : 0.0;
    }
  }
  RC_ASSERT(same(evaluate("auroc", rows.truth, rows.prediction), won / pairs));
}

RC_GTEST_PROP(Metric, GroupsEqualSeparateEvaluation, ()) {
  const Rows rows = random_rows();
  const std::uint32_t n_groups = 5;  // code 5 belongs to no group
  std::size_t n_rows = 0;
  for (const GroupScore& score : evaluate_groups("rmse", rows.truth, rows.prediction, rows.groups,
                                                 n_groups, {.min_rows = 1})) {
    std::vector<std::uint32_t> members;
    for (std::uint32_t i = 0; i < rows.groups.size(); ++i) {
      if (rows.groups[i] == score.group) members.push_back(i);
    }
    RC_ASSERT(score.n == members.size());
    RC_ASSERT(same(score.value, evaluate("rmse", gather(rows.truth, members),
                                         gather(rows.prediction, members))));
    n_rows += score.n;
  }
  RC_ASSERT(n_rows == rows.groups.size() -
                          static_cast<std::size_t>(std::ranges::count(rows.groups, n_groups)));
}

RC_GTEST_PROP(Metric, GroupMeanHasNoSkillOnceItIsRemoved, ()) {
  const Rows rows = random_rows();
  RC_PRE(!rows.truth.empty());
  const std::vector<double> means = group_means(rows.truth, rows.groups, 6);
  std::vector<double> prediction;
  for (const std::uint32_t group : rows.groups) prediction.push_back(means[group]);
  RC_ASSERT(std::isnan(evaluate_normalised("pearson", rows.truth, prediction, prediction)));
  const auto residual = remove_group_means(rows.truth, rows.groups, means, 0.0);
  for (const double mean : group_means(residual, rows.groups, 6)) {
    RC_ASSERT(std::isnan(mean) || std::abs(mean) < 1e-12);
  }
}

}  // namespace
}  // namespace cupel

// Weighted metrics equal the plain ones on rows written out as often as they count.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

#include "metric/metric.hpp"
#include "metric/weighted.hpp"

namespace cupel {
namespace {

bool same(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : std::abs(a - b) <= 1e-9 * (1.0 + std::abs(a));
}

struct Case {
  std::vector<double> truth;
  std::vector<std::vector<double>> predictions;
  std::vector<std::uint32_t> unit;
  Matrix<std::uint16_t> weights;
};

Case any_case(bool has_labels) {
  Case out;
  const auto n = *rc::gen::inRange<std::size_t>(1, 25);
  const auto n_units = *rc::gen::inRange<std::uint32_t>(1, 8);
  const auto n_levels = *rc::gen::inRange(1, 12);  // few levels: many ties
  for (std::size_t i = 0; i < n; ++i) {
    out.truth.push_back(has_labels ? *rc::gen::inRange(0, 2)
                                   : 0.5 * *rc::gen::inRange(0, n_levels));
    out.unit.push_back(*rc::gen::inRange<std::uint32_t>(0, n_units));
  }
  for (int p = 0; p < 3; ++p) {
    std::vector<double> prediction;
    for (std::size_t i = 0; i < n; ++i) {
      prediction.push_back(100.0 + 0.25 * (*rc::gen::inRange(0, n_levels) - n_levels / 2));
    }
    if (has_labels) {
      for (double& value : prediction) value -= 100.0;
    }
    out.predictions.push_back(std::move(prediction));
  }
  out.weights = Matrix<std::uint16_t>(n_units, 5);
  for (auto& weight : out.weights.values) weight = *rc::gen::inRange<std::uint16_t>(0, 4);
  return out;
}

void equals_written_out(const char* name, bool has_labels) {
  const Case one = any_case(has_labels);
  const std::vector<std::span<const double>> predictions(one.predictions.begin(),
                                                         one.predictions.end());
  const auto weighted = make_weighted_metric(name, {.truth = one.truth,
                                                    .unit = one.unit,
                                                    .n_units = one.weights.rows,
                                                    .predictions = predictions});
  const Matrix<double> values = weighted->evaluate(one.weights);
  for (std::size_t draw = 0; draw < one.weights.cols; ++draw) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < one.truth.size(); ++row) {
      rows.insert(rows.end(), std::size_t{one.weights(one.unit[row], draw)}, row);
    }
    for (std::size_t p = 0; p < 3; ++p) {
      const double plain =
          evaluate(name, gather(one.truth, rows), gather(one.predictions[p], rows));
      if (!same(plain, values(p, draw))) {
        RC_FAIL(std::string(name) + ": " + std::to_string(plain) + " is not " +
                std::to_string(values(p, draw)));
      }
    }
  }
}

RC_GTEST_PROP(WeightedMetric, OfValuesEqualsRowsWrittenOut, ()) {
  for (const char* name : {"rmse", "mse", "mae", "r2", "pearson", "spearman", "kendall"}) {
    equals_written_out(name, false);
  }
}

RC_GTEST_PROP(WeightedMetric, OfLabelsEqualsRowsWrittenOut, ()) {
  for (const char* name : {"auroc", "auprc", "mcc"}) equals_written_out(name, true);
}

}  // namespace
}  // namespace cupel

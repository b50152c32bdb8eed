#include "metric/weighted.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cupel/error.hpp"
#include "metric/metric.hpp"
#include "metric/weighted_kinds.hpp"

namespace cupel {
namespace {

void check_rows(const WeightedRows& rows) {
  const auto finite = [](double value) { return std::isfinite(value); };
  bool is_valid = rows.unit.size() == rows.truth.size() &&
                  std::ranges::all_of(rows.truth, finite) &&
                  std::ranges::all_of(rows.unit, [&](std::uint32_t u) { return u < rows.n_units; });
  for (const auto prediction : rows.predictions) {
    is_valid = is_valid && prediction.size() == rows.truth.size() &&
               std::ranges::all_of(prediction, finite);
  }
  if (!is_valid) {
    fail(ErrorKind::internal, "weighted metric: rows of different lengths, or not finite", {},
         "pass the rows that all predictors have predicted");
  }
}

/// Any metric at all: on the rows written out as often as they count.
class WrittenOut final : public WeightedMetric {
 public:
  WrittenOut(const MetricInfo& info, const WeightedRows& rows)
      : info_(info),
        truth_(rows.truth.begin(), rows.truth.end()),
        unit_(rows.unit.begin(), rows.unit.end()) {
    for (const auto prediction : rows.predictions) {
      predictions_.emplace_back(prediction.begin(), prediction.end());
    }
  }

  [[nodiscard]] Matrix<double> evaluate(const Matrix<std::uint16_t>& counts) const override {
    Matrix<double> out(predictions_.size(), counts.cols);
    std::vector<std::uint32_t> rows;
    for (std::size_t draw = 0; draw < counts.cols; ++draw) {
      rows.clear();
      for (std::uint32_t row = 0; row < truth_.size(); ++row) {
        rows.insert(rows.end(), std::size_t{counts(unit_[row], draw)}, row);
      }
      const std::vector<double> truth = gather(truth_, rows);
      for (std::size_t p = 0; p < predictions_.size(); ++p) {
        out(p, draw) = cupel::evaluate(info_, truth, gather(predictions_[p], rows));
      }
    }
    return out;
  }

 private:
  const MetricInfo& info_;
  std::vector<double> truth_;
  std::vector<std::uint32_t> unit_;
  std::vector<std::vector<double>> predictions_;
};

}  // namespace

std::unique_ptr<WeightedMetric> make_weighted_metric(std::string_view metric_name,
                                                     const WeightedRows& rows) {
  const MetricInfo& info = metric(metric_name);
  check_rows(rows);
  if (auto sums = detail::make_sum_metric(metric_name, rows)) return sums;
  if (auto ranks = detail::make_rank_metric(metric_name, rows)) return ranks;
  return std::make_unique<WrittenOut>(info, rows);
}

}  // namespace cupel

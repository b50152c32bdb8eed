// Metrics that are functions of sums over rows: the rows of a unit are added once, and all draws of
// a block come from one matrix product.
#include <cblas.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "metric/weighted_kinds.hpp"
#include "stat/moments.hpp"

namespace cupel::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// A weighted variance below this share of the sum of squares is rounding.
constexpr double kConstant = 1e-12;

/// Sums of a draw. Shared: weight, t, t^2 (t centred). Per predictor what the metric needs.
constexpr std::size_t kWeight = 0;
constexpr std::size_t kTruth = 1;
constexpr std::size_t kTruthSquare = 2;
constexpr std::size_t kShared = 3;

using Terms = std::array<double, 3>;

/// The terms of a row that are added for a predictor; t and p are centred where `is_centred`.
struct Kind {
  std::string_view name;
  std::size_t n_terms;
  bool is_centred;
  Terms (*terms)(double t, double p);
  /// From the sums of a draw to the value; W > 0.
  double (*value)(const double* shared, const double* own);
};

double variance_sum(double weight, double sum, double squares) {
  const double centred = squares - sum * sum / weight;
  return centred > kConstant * squares ? centred : 0.0;
}

double mcc_of(const double* shared, const double* own) {
  // t is 0/1, own: called, called and positive
  const double positive = shared[kTruth];
  const double negative = shared[kWeight] - positive;
  const double tp = own[1];
  const double fp = own[0] - tp;
  const double fn = positive - tp;
  const double tn = negative - fp;
  const double product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return product > 0.0 ? (tp * tn - fp * fn) / std::sqrt(product) : kNaN;
}

double pearson_of(const double* shared, const double* own) {
  const double weight = shared[kWeight];
  const double t = variance_sum(weight, shared[kTruth], shared[kTruthSquare]);
  const double p = variance_sum(weight, own[0], own[1]);
  if (!(t > 0.0) || !(p > 0.0)) return kNaN;
  const double product = own[2] - shared[kTruth] * own[0] / weight;
  return std::clamp(product / std::sqrt(t) / std::sqrt(p), -1.0, 1.0);
}

double r2_of(const double* shared, const double* own) {
  const double t = variance_sum(shared[kWeight], shared[kTruth], shared[kTruthSquare]);
  return t > 0.0 ? 1.0 - own[0] / t : kNaN;
}

Terms square_error(double t, double p) { return {(t - p) * (t - p), 0.0, 0.0}; }

const Kind* find_kind(std::string_view name) {
  static const std::vector<Kind> kKinds{
      {"mse", 1, false, square_error,
       [](const double* shared, const double* own) { return own[0] / shared[kWeight]; }},
      {"rmse", 1, false, square_error,
       [](const double* shared, const double* own) { return std::sqrt(own[0] / shared[kWeight]); }},
      {"mae", 1, false, [](double t, double p) { return Terms{std::abs(t - p), 0.0, 0.0}; },
       [](const double* shared, const double* own) { return own[0] / shared[kWeight]; }},
      {"r2", 1, false, square_error, r2_of},
      {"pearson", 3, true, [](double t, double p) { return Terms{p, p * p, t * p}; }, pearson_of},
      {"mcc", 2, false,
       [](double t, double p) {
         const double called = p > 0.0 ? 1.0 : 0.0;
         return Terms{called, t > 0.5 ? called : 0.0, 0.0};
       },
       mcc_of},
  };
  const auto found = std::ranges::find(kKinds, name, &Kind::name);
  return found == kKinds.end() ? nullptr : &*found;
}

bool is_constant(std::span<const double> values) {
  return std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end();
}

class SumMetric final : public WeightedMetric {
 public:
  SumMetric(const Kind& kind, const WeightedRows& rows)
      : kind_(kind),
        n_predictors_(rows.predictions.size()),
        sums_(rows.n_units, kShared + kind.n_terms * rows.predictions.size(), 0.0) {
    const bool is_label = kind.name == "mcc";
    const double centre_truth = is_label ? 0.0 : mean(rows.truth);
    const bool flat_truth = !is_label && is_constant(rows.truth);
    for (std::size_t i = 0; i < rows.truth.size(); ++i) {
      const double t = is_label     ? (rows.truth[i] > 0.5 ? 1.0 : 0.0)
                       : flat_truth ? 0.0
                                    : rows.truth[i] - centre_truth;
      const auto sums = sums_.row(rows.unit[i]);
      sums[kWeight] += 1.0;
      sums[kTruth] += t;
      sums[kTruthSquare] += t * t;
    }
    for (std::size_t p = 0; p < n_predictors_; ++p) add_predictor(p, centre_truth, rows);
  }

  [[nodiscard]] Matrix<double> evaluate(const Matrix<std::uint16_t>& counts) const override {
    const std::size_t n_draws = counts.cols;
    const std::vector<double> weights(counts.values.begin(), counts.values.end());
    Matrix<double> totals(n_draws, sums_.cols, 0.0);  // W' S
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<int>(n_draws),
                static_cast<int>(sums_.cols), static_cast<int>(sums_.rows), 1.0, weights.data(),
                static_cast<int>(n_draws), sums_.values.data(), static_cast<int>(sums_.cols), 0.0,
                totals.values.data(), static_cast<int>(sums_.cols));
    Matrix<double> out(n_predictors_, n_draws, kNaN);
    for (std::size_t draw = 0; draw < n_draws; ++draw) {
      const double* shared = totals.row(draw).data();
      if (!(shared[kWeight] > 0.0)) continue;
      for (std::size_t p = 0; p < n_predictors_; ++p) {
        out(p, draw) = kind_.value(shared, shared + kShared + p * kind_.n_terms);
      }
    }
    return out;
  }

 private:
  void add_predictor(std::size_t p, double centre_truth, const WeightedRows& rows) {
    const auto prediction = rows.predictions[p];
    const double centre = kind_.is_centred ? mean(prediction) : 0.0;
    const bool is_flat = kind_.is_centred && is_constant(prediction);
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      const double t = kind_.is_centred ? rows.truth[i] - centre_truth : rows.truth[i];
      const Terms terms = kind_.terms(t, is_flat ? 0.0 : prediction[i] - centre);
      double* sums = sums_.row(rows.unit[i]).data() + kShared + p * kind_.n_terms;
      for (std::size_t k = 0; k < kind_.n_terms; ++k) sums[k] += terms[k];
    }
  }

  const Kind& kind_;
  std::size_t n_predictors_;
  Matrix<double> sums_;  ///< units x terms
};

}  // namespace

std::unique_ptr<WeightedMetric> make_sum_metric(std::string_view metric, const WeightedRows& rows) {
  const Kind* kind = find_kind(metric);
  return kind == nullptr ? nullptr : std::make_unique<SumMetric>(*kind, rows);
}

}  // namespace cupel::detail

#include "stat/segment_sums.hpp"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cupel::detail {
namespace {

constexpr std::size_t kTileRows = 128;
/// A weighted variance below this share of the sum of squares is rounding: the draw took only rows
/// with one value.
constexpr double kConstant = 1e-12;
/// Columns are padded, so that the matrix product treats equal columns alike.
constexpr std::size_t kColumnPadding = 8;

bool wants(const Segmentation& cut, std::initializer_list<Measure> any_of) {
  return std::ranges::any_of(any_of,
                             [&](Measure m) { return std::ranges::count(cut.measures, m) > 0; });
}

/// Which column of the table holds which term. Shared: weight, t, t^2. Then blocks of one column
/// per predictor.
struct Columns {
  static constexpr std::size_t kWeight = 0;
  static constexpr std::size_t kTruth = 1;
  static constexpr std::size_t kTruthSquare = 2;
  std::size_t prediction = 0;  ///< p, p^2 and t p; 0 = absent
  std::size_t prediction_square = 0;
  std::size_t product = 0;
  std::size_t square_error = 0;
  std::size_t absolute_error = 0;
  std::size_t count = 3;

  Columns(const Segmentation& cut, std::size_t n_predictors) {
    const auto take = [&](std::size_t& column) {
      column = count;
      count += n_predictors;
    };
    if (wants(cut, {Measure::pearson})) {
      take(prediction);
      take(prediction_square);
      take(product);
    }
    if (wants(cut, {Measure::mse, Measure::rmse, Measure::r2})) take(square_error);
    if (wants(cut, {Measure::mae})) take(absolute_error);
    count = (count + kColumnPadding - 1) / kColumnPadding * kColumnPadding;
  }
};

Centre centre_of(std::span<const double> values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  Centre centre{.mean = sum / static_cast<double>(values.size())};
  double squares = 0.0;
  bool differs = false;
  for (const double value : values) {
    squares += (value - centre.mean) * (value - centre.mean);
    differs = differs || value != values[0];
  }
  if (!differs || std::sqrt(squares) <= 1e-13 * std::abs(centre.mean)) centre.scale = 0.0;
  return centre;
}

/// 1 for x > 0, else 0, without a comparison: g++ vectorises loops only without.
inline double indicator(double x) noexcept {
  return 0.5 + std::copysign(0.5, x - std::numeric_limits<double>::min());
}

/// What all predictors of a segment share, per draw.
struct SharedDraws {
  const double* variance;      ///< weighted squares of the truth about its mean
  const double* has_variance;  ///< 1 or 0
  const double* group_weight;
  std::size_t n;
};
struct PearsonSums {
  const double* inverse;  ///< 1 / weights
  const double* truth;
  const double* prediction;
  const double* square;
  const double* product;
};

void add_r2_of_draws(const SharedDraws& shared, const double* error, double* __restrict__ numerator,
                     double* __restrict__ denominator) noexcept {
  for (std::size_t d = 0; d < shared.n; ++d) {
    const double is_defined = shared.has_variance[d];
    const double weight = is_defined * shared.group_weight[d];
    const double variance = is_defined * shared.variance[d] + (1.0 - is_defined);
    numerator[d] += weight * (1.0 - error[d] / variance);
    denominator[d] += weight;
  }
}

void add_pearson_of_draws(const SharedDraws& shared, const PearsonSums& sums,
                          double* __restrict__ numerator,
                          double* __restrict__ denominator) noexcept {
  for (std::size_t d = 0; d < shared.n; ++d) {
    const double mean = sums.prediction[d] * sums.inverse[d];
    const double variance = sums.square[d] - sums.prediction[d] * mean;
    const double covariance = sums.product[d] - sums.truth[d] * mean;
    const double is_defined =
        shared.has_variance[d] * indicator(variance - kConstant * sums.square[d]);
    const double weight = is_defined * shared.group_weight[d];
    const double scale = is_defined * (variance * shared.variance[d]) + (1.0 - is_defined);
    numerator[d] += weight * (covariance / std::sqrt(scale));
    denominator[d] += weight;
  }
}

/// Buffers and results of one segmentation in one block of draws.
class BlockEvaluator {
 public:
  BlockEvaluator(const Segmentation& cut, const BlockWeights& weights)
      : cut_(cut),
        weights_(weights),
        n_predictors_(cut.predictions.rows),
        n_draws_(weights.n_draws),
        columns_(cut, n_predictors_),
        terms_(columns_.count, kTileRows, 0.0),
        row_weights_(kTileRows, n_draws_),
        sums_(columns_.count, n_draws_),
        inverse_(n_draws_),
        variance_(n_draws_),
        has_variance_(n_draws_),
        group_weight_(n_draws_, 1.0),
        numerator_(cut.measures.size() * n_predictors_, n_draws_, 0.0),
        denominator_(cut.measures.size() * n_predictors_, n_draws_, 0.0) {}

  void add_segment(std::size_t segment);
  void write(Matrix<double>& out) const;

 private:
  void fill_terms(std::size_t segment, std::size_t first, std::size_t n);
  void fill_row_weights(std::size_t first, std::size_t n);
  void sum_segment(std::size_t segment);
  void prepare_shared(std::size_t segment);
  void add_measure(std::size_t segment, std::size_t measure, std::size_t predictor);
  void add_error(std::size_t slot, std::size_t column, bool root);
  void add_r2(std::size_t slot, std::size_t predictor);
  void add_pearson(std::size_t slot, std::size_t predictor);

  const Segmentation& cut_;
  const BlockWeights& weights_;
  std::size_t n_predictors_;
  std::size_t n_draws_;
  Columns columns_;
  Matrix<double> terms_;              ///< columns x tile rows
  Matrix<double> row_weights_;        ///< tile rows x draws
  Matrix<double> sums_;               ///< columns x draws
  std::vector<double> inverse_;       ///< 1 / sum of weights
  std::vector<double> variance_;      ///< sum of weighted squares of the truth
  std::vector<double> has_variance_;  ///< 1, or 0 where the truth is constant
  std::vector<double> group_weight_;
  Matrix<double> numerator_;
  Matrix<double> denominator_;
};

void BlockEvaluator::fill_terms(std::size_t segment, std::size_t first, std::size_t n) {
  const double* raw_truth = cut_.truth.data() + first;
  const Centre centre = cut_.truth_centre[segment];
  double* truth = terms_.row(Columns::kTruth).data();
  double* truth_square = terms_.row(Columns::kTruthSquare).data();
  std::ranges::fill(terms_.row(Columns::kWeight), 1.0);
  for (std::size_t i = 0; i < n; ++i) {
    truth[i] = (raw_truth[i] - centre.mean) * centre.scale;
    truth_square[i] = truth[i] * truth[i];
  }
  for (std::size_t p = 0; p < n_predictors_; ++p) {
    const double* raw = cut_.predictions.row(p).data() + first;
    if (columns_.prediction != 0) {
      const Centre own = cut_.centre(segment, p);
      double* prediction = terms_.row(columns_.prediction + p).data();
      double* square = terms_.row(columns_.prediction_square + p).data();
      double* product = terms_.row(columns_.product + p).data();
      for (std::size_t i = 0; i < n; ++i) {
        prediction[i] = (raw[i] - own.mean) * own.scale;
        square[i] = prediction[i] * prediction[i];
        product[i] = truth[i] * prediction[i];
      }
    }
    if (columns_.square_error != 0) {
      double* square = terms_.row(columns_.square_error + p).data();
      for (std::size_t i = 0; i < n; ++i) {
        square[i] = (raw_truth[i] - raw[i]) * (raw_truth[i] - raw[i]);
      }
    }
    if (columns_.absolute_error != 0) {
      double* absolute = terms_.row(columns_.absolute_error + p).data();
      for (std::size_t i = 0; i < n; ++i) absolute[i] = std::abs(raw_truth[i] - raw[i]);
    }
  }
}

void BlockEvaluator::fill_row_weights(std::size_t first, std::size_t n) {
  const bool has_a = weights_.a.rows > 0;
  const bool has_b = weights_.b.rows > 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<double> out = row_weights_.row(i);
    if (!has_a && !has_b) {
      std::ranges::fill(out, 1.0);
    } else if (has_a != has_b) {
      std::ranges::copy(
          has_a ? weights_.a.row(cut_.unit_a[first + i]) : weights_.b.row(cut_.unit_b[first + i]),
          out.begin());
    } else {
      const double* a = weights_.a.row(cut_.unit_a[first + i]).data();
      const double* b = weights_.b.row(cut_.unit_b[first + i]).data();
      double* __restrict__ product = out.data();
      for (std::size_t d = 0; d < n_draws_; ++d) product[d] = a[d] * b[d];
    }
  }
}

void BlockEvaluator::sum_segment(std::size_t segment) {
  const std::size_t begin = cut_.begin[segment];
  const std::size_t end = cut_.begin[segment + 1];
  for (std::size_t first = begin; first < end; first += kTileRows) {
    const std::size_t n = std::min(kTileRows, end - first);
    fill_terms(segment, first, n);
    fill_row_weights(first, n);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(columns_.count),
                static_cast<int>(n_draws_), static_cast<int>(n), 1.0, terms_.values.data(),
                static_cast<int>(kTileRows), row_weights_.values.data(), static_cast<int>(n_draws_),
                first == begin ? 0.0 : 1.0, sums_.values.data(), static_cast<int>(n_draws_));
  }
}

void BlockEvaluator::prepare_shared(std::size_t segment) {
  const double* weight = sums_.row(Columns::kWeight).data();
  const double* truth = sums_.row(Columns::kTruth).data();
  const double* square = sums_.row(Columns::kTruthSquare).data();
  for (std::size_t d = 0; d < n_draws_; ++d) {
    inverse_[d] = weight[d] > 0.0 ? 1.0 / weight[d] : 0.0;
    const double variance = square[d] - truth[d] * truth[d] * inverse_[d];
    has_variance_[d] = indicator(variance - kConstant * square[d]);
    variance_[d] = variance;
  }
  const Matrix<double>* source = cut_.group_weight == GroupWeight::unit_a   ? &weights_.a
                                 : cut_.group_weight == GroupWeight::unit_b ? &weights_.b
                                                                            : nullptr;
  if (source != nullptr && source->rows > 0) {
    std::ranges::copy(source->row(cut_.group[segment]), group_weight_.begin());
  }
}

void BlockEvaluator::add_error(std::size_t slot, std::size_t column, bool root) {
  const double* error = sums_.row(column).data();
  double* numerator = numerator_.row(slot).data();
  double* denominator = denominator_.row(slot).data();
  for (std::size_t d = 0; d < n_draws_; ++d) {
    const double mean = error[d] * inverse_[d];
    const double weight = inverse_[d] > 0.0 ? group_weight_[d] : 0.0;
    numerator[d] += weight * (root ? std::sqrt(mean) : mean);
    denominator[d] += weight;
  }
}

void BlockEvaluator::add_r2(std::size_t slot, std::size_t predictor) {
  add_r2_of_draws({.variance = variance_.data(),
                   .has_variance = has_variance_.data(),
                   .group_weight = group_weight_.data(),
                   .n = n_draws_},
                  sums_.row(columns_.square_error + predictor).data(), numerator_.row(slot).data(),
                  denominator_.row(slot).data());
}

void BlockEvaluator::add_pearson(std::size_t slot, std::size_t predictor) {
  add_pearson_of_draws({.variance = variance_.data(),
                        .has_variance = has_variance_.data(),
                        .group_weight = group_weight_.data(),
                        .n = n_draws_},
                       {.inverse = inverse_.data(),
                        .truth = sums_.row(Columns::kTruth).data(),
                        .prediction = sums_.row(columns_.prediction + predictor).data(),
                        .square = sums_.row(columns_.prediction_square + predictor).data(),
                        .product = sums_.row(columns_.product + predictor).data()},
                       numerator_.row(slot).data(), denominator_.row(slot).data());
}

void BlockEvaluator::add_measure(std::size_t segment, std::size_t measure, std::size_t predictor) {
  const std::size_t slot = measure * n_predictors_ + predictor;
  switch (cut_.measures[measure]) {
    case Measure::mse:
      add_error(slot, columns_.square_error + predictor, false);
      break;
    case Measure::rmse:
      add_error(slot, columns_.square_error + predictor, true);
      break;
    case Measure::mae:
      add_error(slot, columns_.absolute_error + predictor, false);
      break;
    case Measure::r2:
      add_r2(slot, predictor);
      break;
    case Measure::pearson:
      if (cut_.centre(segment, predictor).scale != 0.0) add_pearson(slot, predictor);
      break;
  }
}

void BlockEvaluator::add_segment(std::size_t segment) {
  sum_segment(segment);
  prepare_shared(segment);
  for (std::size_t measure = 0; measure < cut_.measures.size(); ++measure) {
    for (std::size_t p = 0; p < n_predictors_; ++p) add_measure(segment, measure, p);
  }
}

void BlockEvaluator::write(Matrix<double>& out) const {
  for (std::size_t measure = 0; measure < cut_.measures.size(); ++measure) {
    for (std::size_t p = 0; p < n_predictors_; ++p) {
      const auto numerator = numerator_.row(measure * n_predictors_ + p);
      const auto denominator = denominator_.row(measure * n_predictors_ + p);
      const auto target = out.row(cut_.outputs[measure] * n_predictors_ + p);
      for (std::size_t d = 0; d < n_draws_; ++d) {
        if (denominator[d] > 0.0) target[d] = numerator[d] / denominator[d];
      }
    }
  }
}

/// Units with compact codes: code[row] in [0, n).
struct Units {
  std::vector<std::uint32_t> code;
  std::size_t n = 0;
};

Units compact_units(std::span<const std::uint32_t> codes) {
  std::vector<std::uint32_t> levels(codes.begin(), codes.end());
  std::ranges::sort(levels);
  const auto repeated = std::ranges::unique(levels);
  levels.erase(repeated.begin(), repeated.end());
  Units units{.code = std::vector<std::uint32_t>(codes.size()), .n = levels.size()};
  for (std::size_t row = 0; row < codes.size(); ++row) {
    const auto found = std::ranges::lower_bound(levels, codes[row]);
    units.code[row] = static_cast<std::uint32_t>(found - levels.begin());
  }
  return units;
}

/// Rows by (fold, unit), or by fold where `units` is null; small segments are left out.
Segmentation cut_rows(const ResampleRows& rows, const Units& folds, const Units& unit_a,
                      const Units& unit_b, const Units* units, std::size_t min_rows) {
  Segmentation cut;
  const std::size_t n_rows = rows.truth.size();
  const std::size_t n_units = units == nullptr ? 1 : units->n;
  const auto key = [&](std::size_t row) {
    return std::size_t{folds.code[row]} * n_units + (units == nullptr ? 0 : units->code[row]);
  };
  std::vector<std::uint32_t> order(n_rows);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, key);
  std::vector<std::uint32_t> kept;
  cut.begin.push_back(0);
  for (std::size_t first = 0, last = 0; first < n_rows; first = last) {
    while (last < n_rows && key(order[last]) == key(order[first])) ++last;
    if (last - first < min_rows) continue;
    for (std::size_t i = first; i < last; ++i) kept.push_back(order[i]);
    cut.begin.push_back(kept.size());
    if (units != nullptr) cut.group.push_back(units->code[order[first]]);
  }
  cut.predictions = Matrix<double>(rows.predictions.size(), kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    cut.truth.push_back(rows.truth[kept[i]]);
    cut.unit_a.push_back(unit_a.code[kept[i]]);
    cut.unit_b.push_back(unit_b.code[kept[i]]);
    for (std::size_t p = 0; p < rows.predictions.size(); ++p) {
      cut.predictions(p, i) = rows.predictions[p][kept[i]];
    }
  }
  return cut;
}

void centre_segments(Segmentation& cut) {
  const std::size_t n_segments = cut.begin.size() - 1;
  const bool needs_predictions = wants(cut, {Measure::pearson});
  cut.truth_centre.resize(n_segments);
  if (needs_predictions) cut.centre = Matrix<Centre>(n_segments, cut.predictions.rows);
  for (std::size_t s = 0; s < n_segments; ++s) {
    const std::size_t n = cut.begin[s + 1] - cut.begin[s];
    cut.truth_centre[s] = centre_of(std::span<const double>(cut.truth).subspan(cut.begin[s], n));
    for (std::size_t p = 0; needs_predictions && p < cut.predictions.rows; ++p) {
      cut.centre(s, p) =
          centre_of(std::span<const double>(cut.predictions.row(p)).subspan(cut.begin[s], n));
    }
  }
}

struct Plan {
  std::size_t segmentation;  ///< 0 = folds, 1 = (fold, a), 2 = (fold, b)
  Measure measure;
};

Plan plan_of(Statistic statistic) {
  switch (statistic) {
    case Statistic::mse:
      return {0, Measure::mse};
    case Statistic::rmse:
      return {0, Measure::rmse};
    case Statistic::mae:
      return {0, Measure::mae};
    case Statistic::r2:
      return {0, Measure::r2};
    case Statistic::pearson:
      return {0, Measure::pearson};
    case Statistic::macro_a_pearson:
      return {1, Measure::pearson};
    case Statistic::macro_b_pearson:
      return {2, Measure::pearson};
    case Statistic::macro_a_r2:
      return {1, Measure::r2};
    case Statistic::macro_b_r2:
      return {2, Measure::r2};
  }
  return {0, Measure::mse};
}

}  // namespace

EngineInput prepare_engine(const ResampleRows& rows, const ResampleOptions& options) {
  const Units folds = compact_units(rows.fold);
  const Units unit_a = compact_units(rows.unit_a);
  const Units unit_b = compact_units(rows.unit_b);
  EngineInput input{.n_units_a = unit_a.n,
                    .n_units_b = unit_b.n,
                    .n_folds = folds.n,
                    .n_statistics = options.statistics.size(),
                    .n_predictors = rows.predictions.size()};
  for (std::size_t kind = 0; kind < 3; ++kind) {
    std::vector<Measure> measures;
    std::vector<std::size_t> outputs;
    for (std::size_t s = 0; s < options.statistics.size(); ++s) {
      const Plan plan = plan_of(options.statistics[s]);
      if (plan.segmentation != kind) continue;
      measures.push_back(plan.measure);
      outputs.push_back(s);
    }
    if (measures.empty()) continue;
    const Units* units = kind == 0 ? nullptr : kind == 1 ? &unit_a : &unit_b;
    Segmentation cut =
        cut_rows(rows, folds, unit_a, unit_b, units, kind == 0 ? 1 : options.min_group_rows);
    cut.group_weight = kind == 0   ? GroupWeight::one
                       : kind == 1 ? GroupWeight::unit_a
                                   : GroupWeight::unit_b;
    cut.measures = std::move(measures);
    cut.outputs = std::move(outputs);
    centre_segments(cut);
    input.segmentations.push_back(std::move(cut));
  }
  return input;
}

Matrix<double> evaluate_block(const EngineInput& input, const BlockWeights& weights) {
  Matrix<double> out(input.n_statistics * input.n_predictors, weights.n_draws,
                     std::numeric_limits<double>::quiet_NaN());
  for (const Segmentation& cut : input.segmentations) {
    BlockEvaluator evaluator(cut, weights);
    for (std::size_t segment = 0; segment + 1 < cut.begin.size(); ++segment) {
      evaluator.add_segment(segment);
    }
    evaluator.write(out);
  }
  return out;
}

void use_one_blas_thread() {
  if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
}

}  // namespace cupel::detail

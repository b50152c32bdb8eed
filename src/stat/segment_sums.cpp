#include "stat/segment_sums.hpp"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cupel::detail {
namespace {

constexpr std::size_t kTileRows = 256;
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

/// The centre of a segment's values; values that are constant up to rounding become 0.
struct Centre {
  double mean = 0.0;
  double scale = 1.0;  ///< 0 = constant
};

Centre centre_of(std::span<const double> values, std::span<const std::uint32_t> rows) {
  double sum = 0.0;
  for (const std::uint32_t row : rows) sum += values[row];
  Centre centre{.mean = sum / static_cast<double>(rows.size())};
  double squares = 0.0;
  bool differs = false;
  for (const std::uint32_t row : rows) {
    squares += (values[row] - centre.mean) * (values[row] - centre.mean);
    differs = differs || values[row] != values[rows[0]];
  }
  if (!differs || std::sqrt(squares) <= 1e-13 * std::abs(centre.mean)) centre.scale = 0.0;
  return centre;
}

/// Buffers and results of one segmentation in one block of draws.
class BlockEvaluator {
 public:
  BlockEvaluator(const EngineInput& input, const Segmentation& cut, const BlockWeights& weights)
      : input_(input),
        cut_(cut),
        weights_(weights),
        n_predictors_(input.rows.predictions.size()),
        n_draws_(weights.n_draws),
        columns_(cut, n_predictors_),
        terms_(kTileRows, columns_.count, 0.0),
        row_weights_(kTileRows, n_draws_),
        sums_(columns_.count, n_draws_),
        centres_(n_predictors_),
        inverse_(n_draws_),
        variance_(n_draws_),
        group_weight_(n_draws_, 1.0),
        numerator_(cut.measures.size() * n_predictors_, n_draws_, 0.0),
        denominator_(cut.measures.size() * n_predictors_, n_draws_, 0.0) {}

  void add_segment(std::size_t segment);
  void write(Matrix<double>& out) const;

 private:
  void fill_terms(std::span<const std::uint32_t> rows);
  void fill_row_weights(std::span<const std::uint32_t> rows);
  void sum_segment(std::span<const std::uint32_t> rows);
  void prepare_shared(std::size_t segment);
  void add_measure(std::size_t measure, std::size_t predictor);
  void add_error(std::size_t slot, std::size_t column, bool root);
  void add_r2(std::size_t slot, std::size_t predictor);
  void add_pearson(std::size_t slot, std::size_t predictor);

  const EngineInput& input_;
  const Segmentation& cut_;
  const BlockWeights& weights_;
  std::size_t n_predictors_;
  std::size_t n_draws_;
  Columns columns_;
  Matrix<double> terms_;        ///< tile rows x columns
  Matrix<double> row_weights_;  ///< tile rows x draws
  Matrix<double> sums_;         ///< columns x draws
  Centre truth_centre_;
  std::vector<Centre> centres_;
  std::vector<double> inverse_;   ///< 1 / sum of weights
  std::vector<double> variance_;  ///< sum of weighted squares of the truth; 0 = constant
  std::vector<double> group_weight_;
  Matrix<double> numerator_;
  Matrix<double> denominator_;
};

void BlockEvaluator::fill_terms(std::span<const std::uint32_t> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<double> out = terms_.row(i);
    const double raw_truth = input_.rows.truth[rows[i]];
    const double truth = (raw_truth - truth_centre_.mean) * truth_centre_.scale;
    out[Columns::kWeight] = 1.0;
    out[Columns::kTruth] = truth;
    out[Columns::kTruthSquare] = truth * truth;
    for (std::size_t p = 0; p < n_predictors_; ++p) {
      const double raw = input_.rows.predictions[p][rows[i]];
      const double error = raw_truth - raw;
      if (columns_.prediction != 0) {
        const double prediction = (raw - centres_[p].mean) * centres_[p].scale;
        out[columns_.prediction + p] = prediction;
        out[columns_.prediction_square + p] = prediction * prediction;
        out[columns_.product + p] = truth * prediction;
      }
      if (columns_.square_error != 0) out[columns_.square_error + p] = error * error;
      if (columns_.absolute_error != 0) out[columns_.absolute_error + p] = std::abs(error);
    }
  }
}

void BlockEvaluator::fill_row_weights(std::span<const std::uint32_t> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<double> out = row_weights_.row(i);
    const bool has_a = weights_.a.rows > 0;
    const bool has_b = weights_.b.rows > 0;
    if (!has_a && !has_b) {
      std::ranges::fill(out, 1.0);
    } else if (has_a != has_b) {
      std::ranges::copy(has_a ? weights_.a.row(input_.unit_a.code[rows[i]])
                              : weights_.b.row(input_.unit_b.code[rows[i]]),
                        out.begin());
    } else {
      const double* a = weights_.a.row(input_.unit_a.code[rows[i]]).data();
      const double* b = weights_.b.row(input_.unit_b.code[rows[i]]).data();
      double* product = out.data();
      for (std::size_t d = 0; d < n_draws_; ++d) product[d] = a[d] * b[d];
    }
  }
}

void BlockEvaluator::sum_segment(std::span<const std::uint32_t> rows) {
  truth_centre_ = centre_of(input_.rows.truth, rows);
  if (columns_.prediction != 0) {
    for (std::size_t p = 0; p < n_predictors_; ++p) {
      centres_[p] = centre_of(input_.rows.predictions[p], rows);
    }
  }
  for (std::size_t first = 0; first < rows.size(); first += kTileRows) {
    const auto tile = rows.subspan(first, std::min(kTileRows, rows.size() - first));
    fill_terms(tile);
    fill_row_weights(tile);
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<int>(columns_.count),
                static_cast<int>(n_draws_), static_cast<int>(tile.size()), 1.0,
                terms_.values.data(), static_cast<int>(columns_.count), row_weights_.values.data(),
                static_cast<int>(n_draws_), first == 0 ? 0.0 : 1.0, sums_.values.data(),
                static_cast<int>(n_draws_));
  }
}

void BlockEvaluator::prepare_shared(std::size_t segment) {
  const double* weight = sums_.row(Columns::kWeight).data();
  const double* truth = sums_.row(Columns::kTruth).data();
  const double* square = sums_.row(Columns::kTruthSquare).data();
  for (std::size_t d = 0; d < n_draws_; ++d) {
    inverse_[d] = weight[d] > 0.0 ? 1.0 / weight[d] : 0.0;
    const double variance = square[d] - truth[d] * truth[d] * inverse_[d];
    variance_[d] = variance > kConstant * square[d] ? variance : 0.0;
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
  const double* error = sums_.row(columns_.square_error + predictor).data();
  double* numerator = numerator_.row(slot).data();
  double* denominator = denominator_.row(slot).data();
  for (std::size_t d = 0; d < n_draws_; ++d) {
    const bool is_defined = variance_[d] > 0.0;
    const double weight = is_defined ? group_weight_[d] : 0.0;
    numerator[d] += weight * (1.0 - error[d] / (is_defined ? variance_[d] : 1.0));
    denominator[d] += weight;
  }
}

void BlockEvaluator::add_pearson(std::size_t slot, std::size_t predictor) {
  if (centres_[predictor].scale == 0.0) return;
  const double* truth = sums_.row(Columns::kTruth).data();
  const double* sum = sums_.row(columns_.prediction + predictor).data();
  const double* square = sums_.row(columns_.prediction_square + predictor).data();
  const double* product = sums_.row(columns_.product + predictor).data();
  double* numerator = numerator_.row(slot).data();
  double* denominator = denominator_.row(slot).data();
  for (std::size_t d = 0; d < n_draws_; ++d) {
    const double mean = sum[d] * inverse_[d];
    const double variance = square[d] - sum[d] * mean;
    const double covariance = product[d] - truth[d] * mean;
    const bool is_defined = (variance > kConstant * square[d]) & (variance_[d] > 0.0);
    const double scale = is_defined ? variance * variance_[d] : 1.0;
    const double weight = is_defined ? group_weight_[d] : 0.0;
    const double correlation = covariance / std::sqrt(scale);
    const double above = correlation > 1.0 ? 1.0 : correlation;
    numerator[d] += weight * (above < -1.0 ? -1.0 : above);
    denominator[d] += weight;
  }
}

void BlockEvaluator::add_measure(std::size_t measure, std::size_t predictor) {
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
      add_pearson(slot, predictor);
      break;
  }
}

void BlockEvaluator::add_segment(std::size_t segment) {
  const std::size_t first = cut_.begin[segment];
  sum_segment(std::span(cut_.rows).subspan(first, cut_.begin[segment + 1] - first));
  prepare_shared(segment);
  for (std::size_t measure = 0; measure < cut_.measures.size(); ++measure) {
    for (std::size_t p = 0; p < n_predictors_; ++p) add_measure(measure, p);
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

Segmentation cut_rows(const Units& folds, const Units* units, std::size_t min_rows) {
  Segmentation cut;
  const std::size_t n_rows = folds.code.size();
  const std::size_t n_units = units == nullptr ? 1 : units->n;
  const auto key = [&](std::size_t row) {
    return std::size_t{folds.code[row]} * n_units + (units == nullptr ? 0 : units->code[row]);
  };
  std::vector<std::uint32_t> order(n_rows);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, key);
  cut.begin.push_back(0);
  for (std::size_t first = 0, last = 0; first < n_rows; first = last) {
    while (last < n_rows && key(order[last]) == key(order[first])) ++last;
    if (last - first < min_rows) continue;
    for (std::size_t i = first; i < last; ++i) cut.rows.push_back(order[i]);
    cut.begin.push_back(cut.rows.size());
    if (units != nullptr) cut.group.push_back(units->code[order[first]]);
  }
  return cut;
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

EngineInput prepare_engine(const ResampleRows& rows, const ResampleOptions& options) {
  EngineInput input{.rows = rows,
                    .unit_a = compact_units(rows.unit_a),
                    .unit_b = compact_units(rows.unit_b),
                    .n_statistics = options.statistics.size()};
  const Units folds = compact_units(rows.fold);
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
    const Units* units = kind == 0 ? nullptr : kind == 1 ? &input.unit_a : &input.unit_b;
    Segmentation cut = cut_rows(folds, units, kind == 0 ? 1 : options.min_group_rows);
    cut.group_weight = kind == 0   ? GroupWeight::one
                       : kind == 1 ? GroupWeight::unit_a
                                   : GroupWeight::unit_b;
    cut.measures = std::move(measures);
    cut.outputs = std::move(outputs);
    input.segmentations.push_back(std::move(cut));
  }
  return input;
}

Matrix<double> evaluate_block(const EngineInput& input, const BlockWeights& weights) {
  Matrix<double> out(input.n_statistics * input.rows.predictions.size(), weights.n_draws,
                     std::numeric_limits<double>::quiet_NaN());
  for (const Segmentation& cut : input.segmentations) {
    BlockEvaluator evaluator(input, cut, weights);
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

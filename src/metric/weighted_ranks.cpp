// Metrics of ranks: rows are sorted once, and each draw walks them in that order. The draws of a
// block lie side by side, so that the walk is a loop over short vectors.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "metric/weighted_kinds.hpp"
#include "stat/ranks.hpp"

namespace cupel::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Rows in ascending order of a value, cut into runs of equal values.
struct Sorted {
  std::vector<std::uint32_t> order;
  std::vector<std::uint32_t> run_end;  ///< offsets into order

  explicit Sorted(std::span<const double> values) : order(ascending_order(values)) {
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i + 1 == order.size() || values[order[i + 1]] != values[order[i]]) {
        run_end.push_back(static_cast<std::uint32_t>(i + 1));
      }
    }
  }
};

class RankMetric : public WeightedMetric {
 public:
  explicit RankMetric(const WeightedRows& rows)
      : truth_(rows.truth.begin(), rows.truth.end()), unit_(rows.unit.begin(), rows.unit.end()) {
    for (const auto prediction : rows.predictions) sorted_.emplace_back(prediction);
  }

 protected:
  [[nodiscard]] const double* weights_of(const Matrix<double>& weights, std::uint32_t row) const {
    return weights.row(unit_[row]).data();
  }

  std::vector<double> truth_;
  std::vector<std::uint32_t> unit_;
  std::vector<Sorted> sorted_;  ///< per predictor
};

class Auroc final : public RankMetric {
 public:
  using RankMetric::RankMetric;

  [[nodiscard]] Matrix<double> evaluate(const Matrix<double>& weights) const override {
    const std::size_t n = weights.cols;
    Matrix<double> out(sorted_.size(), n, kNaN);
    std::vector<double> below(n);
    std::vector<double> positive(n);
    std::vector<double> wins(n);
    std::vector<double> run_positive(n);
    std::vector<double> run_negative(n);
    for (std::size_t p = 0; p < sorted_.size(); ++p) {
      std::ranges::fill(below, 0.0);  // negatives with a lower score
      std::ranges::fill(positive, 0.0);
      std::ranges::fill(wins, 0.0);
      const Sorted& sorted = sorted_[p];
      std::size_t i = 0;
      for (const std::uint32_t end : sorted.run_end) {
        if (end - i == 1) {
          add_single(sorted.order[i], weights, below, positive, wins);
        } else {
          std::ranges::fill(run_positive, 0.0);
          std::ranges::fill(run_negative, 0.0);
          for (std::size_t k = i; k < end; ++k) {
            const double* w = weights_of(weights, sorted.order[k]);
            double* sum = truth_[sorted.order[k]] > 0.5 ? run_positive.data() : run_negative.data();
            for (std::size_t d = 0; d < n; ++d) sum[d] += w[d];
          }
          for (std::size_t d = 0; d < n; ++d) {
            wins[d] += run_positive[d] * (below[d] + 0.5 * run_negative[d]);
            positive[d] += run_positive[d];
            below[d] += run_negative[d];
          }
        }
        i = end;
      }
      for (std::size_t d = 0; d < n; ++d) {
        if (positive[d] > 0.0 && below[d] > 0.0) out(p, d) = wins[d] / (positive[d] * below[d]);
      }
    }
    return out;
  }

 private:
  void add_single(std::uint32_t row, const Matrix<double>& weights, std::vector<double>& below,
                  std::vector<double>& positive, std::vector<double>& wins) const {
    const double* __restrict w = weights_of(weights, row);
    double* __restrict negatives = below.data();
    if (truth_[row] > 0.5) {
      double* __restrict total = positive.data();
      double* __restrict won = wins.data();
      for (std::size_t d = 0; d < weights.cols; ++d) {
        won[d] += w[d] * negatives[d];
        total[d] += w[d];
      }
    } else {
      for (std::size_t d = 0; d < weights.cols; ++d) negatives[d] += w[d];
    }
  }
};

/// Average precision: from the highest score down, at the end of every run of equal scores the
/// precision so far counts for the positives of the run.
class Auprc final : public RankMetric {
 public:
  using RankMetric::RankMetric;

  [[nodiscard]] Matrix<double> evaluate(const Matrix<double>& weights) const override {
    const std::size_t n = weights.cols;
    Matrix<double> out(sorted_.size(), n, kNaN);
    std::vector<double> seen(n);
    std::vector<double> hits(n);
    std::vector<double> area(n);
    std::vector<double> run_hits(n);
    for (std::size_t p = 0; p < sorted_.size(); ++p) {
      std::ranges::fill(seen, 0.0);
      std::ranges::fill(hits, 0.0);
      std::ranges::fill(area, 0.0);
      const Sorted& sorted = sorted_[p];
      for (std::size_t run = sorted.run_end.size(); run-- > 0;) {
        const std::size_t begin = run == 0 ? 0 : sorted.run_end[run - 1];
        bool has_positive = false;
        std::ranges::fill(run_hits, 0.0);
        for (std::size_t k = begin; k < sorted.run_end[run]; ++k) {
          const std::uint32_t row = sorted.order[k];
          const double* w = weights_of(weights, row);
          for (std::size_t d = 0; d < n; ++d) seen[d] += w[d];
          if (!(truth_[row] > 0.5)) continue;
          has_positive = true;
          for (std::size_t d = 0; d < n; ++d) run_hits[d] += w[d];
        }
        if (!has_positive) continue;
        for (std::size_t d = 0; d < n; ++d) {
          hits[d] += run_hits[d];
          if (run_hits[d] > 0.0) area[d] += run_hits[d] * (hits[d] / seen[d]);
        }
      }
      for (std::size_t d = 0; d < n; ++d) {
        if (hits[d] > 0.0 && seen[d] > hits[d]) out(p, d) = area[d] / hits[d];
      }
    }
    return out;
  }
};

class Spearman final : public RankMetric {
 public:
  explicit Spearman(const WeightedRows& rows) : RankMetric(rows), by_truth_(rows.truth) {}

  [[nodiscard]] Matrix<double> evaluate(const Matrix<double>& weights) const override {
    const std::size_t n = weights.cols;
    Matrix<double> truth_ranks(truth_.size(), n);
    std::vector<double> squares_truth(n, 0.0);
    walk(by_truth_, weights, [&](std::uint32_t row, const double* w, const double* rank) {
      double* kept = truth_ranks.row(row).data();
      for (std::size_t d = 0; d < n; ++d) {
        kept[d] = rank[d];
        squares_truth[d] += w[d] * rank[d] * rank[d];
      }
    });
    Matrix<double> out(sorted_.size(), n, kNaN);
    std::vector<double> squares(n);
    std::vector<double> product(n);
    for (std::size_t p = 0; p < sorted_.size(); ++p) {
      std::ranges::fill(squares, 0.0);
      std::ranges::fill(product, 0.0);
      walk(sorted_[p], weights, [&](std::uint32_t row, const double* w, const double* rank) {
        const double* truth = truth_ranks.row(row).data();
        for (std::size_t d = 0; d < n; ++d) {
          squares[d] += w[d] * rank[d] * rank[d];
          product[d] += w[d] * rank[d] * truth[d];
        }
      });
      for (std::size_t d = 0; d < n; ++d) {
        if (!(squares[d] > 0.0) || !(squares_truth[d] > 0.0)) continue;
        const double rho = product[d] / std::sqrt(squares[d]) / std::sqrt(squares_truth[d]);
        out(p, d) = std::clamp(rho, -1.0, 1.0);
      }
    }
    return out;
  }

 private:
  /// Calls take(row, weights, ranks): mid-ranks of the rows written out, minus their mean. They
  /// are whole or half numbers, so sums are exact and a constant has squares of 0.
  template <typename Take>
  void walk(const Sorted& sorted, const Matrix<double>& weights, Take take) const {
    const std::size_t n = weights.cols;
    std::vector<double> total(n, 0.0);
    for (const std::uint32_t row : sorted.order) {
      const double* w = weights_of(weights, row);
      for (std::size_t d = 0; d < n; ++d) total[d] += w[d];
    }
    std::vector<double> before(n, 0.0);
    std::vector<double> run(n);
    std::vector<double> rank(n);
    std::size_t i = 0;
    for (const std::uint32_t end : sorted.run_end) {
      std::ranges::fill(run, 0.0);
      for (std::size_t k = i; k < end; ++k) {
        const double* w = weights_of(weights, sorted.order[k]);
        for (std::size_t d = 0; d < n; ++d) run[d] += w[d];
      }
      for (std::size_t d = 0; d < n; ++d) {
        rank[d] = before[d] + 0.5 * run[d] - 0.5 * total[d];
        before[d] += run[d];
      }
      for (std::size_t k = i; k < end; ++k) {
        take(sorted.order[k], weights_of(weights, sorted.order[k]), rank.data());
      }
      i = end;
    }
  }

  Sorted by_truth_;
};

}  // namespace

std::unique_ptr<WeightedMetric> make_rank_metric(std::string_view metric,
                                                 const WeightedRows& rows) {
  if (metric == "auroc") return std::make_unique<Auroc>(rows);
  if (metric == "auprc") return std::make_unique<Auprc>(rows);
  if (metric == "spearman") return std::make_unique<Spearman>(rows);
  return nullptr;
}

}  // namespace cupel::detail

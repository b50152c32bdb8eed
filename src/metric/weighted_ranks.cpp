// Metrics of ranks: rows are sorted once, and each draw walks them in that order. The draws of a
// block lie side by side, so that the walk is a loop over short vectors; those loops are compiled
// for several instruction sets, and all their sums are of whole numbers, hence exact.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "metric/weighted_kinds.hpp"
#include "stat/ranks.hpp"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CUPEL_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CUPEL_CLONES
#endif

namespace cupel::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using Counts = Matrix<std::uint16_t>;

CUPEL_CLONES void add_counts(std::size_t n, const std::uint16_t* __restrict count,
                             std::uint32_t* __restrict sum) {
  for (std::size_t d = 0; d < n; ++d) sum[d] += count[d];
}

/// A positive row wins over all negatives below it.
CUPEL_CLONES void add_wins(std::size_t n, const std::uint16_t* __restrict count,
                           const std::uint32_t* __restrict below,
                           std::uint32_t* __restrict positives, double* __restrict wins) {
  for (std::size_t d = 0; d < n; ++d) {
    positives[d] += count[d];
    wins[d] += static_cast<double>(static_cast<std::int32_t>(count[d])) *
               static_cast<double>(static_cast<std::int32_t>(below[d]));
  }
}

/// Sums of products of (twice the centred) ranks.
CUPEL_CLONES void add_products(std::size_t n, const std::uint16_t* __restrict count,
                               const std::int32_t* __restrict rank,
                               const std::int32_t* __restrict other, double* __restrict squares,
                               double* __restrict products) {
  for (std::size_t d = 0; d < n; ++d) {
    const auto r = static_cast<double>(rank[d]);
    const double weighted = static_cast<double>(static_cast<std::int32_t>(count[d])) * r;
    squares[d] += weighted * r;
    products[d] += weighted * static_cast<double>(other[d]);
  }
}

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
  [[nodiscard]] const std::uint16_t* counts_of(const Counts& counts, std::uint32_t row) const {
    return counts.row(unit_[row]).data();
  }
  [[nodiscard]] bool is_positive(std::uint32_t row) const { return truth_[row] > 0.5; }

  std::vector<double> truth_;
  std::vector<std::uint32_t> unit_;
  std::vector<Sorted> sorted_;  ///< per predictor
};

class Auroc final : public RankMetric {
 public:
  using RankMetric::RankMetric;

  [[nodiscard]] Matrix<double> evaluate(const Counts& counts) const override {
    const std::size_t n = counts.cols;
    Matrix<double> out(sorted_.size(), n, kNaN);
    for (std::size_t p = 0; p < sorted_.size(); ++p) {
      Sums sums(n);
      std::size_t i = 0;
      for (const std::uint32_t end : sorted_[p].run_end) {
        const auto run = std::span(sorted_[p].order).subspan(i, end - i);
        if (run.size() > 1) {
          add_run(run, counts, sums);
        } else if (is_positive(run[0])) {
          add_wins(n, counts_of(counts, run[0]), sums.below.data(), sums.positives.data(),
                   sums.wins.data());
        } else {
          add_counts(n, counts_of(counts, run[0]), sums.below.data());
        }
        i = end;
      }
      for (std::size_t d = 0; d < n; ++d) {
        const double pairs = static_cast<double>(sums.positives[d]) * sums.below[d];
        if (pairs > 0.0) out(p, d) = sums.wins[d] / pairs;
      }
    }
    return out;
  }

 private:
  struct Sums {
    std::vector<std::uint32_t> below;  ///< negatives so far
    std::vector<std::uint32_t> positives;
    std::vector<double> wins;
    explicit Sums(std::size_t n) : below(n, 0), positives(n, 0), wins(n, 0.0) {}
  };

  /// Ties count half.
  void add_run(std::span<const std::uint32_t> run, const Counts& counts, Sums& sums) const {
    const std::size_t n = counts.cols;
    std::vector<std::uint32_t> positives(n, 0);
    std::vector<std::uint32_t> negatives(n, 0);
    for (const std::uint32_t row : run) {
      add_counts(n, counts_of(counts, row), (is_positive(row) ? positives : negatives).data());
    }
    for (std::size_t d = 0; d < n; ++d) {
      sums.wins[d] += static_cast<double>(positives[d]) * (sums.below[d] + 0.5 * negatives[d]);
      sums.positives[d] += positives[d];
      sums.below[d] += negatives[d];
    }
  }
};

/// Average precision: from the highest score down, at the end of every run of equal scores the
/// precision so far counts for the positives of the run.
class Auprc final : public RankMetric {
 public:
  using RankMetric::RankMetric;

  [[nodiscard]] Matrix<double> evaluate(const Counts& counts) const override {
    const std::size_t n = counts.cols;
    Matrix<double> out(sorted_.size(), n, kNaN);
    std::vector<std::uint32_t> run_hits(n);
    for (std::size_t p = 0; p < sorted_.size(); ++p) {
      const Sorted& sorted = sorted_[p];
      std::vector<std::uint32_t> seen(n, 0);
      std::vector<std::uint32_t> hits(n, 0);
      std::vector<double> area(n, 0.0);
      for (std::size_t run = sorted.run_end.size(); run-- > 0;) {
        const std::size_t begin = run == 0 ? 0 : sorted.run_end[run - 1];
        bool has_positive = false;
        std::ranges::fill(run_hits, 0U);
        for (std::size_t k = begin; k < sorted.run_end[run]; ++k) {
          const std::uint32_t row = sorted.order[k];
          add_counts(n, counts_of(counts, row), seen.data());
          if (!is_positive(row)) continue;
          has_positive = true;
          add_counts(n, counts_of(counts, row), run_hits.data());
        }
        if (!has_positive) continue;
        for (std::size_t d = 0; d < n; ++d) {
          hits[d] += run_hits[d];
          if (run_hits[d] > 0) {
            area[d] += run_hits[d] * (static_cast<double>(hits[d]) / static_cast<double>(seen[d]));
          }
        }
      }
      for (std::size_t d = 0; d < n; ++d) {
        if (hits[d] > 0 && seen[d] > hits[d]) out(p, d) = area[d] / hits[d];
      }
    }
    return out;
  }
};

class Spearman final : public RankMetric {
 public:
  explicit Spearman(const WeightedRows& rows) : RankMetric(rows), by_truth_(rows.truth) {}

  [[nodiscard]] Matrix<double> evaluate(const Counts& counts) const override {
    const std::size_t n = counts.cols;
    Matrix<std::int32_t> truth_ranks(truth_.size(), n);
    std::vector<double> squares_truth(n, 0.0);
    std::vector<double> unused(n, 0.0);
    const std::vector<std::int32_t> total = totals(counts);
    walk(by_truth_, counts, total, [&](std::uint32_t row, const std::int32_t* rank) {
      std::copy_n(rank, n, truth_ranks.row(row).data());
      add_products(n, counts_of(counts, row), rank, rank, squares_truth.data(), unused.data());
    });
    Matrix<double> out(sorted_.size(), n, kNaN);
    for (std::size_t p = 0; p < sorted_.size(); ++p) {
      std::vector<double> squares(n, 0.0);
      std::vector<double> products(n, 0.0);
      walk(sorted_[p], counts, total, [&](std::uint32_t row, const std::int32_t* rank) {
        add_products(n, counts_of(counts, row), rank, truth_ranks.row(row).data(), squares.data(),
                     products.data());
      });
      for (std::size_t d = 0; d < n; ++d) {
        if (!(squares[d] > 0.0) || !(squares_truth[d] > 0.0)) continue;
        const double rho = products[d] / std::sqrt(squares[d]) / std::sqrt(squares_truth[d]);
        out(p, d) = std::clamp(rho, -1.0, 1.0);
      }
    }
    return out;
  }

 private:
  [[nodiscard]] std::vector<std::int32_t> totals(const Counts& counts) const {
    std::vector<std::uint32_t> sum(counts.cols, 0);
    for (std::uint32_t row = 0; row < truth_.size(); ++row) {
      add_counts(counts.cols, counts_of(counts, row), sum.data());
    }
    return {sum.begin(), sum.end()};
  }

  /// Calls take(row, ranks): twice the mid-rank of the rows written out minus its mean, a whole
  /// number: 2 x before + run - total.
  template <typename Take>
  void walk(const Sorted& sorted, const Counts& counts, const std::vector<std::int32_t>& total,
            Take take) const {
    const std::size_t n = counts.cols;
    std::vector<std::uint32_t> before(n, 0);
    std::vector<std::uint32_t> run(n);
    std::vector<std::int32_t> rank(n);
    std::size_t i = 0;
    for (const std::uint32_t end : sorted.run_end) {
      std::ranges::fill(run, 0U);
      for (std::size_t k = i; k < end; ++k) {
        add_counts(n, counts_of(counts, sorted.order[k]), run.data());
      }
      for (std::size_t d = 0; d < n; ++d) {
        rank[d] = static_cast<std::int32_t>(2 * before[d] + run[d]) - total[d];
        before[d] += run[d];
      }
      for (std::size_t k = i; k < end; ++k) take(sorted.order[k], rank.data());
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

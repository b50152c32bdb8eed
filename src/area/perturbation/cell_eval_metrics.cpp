#include "area/perturbation/cell_eval_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/error.hpp"
#include "metric/kernels.hpp"
#include "stat/ranks.hpp"

namespace cupel::perturbation::cell_eval {
namespace {

constexpr double kUndefinedValue = std::numeric_limits<double>::quiet_NaN();

bool is_significant(const DeTable& table, std::size_t p, std::size_t gene) {
  return table.fdr(p, gene) < kThreshold;
}

/// Significant genes by descending |log2 fold change|, ties in the order of the genes.
std::vector<std::uint32_t> ranked(const DeTable& table, std::size_t p) {
  std::vector<std::uint32_t> genes;
  for (std::uint32_t j = 0; j < table.fdr.cols; ++j) {
    if (is_significant(table, p, j)) genes.push_back(j);
  }
  std::ranges::stable_sort(genes, [&](std::uint32_t a, std::uint32_t b) {
    return std::abs(table.log2_fold_change(p, a)) > std::abs(table.log2_fold_change(p, b));
  });
  return genes;
}

bool has_any(const DeTable& table) {
  return std::ranges::any_of(table.fdr.values, [](float q) { return q < kThreshold; });
}

int sign_of(float value) { return (value > 0.0F) - (value < 0.0F); }

/// Labels and -log10 of the clipped FDR; empty where there is one class only.
struct Labelled {
  std::vector<double> labels;
  std::vector<double> scores;
  [[nodiscard]] bool has_classes() const {
    const double sum = std::accumulate(labels.begin(), labels.end(), 0.0);
    return sum > 0.0 && sum < static_cast<double>(labels.size());
  }
};

Labelled labelled(const DeTable& truth, const DeTable& predicted, std::size_t p) {
  Labelled out;
  for (std::size_t j = 0; j < truth.fdr.cols; ++j) {
    out.labels.push_back(is_significant(truth, p, j) ? 1.0 : 0.0);
    const float q = std::clamp(predicted.fdr(p, j), 1e-10F, 1.0F);
    // As polars takes it: which FDRs of single precision become equal depends on it.
    out.scores.push_back(static_cast<double>(-(std::log(q) / std::log(10.0F))));
  }
  return out;
}

template <typename Score>
PerPerturbation auc(const DeTable& truth, const DeTable& predicted, Score score) {
  PerPerturbation out;
  for (std::size_t p = 0; p < truth.fdr.rows; ++p) {
    const Labelled rows = labelled(truth, predicted, p);
    out.values.push_back(rows.has_classes() ? score(rows.labels, rows.scores) : kUndefinedValue);
  }
  return out;
}

/// `value(p, significant genes of the truth)` where there are any, else absent.
template <typename Value>
PerPerturbation over_significant(const DeTable& truth, Value value) {
  PerPerturbation out;
  for (std::size_t p = 0; p < truth.fdr.rows; ++p) {
    std::vector<std::uint32_t> genes;
    for (std::uint32_t j = 0; j < truth.fdr.cols; ++j) {
      if (is_significant(truth, p, j)) genes.push_back(j);
    }
    out.absent.push_back(genes.empty() ? 1 : 0);
    out.values.push_back(genes.empty() ? kUndefinedValue : value(p, genes));
  }
  return out;
}

}  // namespace

DeTable de_table(const DifferentialResult& result, std::span<const std::string> perturbations) {
  const std::size_t n_genes = result.genes.size();
  DeTable table{.log2_fold_change = Matrix<float>(perturbations.size(), n_genes),
                .fdr = Matrix<float>(perturbations.size(), n_genes)};
  for (std::size_t p = 0; p < perturbations.size(); ++p) {
    const auto found = std::ranges::find(result.groups, perturbations[p]);
    if (found == result.groups.end()) {
      fail(ErrorKind::internal, "no differential expression of " + perturbations[p]);
    }
    const auto g = static_cast<std::size_t>(found - result.groups.begin());
    std::vector<double> p_values(n_genes);
    for (std::size_t j = 0; j < n_genes; ++j) {
      const double value = result.p_value(g, j);
      p_values[j] = std::isnan(value) ? 1.0 : value;
      const double change = result.log2_fold_change(g, j);
      table.log2_fold_change(p, j) = std::isnan(change) ? 0.0F : static_cast<float>(change);
    }
    const auto adjusted = adjust(p_values, Adjustment::benjamini_hochberg);
    for (std::size_t j = 0; j < n_genes; ++j) table.fdr(p, j) = static_cast<float>(adjusted[j]);
  }
  return table;
}

PerPerturbation overlap(const DeTable& truth, const DeTable& predicted, OverlapOf kind,
                        std::size_t k) {
  PerPerturbation out;
  const bool can = has_any(truth) && has_any(predicted);
  for (std::size_t p = 0; p < truth.fdr.rows; ++p) {
    const auto of_truth = ranked(truth, p);
    const auto of_predicted = ranked(predicted, p);
    const std::size_t most = kind == OverlapOf::overlap ? of_truth.size() : of_predicted.size();
    const std::size_t depth = k == 0 ? most : std::min(k, most);
    if (!can || depth == 0) {
      out.values.push_back(0.0);
      continue;
    }
    std::vector<std::uint8_t> in_truth(truth.fdr.cols, 0);
    for (std::size_t i = 0; i < std::min(depth, of_truth.size()); ++i) in_truth[of_truth[i]] = 1;
    std::size_t n_common = 0;
    for (std::size_t i = 0; i < std::min(depth, of_predicted.size()); ++i) {
      n_common += in_truth[of_predicted[i]];
    }
    out.values.push_back(static_cast<double>(n_common) / static_cast<double>(depth));
  }
  return out;
}

double spearman_of_counts(const DeTable& truth, const DeTable& predicted) {
  const auto of_truth = significant_counts(truth);
  const auto of_predicted = significant_counts(predicted);
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t p = 0; p < of_truth.size(); ++p) {
    if (of_truth[p] == 0.0) continue;
    a.push_back(of_truth[p]);
    b.push_back(of_predicted[p]);
  }
  return a.empty() ? 1.0 : spearman_with_infinities(a, b);
}

PerPerturbation direction_match(const DeTable& truth, const DeTable& predicted) {
  return over_significant(truth, [&](std::size_t p, const std::vector<std::uint32_t>& genes) {
    const auto same = std::ranges::count_if(genes, [&](std::uint32_t j) {
      return sign_of(truth.log2_fold_change(p, j)) == sign_of(predicted.log2_fold_change(p, j));
    });
    return static_cast<double>(same) / static_cast<double>(genes.size());
  });
}

PerPerturbation spearman_of_changes(const DeTable& truth, const DeTable& predicted) {
  return over_significant(truth, [&](std::size_t p, const std::vector<std::uint32_t>& genes) {
    std::vector<double> a;
    std::vector<double> b;
    for (const auto j : genes) {
      a.push_back(static_cast<double>(truth.log2_fold_change(p, j)));
      b.push_back(static_cast<double>(predicted.log2_fold_change(p, j)));
    }
    return spearman_with_infinities(a, b);
  });
}

PerPerturbation recall(const DeTable& truth, const DeTable& predicted) {
  return over_significant(truth, [&](std::size_t p, const std::vector<std::uint32_t>& genes) {
    const auto found = std::ranges::count_if(
        genes, [&](std::uint32_t j) { return is_significant(predicted, p, j); });
    return static_cast<double>(found) / static_cast<double>(genes.size());
  });
}

std::vector<double> significant_counts(const DeTable& table) {
  std::vector<double> counts;
  for (std::size_t p = 0; p < table.fdr.rows; ++p) {
    counts.push_back(static_cast<double>(
        std::ranges::count_if(table.fdr.row(p), [](float q) { return q < kThreshold; })));
  }
  return counts;
}

PerPerturbation pr_auc(const DeTable& truth, const DeTable& predicted) {
  return auc(truth, predicted, [](const auto& labels, const auto& scores) {
    return detail::average_precision(labels, scores);
  });
}

PerPerturbation roc_auc(const DeTable& truth, const DeTable& predicted) {
  return auc(truth, predicted,
             [](const auto& labels, const auto& scores) { return detail::auroc(labels, scores); });
}

double spearman_with_infinities(std::span<const double> a, std::span<const double> b) {
  if (a.size() < 2) return kUndefinedValue;
  return detail::pearson(mid_ranks(a), mid_ranks(b));
}

}  // namespace cupel::perturbation::cell_eval

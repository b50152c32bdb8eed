#pragma once
/// The metrics of cell-eval 0.8 on tables of differential expression, by its rules: significance
/// and fold changes in single precision, genes of equal |log2 fold change| in the order of the
/// file, infinite fold changes first. Undefined values stay NaN; perturbations that a metric leaves
/// out are marked absent.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "area/perturbation/differential.hpp"
#include "cupel/matrix.hpp"

namespace cupel::perturbation::cell_eval {

/// One side: perturbations x genes.
struct DeTable {
  Matrix<float> log2_fold_change;  ///< 0 where both means are 0
  Matrix<float> fdr;               ///< Benjamini-Hochberg over all genes; p = 1 where undefined
};

/// Rows in the order of `perturbations`. Throws Error{internal} if one is missing.
DeTable de_table(const DifferentialResult& result, std::span<const std::string> perturbations);

inline constexpr float kThreshold = 0.05F;

struct PerPerturbation {
  std::vector<double> values;
  std::vector<std::uint8_t> absent;
};

enum class OverlapOf : std::uint8_t { overlap, precision };
/// Genes in common among the first k by |log2 fold change|, over k; k is cut to the number of
/// significant genes of the truth (overlap) or of the prediction (precision); 0 = that number.
PerPerturbation overlap(const DeTable& truth, const DeTable& predicted, OverlapOf kind,
                        std::size_t k);
/// Spearman, over perturbations with a significant gene, of how many there are. 1 without any.
double spearman_of_counts(const DeTable& truth, const DeTable& predicted);
PerPerturbation direction_match(const DeTable& truth, const DeTable& predicted);
PerPerturbation spearman_of_changes(const DeTable& truth, const DeTable& predicted);
PerPerturbation recall(const DeTable& truth, const DeTable& predicted);
std::vector<double> significant_counts(const DeTable& table);
PerPerturbation pr_auc(const DeTable& truth, const DeTable& predicted);
PerPerturbation roc_auc(const DeTable& truth, const DeTable& predicted);

/// Pearson correlation of mid-ranks, infinities ranked as values; NaN for fewer than two values or
/// a constant.
double spearman_with_infinities(std::span<const double> a, std::span<const double> b);

}  // namespace cupel::perturbation::cell_eval

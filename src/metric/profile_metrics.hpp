#pragma once
/// One predicted profile against one true profile: values of the same genes in the same order.
///
/// A *change* is a profile minus a reference (the control, the mean of perturbed profiles, ...);
/// metrics of changes are the functions below on what `change` gives. Undefined values (no genes,
/// a correlation with a constant, a cosine with the zero vector) are NaN, never 0. All O(n) but
/// ranks and top-k, which sort.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cupel {

using Profile = std::span<const double>;

/// profile - reference, gene by gene.
std::vector<double> change(Profile profile, Profile reference);
/// Values of some genes.
std::vector<double> select(Profile profile, std::span<const std::uint32_t> genes);

namespace profile {

/// sqrt(sum (x^ - x)^2): the L2 of Ahlmann-Eltze et al. 2025, doi:10.1038/s41592-025-02772-6.
double l2(Profile truth, Profile predicted);
double mse(Profile truth, Profile predicted);
double rmse(Profile truth, Profile predicted);
double mae(Profile truth, Profile predicted);
/// Mean squared error less what noise of the two means adds to it: (sum (x^ - x)^2 - noise_truth -
/// noise_predicted) / n, with noise = sum over genes of the variance of the mean (0 for a profile
/// without noise). Unbiased for the error against the noise-free profile; may be negative.
double unbiased_mse(Profile truth, Profile predicted, double noise_truth, double noise_predicted);

/// Pearson correlation; NaN where one side is constant.
double pearson(Profile a, Profile b);
/// Spearman correlation with mid-ranks.
double spearman(Profile a, Profile b);
/// a'b / (|a| |b|); NaN where one is the zero vector.
double cosine(Profile a, Profile b);
/// 1 - sum (x^ - x)^2 / sum (x - mean x)^2 (scikit-learn's r2_score); NaN where truth is constant.
double r2(Profile truth, Profile predicted);

/// sum w (x^ - x)^2 / sum w: WMSE of Mejia et al. 2025 (arXiv:2506.22641). NaN where the weights
/// add up to 0. Weights must not be negative.
double weighted_mse(Profile truth, Profile predicted, Profile weights);
/// 1 - sum w (d - d^)^2 / sum w (d - d_w)^2 with d_w = sum w d / sum w, on changes: R2w(delta) of
/// Miller et al. 2025 and of Mejia et al. NaN where the denominator is 0.
double weighted_r2(Profile truth, Profile predicted, Profile weights);
/// Weights of Mejia and Miller: absolute scores (NaN = 0) scaled to [0, 1] over genes, squared; all
/// equal: 1 where not 0, else 0.
std::vector<double> score_weights(Profile scores);

/// Genes by descending |value|, equal ones by number; the first k of them.
std::vector<std::uint32_t> top_genes(Profile change, std::size_t k);
/// #(A and B) / #(A or B) of the top k genes of both by |change| (Systema, doi:10.1038/
/// s41587-025-02777-8). NaN where k or n is 0.
double top_jaccard(Profile truth, Profile predicted, std::size_t k);
/// #(A and B) / k.
double top_overlap(Profile truth, Profile predicted, std::size_t k);
/// Share of genes whose changes have the same sign (0 is a sign of its own). NaN without genes.
double direction_match(Profile truth, Profile predicted);

}  // namespace profile
}  // namespace cupel

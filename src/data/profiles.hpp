#pragma once
/// What is known of a perturbation data set beside the mean profile of every sample (the targets):
/// the controls of every context, how many cells, how noisy, and halves of the cells.
///
/// A sample is a (perturbation, context); `Dataset::targets` holds its pseudobulk (n_samples x
/// n_genes). Contexts and perturbations are the data set's entities "context" and "perturbation",
/// and rows of per-context matrices are in the order of the entity's ids. Control cells are no
/// sample: every predictor may use the controls of any context, as every user of such a model has
/// unperturbed cells of the context.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"

namespace cupel {

/// Disjoint halves of the cells of every sample, each with its own half of the control cells.
struct ProfileHalves {
  std::array<Matrix<double>, 2> profiles;  ///< n_samples x n_genes; NaN rows: fewer than 2 cells
  std::array<Matrix<double>, 2> controls;  ///< n_contexts x n_genes
};

/// The cells of one biological replicate.
struct ProfileReplicate {
  std::string name;
  Matrix<double> profiles;  ///< n_samples x n_genes; NaN rows: fewer than 10 cells, or controls
  Matrix<double> controls;  ///< n_contexts x n_genes
  std::vector<std::uint64_t> n_cells;          ///< per sample
  std::vector<std::uint64_t> n_control_cells;  ///< per context
};

struct ProfileData {
  std::vector<std::string> genes;  ///< names of the outputs
  std::string control;             ///< label of the unperturbed cells
  std::string pseudobulk;          ///< how a profile is made: "mean of log1p(counts / sum * 10000)"
  Matrix<double> controls;         ///< n_contexts x n_genes
  std::vector<std::uint64_t> n_cells;          ///< per sample
  std::vector<std::uint64_t> n_control_cells;  ///< per context
  /// Variance of one cell around the mean (n - 1); NaN where there is one cell only. The variance
  /// of a profile is this divided by its cells, whatever the pseudobulk: for log_of_mean by the
  /// delta method, for group_sum it is n times the delete-one jackknife.
  Matrix<double> variance;            ///< n_samples x n_genes
  Matrix<double> control_variance;    ///< n_contexts x n_genes
  std::vector<ProfileHalves> halves;  ///< one per seed; empty where halves were not asked for
  /// Where a column of replicates is named, and there are at least two.
  std::vector<ProfileReplicate> replicates;
  /// Genes among the outputs that a sample's perturbation targets, ascending.
  std::vector<std::vector<std::uint32_t>> target_genes;
  /// Per perturbation (ids of the entity): the single perturbations that it is made of, as names,
  /// sorted; one for a single.
  std::vector<std::vector<std::string>> members;
  /// Welch t of each sample's cells against its control's cells (n_samples x n_genes), 0 where
  /// undefined: which genes respond.
  Matrix<double> t_statistic;
  /// Views of the genes (embeddings): a row per output; for linear models of genes.
  std::vector<FeatureBlock> gene_features;
};

}  // namespace cupel

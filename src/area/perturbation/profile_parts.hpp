#pragma once
/// Steps from groups of cells to ProfileData. Not for use outside loading.
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "area/perturbation/pseudobulk.hpp"
#include "area/tables.hpp"
#include "cupel/dataset.hpp"
#include "cupel/study.hpp"
#include "data/profiles.hpp"

namespace cupel::perturbation {

struct ProfileSource {
  const CellMatrix& matrix;
  CellGroups groups;           ///< controls of the contexts first, then the samples
  std::size_t n_controls = 0;  ///< = contexts
  PseudobulkKind kind = PseudobulkKind::mean;
  double bulk_target = 5e4;
};
/// Columns of the outputs, from the control profiles over all genes.
using ChooseGenes = std::function<std::vector<std::uint32_t>(const Matrix<double>& controls)>;

/// The targets (n_samples x n_outputs); fills genes, controls, n_cells, variance and halves
/// of `profiles`. Throws Error{input} for values that are not finite.
Matrix<double> make_profiles(const ProfileSource& source, const PseudobulkOptions& options,
                             const std::vector<std::string>& genes, const ChooseGenes& choose,
                             ProfileData& profiles, const Context& context);

/// Welch's t of every sample and output against the controls of the context.
void add_t_statistic(const Dataset& data, ProfileData& profiles);

/// Outputs that are named like a member of the sample's perturbation.
void add_target_genes(const Entity& perturbation, ProfileData& profiles);

/// Feature tables of the spec, joined to perturbations (and genes).
void join_features(Dataset& data, ProfileData& profiles, const DataSpec& spec,
                   detail::TableReader& reader);

}  // namespace cupel::perturbation

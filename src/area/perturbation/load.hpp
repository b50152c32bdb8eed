#pragma once
/// A file of cells to a Dataset of profiles.
///
/// A sample is a (perturbation, context) with its pseudobulk over the genes as target. Source rows
/// are the (perturbation, context) groups that have cells, in the order of perturbation, then
/// context: the rows of `LoadedData::samples` (perturbation, context, kind, n_cells,
/// n_control_cells). Groups that became no sample are `left_out` as too_few_cells or
/// context_without_control; cells without a usable label belong to no group and are counted in
/// the diagnostics.
///
/// Entities: "perturbation" with the labels kind (single, combination), order (number of members),
/// members ("A+B"), written (the labels of the file, joined by " | ") and guides (where a column of
/// guides is named), and "context" (one, "all", where no column is named).
/// Feature tables of the entity "perturbation" are joined by canonical id; of "gene" by the names
/// of the members (their mean is the perturbation's), and by the names of the outputs
/// (ProfileData::gene_features).
#include <span>
#include <string>

#include "area/area.hpp"
#include "io/cells.hpp"

namespace cupel::perturbation {

std::span<const ColumnRole> column_roles() noexcept;

/// Throws Error{input} where the control or the scale is not stated, the control has no cells, the
/// values contradict the scale or are not finite, or nothing is left.
LoadedData load_profiles(const DataSpec& spec, const std::string& base_folder,
                         const CatalogueOptions& catalogue, const Context& context);

/// The same from an open file; `spec.file` is not read. Tables are read relative to `base_folder`.
LoadedData load_profiles(const CellFile& cells, const DataSpec& spec,
                         const std::string& base_folder, const CatalogueOptions& catalogue,
                         const Context& context);

}  // namespace cupel::perturbation

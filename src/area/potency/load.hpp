#pragma once
/// A table of molecules and potencies (one file, or one per assay) to a Dataset.
///
/// Entities: `ligand` (id = column id, else RDKit's canonical SMILES after standardising, so that
/// two ways to write one molecule are one ligand), with the labels smiles (as first written),
/// canonical, parent, scaffold, generic_scaffold, and the blocks fingerprint, maccs (packed),
/// physchem, size; and `assay`, if the samples are of several. Sample label `cliff` and pairs
/// "cliff" where the study asks for them. Target: p units, so that larger is more potent; values in
/// nM, uM or M are converted when the unit says so, any other unit is taken as it is.
///
/// Roles of columns: smiles, target; optional assay, id, time, relation ("<", ">": the value is a
/// limit, counted and kept), value_nM (the measured value, for cliff rules that compare linear
/// values; else it is computed from the target). Without smiles, an id and feature tables will do.
#include "area/area.hpp"

namespace cupel::potency {

std::span<const ColumnRole> column_roles() noexcept;

/// Rows without a readable molecule or a finite value are left out with their reason
/// (smiles_missing, smiles_unreadable, id_missing, assay_missing, target_missing,
/// target_not_a_number, target_not_finite, target_not_positive). Several rows of one ligand in one
/// assay are replicates; rows of one parent with conflicting values (more than 1 log unit) are
/// diagnostics. Throws Error{input} for a missing column, with the columns there are.
LoadedData load_potency(const DataSpec& spec, const std::string& base_folder,
                        const CatalogueOptions& catalogue, const Context& context);

}  // namespace cupel::potency

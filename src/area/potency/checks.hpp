#pragma once
/// What can be wrong with potencies and with splits of molecules, without looking at any model.
#include <span>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "area/potency/samples.hpp"

namespace cupel::potency {

/// Throws Error{input} for no usable row or a constant target.
void check_shape(const Dataset& data, const std::string& file);

/// Counts in the diagnostics:
/// | code | what |
/// |---|---|
/// | replicated_ligand | rows of one ligand in one assay, beyond the first |
/// | copied_row | those with exactly the same value |
/// | conflicting_replicate | those that differ by more than 1 from the first |
/// | conflicting_parent | ligands of one parent (salts, stereoisomers) that differ by more than 1 |
/// | stereo_siblings | ligands that share their parent with another |
/// | parent_spread | groups of such forms; their pooled deviation, from 10 degrees of freedom |
/// | unit_looks_wrong | p values stated and concentrations seen, or the other way round |
/// | unit_mixed | most values look like p values and some like nM |
void check_values(Dataset& data, const std::string& stated_unit, const SampleTable& samples);

/// Notes on the folds of one split: the same ligand, the same parent on both sides; near copies
/// (Tanimoto >= 0.9) of test molecules in training; rows left out, or roles dealt, by the cliff
/// label, which is made of measured values; limits taken as values; small test sets.
std::vector<ProtocolNote> check_protocol(const Dataset& data, std::span<const Split> folds);

}  // namespace cupel::potency

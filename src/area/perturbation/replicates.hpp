#pragma once
/// Profiles of the cells of every biological replicate on its own.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "area/perturbation/profile_parts.hpp"
#include "cupel/diagnostics.hpp"
#include "data/profiles.hpp"
#include "io/cells.hpp"

namespace cupel::perturbation {

/// Fills `profiles.replicates` for the outputs `profiles.genes`, in a pass of its own over the
/// cells. `genes` are those of the matrix. Skipped, with a diagnostic, where there are fewer than
/// two replicates or their sums would take more than 1 GiB.
void add_replicates(const ProfileSource& source, const Categories& replicate,
                    const CellTransform& transform, const std::vector<std::string>& genes,
                    ProfileData& profiles, Diagnostics& diagnostics, const Context& context);

}  // namespace cupel::perturbation

#pragma once
/// Energy distance of every group of cells to the control as cell-eval takes it: Euclidean, not
/// squared, with the distance of a cell to itself among the pairs (V-statistic).
#include <cstdint>
#include <span>
#include <vector>

#include "area/perturbation/cell_view.hpp"
#include "cupel/context.hpp"

namespace cupel::perturbation {

/// 2 E|x - c| - E|x - x'| - E|c - c'| per label (0 for the control). O(pairs x genes) by matrix
/// products in double; memory: the cells once more, and the controls dense.
std::vector<double> energy_distances(const CellView& view, std::size_t n_labels,
                                     std::span<const std::uint32_t> code, std::size_t control,
                                     const Context& context);

}  // namespace cupel::perturbation

#pragma once
/// Which genes are outputs: "all", "top_control:N" or "file:PATH".
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/diagnostics.hpp"
#include "cupel/matrix.hpp"
#include "data/catalogue.hpp"

namespace cupel::perturbation {

/// Columns, ascending. top_control: the N genes of the highest mean over the contexts' control
/// profiles (`controls`: n_contexts x n_genes), the first ones on ties (Ahlmann-Eltze et al. 2025).
/// file: a name per line (the first cell of a CSV); names that the data lack are counted. Throws
/// Error{usage} for another word, Error{input} where no gene is left.
std::vector<std::uint32_t> choose_genes(const std::string& wanted,
                                        const std::vector<std::string>& genes,
                                        const Matrix<double>& controls,
                                        const std::string& base_folder,
                                        const CatalogueOptions& catalogue, const Context& context,
                                        Diagnostics& diagnostics);

}  // namespace cupel::perturbation

#pragma once
/// A model whose predictions are a file of cells or profiles: .h5ad, or CSV with a column per gene.
///
/// Cells with the same perturbation and context are one prediction: the profile of them all, as the
/// data's own profiles are made, so that a predicted profile is a file of one cell each. Labels are
/// read by the rules of the data ("B+A" is "A+B"); control cells of the file are not used. Genes
/// are found by name. What does not fit is counted and said, never guessed: a gene that the file
/// lacks is taken to stay at the control's level.
///
/// `ModelSpec::columns`: perturbation, context (default: as in the data), split, fold (values as in
/// the report; without them a row is the prediction for every fold that tests it).
/// `ModelSpec::options`: values = expression (default) or change (from the control of the context);
/// matrix, normalize, log1p, pseudobulk, bulk_target: how the file's values become those of the
/// profiles (default: they are on that scale, and averaged); separator, guide_map, control: as in
/// the data.
#include <memory>
#include <string>
#include <vector>

#include "area/area.hpp"

namespace cupel::perturbation {

/// Throws Error{input} for a missing column, a file without a known perturbation or gene, or an
/// unknown option.
std::unique_ptr<Predictor> make_file_model(const ModelSpec& spec, const LoadedData& loaded,
                                           const std::string& base_folder,
                                           const CatalogueOptions& catalogue,
                                           const Information& sees, std::vector<InputFile>& inputs,
                                           const Context& context);

}  // namespace cupel::perturbation

#pragma once
/// Drug-response files to a Dataset with the entities "drug" and "cell".
///
/// Rules, all counted in Dataset::diagnostics and Dataset::left_out:
/// * A row without a drug, a cell line or a finite target is left out, with its reason; so
///   n_source_rows = n_samples + rows left out, always.
/// * Ids are text as they stand, without outer blanks; in joins an integral id with a trailing ".0"
///   (as pandas writes integers beside missing values) is the integer.
/// * An entity joins its tables by its own id, or by the column `via` of the responses, which must
///   then give one join id per entity (else the first is used).
/// * Ids that do not join are listed; their rows are kept (features marked absent) or left out.
/// * Of repeated ids in a table the first line counts.
/// * Feature columns that are not numeric are left out. A missing cell of a joined line becomes the
///   column's median over the joined entities: no target is looked at.
/// * Fingerprints: ECFP4, 2048 bits, from the label `smiles`, as the drug's block "fingerprint".
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/study.hpp"
#include "cupel/table.hpp"
#include "data/catalogue.hpp"

namespace cupel {

struct DrugResponse {
  Dataset data;
  std::vector<InputFile> inputs;
  Table responses;  ///< as read: fold and role columns are looked up here by Dataset::source_row
};

/// Throws Error{io} if a file cannot be found or read, Error{input} if a column is missing, no row
/// is usable, the target is constant, or not one id joins with a table.
DrugResponse load_drug_response(const DataSpec& spec, const std::string& base_folder,
                                const CatalogueOptions& catalogue, const Context& context);

}  // namespace cupel

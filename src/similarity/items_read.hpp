#pragma once
/// Items from files. What is read depends on the form that the kind of similarity needs:
///
/// | form | files |
/// |---|---|
/// | smiles | .smi (`SMILES name`), CSV/TSV with a column smiles |
/// | sequence | FASTA, CSV/TSV with a column sequence |
/// | mutations | CSV/TSV with a column mutations (mutant, variant, ...); WT or an empty set is text
/// | | bits | .fps, .npy (0/1, or uint8 packed 8 bits a byte), CSV with 0/1 columns or one column
/// fingerprint of hexadecimal digits or of 0s and 1s |
/// | vector | .npy, CSV with numeric columns |
/// | matrix | square matrix (.npy, CSV), or pairs `i,j,value` (0-based) in a CSV/TSV of three
/// columns |
///
/// Everything but .npy may be gzip or zstd by its first bytes (.npy too). Columns are found by
/// their usual names only (any case); where that is not unambiguous the error says which option
/// names them. Rows that are no item (bad SMILES, empty cell, value not finite) are left out,
/// counted with reason and example, never replaced.
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/items.hpp"
#include "similarity/kinds.hpp"

namespace cupel {

struct ItemsOptions {
  std::string id_column;      ///< "" = id, name, accession, ...; else the row number
  std::string text_column;    ///< SMILES, sequence, mutations, or fingerprint as text
  std::string target_column;  ///< "" = target, label, y, ... if there is exactly one
  std::vector<std::string> feature_columns;  ///< vectors and 0/1 columns; empty = all numeric ones
  char delimiter = 0;                        ///< 0 = found
  bool read_targets = true;
};

/// Throws Error{io} if the file cannot be read, Error{input} with the option to give where a column
/// is not found or not unambiguous, and where no item is left.
Items read_items(const std::filesystem::path& path, ItemForm form, const ItemsOptions& options,
                 const Context& context);

/// The items of the given indices, in that order, with their source rows; without the account of
/// rows left out. Not for the form `matrix`, whose values are between all items of the file.
Items select_items(const Items& items, std::span<const std::uint32_t> wanted);

}  // namespace cupel

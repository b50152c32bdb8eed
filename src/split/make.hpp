#pragma once
/// Splits of a data set about drugs and cell lines (definitions: docs of each scheme below).
///
/// | scheme | unit | test fold f | training |
/// |---|---|---|---|
/// | mixed | (drug, cell line) pair | the pairs dealt to f, with all their replicates | the rest |
/// | cancer_blind | cell line | the lines dealt to f | the rest |
/// | drug_blind | drug, or compound when ids are merged | the drugs dealt to f | the rest |
/// | both_blind | both | lines of f x drugs of f | other lines x other drugs; off-diagonal rows are
/// left out | | tissue_blind | tissue of the line | the tissues dealt to f; folds = 0: one fold per
/// tissue | the rest; lines of unknown tissue are left out | | file, or any name with fold_column,
/// role_column or file | as given | as given | as given |
///
/// Scheme overlap gives a series instead of folds: split/make_overlap.hpp.
///
/// Units are dealt in random order to the fold with the fewest rows (see units.hpp). The validation
/// set is drawn by the same unit from the rows that are not test rows.
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"
#include "cupel/table.hpp"

namespace cupel {

/// What some splits need beside the data set.
struct SplitSources {
  const Table* responses = nullptr;  ///< the table of the samples, for fold_column and role_column
  std::string base_folder;           ///< of the study, for SplitSpec::file
  /// A number per drug id, equal for ids of one compound; empty = not known. Used when
  /// SplitSpec::merge_compounds is set.
  std::vector<std::uint32_t> compound_of_drug;
};

/// All folds of all repeats, those of `only_folds` if given; ordered by repeat, then fold.
/// The seed is the spec's, else the context's. Throws Error{input} with a fix for: an unknown
/// scheme, fewer units than folds, an unknown or unreadable column, an empty test or training set.
std::vector<Split> make_splits(const Dataset& data, const SplitSpec& spec,
                               const SplitSources& sources, const Context& context);

/// The entities (and "cell.tissue", "ligand.scaffold") none of whose test members occurs among the
/// training or validation rows. An unknown tissue on either side means that nobody can tell: not
/// blind.
std::vector<std::string> measure_blindness(const Dataset& data, const Split& split);

/// Names of the schemes that cupel can make, for `cupel list` and for messages.
std::vector<std::string> split_schemes();

}  // namespace cupel

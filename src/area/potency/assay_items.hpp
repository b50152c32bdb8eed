#pragma once
/// The molecules of one assay as the items that a splitter deals: ligands, or compounds (ligands of
/// one parent: salts, stereoisomers), each with all its rows.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/matrix.hpp"
#include "similarity/similarity.hpp"
#include "split/from_spec.hpp"
#include "split/item_clusters.hpp"
#include "split/item_parts.hpp"

namespace cupel::potency {

enum class ItemKind {
  row,       ///< each row by itself, as tools do that know no compounds
  ligand,    ///< all rows of one ligand id
  compound,  ///< all rows of ligands with the same label `parent`; without the label: ligand
};

/// Items are numbered by their first row.
struct AssayItems {
  TaskRows task;
  std::vector<std::uint32_t> item_of_row;           ///< per entry of task.rows
  std::vector<std::vector<std::uint32_t>> ligands;  ///< per item: its ligands' codes
  std::vector<std::uint32_t> first_row;             ///< per item: its first sample
  std::vector<double> target;                       ///< per item: mean over its rows
  ItemTraits traits;                                ///< weight = rows, if any item has several
  [[nodiscard]] std::size_t size() const noexcept { return first_row.size(); }
};

/// The samples of each assay, in the order of their ids; one entry without a name if the data have
/// no entity `assay`.
std::vector<TaskRows> assays_of(const Dataset& data);
AssayItems assay_items(const Dataset& data, const TaskRows& task, ItemKind kind);

/// Tanimoto of the ligands' block `fingerprint`; an item of several ligands is as similar as its
/// most similar member. Throws Error{input} if the block is missing or a ligand has no features.
std::unique_ptr<Similarity> item_similarity(const Dataset& data, const AssayItems& items,
                                            const Context& context);
/// Fingerprints as 0/1 vectors, of each item's first ligand.
Matrix<double> item_vectors(const Dataset& data, const AssayItems& items);

/// Items that share a label of their ligands, by first item met. Ligands without the label are one
/// group: those without a ring have no scaffold, and both DeepChem and chemprop keep them together.
/// An item whose ligands differ in the label joins their groups.
ItemClusters label_groups(const Dataset& data, const AssayItems& items, const std::string& label);

}  // namespace cupel::potency

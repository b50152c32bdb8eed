#pragma once
/// An overlap series over the drugs, cell lines, ... of a data set, as splits of its rows.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/split.hpp"
#include "split/overlap_series.hpp"

namespace cupel {

struct OverlapSplitSpec {
  std::string name;    ///< of the splits; "" = "overlap_" + entity; controls: name + "_control"
  std::string entity;  ///< "drug"
  const Similarity* similarity = nullptr;   ///< symmetric, among its own items
  std::vector<std::uint32_t> code_of_item;  ///< the entity's code of each item of the similarity
  /// A number per code, equal for ids of one thing (compound): they are one item, known by its
  /// first id with a similarity. Empty = every id by itself.
  std::vector<std::uint32_t> group_of_code;
  double validation = 0.0;  ///< share of the training items that becomes the validation set
  OverlapSeriesOptions series;
};

/// By repeat, then level (Split::fold, 0 = highest overlap), the control behind its split. Rows of
/// ids without similarity are left out ("no_similarity"). `Split::overlap` is measured between the
/// test items and the training and validation items together. Throws as make_overlap_series does.
std::vector<Split> make_overlap_splits(const Dataset& data, const OverlapSplitSpec& spec,
                                       const Context& context);

}  // namespace cupel

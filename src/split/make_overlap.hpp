#pragma once
/// Overlap series over an entity of a data set (drugs by structure, cell lines by expression): the
/// items' roles of overlap_series.hpp become roles of the rows.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

/// What a series moves between training and test: ids of the entity, or groups of ids of one
/// compound, which are never parted.
struct OverlapItems {
  static constexpr std::uint32_t kNone = LabelBlock::kUnknown;  ///< the id has no features
  std::unique_ptr<Similarity> similarity;   ///< among items: the highest between their members
  std::vector<std::uint32_t> item_of_code;  ///< per id of the entity
  std::string features;                     ///< block or label that the similarity is computed from
  double default_threshold = 0.0;
};

/// `group_of_id`: equal numbers stay together; empty = every id by itself. An id without features
/// belongs to its group's item, if any member has some. Errors as entity_similarity.
OverlapItems overlap_items(const Entity& entity, const OverlapSpec& spec,
                           std::span<const std::uint32_t> group_of_id, const Context& context);

/// The splits of the series, by repeat, then level, each followed by its control; `Split::fold`
/// numbers them, `Split::level` is the overlap asked for. Rows of ids without features are left out
/// as `no_features_DRUG`. Throws Error{input} that says what is feasible.
std::vector<Split> make_overlap_splits(const Dataset& data, const SplitSpec& spec,
                                       std::span<const std::uint32_t> group_of_id,
                                       std::uint64_t seed, const Context& context);

}  // namespace cupel

#pragma once
/// A split of items on disk: a CSV with one line per data row of the source file and beside it a
/// JSON file with provenance, counts and measured overlap.
///
/// `row,id,role[,cluster],reason` for training, validation and test; `row,id,fold[,cluster],reason`
/// for folds (empty = left out). `row` counts data rows from 0; rows that are no items are left out
/// with the reader's reason. The first columns are those of split files (files.hpp), so that
/// every command that reads those reads these.
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/overlap.hpp"
#include "similarity/items.hpp"
#include "similarity/similarity.hpp"
#include "split/item_parts.hpp"

namespace cupel {

/// Measured on the items with a part, exactly.
struct ItemOverlap {
  double max_across = OverlapProfile::kNone;  ///< highest similarity between items of two parts
  double leakage = OverlapProfile::kNone;     ///< DataSAIL's scaled L
  /// Test against training (without validation), or every fold against the others.
  std::vector<OverlapProfile> tested;
};
ItemOverlap measure_item_split(const Similarity& similarity, const ItemParts& parts,
                               const PartRequest& request, const ItemTraits& traits,
                               double threshold, const Context& context);

struct ItemSplitRecord {
  const Items* items = nullptr;
  const ItemParts* parts = nullptr;
  const PartRequest* request = nullptr;
  std::string method;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::uint64_t seed = 0;
  std::string similarity;  ///< kind; "" = none
  std::string similarity_parameters;
  ItemOverlap overlap;
  /// Of an overlap series.
  double level = OverlapProfile::kNone;
  std::uint32_t repeat = 0;
  bool is_control = false;
};

/// "train", "validation", "test", or "fold 0", ...
std::string part_name(const PartRequest& request, std::size_t part);

/// The JSON beside the file, also for stdout.
std::string item_split_json(const ItemSplitRecord& record, const std::string& csv_sha256);
/// Writes both files; returns the JSON.
std::string write_item_split(const std::filesystem::path& path, const ItemSplitRecord& record);

}  // namespace cupel

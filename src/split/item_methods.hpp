#pragma once
/// The registry of ways to split items: one name, one function from what is known of the items to
/// parts.
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "similarity/similarity.hpp"
#include "split/item_parts.hpp"

namespace cupel {

struct ItemMethodOptions {
  double threshold = 0.0;         ///< "similar" means at least this
  std::uint32_t n_clusters = 0;   ///< kmeans, datasail; 0 = 10 per part for kmeans, 50 for datasail
  double max_left_out = 0.5;      ///< guaranteed, hi
  std::uint32_t starts = 0;       ///< hi, datasail; 0 = 32 and 8
  std::uint32_t min_members = 5;  ///< lo
  double min_spread = std::numeric_limits<double>::quiet_NaN();  ///< lo
};

/// What is known of the items; empty or null = not given.
struct ItemSplitInput {
  std::size_t n_items = 0;
  const Similarity* similarity = nullptr;
  const Matrix<double>* vectors = nullptr;
  ItemTraits traits;
  std::vector<double> values;        ///< time, property
  std::vector<double> targets;       ///< lo
  std::vector<std::uint32_t> group;  ///< groups
  Matrix<double> labels;             ///< multilabel: items x labels
  PartRequest request;
  ItemMethodOptions options;
  std::uint64_t seed = 0;
};

struct ItemMethod {
  std::string name;
  std::string description;  ///< one sentence
  std::string promises;     ///< what holds for sure, beside sizes and accounting
  std::string source;       ///< paper or tool
  bool needs_similarity = false;
  bool needs_threshold = false;  ///< of the similarity
  bool needs_vectors = false;
  bool spreads_labels = false;  ///< over the parts; else labels are refused
  bool one_test_set = false;    ///< no folds
  std::string needs_column;     ///< flag of the column it needs: "--value"; "" = none
  ItemParts (*make)(const ItemSplitInput& input, const Context& context) = nullptr;
};

std::span<const ItemMethod> item_methods();
/// nullptr if there is none.
const ItemMethod* find_item_method(std::string_view name);
/// Checks what the method needs (Error{usage}), makes the parts, and checks that every item has a
/// part or a reason.
ItemParts split_items(const ItemMethod& method, const ItemSplitInput& input,
                      const Context& context);

}  // namespace cupel

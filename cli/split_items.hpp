#pragma once
/// `cupel split METHOD INPUT`: splits of the items of a file, by their similarity or a column.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app.hpp"
#include "item_inputs.hpp"

namespace cupel::cli {

/// What `cupel split` has read for all its schemes.
struct ItemSplitCall {
  std::string method;
  std::string input;
  std::string out;  ///< a file; method overlap: a folder
  std::optional<std::uint32_t> folds;
  std::optional<std::uint32_t> repeats;
  double validation = 0.0;
  std::vector<std::string> features;  ///< --features
};
using RunItemSplit = std::function<int(const ItemSplitCall& call, Session& session)>;

/// Names of the methods, `overlap` and `pairs` among them.
std::vector<std::string> item_split_methods();

struct ItemSplitCommand {
  RunItemSplit run;
  std::shared_ptr<const SimilarityFlags> similarity;  ///< shared with `cupel split spectra INPUT`
};

/// Declares the flags that only these methods have.
ItemSplitCommand define_split_items(Arguments& arguments);

}  // namespace cupel::cli

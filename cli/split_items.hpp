#pragma once
/// `cupel split METHOD INPUT`: splits of the items of a file, by their similarity or a column.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app.hpp"
#include "item_inputs.hpp"
#include "split/item_methods.hpp"

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

/// Flags that the schemes of `cupel split` share.
struct SharedSplitFlags {
  static constexpr double kTestShare = 0.2;
  KindFlags kind;
  ItemFlags items;
  std::optional<double> threshold;  ///< --threshold; unset: the kind's
  std::optional<double> test;       ///< --test; unset: 0.2, or the scheme's own
  double tolerance = 0.05;
  std::string value;  ///< --value: column of the time
  std::string group;  ///< --group: column of what stays together
  std::uint32_t bins = 5;
  std::optional<std::uint32_t> clusters;
  ItemMethodOptions options;
  std::optional<double> train;  ///< of an overlap series, as the rest
  std::string levels = "8";     ///< a number, or overlaps with commas
  std::string measure = "nearest_mean";
  /// --control: of an overlap series ("": same_test); in area perturbation the label of the
  /// unperturbed cells.
  std::string control;
  [[nodiscard]] std::string series_control() const {
    return control.empty() ? "same_test" : control;
  }
};

/// "a, b" to its words, without blanks around them.
std::vector<std::string> cut_at_commas(const std::string& text);

/// What --levels says: a number of levels, or the overlaps themselves.
struct WantedLevels {
  std::uint32_t count = 0;
  std::vector<double> overlaps;  ///< empty: `count` levels
};
/// Throws Error{usage}.
WantedLevels parse_levels(const std::string& text);

struct ItemSplitCommand {
  RunItemSplit run;
  std::shared_ptr<const SharedSplitFlags> shared;
};

/// Declares the flags that only these methods have.
ItemSplitCommand define_split_items(Arguments& arguments);

}  // namespace cupel::cli

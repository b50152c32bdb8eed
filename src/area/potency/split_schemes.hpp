#pragma once
/// The registry of splits of molecules: one name, one function from the items of an assay to parts.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "area/area.hpp"
#include "area/potency/assay_items.hpp"
#include "split/item_methods.hpp"

namespace cupel::potency {

/// What a scheme is given: the molecules of one assay, and what the study asks for.
struct SchemeInput {
  const LoadedData& loaded;
  const SplitSpec& spec;
  const AssayItems& items;
  PartRequest request;       ///< folds, or training, (validation,) test
  std::uint64_t seed = 0;    ///< of the study or the spec
  std::uint32_t repeat = 0;  ///< schemes of other tools turn this into their own draw
  [[nodiscard]] const Dataset& data() const noexcept { return loaded.data; }
  /// A seed of this scheme, assay and repeat, for cupel's own random numbers.
  [[nodiscard]] std::uint64_t own_seed() const noexcept;
};

enum class Folds {
  never,       ///< one test set per repeat
  on_demand,   ///< folds if the user gives their number, else one test set
  unless_test  ///< folds, unless the user gives the share of a single test set
};

struct Scheme {
  std::string name;
  std::string description;  ///< one sentence
  std::string source;       ///< paper or tool
  Folds folds = Folds::never;
  ItemKind items = ItemKind::compound;
  double test = 0.2;             ///< share that is tested if the user does not say
  bool parts_validation = true;  ///< makes its own validation part: a share of *all* rows
  bool is_random = true;         ///< a repeat gives another split
  ItemParts (*make)(const SchemeInput& input, const Context& context) = nullptr;
  const ItemMethod* method = nullptr;  ///< of split/item_methods.hpp, if it is one of those
};

/// Without `given` and `overlap`, which are no parts of items.
std::span<const Scheme> schemes();
/// Throws Error{input} with the nearest name.
const Scheme& find_scheme(std::string_view name);

}  // namespace cupel::potency

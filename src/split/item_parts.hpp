#pragma once
/// Items dealt to parts: training / validation / test, or folds. What every splitter of items asks
/// for and gives back, and the dealing of groups that may not be cut.
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/graph.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

inline constexpr std::int32_t kNoPart = -1;

struct PartRequest {
  std::vector<double> share;  ///< of the weight, per part; positive, adding up to 1
  double tolerance = 0.05;    ///< how far a part may end from its share; never less than an item
  bool are_folds = false;     ///< else parts are training, (validation,) test
};
PartRequest fold_request(std::uint32_t folds);
/// Training gets the rest; no validation part if `validation` is 0.
PartRequest role_request(double test, double validation);

struct ItemParts {
  std::vector<std::int32_t> part;    ///< per item, kNoPart = left out
  std::vector<std::uint8_t> reason;  ///< per item: index into reasons, 0 unless left out
  std::vector<std::string> reasons{""};
  std::vector<std::int32_t>
      group;  ///< per item: the cluster it was dealt with; empty = no clusters
  /// What the method found, for the record: {"groups", 12}.
  std::vector<std::pair<std::string, double>> facts;
};
ItemParts all_in_parts(std::vector<std::int32_t> part);
void leave_out_item(ItemParts& parts, std::size_t item, const std::string& reason);

/// What is known of the items beside their similarity.
struct ItemTraits {
  std::vector<double> weight;        ///< empty = 1 each
  std::vector<std::uint32_t> label;  ///< classes to spread evenly over the parts; empty = none
  [[nodiscard]] double weight_of(std::size_t item) const noexcept {
    return weight.empty() ? 1.0 : weight[item];
  }
};

/// Weight per part over all weight that was dealt.
std::vector<double> part_shares(std::span<const std::int32_t> part, const ItemTraits& traits,
                                std::size_t n_parts);

/// Deals groups that may not be cut: heaviest first (ties at random), each where shares and labels
/// suffer least, then moved and swapped while that helps. Throws Error{input} that names the
/// heaviest group if a part stays empty or beyond the tolerance. O(groups x parts) per pass.
std::vector<std::int32_t> deal_groups(std::span<const std::uint32_t> group_of_item,
                                      std::size_t n_groups, const PartRequest& request,
                                      const ItemTraits& traits, std::uint64_t seed);

/// The same without the check, for methods that go on from there.
std::vector<std::int32_t> deal_groups_roughly(std::span<const std::uint32_t> group_of_item,
                                              std::size_t n_groups, const PartRequest& request,
                                              const ItemTraits& traits, std::uint64_t seed);

/// Throws Error{input} if a part is empty or beyond the tolerance; `why` explains in one clause.
void check_shares(std::span<const std::int32_t> part, const PartRequest& request,
                  const ItemTraits& traits, const std::string& why, const std::string& hint);

/// Every item by itself, at random; labels are spread evenly.
ItemParts split_random(std::size_t n_items, const PartRequest& request, const ItemTraits& traits,
                       std::uint64_t seed);

/// The highest similarity between items of different parts; -infinity if there is no such pair.
double max_across_parts(const Similarity& similarity, std::span<const std::int32_t> part,
                        const Context& context);

}  // namespace cupel

#include "split/overlap_splits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/dense_similarity.hpp"
#include "split/inner.hpp"
#include "split/make.hpp"

namespace cupel {
namespace {

constexpr std::uint32_t kNoItem = 0xFFFFFFFFU;

/// The items of the series: groups of ids, each known by one item of the similarity.
struct EntityItems {
  std::vector<std::uint32_t> item_of_code;  ///< or kNoItem
  std::vector<std::uint32_t> known_by;      ///< item of the similarity
  std::vector<double> weight;               ///< rows
};

EntityItems find_items(const Entity& entity, const OverlapSplitSpec& spec) {
  const std::size_t n_codes = entity.ids.size();
  const auto group_of = [&](std::size_t code) {
    return spec.group_of_code.empty() ? static_cast<std::uint32_t>(code) : spec.group_of_code[code];
  };
  std::uint32_t n_groups = 0;
  for (std::size_t code = 0; code < n_codes; ++code) {
    n_groups = std::max(n_groups, group_of(code) + 1);
  }
  EntityItems items;
  std::vector<std::uint32_t> item_of_group(n_groups, kNoItem);
  for (std::size_t k = 0; k < spec.code_of_item.size(); ++k) {
    auto& item = item_of_group[group_of(spec.code_of_item[k])];
    if (item != kNoItem) continue;
    item = static_cast<std::uint32_t>(items.known_by.size());
    items.known_by.push_back(static_cast<std::uint32_t>(k));
  }
  for (std::size_t code = 0; code < n_codes; ++code) {
    items.item_of_code.push_back(item_of_group[group_of(code)]);
  }
  items.weight.assign(items.known_by.size(), 0.0);
  for (const auto code : entity.code_of_sample) {
    if (items.item_of_code[code] != kNoItem) items.weight[items.item_of_code[code]] += 1.0;
  }
  return items;
}

std::string parameters_of(const OverlapSplitSpec& spec, const OverlapSeries& series,
                          const OverlapSplit& split) {
  const auto& options = spec.series;
  std::string text =
      fmt::format("entity={};similarity={};{};measure={}", spec.entity, spec.similarity->kind(),
                  spec.similarity->parameters(), to_string(options.measure));
  if (options.threshold == options.threshold) {
    text += ";threshold=" + format_double(options.threshold);
  }
  return text + fmt::format(";level={};n_test={};n_train={};neighbourhood={};validation={};{}",
                            format_double(split.level), series.n_test, series.n_train,
                            series.neighbourhood_size[split.repeat], format_double(spec.validation),
                            split.is_control ? "control=" + std::string(to_string(options.control))
                                             : "split");
}

/// Part of the training rows, by the entity, becomes the validation set.
void add_validation(Split& split, const Dataset& data, const OverlapSplitSpec& spec) {
  if (spec.validation <= 0.0) return;
  const std::uint64_t index = (std::uint64_t{split.repeat} << 33U) |
                              (std::uint64_t{split.fold} << 1U) | (split.is_control ? 1U : 0U);
  const std::uint64_t seed = Rng(split.seed, "overlap series: validation", index).next64();
  const auto inner = hold_out_units(data, split.rows(Role::train), split.blind_to, spec.validation,
                                    seed, spec.group_of_code);
  const auto add_reason = [&](std::uint32_t row) {
    split.role[row] = Role::left_out;
    split.reason[row] = static_cast<std::uint8_t>(split.reasons.size() - 1);
  };
  for (const auto row : inner.validation) split.role[row] = Role::validation;
  if (inner.left_out.empty()) return;
  split.reasons.emplace_back("shares_a_unit_with_validation");
  for (const auto row : inner.left_out) add_reason(row);
}

Split row_split(const Dataset& data, const OverlapSplitSpec& spec, const EntityItems& items,
                const OverlapSeries& series, const OverlapSplit& made) {
  Split split;
  split.name = spec.name.empty() ? "overlap_" + spec.entity : spec.name;
  if (made.is_control) split.name += "_control";
  split.scheme = "overlap";
  split.fold = static_cast<std::uint32_t>(made.level_index);
  split.repeat = made.repeat;
  split.seed = spec.series.seed;
  split.parameters = parameters_of(spec, series, made);
  split.level = made.level;
  split.series_entity = spec.entity;
  split.is_control = made.is_control;
  split.overlap = made.overlap;
  for (const auto reason : overlap_reasons()) split.reasons.emplace_back(reason);
  const auto no_similarity = static_cast<std::uint8_t>(split.reasons.size());
  split.reasons.emplace_back("no_similarity");
  for (const auto code : data.entity(spec.entity).code_of_sample) {
    const auto item = items.item_of_code[code];
    split.role.push_back(item == kNoItem ? Role::left_out : made.role[item]);
    split.reason.push_back(item == kNoItem ? no_similarity : made.reason[item]);
  }
  split.blind_to = measure_blindness(data, split);
  add_validation(split, data, spec);
  return split;
}

}  // namespace

std::vector<Split> make_overlap_splits(const Dataset& data, const OverlapSplitSpec& spec,
                                       const Context& context) {
  const Entity* entity = data.find_entity(spec.entity);
  if (entity == nullptr) {
    std::vector<std::string> known;
    for (const auto& one : data.entities) known.push_back(one.name);
    fail_input("the data have no entity \"" + spec.entity + "\" for an overlap series", {},
               "entities: " + join(known, ", "));
  }
  const EntityItems items = find_items(*entity, spec);
  const SubsetSimilarity similarity(*spec.similarity, items.known_by);
  const OverlapSeries series = make_overlap_series(similarity, items.weight, spec.series, context);
  std::vector<Split> splits;
  for (const auto& made : series.splits) {
    splits.push_back(row_split(data, spec, items, series, made));
  }
  return splits;
}

}  // namespace cupel

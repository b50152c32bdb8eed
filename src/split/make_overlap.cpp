#include "split/make_overlap.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "similarity/entity_similarity.hpp"
#include "similarity/grouped.hpp"
#include "split/overlap_series.hpp"
#include "split/similarity_table.hpp"

namespace cupel {
namespace {

std::vector<double> rows_per_item(const Entity& entity, const OverlapItems& items) {
  std::vector<double> rows(items.similarity->n_rows(), 0.0);
  for (const auto code : entity.code_of_sample) {
    if (items.item_of_code[code] != OverlapItems::kNone) rows[items.item_of_code[code]] += 1.0;
  }
  return rows;
}

OverlapSeriesOptions series_options(const SplitSpec& spec, const OverlapItems& items,
                                    std::uint64_t seed) {
  return {.levels = spec.overlap.wanted,
          .n_levels = spec.overlap.levels,
          .repeats = std::max(spec.repeats, 1U),
          .measure = parse_overlap_measure(spec.overlap.measure),
          .threshold = spec.overlap.threshold.value_or(items.default_threshold),
          .test_share = spec.overlap.test,
          .train_share = spec.overlap.train,
          .control = spec.overlap.control ? OverlapControl::same_test : OverlapControl::none,
          .seed = seed};
}

std::string parameters_of(const SplitSpec& spec, const OverlapItems& items,
                          const OverlapSplit& made, double threshold) {
  return "entity=" + spec.overlap.entity + ";features=" + items.features +
         ";similarity=" + std::string(items.similarity->kind()) + "(" +
         items.similarity->parameters() + ");measure=" + spec.overlap.measure +
         ";threshold=" + format_double(threshold) + ";level=" + format_double(made.level) +
         ";control=" + (made.is_control ? "same_test" : "no") +
         ";validation=" + format_double(spec.validation);
}

// The roles of the items, on the rows. Reason numbers: as the series', and one for ids it lacks.
void set_roles(Split& split, const Entity& entity, const OverlapItems& items,
               const OverlapSplit& made) {
  split.reasons = {""};
  for (const auto& reason : overlap_reasons()) {
    if (!reason.empty()) split.reasons.emplace_back(reason);
  }
  const auto no_features = static_cast<std::uint8_t>(split.reasons.size());
  split.reasons.push_back("no_features_" + entity.name);
  split.role.resize(entity.code_of_sample.size());
  split.reason.assign(entity.code_of_sample.size(), 0);
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    const auto item = items.item_of_code[entity.code_of_sample[i]];
    split.role[i] = item == OverlapItems::kNone ? Role::left_out : made.role[item];
    split.reason[i] = item == OverlapItems::kNone ? no_features : made.reason[item];
  }
}

}  // namespace

OverlapItems overlap_items(const Entity& entity, const OverlapSpec& spec,
                           std::span<const std::uint32_t> group_of_id, const Context& context) {
  EntitySimilarity by = entity_similarity(entity, spec.similarity, spec.features, context);
  OverlapItems result{.features = by.features, .default_threshold = by.default_threshold};
  const auto group_of = [&](std::uint32_t code) {
    return group_of_id.empty() ? code : group_of_id[code];
  };
  std::map<std::uint32_t, std::uint32_t> item_of_group;
  std::vector<std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < by.code_of_item.size(); ++i) {
    const auto [place, is_new] = item_of_group.try_emplace(
        group_of(by.code_of_item[i]), static_cast<std::uint32_t>(members.size()));
    if (is_new) members.emplace_back();
    members[place->second].push_back(i);
  }
  for (std::uint32_t code = 0; code < entity.ids.size(); ++code) {
    const auto found = item_of_group.find(group_of(code));
    result.item_of_code.push_back(found == item_of_group.end() ? OverlapItems::kNone
                                                               : found->second);
  }
  if (members.size() == by.code_of_item.size()) {
    result.similarity = std::move(by.similarity);
  } else {
    // A group's values are looked up member by member.
    auto table = std::make_unique<SimilarityTable>(tabulate_similarity(*by.similarity, context));
    result.similarity = group_items(std::move(table), std::move(members));
  }
  return result;
}

std::vector<Split> make_overlap_splits(const Dataset& data, const SplitSpec& spec,
                                       std::span<const std::uint32_t> group_of_id,
                                       std::uint64_t seed, const Context& context) {
  const Entity* entity = data.find_entity(spec.overlap.entity);
  if (entity == nullptr) {
    fail_input("the data have no entity \"" + spec.overlap.entity + "\" for an overlap series", {},
               "name one of theirs: entity: drug or entity: cell");
  }
  const OverlapItems items = overlap_items(*entity, spec.overlap, group_of_id, context);
  const auto options = series_options(spec, items, seed);
  const OverlapSeries series =
      make_overlap_series(*items.similarity, rows_per_item(*entity, items), options, context);
  std::vector<Split> splits;
  for (const auto& made : series.splits) {
    Split split;
    split.name = spec.name.empty() ? "overlap_" + entity->name : spec.name;
    split.scheme = "overlap";
    split.fold = static_cast<std::uint32_t>(splits.size());
    split.repeat = made.repeat;
    split.seed = seed;
    split.parameters = parameters_of(spec, items, made, options.threshold);
    split.level = made.level;
    split.series_entity = entity->name;
    split.is_control = made.is_control;
    split.overlap = made.overlap;
    set_roles(split, *entity, items, made);
    splits.push_back(std::move(split));
  }
  return splits;
}

}  // namespace cupel

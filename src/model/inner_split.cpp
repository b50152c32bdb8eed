#include "model/inner_split.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "split/inner.hpp"
#include "split/units.hpp"

namespace cupel {
namespace {

/// The units that `name` of Split::blind_to speaks of: an entity ("cell") or a label
/// ("cell.tissue").
Units units_of(const Dataset& data, std::string_view name) {
  const auto dot = name.find('.');
  return dot == std::string_view::npos
             ? entity_units(data, name)
             : label_units(data, name.substr(0, dot), name.substr(dot + 1));
}

bool validation_is_like_test(const FitRequest& request) {
  const auto is_unseen = [&](const std::string& name) {
    const Units units = units_of(request.data, name);
    const auto n_in_training = count_rows(units, request.train);
    return std::none_of(request.validation.begin(), request.validation.end(), [&](auto row) {
      const auto unit = units.of_sample[row];
      return unit != Units::kNone && n_in_training[unit] > 0;
    });
  };
  const auto& blind_to = request.split.blind_to;
  return !request.validation.empty() && std::all_of(blind_to.begin(), blind_to.end(), is_unseen);
}

}  // namespace

InnerSplit inner_split(const FitRequest& request, double share) {
  if (validation_is_like_test(request)) {
    return {.fit = {request.train.begin(), request.train.end()},
            .tune = {request.validation.begin(), request.validation.end()},
            .from_validation = true};
  }
  const auto& blind_to = request.split.blind_to;
  const bool is_blind_to_both = contains(blind_to, "drug") && contains(blind_to, "cell");
  auto held = hold_out_units(request.data, request.train, blind_to,
                             is_blind_to_both ? std::min(0.5, 2.0 * share) : share, request.seed);
  if (held.train.empty() || held.validation.empty()) {
    return {.fit = {request.train.begin(), request.train.end()}};
  }
  return {.fit = std::move(held.train), .tune = std::move(held.validation)};
}

}  // namespace cupel

#include "study/plan_twins.hpp"

#include <algorithm>

#include "model/twin.hpp"

namespace cupel {

std::vector<TwinPlan> plan_twins(const Dataset& data, const TwinSpec& spec,
                                 const std::vector<std::string>& views_in_use) {
  std::vector<TwinPlan> plans;
  const auto in_use = [&](const std::string& view) {
    return views_in_use.empty() ||
           std::find(views_in_use.begin(), views_in_use.end(), view) != views_in_use.end();
  };
  for (const auto& mode : spec.modes) {
    const bool one_randomised = mode == "svrc" || mode == "svrd";
    const std::string entity_name = mode.back() == 'c' ? "cell" : "drug";
    const Entity* entity = data.find_entity(entity_name);
    if (entity == nullptr) continue;
    std::vector<std::string> views;
    for (const auto& block : entity->features) {
      if (in_use(entity_name + "." + block.name)) views.push_back(entity_name + "." + block.name);
    }
    if (!one_randomised && views.size() < 2) continue;
    for (const auto& view : views) {
      for (const auto& kind : spec.kinds) {
        if (kind == "labels") continue;
        plans.push_back({.kind = kind,
                         .mode = mode,
                         .view = view,
                         .views_in_use = views_in_use,
                         .n_draws = kind == "identifiers" ? 1 : spec.draws});
      }
    }
  }
  const bool wants_labels =
      std::find(spec.kinds.begin(), spec.kinds.end(), "labels") != spec.kinds.end();
  if (wants_labels && data.find_entity("drug") != nullptr) {
    plans.push_back({.kind = "labels", .mode = "labels", .view = "drug", .n_draws = spec.draws});
  }
  return plans;
}

std::unique_ptr<Predictor> make_planned_twin(const Predictor& model, const TwinPlan& plan,
                                             std::uint32_t draw) {
  if (plan.kind == "labels") return make_label_null(model, {.within = plan.view, .draw = draw});
  return make_twin(model, {.kind = parse_twin_kind(plan.kind),
                           .mode = parse_twin_mode(plan.mode),
                           .view = plan.view,
                           .draw = draw,
                           .views_in_use = plan.views_in_use});
}

}  // namespace cupel

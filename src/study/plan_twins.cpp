#include "study/plan_twins.hpp"

#include <algorithm>

#include "model/twin.hpp"

namespace cupel {

namespace {

/// The entities that a mode is about: cells (c), drugs (d), or all.
std::vector<const Entity*> entities_of(const std::string& mode, const Dataset& data) {
  std::vector<const Entity*> out;
  const bool all = mode == "one" || mode == "all_but";
  for (const auto& entity : data.entities) {
    if (all || entity.name == (mode.back() == 'c' ? "cell" : "drug")) out.push_back(&entity);
  }
  return out;
}

}  // namespace

std::vector<TwinPlan> plan_twins(const Dataset& data, const TwinSpec& spec,
                                 const std::vector<std::string>& views_in_use) {
  std::vector<TwinPlan> plans;
  const auto in_use = [&](const std::string& view) {
    return views_in_use.empty() ||
           std::find(views_in_use.begin(), views_in_use.end(), view) != views_in_use.end();
  };
  const auto plan_entity = [&](const std::string& mode, const Entity& entity) {
    const bool one_randomised = mode == "svrc" || mode == "svrd" || mode == "one";
    std::vector<std::string> views;
    for (const auto& block : entity.features) {
      if (in_use(entity.name + "." + block.name)) views.push_back(entity.name + "." + block.name);
    }
    if (!one_randomised && views.size() < 2) return;
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
  };
  for (const auto& mode : spec.modes) {
    for (const Entity* entity : entities_of(mode, data)) plan_entity(mode, *entity);
  }
  const bool wants_labels =
      std::find(spec.kinds.begin(), spec.kinds.end(), "labels") != spec.kinds.end();
  if (wants_labels) {
    const bool has_drugs = data.find_entity("drug") != nullptr;
    plans.push_back({.kind = "labels",
                     .mode = "labels",
                     .view = has_drugs ? "drug" : "targets",
                     .n_draws = spec.draws});
  }
  return plans;
}

std::unique_ptr<Predictor> make_planned_twin(const Predictor& model, const TwinPlan& plan,
                                             std::uint32_t draw) {
  if (plan.kind == "labels") {
    return make_label_null(model,
                           {.within = plan.view == "targets" ? "" : plan.view, .draw = draw});
  }
  return make_twin(model, {.kind = parse_twin_kind(plan.kind),
                           .mode = parse_twin_mode(plan.mode),
                           .view = plan.view,
                           .draw = draw,
                           .views_in_use = plan.views_in_use});
}

}  // namespace cupel

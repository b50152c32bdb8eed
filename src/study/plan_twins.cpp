#include "study/plan_twins.hpp"

#include "cupel/error.hpp"

namespace cupel {

std::vector<TwinPlan> plan_twins(const Dataset& data, const TwinSpec& spec) {
  std::vector<TwinPlan> plans;
  for (const auto& mode : spec.modes) {
    const bool one_randomised = mode == "svrc" || mode == "svrd";
    const std::string entity_name = mode.back() == 'c' ? "cell" : "drug";
    const Entity* entity = data.find_entity(entity_name);
    if (entity == nullptr || (!one_randomised && entity->features.size() < 2)) continue;
    for (const auto& block : entity->features) {
      for (const auto& kind : spec.kinds) {
        plans.push_back({.kind = kind,
                         .mode = mode,
                         .view = entity_name + "." + block.name,
                         .n_draws = kind == "identifiers" ? 1 : spec.draws});
      }
    }
  }
  return plans;
}

std::unique_ptr<Predictor> make_planned_twin(const Predictor&, const TwinPlan&, std::uint32_t) {
  fail(ErrorKind::internal, "twins are not wired");
}

}  // namespace cupel

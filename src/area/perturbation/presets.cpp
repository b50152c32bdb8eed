#include "area/perturbation/presets.hpp"

#include <algorithm>

#include "area/perturbation/preset_list.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {

std::span<const Preset> presets() {
  static const std::vector<Preset> all = {
      cell_eval_preset(), vcc2025_preset(), cell_eval2_preset(), vcc2026_preset(),
      ahlmann_preset(),   systema_preset(), miller_preset(),     perturbench_preset(),
      gears_preset(),     pertval_preset(), scperturb_preset(),  cupel_preset(),
  };
  return all;
}

const Preset& preset(std::string_view name) {
  const auto all = presets();
  const auto found = std::ranges::find(all, name, &Preset::name);
  if (found != all.end()) return *found;
  std::vector<std::string> names;
  for (const auto& known : all) names.push_back(known.name);
  const std::string near = nearest_word(name, names);
  fail(ErrorKind::usage, "there is no preset \"" + std::string(name) + "\"", {},
       (near.empty() ? "" : "did you mean " + near + "? ") + "there are: " + join(names, ", "));
}

}  // namespace cupel::perturbation

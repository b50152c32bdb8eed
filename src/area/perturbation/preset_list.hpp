#pragma once
/// Every preset there is: one function per tool, each in the preset_*.cpp of its name.
#include "area/perturbation/presets.hpp"

namespace cupel::perturbation {

Preset cell_eval_preset();
Preset vcc2025_preset();
Preset cell_eval2_preset();
Preset vcc2026_preset();
Preset ahlmann_preset();
Preset systema_preset();
Preset miller_preset();
Preset perturbench_preset();
Preset gears_preset();
Preset pertval_preset();
Preset scperturb_preset();
Preset cupel_preset();

}  // namespace cupel::perturbation

#pragma once
/// Every preset there is: one function per tool, each in the preset_*.cpp of its name.
#include "area/perturbation/presets.hpp"

namespace cupel::perturbation {

Preset cell_eval_preset();
Preset vcc2025_preset();
Preset cell_eval2_preset();
Preset vcc2026_preset();

}  // namespace cupel::perturbation

#pragma once
#include <span>

#include "area/area.hpp"

namespace cupel::perturbation {

/// What models of perturbation response are hoped to learn, as testable claims. The bars are those
/// that deep models did not clear: no change and means (Ahlmann-Eltze et al. 2025,
/// doi:10.1038/s41592-025-02772-6; Csendes et al. 2025, doi:10.1186/s12864-025-11600-2), additive
/// effects, means across contexts, and linear models of the perturbed gene.
std::span<const Hypothesis> hypotheses() noexcept;

}  // namespace cupel::perturbation

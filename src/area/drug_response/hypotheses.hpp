#pragma once
#include <span>

#include "area/area.hpp"

namespace cupel::drug_response {

/// The hoped-for learning of cell-line sensitivity models, as testable claims. The frame
/// (hoped-for mechanism, blind baseline, split in which the baseline is blind) follows Branson et
/// al. 2025 and the position paper on misaligned baselines; see docs/explanation/verdicts.md.
std::span<const Hypothesis> hypotheses() noexcept;

}  // namespace cupel::drug_response

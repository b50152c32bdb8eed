#pragma once
/// What people hope that a potency model has learned, and which baselines would show otherwise.
#include <span>

#include "area/area.hpp"

namespace cupel::potency {

std::span<const Hypothesis> hypotheses() noexcept;

}  // namespace cupel::potency

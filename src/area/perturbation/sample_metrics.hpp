#pragma once
/// The metrics by which a predicted profile is judged when nobody asks for a published tool's
/// (presets.hpp): one value per test sample, NaN where it is undefined.
///
/// Conventions. A change is taken from the mean of the control cells of the sample's own context,
/// for truth and prediction alike. A profile that equals its reference (up to 1e-9 of its size) has
/// no direction: correlations with it are undefined, never 0. A prediction that lacks a gene is not
/// scored at all. Where a metric looks at responding genes, the perturbation's own targets are left
/// out: that a knocked-down gene goes down is no prediction.
#include <cstdint>
#include <span>

#include "area/area.hpp"

namespace cupel::perturbation {

std::span<const SampleMetric> sample_metrics() noexcept;

/// rows x metrics, in the order of `sample_metrics`. Discrimination is among the `rows` of a
/// context: NaN where it has one only.
Matrix<double> score_samples(const Dataset& data, const Split& fold,
                             std::span<const std::uint32_t> rows,
                             std::span<const double> prediction);

}  // namespace cupel::perturbation

#pragma once
/// Relative error: the sum of a model's errors over that of a baseline on the same items, with an
/// interval by resampling items (Ahlmann-Eltze et al. 2025, doi:10.1038/s41592-025-02772-6: better
/// than the baseline where the whole interval lies below 1).
#include <cstddef>
#include <cstdint>
#include <span>

#include "stat/interval.hpp"

namespace cupel {

struct RatioOfSums {
  double value = 0.0;
  Interval interval;  ///< percentile, 95 %
};

/// `model` and `baseline` are paired. NaN without items or where the baseline's sum is 0.
RatioOfSums ratio_of_sums(std::span<const double> model, std::span<const double> baseline,
                          std::size_t n_draws, std::uint64_t seed);

}  // namespace cupel

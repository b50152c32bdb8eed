#include "verdict/spectrum_nested.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/error.hpp"
#include "split/overlap_profile.hpp"

namespace cupel {
namespace {

/// Distinct limits, falling.
std::vector<double> limits_of(const NestedRows& rows, const NestedOptions& options) {
  std::vector<double> limits = options.limits;
  if (limits.empty()) {
    std::vector<double> sorted;
    for (const double value : rows.nearest) {
      if (std::isfinite(value)) sorted.push_back(value);
    }
    std::ranges::sort(sorted);
    for (std::size_t k = 1; k <= options.n_levels && !sorted.empty(); ++k) {
      const double last = static_cast<double>(sorted.size()) * static_cast<double>(k) /
                          static_cast<double>(options.n_levels);
      const auto place = static_cast<std::size_t>(std::ceil(last));
      limits.push_back(sorted[std::max<std::size_t>(place, 1) - 1]);
    }
  }
  std::ranges::sort(limits, std::greater<>());
  limits.erase(std::ranges::unique(limits).begin(), limits.end());
  return limits;
}

}  // namespace

SpectrumInput nested_spectrum(const NestedRows& rows, const NestedOptions& options) {
  SpectrumInput input{.mode = "predictions",
                      .entity = "sample",
                      .parameter_title = "similarity up to",
                      .predictors = rows.predictors};
  input.predictions.resize(rows.predictors.size());
  std::size_t before = rows.nearest.size() + 1;
  for (const double limit : limits_of(rows, options)) {
    std::vector<std::uint32_t> kept;
    for (std::uint32_t i = 0; i < rows.nearest.size(); ++i) {
      if (rows.nearest[i] <= limit) kept.push_back(i);
    }
    if (kept.size() < options.min_rows || kept.size() == before) continue;
    before = kept.size();
    SpectrumSplit split{.parameter = limit, .n_left_out = rows.nearest.size() - kept.size()};
    TestOverlap overlap;
    for (const std::uint32_t i : kept) {
      split.truth.push_back(rows.truth[i]);
      split.unit.push_back(rows.unit.empty() ? i : rows.unit[i]);
      overlap.nearest.push_back(rows.nearest[i]);
    }
    overlap.pair_sum.assign(kept.size(), kUndefined);
    // An unknown training set is not an empty one.
    split.overlap =
        summarise_overlap(overlap, std::max<std::size_t>(rows.n_train, 1), rows.threshold);
    split.overlap.n_train = rows.n_train;
    for (std::size_t p = 0; p < rows.predictors.size(); ++p) {
      auto& values = input.predictions[p].emplace_back();
      for (const std::uint32_t i : kept) values.push_back(rows.predictions[p][i]);
    }
    input.splits.push_back(std::move(split));
  }
  if (input.splits.size() < 2) {
    fail_input("fewer than two levels of similarity have " + std::to_string(options.min_rows) +
                   " test rows or more",
               {},
               "give --levels, or more test rows; where all similarities are equal there is "
               "no spectrum");
  }
  return input;
}

}  // namespace cupel

#include "stat/unit_means.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlockDraws = 32;

void check(const UnitItems& items, const UnitDraws& draws) {
  const std::size_t n = items.size();
  const auto is_unit = [&](std::uint32_t unit) { return unit < draws.n_units; };
  const bool fits = items.segment.size() == n && items.values.rows == n &&
                    (items.partner.empty() || items.partner.size() == n) &&
                    std::ranges::is_sorted(items.segment) &&
                    std::ranges::all_of(items.unit, is_unit);
  if (!fits) fail(ErrorKind::internal, "resample_means: items do not fit together");
}

double weight_of(const UnitItems& items, std::span<const std::uint16_t> counts, std::size_t i) {
  const double weight = counts[items.unit[i]];
  if (items.partner.empty() || items.partner[i] == UnitItems::kNone ||
      items.partner[i] == items.unit[i]) {
    return weight;
  }
  return weight * counts[items.partner[i]];
}

double value_of(MeanKind kind, double sum, double weight) {
  // Taking units out again may leave -1e-17 where the errors are 0.
  return kind == MeanKind::mean ? sum / weight : std::sqrt(std::max(0.0, sum) / weight);
}

/// Sums of one weighting of the items: per segment the weight, and per predictor w v.
struct SegmentSums {
  std::vector<double> weight;
  Matrix<double> sums;  ///< segments x predictors
};

SegmentSums unweighted_sums(const UnitItems& items) {
  const std::size_t n_segments = items.size() == 0 ? 0 : items.segment.back() + std::size_t{1};
  SegmentSums out{.weight = std::vector<double>(n_segments, 0.0),
                  .sums = Matrix<double>(n_segments, items.values.cols, 0.0)};
  for (std::size_t i = 0; i < items.size(); ++i) {
    out.weight[items.segment[i]] += 1.0;
    const auto row = items.values.row(i);
    const auto sums = out.sums.row(items.segment[i]);
    for (std::size_t p = 0; p < row.size(); ++p) sums[p] += row[p];
  }
  return out;
}

/// The mean over segments in one draw, per predictor. `sums` is scratch.
void evaluate_draw(const UnitItems& items, std::span<const std::uint16_t> counts, MeanKind kind,
                   std::vector<double>& sums, std::span<double> out) {
  const std::size_t n_predictors = items.values.cols;
  std::ranges::fill(out, 0.0);
  double n_defined = 0.0;
  for (std::size_t first = 0, i = 0; first < items.size(); first = i) {
    std::ranges::fill(sums, 0.0);
    double total = 0.0;
    for (; i < items.size() && items.segment[i] == items.segment[first]; ++i) {
      const double weight = weight_of(items, counts, i);
      if (weight == 0.0) continue;
      total += weight;
      const double* const value = items.values.row(i).data();
      for (std::size_t p = 0; p < n_predictors; ++p) sums[p] += weight * value[p];
    }
    if (total == 0.0) continue;
    n_defined += 1.0;
    for (std::size_t p = 0; p < n_predictors; ++p) out[p] += value_of(kind, sums[p], total);
  }
  for (double& value : out) value = n_defined > 0.0 ? value / n_defined : kNaN;
}

/// Items by unit; an item about two units is listed for both.
std::vector<std::vector<std::uint32_t>> items_of_units(const UnitItems& items,
                                                       std::size_t n_units) {
  std::vector<std::vector<std::uint32_t>> of(n_units);
  for (std::size_t i = 0; i < items.size(); ++i) {
    of[items.unit[i]].push_back(static_cast<std::uint32_t>(i));
    if (items.partner.empty() || items.partner[i] == UnitItems::kNone) continue;
    if (items.partner[i] != items.unit[i]) {
      of[items.partner[i]].push_back(static_cast<std::uint32_t>(i));
    }
  }
  return of;
}

/// Mean over segments of the sums, per predictor; segments without weight are left out.
std::vector<double> mean_over_segments(const SegmentSums& sums, MeanKind kind) {
  std::vector<double> out(sums.sums.cols, 0.0);
  double n_defined = 0.0;
  for (std::size_t s = 0; s < sums.weight.size(); ++s) {
    if (sums.weight[s] == 0.0) continue;
    n_defined += 1.0;
    for (std::size_t p = 0; p < out.size(); ++p) {
      out[p] += value_of(kind, sums.sums(s, p), sums.weight[s]);
    }
  }
  for (double& value : out) value = n_defined > 0.0 ? value / n_defined : kNaN;
  return out;
}

/// Leave-one-unit-out values: only the segments of the unit's items change.
void jackknife(const UnitItems& items, const UnitDraws& draws, MeanKind kind,
               const SegmentSums& all, std::vector<Sample>& samples, const Context& context) {
  const auto of = items_of_units(items, draws.n_units);
  const std::vector<double> whole = mean_over_segments(all, kind);
  const auto n_defined = static_cast<double>(
      std::ranges::count_if(all.weight, [](double weight) { return weight > 0.0; }));
  parallel_for(context, draws.n_units, [&](std::size_t unit) {
    std::vector<double> total(whole);
    for (double& value : total) value *= n_defined;
    double left = n_defined;
    std::vector<double> sums(whole.size());
    const auto& mine = of[unit];
    for (std::size_t first = 0, i = 0; first < mine.size(); first = i) {
      const std::uint32_t segment = items.segment[mine[first]];
      const auto before = all.sums.row(segment);
      std::ranges::copy(before, sums.begin());
      double weight = all.weight[segment];
      for (; i < mine.size() && items.segment[mine[i]] == segment; ++i) {
        weight -= 1.0;
        for (std::size_t p = 0; p < sums.size(); ++p) sums[p] -= items.values(mine[i], p);
      }
      if (weight == 0.0) left -= 1.0;
      for (std::size_t p = 0; p < sums.size(); ++p) {
        total[p] -= value_of(kind, before[p], all.weight[segment]);
        if (weight > 0.0) total[p] += value_of(kind, sums[p], weight);
      }
    }
    for (std::size_t p = 0; p < total.size(); ++p) {
      samples[p].jackknife_a[unit] = left > 0.0 ? total[p] / left : kNaN;
    }
  });
}

}  // namespace

UnitDraws draw_units(std::size_t n_units, std::size_t n_draws, std::uint64_t seed,
                     std::string_view purpose, const Context& context) {
  UnitDraws draws{.n_units = n_units, .counts = Matrix<std::uint16_t>(n_draws, n_units, 0)};
  parallel_for(context, n_draws, [&](std::size_t d) {
    Rng rng(seed, purpose, d);
    const auto counts = draws.counts.row(d);
    for (std::size_t i = 0; i < n_units; ++i) {
      ++counts[rng.below(static_cast<std::uint32_t>(n_units))];
    }
  });
  return draws;
}

CompactCodes compact_codes(std::span<const std::uint32_t> values) {
  CompactCodes out{.code = {}, .level = {values.begin(), values.end()}};
  std::ranges::sort(out.level);
  out.level.erase(std::ranges::unique(out.level).begin(), out.level.end());
  out.code.reserve(values.size());
  for (const std::uint32_t value : values) {
    const auto found = std::ranges::lower_bound(out.level, value);
    out.code.push_back(static_cast<std::uint32_t>(found - out.level.begin()));
  }
  return out;
}

std::vector<Sample> resample_means(const UnitItems& items, const UnitDraws& draws, MeanKind kind,
                                   const Context& context) {
  check(items, draws);
  const std::size_t n_predictors = items.values.cols;
  const Sample empty{.point = kNaN,
                     .draws = std::vector<double>(draws.n_draws(), kNaN),
                     .jackknife_a = std::vector<double>(draws.n_units, kNaN)};
  std::vector<Sample> samples(n_predictors, empty);
  if (items.size() == 0) return samples;
  const SegmentSums all = unweighted_sums(items);
  const std::vector<double> point = mean_over_segments(all, kind);
  for (std::size_t p = 0; p < n_predictors; ++p) samples[p].point = point[p];
  const std::size_t n_blocks = (draws.n_draws() + kBlockDraws - 1) / kBlockDraws;
  parallel_for(context, n_blocks, [&](std::size_t block) {
    std::vector<double> sums(n_predictors);
    std::vector<double> values(n_predictors);
    const std::size_t end = std::min(draws.n_draws(), (block + 1) * kBlockDraws);
    for (std::size_t d = block * kBlockDraws; d < end; ++d) {
      evaluate_draw(items, draws.counts.row(d), kind, sums, values);
      for (std::size_t p = 0; p < n_predictors; ++p) samples[p].draws[d] = values[p];
    }
  });
  jackknife(items, draws, kind, all, samples, context);
  return samples;
}

}  // namespace cupel

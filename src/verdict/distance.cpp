#include "verdict/distance.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/parallel.hpp"
#include "simd/packed_bits.hpp"
#include "similarity/engine.hpp"
#include "similarity/fingerprint.hpp"
#include "stat/interval.hpp"
#include "stat/smooth.hpp"
#include "stat/unit_means.hpp"
#include "verdict/evidence.hpp"

namespace cupel {
namespace {

constexpr std::array kEdges{0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};
constexpr std::size_t kLeastRows = 20;
// The line that Lo-Hi and most reports of leakage draw.
constexpr double kSimilar = 0.4;
constexpr std::size_t kCells = 200;
constexpr double kHalfWidth = 0.15;
constexpr std::size_t kGridSteps = 40;
// A place of the curve needs kLeastRows rows as near as this: beyond the data a line runs away.
constexpr double kNear = 0.05;
constexpr std::size_t kBlockDraws = 32;

// The block's fingerprints as bits, however they are kept.
PackedBits bits_of(const FeatureBlock& block) {
  if (block.bits != nullptr) return *block.bits;
  PackedBits bits(block.values.rows, block.values.cols);
  for (std::size_t i = 0; i < bits.rows; ++i) {
    for (std::size_t j = 0; j < block.values.cols; ++j) {
      if (block.values(i, j) != 0.0F) bits.set(i, j);
    }
  }
  return bits;
}

PackedBits take_rows(const PackedBits& all, const std::vector<std::uint32_t>& rows) {
  PackedBits out(rows.size(), all.n_bits);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(all.row(rows[i]), out.row(i).begin());
  }
  return out;
}

// Distinct members of the entity among samples, those with a fingerprint.
std::vector<std::uint32_t> members_of(const Entity& entity, const FeatureBlock& block,
                                      std::span<const std::uint32_t> samples) {
  std::vector<std::uint32_t> codes;
  for (const std::uint32_t sample : samples) codes.push_back(entity.code_of_sample[sample]);
  std::vector<std::uint32_t> members = compact_codes(codes).level;
  std::erase_if(members, [&](std::uint32_t code) {
    return code < block.present.size() && block.present[code] == 0;
  });
  return members;
}

// Similarity of every row to the nearest training member of its fold.
std::vector<double> nearest_to_training(const SplitResult& split, const Entity& entity,
                                        const FeatureBlock& block, const PackedBits& bits,
                                        const Context& context) {
  std::vector<double> nearest_of_row(split.rows.size(), kUndefined);
  for (std::size_t f = 0; f < split.folds.size(); ++f) {
    const std::size_t begin = split.fold_begin[f];
    const std::size_t n = split.fold_begin[f + 1] - begin;
    const auto rows = std::span(split.rows).subspan(begin, n);
    const auto queries = members_of(entity, block, rows);
    const auto base = members_of(entity, block, split.folds[f].rows(Role::train));
    if (queries.empty() || base.empty()) continue;
    const auto similarity = fingerprint_similarity(
        take_rows(bits, queries), std::make_unique<PackedBits>(take_rows(bits, base)), {});
    const auto best = nearest(*similarity, context);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t code = entity.code_of_sample[rows[i]];
      const auto found = std::ranges::lower_bound(queries, code);
      if (found == queries.end() || *found != code) continue;
      nearest_of_row[begin + i] = best[static_cast<std::size_t>(found - queries.begin())].value;
    }
  }
  return nearest_of_row;
}

double median_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return kUndefined;
  std::ranges::sort(values);
  const std::size_t n = values.size();
  return 0.5 * (values[(n - 1) / 2] + values[n / 2]);
}

// Bins with too few rows join the next one, the last of them the one before.
std::vector<DistanceBin> make_bins(const std::vector<double>& nearest) {
  std::vector<DistanceBin> bins;
  for (std::size_t b = 0; b + 1 < kEdges.size(); ++b) {
    const bool joins = !bins.empty() && bins.back().n < kLeastRows;
    if (!joins) bins.push_back({.low = kEdges[b], .high = kEdges[b + 1]});
    bins.back().high = kEdges[b + 1];
    bins.back().n += static_cast<std::size_t>(std::ranges::count_if(nearest, [&](double value) {
      return value >= kEdges[b] && (value < kEdges[b + 1] || b + 2 == kEdges.size());
    }));
  }
  if (bins.size() > 1 && bins.back().n < kLeastRows) {
    bins[bins.size() - 2].high = bins.back().high;
    bins[bins.size() - 2].n += bins.back().n;
    bins.pop_back();
  }
  return bins;
}

std::size_t bin_of(const std::vector<DistanceBin>& bins, double value) {
  for (std::size_t b = 0; b + 1 < bins.size(); ++b) {
    if (value < bins[b].high) return b;
  }
  return bins.size() - 1;
}

// Squared errors of the rows of a group that have a similarity, with their units.
struct Errors {
  std::vector<double> nearest;
  UnitItems items;  ///< one segment
  std::size_t n_units = 0;
};

Errors errors_of(const SplitResult& split, const EntryGroup& group, const Entity& entity,
                 const std::vector<double>& nearest) {
  Errors out;
  std::vector<std::uint32_t> codes;
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    if (group.mask[i] == 0 || std::isnan(nearest[i])) continue;
    out.nearest.push_back(nearest[i]);
    codes.push_back(entity.code_of_sample[split.rows[i]]);
    for (const Entry* entry : group.entries) {
      const double error = entry->values[i] - split.truth[i];
      out.items.values.values.push_back(error * error);
    }
  }
  CompactCodes units = compact_codes(codes);
  out.n_units = units.level.size();
  out.items.unit = std::move(units.code);
  out.items.segment.assign(codes.size(), 0);
  out.items.values.rows = codes.size();
  out.items.values.cols = group.entries.size();
  return out;
}

UnitItems items_in_bin(const Errors& errors, const std::vector<DistanceBin>& bins,
                       std::size_t bin) {
  UnitItems items{.segment = {}, .unit = {}, .partner = {}, .values = {}};
  items.values.cols = errors.items.values.cols;
  for (std::size_t i = 0; i < errors.nearest.size(); ++i) {
    if (bin_of(bins, errors.nearest[i]) != bin) continue;
    items.segment.push_back(0);
    items.unit.push_back(errors.items.unit[i]);
    const auto row = errors.items.values.row(i);
    items.values.values.insert(items.values.values.end(), row.begin(), row.end());
  }
  items.values.rows = items.unit.size();
  return items;
}

// The smooth curve of every entry, in one weighting of the rows: grid x entries.
Matrix<double> smooth_rows(const Errors& errors, const CellSmoother& smoother, std::size_t n_grid,
                           const std::vector<std::size_t>& cell,
                           const std::function<double(std::size_t)>& weight_of) {
  const std::size_t n_entries = errors.items.values.cols;
  std::vector<double> weight(smoother.n_cells(), 0.0);
  Matrix<double> sum(smoother.n_cells(), n_entries, 0.0);
  for (std::size_t i = 0; i < errors.items.size(); ++i) {
    const double w = weight_of(i);
    if (w == 0.0) continue;
    weight[cell[i]] += w;
    const double* const value = errors.items.values.row(i).data();
    double* const target = sum.row(cell[i]).data();
    for (std::size_t e = 0; e < n_entries; ++e) target[e] += w * value[e];
  }
  Matrix<double> curves(n_grid, n_entries);
  std::vector<double> of_entry(smoother.n_cells());
  for (std::size_t e = 0; e < n_entries; ++e) {
    for (std::size_t c = 0; c < of_entry.size(); ++c) of_entry[c] = sum(c, e);
    const std::vector<double> curve = smoother.smooth(weight, of_entry);
    // A line may dip below 0 where errors are small and few.
    for (std::size_t g = 0; g < n_grid; ++g) {
      curves(g, e) = std::isnan(curve[g]) ? kUndefined : std::sqrt(std::max(0.0, curve[g]));
    }
  }
  return curves;
}

// Samples (point and draws) of the smooth curves: [grid][entry].
std::vector<std::vector<Sample>> sample_curves(const Errors& errors, const UnitDraws& draws,
                                               const std::vector<double>& grid,
                                               const Context& context) {
  const CellSmoother smoother(0.0, 1.0, kCells, grid, kHalfWidth);
  std::vector<std::size_t> cell;
  for (const double value : errors.nearest) cell.push_back(smoother.cell_of(value));
  const std::size_t n_entries = errors.items.values.cols;
  const Sample empty{.point = kUndefined,
                     .draws = std::vector<double>(draws.n_draws(), kUndefined)};
  std::vector<std::vector<Sample>> out(grid.size(), std::vector<Sample>(n_entries, empty));
  const Matrix<double> point =
      smooth_rows(errors, smoother, grid.size(), cell, [](std::size_t) { return 1.0; });
  const std::size_t n_blocks = (draws.n_draws() + kBlockDraws - 1) / kBlockDraws;
  parallel_for(context, n_blocks, [&](std::size_t block) {
    const std::size_t end = std::min(draws.n_draws(), (block + 1) * kBlockDraws);
    for (std::size_t d = block * kBlockDraws; d < end; ++d) {
      const auto counts = draws.counts.row(d);
      const Matrix<double> curves = smooth_rows(
          errors, smoother, grid.size(), cell,
          [&](std::size_t i) { return static_cast<double>(counts[errors.items.unit[i]]); });
      for (std::size_t g = 0; g < grid.size(); ++g) {
        for (std::size_t e = 0; e < n_entries; ++e) out[g][e].draws[d] = curves(g, e);
      }
    }
  });
  for (std::size_t g = 0; g < grid.size(); ++g) {
    const auto n_near = std::ranges::count_if(
        errors.nearest, [&](double value) { return std::abs(value - grid[g]) <= kNear; });
    for (std::size_t e = 0; e < n_entries; ++e) {
      if (static_cast<std::size_t>(n_near) < kLeastRows)
        out[g][e] = empty;
      else
        out[g][e].point = point(g, e);
    }
  }
  return out;
}

// All samples of one group of predictors, seeds averaged: [bin or grid][predictor].
struct GroupCurves {
  std::vector<std::size_t> predictors;
  std::vector<std::vector<Sample>> bins;
  std::vector<std::vector<Sample>> smooth;
};

GroupCurves sample_group(const StudyRun& run, const EntryGroup& group, const Errors& errors,
                         const DistanceProfile& profile, const Context& context) {
  const UnitDraws draws = draw_units(errors.n_units, run.study.statistics.draws, run.study.seed,
                                     "bootstrap unit a", context);
  std::map<std::size_t, std::vector<std::size_t>> seeds;
  for (std::size_t e = 0; e < group.entries.size(); ++e) {
    seeds[group.entries[e]->predictor].push_back(e);
  }
  const auto average = [&](const std::vector<Sample>& of_entries) {
    std::vector<Sample> means;
    for (const auto& [predictor, entries] : seeds) {
      std::vector<const Sample*> of_seeds;
      for (const std::size_t e : entries) of_seeds.push_back(&of_entries[e]);
      means.push_back(mean_sample(of_seeds));
    }
    return means;
  };
  GroupCurves out;
  for (const auto& [predictor, entries] : seeds) out.predictors.push_back(predictor);
  for (std::size_t b = 0; b < profile.bins.size(); ++b) {
    out.bins.push_back(average(resample_means(items_in_bin(errors, profile.bins, b), draws,
                                              MeanKind::root_mean, context)));
  }
  for (const auto& place : sample_curves(errors, draws, profile.grid, context)) {
    out.smooth.push_back(average(place));
  }
  return out;
}

BoundedValue bounded(const Sample& sample, double confidence) {
  const Bounds range = interval(sample, confidence);
  return {sample.point, range.low, range.high};
}

void add_curves(const StudyRun& run, const GroupCurves& group, DistanceProfile& profile,
                const Context& context) {
  const double confidence = run.study.statistics.confidence;
  std::size_t bar = group.predictors.size();
  for (std::size_t i = 0; i < group.predictors.size(); ++i) {
    if (run.predictors[group.predictors[i]]->info().name == profile.against) bar = i;
  }
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < group.predictors.size(); ++i) {
    const auto& name = run.predictors[group.predictors[i]]->info().name;
    if (std::ranges::find(profile.curves, name, &DistanceCurve::predictor) !=
        profile.curves.end()) {
      continue;
    }
    wanted.push_back(i);
    profile.curves.push_back({.predictor = name});
  }
  const std::size_t first = profile.curves.size() - wanted.size();
  parallel_for(context, wanted.size(), [&](std::size_t k) {
    DistanceCurve& curve = profile.curves[first + k];
    for (const auto& samples : group.bins) {
      curve.rmse.push_back(bounded(samples[wanted[k]], confidence));
      curve.gain.push_back(bar < samples.size()
                               ? bounded(difference(samples[bar], samples[wanted[k]]), confidence)
                               : BoundedValue{});
    }
    for (const auto& samples : group.smooth) {
      curve.smooth.push_back(bounded(samples[wanted[k]], confidence));
    }
  });
}

const std::string& title_of(const StudyRun& run, const std::string& name) {
  for (const auto& predictor : run.predictors) {
    if (predictor->info().name == name) return predictor->info().title;
  }
  return name;
}

// "below 0.4", "from 0.4 to 0.6 and from 0.8 on": neighbouring bins are one range.
std::string ranges_of(const std::vector<DistanceBin>& bins, const std::vector<bool>& is_in) {
  std::vector<std::string> ranges;
  for (std::size_t b = 0; b < bins.size(); ++b) {
    if (!is_in[b]) continue;
    const std::size_t first = b;
    while (b + 1 < bins.size() && is_in[b + 1]) ++b;
    if (first == 0) {
      ranges.push_back(fmt::format("below {:.1f}", bins[b].high));
    } else if (b + 1 == bins.size()) {
      ranges.push_back(fmt::format("from {:.1f} on", bins[first].low));
    } else {
      ranges.push_back(fmt::format("from {:.1f} to {:.1f}", bins[first].low, bins[b].high));
    }
  }
  return fmt::format("{}", fmt::join(ranges, " and "));
}

// Where the model's gain over copying is positive beyond doubt, bin by bin.
std::string reach_of(const StudyRun& run, const DistanceProfile& profile,
                     const DistanceCurve& curve) {
  std::vector<bool> is_better;
  for (const BoundedValue& gain : curve.gain) is_better.push_back(gain.low > 0.0);
  const auto n_better = std::ranges::count(is_better, true);
  const std::string& model = title_of(run, curve.predictor);
  const std::string& bar = title_of(run, profile.against);
  if (n_better == 0) {
    return fmt::format("At no distance from training is {} shown to be better than {}.", model,
                       bar);
  }
  if (n_better == std::ssize(is_better)) {
    return fmt::format("{} is better than {} at every distance from training.", model, bar);
  }
  return fmt::format(
      "{} is better than {} where the similarity to the nearest training {} is {}; elsewhere no "
      "gain is shown.",
      model, bar, profile.entity, ranges_of(profile.bins, is_better));
}

void add_sentences(const StudyRun& run, DistanceProfile& profile) {
  std::size_t n = 0;
  std::size_t n_similar = 0;
  for (const double value : profile.nearest) {
    n += std::isnan(value) ? 0 : 1;
    n_similar += value >= kSimilar ? 1 : 0;
  }
  const std::string known =
      n == profile.nearest.size()
          ? ""
          : fmt::format(" ({} of {} rows have features)", n, profile.nearest.size());
  profile.sentences.push_back(fmt::format(
      "{}: the median similarity of a test {} to its nearest training {} is {:.2f}; {:.0f} % have "
      "one at {:.1f} or above{}.",
      profile.split, profile.entity, profile.entity, profile.median,
      100.0 * static_cast<double>(n_similar) / static_cast<double>(n), kSimilar, known));
  for (const auto& curve : profile.curves) {
    const auto found = std::ranges::find_if(run.predictors, [&](const auto& predictor) {
      return predictor->info().name == curve.predictor;
    });
    if ((*found)->info().is_model) profile.sentences.push_back(reach_of(run, profile, curve));
  }
}

std::vector<double> make_grid() {
  std::vector<double> grid;
  for (std::size_t g = 0; g <= kGridSteps; ++g) {
    grid.push_back(static_cast<double>(g) / static_cast<double>(kGridSteps));
  }
  return grid;
}

}  // namespace

std::vector<DistanceProfile> distance_profiles(const StudyRun& run, const Context& context) {
  std::vector<DistanceProfile> profiles;
  const std::string against = run.area->neighbour_baseline();
  if (against.empty() || run.data.entities.empty() || run.data.n_outputs() > 1) return profiles;
  const Entity& entity = run.data.entities.front();
  const FeatureBlock* block = entity.find_features("fingerprint");
  if (block == nullptr || (block->bits == nullptr && !block->binary)) return profiles;
  const PackedBits bits = bits_of(*block);
  for (const auto& split : run.splits) {
    DistanceProfile profile{
        .split = split.name,
        .entity = entity.name,
        .similarity = fmt::format("Tanimoto of {} bits ({})", bits.n_bits, block->name),
        .against = against,
        .nearest = nearest_to_training(split, entity, *block, bits, context),
        .grid = make_grid()};
    profile.median = median_of(profile.nearest);
    if (std::isnan(profile.median)) continue;
    profile.bins = make_bins(profile.nearest);
    for (const EntryGroup& group : group_entries(run, split)) {
      const Errors errors = errors_of(split, group, entity, profile.nearest);
      if (errors.nearest.empty()) continue;
      add_curves(run, sample_group(run, group, errors, profile, context), profile, context);
      context.check_cancelled();
    }
    add_sentences(run, profile);
    profiles.push_back(std::move(profile));
  }
  return profiles;
}

}  // namespace cupel

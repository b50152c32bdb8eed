// Resampled means against the slowest way to compute them: rows copied as often as drawn.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/random.hpp"
#include "stat/resample.hpp"
#include "stat/unit_means.hpp"

namespace cupel {
namespace {

constexpr std::size_t kDraws = 12;

struct Case {
  UnitItems items;
  std::size_t n_units = 0;
};

Case make_case(std::uint64_t seed, std::size_t n_items, std::size_t n_units, bool pairs) {
  Case out{.items = {}, .n_units = n_units};
  Rng rng(seed, "unit means case");
  std::vector<std::uint32_t> segment;
  for (std::size_t i = 0; i < n_items; ++i) segment.push_back(rng.below(3));
  std::ranges::sort(segment);
  const auto unit = [&] { return rng.below(static_cast<std::uint32_t>(n_units)); };
  out.items.segment = segment;
  out.items.values = Matrix<double>(n_items, 2);
  for (std::size_t i = 0; i < n_items; ++i) {
    out.items.unit.push_back(unit());
    if (pairs) out.items.partner.push_back(rng.below(4) == 0 ? UnitItems::kNone : unit());
    for (std::size_t p = 0; p < 2; ++p) out.items.values(i, p) = rng.uniform();
  }
  return out;
}

// The mean over segments of sqrt(mean) or mean, of items repeated as often as `times` says.
double by_copies(const UnitItems& items, std::size_t p, MeanKind kind,
                 const std::function<int(std::uint32_t)>& times) {
  std::map<std::uint32_t, std::vector<double>> copies;
  for (std::size_t i = 0; i < items.size(); ++i) {
    int n = times(items.unit[i]);
    const bool is_pair = !items.partner.empty() && items.partner[i] != UnitItems::kNone &&
                         items.partner[i] != items.unit[i];
    if (is_pair) n *= times(items.partner[i]);
    for (int c = 0; c < n; ++c) copies[items.segment[i]].push_back(items.values(i, p));
  }
  if (copies.empty()) return std::nan("");
  double sum = 0.0;
  for (const auto& [segment, values] : copies) {
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    sum += kind == MeanKind::mean ? mean : std::sqrt(mean);
  }
  return sum / static_cast<double>(copies.size());
}

bool close(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) || std::abs(x - y) < 1e-9;
}

RC_GTEST_PROP(UnitMeans, EqualCopiedItems, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const bool pairs = *rc::gen::arbitrary<bool>();
  const auto n_units = *rc::gen::inRange<std::size_t>(1, 8);
  const auto n_items = *rc::gen::inRange<std::size_t>(1, 30);
  const Case one = make_case(seed, n_items, n_units, pairs);
  const UnitDraws draws = draw_units(n_units, kDraws, seed, "property", {});
  for (const MeanKind kind : {MeanKind::mean, MeanKind::root_mean}) {
    const auto samples = resample_means(one.items, draws, kind, {.n_threads = 2});
    for (std::size_t p = 0; p < 2; ++p) {
      RC_ASSERT(
          close(samples[p].point, by_copies(one.items, p, kind, [](std::uint32_t) { return 1; })));
      for (std::size_t d = 0; d < kDraws; ++d) {
        const auto counts = draws.counts.row(d);
        RC_ASSERT(close(samples[p].draws[d], by_copies(one.items, p, kind, [&](std::uint32_t u) {
                          return static_cast<int>(counts[u]);
                        })));
      }
      for (std::uint32_t out = 0; out < n_units; ++out) {
        RC_ASSERT(close(
            samples[p].jackknife_a[out],
            by_copies(one.items, p, kind, [&](std::uint32_t u) { return u == out ? 0 : 1; })));
      }
    }
  }
}

RC_GTEST_PROP(UnitMeans, DrawsAreMultinomial, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto n_units = *rc::gen::inRange<std::size_t>(1, 50);
  const UnitDraws draws = draw_units(n_units, kDraws, seed, "property", {});
  for (std::size_t d = 0; d < kDraws; ++d) {
    const auto counts = draws.counts.row(d);
    RC_ASSERT(std::accumulate(counts.begin(), counts.end(), std::size_t{0}) == n_units);
  }
}

// The draws are those of stat/resample.hpp, so intervals of the two are about the same worlds.
RC_GTEST_PROP(UnitMeans, EqualTheResampledRmse, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const std::size_t n = 40;
  Rng rng(seed, "rows");
  std::vector<double> truth;
  std::vector<double> prediction;
  std::vector<std::uint32_t> fold;
  std::vector<std::uint32_t> unit;
  for (std::size_t i = 0; i < n; ++i) {
    truth.push_back(rng.normal());
    prediction.push_back(rng.normal());
    fold.push_back(static_cast<std::uint32_t>(i / 20));
    unit.push_back(rng.below(15));
  }
  const CompactCodes codes = compact_codes(unit);
  UnitItems items{.segment = fold, .unit = codes.code, .partner = {}, .values = {}};
  items.values = Matrix<double>(n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    items.values(i, 0) = (truth[i] - prediction[i]) * (truth[i] - prediction[i]);
  }
  const UnitDraws draws = draw_units(codes.level.size(), kDraws, seed, "bootstrap unit a", {});
  const Sample mine = resample_means(items, draws, MeanKind::root_mean, {}).front();
  const std::vector<std::span<const double>> predictions{prediction};
  const Resampled theirs = resample(
      {.truth = truth, .fold = fold, .unit_a = unit, .unit_b = unit, .predictions = predictions},
      {.statistics = {Statistic::rmse}, .unit = ResampleUnit::a, .n_draws = kDraws, .seed = seed},
      {});
  const Sample& other = theirs.sample(Statistic::rmse, 0);
  RC_ASSERT(close(mine.point, other.point));
  for (std::size_t d = 0; d < kDraws; ++d) RC_ASSERT(close(mine.draws[d], other.draws[d]));
  for (std::size_t u = 0; u < codes.level.size(); ++u) {
    RC_ASSERT(close(mine.jackknife_a[u], other.jackknife_a[u]));
  }
}

}  // namespace
}  // namespace cupel

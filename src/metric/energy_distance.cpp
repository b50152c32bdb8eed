#include "metric/energy_distance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "metric/point_tiles.hpp"

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<EnergyVariant, 4> kVariants = {
    EnergyVariant::euclid_v, EnergyVariant::euclid_u, EnergyVariant::squared_v,
    EnergyVariant::squared_u};

bool is_squared(EnergyVariant variant) noexcept {
  return variant == EnergyVariant::squared_v || variant == EnergyVariant::squared_u;
}
bool is_unbiased(EnergyVariant variant) noexcept {
  return variant == EnergyVariant::euclid_u || variant == EnergyVariant::squared_u;
}
/// Pairs that the mean within a set is over.
double n_pairs(std::size_t n, EnergyVariant variant) noexcept {
  const auto size = static_cast<double>(n);
  return is_unbiased(variant) ? size * (size - 1.0) : size * size;
}
bool is_defined(std::size_t n, EnergyVariant variant) noexcept {
  return n >= (is_unbiased(variant) ? 2U : 1U);
}

/// Mean of a set, and the sum of squared deviations from it over all dimensions.
struct Centre {
  std::vector<double> mean;
  double spread = 0.0;
};

Centre centre_of(const Points& points, const PointSet& set) {
  Centre centre{.mean = std::vector<double>(points.n_dimensions, 0.0)};
  for (const std::uint32_t i : set) points.add_row(i, centre.mean);
  for (double& value : centre.mean) value /= static_cast<double>(set.size());
  double squares_of_mean = 0.0;
  for (const double value : centre.mean) squares_of_mean += value * value;
  // Around the mean, zeros included: |x - m|^2 = |m|^2 + sum over stored of (x - m)^2 - m^2.
  for (const std::uint32_t i : set) {
    double square = points.is_dense() ? 0.0 : squares_of_mean;
    for (auto k = points.begin[i]; k < points.begin[i + 1]; ++k) {
      const std::size_t g = points.is_dense() ? k - points.begin[i] : points.columns[k];
      const double difference = points.values[k] - centre.mean[g];
      square += difference * difference;
      if (!points.is_dense()) square -= centre.mean[g] * centre.mean[g];
    }
    centre.spread += square;
  }
  return centre;
}

/// With S the sum of squared deviations from the mean, squared distances add up to 2 n S within a
/// set and to m S_x + n S_y + n m |m_x - m_y|^2 across: E = 2 |m_x - m_y|^2 (v), less 2 S / (n (n -
/// 1)) of either side (u).
std::vector<double> squared_distances(const Points& points, std::span<const PointSet> sets,
                                      const PointSet& reference, EnergyVariant variant,
                                      const Context& context) {
  const Centre control = centre_of(points, reference);
  const auto noise = [&](const Centre& centre, std::size_t n) {
    if (!is_unbiased(variant)) return 0.0;
    return -2.0 * centre.spread / n_pairs(n, variant);
  };
  std::vector<double> out(sets.size(), kNaN);
  parallel_for(context, sets.size(), [&](std::size_t s) {
    if (!is_defined(sets[s].size(), variant)) return;
    const Centre centre = centre_of(points, sets[s]);
    double between = 0.0;
    for (std::size_t g = 0; g < centre.mean.size(); ++g) {
      between += (centre.mean[g] - control.mean[g]) * (centre.mean[g] - control.mean[g]);
    }
    out[s] = 2.0 * between + noise(centre, sets[s].size()) + noise(control, reference.size());
  });
  return out;
}

std::vector<double> euclidean_distances(const Points& points, std::span<const PointSet> sets,
                                        const PointSet& reference, EnergyVariant variant,
                                        const Context& context) {
  const std::vector<double> squares = squares_of(points);
  const auto all = static_cast<std::size_t>(sets.size());
  struct Item {
    std::size_t set;  ///< sets.size() = the reference
    std::size_t first;
  };
  std::vector<Item> items;
  const auto set_of = [&](std::size_t s) -> const PointSet& {
    return s == all ? reference : sets[s];
  };
  for (std::size_t s = 0; s <= all; ++s) {
    for (std::size_t first = 0; first < set_of(s).size(); first += kPointTile) {
      items.push_back({s, first});
    }
  }
  std::vector<double> within(items.size(), 0.0);
  std::vector<double> across(items.size(), 0.0);
  parallel_for(context, items.size(), [&](std::size_t i) {
    const PointSet& set = set_of(items[i].set);
    PointTile rows(points, squares, set, items[i].first);
    within[i] = rows.sum_to(set, true);
    if (items[i].set != all) across[i] = rows.sum_to(reference, false);
  });
  std::vector<double> inner(all + 1, 0.0);
  std::vector<double> outer(all, 0.0);
  for (std::size_t i = 0; i < items.size(); ++i) {
    inner[items[i].set] += within[i];
    if (items[i].set != all) outer[items[i].set] += across[i];
  }
  std::vector<double> out(all, kNaN);
  for (std::size_t s = 0; s < all; ++s) {
    if (!is_defined(sets[s].size(), variant)) continue;
    const auto pairs = static_cast<double>(sets[s].size()) * static_cast<double>(reference.size());
    out[s] = 2.0 * outer[s] / pairs - inner[s] / n_pairs(sets[s].size(), variant) -
             inner[all] / n_pairs(reference.size(), variant);
  }
  return out;
}

}  // namespace

std::string_view to_string(EnergyVariant variant) noexcept {
  switch (variant) {
    case EnergyVariant::euclid_v:
      return "euclid-v";
    case EnergyVariant::euclid_u:
      return "euclid-u";
    case EnergyVariant::squared_v:
      return "squared-v";
    case EnergyVariant::squared_u:
      break;
  }
  return "squared-u";
}

EnergyVariant parse_energy_variant(std::string_view text) {
  for (const EnergyVariant variant : kVariants) {
    if (to_string(variant) == text) return variant;
  }
  fail(ErrorKind::usage, "there is no E-distance \"" + std::string(text) + "\"", {},
       "one of: euclid-v, euclid-u, squared-v, squared-u (scPerturb: squared-u)");
}

void Points::add_row(std::size_t i, std::span<double> out) const noexcept {
  for (auto k = begin[i]; k < begin[i + 1]; ++k) {
    out[is_dense() ? k - begin[i] : columns[k]] += values[k];
  }
}

std::vector<double> energy_distances(const Points& points, std::span<const PointSet> sets,
                                     const PointSet& reference, EnergyVariant variant,
                                     const Context& context) {
  if (!is_defined(reference.size(), variant)) return std::vector<double>(sets.size(), kNaN);
  return is_squared(variant) ? squared_distances(points, sets, reference, variant, context)
                             : euclidean_distances(points, sets, reference, variant, context);
}

EnergyTest energy_test(const Points& points, std::span<const PointSet> sets,
                       const PointSet& reference, EnergyVariant variant, std::size_t n_permutations,
                       std::uint64_t seed, const Context& context) {
  EnergyTest test{.p_value = std::vector<double>(sets.size(), kNaN), .p_adjusted = {}};
  const std::size_t m = reference.size();
  if (!is_defined(m, variant) || n_permutations == 0) {
    test.p_adjusted = test.p_value;
    return test;
  }
  if (m > kMaxTestReference) {
    fail(ErrorKind::input,
         "the E-test keeps the distances of all pairs of reference cells: " + std::to_string(m) +
             " are too many (at most " + std::to_string(kMaxTestReference) + ")",
         {}, "draw some of them: --max-cells 2000");
  }
  const bool squared = is_squared(variant);
  const std::vector<double> squares = squares_of(points);
  const auto among = distances_between(points, squares, reference, reference, squared, context);
  std::vector<double> sum_of_control(m, 0.0);
  for (std::size_t i = 0; i < m; ++i) {
    sum_of_control[i] = std::accumulate(among.row(i).begin(), among.row(i).end(), 0.0);
  }
  const double total_of_control =
      std::accumulate(sum_of_control.begin(), sum_of_control.end(), 0.0);
  parallel_for(context, sets.size(), [&](std::size_t s) {
    const std::size_t n = sets[s].size();
    if (!is_defined(n, variant)) return;
    const auto to_control =
        distances_between(points, squares, sets[s], reference, squared, {.n_threads = 1});
    const auto inner =
        distances_between(points, squares, sets[s], sets[s], squared, {.n_threads = 1});
    // Cells 0 .. n - 1 are the set's, then come the control's.
    const auto distance = [&](std::size_t a, std::size_t b) {
      if (a < n && b < n) return inner(a, b);
      if (a < n) return to_control(a, b - n);
      return b < n ? to_control(b, a - n) : among(a - n, b - n);
    };
    std::vector<double> row_sum(n + m, 0.0);
    for (std::size_t j = 0; j < m; ++j) row_sum[n + j] = sum_of_control[j];
    double total = total_of_control;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < m; ++j) {
        row_sum[i] += to_control(i, j);
        row_sum[n + j] += to_control(i, j);
        total += 2.0 * to_control(i, j);
      }
      for (std::size_t j = 0; j < n; ++j) {
        row_sum[i] += inner(i, j);
        total += inner(i, j);
      }
    }
    // Only pairs within one side are summed up; the others follow from the sums of the rows.
    const auto energy = [&](std::span<const std::uint32_t> side, bool side_is_set) {
      double within = 0.0;
      double rows = 0.0;
      for (std::size_t i = 0; i < side.size(); ++i) {
        rows += row_sum[side[i]];
        for (std::size_t j = 0; j < i; ++j) within += distance(side[i], side[j]);
      }
      within *= 2.0;
      const double across = rows - within;
      const double others = total - 2.0 * across - within;
      return 2.0 * across / (static_cast<double>(n) * static_cast<double>(m)) -
             (side_is_set ? within : others) / n_pairs(n, variant) -
             (side_is_set ? others : within) / n_pairs(m, variant);
    };
    const bool set_is_smaller = n <= m;
    std::vector<std::uint32_t> cells(n + m);
    std::iota(cells.begin(), cells.end(), 0U);
    const auto side = [&](bool of_set) {
      return of_set ? std::span<const std::uint32_t>(cells).first(n)
                    : std::span<const std::uint32_t>(cells).subspan(n);
    };
    const double observed = energy(side(set_is_smaller), set_is_smaller);
    // Sums in another order must not make a permutation that changes nothing look smaller.
    const double tie = 1e-12 * total / static_cast<double>((n + m) * (n + m));
    std::size_t n_as_large = 0;
    for (std::size_t run = 0; run < n_permutations; ++run) {
      std::iota(cells.begin(), cells.end(), 0U);
      Rng rng(seed, "energy_test", s * 0x100000000ULL + run);
      rng.shuffle(std::span<std::uint32_t>(cells));
      n_as_large += energy(side(set_is_smaller), set_is_smaller) >= observed - tie ? 1 : 0;
    }
    test.p_value[s] = static_cast<double>(std::max<std::size_t>(n_as_large, 1)) /
                      static_cast<double>(n_permutations);
  });
  test.p_adjusted = holm_sidak(test.p_value);
  return test;
}

std::vector<double> holm_sidak(std::span<const double> p_values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (!std::isnan(p_values[i])) order.push_back(i);
  }
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return p_values[a] != p_values[b] ? p_values[a] < p_values[b] : a < b;
  });
  std::vector<double> adjusted(p_values.size(), kNaN);
  double largest = 0.0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto n_left = static_cast<double>(order.size() - k);
    largest = std::max(largest, -std::expm1(n_left * std::log1p(-p_values[order[k]])));
    adjusted[order[k]] = std::min(largest, 1.0);
  }
  return adjusted;
}

}  // namespace cupel

#include "stat/auspc.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "cupel/error.hpp"
#include "stat/ranks.hpp"

namespace cupel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Adds fewer than 129 terms in NumPy's order (eight running sums, then the rest), so that areas
/// equal numpy.trapz to the last digit; longer lists are halved as NumPy halves them.
double sum_like_numpy(std::span<const double> terms) {
  const std::size_t n = terms.size();
  if (n < 8) return std::accumulate(terms.begin(), terms.end(), 0.0);
  if (n > 128) {
    const std::size_t half = n / 2 - (n / 2) % 8;
    return sum_like_numpy(terms.first(half)) + sum_like_numpy(terms.subspan(half));
  }
  std::array<double, 8> r{};
  std::copy_n(terms.begin(), 8, r.begin());
  std::size_t i = 8;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) r[lane] += terms[i + lane];
  }
  double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < n; ++i) sum += terms[i];
  return sum;
}

SpcPoint mean_point(double x, std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  SpcPoint point{.x = x,
                 .value = std::accumulate(values.begin(), values.end(), 0.0) / n,
                 .standard_error = kNaN,
                 .n_repeats = values.size()};
  if (values.size() < 2) return point;
  double squares = 0.0;
  for (const double value : values) squares += (value - point.value) * (value - point.value);
  point.standard_error = std::sqrt(squares / (n - 1.0) / n);
  return point;
}

}  // namespace

std::vector<SpcPoint> mean_points(std::span<const double> x, std::span<const double> value) {
  if (x.size() != value.size()) {
    fail(ErrorKind::internal, "mean_points: " + std::to_string(x.size()) + " places for " +
                                  std::to_string(value.size()) + " values");
  }
  std::vector<double> places;
  std::vector<double> heights;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(value[i])) continue;
    places.push_back(x[i]);
    heights.push_back(value[i]);
  }
  const std::vector<std::uint32_t> order = ascending_order(places);
  std::vector<SpcPoint> points;
  std::vector<double> repeats;
  for (std::size_t i = 0; i < order.size(); ++i) {
    repeats.push_back(heights[order[i]]);
    if (i + 1 < order.size() && places[order[i + 1]] == places[order[i]]) continue;
    points.push_back(mean_point(places[order[i]], repeats));
    repeats.clear();
  }
  return points;
}

std::vector<double> trapezoid_weights(std::span<const double> x) {
  std::vector<double> weights(x.size(), 0.0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    weights[i] += 0.5 * (x[i + 1] - x[i]);
    weights[i + 1] += 0.5 * (x[i + 1] - x[i]);
  }
  return weights;
}

Auspc auspc(std::span<const SpcPoint> points) {
  Auspc out{.area = kNaN,
            .normalised = kNaN,
            .standard_error = kNaN,
            .standard_error_perteval = kNaN,
            .x_low = kNaN,
            .x_high = kNaN,
            .n_points = points.size()};
  if (points.empty()) return out;
  out.x_low = points.front().x;
  out.x_high = points.back().x;
  if (points.size() < 2 || !(out.x_high > out.x_low)) return out;

  std::vector<double> x;
  std::vector<double> terms;
  for (std::size_t i = 0; i < points.size(); ++i) {
    x.push_back(points[i].x);
    if (i == 0) continue;
    terms.push_back((points[i].x - points[i - 1].x) * (points[i].value + points[i - 1].value) /
                    2.0);
  }
  out.area = sum_like_numpy(terms);
  out.normalised = out.area / (out.x_high - out.x_low);

  const std::vector<double> weights = trapezoid_weights(x);
  const double half_step = 0.5 * (out.x_high - out.x_low) / static_cast<double>(points.size() - 1);
  double variance = 0.0;
  double variance_perteval = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double squared = points[i].standard_error * points[i].standard_error;
    variance += weights[i] * weights[i] * squared;
    variance_perteval += half_step * half_step * squared;
  }
  out.standard_error = std::sqrt(variance);
  out.standard_error_perteval = std::sqrt(variance_perteval);
  return out;
}

AuGood au_good(std::span<const double> thresholds, std::span<const double> performance,
               std::span<const double> deployment_similarity) {
  if (thresholds.size() != performance.size()) {
    fail(ErrorKind::internal, "au_good: " + std::to_string(thresholds.size()) + " thresholds for " +
                                  std::to_string(performance.size()) + " performances");
  }
  AuGood out{.value = kNaN};
  if (thresholds.empty() || deployment_similarity.empty()) return out;
  std::vector<double> count(thresholds.size(), 0.0);
  double n = 0.0;
  for (const double similarity : deployment_similarity) {
    if (std::isnan(similarity)) continue;
    const auto bin = static_cast<std::size_t>(
        std::lower_bound(thresholds.begin(), thresholds.end(), similarity) - thresholds.begin());
    if (bin == thresholds.size()) ++out.n_above;
    count[std::min(bin, thresholds.size() - 1)] += 1.0;
    n += 1.0;
  }
  if (n == 0.0) return out;
  out.value = 0.0;
  for (std::size_t bin = 0; bin < count.size(); ++bin) {
    if (count[bin] > 0.0) out.value += count[bin] / n * performance[bin];
  }
  return out;
}

}  // namespace cupel

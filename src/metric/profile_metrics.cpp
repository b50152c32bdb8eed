#include "metric/profile_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "metric/kernels.hpp"

namespace cupel {

std::vector<double> change(Profile profile, Profile reference) {
  std::vector<double> out(profile.size());
  for (std::size_t g = 0; g < out.size(); ++g) out[g] = profile[g] - reference[g];
  return out;
}

std::vector<double> select(Profile profile, std::span<const std::uint32_t> genes) {
  std::vector<double> out;
  out.reserve(genes.size());
  for (const std::uint32_t gene : genes) out.push_back(profile[gene]);
  return out;
}

namespace profile {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double squared_error(Profile truth, Profile predicted) {
  double sum = 0.0;
  for (std::size_t g = 0; g < truth.size(); ++g) {
    sum += (predicted[g] - truth[g]) * (predicted[g] - truth[g]);
  }
  return sum;
}

bool has_nan(Profile values) {
  return std::ranges::any_of(values, [](double value) { return std::isnan(value); });
}

std::size_t n_common(Profile truth, Profile predicted, std::size_t k) {
  auto a = top_genes(truth, k);
  auto b = top_genes(predicted, k);
  std::ranges::sort(a);
  std::ranges::sort(b);
  std::vector<std::uint32_t> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both.size();
}

int sign(double value) noexcept { return (value > 0.0) - (value < 0.0); }

}  // namespace

double l2(Profile truth, Profile predicted) {
  return truth.empty() ? kNaN : std::sqrt(squared_error(truth, predicted));
}
double mse(Profile truth, Profile predicted) { return detail::mse(truth, predicted); }
double rmse(Profile truth, Profile predicted) { return detail::rmse(truth, predicted); }
double mae(Profile truth, Profile predicted) { return detail::mae(truth, predicted); }

double unbiased_mse(Profile truth, Profile predicted, double noise_truth, double noise_predicted) {
  if (truth.empty()) return kNaN;
  return (squared_error(truth, predicted) - noise_truth - noise_predicted) /
         static_cast<double>(truth.size());
}

double pearson(Profile a, Profile b) { return detail::pearson(a, b); }

double spearman(Profile a, Profile b) {
  return has_nan(a) || has_nan(b) ? kNaN : detail::spearman(a, b);
}

double cosine(Profile a, Profile b) {
  double aa = 0.0;
  double bb = 0.0;
  double ab = 0.0;
  for (std::size_t g = 0; g < a.size(); ++g) {
    aa += a[g] * a[g];
    bb += b[g] * b[g];
    ab += a[g] * b[g];
  }
  return aa == 0.0 || bb == 0.0 ? kNaN : ab / (std::sqrt(aa) * std::sqrt(bb));
}

double r2(Profile truth, Profile predicted) { return detail::r2(truth, predicted); }

double weighted_mse(Profile truth, Profile predicted, Profile weights) {
  double sum = 0.0;
  double weight = 0.0;
  for (std::size_t g = 0; g < truth.size(); ++g) {
    sum += weights[g] * (predicted[g] - truth[g]) * (predicted[g] - truth[g]);
    weight += weights[g];
  }
  return weight > 0.0 ? sum / weight : kNaN;
}

double weighted_r2(Profile truth, Profile predicted, Profile weights) {
  double weight = 0.0;
  double centre = 0.0;
  for (std::size_t g = 0; g < truth.size(); ++g) {
    weight += weights[g];
    centre += weights[g] * truth[g];
  }
  if (!(weight > 0.0)) return kNaN;
  centre /= weight;
  double residual = 0.0;
  double total = 0.0;
  for (std::size_t g = 0; g < truth.size(); ++g) {
    residual += weights[g] * (truth[g] - predicted[g]) * (truth[g] - predicted[g]);
    total += weights[g] * (truth[g] - centre) * (truth[g] - centre);
  }
  return total > 0.0 ? 1.0 - residual / total : kNaN;
}

std::vector<double> score_weights(Profile scores) {
  std::vector<double> weights(scores.size());
  std::ranges::transform(scores, weights.begin(),
                         [](double score) { return std::isnan(score) ? 0.0 : std::abs(score); });
  if (weights.empty()) return weights;
  const auto [low, high] = std::ranges::minmax(weights);
  for (double& weight : weights) {
    const double scaled = high > low ? (weight - low) / (high - low) : (high > 0.0 ? 1.0 : 0.0);
    weight = scaled * scaled;
  }
  return weights;
}

std::vector<std::uint32_t> top_genes(Profile change, std::size_t k) {
  std::vector<std::uint32_t> order(change.size());
  std::iota(order.begin(), order.end(), 0U);
  k = std::min(k, order.size());
  const auto is_before = [&](std::uint32_t a, std::uint32_t b) {
    const double x = std::isnan(change[a]) ? -1.0 : std::abs(change[a]);
    const double y = std::isnan(change[b]) ? -1.0 : std::abs(change[b]);
    return x != y ? x > y : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k), order.end(),
                    is_before);
  order.resize(k);
  return order;
}

double top_jaccard(Profile truth, Profile predicted, std::size_t k) {
  k = std::min(k, truth.size());
  if (k == 0) return kNaN;
  const auto common = static_cast<double>(n_common(truth, predicted, k));
  return common / (2.0 * static_cast<double>(k) - common);
}

double top_overlap(Profile truth, Profile predicted, std::size_t k) {
  k = std::min(k, truth.size());
  if (k == 0) return kNaN;
  return static_cast<double>(n_common(truth, predicted, k)) / static_cast<double>(k);
}

double direction_match(Profile truth, Profile predicted) {
  if (truth.empty()) return kNaN;
  std::size_t n = 0;
  for (std::size_t g = 0; g < truth.size(); ++g) n += sign(truth[g]) == sign(predicted[g]) ? 1 : 0;
  return static_cast<double>(n) / static_cast<double>(truth.size());
}

}  // namespace profile
}  // namespace cupel

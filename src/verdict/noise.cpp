#include "verdict/noise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cupel {
namespace {

constexpr std::size_t kMinimumDegreesOfFreedom = 10;

bool same_entities(const Dataset& data, std::uint32_t i, std::uint32_t j) {
  return std::all_of(data.entities.begin(), data.entities.end(), [&](const Entity& entity) {
    return entity.code_of_sample[i] == entity.code_of_sample[j];
  });
}

double total_variance(const Dataset& data, double mean, std::size_t output = 0) {
  double sum = 0.0;
  for (std::size_t i = 0; i < data.n_samples(); ++i) {
    sum += (data.targets(i, output) - mean) * (data.targets(i, output) - mean);
  }
  return sum / static_cast<double>(data.n_samples());
}

double mean_target(const Dataset& data, std::size_t output = 0) {
  double sum = 0.0;
  for (std::size_t i = 0; i < data.n_samples(); ++i) sum += data.targets(i, output);
  return sum / static_cast<double>(data.n_samples());
}

// Sum over groups of n (mean of the group - mean)^2.
double between_groups(const Dataset& data, const Entity& entity, double mean, std::size_t output) {
  std::vector<double> sum(entity.ids.size(), 0.0);
  std::vector<double> count(entity.ids.size(), 0.0);
  for (std::size_t i = 0; i < data.n_samples(); ++i) {
    sum[entity.code_of_sample[i]] += data.targets(i, output) - mean;
    count[entity.code_of_sample[i]] += 1.0;
  }
  double between = 0.0;
  for (std::size_t k = 0; k < sum.size(); ++k) {
    if (count[k] > 0.0) between += sum[k] * sum[k] / count[k];
  }
  return between;
}

}  // namespace

Noise estimate_noise(const Dataset& data) {
  std::vector<std::uint32_t> order(data.n_samples());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t j) {
    for (const auto& entity : data.entities) {
      if (entity.code_of_sample[i] != entity.code_of_sample[j]) {
        return entity.code_of_sample[i] < entity.code_of_sample[j];
      }
    }
    return false;
  });
  Noise noise;
  double squares = 0.0;
  std::size_t degrees = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    double sum = data.target(order[begin]);
    while (end < order.size() && same_entities(data, order[begin], order[end])) {
      sum += data.target(order[end++]);
    }
    const std::size_t n = end - begin;
    if (n > 1) {
      const double mean = sum / static_cast<double>(n);
      for (std::size_t i = begin; i < end; ++i) {
        squares += (data.target(order[i]) - mean) * (data.target(order[i]) - mean);
      }
      degrees += n - 1;
      noise.n_groups += 1;
      noise.n_rows += n;
      noise.errors.push_back(std::abs(data.target(order[begin]) - data.target(order[begin + 1])) /
                             std::sqrt(2.0));
    }
    begin = end;
  }
  if (degrees >= kMinimumDegreesOfFreedom) {
    const double variance = squares / static_cast<double>(degrees);
    noise.sd = std::sqrt(variance);
    noise.ceiling_r2 = 1.0 - variance / total_variance(data, mean_target(data));
  }
  return noise;
}

std::vector<VarianceShare> variance_shares(const Dataset& data) {
  std::vector<double> means;
  double total = 0.0;
  for (std::size_t o = 0; o < data.n_outputs(); ++o) {
    means.push_back(mean_target(data, o));
    total += total_variance(data, means.back(), o);
  }
  std::vector<VarianceShare> shares;
  double rest = 1.0;
  for (const auto& entity : data.entities) {
    double between = 0.0;
    for (std::size_t o = 0; o < data.n_outputs(); ++o) {
      between += between_groups(data, entity, means[o], o);
    }
    const double share = between / static_cast<double>(data.n_samples()) / total;
    shares.push_back({"between " + entity.name + "s", share});
    rest -= share;
  }
  shares.push_back({"within (interaction and noise)", rest});
  return shares;
}

}  // namespace cupel

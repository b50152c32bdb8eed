#include "model/level_means.hpp"

#include <limits>

namespace cupel {

LevelMeans level_means(std::span<const std::uint32_t> codes, std::span<const double> values,
                       std::size_t n_levels) {
  LevelMeans result;
  result.mean.assign(n_levels, 0.0);
  result.count.assign(n_levels, 0);
  if (values.empty()) {
    result.overall = std::numeric_limits<double>::quiet_NaN();
    result.mean.assign(n_levels, result.overall);
    return result;
  }
  const double origin = values.front();
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double difference = values[i] - origin;
    sum += difference;
    if (codes[i] >= n_levels) continue;
    result.mean[codes[i]] += difference;
    ++result.count[codes[i]];
  }
  result.overall = origin + sum / static_cast<double>(values.size());
  for (std::size_t level = 0; level < n_levels; ++level) {
    result.mean[level] = result.count[level] == 0
                             ? std::numeric_limits<double>::quiet_NaN()
                             : origin + result.mean[level] / result.count[level];
  }
  return result;
}

}  // namespace cupel

#include "model/nearest_copy.hpp"

#include <cmath>
#include <limits>

namespace cupel {
namespace {

Matrix<double> measured_means(const PairTable& pairs) {
  Matrix<double> sum(pairs.n_first, pairs.n_second, 0.0);
  Matrix<double> count(pairs.n_first, pairs.n_second, 0.0);
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    sum(pairs.first[r], pairs.second[r]) += pairs.value[r];
    count(pairs.first[r], pairs.second[r]) += 1.0;
  }
  for (std::size_t i = 0; i < sum.values.size(); ++i) {
    sum.values[i] = count.values[i] > 0.0 ? sum.values[i] / count.values[i]
                                          : std::numeric_limits<double>::quiet_NaN();
  }
  return sum;
}

}  // namespace

NearestCopy::NearestCopy(const PairTable& pairs, const Similarity& similarity,
                         std::span<const std::uint32_t> code_of_item)
    : of_first_(level_means(pairs.first, pairs.value, pairs.n_first)),
      of_second_(level_means(pairs.second, pairs.value, pairs.n_second)),
      value_(measured_means(pairs)),
      nearest_(pairs.n_second) {
  const std::size_t n = code_of_item.size();
  std::vector<double> row(n);
  for (std::size_t i = 0; i < n; ++i) {
    similarity.values({i, i + 1}, {0, n}, row);
    auto& list = nearest_[code_of_item[i]];
    double best = -std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i || !of_second_.knows(code_of_item[j]) || row[j] < best) continue;
      if (row[j] > best) list.clear();
      best = row[j];
      list.push_back(code_of_item[j]);
    }
  }
}

NearestCopy::Answer NearestCopy::at(std::uint32_t i, std::uint32_t j) const {
  double sum = 0.0;
  double n = 0.0;
  for (const auto code : nearest_[j]) {
    if (std::isnan(value_(i, code))) continue;
    sum += value_(i, code);
    n += 1.0;
  }
  if (n > 0.0) return {sum / n, Source::copy};
  if (!nearest_[j].empty()) {
    for (const auto code : nearest_[j]) sum += of_second_.mean[code];
    return {sum / static_cast<double>(nearest_[j].size()), Source::nearest_mean};
  }
  if (of_first_.knows(i)) return {of_first_.mean[i], Source::own_mean};
  return {of_first_.overall, Source::global_mean};
}

}  // namespace cupel

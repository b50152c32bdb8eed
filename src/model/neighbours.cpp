#include "model/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "simd/blas.hpp"

namespace cupel {
namespace {

/// Rows centred and scaled to length 1; rows of absent or constant entities become 0.
Matrix<float> pearson_rows(const FeatureBlock& block) {
  Matrix<float> rows = block.values;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto row = rows.row(i);
    double sum = 0.0;
    for (const float value : row) sum += static_cast<double>(value);
    const double mean = sum / static_cast<double>(row.size());
    double squares = 0.0;
    for (float& value : row) {
      value = static_cast<float>(static_cast<double>(value) - mean);
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const double length = std::sqrt(squares);
    const bool usable = block.present[i] != 0 && length > 0.0;
    for (float& value : row) {
      value = usable ? static_cast<float>(static_cast<double>(value) / length) : 0.0F;
    }
  }
  return rows;
}

void tanimoto_from_products(const FeatureBlock& block, Matrix<float>& products) {
  std::vector<float> bits(products.rows);
  for (std::size_t i = 0; i < products.rows; ++i) bits[i] = products(i, i);
  for (std::size_t i = 0; i < products.rows; ++i) {
    for (std::size_t j = 0; j < products.cols; ++j) {
      const float common = products(i, j);
      const float either = bits[i] + bits[j] - common;
      const bool usable = block.present[i] != 0 && block.present[j] != 0 && either > 0.0F;
      products(i, j) = usable ? common / either : 0.0F;
    }
  }
}

}  // namespace

Matrix<float> similarity_matrix(const FeatureBlock& block) {
  const Matrix<float> rows = block.binary ? block.values : pearson_rows(block);
  Matrix<float> similarity(rows.rows, rows.rows);
  blas::multiply(rows.rows, rows.rows, rows.cols, 1.0F, rows.values.data(), false,
                 rows.values.data(), true, 0.0F, similarity.values.data());
  if (block.binary) tanimoto_from_products(block, similarity);
  return similarity;
}

NeighbourModel::NeighbourModel(const PairTable& pairs, const Matrix<float>& similarity)
    : of_first_(level_means(pairs.first, pairs.value, pairs.n_first)),
      of_second_(level_means(pairs.second, pairs.value, pairs.n_second)),
      deviation_(pairs.n_first, pairs.n_second, 0.0F),
      neighbours_(pairs.n_second) {
  Matrix<float> count(pairs.n_first, pairs.n_second, 0.0F);
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    deviation_(pairs.first[r], pairs.second[r]) +=
        static_cast<float>(pairs.value[r] - of_first_.mean[pairs.first[r]]);
    count(pairs.first[r], pairs.second[r]) += 1.0F;
  }
  for (std::size_t i = 0; i < count.values.size(); ++i) {
    deviation_.values[i] = count.values[i] > 0.0F ? deviation_.values[i] / count.values[i]
                                                  : std::numeric_limits<float>::quiet_NaN();
  }
  for (std::uint32_t j = 0; j < pairs.n_second; ++j) {
    auto& list = neighbours_[j];
    for (std::uint32_t other = 0; other < pairs.n_second; ++other) {
      if (other == j || !of_second_.knows(other) || !(similarity(j, other) > 0.0F)) continue;
      list.push_back({other, similarity(j, other)});
    }
    std::sort(list.begin(), list.end(), [](const Neighbour& a, const Neighbour& b) {
      return a.similarity != b.similarity ? a.similarity > b.similarity : a.code < b.code;
    });
  }
}

NeighbourModel::Answer NeighbourModel::at(std::uint32_t i, std::uint32_t j, std::uint32_t k) const {
  double sum = 0.0;
  double weights = 0.0;
  std::uint32_t found = 0;
  const bool known = of_first_.knows(i);
  for (const Neighbour& neighbour : neighbours_[j]) {
    const double value = known ? static_cast<double>(deviation_(i, neighbour.code))
                               : of_second_.mean[neighbour.code];
    if (std::isnan(value)) continue;
    sum += static_cast<double>(neighbour.similarity) * value;
    weights += static_cast<double>(neighbour.similarity);
    if (++found == k) break;
  }
  const double base = known ? of_first_.mean[i] : 0.0;
  if (found > 0) return {base + sum / weights, Source::neighbours};
  if (known) return {base, Source::own_mean};
  return {of_first_.overall, Source::global_mean};
}

std::vector<double> NeighbourModel::squared_errors(const PairTable& pairs,
                                                   const std::vector<std::uint32_t>& ks) const {
  std::vector<double> errors;
  for (const std::uint32_t k : ks) {
    double sum = 0.0;
    for (std::size_t r = 0; r < pairs.size(); ++r) {
      const double error = pairs.value[r] - at(pairs.first[r], pairs.second[r], k).value;
      sum += error * error;
    }
    errors.push_back(sum);
  }
  return errors;
}

}  // namespace cupel

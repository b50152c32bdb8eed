#pragma once
/// Small drug-response data sets for tests, made of a known formula.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"

namespace cupel::toy {

struct Shape {
  std::uint32_t n_drugs = 12;
  std::uint32_t n_cells = 30;
  double density = 0.9;
  double noise = 0.3;
  bool features = true;
  std::uint64_t seed = 1;
};

inline std::vector<std::string> ids(const char* prefix, std::uint32_t n) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < n; ++i) out.push_back(prefix + std::to_string(1000 + i));
  return out;
}

inline FeatureBlock block(const char* name, std::size_t n, std::size_t cols, bool binary,
                          std::uint64_t seed) {
  FeatureBlock out{.name = name, .values = Matrix<float>(n, cols), .binary = binary};
  out.present.assign(n, 1);
  Rng rng(seed, name);
  for (float& value : out.values.values) {
    const double draw = rng.normal();
    value = static_cast<float>(binary ? (draw > 0.5 ? 1.0 : 0.0) : draw);
  }
  return out;
}

/// y = 2 drug + 0.7 cell + 1.5 u.v + noise, u and v of rank 2; v and the cell effect are written
/// into the first three columns of `expression`.
inline Dataset dataset(const Shape& shape) {
  Rng rng(shape.seed, "toy");
  Dataset data;
  data.area = "drug_response";
  Entity drug{.name = "drug", .ids = ids("D", shape.n_drugs)};
  Entity cell{.name = "cell", .ids = ids("C", shape.n_cells)};
  LabelBlock tissue{.name = "tissue", .levels = {"lung", "skin", "spleen"}};
  for (std::uint32_t c = 0; c < shape.n_cells; ++c) tissue.code.push_back(c % 3);
  cell.labels.push_back(tissue);
  FeatureBlock expression = block("expression", shape.n_cells, 20, false, shape.seed);
  FeatureBlock fingerprint = block("fingerprint", shape.n_drugs, 64, true, shape.seed);
  std::vector<double> a(shape.n_drugs);
  std::vector<double> u(2 * shape.n_drugs);
  for (double& value : a) value = 2.0 * rng.normal();
  for (double& value : u) value = rng.normal();
  std::vector<double> y;
  for (std::uint32_t d = 0; d < shape.n_drugs; ++d) {
    for (std::uint32_t c = 0; c < shape.n_cells; ++c) {
      const bool measured = rng.uniform() < shape.density;
      const double error = rng.normal();
      if (!measured) continue;
      const auto z = expression.values.row(c);
      drug.code_of_sample.push_back(d);
      cell.code_of_sample.push_back(c);
      y.push_back(a[d] + 0.7 * z[0] +
                  1.5 * (u[2 * d] * z[1] + u[2 * d + 1] * z[2]) / std::sqrt(2.0) +
                  shape.noise * error);
    }
  }
  if (shape.features) {
    cell.features.push_back(expression);
    drug.features.push_back(fingerprint);
  }
  data.targets = Matrix<double>(y.size(), 1);
  data.targets.values = y;
  data.entities = {drug, cell};
  return data;
}

struct Cut {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
  Split split;
};

inline Cut cut_where(const Dataset& data, const std::function<bool(std::uint32_t)>& is_test,
                     std::vector<std::string> blind_to) {
  Cut cut;
  cut.split.name = "toy";
  cut.split.blind_to = std::move(blind_to);
  for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
    (is_test(row) ? cut.test : cut.train).push_back(row);
  }
  return cut;
}

inline Cut mixed(const Dataset& data) {
  return cut_where(data, [](std::uint32_t row) { return (row * 2654435761U >> 16) % 5 == 0; }, {});
}
inline Cut blind(const Dataset& data, const std::string& entity) {
  const auto& code = data.entity(entity).code_of_sample;
  return cut_where(data, [&](std::uint32_t row) { return code[row] % 5 == 0; }, {entity});
}

inline std::vector<double> predict(const Predictor& predictor, const Dataset& data, const Cut& cut,
                                   std::uint64_t seed = 7) {
  const FitRequest request{data, cut.train, {}, cut.split, seed};
  return predictor.fit(request, {})->predict(data, cut.test, {}).values;
}

inline double r2(const Dataset& data, const Cut& cut, const std::vector<double>& prediction) {
  double mean = 0.0;
  for (const auto row : cut.test) mean += data.target(row) / static_cast<double>(cut.test.size());
  double error = 0.0;
  double total = 0.0;
  for (std::size_t i = 0; i < cut.test.size(); ++i) {
    error += std::pow(data.target(cut.test[i]) - prediction[i], 2);
    total += std::pow(data.target(cut.test[i]) - mean, 2);
  }
  return 1.0 - error / total;
}

}  // namespace cupel::toy

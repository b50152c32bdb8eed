// What must not change profiles: the order of cells, the number of threads, the order of genes.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>

#include "../../unit/perturbation/cells_toy.hpp"
#include "area/perturbation/baselines.hpp"
#include "base/random.hpp"
#include "data/profiles.hpp"

namespace cupel::perturbation {
namespace {

std::vector<ToyCell> random_cells(std::uint64_t seed) {
  Rng rng(seed, "cells");
  const std::vector<std::string> labels{"ctrl", "A", "B", "A+B", "B+A", "C"};
  std::vector<ToyCell> cells{{"ctrl", "x", {1, 2, 0, 1}},
                             {"ctrl", "y", {0, 1, 3, 1}},
                             {"A", "x", {1, 1, 1, 1}},
                             {"B", "x", {2, 0, 0, 1}}};
  for (int i = 0; i < 60; ++i) {
    ToyCell cell{labels[rng.below(6)], rng.below(2) == 0 ? "x" : "y", {}};
    for (int j = 0; j < 4; ++j) cell.values.push_back(static_cast<double>(rng.below(5)));
    cells.push_back(std::move(cell));
  }
  return cells;
}

DataSpec counts_spec() {
  DataSpec spec = toy_spec();
  spec.profiles.scale = "counts";
  return spec;
}

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(
      a, b, [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

bool close(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, [](double x, double y) {
    return std::abs(x - y) <= 1e-9 || (std::isnan(x) && std::isnan(y));
  });
}

RC_GTEST_PROP(Profiles, OrderOfCellsChangesNothing, (std::uint32_t seed)) {
  auto cells = random_cells(seed);
  const auto before = load_toy(cells, {"A", "g", "B", "h"}, counts_spec());
  Rng(seed, "order").shuffle(std::span(cells));
  const auto after = load_toy(cells, {"A", "g", "B", "h"}, counts_spec(), 3);
  RC_ASSERT(same(before.data.targets.values, after.data.targets.values));  // counts are exact
  RC_ASSERT(close(before.data.profiles->variance.values, after.data.profiles->variance.values));
  RC_ASSERT(before.data.entities[0].ids == after.data.entities[0].ids);
}

RC_GTEST_PROP(Profiles, OrderOfGenesChangesNoPrediction, (std::uint32_t seed)) {
  const auto cells = random_cells(seed);
  auto turned = cells;
  for (auto& cell : turned) std::ranges::reverse(cell.values);
  const auto before = load_toy(cells, {"A", "g", "B", "h"}, counts_spec());
  const auto after = load_toy(turned, {"h", "B", "g", "A"}, counts_spec());
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
  for (std::uint32_t row = 0; row < before.data.n_samples(); ++row) {
    (row % 3 == 2 ? test : train).push_back(row);
  }
  Split split;
  split.role.assign(before.data.n_samples(), Role::train);
  for (const auto& info : baseline_catalogue()) {
    const auto predict = [&](const Dataset& data) {
      return make_baseline(info.name, {}, data)
          ->fit({.data = data, .train = train, .validation = {}, .split = split}, Context{})
          ->predict(data, test, Context{})
          .values;
    };
    const auto a = predict(before.data);
    auto b = predict(after.data);
    for (std::size_t i = 0; i < test.size(); ++i) {
      std::reverse(b.begin() + static_cast<std::ptrdiff_t>(i * 4),
                   b.begin() + static_cast<std::ptrdiff_t>(i * 4 + 4));
    }
    if (!close(a, b)) {
      double worst = 0.0;
      for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
      RC_FAIL(info.name + ": " + std::to_string(worst));
    }
  }
}

}  // namespace
}  // namespace cupel::perturbation

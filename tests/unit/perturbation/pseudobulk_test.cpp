// Sums, means, variances, halves and jackknife of groups of cells, against the definition.
#include "area/perturbation/pseudobulk.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "base/random.hpp"
#include "cells_toy.hpp"

namespace cupel::perturbation {
namespace {

struct Screen {
  std::vector<ToyCell> cells;
  std::vector<std::uint32_t> code;
};

/// Counts or reals; groups 0 (large), 1, 2 (one cell), 3 (no cell), and cells without a group.
Screen random_screen(std::size_t n_cells, std::size_t n_genes, bool counts) {
  Rng rng(7, "screen");
  Screen screen;
  for (std::size_t i = 0; i < n_cells; ++i) {
    ToyCell cell;
    for (std::size_t j = 0; j < n_genes; ++j) {
      const bool zero = rng.uniform() < 0.6;
      const double value = counts ? static_cast<double>(1 + rng.below(9)) : 5.0 + rng.normal();
      cell.values.push_back(zero ? 0.0 : value);
    }
    screen.cells.push_back(std::move(cell));
    screen.code.push_back(i == 5 ? 2 : i % 7 == 3 ? CellGroups::kNoGroup : i % 3 == 0 ? 1 : 0);
  }
  return screen;
}

Pseudobulk run(const Screen& screen, bool sparse, unsigned threads,
               const PseudobulkOptions& options) {
  const auto file =
      toy_file(screen.cells, std::vector<std::string>(screen.cells[0].values.size(), "g"), sparse);
  Context context;
  context.n_threads = threads;
  return accumulate(file->matrix("X"), {.count = 4, .code = screen.code}, options, context);
}

TEST(Pseudobulk, IsTheDefinition) {
  const Screen screen = random_screen(60, 9, false);
  const auto bulk = run(screen, true, 1, {.half_seeds = {3}});
  for (std::uint32_t g = 0; g < 4; ++g) {
    std::vector<const ToyCell*> own;
    for (std::size_t i = 0; i < screen.cells.size(); ++i) {
      if (screen.code[i] == g) own.push_back(&screen.cells[i]);
    }
    ASSERT_EQ(bulk.all.n_cells[g], own.size());
    for (std::size_t j = 0; j < 9; ++j) {
      double sum = 0.0;
      for (const auto* cell : own) sum += cell->values[j];
      EXPECT_EQ(bulk.all.sum(g, j), sum);
      const double mean = sum / static_cast<double>(own.size());
      double squares = 0.0;
      for (const auto* cell : own) squares += (cell->values[j] - mean) * (cell->values[j] - mean);
      if (own.size() < 2) {
        EXPECT_TRUE(std::isnan(bulk.variance(g, j)));
      } else {
        EXPECT_NEAR(bulk.variance(g, j), squares / static_cast<double>(own.size() - 1), 1e-12);
      }
    }
  }
}

TEST(Pseudobulk, VarianceOfEqualValuesIsExactlyZero) {
  std::vector<ToyCell> cells(50, {.label = "A", .context = "x", .values = {1e6 + 0.1, 0.0}});
  const std::vector<std::uint32_t> code(50, 0);
  const auto file = toy_file(cells, {"a", "b"});
  const auto bulk = accumulate(file->matrix("X"), {.count = 1, .code = code}, {}, Context{});
  EXPECT_EQ(bulk.variance(0, 0), 0.0);
  EXPECT_EQ(bulk.variance(0, 1), 0.0);
}

TEST(Pseudobulk, LayoutAndThreadsChangeNothing) {
  const Screen screen = random_screen(300, 2100, true);  // two tiles
  const PseudobulkOptions options{.transform = {.target_sum = 1e4, .log1p = true},
                                  .half_seeds = {0, 1}};
  const auto reference = run(screen, true, 1, options);
  for (const auto& [sparse, threads] : {std::pair{true, 4U}, {false, 1U}, {false, 3U}}) {
    const auto other = run(screen, sparse, threads, options);
    EXPECT_EQ(reference.all.sum.values, other.all.sum.values);
    EXPECT_EQ(reference.halves[1][0].sum.values, other.halves[1][0].sum.values);
    for (std::size_t i = 0; i < reference.variance.values.size(); ++i) {
      const double a = reference.variance.values[i];
      const double b = other.variance.values[i];
      EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b)));
    }
  }
}

TEST(Pseudobulk, HalvesAreDisjointAndEqual) {
  std::vector<std::uint32_t> code(101, 0);
  code[7] = code[8] = 1;
  code[9] = CellGroups::kNoGroup;
  const CellGroups groups{.count = 2, .code = code};
  const auto half = halves_of_cells(groups, 5);
  std::array<std::array<int, 3>, 2> n{};
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] != CellGroups::kNoGroup) ++n[code[i]][half[i]];
  }
  EXPECT_EQ(n[0], (std::array<int, 3>{49, 49, 0}));
  EXPECT_EQ(n[1], (std::array<int, 3>{1, 1, 0}));
  EXPECT_EQ(half[9], 2);
  EXPECT_NE(half, halves_of_cells(groups, 6));
  EXPECT_EQ(half, halves_of_cells(groups, 5));
}

TEST(Pseudobulk, HalvesAddUpToTheWholeButTheOddCell) {
  const Screen screen = random_screen(80, 5, true);
  const auto bulk = run(screen, true, 2, {.half_seeds = {11}});
  const auto half = halves_of_cells({.count = 4, .code = screen.code}, 11);
  for (std::uint32_t g = 0; g < 3; ++g) {
    EXPECT_EQ(bulk.halves[0][0].n_cells[g], bulk.all.n_cells[g] / 2);
    EXPECT_EQ(bulk.halves[0][1].n_cells[g], bulk.all.n_cells[g] / 2);
    for (std::size_t j = 0; j < 5; ++j) {
      double dropped = 0.0;
      for (std::size_t i = 0; i < half.size(); ++i) {
        if (screen.code[i] == g && half[i] == 2) dropped += screen.cells[i].values[j];
      }
      EXPECT_EQ(bulk.halves[0][0].sum(g, j) + bulk.halves[0][1].sum(g, j) + dropped,
                bulk.all.sum(g, j));
    }
  }
}

TEST(Pseudobulk, KindsOfProfiles) {
  GroupSums sums{.n_cells = {4, 0}, .sum = Matrix<double>(2, 2), .total = {20.0, 0.0}};
  sums.sum(0, 0) = 8.0;
  sums.sum(0, 1) = 12.0;
  EXPECT_EQ(profiles_of(sums, PseudobulkKind::mean, 0.0)(0, 0), 2.0);
  EXPECT_DOUBLE_EQ(profiles_of(sums, PseudobulkKind::log_of_mean, 0.0)(0, 1), std::log1p(3.0));
  EXPECT_DOUBLE_EQ(profiles_of(sums, PseudobulkKind::group_sum, 5e4)(0, 0),
                   std::log1p(5e4 * 8.0 / 20.0));
  EXPECT_TRUE(std::isnan(profiles_of(sums, PseudobulkKind::mean, 0.0)(1, 0)));
}

double brute_jackknife(const std::vector<const ToyCell*>& cells, std::size_t gene, double target) {
  const auto n = static_cast<double>(cells.size());
  if (cells.size() < 2) return 0.0;
  std::vector<double> v;
  for (const auto* left_out : cells) {
    double gene_sum = 0.0;
    double total = 0.0;
    for (const auto* cell : cells) {
      if (cell == left_out) continue;
      gene_sum += cell->values[gene];
      for (const double value : cell->values) total += value;
    }
    v.push_back(total > 0.0 ? std::log1p(target * gene_sum / total) : 0.0);
  }
  double mean = 0.0;
  for (const double value : v) mean += value / n;
  double squares = 0.0;
  for (const double value : v) squares += (value - mean) * (value - mean);
  return (n - 1.0) / n * squares;
}

TEST(Jackknife, IsDeleteOne) {
  for (const std::size_t n_cells : {6U, 30U, 200U}) {  // large shares, mixed, small shares
    const Screen screen = random_screen(n_cells, 40, true);
    const auto file = toy_file(screen.cells, std::vector<std::string>(40, "g"));
    const CellGroups groups{.count = 4, .code = screen.code};
    const auto bulk = accumulate(file->matrix("X"), groups, {}, Context{});
    const auto c = jackknife_variance(file->matrix("X"), groups, bulk.all, {}, 5e4, Context{});
    for (std::uint32_t g = 0; g < 4; ++g) {
      std::vector<const ToyCell*> own;
      for (std::size_t i = 0; i < screen.cells.size(); ++i) {
        if (screen.code[i] == g) own.push_back(&screen.cells[i]);
      }
      for (std::size_t j = 0; j < 40; ++j) {
        const double want = brute_jackknife(own, j, 5e4);
        EXPECT_NEAR(c(g, j), want, 1e-10 * (1.0 + want)) << n_cells << " cells, gene " << j;
      }
    }
  }
}

TEST(Jackknife, EqualCellsHaveNoVariance) {
  std::vector<ToyCell> cells(12, {.label = "A", .context = "x", .values = {3.0, 0.0, 5.0}});
  const std::vector<std::uint32_t> code(12, 0);
  const auto file = toy_file(cells, {"a", "b", "c"});
  const CellGroups groups{.count = 1, .code = code};
  const auto bulk = accumulate(file->matrix("X"), groups, {}, Context{});
  const auto c = jackknife_variance(file->matrix("X"), groups, bulk.all, {}, 5e4, Context{});
  for (std::size_t j = 0; j < 3; ++j) EXPECT_LT(c(0, j), 1e-28);
}

}  // namespace
}  // namespace cupel::perturbation

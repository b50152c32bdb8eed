// Differential expression against an obvious one, at every border of chunks, blocks and passes.
#include "area/perturbation/differential.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>

#include "area/perturbation/differential_csv.hpp"
#include "area/perturbation/gene_buckets.hpp"
#include "cupel/error.hpp"
#include "io/compressed.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Toy {
  Matrix<double> x;
  Categories groups{.name = "gene", .levels = {"a", "control", "nobody", "b", "c"}};
};

std::uint32_t mixed(std::uint32_t i) {
  i = (i ^ (i >> 16)) * 0x45d9f3bU;
  i = (i ^ (i >> 16)) * 0x45d9f3bU;
  return i ^ (i >> 16);
}

/// Zeros, ties, negative values and smooth ones, by gene; some cells without a group.
Toy toy(std::size_t n_cells, std::size_t n_genes, std::uint32_t seed = 1) {
  Toy made{.x = Matrix<double>(n_cells, n_genes)};
  constexpr std::uint32_t kLevels[] = {0, 1, 3, 4, Categories::kMissing};
  for (std::uint32_t cell = 0; cell < n_cells; ++cell) {
    made.groups.code.push_back(cell < 5 ? kLevels[cell] : kLevels[mixed(cell + 7 * seed) % 5]);
    for (std::uint32_t gene = 0; gene < n_genes; ++gene) {
      const std::uint32_t u = mixed(mixed(cell * 1000003U + seed) + gene);
      double& x = made.x(cell, gene);
      if (u % 3 == 0) continue;
      if (gene % 4 == 0) x = static_cast<double>(u / 3 % 5);
      if (gene % 4 == 1) x = static_cast<double>(u / 3 % 400) / 64.0;
      if (gene % 4 == 2) x = (static_cast<double>(u / 3 % 21) - 10.0) / 4.0;
      if (gene % 4 == 3) x = u % 7 == 0 ? 1.0 : 0.0;
    }
  }
  return made;
}

std::unique_ptr<CellFile> file_of(const Matrix<double>& x, bool is_sparse = true,
                                  bool is_wide = false) {
  CellsInMemory cells{.is_wide = is_wide};
  cells.x = {.n_rows = x.rows, .n_cols = x.cols, .is_sparse = is_sparse};
  if (!is_sparse) {
    cells.x.values = x.values;
    return cells_in_memory(std::move(cells));
  }
  cells.x.row_begin = {0};
  for (std::size_t row = 0; row < x.rows; ++row) {
    for (std::uint32_t gene = 0; gene < x.cols; ++gene) {
      if (x(row, gene) == 0.0) continue;
      cells.x.values.push_back(x(row, gene));
      cells.x.columns.push_back(gene);
    }
    cells.x.row_begin.push_back(cells.x.values.size());
  }
  return cells_in_memory(std::move(cells));
}

DifferentialResult run(const Toy& toy,
                       const DifferentialOptions& options = {.scale = Scale::unknown},
                       unsigned n_threads = 1, bool is_sparse = true, bool is_wide = false) {
  const auto file = file_of(toy.x, is_sparse, is_wide);
  return differential_expression(file->matrix("X"), file->gene_ids(), toy.groups, "control",
                                 options, {.n_threads = n_threads});
}

/// Bit for bit, NaN included.
void expect_same(const DifferentialResult& a, const DifferentialResult& b) {
  ASSERT_EQ(a.groups, b.groups);
  EXPECT_EQ(a.n_cells, b.n_cells);
  EXPECT_EQ(a.n_reference, b.n_reference);
  const auto same = [](const Matrix<double>& left, const Matrix<double>& right) {
    return left.values.size() == right.values.size() &&
           std::memcmp(left.values.data(), right.values.data(),
                       left.values.size() * sizeof(double)) == 0;
  };
  EXPECT_TRUE(same(a.statistic, b.statistic));
  EXPECT_TRUE(same(a.p_value, b.p_value));
  EXPECT_TRUE(same(a.p_adjusted, b.p_adjusted));
  EXPECT_TRUE(same(a.log2_fold_change, b.log2_fold_change));
  EXPECT_TRUE(same(a.mean_group, b.mean_group));
  EXPECT_TRUE(same(a.mean_reference, b.mean_reference));
}

/// U and p by counting pairs.
std::pair<double, double> naive(const Toy& toy, std::size_t gene, std::uint32_t group, bool rest) {
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t cell = 0; cell < toy.x.rows; ++cell) {
    const auto code = toy.groups.code[cell];
    if (code == group) a.push_back(toy.x(cell, gene));
    if (rest ? code != group && code != Categories::kMissing : code == 1) {
      b.push_back(toy.x(cell, gene));
    }
  }
  double u = 0.0;
  for (const double left : a) {
    for (const double right : b) u += left > right ? 1.0 : left == right ? 0.5 : 0.0;
  }
  std::map<double, double> runs;
  for (const double value : a) ++runs[value];
  for (const double value : b) ++runs[value];
  double ties = 0.0;
  for (const auto& [value, t] : runs) ties += t * t * t - t;
  const auto n1 = static_cast<double>(a.size());
  const auto n2 = static_cast<double>(b.size());
  const double n = n1 + n2;
  const double s = std::sqrt(n1 * n2 / 12.0 * (n + 1.0 - ties / (n * (n - 1.0))));
  const double z = (std::abs(u - n1 * n2 / 2.0) - 0.5) / s;
  return {u, runs.size() == 1 ? 1.0 : std::min(1.0, std::erfc(z / std::sqrt(2.0)))};
}

TEST(Differential, EqualsCountingPairs) {
  for (const std::size_t n_genes : {1, 2, 7, 8, 9, 17}) {
    const Toy cells = toy(300, n_genes);
    for (const bool rest : {false, true}) {
      const auto result = run(cells, {.scale = Scale::unknown, .against_rest = rest}, 2);
      EXPECT_EQ(result.groups, rest ? (std::vector<std::string>{"a", "control", "b", "c"})
                                    : (std::vector<std::string>{"a", "b", "c"}));
      for (std::size_t g = 0; g < result.groups.size(); ++g) {
        const auto level = static_cast<std::uint32_t>(
            std::ranges::find(cells.groups.levels, result.groups[g]) - cells.groups.levels.begin());
        for (std::size_t gene = 0; gene < n_genes; ++gene) {
          const auto [u, p] = naive(cells, gene, level, rest);
          EXPECT_EQ(result.statistic(g, gene), u) << g << " " << gene;
          EXPECT_NEAR(std::log(result.p_value(g, gene)), std::log(p), 1e-9) << g << " " << gene;
        }
      }
    }
  }
}

TEST(Differential, SameForEveryMemoryThreadsAndLayout) {
  // more cells than a block of the reader, more genes than a range of the buckets
  const Toy cells = toy(17000, 11);
  const Toy wide = toy(40, 1100);
  for (const Toy* one : {&cells, &wide}) {
    for (const auto test : {DifferentialTest::mann_whitney, DifferentialTest::welch}) {
      DifferentialOptions options{.test = test, .scale = Scale::unknown};
      const auto expected = run(*one, options);
      EXPECT_EQ(expected.n_passes, 1U);
      for (const unsigned threads : {2U, 5U}) expect_same(expected, run(*one, options, threads));
      expect_same(expected, run(*one, options, 2, false));
      expect_same(expected, run(*one, options, 2, true, true));
      std::size_t most_passes = 0;
      for (const std::size_t chunks : {1, 3, 100, 400, 1500}) {
        options.memory_bytes = (std::size_t{1} << 20) + chunks * 256 * 6;
        const auto found = run(*one, options, 2, chunks % 2 == 0);
        most_passes = std::max(most_passes, found.n_passes);
        expect_same(expected, found);
      }
      EXPECT_EQ(most_passes, one->x.cols);  // one gene at a time
    }
  }
}

TEST(Differential, ChunksOfAGeneAreWholeAtTheirBorders) {
  constexpr std::size_t kChunk = GeneBuckets<float, std::uint16_t>::kChunk;
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, kChunk - 1, kChunk, kChunk + 1,
                              2 * kChunk, 2 * kChunk + 1}) {
    GeneBuckets<float, std::uint16_t> buckets(3, 6, std::size_t{1} << 20);
    std::vector<std::uint16_t> group(n);
    CellBlock<float> block{.n_rows = n, .n_cols = 8, .is_sparse = false};
    block.values.assign(n * 8, -1.0F);
    for (std::size_t row = 0; row < n; ++row) {
      group[row] = static_cast<std::uint16_t>(row % 7);
      block.values[row * 8 + 4] = static_cast<float>(row + 1);
    }
    buckets.add(block, group, {.n_threads = 2});
    LabelledKeys<std::uint32_t, std::uint16_t> entries;
    buckets.gather(4, entries);
    ASSERT_EQ(entries.keys.size(), n);
    for (std::size_t row = 0; row < n; ++row) {
      EXPECT_EQ(value_of_key<float>(entries.keys[row]), static_cast<float>(row + 1));
      EXPECT_EQ(entries.labels[row], row % 7);
    }
  }
}

TEST(Differential, OrderOfCellsAndNamesOfGroupsChangeNothing) {
  const Toy cells = toy(200, 9);
  const auto expected = run(cells);
  Toy other = cells;
  std::vector<std::size_t> order(cells.x.rows);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [](std::size_t i) { return mixed(static_cast<std::uint32_t>(i)); });
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::ranges::copy(cells.x.row(order[i]), other.x.row(i).begin());
    other.groups.code[i] = cells.groups.code[order[i]];
  }
  const auto found = run(other);
  EXPECT_EQ(expected.statistic.values, found.statistic.values);  // whole numbers: exactly
  EXPECT_EQ(expected.p_value.values, found.p_value.values);
}

TEST(Differential, NanTouchesOnlyWhatItIsIn) {
  Toy cells = toy(100, 5);
  cells.x(0, 1) = kNaN;  // a cell of "a"
  cells.x(1, 2) = kNaN;  // a cell of the reference
  const auto result = run(cells);
  EXPECT_EQ(result.values.n_nan, 2U);
  for (std::size_t g = 0; g < 3; ++g) {
    EXPECT_EQ(std::isnan(result.p_value(g, 1)), g == 0);
    EXPECT_TRUE(std::isnan(result.statistic(g, 2)));
    EXPECT_FALSE(std::isnan(result.p_value(g, 0)));
    // four genes are tested for "b", three for "a"
    EXPECT_EQ(std::isnan(result.p_adjusted(g, 1)), g == 0);
  }
  const auto rest = run(cells, {.scale = Scale::unknown, .against_rest = true});
  for (std::size_t g = 0; g < 4; ++g) EXPECT_TRUE(std::isnan(rest.p_value(g, 1)));
}

TEST(Differential, InfiniteValuesHaveRanks) {
  Toy cells{.x = Matrix<double>(4, 1)};
  cells.groups.code = {0, 0, 1, 1};
  const double infinity = std::numeric_limits<double>::infinity();
  cells.x.values = {infinity, 2.0, -infinity, 1.0};
  EXPECT_EQ(run(cells).statistic(0, 0), 4.0);
}

TEST(Differential, ManyGroups) {
  // more groups than 16 bits number; every group one cell above the reference
  constexpr std::size_t kGroups = 70000;
  Toy cells{.x = Matrix<double>(kGroups + 2, 1)};
  cells.groups.levels = {"control"};
  cells.groups.code = {0, 0};
  for (std::uint32_t g = 1; g <= kGroups; ++g) {
    cells.groups.levels.push_back("g" + std::to_string(g));
    cells.groups.code.push_back(g);
    cells.x(g + 1, 0) = g % 2 == 0 ? 1.0 : -1.0;
  }
  const auto result = run(cells);
  ASSERT_EQ(result.groups.size(), kGroups);
  for (std::size_t g = 0; g < kGroups; ++g) {
    ASSERT_EQ(result.statistic(g, 0), (g + 1) % 2 == 0 ? 2.0 : 0.0);
  }
}

TEST(Differential, RestOfMostlyOneGroupIsExact) {
  // the rest is 1e-9 of the whole: differences of sums would lose it
  Toy cells{.x = Matrix<double>(6, 1)};
  cells.groups.code = {0, 0, 0, 3, 3, 3};
  cells.x.values = {1e12, 3e12, 2e12, 1.0, 2.0, 4.0};
  const auto result =
      run(cells, {.test = DifferentialTest::welch, .scale = Scale::counts, .against_rest = true}, 1,
          true, true);
  EXPECT_EQ(result.mean_reference(0, 0), 7.0 / 3.0);
  EXPECT_EQ(result.mean_group(1, 0), 7.0 / 3.0);
}

TEST(Differential, ZeroOverZeroIsNoChange) {
  Toy cells{.x = Matrix<double>(4, 3)};
  cells.groups.code = {0, 0, 1, 1};
  cells.x.values = {0, 1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 2};
  const auto result = run(cells, {.scale = Scale::log1p});
  EXPECT_EQ(result.log2_fold_change(0, 0), 0.0);
  EXPECT_EQ(result.log2_fold_change(0, 1), std::numeric_limits<double>::infinity());
  EXPECT_EQ(result.log2_fold_change(0, 2), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(result.p_value(0, 0), 1.0);
  EXPECT_TRUE(std::isnan(run(cells, {.continuity = false}).p_value(0, 0)));
}

TEST(Differential, RefusesWhatDoesNotFit) {
  Toy cells = toy(50, 4);
  EXPECT_THROW(run(cells, {.scale = Scale::log1p}), Error);   // negative values
  EXPECT_THROW(run(cells, {.scale = Scale::counts}), Error);  // the same
  cells.x = Matrix<double>(50, 4, 31.0);
  EXPECT_THROW(run(cells, {.scale = Scale::log1p}), Error);  // 10^13 counts
  const auto file = file_of(cells.x);
  try {
    differential_expression(file->matrix("X"), file->gene_ids(), cells.groups, "contrl", {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.hint(), testing::HasSubstr("control"));
  }
  EXPECT_THROW(
      differential_expression(file->matrix("X"), file->gene_ids(), cells.groups, "nobody", {}, {}),
      Error);
}

TEST(Differential, ContextsAreOnTheirOwn) {
  const Toy cells = toy(300, 3);
  const auto file = file_of(cells.x);
  Categories contexts{.name = "line", .levels = {"one", "two", "bare"}};
  for (std::size_t i = 0; i < 300; ++i) contexts.code.push_back(i < 120 ? 0 : 1);
  contexts.code[0] = 2;
  std::vector<std::string> left_out;
  const auto results = differential_expression_by_context(file->matrix("X"), file->gene_ids(),
                                                          cells.groups, contexts, "control",
                                                          {.scale = Scale::unknown}, left_out, {});
  EXPECT_THAT(left_out, testing::ElementsAre("bare"));
  ASSERT_EQ(results.size(), 2U);
  Toy second = cells;
  for (std::size_t i = 0; i < 300; ++i) {
    if (contexts.code[i] != 1) second.groups.code[i] = Categories::kMissing;
  }
  EXPECT_EQ(results[1].context, "two");
  expect_same(results[1].result, run(second));
}

TEST(Differential, TableHasARowPerPerturbationAndGene) {
  Toy cells{.x = Matrix<double>(4, 2)};
  cells.groups.levels = {"a,b", "control"};
  cells.groups.code = {0, 0, 1, 1};
  cells.x.values = {1, 0, 1, 0, 0, 0, 0, 0};
  const auto result = run(cells, {.continuity = false, .scale = Scale::counts});
  const auto folder = std::filesystem::temp_directory_path() / "cupel_differential_test";
  std::filesystem::create_directories(folder);
  const std::string header =
      "perturbation,gene,statistic,p_value,p_adjusted,log2_fold_change,mean_perturbed,"
      "mean_reference\n";
  const auto written = [&](const std::string& name, const DifferentialCsvOptions& options) {
    write_differential_csv(folder / name, {{"k", result}}, options, {.n_threads = 2});
    return decompressed(read_bytes(folder / name), name);
  };
  const std::string all = written("all.csv", {});
  EXPECT_THAT(all, testing::StartsWith(header + "\"a,b\",0,4,0.08326"));
  EXPECT_THAT(all, testing::EndsWith(",inf,1,0\n\"a,b\",1,2,,,0,0,0\n"));  // NaN: empty
  EXPECT_EQ(written("none.csv", {.significant = 0.05}), header);
  EXPECT_THAT(written("all.csv.gz", {.with_context = true}),
              testing::StartsWith("context," + header));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cupel::perturbation

// Differential expression against SciPy; see make_differential.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "area/perturbation/differential.hpp"

namespace cupel::perturbation {
namespace {

const nlohmann::json& golden() {
  static const nlohmann::json kGolden = [] {
    std::ifstream file(CUPEL_TEST_DATA "/golden/area/differential.json");
    return nlohmann::json::parse(file);
  }();
  return kGolden;
}

double number(const nlohmann::json& item) {
  if (item.is_number()) return item.get<double>();
  const double infinity = std::numeric_limits<double>::infinity();
  if (item == "inf") return infinity;
  return item == "-inf" ? -infinity : std::numeric_limits<double>::quiet_NaN();
}

void expect_equal(double actual, double expected, double tolerance) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << actual;
  } else if (std::isinf(expected) || expected == 0.0) {
    EXPECT_EQ(actual, expected);
  } else {
    EXPECT_NEAR(actual, expected, tolerance * std::max(1.0, std::abs(expected)));
  }
}

void expect_p(double actual, double expected) {
  if (!(expected > 0.0)) return expect_equal(actual, expected, 0.0);
  const double log10_p = std::log10(expected);
  EXPECT_NEAR(std::log10(actual), log10_p, 1e-10 * std::max(1e-2, std::abs(log10_p)));
}

struct Generator {
  std::uint32_t state;
  std::uint32_t operator()() { return (state = state * 1664525U + 1013904223U) >> 8; }
};

double value(const std::string& kind, std::uint32_t draw, std::size_t group, std::size_t gene) {
  const auto u = static_cast<int>(draw);
  if (gene == 0) return 0.0;
  if (gene == 1) return kind != "counts" ? 2.5 : 3.0;
  if (gene == 2) return static_cast<double>(group);
  const int shift = gene % 3 == 0 ? static_cast<int>(group) : 0;
  if (kind == "counts") return std::max(0, u % 13 - 8 + shift);
  if (kind == "log") return std::max(0, u % 1000 - 500 + 100 * shift) / 256.0;
  if (kind == "signed") return u % 5 < 3 ? (u % 41 - 20) / 8.0 : 0.0;
  if (kind == "sparse") return u % 37 == 0 ? 1 + u % 3 : 0;
  if (kind == "smooth") return (u >> 4) / 262144.0 + shift;
  return (u >> 4) / 1048576.0 + 2.0 * static_cast<double>(group);  // apart
}

struct Cells {
  std::unique_ptr<CellFile> file;
  Categories groups;
};

Cells draw(const nlohmann::json& item, bool is_sparse, bool is_wide) {
  Generator next{item["seed"].get<std::uint32_t>()};
  const auto n_genes = item["n_genes"].get<std::size_t>();
  const auto kind = item["kind"].get<std::string>();
  CellsInMemory cells{.is_wide = is_wide};
  cells.x.n_cols = n_genes;
  cells.x.is_sparse = is_sparse;
  cells.x.row_begin = {0};
  Categories groups{.name = "group"};
  const auto sizes = item["sizes"].get<std::vector<std::size_t>>();
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    groups.levels.push_back("g" + std::to_string(g));
    for (std::size_t i = 0; i < sizes[g]; ++i) {
      groups.code.push_back(static_cast<std::uint32_t>(g));
      for (std::uint32_t gene = 0; gene < n_genes; ++gene) {
        const double x = value(kind, next(), g, gene);
        if (is_sparse && x == 0.0) continue;
        cells.x.values.push_back(x);
        if (is_sparse) cells.x.columns.push_back(gene);
      }
      cells.x.row_begin.push_back(cells.x.values.size());
    }
  }
  cells.x.n_rows = groups.code.size();
  return {cells_in_memory(std::move(cells)), std::move(groups)};
}

DifferentialResult test(const Cells& cells, const DifferentialOptions& options) {
  return differential_expression(cells.file->matrix("X"), cells.file->gene_ids(), cells.groups,
                                 "g0", options, {.n_threads = 2});
}

TEST(DifferentialGolden, TestsEqualSciPy) {
  for (const auto& item : golden()["cases"]) {
    for (const bool is_sparse : {true, false}) {
      for (const bool is_wide : {true, false}) {
        const Cells cells = draw(item, is_sparse, is_wide);
        for (const auto& [name, rows] : item["tests"].items()) {
          DifferentialOptions options{.scale = Scale::unknown};
          if (name.starts_with("welch")) options.test = DifferentialTest::welch;
          options.tie_correction = name.find("_tied") != std::string::npos;
          options.continuity = name.find("_cc") != std::string::npos;
          options.against_rest = name.ends_with("rest");
          const DifferentialResult result = test(cells, options);
          ASSERT_EQ(result.groups.size(), rows.size());
          for (std::size_t g = 0; g < rows.size(); ++g) {
            for (std::size_t j = 0; j < result.genes.size(); ++j) {
              SCOPED_TRACE(item["name"].get<std::string>() + ", " + name + ", group " +
                           result.groups[g] + ", gene " + std::to_string(j));
              expect_equal(result.statistic(g, j), number(rows[g]["statistic"][j]), 1e-11);
              expect_p(result.p_value(g, j), number(rows[g]["p"][j]));
            }
          }
        }
      }
    }
  }
}

TEST(DifferentialGolden, FoldChangesArePdex) {
  std::size_t n_infinite = 0;
  for (const auto& item : golden()["cases"]) {
    if (!item.contains("folds")) continue;
    const Cells cells = draw(item, true, false);
    for (const auto& [name, rows] : item["folds"].items()) {
      DifferentialOptions options;
      options.scale = name.starts_with("log1p") ? Scale::log1p : Scale::counts;
      options.fold_change = name.find("geometric") != std::string::npos ? FoldChange::geometric
                                                                        : FoldChange::arithmetic;
      options.epsilon = std::stod(name.substr(name.rfind(' ')));
      const DifferentialResult result = test(cells, options);
      for (std::size_t g = 0; g < rows.size(); ++g) {
        for (std::size_t j = 0; j < result.genes.size(); ++j) {
          SCOPED_TRACE(item["name"].get<std::string>() + ", " + name + ", gene " +
                       std::to_string(j));
          const double expected = number(rows[g][j]);
          n_infinite += std::isinf(expected) ? 1 : 0;
          // a ratio of equal means is 0 up to the rounding of the sums
          EXPECT_TRUE(expected == result.log2_fold_change(g, j) ||
                      std::abs(expected - result.log2_fold_change(g, j)) < 1e-12)
              << expected << " " << result.log2_fold_change(g, j);
        }
      }
    }
  }
  EXPECT_GT(n_infinite, 0U);
}

TEST(DifferentialGolden, AdjustmentsAreSciPys) {
  for (const auto& item : golden()["adjust"]) {
    std::vector<double> p;
    for (const auto& entry : item["p"]) p.push_back(number(entry));
    for (const auto& [name, adjustment] : {std::pair{"bh", Adjustment::benjamini_hochberg},
                                           std::pair{"by", Adjustment::benjamini_yekutieli}}) {
      const auto adjusted = adjust(p, adjustment);
      for (std::size_t i = 0; i < p.size(); ++i) {
        SCOPED_TRACE(std::string(name) + " of " + std::to_string(p.size()) + ", " +
                     std::to_string(i));
        expect_equal(adjusted[i], number(item[name][i]), 1e-14);
      }
    }
    EXPECT_EQ(adjust({}, Adjustment::benjamini_yekutieli).size(), 0U);
  }
}

}  // namespace
}  // namespace cupel::perturbation

// The published areas of SPECTRA's rifampicin curves, from the authors' own table of results.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "io/csv.hpp"
#include "stat/auspc.hpp"

namespace cupel {
namespace {

Auspc area_of(const Table& table, const std::string& model) {
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    if (table.at("model").as_text(row) != model) continue;
    x.push_back(table.at("lambda_param").as_number(row));
    y.push_back(table.at("auc_mean").as_number(row));
  }
  return auspc(mean_points(x, y));
}

TEST(AuspcReal, RifampicinAreasToTheLastDigit) {
  const char* mirror = std::getenv("CUPEL_MIRROR");
  if (mirror == nullptr) GTEST_SKIP() << "CUPEL_MIRROR is not set";
  const auto file =
      std::filesystem::path(mirror) / "spectra" / "SPECTRA_Investigation" / "RIF_TEST_RESULT";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  const Table table = read_csv(file, {}, Context{});
  ASSERT_EQ(table.n_rows, 188U);
  EXPECT_EQ(area_of(table, "ESM2").area, 0.9060173349946328);
  EXPECT_EQ(area_of(table, "CNN").area, 0.8722416249214913);
  EXPECT_EQ(area_of(table, "ESM2-Finetuned").area, 0.7990967201407093);
  // Recomputed from the same table with plain Python: the weights' own error, and PertEval's.
  EXPECT_NEAR(area_of(table, "ESM2").standard_error, 0.00554271, 5e-9);
  EXPECT_NEAR(area_of(table, "ESM2").standard_error_perteval, 0.00292046, 5e-9);
}

}  // namespace
}  // namespace cupel

// Files of cells x genes that scipy, numpy and cmapPy wrote (make_cells.py), value by value.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cupel/error.hpp"
#include "io/cells.hpp"

namespace cupel {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

const std::string kFolder = std::string(CUPEL_TEST_DATA) + "/golden/io/cells/";

const Json& golden() {
  static const Json data = Json::parse(std::ifstream(kFolder + "cells.json"));
  return data;
}

/// All of X as rows of doubles; also checks that blocks are as they should be.
std::vector<std::vector<double>> rows_of(const CellFile& file) {
  std::vector<std::vector<double>> rows;
  file.matrix("X").stream({.max_block_rows = 4}, {}, [&](CellBlock<double>& block) {
    EXPECT_EQ(block.first_row, rows.size());
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      auto& row = rows.emplace_back(block.n_cols, 0.0);
      if (!block.is_sparse) {
        std::copy_n(block.values.data() + i * block.n_cols, block.n_cols, row.data());
        continue;
      }
      for (std::size_t k = block.row_begin[i]; k < block.row_begin[i + 1]; ++k) {
        if (k > block.row_begin[i]) {
          EXPECT_LT(block.columns[k - 1], block.columns[k]);
        }
        EXPECT_NE(block.values[k], 0.0);
        row[block.columns[k]] = block.values[k];
      }
    }
  });
  return rows;
}

Names with_ascii(Names names) {
  for (auto& name : names) {
    if (name == "Ünal") name = "Unal";
  }
  return names;
}

void expect_values(const CellFile& file, const Json& wanted) {
  const auto rows = rows_of(file);
  ASSERT_EQ(rows.size(), wanted.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) {
      if (wanted[i][j].is_null()) {
        EXPECT_TRUE(std::isnan(rows[i][j]));
      } else {
        EXPECT_EQ(rows[i][j], wanted[i][j].get<double>()) << i << ", " << j;
      }
    }
  }
}

TEST(CellsGolden, SciPyAndNumPyArchives) {
  for (const std::string name : {"csr", "csc", "coo", "dense"}) {
    SCOPED_TRACE(name);
    const auto file = open_cells(kFolder + name + ".npz", {});
    EXPECT_EQ(file->format(), "npz");
    expect_values(*file, golden()["counts"]);
    EXPECT_EQ(file->matrix("X").is_wide(), name == "csc" || name == "coo");
    if (name != "csr" && name != "dense") continue;  // names inside, or beside it
    EXPECT_EQ(file->cell_ids(), golden()["cells"].get<Names>());
    EXPECT_EQ(file->gene_ids(), golden()["genes"].get<Names>());
  }
  const auto csr = open_cells(kFolder + "csr.npz", {});
  EXPECT_EQ(csr->obs().at("perturbation").text(2), "KLF1+GATA1");
  EXPECT_EQ(csr->obs().at("n").integers[8], 8);
  EXPECT_EQ(csr->var().at("length").integers[5], 105);
}

TEST(CellsGolden, MatrixMarketInTheLayoutOf10x) {
  for (const std::string path : {"", "matrix.mtx"}) {
    const auto file = open_cells(kFolder + path, {});
    EXPECT_EQ(file->format(), "mtx");
    expect_values(*file, golden()["counts"]);
    EXPECT_EQ(file->cell_ids(), golden()["cells"].get<Names>());
    EXPECT_EQ(file->gene_ids(), golden()["genes"].get<Names>());  // symbols, as scanpy takes them
    EXPECT_EQ(file->var().at("id").text(4), "ENSG4");
    EXPECT_FALSE(file->matrix("X").is_wide());
  }
}

TEST(CellsGolden, GctAndGctxOfCmapPy) {
  for (const std::string name : {"cells.gct", "cells.gctx"}) {
    SCOPED_TRACE(name);
    const auto file = open_cells(kFolder + name, {});
    EXPECT_EQ(file->format(), name.substr(6));
    expect_values(*file, golden()["values"]);
    EXPECT_EQ(file->cell_ids(), golden()["cells"].get<Names>());
    EXPECT_EQ(file->gene_ids(), with_ascii(golden()["genes"].get<Names>()));
    const Categories labels = file->obs_categories("pert_iname");
    EXPECT_EQ(labels.levels, (Names{"KLF1", "KLF1+GATA1", "control"}));
    EXPECT_EQ(labels.code[5], 1U);
    const Column& dose = file->obs().at("pert_dose");
    EXPECT_TRUE(dose.is_missing(0));  // -666
    EXPECT_EQ(dose.as_number(1), 0.5);
    EXPECT_EQ(dose.as_number(2), 10.0);
    EXPECT_EQ(file->var().at("gene_id").as_text(1), "101");
  }
}

}  // namespace
}  // namespace cupel

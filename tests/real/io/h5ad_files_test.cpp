// Real .h5ad files of anndata 0.5 to 0.12: every matrix and every categorical column is what
// anndata reads. The constants come from h5ad_files.py beside this file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "io/cells.hpp"
#include "io/matrix_facts.hpp"

namespace cupel {
namespace {

struct MatrixSums {
  const char* path;
  std::size_t rows, cols;
  double sum;    ///< of all values
  double mixed;  ///< of value * ((col + 1) * (row + 1) % 1009): every value in its place
};
struct Labels {
  const char* column;
  std::size_t n_levels;
  const char* top;  ///< a most frequent level
  std::size_t n_top;
  const char* first;  ///< of the first cell
};
struct Expected {
  const char* file;
  std::size_t cells, genes;
  std::vector<MatrixSums> matrices;
  std::vector<Labels> labels;
  std::vector<std::pair<const char*, double>> column_sums;
};

const std::vector<Expected> kFiles = {
    {"anndata_formats/archives/v0.11.4/adata.h5ad", 10, 20, {}, {}, {}},
    {"anndata_formats/archives/v0.5.0/adata.h5ad",
     700,
     765,
     {{"X", 700, 765, -243.681057988666, -185186.25317545072},
      {"obsm/X_pca", 700, 50, 0.0018205521701020189, -28190.907996449998},
      {"obsm/X_umap", 700, 2, -2511.0751242837573, -925515.7501709141},
      {"raw/X", 700, 765, 319044.23824107647, 160751514.9326346}},
     {{"bulk_labels", 10, "Dendritic", 240, "CD14+ Monocyte"},
      {"phase", 3, "G1", 501, "G1"},
      {"louvain", 11, "0", 130, "1"}},
     {{"n_genes", 830061}}},
    {"anndata_formats/archives/v0.7.0/adata.h5ad",
     30,
     20,
     {{"X", 30, 20, 285.0, 45616.0},
      {"layers/array", 30, 20, 302.83045121571445, 47464.00685005254},
      {"layers/sparse", 30, 20, 3.466002232823232, 643.8277194577739},
      {"obsm/array", 30, 50, 756.3034526172002, 240783.65812312346},
      {"obsm/sparse", 30, 100, 14.079068111684565, 4304.703829994398},
      {"raw/X", 30, 40, 627.0, 178585.0}},
     {{"obs_cat", 22, "f", 3, "S"}, {"cat_ordered", 22, "F", 2, "w"}},
     {{"int64", -68}, {"float64", 16.58186297852975}, {"uint8", 3854}}},
    {"anndata_formats/archives/v0.7.8/adata.h5ad",
     30,
     20,
     {{"X", 30, 20, 302.0, 50844.0},
      {"layers/array", 30, 20, 293.43547196991756, 47749.54645570393},
      {"layers/sparse", 30, 20, 2.515832756134344, 265.9887114173349},
      {"obsm/array", 30, 50, 727.0482947967182, 234879.95979877483},
      {"obsm/sparse", 30, 100, 14.449397371804759, 5671.283502876303},
      {"raw/X", 30, 40, 568.0, 175796.0}},
     {{"obs_cat", 21, "b", 3, "h"}, {"cat_ordered", 24, "f", 3, "M"}},
     {{"int64", -159}, {"float64", 15.0905359156722}, {"uint8", 3844}}},
    {"lemur_glioblastoma/glioblastoma_panobinostat_300genes_counts.h5ad",
     5000,
     300,
     {{"X", 5000, 300, 5981290.0, 2986737684.0}},
     {{"patient_id", 5, "PW030", 1000, "PW030"},
      {"condition", 2, "ctrl", 2500, "ctrl"},
      {"location", 4, "right temporal", 2000, "right parietal"}},
     {{"age", 319000}}},
    {"perturbench/devel.h5ad",
     5961,
     500,
     {{"X", 5961, 500, 406134.54352438205, 204687325.15241838}},
     {{"condition", 34, "SGK1", 400, "KLF1+MAP2K6"},
      {"cell_type", 4, "k562", 3375, "k562"},
      {"condition_cell_type", 64, "BPGM+SAMD1_k562", 100, "KLF1+MAP2K6_k562"}},
     {{"ncounts", 55600441.0}, {"ngenes", 14741011}}},
    {"sceptre_papalexi/papalexi2021_lowmoi_299genes_counts.h5ad",
     16192,
     299,
     {{"X", 16192, 299, 3387496.0, 1706093340.0}},
     {{"perturbation", 26, "non-targeting", 1923, "STAT2"},
      {"guide", 106, "IFNGR2g1", 493, "STAT2g2"},
      {"bio_rep", 3, "rep_1", 6137, "rep_1"}},
     {{"grna_umi", 4202102}, {"grna_umi_fraction", 15277.04577624835}}},
    {"scperturb_datlinger/datlinger2021_tcr_2000genes_counts.h5ad",
     7500,
     2000,
     {{"X", 7500, 2000, 636558.0, 319337451.0}},
     {{"perturbation", 41, "DOK2_1", 200, "ZAP70_1"},
      {"perturbation_2", 2, "stimulated", 3859, "stimulated"},
      {"target", 21, "DOK2", 400, "ZAP70"}},
     {{"ncounts", 17487509}, {"ngenes", 4193801}}},
};

template <typename V>
std::pair<double, double> sums_of(const CellMatrix& matrix, const StreamOptions& options,
                                  unsigned n_threads) {
  const Context context{.n_threads = n_threads};
  double sum = 0.0;
  double mixed = 0.0;
  const auto add = [&](std::size_t row, std::size_t col, V value) {
    sum += static_cast<double>(value);
    mixed += static_cast<double>(value) * static_cast<double>((col + 1) * (row + 1) % 1009);
  };
  matrix.stream(options, context, std::function<void(CellBlock<V>&)>([&](CellBlock<V>& block) {
                  for (std::size_t i = 0; i < block.n_rows; ++i) {
                    const std::size_t row = block.first_row + i;
                    if (!block.is_sparse) {
                      for (std::size_t j = 0; j < block.n_cols; ++j) {
                        add(row, j, block.values[i * block.n_cols + j]);
                      }
                      continue;
                    }
                    for (auto k = block.row_begin[i]; k < block.row_begin[i + 1]; ++k) {
                      add(row, block.columns[k], block.values[k]);
                    }
                  }
                }));
  return {sum, mixed};
}

std::string mirror() {
  const char* path = std::getenv("CUPEL_MIRROR");
  return path == nullptr ? "" : std::string(path) + "/perturbation/";
}

TEST(RealH5ad, IsWhatAnndataReads) {
  if (mirror().empty()) GTEST_SKIP() << "CUPEL_MIRROR is not set";
  for (const auto& expected : kFiles) {
    SCOPED_TRACE(expected.file);
    const auto file = open_cells(mirror() + expected.file, {});
    EXPECT_EQ(file->n_cells(), expected.cells);
    EXPECT_EQ(file->n_genes(), expected.genes);
    EXPECT_EQ(file->matrices().size(), expected.matrices.size());
    for (const auto& want : expected.matrices) {
      SCOPED_TRACE(want.path);
      const CellMatrix& matrix = file->matrix(want.path);
      EXPECT_EQ(matrix.info().rows, want.rows);
      EXPECT_EQ(matrix.info().cols, want.cols);
      const double near = 1e-9 * static_cast<double>(want.rows * want.cols);
      const auto [sum, mixed] = sums_of<double>(matrix, {}, 1);
      EXPECT_NEAR(sum, want.sum, near);
      EXPECT_NEAR(mixed, want.mixed, near * 1009);
      const StreamOptions small{.memory_bytes = 1 << 16, .max_block_rows = 500};
      EXPECT_EQ(sums_of<double>(matrix, small, 3), (std::pair{sum, mixed}));
      if (!matrix.is_wide()) {
        EXPECT_EQ(sums_of<float>(matrix, small, 2), (std::pair{sum, mixed}));
      }
    }
    for (const auto& want : expected.labels) {
      SCOPED_TRACE(want.column);
      const Categories labels = file->obs_categories(want.column);
      ASSERT_EQ(labels.levels.size(), want.n_levels);
      EXPECT_EQ(labels.levels[labels.code.at(0)], want.first);
      const auto top = std::ranges::find(labels.levels, want.top) - labels.levels.begin();
      ASSERT_LT(static_cast<std::size_t>(top), want.n_levels);
      EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(labels.code, top)), want.n_top);
    }
    for (const auto& [name, want] : expected.column_sums) {
      const Column& column = file->obs().at(name);
      double sum = 0.0;
      for (std::size_t i = 0; i < column.size(); ++i) sum += column.as_number(i);
      EXPECT_NEAR(sum, want, 1e-9 * std::abs(want)) << name;
    }
  }
}

TEST(RealH5ad, LooksLikeWhatItIs) {
  if (mirror().empty()) GTEST_SKIP() << "CUPEL_MIRROR is not set";
  const auto scale_of = [](const char* name) {
    const auto file = open_cells(mirror() + name, {});
    return looks_like(measure(file->matrix("X"), 100'000, {})).scale;
  };
  EXPECT_EQ(scale_of("perturbench/devel.h5ad"), Scale::log1p);
  EXPECT_EQ(scale_of("sceptre_papalexi/papalexi2021_lowmoi_299genes_counts.h5ad"), Scale::counts);
  EXPECT_EQ(scale_of("anndata_formats/archives/v0.5.0/adata.h5ad"), Scale::unknown);
}

}  // namespace
}  // namespace cupel

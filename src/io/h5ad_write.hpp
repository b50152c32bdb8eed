#pragma once
/// Writes .h5ad files (encoding of anndata 0.8 and later) that scanpy and R open: dense or CSR X,
/// annotations, layers, obsm, and a flat `uns` of texts.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "cupel/table.hpp"
#include "io/cells.hpp"

namespace cupel {

struct H5adContent {
  std::vector<std::string> cell_ids;
  std::vector<std::string> gene_ids;
  Table obs;  ///< text columns become categoricals
  Table var;
  std::map<std::string, Matrix<double>> obsm;  ///< n_cells x d each
  std::map<std::string, std::string> uns;      ///< how it was made: parameters, conventions
};

struct H5adWriteOptions {
  int gzip_level = 4;   ///< 0 = not compressed
  bool float32 = true;  ///< type of the values; else float64
  std::size_t rows_per_chunk = 256;
};

/// X in blocks, in row order, dense or sparse as the first block is: `next` fills a block and
/// returns false at the end. Written beside `path` and renamed when complete. Throws Error{io}.
void write_h5ad(const std::filesystem::path& path, const H5adContent& content,
                const std::function<bool(CellBlock<double>&)>& next,
                const H5adWriteOptions& options, const Context& context);
/// All of X at once.
void write_h5ad(const std::filesystem::path& path, const H5adContent& content,
                const Matrix<double>& x, const H5adWriteOptions& options, const Context& context);

}  // namespace cupel

// Any sparse matrix that is written is read back, in blocks of any size and on any number of
// threads; by columns as by rows.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>

#include "../../unit/io/odd_h5ad.hpp"
#include "io/cells.hpp"
#include "io/h5ad_write.hpp"

namespace cupel {
namespace {

using test::OddFile;
using test::Packing;
using test::TemporaryPath;

struct Wanted {
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::vector<double> values;  ///< dense, row by row
};

Wanted any_matrix() {
  Wanted wanted;
  wanted.rows = *rc::gen::inRange<std::size_t>(0, 40);
  wanted.cols = *rc::gen::inRange<std::size_t>(1, 12);
  const auto picks =
      *rc::gen::container<std::vector<int>>(wanted.rows * wanted.cols, rc::gen::inRange(-40, 40));
  for (const int pick : picks) wanted.values.push_back(pick < 0 ? 0.0 : pick * 0.25);
  return wanted;
}

CellBlock<double> rows_of(const Wanted& wanted, std::size_t first, std::size_t last, bool sparse) {
  CellBlock<double> block{.first_row = first,
                          .n_rows = last - first,
                          .n_cols = wanted.cols,
                          .is_sparse = sparse,
                          .row_begin = {0},
                          .columns = {},
                          .values = {}};
  for (std::size_t i = first; i < last; ++i) {
    for (std::size_t j = 0; j < wanted.cols; ++j) {
      const double value = wanted.values[i * wanted.cols + j];
      if (sparse && value == 0.0) continue;
      if (sparse) block.columns.push_back(static_cast<std::uint32_t>(j));
      block.values.push_back(value);
    }
    if (sparse) block.row_begin.push_back(block.values.size());
  }
  return block;
}

template <typename V>
std::vector<double> read(const CellMatrix& matrix, const StreamOptions& options,
                         unsigned n_threads) {
  std::vector<double> all(matrix.info().rows * matrix.info().cols, 0.0);
  const Context context{.n_threads = n_threads};
  matrix.stream(options, context, std::function<void(CellBlock<V>&)>([&](CellBlock<V>& block) {
                  double* out = all.data() + block.first_row * block.n_cols;
                  if (!block.is_sparse) std::ranges::copy(block.values, out);
                  for (std::size_t i = 0; block.is_sparse && i < block.n_rows; ++i) {
                    for (auto k = block.row_begin[i]; k < block.row_begin[i + 1]; ++k) {
                      out[i * block.n_cols + block.columns[k]] =
                          static_cast<double>(block.values[k]);
                    }
                  }
                }));
  return all;
}

StreamOptions any_options() {
  return {.memory_bytes = *rc::gen::inRange<std::size_t>(0, 3000),
          .max_block_rows = *rc::gen::inRange<std::size_t>(0, 50)};
}

void expect_equal(const CellFile& file, const Wanted& wanted) {
  const CellMatrix& matrix = file.matrix("X");
  RC_ASSERT(matrix.info().rows == wanted.rows);
  const unsigned n_threads = *rc::gen::inRange(1U, 4U);
  RC_ASSERT(read<double>(matrix, any_options(), n_threads) == wanted.values);
  RC_ASSERT(read<float>(matrix, any_options(), n_threads) == wanted.values);
}

RC_GTEST_PROP(H5adProperty, WrittenIsRead, ()) {
  const Wanted wanted = any_matrix();
  const bool sparse = *rc::gen::arbitrary<bool>();
  H5adContent content;
  for (std::size_t i = 0; i < wanted.rows; ++i) content.cell_ids.push_back(std::to_string(i));
  for (std::size_t j = 0; j < wanted.cols; ++j) content.gene_ids.push_back(std::to_string(j));
  const std::size_t step = *rc::gen::inRange<std::size_t>(1, 20);
  std::size_t next = 0;
  const TemporaryPath path;
  write_h5ad(path, content,
             [&](CellBlock<double>& block) {
               if (next >= wanted.rows) return false;
               const std::size_t last = std::min(wanted.rows, next + step);
               block = rows_of(wanted, next, last, sparse);
               next = last;
               return true;
             },
             {.gzip_level = *rc::gen::element(0, 1, 6),
              .float32 = *rc::gen::arbitrary<bool>(),
              .rows_per_chunk = *rc::gen::inRange<std::size_t>(1, 9)},
             {});
  expect_equal(*open_cells(path, {}), wanted);
}

// Indices in any order, some entries in two parts, some zeros stored.
RC_GTEST_PROP(H5adProperty, ByColumnsIsByRows, ()) {
  const Wanted wanted = any_matrix();
  const bool by_row = *rc::gen::arbitrary<bool>();
  const std::size_t n_major = by_row ? wanted.rows : wanted.cols;
  const std::size_t n_minor = by_row ? wanted.cols : wanted.rows;
  std::vector<std::int64_t> indptr = {0};
  std::vector<std::int32_t> indices;
  std::vector<double> data;
  for (std::size_t i = 0; i < n_major; ++i) {
    for (std::size_t k = 0; k < n_minor; ++k) {
      const std::size_t j = n_minor - 1 - k;
      const double value =
          by_row ? wanted.values[i * wanted.cols + j] : wanted.values[j * wanted.cols + i];
      const int parts = *rc::gen::weightedElement<int>({{8, 1}, {1, 2}});
      if (value == 0.0 && parts == 1) continue;
      for (int part = 0; part < parts; ++part) {
        indices.push_back(static_cast<std::int32_t>(j));
        data.push_back(value / parts);
      }
    }
    indptr.push_back(static_cast<std::int64_t>(data.size()));
  }
  const TemporaryPath path;
  {
    OddFile file(path);
    file.names("obs", wanted.rows, "c");
    file.names("var", wanted.cols, "g");
    file.sparse("X", by_row ? "csr_matrix" : "csc_matrix", static_cast<std::int64_t>(wanted.rows),
                static_cast<std::int64_t>(wanted.cols));
    const Packing packing =
        *rc::gen::element(Packing::none, Packing::shuffle_gzip, Packing::lzf, Packing::blosc);
    const std::vector<hsize_t> chunk = {*rc::gen::inRange<hsize_t>(1, 30)};
    file.numbers("X/indptr", indptr);
    file.numbers("X/indices", indices, {}, chunk, packing);
    file.numbers("X/data", data, {}, chunk, packing);
  }
  expect_equal(*open_cells(path, {}), wanted);
}

}  // namespace
}  // namespace cupel

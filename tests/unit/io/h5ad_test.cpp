// .h5ad files: every layout, type and filter gives the same numbers; annotations of every version;
// what is broken is an Error that says where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <thread>

#include "cupel/error.hpp"
#include "io/cell_openers.hpp"
#include "io/cells.hpp"
#include "odd_h5ad.hpp"

// libhdf5 1.10 loses a few bytes of its own on broken files.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

namespace cupel {
namespace {

using test::OddFile;
using test::Packing;
using test::TemporaryPath;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;

constexpr std::size_t kRows = 23;
constexpr std::size_t kCols = 7;

// Small whole numbers, half of them zero, one row empty.
double value_at(std::size_t row, std::size_t col) {
  if (row == 5 || (row * 3 + col * 5) % 2 == 0) return 0.0;
  return static_cast<double>((row * 7 + col * 11) % 100 + 1);
}

Numbers expected() {
  Numbers values;
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kCols; ++j) values.push_back(value_at(i, j));
  }
  return values;
}

struct Sparse {
  std::vector<std::int64_t> indptr = {0};
  std::vector<std::int32_t> indices;
  std::vector<float> data;
};

Sparse sparse_of(bool by_row) {
  Sparse result;
  for (std::size_t i = 0; i < (by_row ? kRows : kCols); ++i) {
    for (std::size_t j = 0; j < (by_row ? kCols : kRows); ++j) {
      const double value = by_row ? value_at(i, j) : value_at(j, i);
      if (value == 0.0) continue;
      result.indices.push_back(static_cast<std::int32_t>(j));
      result.data.push_back(static_cast<float>(value));
    }
    result.indptr.push_back(static_cast<std::int64_t>(result.data.size()));
  }
  return result;
}

template <typename V = double>
Numbers dense_of(const CellMatrix& matrix, const StreamOptions& options = {},
                 unsigned n_threads = 2) {
  const Context context{.n_threads = n_threads};
  const std::size_t n_cols = matrix.info().cols;
  Numbers all;
  std::size_t next = options.first_row;
  matrix.stream(
      options, context, std::function<void(CellBlock<V>&)>([&](CellBlock<V>& block) {
        EXPECT_EQ(block.first_row, next);
        EXPECT_EQ(block.n_cols, n_cols);
        next += block.n_rows;
        const std::size_t begin = all.size();
        all.resize(begin + block.n_rows * n_cols, 0.0);
        if (!block.is_sparse) {
          ASSERT_EQ(block.values.size(), block.n_rows * n_cols);
          std::ranges::copy(block.values, all.begin() + static_cast<long>(begin));
          return;
        }
        ASSERT_EQ(block.row_begin.size(), block.n_rows + 1);
        ASSERT_EQ(block.row_begin.back(), block.columns.size());
        ASSERT_EQ(block.values.size(), block.columns.size());
        for (std::size_t row = 0; row < block.n_rows; ++row) {
          for (auto k = block.row_begin[row]; k < block.row_begin[row + 1]; ++k) {
            EXPECT_TRUE(k == block.row_begin[row] || block.columns[k - 1] < block.columns[k]);
            EXPECT_NE(block.values[k], V{0});
            all[begin + row * n_cols + block.columns[k]] = static_cast<double>(block.values[k]);
          }
        }
      }));
  return all;
}

void frames(OddFile& file, std::size_t n_rows = kRows, std::size_t n_cols = kCols) {
  file.names("obs", n_rows, "cell");
  file.names("var", n_cols, "gene");
}

// A file with a CSR X that `change` may spoil before it is written.
void write_csr(const std::filesystem::path& path, const std::function<void(Sparse&)>& change = {},
               Packing packing = Packing::none, std::vector<hsize_t> chunk = {}) {
  Sparse x = sparse_of(true);
  if (change) change(x);
  OddFile file(path);
  frames(file);
  file.sparse("X", "csr_matrix", kRows, kCols);
  file.numbers("X/indptr", x.indptr);
  file.numbers("X/indices", x.indices, {}, chunk, packing);
  file.numbers("X/data", x.data, {}, chunk, packing);
}

std::unique_ptr<CellFile> open(const std::filesystem::path& path) { return open_cells(path, {}); }

// The message of the Error{input} that opening or reading X gives.
std::string problem_of(const std::filesystem::path& path) {
  try {
    dense_of(open(path)->matrix("X"));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_EQ(error.where().file, path.string());
    return error.message() + " | " + error.hint();
  }
  return "no error";
}

TEST(H5adMatrix, EveryPackingGivesTheSameNumbers) {
  for (const Packing packing :
       {Packing::none, Packing::gzip, Packing::shuffle_gzip, Packing::fletcher,
        Packing::gzip_fletcher, Packing::lzf, Packing::zstd, Packing::blosc, Packing::skipped}) {
    for (const hsize_t chunk : {hsize_t{1}, hsize_t{16}, hsize_t{500}}) {
      SCOPED_TRACE(static_cast<int>(packing));
      const TemporaryPath path;
      write_csr(path, {}, packing, {chunk});
      const auto file = open(path);
      EXPECT_EQ(dense_of(file->matrix("X")), expected());
      EXPECT_EQ(dense_of<float>(file->matrix("X"), {.max_block_rows = 4}), expected());
      EXPECT_EQ(dense_of<float>(file->matrix("X"), {.max_block_rows = 1}, 1), expected());
    }
  }
}

TEST(H5adMatrix, CompressionIsNamed) {
  const TemporaryPath path;
  write_csr(path, {}, Packing::shuffle_gzip, {16});
  const auto file = open(path);
  const MatrixInfo& info = file->matrices().at(0);
  EXPECT_EQ(info.path, "X");
  EXPECT_EQ(info.layout, MatrixLayout::csr);
  EXPECT_EQ(info.compression, "gzip+shuffle");
  EXPECT_EQ(info.type, "float32");
  EXPECT_EQ(info.n_stored, sparse_of(true).data.size());
  EXPECT_GT(info.bytes_on_disk, 0U);
}

template <typename T>
void expect_dense(hid_t stored, const std::string& name, bool is_wide) {
  SCOPED_TRACE(name);
  const Numbers values = expected();
  for (const std::vector<hsize_t>& chunk :
       {std::vector<hsize_t>{}, std::vector<hsize_t>{4, 3}, std::vector<hsize_t>{40, 7}}) {
    const TemporaryPath path;
    {
      OddFile file(path);
      frames(file);
      file.numbers("X", std::vector<T>(values.begin(), values.end()), {kRows, kCols}, chunk,
                   chunk.empty() ? Packing::none : Packing::gzip, stored);
    }
    const auto opened = open(path);
    const CellMatrix& x = opened->matrix("X");
    EXPECT_EQ(x.info().type, name);
    EXPECT_EQ(x.info().layout, MatrixLayout::dense);
    EXPECT_EQ(x.is_wide(), is_wide);
    EXPECT_EQ(dense_of(x), values);
    EXPECT_EQ(dense_of<float>(x, {.max_block_rows = 5}), values);
    EXPECT_EQ(dense_of(x, {.memory_bytes = 100}), values);
    EXPECT_EQ(dense_of(x, {.first_row = 3, .n_rows = 9, .max_block_rows = 2}),
              Numbers(values.begin() + 3 * kCols, values.begin() + 12 * kCols));
  }
}

TEST(H5adMatrix, EveryTypeOfNumber) {
  const hid_t half = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  expect_dense<float>(half, "float16", false);
  expect_dense<float>(H5T_IEEE_F32LE, "float32", false);
  expect_dense<float>(H5T_IEEE_F32BE, "float32", false);
  expect_dense<double>(H5T_IEEE_F64LE, "float64", true);
  expect_dense<double>(H5T_IEEE_F64BE, "float64", true);
  expect_dense<int>(H5T_STD_I8LE, "int8", false);
  expect_dense<int>(H5T_STD_I16BE, "int16", false);
  expect_dense<int>(H5T_STD_I32LE, "int32", true);
  expect_dense<int>(H5T_STD_I64BE, "int64", true);
  expect_dense<int>(H5T_STD_U8LE, "uint8", false);
  expect_dense<int>(H5T_STD_U16LE, "uint16", false);
  expect_dense<int>(H5T_STD_U32BE, "uint32", true);
  expect_dense<int>(H5T_STD_U64LE, "uint64", true);
  H5Tclose(half);
}

TEST(H5adMatrix, HalfPrecisionIsExact) {
  const hid_t half = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> values = {0.5F, -1.5F, 65504.0F, 6.103515625e-5F, 5.9604644775390625e-8F,
                                     inf,  -inf};
  const TemporaryPath path;
  {
    OddFile file(path);
    frames(file, 1);
    file.numbers("X", values, {1, kCols}, {}, Packing::none, half);
  }
  H5Tclose(half);
  EXPECT_EQ(dense_of(open(path)->matrix("X")), Numbers(values.begin(), values.end()));
}

TEST(H5adMatrix, IndicesOfEveryIntegerType) {
  const Sparse x = sparse_of(true);
  for (const hid_t type : {H5T_STD_I64LE, H5T_STD_U8LE, H5T_STD_I32BE, H5T_STD_U64BE}) {
    const TemporaryPath path;
    {
      OddFile file(path);
      frames(file);
      file.sparse("X", "csr_matrix", kRows, kCols);
      file.numbers("X/indptr", x.indptr, {}, {}, Packing::none, H5T_STD_I32LE);
      file.numbers("X/indices", x.indices, {}, {8}, Packing::gzip, type);
      file.numbers("X/data", x.data);
    }
    EXPECT_EQ(dense_of(open(path)->matrix("X")), expected());
  }
}

TEST(H5adMatrix, UnsortedDoubleAndZeroValues) {
  const TemporaryPath path;
  {
    OddFile file(path);
    frames(file, 3, 4);
    file.sparse("X", "csr_matrix", 3, 4);
    file.numbers<std::int64_t>("X/indptr", {0, 4, 6, 9});
    file.numbers<std::int32_t>("X/indices", {3, 0, 3, 1, 2, 2, 1, 1, 0});
    file.numbers<float>("X/data", {1, 2, 4, 0, 5, -5, 1, 2, 3});
  }
  EXPECT_EQ(dense_of(open(path)->matrix("X")), (Numbers{2, 0, 0, 5, 0, 0, 0, 0, 3, 3, 0, 0}));
}

TEST(H5adMatrix, CscIsCsrInAnyMemory) {
  const Sparse x = sparse_of(false);
  const TemporaryPath path;
  {
    OddFile file(path);
    frames(file);
    file.sparse("X", "csc_matrix", kRows, kCols);
    file.numbers("X/indptr", x.indptr);
    file.numbers("X/indices", x.indices, {}, {8}, Packing::gzip);
    file.numbers("X/data", x.data, {}, {8}, Packing::gzip);
  }
  const auto file = open(path);
  const CellMatrix& matrix = file->matrix("X");
  EXPECT_EQ(matrix.info().layout, MatrixLayout::csc);
  EXPECT_EQ(dense_of(matrix), expected());
  for (const std::size_t memory : {1UL, 200UL, 1000UL, 5000UL}) {
    for (const unsigned n_threads : {1U, 3U}) {
      EXPECT_EQ(dense_of(matrix, {.memory_bytes = memory}, n_threads), expected());
      EXPECT_EQ(dense_of<float>(matrix, {.memory_bytes = memory, .max_block_rows = 3}, n_threads),
                expected());
    }
  }
  const Numbers all = expected();
  EXPECT_EQ(dense_of(matrix, {.memory_bytes = 300, .first_row = 4, .n_rows = 6}),
            Numbers(all.begin() + 4 * kCols, all.begin() + 10 * kCols));
}

TEST(H5adMatrix, OldSparseFormatAndRawAtTheRoot) {
  const Sparse x = sparse_of(true);
  const TemporaryPath path;
  {
    OddFile file(path);
    frames(file);
    file.names("raw.var", kCols, "raw");
    for (const std::string name : {"X", "raw.X"}) {
      file.group(name);
      file.attribute(name, "h5sparse_format", std::string("csr"));
      file.attribute(name, "h5sparse_shape", std::vector<std::int64_t>{kRows, kCols});
      file.numbers(name + "/indptr", x.indptr);
      file.numbers(name + "/indices", x.indices);
      file.numbers(name + "/data", x.data);
    }
  }
  const auto file = open(path);
  EXPECT_EQ(dense_of(file->matrix("X")), expected());
  EXPECT_EQ(dense_of(file->matrix("raw")), expected());
  EXPECT_EQ(dense_of(file->matrix("raw/X")), expected());
  EXPECT_EQ(file->raw_gene_ids().at(1), "raw1");
}

TEST(H5adMatrix, FoundByShortNames) {
  const TemporaryPath path;
  {
    OddFile file(path);
    frames(file, 2, 2);
    for (const std::string name : {"layers", "obsm"}) file.group(name);
    file.numbers<double>("layers/counts", {1, 2, 3, 4}, {2, 2});
    file.numbers<double>("obsm/X_pca", {1, 2, 3, 4, 5, 6}, {2, 3});
    file.group("obsm/frame");
  }
  const auto file = open(path);
  EXPECT_EQ(dense_of(file->matrix("counts")), (Numbers{1, 2, 3, 4}));
  EXPECT_EQ(dense_of(file->matrix("X_pca")), (Numbers{1, 2, 3, 4, 5, 6}));
  EXPECT_NE(file->diagnostics().find("matrix_left_out"), nullptr);
  EXPECT_THAT(problem_of(path), HasSubstr("matrices: layers/counts, obsm/X_pca"));
}

TEST(H5adMatrix, ManyAtOnce) {
  const TemporaryPath path;
  write_csr(path, {}, Packing::gzip, {4});
  const auto one = open(path);
  const auto other = open(path);
  std::vector<Numbers> found(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < found.size(); ++i) {
      threads.emplace_back([&, i] {
        found[i] = dense_of((i % 2 == 0 ? one : other)->matrix("X"), {.max_block_rows = 2});
      });
    }
  }
  for (const auto& values : found) EXPECT_EQ(values, expected());
}

TEST(H5adMatrix, WhatTheSinkThrowsPassesThrough) {
  const TemporaryPath path;
  write_csr(path);
  const auto file = open(path);
  const std::function<void(CellBlock<float>&)> sink = [](CellBlock<float>&) {
    throw std::runtime_error("enough");
  };
  EXPECT_THROW(file->matrix("X").stream({.max_block_rows = 2}, {}, sink), std::runtime_error);
}

TEST(H5adBroken, SparseMatrices) {
  const auto problem = [](const std::function<void(Sparse&)>& change) {
    const TemporaryPath path;
    write_csr(path, change);
    return problem_of(path);
  };
  EXPECT_THAT(problem([](Sparse& x) { x.indices[4] = kCols; }),
              HasSubstr("X/indices: row 1 has the index 7, the matrix has 7 columns"));
  EXPECT_THAT(problem([](Sparse& x) { x.indices[0] = -1; }),
              HasSubstr("X/indices: row 0 has the index -1"));
  EXPECT_THAT(problem([](Sparse& x) { std::swap(x.indptr[3], x.indptr[4]); }),
              HasSubstr("X/indptr: row 3 is from"));
  EXPECT_THAT(problem([](Sparse& x) { x.indptr.back() += 1; }), HasSubstr("X/indptr: row 22"));
  EXPECT_THAT(problem([](Sparse& x) { x.indptr[0] = 1; }), HasSubstr("does not begin with 0"));
  EXPECT_THAT(problem([](Sparse& x) { x.indptr.pop_back(); }),
              HasSubstr("has 23 elements, the shape needs 24"));
  EXPECT_THAT(problem([](Sparse& x) { x.data.pop_back(); }), HasSubstr("indices"));
  EXPECT_EQ(problem([](Sparse&) {}), "no error");
}

TEST(H5adBroken, ShapesThatContradict) {
  const Sparse x = sparse_of(true);
  for (const std::int64_t rows : {std::int64_t{24}, std::int64_t{1} << 62, std::int64_t{-1}}) {
    const TemporaryPath path;
    {
      OddFile file(path);
      frames(file);
      file.sparse("X", "csr_matrix", rows, kCols);
      file.numbers("X/indptr", x.indptr);
      file.numbers("X/indices", x.indices);
      file.numbers("X/data", x.data);
    }
    EXPECT_THAT(problem_of(path), ::testing::StartsWith("X"));
  }
  const TemporaryPath path;
  {
    OddFile file(path);
    frames(file, kRows - 1);
    file.numbers<float>("X", std::vector<float>(kRows * kCols), {kRows, kCols});
  }
  EXPECT_THAT(problem_of(path), HasSubstr("X: is 23 x 7, the annotations are of 22 cells"));
}

TEST(H5adBroken, DeclaredButNotStored) {
  const TemporaryPath path;
  {
    OddFile file(path);
    frames(file, 3, 3);
    file.sparse("X", "csr_matrix", 3, 3);
    file.numbers<std::int64_t>("X/indptr", {0, 0, 0, 0});
    for (const char* name : {"X/indices", "X/data"}) {
      const hsize_t n = hsize_t{1} << 40;
      const hsize_t chunk = 1000;
      const hid_t space = H5Screate_simple(1, &n, nullptr);
      const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
      H5Pset_chunk(properties, 1, &chunk);
      H5Dclose(H5Dcreate2(file.id(), name, H5T_NATIVE_INT32, space, H5P_DEFAULT, properties,
                          H5P_DEFAULT));
      H5Pclose(properties);
      H5Sclose(space);
    }
  }
  EXPECT_THAT(problem_of(path),
              HasSubstr("X/indices: the dataset declares 1099511627 chunks and stores 0"));
}

TEST(H5adBroken, ChecksumOfAChunk) {
  const TemporaryPath path;
  write_csr(path, {}, Packing::fletcher, {16});
  {
    const hid_t file = H5Fopen(path.get().c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t data = H5Dopen2(file, "X/data", H5P_DEFAULT);
    const hsize_t at = 16;
    std::string bytes(16 * 4 + 4, '\0');
    std::uint32_t skipped = 0;
    ASSERT_GE(H5Dread_chunk(data, H5P_DEFAULT, &at, &skipped, bytes.data()), 0);
    bytes[7] ^= 1;
    ASSERT_GE(H5Dwrite_chunk(data, H5P_DEFAULT, 0, &at, bytes.size(), bytes.data()), 0);
    H5Dclose(data);
    H5Fclose(file);
  }
  EXPECT_THAT(problem_of(path),
              HasSubstr("X/data: the chunk at row 16 does not have its checksum"));
}

TEST(H5adBroken, UnknownFilterIsNamed) {
  const TemporaryPath path;
  {
    OddFile file(path);
    frames(file, 2, 2);
    const hsize_t dims[2] = {2, 2};
    const hid_t space = H5Screate_simple(2, dims, nullptr);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(properties, 2, dims);
    H5Pset_filter(properties, 32008, H5Z_FLAG_OPTIONAL, 0, nullptr);
    const hid_t made =
        H5Dcreate2(file.id(), "X", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    const hsize_t at[2] = {0, 0};
    const std::array<float, 4> values = {1, 2, 3, 4};
    ASSERT_GE(H5Dwrite_chunk(made, H5P_DEFAULT, 0, at, sizeof values, values.data()), 0);
    H5Dclose(made);
    H5Pclose(properties);
    H5Sclose(space);
  }
  const std::string problem = problem_of(path);
  EXPECT_THAT(problem, HasSubstr("bitshuffle"));
  EXPECT_THAT(problem, HasSubstr("compression=\"gzip\""));
}

TEST(H5adBroken, NoSuchFileAndNoHdf5) {
  EXPECT_THROW(open("/no/such/file.h5ad"), Error);
  const TemporaryPath path;
  std::ofstream(path.get()) << "this is text";
  EXPECT_THAT(problem_of(path), HasSubstr("cannot be opened as HDF5"));
  const TemporaryPath other;
  {
    OddFile file(other);
    file.group("anything");
  }
  EXPECT_THAT(problem_of(other), HasSubstr("there is no \"obs\""));
}

// Cut off anywhere or changed anywhere: an Error or numbers, no crash, no endless loop.
TEST(H5adBroken, CutOffOrChanged) {
  const TemporaryPath path;
  write_csr(path, {}, Packing::gzip_fletcher, {16});
  const std::string whole = path.bytes();
  const auto read = [](const std::string& bytes) {
    try {
      dense_of(open_h5ad_image(bytes, "image", false, {})->matrix("X"));
      return true;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
      return false;
    }
  };
  EXPECT_TRUE(read(whole));
  for (std::size_t size = 0; size < whole.size(); size += 499)
    EXPECT_FALSE(read(whole.substr(0, size)));
  std::size_t n_bad = 0;
  for (std::size_t at = 0; at < whole.size(); at += 61) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    n_bad += read(bytes) ? 0 : 1;
  }
  EXPECT_GT(n_bad, 10U);
}

}  // namespace
}  // namespace cupel

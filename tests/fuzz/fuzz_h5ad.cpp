// The bytes decide what an .h5ad file holds: shapes, types, chunks, indices, codes, attributes and
// references that contradict each other, and chunks of garbage behind every filter. Opening and
// reading it gives numbers or an Error{input}. What the bytes do not do is damage HDF5's own
// structures: libhdf5 1.10 crashes on these, and cupel tries files in a child process first.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "../unit/io/odd_h5ad.hpp"
#include "cupel/error.hpp"
#include "io/cell_openers.hpp"

namespace {

using namespace cupel;
using test::OddFile;

void require(bool condition) {
  if (!condition) std::abort();
}

class Maker {
 public:
  Maker(FuzzedDataProvider& data, OddFile& file) : data_(data), file_(file) {}

  void make() {
    n_cells_ = data_.ConsumeIntegralInRange<std::size_t>(0, 30);
    n_genes_ = data_.ConsumeIntegralInRange<std::size_t>(0, 12);
    frame("obs", n_cells_);
    frame("var", n_genes_);
    matrix("X", n_cells_, n_genes_);
    if (data_.ConsumeBool()) {
      file_.group("layers");
      matrix("layers/counts", n_cells_, n_genes_);
    }
    if (data_.ConsumeBool()) {
      file_.group("obsm");
      matrix("obsm/X_pca", n_cells_, 3);
    }
  }

 private:
  /// Mostly what it should be.
  std::int64_t about(std::int64_t right) {
    switch (data_.ConsumeIntegralInRange(0, 15)) {
      case 0:
        return right + 1;
      case 1:
        return right - 1;
      case 2:
        return data_.ConsumeIntegral<std::int64_t>();
      case 3:
        return data_.ConsumeIntegral<std::int8_t>();
      default:
        return right;
    }
  }
  hid_t type() {
    const hid_t types[] = {H5T_STD_I8LE,   H5T_STD_U8LE,  H5T_STD_I16BE, H5T_STD_I32LE,
                           H5T_STD_I32BE,  H5T_STD_U32LE, H5T_STD_I64LE, H5T_STD_U64BE,
                           H5T_IEEE_F32LE, H5T_IEEE_F64BE};
    return data_.PickValueInArray(types);
  }
  std::string word() {
    const char* words[] = {"array",
                           "categorical",
                           "nullable-integer",
                           "nullable-boolean",
                           "string-array",
                           "csr_matrix",
                           "csc_matrix",
                           "dataframe",
                           "_index",
                           "a",
                           "b",
                           "codes",
                           "",
                           "column-order"};
    return data_.PickValueInArray(words);
  }

  /// Numbers, in any type, chunk size and filter; or chunks of garbage.
  void numbers(const std::string& path, std::vector<std::int64_t> values,
               std::vector<hsize_t> dims = {}) {
    for (auto& value : values) value = about(value);
    if (dims.empty()) dims = {values.size()};
    if (data_.ConsumeIntegralInRange(0, 3) == 0) return garbage(path, dims);
    std::vector<hsize_t> chunk;
    if (data_.ConsumeBool()) {
      for (std::size_t i = 0; i < dims.size(); ++i) {
        chunk.push_back(data_.ConsumeIntegralInRange<hsize_t>(1, 20));
      }
    }
    const test::Packing packings[] = {test::Packing::none, test::Packing::gzip,
                                      test::Packing::shuffle_gzip, test::Packing::gzip_fletcher};
    const auto packing = chunk.empty() ? test::Packing::none : data_.PickValueInArray(packings);
    file_.numbers(path, values, dims, chunk, packing, type());
  }

  void garbage(const std::string& path, std::vector<hsize_t> dims) {
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    std::vector<hsize_t> chunk;
    for (std::size_t i = 0; i < dims.size(); ++i) {
      chunk.push_back(data_.ConsumeIntegralInRange<hsize_t>(1, 60)
                      << (data_.ConsumeBool() ? 18 : 0));
      if (data_.ConsumeIntegralInRange(0, 7) == 0) dims[i] = data_.ConsumeIntegral<std::uint32_t>();
    }
    H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
    const int ids[] = {1, 2, 3, 32000, 32001, 32015, 32008};
    const int n_filters = data_.ConsumeIntegralInRange(0, 3);
    for (int i = 0; i < n_filters; ++i) {
      const unsigned parameters[] = {data_.ConsumeIntegral<std::uint8_t>(), 2,
                                     data_.ConsumeIntegral<std::uint16_t>()};
      H5Pset_filter(properties, data_.PickValueInArray(ids), H5Z_FLAG_OPTIONAL,
                    data_.ConsumeIntegralInRange<std::size_t>(0, 3), parameters);
    }
    const std::vector<hsize_t> unlimited(dims.size(), H5S_UNLIMITED);
    const hid_t space =
        H5Screate_simple(static_cast<int>(dims.size()), dims.data(), unlimited.data());
    const hid_t made =
        H5Dcreate2(file_.id(), path.c_str(), type(), space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (made >= 0) {
      const std::vector<hsize_t> at(dims.size(), 0);
      const auto bytes =
          data_.ConsumeBytes<char>(data_.ConsumeIntegralInRange<std::size_t>(1, 100));
      const bool is_empty = std::ranges::find(dims, hsize_t{0}) != dims.end();
      if (!bytes.empty() && !is_empty) {  // libhdf5 reads address 0 for a chunk of an empty dataset
        H5Dwrite_chunk(made, H5P_DEFAULT, data_.ConsumeBool() ? 0 : 1, at.data(), bytes.size(),
                       bytes.data());
      }
      H5Dclose(made);
    }
    H5Sclose(space);
    H5Pclose(properties);
  }

  void texts(const std::string& path, std::size_t n) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < n; ++i) values.push_back(data_.ConsumeRandomLengthString(6));
    if (data_.ConsumeBool()) return file_.fixed_texts(path, values, 4);
    file_.texts(path, values);
  }

  void column(const std::string& path, std::size_t n) {
    const auto size = static_cast<std::size_t>(
        std::clamp<std::int64_t>(about(static_cast<std::int64_t>(n)), 0, 100));
    std::vector<std::int64_t> codes;
    for (std::size_t i = 0; i < size; ++i) codes.push_back(data_.ConsumeIntegralInRange(-1, 2));
    switch (data_.ConsumeIntegralInRange(0, 4)) {
      case 0:
        return texts(path, size);
      case 1:
        return numbers(path, codes);
      case 2:
        numbers(path, codes);
        if (data_.ConsumeBool()) texts(path + "_levels", 3);
        return file_.reference(path, "categories", data_.ConsumeBool() ? path + "_levels" : path);
      case 3:
        file_.group(path);
        file_.attribute(path, "encoding-type", std::string("nullable-integer"));
        numbers(path + "/values", codes);
        return numbers(path + "/mask", codes);
      default:
        file_.group(path);
        file_.attribute(path, "encoding-type",
                        data_.ConsumeBool() ? std::string("categorical") : word());
        numbers(path + "/codes", codes);
        return data_.ConsumeBool() ? texts(path + "/categories", 3)
                                   : numbers(path + "/categories", {5, 6, 7});
    }
  }

  void frame(const std::string& path, std::size_t n) {
    file_.group(path);
    file_.attribute(path, "encoding-type", std::string("dataframe"));
    const std::string index = data_.ConsumeBool() ? "_index" : word();
    file_.attribute(path, "_index", index);
    std::vector<std::string> columns = {"a", "b"};
    if (data_.ConsumeBool()) columns.push_back(word());
    if (data_.ConsumeBool()) file_.attribute(path, "column-order", columns);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < n; ++i) names.push_back(std::to_string(i));
    if (data_.ConsumeIntegralInRange(0, 7) == 0) {
      column(path + "/_index", n);
    } else {
      file_.texts(path + "/_index", names);
    }
    column(path + "/a", n);
    column(path + "/b", n);
  }

  void matrix(const std::string& path, std::size_t rows, std::size_t cols) {
    const int kind = data_.ConsumeIntegralInRange(0, 5);
    if (kind == 0) return;
    if (kind == 1) {
      std::vector<std::int64_t> values(rows * cols);
      for (auto& value : values) value = data_.ConsumeIntegralInRange(0, 3);
      return numbers(path, values, {rows, cols});
    }
    const bool by_row = data_.ConsumeBool();
    file_.group(path);
    file_.attribute(path, "encoding-type", std::string(by_row ? "csr_matrix" : "csc_matrix"));
    file_.attribute(path, "shape",
                    std::vector<std::int64_t>{about(static_cast<std::int64_t>(rows)),
                                              about(static_cast<std::int64_t>(cols))});
    const std::size_t n_major = by_row ? rows : cols;
    const std::size_t n_minor = by_row ? cols : rows;
    std::vector<std::int64_t> indptr = {0};
    std::vector<std::int64_t> indices;
    for (std::size_t i = 0; i < n_major; ++i) {
      const std::size_t n = data_.ConsumeIntegralInRange<std::size_t>(0, 4);
      for (std::size_t k = 0; k < n && n_minor > 0; ++k) {
        indices.push_back(
            data_.ConsumeIntegralInRange<std::int64_t>(0, static_cast<std::int64_t>(n_minor) - 1));
      }
      indptr.push_back(static_cast<std::int64_t>(indices.size()));
    }
    numbers(path + "/indptr", indptr);
    numbers(path + "/indices", indices);
    numbers(path + "/data", std::vector<std::int64_t>(indices.size(), 1));
  }

  FuzzedDataProvider& data_;
  OddFile& file_;
  std::size_t n_cells_ = 0;
  std::size_t n_genes_ = 0;
};

std::string image_of(FuzzedDataProvider& data) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_core(access, 1 << 16, 0);
  std::string image;
  {
    OddFile file("fuzz", access);
    Maker(data, file).make();
    H5Fflush(file.id(), H5F_SCOPE_GLOBAL);
    const auto size = H5Fget_file_image(file.id(), nullptr, 0);
    image.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    H5Fget_file_image(file.id(), image.data(), image.size());
  }
  H5Pclose(access);
  return image;
}

template <typename V>
void read(const CellMatrix& matrix, const StreamOptions& options) {
  const Context context{.n_threads = 1};
  std::size_t rows = 0;
  matrix.stream(options, context, std::function<void(CellBlock<V>&)>([&](CellBlock<V>& block) {
                  require(block.first_row == rows && block.n_cols == matrix.info().cols);
                  rows += block.n_rows;
                  if (!block.is_sparse) {
                    require(block.values.size() == block.n_rows * block.n_cols);
                    return;
                  }
                  require(block.row_begin.size() == block.n_rows + 1);
                  require(block.row_begin.back() == block.values.size());
                  for (std::size_t i = 0; i < block.n_rows; ++i) {
                    for (auto k = block.row_begin[i]; k < block.row_begin[i + 1]; ++k) {
                      require(block.columns[k] < block.n_cols);
                      require(k == block.row_begin[i] || block.columns[k - 1] < block.columns[k]);
                      require(block.values[k] != V{0});
                    }
                  }
                }));
  require(rows == matrix.info().rows);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  FuzzedDataProvider data(bytes, size);
  const std::string image = image_of(data);
  try {
    const auto file = open_h5ad_image(image, "fuzz", true, {});
    for (const auto& column : file->obs().columns) {
      require(column.size() == file->n_cells());
      require(file->obs_categories(column.name).code.size() == file->n_cells());
    }
    for (const auto& info : file->matrices()) {
      require(info.rows == file->n_cells());
      try {
        read<double>(file->matrix(info.path), {});
        read<float>(file->matrix(info.path), {.memory_bytes = 500, .max_block_rows = 3});
      } catch (const Error& error) {
        require(error.kind() == ErrorKind::input);
      }
    }
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
  }
  return 0;
}

#pragma once
/// Writes HDF5 files by hand, so that a test can have every layout and every flaw.
#include <blosc.h>
#include <hdf5.h>
#include <liblzf/lzf.h>
#include <unistd.h>
#include <zstd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace cupel::test {

/// A path that is removed at the end.
class TemporaryPath {
 public:
  explicit TemporaryPath(const std::string& extension = ".h5ad") {
    static int n = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("cupel_test_" + std::to_string(getpid()) + "_" + std::to_string(n++) + extension);
  }
  ~TemporaryPath() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;
  operator const std::filesystem::path&() const { return path_; }  // NOLINT
  [[nodiscard]] const std::filesystem::path& get() const { return path_; }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
};

enum class Packing { none, gzip, shuffle_gzip, fletcher, gzip_fletcher, lzf, zstd, blosc, skipped };

template <typename T>
hid_t native_type() {
  if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<T, std::int8_t>) return H5T_NATIVE_INT8;
  if constexpr (std::is_same_v<T, std::int16_t>) return H5T_NATIVE_INT16;
  if constexpr (std::is_same_v<T, std::int32_t>) return H5T_NATIVE_INT32;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<T, std::uint8_t>) return H5T_NATIVE_UINT8;
  if constexpr (std::is_same_v<T, std::uint16_t>) return H5T_NATIVE_UINT16;
  if constexpr (std::is_same_v<T, std::uint32_t>) return H5T_NATIVE_UINT32;
  if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_NATIVE_UINT64;
}

class OddFile {
 public:
  explicit OddFile(const std::filesystem::path& path, hid_t access = H5P_DEFAULT)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access)) {
    text_ = H5Tcopy(H5T_C_S1);
    H5Tset_size(text_, H5T_VARIABLE);
  }
  ~OddFile() { close(); }
  OddFile(const OddFile&) = delete;
  OddFile& operator=(const OddFile&) = delete;
  void close() {
    if (file_ < 0) return;
    H5Tclose(text_);
    H5Fclose(file_);
    file_ = -1;
  }
  [[nodiscard]] hid_t id() const { return file_; }

  void group(const std::string& path) {
    H5Gclose(H5Gcreate2(file_, path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  }
  void attribute(const std::string& path, const char* name, const std::string& value) {
    const char* pointer = value.c_str();
    attribute_of(path, name, text_, H5Screate(H5S_SCALAR), static_cast<const void*>(&pointer));
  }
  void attribute(const std::string& path, const char* name, const std::vector<std::string>& value) {
    const hsize_t n = value.size();
    std::vector<const char*> pointers;
    for (const auto& text : value) pointers.push_back(text.c_str());
    attribute_of(path, name, text_, H5Screate_simple(1, &n, nullptr),
                 static_cast<const void*>(pointers.data()));
  }
  void attribute(const std::string& path, const char* name,
                 const std::vector<std::int64_t>& value) {
    const hsize_t n = value.size();
    attribute_of(path, name, H5T_NATIVE_INT64, H5Screate_simple(1, &n, nullptr), value.data());
  }
  void reference(const std::string& path, const char* name, const std::string& to) {
    hobj_ref_t value = 0;
    H5Rcreate(&value, file_, to.c_str(), H5R_OBJECT, -1);
    attribute_of(path, name, H5T_STD_REF_OBJ, H5Screate(H5S_SCALAR), &value);
  }

  void texts(const std::string& path, const std::vector<std::string>& values) {
    const hsize_t n = values.size();
    std::vector<const char*> pointers;
    for (const auto& text : values) pointers.push_back(text.c_str());
    put(path, text_, text_, {n}, {}, static_cast<const void*>(pointers.data()));
  }
  void fixed_texts(const std::string& path, const std::vector<std::string>& values,
                   std::size_t size) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    std::string bytes;
    for (auto text : values) {
      text.resize(size, '\0');
      bytes += text;
    }
    put(path, type, type, {values.size()}, {}, bytes.data());
    H5Tclose(type);
  }

  /// Numbers, stored as `stored` (default: as they are), chunked where `chunk` is not empty.
  template <typename T>
  void numbers(const std::string& path, const std::vector<T>& values,
               std::vector<hsize_t> dims = {}, std::vector<hsize_t> chunk = {},
               Packing packing = Packing::none, hid_t stored = -1) {
    if (dims.empty()) dims = {values.size()};
    const bool by_hand = packing == Packing::lzf || packing == Packing::zstd ||
                         packing == Packing::blosc || packing == Packing::skipped;
    if (by_hand) return packed(path, values, dims, chunk, packing);
    put(path, stored < 0 ? native_type<T>() : stored, native_type<T>(), dims, chunk, values.data(),
        packing);
  }

  /// obs or var with names only.
  void names(const std::string& path, std::size_t n, const std::string& prefix,
             const std::vector<std::string>& columns = {}) {
    group(path);
    attribute(path, "encoding-type", std::string("dataframe"));
    attribute(path, "encoding-version", std::string("0.2.0"));
    attribute(path, "_index", std::string("_index"));
    attribute(path, "column-order", columns);
    std::vector<std::string> texts_of;
    for (std::size_t i = 0; i < n; ++i) texts_of.push_back(prefix + std::to_string(i));
    texts(path + "/_index", texts_of);
  }
  void sparse(const std::string& path, const std::string& encoding, std::int64_t rows,
              std::int64_t cols) {
    group(path);
    attribute(path, "encoding-type", encoding);
    attribute(path, "shape", std::vector<std::int64_t>{rows, cols});
  }

 private:
  void attribute_of(const std::string& path, const char* name, hid_t type, hid_t space,
                    const void* value) {
    const hid_t object = H5Oopen(file_, path.c_str(), H5P_DEFAULT);
    const hid_t made = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (H5Sget_simple_extent_npoints(space) > 0) H5Awrite(made, type, value);
    H5Aclose(made);
    H5Sclose(space);
    H5Oclose(object);
  }

  void put(const std::string& path, hid_t stored, hid_t memory, const std::vector<hsize_t>& dims,
           const std::vector<hsize_t>& chunk, const void* values, Packing packing = Packing::none) {
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (!chunk.empty()) H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
    if (packing == Packing::shuffle_gzip) H5Pset_shuffle(properties);
    const bool gzip = packing == Packing::gzip || packing == Packing::shuffle_gzip ||
                      packing == Packing::gzip_fletcher;
    if (gzip) H5Pset_deflate(properties, 4);
    if (packing == Packing::fletcher || packing == Packing::gzip_fletcher) {
      H5Pset_fletcher32(properties);
    }
    // A chunk may be larger than a dataset that can grow.
    const std::vector<hsize_t> unlimited(dims.size(), H5S_UNLIMITED);
    const hid_t space = H5Screate_simple(static_cast<int>(dims.size()), dims.data(),
                                         chunk.empty() ? nullptr : unlimited.data());
    const hid_t made =
        H5Dcreate2(file_, path.c_str(), stored, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    H5Dwrite(made, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Dclose(made);
    H5Sclose(space);
    H5Pclose(properties);
  }

  /// One-dimensional, chunk by chunk, compressed here.
  template <typename T>
  void packed(const std::string& path, const std::vector<T>& values,
              const std::vector<hsize_t>& dims, const std::vector<hsize_t>& chunk,
              Packing packing) {
    const std::size_t size = chunk.at(0) * sizeof(T);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(properties, 1, chunk.data());
    const std::array<unsigned, 7> lzf = {4, 0x0105, static_cast<unsigned>(size)};
    const std::array<unsigned, 7> blosc = {2, 2, sizeof(T), static_cast<unsigned>(size), 5, 1, 0};
    const unsigned level = 3;
    if (packing == Packing::lzf) H5Pset_filter(properties, 32000, H5Z_FLAG_OPTIONAL, 3, lzf.data());
    if (packing == Packing::zstd) H5Pset_filter(properties, 32015, H5Z_FLAG_OPTIONAL, 1, &level);
    if (packing == Packing::skipped) H5Pset_deflate(properties, 4);
    if (packing == Packing::blosc) {
      H5Pset_filter(properties, 32001, H5Z_FLAG_OPTIONAL, 7, blosc.data());
    }
    const hsize_t unlimited = H5S_UNLIMITED;
    const hid_t space = H5Screate_simple(1, dims.data(), &unlimited);
    const hid_t made = H5Dcreate2(file_, path.c_str(), native_type<T>(), space, H5P_DEFAULT,
                                  properties, H5P_DEFAULT);
    for (hsize_t first = 0; first < dims[0]; first += chunk[0]) {
      std::vector<T> part(values.begin() + static_cast<std::ptrdiff_t>(first),
                          values.begin() + static_cast<std::ptrdiff_t>(
                                               std::min<hsize_t>(dims[0], first + chunk[0])));
      part.resize(chunk[0]);
      std::string bytes(size + size / 2 + 1024, '\0');
      std::uint32_t skipped = 0;
      std::size_t n = 0;
      if (packing == Packing::lzf) {
        n = lzf_compress(part.data(), static_cast<unsigned>(size), bytes.data(),
                         static_cast<unsigned>(size - 1));
      } else if (packing == Packing::zstd) {
        n = ZSTD_compress(bytes.data(), bytes.size(), part.data(), size, 3);
      } else if (packing == Packing::blosc) {
        n = static_cast<std::size_t>(blosc_compress_ctx(
            5, 1, sizeof(T), size, part.data(), bytes.data(), bytes.size(), "blosclz", 0, 1));
      }
      if (n == 0) {  // it did not become smaller
        skipped = 1;
        n = size;
        std::copy_n(reinterpret_cast<const char*>(part.data()), size, bytes.data());
      }
      H5Dwrite_chunk(made, H5P_DEFAULT, skipped, &first, n, bytes.data());
    }
    H5Dclose(made);
    H5Sclose(space);
    H5Pclose(properties);
  }

  hid_t file_;
  hid_t text_;
};

}  // namespace cupel::test

#include "io/h5ad_write.hpp"

#include <hdf5.h>
#include <libdeflate.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "io/h5_file.hpp"
#include "io/h5_filters.hpp"

namespace cupel {
namespace {

using h5::Buffer;
using h5::Handle;

constexpr std::size_t kSparseChunk = std::size_t{1} << 16;  // values
constexpr std::size_t kDenseChunkBytes = std::size_t{4} << 20;
constexpr std::size_t kChunksAtATime = 32;

struct FreeCompressor {
  void operator()(libdeflate_compressor* one) const noexcept { libdeflate_free_compressor(one); }
};

using Lock = std::lock_guard<std::recursive_mutex>;

// Writes objects of a file in anndata's encoding. Every failure is Error{io}. The caller holds
// library_mutex(), but not while others compute.
class Writer {
 public:
  /// `path` is what messages name.
  Writer(const std::filesystem::path& written, const std::filesystem::path& path) : path_(path) {
    h5::silence_library();
    file_ = Handle(H5Fcreate(written.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
    if (!file_) {
      fail(ErrorKind::io, "the file cannot be created", {.file = path.string()},
           "is there such a folder, and may you write to it?");
    }
    text_type_ = Handle(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(text_type_.get(), H5T_VARIABLE);
    H5Tset_cset(text_type_.get(), H5T_CSET_UTF8);
  }

  void check(bool is_good, const std::string& path) const {
    if (is_good) return;
    fail(ErrorKind::io, path + " cannot be written", {.file = path_.string()}, "is the disk full?");
  }

  Handle group(const std::string& path, const std::string& encoding, const std::string& version) {
    Handle made(H5Gcreate2(file_.get(), path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                H5Gclose);
    check(static_cast<bool>(made), path);
    encode(made, encoding, version);
    return made;
  }
  void encode_root() {
    const Handle root(H5Gopen2(file_.get(), "/", H5P_DEFAULT), H5Gclose);
    encode(root, "anndata", "0.1.0");
  }
  void encode(const Handle& object, const std::string& encoding, const std::string& version) {
    text_attribute(object, "encoding-type", encoding);
    text_attribute(object, "encoding-version", version);
  }

  void text_attribute(const Handle& object, const char* name, const std::string& text) {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const char* pointer = text.c_str();
    attribute(object, name, text_type_.get(), space, static_cast<const void*>(&pointer));
  }
  void texts_attribute(const Handle& object, const char* name, std::span<const std::string> texts) {
    const hsize_t n = texts.size();
    const Handle space(H5Screate_simple(1, &n, nullptr), H5Sclose);
    const auto pointers = pointers_to(texts);
    attribute(object, name, text_type_.get(), space, static_cast<const void*>(pointers.data()));
  }
  void integers_attribute(const Handle& object, const char* name,
                          std::span<const std::int64_t> values) {
    const hsize_t n = values.size();
    const Handle space(H5Screate_simple(1, &n, nullptr), H5Sclose);
    attribute(object, name, H5T_NATIVE_INT64, space, values.data());
  }
  void boolean_attribute(const Handle& object, const char* name, bool value) {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle type = boolean_type();
    const std::int8_t stored = value ? 1 : 0;
    attribute(object, name, type.get(), space, &stored);
  }

  static Handle boolean_type() {
    Handle type(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose);
    std::int8_t value = 0;
    H5Tenum_insert(type.get(), "FALSE", &value);
    value = 1;
    H5Tenum_insert(type.get(), "TRUE", &value);
    return type;
  }

  // A small array, in one piece.
  void array(const std::string& path, hid_t type, std::span<const hsize_t> dims, const void* values,
             const std::string& encoding = "array") {
    const Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr),
                       H5Sclose);
    const Handle made = dataset(path, type, space, {});
    const bool is_empty = std::ranges::find(dims, hsize_t{0}) != dims.end();
    check(is_empty || H5Dwrite(made.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0, path);
    encode(made, encoding, "0.2.0");
  }
  template <typename T>
  void vector(const std::string& path, hid_t type, const std::vector<T>& values) {
    const hsize_t n = values.size();
    array(path, type, {&n, 1}, values.data());
  }
  void texts(const std::string& path, std::span<const std::string> texts) {
    const hsize_t n = texts.size();
    const auto pointers = pointers_to(texts);
    array(path, text_type_.get(), {&n, 1}, static_cast<const void*>(pointers.data()),
          "string-array");
  }
  void text(const std::string& path, const std::string& value) {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle made = dataset(path, text_type_.get(), space, {});
    const char* pointer = value.c_str();
    check(H5Dwrite(made.get(), text_type_.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                   static_cast<const void*>(&pointer)) >= 0,
          path);
    encode(made, "string", "0.2.0");
  }

  Handle dataset(const std::string& path, hid_t type, const Handle& space,
                 std::span<const hsize_t> chunk, int gzip_level = 0) {
    const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(properties.get(), false);  // the same content gives the same bytes
    if (!chunk.empty()) {
      H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
      if (gzip_level > 0) {
        H5Pset_shuffle(properties.get());
        H5Pset_deflate(properties.get(), static_cast<unsigned>(std::min(gzip_level, 9)));
      }
    }
    Handle made(H5Dcreate2(file_.get(), path.c_str(), type, space.get(), H5P_DEFAULT,
                           properties.get(), H5P_DEFAULT),
                H5Dclose);
    check(static_cast<bool>(made), path);
    return made;
  }

  void close() {
    check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL) >= 0, "the file");
    file_ = {};
  }
  [[nodiscard]] hid_t text_type() const noexcept { return text_type_.get(); }

 private:
  void attribute(const Handle& object, const char* name, hid_t type, const Handle& space,
                 const void* value) {
    const Handle made(H5Acreate2(object.get(), name, type, space.get(), H5P_DEFAULT, H5P_DEFAULT),
                      H5Aclose);
    check(static_cast<bool>(made), name);
    if (H5Sget_simple_extent_npoints(space.get()) == 0) return;
    check(H5Awrite(made.get(), type, value) >= 0, name);
  }
  static std::vector<const char*> pointers_to(std::span<const std::string> texts) {
    std::vector<const char*> pointers;
    pointers.reserve(texts.size());
    for (const auto& text : texts) pointers.push_back(text.c_str());
    return pointers;
  }

  std::filesystem::path path_;
  Handle file_;
  Handle text_type_;
};

// First bytes of all elements, then second ones: what HDF5's shuffle does.
void shuffle(const char* from, std::size_t n_bytes, std::size_t element, char* to) noexcept {
  const std::size_t n = n_bytes / element;
  for (std::size_t j = 0; j < element; ++j) {
    for (std::size_t i = 0; i < n; ++i) to[j * n + i] = from[i * element + j];
  }
}

// A dataset that grows along its first dimension, row by row, compressed in parallel.
class Growing {
 public:
  Growing(Writer& writer, const std::string& path, hid_t type, std::size_t n_cols,
          std::size_t rows_per_chunk, bool is_matrix, int gzip_level)
      : writer_(writer),
        path_(path),
        element_(H5Tget_size(type)),
        row_bytes_(element_ * n_cols),
        rows_per_chunk_(rows_per_chunk),
        gzip_level_(gzip_level) {
    rank_ = is_matrix ? 2 : 1;
    size_ = {0, n_cols};
    const std::array<hsize_t, 2> max = {H5S_UNLIMITED, n_cols};
    const std::array<hsize_t, 2> chunk = {rows_per_chunk, n_cols};
    const Handle space(H5Screate_simple(rank_, size_.data(), max.data()), H5Sclose);
    dataset_ = writer.dataset(path, type, space,
                              std::span(chunk.data(), static_cast<std::size_t>(rank_)), gzip_level);
    writer.encode(dataset_, "array", "0.2.0");
  }

  template <typename T>
  void append(std::span<const T> values, const Context& context) {
    const char* bytes = reinterpret_cast<const char*>(values.data());
    pending_.insert(pending_.end(), bytes, bytes + values.size_bytes());
    if (pending_.size() >= kChunksAtATime * chunk_bytes()) write_chunks(context);
  }

  // Writes what is left; the last chunk is filled up with zeros.
  void finish(std::size_t n_rows, const Context& context) {
    const std::size_t n_chunks = (pending_.size() + chunk_bytes() - 1) / chunk_bytes();
    pending_.resize(n_chunks * chunk_bytes(), '\0');
    write_chunks(context);
    extend(n_rows);
  }

 private:
  [[nodiscard]] std::size_t chunk_bytes() const noexcept { return row_bytes_ * rows_per_chunk_; }

  void extend(std::size_t n_rows) {
    const Lock lock(h5::library_mutex());
    size_[0] = n_rows;
    writer_.check(H5Dset_extent(dataset_.get(), size_.data()) >= 0, path_);
  }

  // All whole chunks that are pending.
  void write_chunks(const Context& context) {
    const std::size_t n_chunks = pending_.size() / chunk_bytes();
    if (n_chunks == 0) return;
    extend((n_written_ + n_chunks) * rows_per_chunk_);
    for (std::size_t first = 0; first < n_chunks; first += kChunksAtATime) {
      const std::size_t n = std::min(kChunksAtATime, n_chunks - first);
      std::vector<Buffer> packed(n);
      parallel_for(context, n, [&](std::size_t i) {
        pack(pending_.data() + (first + i) * chunk_bytes(), packed[i]);
      });
      const Lock lock(h5::library_mutex());
      for (const auto& chunk : packed) {
        const std::array<hsize_t, 2> offset = {n_written_++ * rows_per_chunk_, 0};
        writer_.check(H5Dwrite_chunk(dataset_.get(), H5P_DEFAULT, 0, offset.data(), chunk.size(),
                                     chunk.data()) >= 0,
                      path_);
      }
    }
    pending_.erase(pending_.begin(),
                   pending_.begin() + static_cast<std::ptrdiff_t>(n_chunks * chunk_bytes()));
  }

  void pack(const char* chunk, Buffer& packed) const {
    if (gzip_level_ == 0) {
      packed.allocate(chunk_bytes());
      std::memcpy(packed.data(), chunk, chunk_bytes());
      return;
    }
    Buffer shuffled;
    shuffled.allocate(chunk_bytes());
    shuffle(chunk, chunk_bytes(), element_, shuffled.data());
    const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
        libdeflate_alloc_compressor(std::min(gzip_level_, 12)));
    packed.allocate(libdeflate_zlib_compress_bound(compressor.get(), chunk_bytes()));
    packed.shrink(libdeflate_zlib_compress(compressor.get(), shuffled.data(), shuffled.size(),
                                           packed.data(), packed.size()));
  }

  Writer& writer_;
  std::string path_;
  std::size_t element_;
  std::size_t row_bytes_;
  std::size_t rows_per_chunk_;
  int gzip_level_;
  int rank_ = 1;
  std::array<hsize_t, 2> size_{};
  Handle dataset_;
  std::vector<char> pending_;
  std::size_t n_written_ = 0;  // chunks
};

// --- annotations ---

void write_codes(Writer& writer, const std::string& path, const Categories& categories) {
  const auto write_as = [&]<typename T>(T, hid_t type) {
    std::vector<T> codes;
    codes.reserve(categories.code.size());
    for (const auto code : categories.code) {
      codes.push_back(code == Categories::kMissing ? T{-1} : static_cast<T>(code));
    }
    writer.vector(path, type, codes);
  };
  const std::size_t n = categories.levels.size();
  if (n <= 127) {
    write_as(std::int8_t{}, H5T_NATIVE_INT8);
  } else if (n <= 32767) {
    write_as(std::int16_t{}, H5T_NATIVE_INT16);
  } else {
    write_as(std::int32_t{}, H5T_NATIVE_INT32);
  }
}

void write_text_column(Writer& writer, const std::string& path, const Column& column) {
  const Categories categories = categories_of(column);
  if (categories.levels.size() == column.size() && column.missing.empty()) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < column.size(); ++i) texts.emplace_back(column.text(i));
    writer.texts(path, texts);
    return;
  }
  const Handle group = writer.group(path, "categorical", "0.2.0");
  writer.boolean_attribute(group, "ordered", false);
  write_codes(writer, path + "/codes", categories);
  writer.texts(path + "/categories", categories.levels);
}

void write_column(Writer& writer, const std::string& path, const Column& column) {
  if (column.type == ColumnType::text) return write_text_column(writer, path, column);
  if (column.type == ColumnType::number) {
    return writer.vector(path, H5T_NATIVE_DOUBLE, column.numbers);
  }
  if (column.missing.empty()) return writer.vector(path, H5T_NATIVE_INT64, column.integers);
  const Handle group = writer.group(path, "nullable-integer", "0.1.0");
  writer.vector(path + "/values", H5T_NATIVE_INT64, column.integers);
  const Handle type = Writer::boolean_type();
  writer.vector(path + "/mask", type.get(), column.missing);
}

void write_frame(Writer& writer, const std::string& path, const std::vector<std::string>& names,
                 const Table& table) {
  const Handle group = writer.group(path, "dataframe", "0.2.0");
  writer.text_attribute(group, "_index", "_index");
  std::vector<std::string> columns;
  for (const auto& column : table.columns) columns.push_back(column.name);
  writer.texts_attribute(group, "column-order", columns);
  writer.texts(path + "/_index", names);
  for (const auto& column : table.columns) {
    const bool is_bad = column.name.empty() || column.name == "." || column.name == "_index" ||
                        column.name.find('/') != std::string::npos;
    if (is_bad) {
      fail_input("\"" + column.name + "\" cannot be the name of a column of an .h5ad file", {},
                 "rename it: no slash, not _index, not empty");
    }
    if (column.size() != names.size()) {
      fail(ErrorKind::internal, "column " + column.name + " has another length than the names");
    }
    write_column(writer, path + "/" + column.name, column);
  }
}

// --- X ---

class MatrixWriter {
 public:
  MatrixWriter(Writer& writer, std::size_t n_rows, std::size_t n_cols,
               const H5adWriteOptions& options)
      : writer_(writer), n_rows_(n_rows), n_cols_(n_cols), options_(options) {}

  void append(const CellBlock<double>& block, const Context& context) {
    if (block.n_cols != n_cols_ || block.first_row != row_) {
      fail(ErrorKind::internal, "blocks of X are not those of the annotations, in order");
    }
    if (n_cols_ == 0) return;
    begin(block.is_sparse);
    if (block.is_sparse != is_sparse_) {
      fail(ErrorKind::internal, "blocks of X are all sparse or all dense");
    }
    append_values(block.values, context);
    if (is_sparse_) {
      if (n_cols_ > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
        fail(ErrorKind::unsupported, "more than 2^31 columns");
      }
      std::vector<std::int32_t> columns(block.columns.begin(), block.columns.end());
      indices_->append<std::int32_t>(columns, context);
      for (std::size_t i = 0; i < block.n_rows; ++i) {
        const auto n = block.row_begin[i + 1] - block.row_begin[i];
        indptr_.push_back(indptr_.back() + static_cast<std::int64_t>(n));
      }
    }
    row_ += block.n_rows;
  }

  void finish(const Context& context) {
    begin(true);
    if (n_cols_ == 0) {  // nothing that could grow
      const Lock lock(h5::library_mutex());
      const std::array<hsize_t, 2> dims = {n_rows_, 0};
      writer_.array("X", H5T_NATIVE_FLOAT, dims, nullptr);
      return;
    }
    if (row_ != n_rows_) {
      fail(ErrorKind::internal, "X has " + std::to_string(row_) + " rows, there are " +
                                    std::to_string(n_rows_) + " cells");
    }
    if (!is_sparse_) return data_->finish(n_rows_, context);
    const auto n_values = static_cast<std::size_t>(indptr_.back());
    data_->finish(n_values, context);
    indices_->finish(n_values, context);
    const Lock lock(h5::library_mutex());
    writer_.vector("X/indptr", H5T_NATIVE_INT64, indptr_);
  }

 private:
  void begin(bool is_sparse) {
    if (data_ || n_cols_ == 0) return;
    const Lock lock(h5::library_mutex());
    is_sparse_ = is_sparse;
    const hid_t type = options_.float32 ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE;
    if (!is_sparse) {
      const std::size_t row_bytes = n_cols_ * H5Tget_size(type);
      const std::size_t fit = kDenseChunkBytes / std::max<std::size_t>(row_bytes, 1);
      const std::size_t rows = std::clamp<std::size_t>(
          std::min({fit, options_.rows_per_chunk, n_rows_}), 1, kDenseChunkBytes);
      data_.emplace(writer_, "X", type, n_cols_, rows, true, options_.gzip_level);
      return;
    }
    const Handle group = writer_.group("X", "csr_matrix", "0.1.0");
    const std::array shape = {static_cast<std::int64_t>(n_rows_),
                              static_cast<std::int64_t>(n_cols_)};
    writer_.integers_attribute(group, "shape", shape);
    data_.emplace(writer_, "X/data", type, 1, kSparseChunk, false, options_.gzip_level);
    indices_.emplace(writer_, "X/indices", H5T_NATIVE_INT32, 1, kSparseChunk, false,
                     options_.gzip_level);
  }

  void append_values(const std::vector<double>& values, const Context& context) {
    if (!options_.float32) return data_->append<double>(values, context);
    const std::vector<float> narrow(values.begin(), values.end());
    data_->append<float>(narrow, context);
  }

  Writer& writer_;
  std::size_t n_rows_;
  std::size_t n_cols_;
  const H5adWriteOptions& options_;
  bool is_sparse_ = true;
  std::optional<Growing> data_;
  std::optional<Growing> indices_;
  std::vector<std::int64_t> indptr_ = {0};
  std::size_t row_ = 0;
};

void write_obsm(Writer& writer, const H5adContent& content, const H5adWriteOptions& options) {
  const Handle group = writer.group("obsm", "dict", "0.1.0");
  for (const auto& [name, matrix] : content.obsm) {
    if (matrix.rows != content.cell_ids.size()) {
      fail(ErrorKind::internal, "obsm/" + name + " has another number of rows than cells");
    }
    const std::array<hsize_t, 2> dims = {matrix.rows, matrix.cols};
    if (options.float32) {
      const std::vector<float> narrow(matrix.values.begin(), matrix.values.end());
      writer.array("obsm/" + name, H5T_NATIVE_FLOAT, dims, narrow.data());
    } else {
      writer.array("obsm/" + name, H5T_NATIVE_DOUBLE, dims, matrix.values.data());
    }
  }
}

void write_annotations(Writer& writer, const H5adContent& content,
                       const H5adWriteOptions& options) {
  writer.encode_root();
  write_frame(writer, "obs", content.cell_ids, content.obs);
  write_frame(writer, "var", content.gene_ids, content.var);
  for (const char* name : {"layers", "obsp", "varm", "varp"}) writer.group(name, "dict", "0.1.0");
  write_obsm(writer, content, options);
  const Handle uns = writer.group("uns", "dict", "0.1.0");
  for (const auto& [name, text] : content.uns) writer.text("uns/" + name, text);
}

void write_to(const std::filesystem::path& written, const std::filesystem::path& path,
              const H5adContent& content, const std::function<bool(CellBlock<double>&)>& next,
              const H5adWriteOptions& options, const Context& context) {
  std::unique_lock lock(h5::library_mutex());
  Writer writer(written, path);
  write_annotations(writer, content, options);
  lock.unlock();
  {
    MatrixWriter matrix(writer, content.cell_ids.size(), content.gene_ids.size(), options);
    CellBlock<double> block;
    while (next(block)) {
      context.check_cancelled();
      matrix.append(block, context);
    }
    matrix.finish(context);
  }
  lock.lock();
  writer.close();
}

}  // namespace

void write_h5ad(const std::filesystem::path& path, const H5adContent& content,
                const std::function<bool(CellBlock<double>&)>& next,
                const H5adWriteOptions& options, const Context& context) {
  // Beside the file, and in its place when it is whole.
  const std::filesystem::path partial = path.string() + ".part-" + std::to_string(getpid()) + "-0";
  try {
    write_to(partial, path, content, next, options, context);
    std::filesystem::rename(partial, path);
  } catch (const std::filesystem::filesystem_error& error) {
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    fail(ErrorKind::io, error.code().message(), {.file = path.string()});
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    throw;
  }
}

void write_h5ad(const std::filesystem::path& path, const H5adContent& content,
                const Matrix<double>& x, const H5adWriteOptions& options, const Context& context) {
  bool is_done = false;
  write_h5ad(
      path, content,
      [&](CellBlock<double>& block) {
        if (std::exchange(is_done, true)) return false;
        block.n_rows = x.rows;
        block.n_cols = x.cols;
        block.is_sparse = false;
        block.values = x.values;
        return true;
      },
      options, context);
}

}  // namespace cupel

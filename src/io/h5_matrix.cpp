#include "io/h5_matrix.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "io/cell_stream.hpp"
#include "io/h5_array.hpp"
#include "io/h5_decode.hpp"

namespace cupel::h5 {
namespace {

// Values of a block: two are in memory, one that is used and one that is made.
std::uint64_t values_per_block(std::size_t memory_bytes, std::size_t bytes_per_value,
                               std::uint64_t unpacking) {
  const std::uint64_t half = memory_bytes / 2;
  return std::max<std::uint64_t>((half - std::min(half / 2, unpacking)) / bytes_per_value, 1);
}

template <typename Derived>
class StreamedMatrix : public CellMatrix {
 public:
  [[nodiscard]] const MatrixInfo& info() const noexcept override { return info_; }
  [[nodiscard]] bool is_wide() const noexcept override { return is_wide_; }
  void stream(const StreamOptions& options, const Context& context,
              const std::function<void(CellBlock<float>&)>& sink) const override {
    static_cast<const Derived*>(this)->template stream_as<float>(options, context, sink);
  }
  void stream(const StreamOptions& options, const Context& context,
              const std::function<void(CellBlock<double>&)>& sink) const override {
    static_cast<const Derived*>(this)->template stream_as<double>(options, context, sink);
  }

 protected:
  MatrixInfo info_;
  bool is_wide_ = false;
};

class DenseMatrix final : public StreamedMatrix<DenseMatrix> {
 public:
  DenseMatrix(std::shared_ptr<const File> file, const std::string& path) : array_(file, path) {
    info_ = {.path = path,
             .layout = MatrixLayout::dense,
             .rows = array_.rows(),
             .cols = array_.cols(),
             .type = array_.info().type.name,
             .n_stored = array_.info().n_elements,
             .compression = array_.info().compression(),
             .bytes_on_disk = array_.info().bytes_on_disk};
    is_wide_ = is_wider_than_float(array_.type());
    check_stored(*file, array_.info());
  }

  template <typename V>
  void stream_as(const StreamOptions& options, const Context& context,
                 const std::function<void(CellBlock<V>&)>& sink) const {
    const auto blocks =
        dense_blocks(info_.rows, info_.cols, options,
                     values_per_block(options.memory_bytes, sizeof(V), 2 * array_.chunk_bytes()),
                     array_.chunk_rows());
    stream_blocks<V>(
        blocks, context,
        [&](const BlockRows& rows, CellBlock<V>& block) { fill(rows, context, block); }, sink);
  }

 private:
  template <typename V>
  void fill(const BlockRows& rows, const Context& context, CellBlock<V>& block) const {
    block.first_row = rows.first;
    block.n_rows = rows.last - rows.first;
    block.n_cols = info_.cols;
    block.is_sparse = false;
    block.values.resize(block.n_rows * block.n_cols);
    array_.read(rows.first, block.n_rows, context, [&](const Piece& piece) {
      const Type& type = array_.type();
      for (std::size_t i = 0; i < piece.n_rows; ++i) {
        decode(type, piece.bytes + i * piece.stride * type.size, piece.n_cols,
               block.values.data() + (piece.first_row + i - rows.first) * block.n_cols +
                   piece.first_col);
      }
    });
  }

  Array array_;
};

// indptr, indices and data of a sparse matrix. `major` is what indptr runs along.
class SparseArrays {
 public:
  SparseArrays(std::shared_ptr<const File> file, const std::string& path, std::size_t n_major,
               std::size_t n_minor, const char* major)
      : file_(std::move(file)),
        path_(path),
        n_major_(n_major),
        n_minor_(n_minor),
        major_(major),
        indptr_(file_, path + "/indptr"),
        indices_(file_, path + "/indices"),
        data_(file_, path + "/data") {
    if (indptr_.type().kind != Kind::integer || indices_.type().kind != Kind::integer) {
      file_->fail_at(path_, "indptr and indices are integers in a sparse matrix");
    }
    if (indptr_.cols() != 1 || indices_.cols() != 1 || data_.cols() != 1) {
      file_->fail_at(path_, "indptr, indices and data have one dimension in a sparse matrix");
    }
    if (indptr_.rows() != n_major + 1) {
      file_->fail_at(path_ + "/indptr", "has " + std::to_string(indptr_.rows()) +
                                            " elements, the shape needs " +
                                            std::to_string(n_major + 1));
    }
    if (indices_.rows() != data_.rows()) {
      file_->fail_at(path_, "has " + std::to_string(data_.rows()) + " values and " +
                                std::to_string(indices_.rows()) + " indices");
    }
    if (n_minor > std::numeric_limits<std::uint32_t>::max()) {
      file_->fail_at(path_, "has more columns than 32 bits can number");
    }
    check_stored(*file_, indptr_.info());
    check_stored(*file_, indices_.info());
    check_stored(*file_, data_.info());
  }

  [[nodiscard]] const Array& indices() const noexcept { return indices_; }
  [[nodiscard]] const Array& data() const noexcept { return data_; }

  // Offsets of the rows (columns); checked. Read once.
  [[nodiscard]] const std::vector<std::uint64_t>& begins(const Context& context) const {
    const std::lock_guard lock(mutex_);
    if (!begins_.empty()) return begins_;
    const auto offsets = indptr_.integers(context);
    if (offsets[0] != 0) file_->fail_at(path_ + "/indptr", "does not begin with 0");
    for (std::size_t i = 0; i < n_major_; ++i) {
      if (offsets[i + 1] < offsets[i] ||
          static_cast<std::uint64_t>(offsets[i + 1]) > data_.rows()) {
        file_->fail_at(path_ + "/indptr", std::string(major_) + " " + std::to_string(i) +
                                              " is from " + std::to_string(offsets[i]) + " to " +
                                              std::to_string(offsets[i + 1]) + " of " +
                                              std::to_string(data_.rows()) + " values");
      }
    }
    begins_.assign(offsets.begin(), offsets.end());
    return begins_;
  }

  // Indices of values [first, first + n), checked to be below n_minor.
  void read_indices(std::uint64_t first, std::uint64_t n, const Context& context,
                    std::uint32_t* out) const {
    const auto limit = static_cast<std::uint64_t>(n_minor_);
    indices_.read(first, n, context, [&](const Piece& piece) {
      std::uint32_t* to = out + (piece.first_row - first);
      std::uint64_t largest = 0;
      each(indices_.type(), piece.bytes, piece.n_rows, [&](std::size_t i, auto value) {
        const auto index = static_cast<std::uint64_t>(value);  // what is negative becomes large
        largest = std::max(largest, index);
        to[i] = static_cast<std::uint32_t>(index);
      });
      if (largest >= limit) fail_index(piece);
    });
  }

  template <typename V>
  void read_values(std::uint64_t first, std::uint64_t n, const Context& context, V* out) const {
    data_.read(first, n, context, [&](const Piece& piece) {
      decode(data_.type(), piece.bytes, piece.n_rows, out + (piece.first_row - first));
    });
  }

  [[nodiscard]] MatrixInfo info(MatrixLayout layout, std::size_t rows, std::size_t cols) const {
    return {.path = path_,
            .layout = layout,
            .rows = rows,
            .cols = cols,
            .type = data_.info().type.name,
            .n_stored = data_.rows(),
            .compression = data_.info().compression(),
            .bytes_on_disk = data_.info().bytes_on_disk + indices_.info().bytes_on_disk +
                             indptr_.info().bytes_on_disk};
  }

 private:
  [[noreturn]] void fail_index(const Piece& piece) const {
    std::size_t at = 0;
    std::string text;
    each(indices_.type(), piece.bytes, piece.n_rows, [&](std::size_t i, auto value) {
      if (!text.empty() || static_cast<std::uint64_t>(value) < n_minor_) return;
      at = piece.first_row + i;
      text = std::to_string(value);
    });
    const auto after = std::ranges::upper_bound(begins_, at);
    file_->fail_at(path_ + "/indices",
                   std::string(major_) + " " + std::to_string(after - begins_.begin() - 1) +
                       " has the index " + text + ", the matrix has " + std::to_string(n_minor_) +
                       (major_[0] == 'r' ? " columns" : " rows"));
  }

  std::shared_ptr<const File> file_;
  std::string path_;
  std::size_t n_major_;
  std::size_t n_minor_;
  const char* major_;
  Array indptr_;
  Array indices_;
  Array data_;
  mutable std::mutex mutex_;
  mutable std::vector<std::uint64_t> begins_;
};

class CsrMatrix final : public StreamedMatrix<CsrMatrix> {
 public:
  CsrMatrix(std::shared_ptr<const File> file, const std::string& path, std::size_t rows,
            std::size_t cols)
      : arrays_(std::move(file), path, rows, cols, "row") {
    info_ = arrays_.info(MatrixLayout::csr, rows, cols);
    is_wide_ = is_wider_than_float(arrays_.data().type());
  }

  template <typename V>
  void stream_as(const StreamOptions& options, const Context& context,
                 const std::function<void(CellBlock<V>&)>& sink) const {
    const auto& begins = arrays_.begins(context);
    const auto blocks =
        sparse_blocks(begins, options,
                      values_per_block(options.memory_bytes, sizeof(V) + sizeof(std::uint32_t),
                                       2 * arrays_.data().chunk_bytes()));
    stream_blocks<V>(
        blocks, context,
        [&](const BlockRows& rows, CellBlock<V>& block) { fill(begins, rows, context, block); },
        sink);
  }

 private:
  template <typename V>
  void fill(const std::vector<std::uint64_t>& begins, const BlockRows& rows, const Context& context,
            CellBlock<V>& block) const {
    const std::uint64_t first = begins[rows.first];
    const std::uint64_t n = begins[rows.last] - first;
    block.first_row = rows.first;
    block.n_rows = rows.last - rows.first;
    block.n_cols = info_.cols;
    block.is_sparse = true;
    block.row_begin.resize(block.n_rows + 1);
    for (std::size_t i = 0; i <= block.n_rows; ++i) {
      block.row_begin[i] = begins[rows.first + i] - first;
    }
    block.columns.resize(n);
    block.values.resize(n);
    arrays_.read_indices(first, n, context, block.columns.data());
    arrays_.read_values(first, n, context, block.values.data());
    tidy_rows(block, context);
  }

  SparseArrays arrays_;
};

// Columns one after another. Rows are gathered in bounded memory: as many rows at a time as fit,
// each time with one pass over the file.
class CscMatrix final : public StreamedMatrix<CscMatrix> {
 public:
  CscMatrix(std::shared_ptr<const File> file, const std::string& path, std::size_t rows,
            std::size_t cols)
      : arrays_(std::move(file), path, cols, rows, "column") {
    info_ = arrays_.info(MatrixLayout::csc, rows, cols);
    is_wide_ = is_wider_than_float(arrays_.data().type());
  }

  template <typename V>
  void stream_as(const StreamOptions& options, const Context& context,
                 const std::function<void(CellBlock<V>&)>& sink) const {
    const auto& begins = row_begins(context);
    const std::size_t bytes_per_value = sizeof(V) + sizeof(std::uint32_t);
    const auto groups =
        sparse_blocks(begins,
                      {.memory_bytes = options.memory_bytes,
                       .first_row = options.first_row,
                       .n_rows = options.n_rows,
                       .max_block_rows = std::numeric_limits<std::size_t>::max()},
                      std::max<std::uint64_t>(options.memory_bytes / 2 / bytes_per_value, 1));
    std::vector<BlockRows> blocks;
    for (const auto& group : groups) {
      const auto of_group =
          sparse_blocks(begins,
                        {.first_row = group.first,
                         .n_rows = group.last - group.first,
                         .max_block_rows = options.max_block_rows},
                        std::max<std::uint64_t>(options.memory_bytes / 8 / bytes_per_value, 1));
      blocks.insert(blocks.end(), of_group.begin(), of_group.end());
    }
    CellBlock<V> gathered;
    std::size_t next_group = 0;
    stream_blocks<V>(
        blocks, context,
        [&](const BlockRows& rows, CellBlock<V>& block) {
          if (next_group == 0 || rows.first >= groups[next_group - 1].last) {
            gather(begins, groups[next_group++], options.memory_bytes, context, gathered);
          }
          cut(gathered, rows, block);
          tidy_rows(block, context);
        },
        sink);
  }

 private:
  // Values of a pass over the file that are in memory at a time.
  static std::uint64_t batch_size(std::size_t memory_bytes, std::size_t bytes_per_value) {
    return std::clamp<std::uint64_t>(memory_bytes / 8 / bytes_per_value, std::uint64_t{1} << 12,
                                     std::uint64_t{1} << 22);
  }

  [[nodiscard]] const std::vector<std::uint64_t>& row_begins(const Context& context) const {
    const std::lock_guard lock(mutex_);
    if (!row_begins_.empty()) return row_begins_;
    const std::uint64_t n = arrays_.begins(context).back();
    std::vector<std::uint64_t> begins(info_.rows + 1, 0);
    std::vector<std::uint32_t> rows;
    const std::uint64_t step = std::uint64_t{1} << 22;
    for (std::uint64_t first = 0; first < n; first += step) {
      rows.resize(std::min(step, n - first));
      arrays_.read_indices(first, rows.size(), context, rows.data());
      for (const auto row : rows) ++begins[row + 1];
    }
    for (std::size_t row = 0; row < info_.rows; ++row) begins[row + 1] += begins[row];
    row_begins_ = std::move(begins);
    return row_begins_;
  }

  template <typename V>
  void gather(const std::vector<std::uint64_t>& begins, const BlockRows& group,
              std::size_t memory_bytes, const Context& context, CellBlock<V>& all) const {
    const std::uint64_t base = begins[group.first];
    all.first_row = group.first;
    all.n_rows = group.last - group.first;
    all.row_begin.assign(begins.begin() + static_cast<std::ptrdiff_t>(group.first),
                         begins.begin() + static_cast<std::ptrdiff_t>(group.last) + 1);
    for (auto& begin : all.row_begin) begin -= base;
    all.columns.resize(all.row_begin.back());
    all.values.resize(all.row_begin.back());
    std::vector<std::uint64_t> place(all.row_begin.begin(), all.row_begin.end() - 1);

    const auto& columns = arrays_.begins(context);
    const std::uint64_t n = columns.back();
    const std::uint64_t step = batch_size(memory_bytes, sizeof(V) + sizeof(std::uint32_t));
    std::vector<std::uint32_t> rows;
    std::vector<V> values;
    std::size_t column = 0;
    // A thread owns a range of rows and looks at all values: no two write to the same place, and
    // the values of a row come in the order of the columns.
    const std::size_t n_parts = std::max(1U, context.n_threads);
    for (std::uint64_t first = 0; first < n; first += step) {
      const std::uint64_t count = std::min(step, n - first);
      rows.resize(count);
      values.resize(count);
      arrays_.read_indices(first, count, context, rows.data());
      arrays_.read_values(first, count, context, values.data());
      while (columns[column + 1] <= first) ++column;
      parallel_for(context, n_parts, [&](std::size_t part) {
        const std::size_t from = group.first + all.n_rows * part / n_parts;
        const std::size_t to = group.first + all.n_rows * (part + 1) / n_parts;
        std::uint64_t at = first;
        for (std::size_t c = column; at < first + count; ++c) {
          const std::uint64_t end = std::min(columns[c + 1], first + count);
          for (; at < end; ++at) {
            const std::size_t row = rows[at - first];
            if (row < from || row >= to) continue;
            const std::uint64_t into = place[row - group.first]++;
            all.columns[into] = static_cast<std::uint32_t>(c);
            all.values[into] = values[at - first];
          }
        }
      });
    }
  }

  template <typename V>
  void cut(const CellBlock<V>& all, const BlockRows& rows, CellBlock<V>& block) const {
    const std::size_t offset = rows.first - all.first_row;
    block.first_row = rows.first;
    block.n_rows = rows.last - rows.first;
    block.n_cols = info_.cols;
    block.is_sparse = true;
    const std::uint64_t base = all.row_begin[offset];
    const auto from = static_cast<std::ptrdiff_t>(base);
    const auto to = static_cast<std::ptrdiff_t>(all.row_begin[offset + block.n_rows]);
    block.row_begin.resize(block.n_rows + 1);
    for (std::size_t i = 0; i <= block.n_rows; ++i) {
      block.row_begin[i] = all.row_begin[offset + i] - base;
    }
    block.columns.assign(all.columns.begin() + from, all.columns.begin() + to);
    block.values.assign(all.values.begin() + from, all.values.begin() + to);
  }

  SparseArrays arrays_;
  mutable std::mutex mutex_;
  mutable std::vector<std::uint64_t> row_begins_;
};

// A field of several numbers per row of a compound dataset. Small, and read as a whole.
class FieldMatrix final : public StreamedMatrix<FieldMatrix> {
 public:
  FieldMatrix(std::shared_ptr<const File> file, DatasetInfo dataset, Field field)
      : file_(std::move(file)), dataset_(std::move(dataset)), field_(std::move(field)) {
    info_ = {.path = dataset_.path + "/" + field_.name,
             .layout = MatrixLayout::dense,
             .rows = dataset_.dims[0],
             .cols = field_.dims[0],
             .type = field_.type.name,
             .n_stored = dataset_.n_elements * field_.dims[0],
             .compression = dataset_.compression(),
             .bytes_on_disk = dataset_.bytes_on_disk};
    is_wide_ = is_wider_than_float(field_.type);
  }

  template <typename V>
  void stream_as(const StreamOptions& options, const Context& context,
                 const std::function<void(CellBlock<V>&)>& sink) const {
    const auto values = file_->field_numbers(dataset_, field_);
    const auto blocks = dense_blocks(info_.rows, info_.cols, options,
                                     values_per_block(options.memory_bytes, sizeof(V), 0), 1);
    for (const auto& rows : blocks) {
      context.check_cancelled();
      CellBlock<V> block{.first_row = rows.first,
                         .n_rows = rows.last - rows.first,
                         .n_cols = info_.cols,
                         .is_sparse = false,
                         .row_begin = {},
                         .columns = {},
                         .values = {}};
      for (std::size_t i = rows.first * info_.cols; i < rows.last * info_.cols; ++i) {
        block.values.push_back(static_cast<V>(values[i]));
      }
      sink(block);
    }
  }

 private:
  std::shared_ptr<const File> file_;
  DatasetInfo dataset_;
  Field field_;
};

struct SparseShape {
  MatrixLayout layout = MatrixLayout::csr;
  std::size_t rows = 0;
  std::size_t cols = 0;
};

std::optional<MatrixLayout> sparse_layout(const File& file, const std::string& path) {
  auto word = file.text_attribute(path, "encoding-type");
  if (!word) word = file.text_attribute(path, "h5sparse_format");
  if (!word) return std::nullopt;
  if (*word == "csr_matrix" || *word == "csr") return MatrixLayout::csr;
  if (*word == "csc_matrix" || *word == "csc") return MatrixLayout::csc;
  return std::nullopt;
}

SparseShape sparse_shape(const File& file, const std::string& path, MatrixLayout layout) {
  auto shape = file.integers_attribute(path, "shape");
  if (!shape) shape = file.integers_attribute(path, "h5sparse_shape");
  if (!shape || shape->size() != 2 || (*shape)[0] < 0 || (*shape)[1] < 0) {
    file.fail_at(path, "a sparse matrix has an attribute \"shape\" of two numbers");
  }
  return {layout, static_cast<std::size_t>((*shape)[0]), static_cast<std::size_t>((*shape)[1])};
}

}  // namespace

bool is_matrix(const File& file, const std::string& path) {
  if (file.is_group(path)) return sparse_layout(file, path).has_value();
  if (!file.is_dataset(path)) return false;
  const DatasetInfo info = file.dataset(path);
  const bool is_number = info.type.kind == Kind::integer || info.type.kind == Kind::floating ||
                         info.type.kind == Kind::boolean;
  return is_number && (info.dims.size() == 1 || info.dims.size() == 2);
}

std::vector<std::unique_ptr<CellMatrix>> open_fields(const std::shared_ptr<const File>& file,
                                                     const std::string& path) {
  std::vector<std::unique_ptr<CellMatrix>> matrices;
  const DatasetInfo info = file->dataset(path);
  if (info.dims.size() != 1) return matrices;
  for (const auto& field : info.fields) {
    const bool is_number = field.type.kind == Kind::integer || field.type.kind == Kind::floating;
    if (is_number && field.dims.size() == 1) {
      matrices.push_back(std::make_unique<FieldMatrix>(file, info, field));
    }
  }
  return matrices;
}

void find_chunks(const File& file, const std::string& path) {
  if (!is_matrix(file, path)) return;
  if (file.is_dataset(path)) {
    file.count_chunks(path);
    return;
  }
  for (const char* name : {"/indptr", "/indices", "/data"}) file.count_chunks(path + name);
}

std::unique_ptr<CellMatrix> open_matrix(std::shared_ptr<const File> file, const std::string& path) {
  if (file->is_dataset(path)) return std::make_unique<DenseMatrix>(std::move(file), path);
  const auto layout = sparse_layout(*file, path);
  if (!layout) file->fail_at(path, "is no matrix: neither dense nor csr nor csc");
  const SparseShape shape = sparse_shape(*file, path, *layout);
  if (*layout == MatrixLayout::csr) {
    return std::make_unique<CsrMatrix>(std::move(file), path, shape.rows, shape.cols);
  }
  return std::make_unique<CscMatrix>(std::move(file), path, shape.rows, shape.cols);
}

}  // namespace cupel::h5

#pragma once
/// Datasets of numbers in one or two dimensions, read by ranges of their rows: stored chunks are
/// read one at a time (libhdf5 is not re-entrant) and unpacked in parallel, straight into what the
/// caller makes of them.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "io/h5_file.hpp"
#include "io/h5_filters.hpp"

namespace cupel::h5 {

/// A rectangle of elements as they are stored: element (i, j) begins at
/// bytes + (i * stride + j) * type.size.
struct Piece {
  std::size_t first_row = 0;
  std::size_t n_rows = 0;
  std::size_t first_col = 0;
  std::size_t n_cols = 0;
  const char* bytes = nullptr;
  std::size_t stride = 0;  ///< elements from row to row
};

class Array {
 public:
  /// Throws Error{input} where the dataset is none of numbers or has more than two dimensions.
  Array(std::shared_ptr<const File> file, const std::string& path);

  [[nodiscard]] const DatasetInfo& info() const noexcept { return info_; }
  /// Type of the elements of a piece.
  [[nodiscard]] const Type& type() const noexcept { return type_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
  /// Rows that are unpacked together; 1 where the dataset is not chunked.
  [[nodiscard]] std::size_t chunk_rows() const noexcept;
  /// Bytes of what is unpacked together.
  [[nodiscard]] std::uint64_t chunk_bytes() const noexcept { return info_.chunk_bytes(); }

  /// Calls `take` for pieces that cover rows [first, first + n), each element once, from several
  /// threads at a time. Chunks that reach beyond these rows stay unpacked for the next call, if
  /// all of them have at most `keep_bytes`.
  void read(std::size_t first, std::size_t n, const Context& context,
            const std::function<void(const Piece&)>& take,
            std::size_t keep_bytes = std::size_t{64} << 20) const;

  /// All of it, row by row.
  [[nodiscard]] std::vector<double> numbers(const Context& context) const;
  /// All of an array of integers or booleans. Throws Error{input} for a value beyond 2^63.
  [[nodiscard]] std::vector<std::int64_t> integers(const Context& context) const;

 private:
  using Take = std::function<void(const Piece&)>;
  using Chunk = std::shared_ptr<const Buffer>;
  void check_filters() const;
  void read_slabs(std::size_t first, std::size_t n, const Context& context, const Take& take) const;
  void read_slab(std::size_t first, std::size_t n, Buffer& bytes) const;
  [[nodiscard]] Chunk read_chunk(std::size_t first_row, std::size_t first_col) const;
  [[nodiscard]] Buffer fill_values() const;

  std::shared_ptr<const File> file_;
  DatasetInfo info_;
  Type type_;
  std::size_t rows_ = 0;
  std::size_t cols_ = 1;
  Handle dataset_;
  Handle memory_type_;
  bool reads_chunks_ = false;  ///< else libhdf5 unpacks them
  bool has_odd_chunks_ = false;
  mutable std::mutex kept_mutex_;
  mutable std::map<std::size_t, Chunk> kept_;  ///< by the number of the chunk
};

}  // namespace cupel::h5

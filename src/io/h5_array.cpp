#include "io/h5_array.hpp"

#include <hdf5.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/parallel.hpp"
#include "io/h5_decode.hpp"

namespace cupel::h5 {
namespace {

constexpr std::size_t kSlabBytes = std::size_t{1} << 20;

}  // namespace

Array::Array(std::shared_ptr<const File> file, const std::string& path)
    : file_(std::move(file)), info_(file_->dataset(path)), type_(info_.type) {
  const bool is_number =
      type_.kind == Kind::integer || type_.kind == Kind::floating || type_.kind == Kind::boolean;
  if (!is_number) file_->fail_at(path, "numbers are expected here, this is " + type_.name);
  if (info_.dims.empty() || info_.dims.size() > 2) {
    file_->fail_at(path, "an array of one or two dimensions is expected here, this has " +
                             std::to_string(info_.dims.size()));
  }
  rows_ = info_.dims[0];
  if (info_.dims.size() == 2) cols_ = info_.dims[1];
  const std::lock_guard lock(library_mutex());
  dataset_ = file_->open_dataset(path);
  if (type_.is_plain) {
    memory_type_ = Handle(H5Dget_type(dataset_.get()), H5Tclose);
  } else {
    memory_type_ = Handle(H5Tcopy(H5T_NATIVE_DOUBLE), H5Tclose);
    type_ = {.kind = Kind::floating,
             .size = sizeof(double),
             .is_signed = true,
             .is_plain = true,
             .name = type_.name};
  }
}

std::size_t Array::chunk_rows() const noexcept { return info_.chunk.empty() ? 1 : info_.chunk[0]; }

std::uint64_t Array::chunk_bytes() const noexcept {
  std::uint64_t bytes = info_.type.size;
  for (const auto size : info_.chunk) bytes *= size;
  return bytes;
}

void Array::read_slab(std::size_t first, std::size_t n, std::vector<char>& bytes) const {
  const std::lock_guard lock(library_mutex());
  const hsize_t start[2] = {first, 0};
  const hsize_t count[2] = {n, cols_};
  const Handle space(H5Dget_space(dataset_.get()), H5Sclose);
  const Handle memory(H5Screate_simple(static_cast<int>(info_.dims.size()), count, nullptr),
                      H5Sclose);
  bytes.resize(n * cols_ * type_.size);
  if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, count, nullptr) < 0 ||
      H5Dread(dataset_.get(), memory_type_.get(), memory.get(), space.get(), H5P_DEFAULT,
              bytes.data()) < 0) {
    file_->fail_at(info_.path,
                   "rows " + std::to_string(first) + " to " + std::to_string(first + n) +
                       " cannot be read (stored with " + info_.compression() + ")",
                   "the file is damaged, or written with a filter that is not known here: write it "
                   "again with gzip");
  }
}

void Array::read(std::size_t first, std::size_t n, const Context& context,
                 const std::function<void(const Piece&)>& take) const {
  if (n == 0 || cols_ == 0) return;
  const std::size_t step = std::max<std::size_t>(1, kSlabBytes / (cols_ * type_.size));
  const std::size_t n_pieces = (n + step - 1) / step;
  parallel_for(context, n_pieces, [&](std::size_t i) {
    const std::size_t begin = first + i * step;
    const std::size_t count = std::min(step, first + n - begin);
    std::vector<char> bytes;
    read_slab(begin, count, bytes);
    take({.first_row = begin,
          .n_rows = count,
          .first_col = 0,
          .n_cols = cols_,
          .bytes = bytes.data(),
          .stride = cols_});
  });
}

std::vector<double> Array::numbers(const Context& context) const {
  check_stored(*file_, info_);
  std::vector<double> values(rows_ * cols_);
  read(0, rows_, context, [&](const Piece& piece) {
    for (std::size_t i = 0; i < piece.n_rows; ++i) {
      decode(type_, piece.bytes + i * piece.stride * type_.size, piece.n_cols,
             values.data() + (piece.first_row + i) * cols_ + piece.first_col);
    }
  });
  return values;
}

std::vector<std::int64_t> Array::integers(const Context& context) const {
  if (type_.kind == Kind::floating) {
    file_->fail_at(info_.path, "integers are expected here, this is " + type_.name);
  }
  check_stored(*file_, info_);
  std::vector<std::int64_t> values(rows_ * cols_);
  read(0, rows_, context, [&](const Piece& piece) {
    for (std::size_t i = 0; i < piece.n_rows; ++i) {
      std::int64_t* out = values.data() + (piece.first_row + i) * cols_ + piece.first_col;
      each(type_, piece.bytes + i * piece.stride * type_.size, piece.n_cols,
           [&](std::size_t j, auto value) {
             if constexpr (std::is_same_v<decltype(value), std::uint64_t>) {
               if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
                 file_->fail_at(info_.path, "the value " + std::to_string(value) + " is too large");
               }
             }
             out[j] = static_cast<std::int64_t>(value);
           });
    }
  });
  return values;
}

}  // namespace cupel::h5

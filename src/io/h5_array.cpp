#include "io/h5_array.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cstring>
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
  const Handle properties(H5Dget_create_plist(dataset_.get()), H5Pclose);
  unsigned chunk_options = 0;
  H5Pget_chunk_opts(properties.get(), &chunk_options);
  // Without filters, what H5Dget_chunk_storage_size says is not what H5Dread_chunk writes in a file
  // whose chunks have another length than declared (libhdf5 1.10.8).
  reads_chunks_ = !info_.chunk.empty() && !info_.filters.empty() && info_.type.is_plain &&
                  can_unpack(info_.filters) && chunk_options == 0;
  if (!info_.chunk.empty() && info_.filters.empty()) {
    has_odd_chunks_ = file_->count_chunks(path) * chunk_bytes() != info_.bytes_on_disk;
  }
}

std::size_t Array::chunk_rows() const noexcept { return info_.chunk.empty() ? 1 : info_.chunk[0]; }

void Array::read_slab(std::size_t first, std::size_t n, Buffer& bytes) const {
  const std::lock_guard lock(library_mutex());
  silence_library();
  const hsize_t start[2] = {first, 0};
  const hsize_t count[2] = {n, cols_};
  const Handle space(H5Dget_space(dataset_.get()), H5Sclose);
  const Handle memory(H5Screate_simple(static_cast<int>(info_.dims.size()), count, nullptr),
                      H5Sclose);
  bytes.allocate(n * cols_ * type_.size);
  if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, count, nullptr) < 0 ||
      H5Dread(dataset_.get(), memory_type_.get(), memory.get(), space.get(), H5P_DEFAULT,
              bytes.data()) < 0) {
    file_->fail_at(info_.path,
                   "rows " + std::to_string(first) + " to " + std::to_string(first + n) +
                       " cannot be read (stored with " + info_.compression() + ")",
                   "the file is damaged: fetch or write it again");
  }
}

// libhdf5 reads beyond its own buffer where a chunk is shorter than declared, so it is left only
// what cupel cannot unpack: filters of its own (szip, nbit, scaleoffset) and unusual types.
void Array::check_filters() const {
  const std::lock_guard lock(library_mutex());
  if (has_odd_chunks_) file_->fail_at(info_.path, "has chunks of another size than declared");
  bool has_foreign = false;
  for (const auto& filter : info_.filters) {
    if (H5Zfilter_avail(filter.id) <= 0) {
      file_->fail_at(info_.path, "is stored with " + filter.name + ", which is not known here",
                     "write it again with compression=\"gzip\"");
    }
    has_foreign |= !is_known(filter);
  }
  if (info_.type.is_plain && !info_.filters.empty() && !can_unpack(info_.filters) && !has_foreign) {
    file_->fail_at(info_.path,
                   "is stored with filters that do not fit together (" + info_.compression() + ")",
                   "write it again with compression=\"gzip\"");
  }
}

void Array::read_slabs(std::size_t first, std::size_t n, const Context& context,
                       const Take& take) const {
  check_filters();
  // Chunks that libhdf5 unpacks are each unpacked once.
  const std::size_t aligned = info_.filters.empty() ? 1 : chunk_rows();
  std::size_t step = std::max<std::size_t>(1, kSlabBytes / (cols_ * type_.size));
  step = (step + aligned - 1) / aligned * aligned;
  const std::size_t from = first / step;
  const std::size_t to = (first + n - 1) / step + 1;
  parallel_for(context, to - from, [&](std::size_t i) {
    const std::size_t begin = std::max(first, (from + i) * step);
    const std::size_t end = std::min(first + n, (from + i + 1) * step);
    Buffer bytes;
    read_slab(begin, end - begin, bytes);
    take({.first_row = begin,
          .n_rows = end - begin,
          .first_col = 0,
          .n_cols = cols_,
          .bytes = bytes.data(),
          .stride = cols_});
  });
}

Buffer Array::fill_values() const {
  Buffer bytes;
  bytes.allocate(chunk_bytes());
  const Handle properties(H5Dget_create_plist(dataset_.get()), H5Pclose);
  std::array<char, 16> value{};
  if (H5Pget_fill_value(properties.get(), memory_type_.get(), value.data()) < 0) value.fill('\0');
  for (std::size_t i = 0; i < bytes.size(); i += type_.size) {
    std::memcpy(bytes.data() + i, value.data(), type_.size);
  }
  return bytes;
}

Array::Chunk Array::read_chunk(std::size_t first_row, std::size_t first_col) const {
  auto bytes = std::make_shared<Buffer>();
  const hsize_t offset[2] = {first_row, first_col};
  std::uint32_t skipped = 0;
  {
    const std::lock_guard lock(library_mutex());
    silence_library();
    hsize_t size = 0;
    if (H5Dget_chunk_storage_size(dataset_.get(), offset, &size) < 0 || size == 0) {
      *bytes = fill_values();
      return bytes;
    }
    bool is_read = false;
    if (size <= info_.bytes_on_disk) {
      bytes->allocate(size);
      is_read = H5Dread_chunk(dataset_.get(), H5P_DEFAULT, offset, &skipped, bytes->data()) >= 0;
    }
    if (!is_read) {
      file_->fail_at(info_.path,
                     "the chunk at row " + std::to_string(first_row) + " cannot be read",
                     "the file is cut off or damaged");
    }
  }
  Buffer scratch;
  const std::string problem = unpack(info_.filters, skipped, chunk_bytes(), *bytes, scratch);
  if (!problem.empty()) {
    file_->fail_at(info_.path, "the chunk at row " + std::to_string(first_row) + " " + problem,
                   "the file is damaged: fetch or write it again");
  }
  return bytes;
}

void Array::read(std::size_t first, std::size_t n, const Context& context, const Take& take,
                 std::size_t keep_bytes) const {
  if (n == 0 || cols_ == 0) return;
  if (!reads_chunks_) return read_slabs(first, n, context, take);
  const std::size_t height = info_.chunk[0];
  const std::size_t width = info_.chunk.size() == 2 ? info_.chunk[1] : 1;
  const std::size_t n_across = (cols_ + width - 1) / width;
  const std::size_t from = first / height;
  const std::size_t to = (first + n - 1) / height + 1;
  // The row of chunks that the next call goes on with; `to` = none.
  const std::size_t last_kept = first + n < rows_ && to * height > first + n ? to - 1 : to;
  const bool keeps = last_kept < to && n_across * chunk_bytes() <= keep_bytes;
  parallel_for(context, (to - from) * n_across, [&](std::size_t i) {
    const std::size_t down = from + i / n_across;
    const std::size_t across = i % n_across;
    Chunk chunk;
    {
      const std::lock_guard lock(kept_mutex_);
      if (const auto kept = kept_.find(down * n_across + across); kept != kept_.end()) {
        chunk = kept->second;
      }
    }
    if (!chunk) chunk = read_chunk(down * height, across * width);
    const std::size_t begin = std::max(first, down * height);
    const std::size_t end = std::min(first + n, (down + 1) * height);
    take({.first_row = begin,
          .n_rows = end - begin,
          .first_col = across * width,
          .n_cols = std::min(width, cols_ - across * width),
          .bytes = chunk->data() + (begin - down * height) * width * type_.size,
          .stride = width});
    if (keeps && down == last_kept) {
      const std::lock_guard lock(kept_mutex_);
      kept_.insert_or_assign(down * n_across + across, std::move(chunk));
    }
  });
  const std::lock_guard lock(kept_mutex_);
  std::erase_if(kept_, [&](const auto& kept) { return kept.first / n_across != last_kept; });
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

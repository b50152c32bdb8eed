#pragma once
/// HDF5's filters undone by the libraries themselves, outside libhdf5 and therefore in parallel:
/// gzip, shuffle, fletcher32, lzf, zstd and blosc.
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/h5_file.hpp"

namespace cupel::h5 {

/// Bytes whose memory is not cleared first.
class Buffer {
 public:
  /// What was in it is lost.
  void allocate(std::size_t size) {
    if (size > capacity_) {
      bytes_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    size_ = size;
  }
  void shrink(std::size_t size) noexcept { size_ = size; }
  [[nodiscard]] char* data() noexcept { return bytes_.get(); }
  [[nodiscard]] const char* data() const noexcept { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// Can be undone here.
bool is_known(const Filter& filter) noexcept;
/// All filters are known here, and at most one of them compresses.
bool can_unpack(std::span<const Filter> filters) noexcept;

/// Undoes the filters of one chunk of `size` bytes, those whose bit is not set in `skipped`.
/// `bytes` is the chunk as stored, then as it was; `scratch` is overwritten. Returns what is wrong
/// with the chunk, empty = nothing.
std::string unpack(std::span<const Filter> filters, unsigned skipped, std::size_t size,
                   Buffer& bytes, Buffer& scratch);

/// More bytes than this cannot come out of one stored byte.
std::uint64_t largest_ratio(std::span<const Filter> filters) noexcept;

/// Lets libhdf5 itself read lzf, zstd and blosc (texts, compounds). Any number of times.
void register_filters();

}  // namespace cupel::h5

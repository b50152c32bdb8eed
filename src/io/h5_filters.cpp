#include "io/h5_filters.hpp"

#include <blosc.h>
#include <hdf5.h>
#include <libdeflate.h>
#include <lzf.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

namespace cupel::h5 {
namespace {

constexpr int kLzf = 32000;
constexpr int kBlosc = 32001;
constexpr int kZstd = 32015;
constexpr std::size_t kChecksumBytes = 4;

bool is_compressor(int id) noexcept {
  return id == H5Z_FILTER_DEFLATE || id == kLzf || id == kBlosc || id == kZstd;
}

// HDF5's Fletcher checksum: of 16-bit words, the first byte being the high one.
std::uint32_t fletcher32(const char* bytes, std::size_t size) noexcept {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes);
  std::uint32_t sum1 = 0;
  std::uint32_t sum2 = 0;
  std::size_t n_words = size / 2;
  while (n_words > 0) {
    const std::size_t n = std::min<std::size_t>(n_words, 360);  // no overflow up to here
    n_words -= n;
    for (std::size_t i = 0; i < n; ++i, at += 2) {
      sum1 += (static_cast<std::uint32_t>(at[0]) << 8U) | at[1];
      sum2 += sum1;
    }
    sum1 = (sum1 & 0xffffU) + (sum1 >> 16U);
    sum2 = (sum2 & 0xffffU) + (sum2 >> 16U);
  }
  if (size % 2 == 1) {
    sum1 += static_cast<std::uint32_t>(*at) << 8U;
    sum2 += sum1;
    sum1 = (sum1 & 0xffffU) + (sum1 >> 16U);
    sum2 = (sum2 & 0xffffU) + (sum2 >> 16U);
  }
  sum1 = (sum1 & 0xffffU) + (sum1 >> 16U);
  sum2 = (sum2 & 0xffffU) + (sum2 >> 16U);
  return (sum2 << 16U) | sum1;
}

std::string check_fletcher32(Buffer& bytes) {
  if (bytes.size() < kChecksumBytes) return "is shorter than its checksum";
  const std::size_t size = bytes.size() - kChecksumBytes;
  const auto* end = reinterpret_cast<const unsigned char*>(bytes.data()) + size;
  std::uint32_t stored = 0;
  for (std::size_t i = kChecksumBytes; i-- > 0;) stored = (stored << 8U) | end[i];
  const std::uint32_t sum = fletcher32(bytes.data(), size);
  // Old versions of HDF5 wrote the bytes of both halves in the other order.
  const std::uint32_t turned = ((sum & 0x00ff00ffU) << 8U) | ((sum >> 8U) & 0x00ff00ffU);
  if (stored != sum && stored != turned) return "does not have its checksum (fletcher32)";
  bytes.shrink(size);
  return {};
}

template <std::size_t kSize>
void unshuffle_fixed(const char* from, std::size_t n, char* to) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < kSize; ++j) to[i * kSize + j] = from[j * n + i];
  }
}

// The first bytes of all elements, the second ones, ...; what is left over at the end as it is.
void unshuffle(std::size_t element, Buffer& bytes, Buffer& scratch) {
  const std::size_t size = bytes.size();
  if (element < 2 || element > size) return;
  const std::size_t n = size / element;
  scratch.allocate(size);
  const char* from = bytes.data();
  char* to = scratch.data();
  if (element == 2) {
    unshuffle_fixed<2>(from, n, to);
  } else if (element == 4) {
    unshuffle_fixed<4>(from, n, to);
  } else if (element == 8) {
    unshuffle_fixed<8>(from, n, to);
  } else {
    for (std::size_t j = 0; j < element; ++j) {
      for (std::size_t i = 0; i < n; ++i) to[i * element + j] = from[j * n + i];
    }
  }
  std::memcpy(to + n * element, from + n * element, size - n * element);
  std::swap(bytes, scratch);
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* one) const noexcept {
    libdeflate_free_decompressor(one);
  }
};

std::string inflate(const Buffer& bytes, Buffer& out) {
  thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  const auto result = libdeflate_zlib_decompress(decompressor.get(), bytes.data(), bytes.size(),
                                                 out.data(), out.size(), nullptr);
  if (result == LIBDEFLATE_SUCCESS) return {};
  if (result == LIBDEFLATE_SHORT_OUTPUT) return "unpacks to less than a chunk (gzip)";
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return "unpacks to more than a chunk (gzip)";
  return "is damaged (gzip)";
}

std::string decompress(int id, const Buffer& bytes, Buffer& out) {
  if (id == H5Z_FILTER_DEFLATE) return inflate(bytes, out);
  if (id == kLzf) {
    const auto max = std::numeric_limits<unsigned>::max();
    if (bytes.size() > max || out.size() > max) return "is too large (lzf)";
    const unsigned n = lzf_decompress(bytes.data(), static_cast<unsigned>(bytes.size()), out.data(),
                                      static_cast<unsigned>(out.size()));
    return n == out.size() ? "" : "is damaged (lzf)";
  }
  if (id == kZstd) {
    const std::size_t n = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
    return n == out.size() ? "" : "is damaged (zstd)";
  }
  const int n = blosc_decompress_ctx(bytes.data(), out.data(), out.size(), 1);
  return n >= 0 && static_cast<std::size_t>(n) == out.size() ? "" : "is damaged (blosc)";
}

// Before memory is taken: what the chunk itself says it unpacks to.
bool can_be(int id, const Buffer& bytes, std::size_t size) noexcept {
  if (id == kZstd) {
    const auto said = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    return said == ZSTD_CONTENTSIZE_UNKNOWN || said == size;
  }
  if (id == kBlosc) {
    std::size_t said = 0;
    return blosc_cbuffer_validate(bytes.data(), bytes.size(), &said) == 0 && said == size;
  }
  const std::uint64_t ratio = id == kLzf ? 100 : 1100;
  return size / ratio <= bytes.size() + 64;
}

// --- the same, as filters of libhdf5 ---

// Size of what a chunk unpacks to; 0 = unknown.
std::size_t unpacked_size(int id, std::span<const unsigned> parameters, const Buffer& bytes) {
  if (id == kLzf) return parameters.size() > 2 ? parameters[2] : 0;
  if (id == kZstd) {
    const auto said = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    return said == ZSTD_CONTENTSIZE_UNKNOWN || said == ZSTD_CONTENTSIZE_ERROR ? 0 : said;
  }
  std::size_t said = 0;
  return blosc_cbuffer_validate(bytes.data(), bytes.size(), &said) == 0 ? said : 0;
}

std::size_t filter(int id, unsigned flags, std::size_t n_parameters, const unsigned* parameters,
                   std::size_t n_bytes, std::size_t* buffer_size, void** buffer) {
  constexpr std::size_t kMaxChunk = std::numeric_limits<std::uint32_t>::max();
  if ((flags & H5Z_FLAG_REVERSE) == 0) return 0;  // only reads
  try {
    Buffer packed;
    packed.allocate(n_bytes);
    std::memcpy(packed.data(), *buffer, n_bytes);
    const std::size_t size = unpacked_size(id, {parameters, n_parameters}, packed);
    if (size == 0 || size > kMaxChunk || !can_be(id, packed, size)) return 0;
    Buffer out;
    out.allocate(size);
    if (!decompress(id, packed, out).empty()) return 0;
    void* taken = std::malloc(size);  // libhdf5 frees it
    if (taken == nullptr) return 0;
    std::memcpy(taken, out.data(), size);
    std::free(*buffer);
    *buffer = taken;
    *buffer_size = size;
    return size;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

template <int kId>
std::size_t filter_of(unsigned flags, std::size_t n_parameters, const unsigned* parameters,
                      std::size_t n_bytes, std::size_t* buffer_size, void** buffer) {
  return filter(kId, flags, n_parameters, parameters, n_bytes, buffer_size, buffer);
}

template <int kId>
void register_filter(const char* name) {
  if (H5Zfilter_avail(kId) > 0) return;
  H5Z_class2_t type{};
  type.version = H5Z_CLASS_T_VERS;
  type.id = kId;
  type.encoder_present = 1;  // it says no, but a dataset that is written chunk by chunk can be made
  type.decoder_present = 1;
  type.name = name;
  type.filter = filter_of<kId>;
  H5Zregister(&type);
}

}  // namespace

bool is_known(const Filter& filter) noexcept {
  return is_compressor(filter.id) || filter.id == H5Z_FILTER_SHUFFLE ||
         filter.id == H5Z_FILTER_FLETCHER32;
}

bool can_unpack(std::span<const Filter> filters) noexcept {
  int n_compressors = 0;
  for (const auto& one : filters) {
    if (!is_known(one)) return false;
    if (one.id == H5Z_FILTER_SHUFFLE && one.parameters.empty()) return false;
    if (is_compressor(one.id)) ++n_compressors;
  }
  return n_compressors <= 1;
}

std::string unpack(std::span<const Filter> filters, unsigned skipped, std::size_t size,
                   Buffer& bytes, Buffer& scratch) {
  const auto is_skipped = [skipped](std::size_t i) { return i < 32 && ((skipped >> i) & 1U) != 0; };
  for (std::size_t i = filters.size(); i-- > 0;) {
    if (is_skipped(i)) continue;
    const Filter& one = filters[i];
    if (one.id == H5Z_FILTER_FLETCHER32) {
      if (auto problem = check_fletcher32(bytes); !problem.empty()) return problem;
    } else if (one.id == H5Z_FILTER_SHUFFLE) {
      unshuffle(one.parameters[0], bytes, scratch);
    } else {
      std::size_t expected = size;  // and the checksums that were added before
      for (std::size_t j = 0; j < i; ++j) {
        if (filters[j].id == H5Z_FILTER_FLETCHER32 && !is_skipped(j)) expected += kChecksumBytes;
      }
      if (!can_be(one.id, bytes, expected)) {
        return "cannot unpack to the size of a chunk (" + one.name + ")";
      }
      scratch.allocate(expected);
      if (auto problem = decompress(one.id, bytes, scratch); !problem.empty()) return problem;
      std::swap(bytes, scratch);
    }
  }
  if (bytes.size() != size) {
    return "has " + std::to_string(bytes.size()) + " bytes instead of " + std::to_string(size);
  }
  return {};
}

std::uint64_t largest_ratio(std::span<const Filter> filters) noexcept {
  std::uint64_t ratio = 1;
  for (const auto& one : filters) {
    if (one.id == H5Z_FILTER_SHUFFLE || one.id == H5Z_FILTER_FLETCHER32) continue;
    const std::uint64_t of_one = one.id == H5Z_FILTER_DEFLATE ? 1100
                                 : one.id == kLzf             ? 100
                                                              : 100'000;
    ratio = std::max(ratio, of_one);
  }
  return ratio;
}

void register_filters() {
  register_filter<kLzf>("lzf");
  register_filter<kBlosc>("blosc");
  register_filter<kZstd>("zstd");
}

}  // namespace cupel::h5

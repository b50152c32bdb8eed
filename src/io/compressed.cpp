#include "io/compressed.hpp"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "cupel/error.hpp"
#include "io/huge_pages.hpp"

namespace cupel {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";

struct CloseFile {
  int descriptor = -1;
  ~CloseFile() {
    if (descriptor > STDIN_FILENO) ::close(descriptor);
  }
};

[[noreturn]] void fail_truncated(std::string_view format, const std::string& source) {
  fail_input("truncated " + std::string(format) + " file: its end is missing", {.file = source},
             "copy or download it again and compare its size or checksum with the original's");
}

[[noreturn]] void fail_damaged(std::string_view format, const std::string& source) {
  fail_input("damaged " + std::string(format) + " file: its content does not unpack",
             {.file = source},
             "copy or download it again and compare its checksum with the original's");
}

std::string read_raw(const std::filesystem::path& path) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "standard input" : path.string();
  const CloseFile file{standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.descriptor < 0) {
    const int reason = errno;
    fail(ErrorKind::io, std::string("cannot open the file: ") + std::strerror(reason),
         {.file = name},
         reason == ENOENT ? "check the path (relative paths start at the current "
                            "folder, in a study file at the study's folder)"
                          : "check the permissions of the file and its folder");
  }
  struct stat status{};
  const bool known = ::fstat(file.descriptor, &status) == 0;
  if (known && S_ISDIR(status.st_mode)) {
    fail(ErrorKind::io, "this is a folder, not a file", {.file = name}, "name a file in it");
  }
  std::string bytes;
  const bool regular = known && S_ISREG(status.st_mode);
  std::size_t room = regular ? static_cast<std::size_t>(status.st_size) + 1 : std::size_t{1} << 20;
  std::size_t n_read = 0;
  for (;;) {
    if (n_read == bytes.size())
      detail::resize_on_huge_pages(bytes, bytes.empty() ? room : 2 * bytes.size());
    const ssize_t n = ::read(file.descriptor, bytes.data() + n_read, bytes.size() - n_read);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      fail(ErrorKind::io, std::string("reading failed: ") + std::strerror(errno), {.file = name},
           "check the disk or network drive and try again");
    }
    if (n == 0) break;
    n_read += static_cast<std::size_t>(n);
  }
  bytes.resize(n_read);
  return bytes;
}

/// Deflate cannot pack better than 1032:1, so a longer output is never asked for.
std::size_t gzip_bound(std::size_t n_packed) { return 1032 * n_packed + 64; }

/// A size for the output: what the last four bytes say (modulo 2^32), as far as that is possible.
std::size_t gzip_guess(std::string_view packed) {
  std::uint32_t stated = 0;
  if (packed.size() >= 4) std::memcpy(&stated, packed.data() + packed.size() - 4, 4);
  return std::clamp<std::size_t>(stated, 4 * packed.size(), gzip_bound(packed.size()));
}

/// Length of a member's header (RFC 1952), or npos if the file ends within it.
std::size_t gzip_header_length(std::string_view member) {
  constexpr unsigned kHeaderCrc = 2;
  constexpr unsigned kExtra = 4;
  constexpr unsigned kName = 8;
  constexpr unsigned kComment = 16;
  if (member.size() < 10) return std::string_view::npos;
  const unsigned flags = static_cast<unsigned char>(member[3]);
  std::size_t at = 10;
  if ((flags & kExtra) != 0) {
    if (member.size() < at + 2) return std::string_view::npos;
    at += 2U + static_cast<unsigned char>(member[at]) +
          256U * static_cast<unsigned char>(member[at + 1]);
  }
  for (const unsigned text : {kName, kComment}) {
    if ((flags & text) == 0) continue;
    const std::size_t end = member.find('\0', std::min(at, member.size()));
    if (end == std::string_view::npos) return end;
    at = end + 1;
  }
  if ((flags & kHeaderCrc) != 0) at += 2;
  return at < member.size() ? at : std::string_view::npos;
}

/// Was the member that failed to unpack cut off (rather than damaged)? libdeflate tells neither, so
/// look whether the last bytes had a part in how far it came: they had if it stopped at the end.
bool is_cut_off(libdeflate_decompressor* engine, std::string_view member, std::size_t max_output) {
  const std::size_t header = gzip_header_length(member);
  if (header == std::string_view::npos) return true;
  const std::string_view body = member.substr(header);
  std::string output(std::max<std::size_t>(max_output, 1), '\0');
  const auto unpack = [&](std::size_t n_in, std::size_t n_out) {
    std::size_t used = 0;
    std::size_t made = 0;
    const auto result = libdeflate_deflate_decompress_ex(engine, body.data(), n_in, output.data(),
                                                         n_out, &used, &made);
    return std::pair{result, used};
  };
  const auto [result, used] = unpack(body.size(), output.size());
  if (result == LIBDEFLATE_SUCCESS) return body.size() - used < 8;  // else the checksum is wrong
  std::size_t reached = 0;  // output that comes before the failure, by bisection
  for (std::size_t end = output.size(); reached + 1 < end;) {
    const std::size_t middle = reached + (end - reached) / 2;
    const bool beyond = unpack(body.size(), middle).first == LIBDEFLATE_INSUFFICIENT_SPACE;
    (beyond ? reached : end) = middle;
  }
  constexpr std::size_t kLongestTable = 512;  // bytes of a block header, which make no output
  const std::size_t shorter = body.size() - std::min(body.size(), kLongestTable);
  return reached == 0 || unpack(shorter, reached).first != LIBDEFLATE_INSUFFICIENT_SPACE;
}

std::string gunzip(std::string_view packed, const std::string& source) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> engine(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (!engine) fail(ErrorKind::internal, "libdeflate gives no decompressor");
  std::string bytes;
  detail::resize_on_huge_pages(bytes, gzip_guess(packed));
  std::size_t n_bytes = 0;
  while (!packed.empty()) {
    std::size_t n_in = 0;
    std::size_t n_out = 0;
    const auto result = libdeflate_gzip_decompress_ex(engine.get(), packed.data(), packed.size(),
                                                      bytes.data() + n_bytes,
                                                      bytes.size() - n_bytes, &n_in, &n_out);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      const std::size_t bound = n_bytes + gzip_bound(packed.size());
      if (bytes.size() >= bound) fail_damaged("gzip", source);
      bytes.resize(std::min(2 * bytes.size(), bound));
      continue;
    }
    if (result != LIBDEFLATE_SUCCESS) {
      const std::size_t max_output = std::min(bytes.size() - n_bytes, gzip_bound(packed.size()));
      if (is_cut_off(engine.get(), packed, max_output)) fail_truncated("gzip", source);
      fail_damaged("gzip", source);
    }
    n_bytes += n_out;
    packed.remove_prefix(n_in);
    if (packed.find_first_not_of('\0') == std::string_view::npos) break;  // padding of tapes
    if (!packed.starts_with(kGzipMagic)) fail_damaged("gzip", source);
  }
  bytes.resize(n_bytes);
  return bytes;
}

std::string unzstd(std::string_view packed, const std::string& source) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> engine(ZSTD_createDCtx(),
                                                                    &ZSTD_freeDCtx);
  if (!engine) fail(ErrorKind::internal, "zstd gives no decompressor");
  std::string bytes;
  std::string block(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  for (;;) {
    ZSTD_outBuffer out{block.data(), block.size(), 0};
    const std::size_t left = ZSTD_decompressStream(engine.get(), &out, &in);
    if (ZSTD_isError(left) != 0) fail_damaged("zstd", source);
    bytes.append(block.data(), out.pos);
    if (in.pos == in.size && out.pos < out.size) {
      if (left != 0) fail_truncated("zstd", source);
      return bytes;
    }
  }
}

}  // namespace

std::string read_bytes(const std::filesystem::path& path) {
  return decompressed(read_raw(path), path == "-" ? "standard input" : path.string());
}

std::string decompressed(std::string bytes, const std::string& source) {
  if (bytes.starts_with(kGzipMagic)) return gunzip(bytes, source);
  if (bytes.starts_with(kZstdMagic)) return unzstd(bytes, source);
  if (bytes.starts_with("BZh") || bytes.starts_with("\xFD"
                                                    "7zXZ")) {
    fail(ErrorKind::unsupported, "cupel unpacks gzip and zstd, not bzip2 and xz", {.file = source},
         "unpack it first (bunzip2, unxz) or recompress it with gzip");
  }
  return bytes;
}

std::string gzip_compressed(std::string_view bytes, int level) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> engine(
      libdeflate_alloc_compressor(level), &libdeflate_free_compressor);
  if (!engine) fail(ErrorKind::internal, "libdeflate gives no compressor");
  std::string packed(libdeflate_gzip_compress_bound(engine.get(), bytes.size()), '\0');
  packed.resize(libdeflate_gzip_compress(engine.get(), bytes.data(), bytes.size(), packed.data(),
                                         packed.size()));
  return packed;
}

}  // namespace cupel

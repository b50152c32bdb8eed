#include "io/byte_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;

enum class Packing { none, gzip, zstd };

Packing packing_of(std::string_view begin, const std::string& name) {
  if (begin.starts_with("\x1f\x8b")) return Packing::gzip;
  if (begin.starts_with("\x28\xb5\x2f\xfd")) return Packing::zstd;
  if (begin.starts_with("BZh") || begin.starts_with("\xFD"
                                                    "7zXZ")) {
    fail(ErrorKind::unsupported, "cupel unpacks gzip and zstd, not bzip2 and xz", {.file = name},
         "unpack it first (bunzip2, unxz) or recompress it with gzip");
  }
  return Packing::none;
}

[[noreturn]] void fail_unpacking(bool cut_off, const std::string& format, const std::string& name) {
  if (cut_off) {
    fail_input("truncated " + format + " file: its end is missing", {.file = name},
               "copy or download it again and compare its size or checksum with the original's");
  }
  fail_input("damaged " + format + " file: its content does not unpack", {.file = name},
             "copy or download it again and compare its checksum with the original's");
}

}  // namespace

/// The file, what was read of it and not yet unpacked, and the unpacking engine.
struct ByteStream::State {
  std::string name;
  int descriptor = -1;
  std::vector<char> packed = std::vector<char>(kChunk);
  std::size_t begin = 0;
  std::size_t end = 0;
  bool at_end = false;  ///< of the file
  Packing packing = Packing::none;
  bool within = false;  ///< a gzip member or a zstd frame is begun and not finished
  z_stream gzip{};
  ZSTD_DCtx* zstd = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (packing == Packing::gzip) inflateEnd(&gzip);
    ZSTD_freeDCtx(zstd);
    if (descriptor > STDIN_FILENO) ::close(descriptor);
  }

  void open(const std::filesystem::path& path) {
    const bool standard_input = path == "-";
    name = standard_input ? "standard input" : path.string();
    descriptor = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      fail(ErrorKind::io, std::string("cannot open the file: ") + std::strerror(errno),
           {.file = name}, "check the path and the permissions of the file and its folder");
    }
    struct stat status{};
    if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
      fail(ErrorKind::io, "this is a folder, not a file", {.file = name}, "name a file in it");
    }
    while (end < 6 && !at_end) refill();  // as much as the longest mark
    packing = packing_of({packed.data(), end}, name);
    if (packing == Packing::gzip && inflateInit2(&gzip, 15 + 16) != Z_OK) {
      packing = Packing::none;
      fail(ErrorKind::internal, "zlib gives no decompressor");
    }
    if (packing == Packing::zstd) zstd = ZSTD_createDCtx();
  }

  /// Reads more behind what is left.
  void refill() {
    if (begin == end) begin = end = 0;
    while (true) {
      const ssize_t n = ::read(descriptor, packed.data() + end, packed.size() - end);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        fail(ErrorKind::io, std::string("reading failed: ") + std::strerror(errno), {.file = name},
             "check the disk or network drive and try again");
      }
      at_end = n == 0;
      end += static_cast<std::size_t>(n);
      return;
    }
  }

  std::size_t copy(std::span<char> out) {
    const std::size_t n = std::min(out.size(), end - begin);
    std::memcpy(out.data(), packed.data() + begin, n);
    begin += n;
    return n;
  }

  std::size_t inflate_some(std::span<char> out) {
    if (!within) {
      skip_padding();
      if (begin == end) return 0;
    }
    const auto room = static_cast<uInt>(std::min<std::size_t>(out.size(), 1U << 30));
    gzip.next_in = reinterpret_cast<Bytef*>(packed.data() + begin);
    gzip.avail_in = static_cast<uInt>(end - begin);
    gzip.next_out = reinterpret_cast<Bytef*>(out.data());
    gzip.avail_out = room;
    const int result = ::inflate(&gzip, Z_NO_FLUSH);
    begin = end - gzip.avail_in;
    within = result != Z_STREAM_END;
    if (result == Z_STREAM_END) inflateReset(&gzip);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      fail_unpacking(false, "gzip", name);
    }
    return room - gzip.avail_out;
  }

  /// Zeros between and behind gzip members, as tapes leave them.
  void skip_padding() {
    while (begin < end && packed[begin] == 0) ++begin;
  }

  std::size_t unzstd_some(std::span<char> out) {
    ZSTD_inBuffer from{packed.data() + begin, end - begin, 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t left = ZSTD_decompressStream(zstd, &to, &from);
    if (ZSTD_isError(left) != 0) fail_unpacking(false, "zstd", name);
    begin += from.pos;
    // Asked with nothing to do, zstd wants the next frame, which need not exist.
    if (from.pos > 0 || to.pos > 0) within = left != 0;
    return to.pos;
  }

  std::size_t some(std::span<char> out) {
    switch (packing) {
      case Packing::gzip:
        return inflate_some(out);
      case Packing::zstd:
        return unzstd_some(out);
      case Packing::none:
        break;
    }
    return copy(out);
  }
};

ByteStream::ByteStream(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->open(path);
}
ByteStream::~ByteStream() = default;

const std::string& ByteStream::name() const noexcept { return state_->name; }

std::size_t ByteStream::read(std::span<char> out) {
  std::size_t n = 0;
  while (n < out.size()) {
    // An engine may hold output back that did not fit, so it is asked before more is read.
    const std::size_t before = state_->end - state_->begin;
    const std::size_t made = state_->some(out.subspan(n));
    n += made;
    const bool stuck = made == 0 && before == state_->end - state_->begin;
    if (!stuck) continue;
    if (state_->at_end) {
      if (state_->packing != Packing::none && (state_->within || before > 0)) {
        fail_unpacking(true, state_->packing == Packing::gzip ? "gzip" : "zstd", state_->name);
      }
      break;
    }
    state_->refill();
  }
  return n;
}

LineStream::LineStream(const std::filesystem::path& path) : bytes_(path), buffer_(kChunk, '\0') {}

bool LineStream::next(std::string_view& line) {
  std::size_t searched = begin_;
  while (true) {
    const void* const found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
    if (!found && !at_end_) {
      searched = end_ - begin_;
      if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
      }
      if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
      const std::size_t n = bytes_.read({buffer_.data() + end_, buffer_.size() - end_});
      at_end_ = n == 0;
      end_ += n;
      continue;
    }
    if (!found && begin_ == end_) return false;
    const std::size_t stop =
        found ? static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) : end_;
    line = std::string_view(buffer_).substr(begin_, stop - begin_);
    begin_ = found ? stop + 1 : end_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (++number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    return true;
  }
}

}  // namespace cupel

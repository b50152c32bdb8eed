#pragma once
/// A file as a stream of bytes, unpacked on the way, in memory of constant size: for files larger
/// than memory. gzip (any number of members, zlib) and zstd (any number of frames) are known by
/// their first bytes. For whole files compressed.hpp is faster.
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cupel {

class ByteStream {
 public:
  /// "-" = standard input. Throws Error{io} if the file cannot be opened.
  explicit ByteStream(const std::filesystem::path& path);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Fills as much of `out` as it can; 0 only at the end of the file (`out` must not be empty).
  /// Throws Error{io} if reading fails, Error{input} if the file is cut off or damaged.
  std::size_t read(std::span<char> out);
  [[nodiscard]] const std::string& name() const noexcept;  ///< for messages

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The lines of a stream without their ends (LF or CR LF), one at a time.
class LineStream {
 public:
  explicit LineStream(const std::filesystem::path& path);
  /// False at the end. `line` stays valid until the next call. A byte order mark at the begin of
  /// the file is left out.
  bool next(std::string_view& line);
  [[nodiscard]] std::size_t number() const noexcept { return number_; }  ///< of the line, from 1
  [[nodiscard]] const std::string& name() const noexcept { return bytes_.name(); }

 private:
  ByteStream bytes_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of what is not yet given out
  std::size_t end_ = 0;
  std::size_t number_ = 0;
  bool at_end_ = false;
};

}  // namespace cupel

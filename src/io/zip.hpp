#pragma once
/// Members of a ZIP archive in memory (PKWARE APPNOTE 6.3), stored or deflated, with ZIP64: what
/// numpy.savez and scipy.sparse.save_npz write. Everything is checked against the bytes there are.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

struct ZipMember {
  std::string name;
  std::uint32_t method = 0;  ///< 0 stored, 8 deflated
  std::uint32_t crc = 0;
  std::uint64_t packed_size = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;  ///< of the local header
};

class ZipArchive {
 public:
  /// Throws Error{input} if this is no archive, or is cut off.
  ZipArchive(std::string bytes, std::string source);
  [[nodiscard]] const std::vector<ZipMember>& members() const noexcept { return members_; }
  [[nodiscard]] const ZipMember* find(std::string_view name) const noexcept;
  /// Unpacked, its checksum compared. Throws Error{input} or Error{unsupported}.
  [[nodiscard]] std::string read(const ZipMember& member) const;

 private:
  std::string bytes_;
  std::string source_;
  std::vector<ZipMember> members_;
};

}  // namespace cupel

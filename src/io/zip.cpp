#include "io/zip.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::string_view kLocal{"PK\3\4", 4};
constexpr std::string_view kCentral{"PK\1\2", 4};
constexpr std::string_view kEnd{"PK\5\6", 4};
constexpr std::string_view kEnd64{"PK\6\6", 4};
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kLongestComment = 65535;
constexpr std::uint32_t kSee64 = 0xFFFF'FFFF;

template <typename T>
T value_at(std::string_view bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

[[noreturn]] void fail_damaged(const std::string& source, const std::string& what) {
  fail_input("the archive is damaged: " + what, {.file = source},
             "copy or download it again, or write it again with numpy.savez");
}

/// Sizes and offset that do not fit 32 bits stand in an extra field.
void read_extra64(std::string_view extra, ZipMember& member, const std::string& source) {
  while (extra.size() >= 4) {
    const std::size_t size = value_at<std::uint16_t>(extra, 2);
    if (size > extra.size() - 4) return;
    std::string_view field = extra.substr(4, size);
    if (value_at<std::uint16_t>(extra, 0) == 1) {
      for (std::uint64_t* target : {&member.size, &member.packed_size, &member.offset}) {
        if (*target != kSee64) continue;
        if (field.size() < 8) fail_damaged(source, "a ZIP64 field is cut off");
        *target = value_at<std::uint64_t>(field, 0);
        field.remove_prefix(8);
      }
      return;
    }
    extra.remove_prefix(4 + size);
  }
}

}  // namespace

ZipArchive::ZipArchive(std::string bytes, std::string source)
    : bytes_(std::move(bytes)), source_(std::move(source)) {
  const std::string_view all = bytes_;
  if (!all.starts_with(kLocal) && !all.starts_with(kEnd)) {
    fail_input("this is no ZIP archive (.npz): it does not start with PK", {.file = source_},
               "write it with numpy.savez or scipy.sparse.save_npz");
  }
  const std::size_t tail = all.size() - std::min(all.size(), kEndSize + kLongestComment);
  const std::size_t end = all.rfind(kEnd);
  if (end == std::string_view::npos || end < tail || end + kEndSize > all.size()) {
    fail_input("the archive is cut off: its list of members is missing", {.file = source_},
               "copy or download it again");
  }
  std::uint64_t n_members = value_at<std::uint16_t>(all, end + 10);
  std::uint64_t at = value_at<std::uint32_t>(all, end + 16);
  if (at == kSee64 || n_members == 0xFFFF) {
    const std::size_t end64 = all.rfind(kEnd64, end);
    if (end64 == std::string_view::npos || end64 + 56 > all.size()) {
      fail_damaged(source_, "its ZIP64 end is missing");
    }
    n_members = value_at<std::uint64_t>(all, end64 + 32);
    at = value_at<std::uint64_t>(all, end64 + 48);
  }
  for (std::uint64_t i = 0; i < n_members; ++i) {
    constexpr std::size_t kFixed = 46;
    if (at > all.size() || all.size() - at < kFixed || all.substr(at, 4) != kCentral) {
      fail_damaged(source_, "its list of members does not read");
    }
    const std::string_view entry = all.substr(at);
    const std::size_t name_size = value_at<std::uint16_t>(entry, 28);
    const std::size_t extra_size = value_at<std::uint16_t>(entry, 30);
    const std::size_t comment_size = value_at<std::uint16_t>(entry, 32);
    if (entry.size() < kFixed + name_size + extra_size + comment_size) {
      fail_damaged(source_, "its list of members is cut off");
    }
    ZipMember member{.name = std::string(entry.substr(kFixed, name_size)),
                     .method = value_at<std::uint16_t>(entry, 10),
                     .crc = value_at<std::uint32_t>(entry, 16),
                     .packed_size = value_at<std::uint32_t>(entry, 20),
                     .size = value_at<std::uint32_t>(entry, 24),
                     .offset = value_at<std::uint32_t>(entry, 42)};
    if ((value_at<std::uint16_t>(entry, 8) & 1) != 0) {
      fail(ErrorKind::unsupported, "the archive is encrypted", {.file = source_},
           "write it again without a password");
    }
    read_extra64(entry.substr(kFixed + name_size, extra_size), member, source_);
    members_.push_back(std::move(member));
    at += kFixed + name_size + extra_size + comment_size;
  }
}

const ZipMember* ZipArchive::find(std::string_view name) const noexcept {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [name](const auto& member) { return member.name == name; });
  return found == members_.end() ? nullptr : &*found;
}

std::string ZipArchive::read(const ZipMember& member) const {
  const std::string_view all = bytes_;
  constexpr std::size_t kFixed = 30;
  const std::string what = "member " + member.name;
  if (member.offset > all.size() || all.size() - member.offset < kFixed ||
      all.substr(member.offset, 4) != kLocal) {
    fail_damaged(source_, what + " is not where the list says");
  }
  const std::string_view local = all.substr(member.offset);
  const std::size_t begin =
      kFixed + value_at<std::uint16_t>(local, 26) + std::size_t{value_at<std::uint16_t>(local, 28)};
  if (begin > local.size() || member.packed_size > local.size() - begin) {
    fail_damaged(source_, what + " is cut off");
  }
  const std::string_view packed = local.substr(begin, member.packed_size);
  std::string bytes;
  if (member.method == 0) {
    if (member.size != packed.size()) fail_damaged(source_, what + " has two sizes");
    bytes = packed;
  } else if (member.method == 8) {
    // Deflate cannot pack better than 1032:1, so a longer output is never asked for.
    if (member.size > 1032 * packed.size() + 64)
      fail_damaged(source_, what + " states a wrong size");
    const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> engine(
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
    if (!engine) fail(ErrorKind::internal, "libdeflate gives no decompressor");
    bytes.resize(member.size);
    const auto result = libdeflate_deflate_decompress(engine.get(), packed.data(), packed.size(),
                                                      bytes.data(), bytes.size(), nullptr);
    if (result != LIBDEFLATE_SUCCESS) fail_damaged(source_, what + " does not unpack");
  } else {
    fail(ErrorKind::unsupported, what + " is packed with method " + std::to_string(member.method),
         {.file = source_}, "numpy.savez and savez_compressed write methods 0 and 8");
  }
  if (libdeflate_crc32(0, bytes.data(), bytes.size()) != member.crc) {
    fail_damaged(source_, what + " has another checksum than stated");
  }
  return bytes;
}

}  // namespace cupel

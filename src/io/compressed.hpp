#pragma once
/// Whole files into memory, unpacked. gzip (any number of members, libdeflate) and zstd (any number
/// of frames) are known by their first bytes, not by the file's name.
#include <filesystem>
#include <string>
#include <string_view>

namespace cupel {

/// The bytes of a file ("-" = standard input), decompressed if need be. Throws Error{io} if it
/// cannot be read, Error{input} if it is cut off or damaged.
std::string read_bytes(const std::filesystem::path& path);

/// The same from memory; bytes that are not compressed come back as they are.
std::string decompressed(std::string bytes, const std::string& source);

/// One gzip member. `level` 1 (fast) to 12 (small).
std::string gzip_compressed(std::string_view bytes, int level = 6);

}  // namespace cupel
